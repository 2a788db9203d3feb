"""Say in Japanese what the keys of the figures mean."""

from __future__ import annotations

GROUPS = {
    "verdict": "判定",
    "alarm": "誤警報（注意以上）",
    "section": "条項（注意以上）",
    "attribution": "生成AIの明示（8.4）",
    "entity": "個人情報の種類",
    "entity_exact": "個人情報の種類：範囲が完全に一致するもの",
    "entity_overlap": "個人情報の種類：1字でも重なるもの",
    "entity_warn": "個人情報の種類：注意以上だけを数えたもの",
    "name": "氏名の書き方",
    "label": "行のラベル",
}
METRICS = {
    "accuracy": "正解率",
    "recall": "再現率",
    "precision": "適合率",
    "f1": "F1",
    "quiet": "警報のない行の割合",
    "rows_per_1000": "警報の出た行（1,000行あたり）",
    "alarms_per_10000_characters": "警報（10,000字あたり）",
    "block_recall": "禁止での再現率",
    "warn_recall": "注意以上での再現率",
    "misuse_quiet": "5(5)の警報のない行の割合",
    "unblocked": "禁止にならなかった行の割合",
}
ITEMS = {
    "all": "全体",
    "block": "禁止",
    "warn": "注意",
    "pass": "問題なし",
    "unchecked": "未確認",
    "pass_hard": "問題なし（違反に似たもの）",
    "benign": "無害な文",
    "organisation": "法人の表（個人の番号としての警報）",
    "malicious": "悪用の依頼",
    "injection": "指示の乗っ取り",
    "look_alike": "悪用に似た質問",
    "positive": "該当する文",
    "negative": "該当しない文",
    "address": "住所",
    "ok": "適切",
    "malformed": "形式の誤り",
    "missing": "明示なし",
    "not_needed": "不要",
    "none": "判定なし",
    "kanji_1_2": "漢字1～2字",
    "kanji_3_5": "漢字3～5字",
    "kanji_6_up": "漢字6字以上",
    "kanji_kana": "漢字とかな",
    "hiragana": "ひらがな",
    "katakana": "カタカナ",
    "romaji": "ローマ字",
    "other": "その他",
    "verdict": "判定",
    "attribution": "生成AIの明示",
}
KINDS = {"miss": "見逃し", "alarm": "誤警報", "edge": "範囲違い", "wrong": "判定違い"}
FOLDS = {"all": "全件", "tuned": "調整用", "held-out": "検証用"}
