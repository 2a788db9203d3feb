"""Traces of an AI show its work where nobody declared it; ordinary letters, minutes and notes leave none."""

from __future__ import annotations

import msgspec
import pytest

from aiguard import pack as packs
from aiguard.attribution import Declared, judge
from aiguard.model import Trace

RULE = packs.load(packs.find(None)).attribution
BODY = "図書館だより\n本を読みましょう。"


@pytest.mark.parametrize(
    "opening",
    [
        *(
            "もちろんです。以下に、案内文の案をお示しします。",
            "もちろんです！こちらが改善した文章です：",
            "以下はご依頼の挨拶文です。",
        ),
        *(
            "承知いたしました。ご指示のとおり、やわらかい文体に書き直しました。",
            "はい、承知いたしました。以下に要約を示します。",
        ),
        *("かしこまりました。ご指定の条件で作成しました。", "ご質問ありがとうございます。以下に回答をまとめました。"),
        *(
            "Certainly! Here's a draft notice for the pool:",
            "Here is the revised version:",
            "Of course. Below is a summary.",
        ),
    ],
)
def test_the_opening_of_an_answer_is_evidence(opening: str) -> None:
    judged = judge(f"{opening}\n\n{BODY}", Declared(), RULE)
    assert (judged.attribution.status, judged.rule_id) == ("missing", "attribution-missing")
    assert judged.traces
    assert judged.span is not None
    assert judged.span.start == 0


@pytest.mark.parametrize(
    "trace",
    [
        *(
            "以上が案となります。調整が必要な点がございましたらお気軽にお知らせください。",
            "文体や長さを変えたい場合はお知らせください。",
        ),
        *(
            "必要であれば、もっと短いバージョンも作成できます。",
            "チラシ用に短くまとめましょうか？",
            "Let me know if you'd like any changes.",
        ),
        *(
            "以上の内容でいかがでしょうか。必要に応じて調整いたします。",
            "ほかにお手伝いできることがあれば教えてください。",
        ),
        *("再生成する", "コピーする　良い回答です　良くない回答です", "ChatGPT の回答は必ずしも正しいとは限りません。"),
        *(
            "AI言語モデルとして個人的な経験はありませんが、大切です。",
            "私はAIですので、意見を持っていません。",
            "As an AI language model, I cannot",
        ),
        *("私の知識は2024年6月までのものです。", "申し訳ありませんが、リアルタイムの情報にはアクセスできません。"),
        *("県内では54団体です【12†source】。", "310回に上りました:contentReference[oaicite:3]{index=3}。"),
        *(
            "出典 https://www.stat.example/2023.html?utm_source=chatgpt.com",
            "■ChatGPTの回答\n一つ目は料金です。",
            "【生成AIの回答】\n一つ目",
        ),
        *(
            "あなた：案を書いて\nChatGPT：三つあります。",
            "[ここに行事名を入れてください]のお礼",
            "[担当者名]まで。電話は[電話番号]です。",
        ),
        "## 健診\n**ポイント：** 早めに。\n---\n- **年に一度**は受ける",
        "案1（かしこまった文）\n厚く御礼申し上げます。\n案2（やわらかい文）\nありがとう。\nどちらの雰囲気がお好みでしょうか？",
    ],
)
def test_what_a_chat_leaves_behind_is_evidence(trace: str) -> None:
    judged = judge(f"{BODY}\n{trace}", Declared(), RULE)
    assert judged.attribution.status == "missing"
    assert judged.traces
    assert {*judged.traces} <= {known.label for known in RULE.traces}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Q　使えますか。\nA　もちろんです。以下の部屋には、おむつ替えの台があります。",
            "承知しました。資料をお送りします。",
        ),
        *(
            "ご不明な点がございましたら、お気軽にお問い合わせください。",
            "修正が必要な点がありましたら、総務課までお知らせください。",
        ),
        *(
            "ご希望に応じて点字版を作成します。",
            "どちらの会場をご希望でしょうか。",
            "以上が案内の内容です。ご不明な点はお知らせください。",
        ),
        *(
            "「もちろんです。以下に案をお示しします。」といった文が残っていないか確かめる。",
            "コピーする場合は申請してください。",
        ),
        *(
            "AI言語モデルとして知られる技術の仕組みを話します。",
            "AIチャットボットが24時間お答えします。",
            "インターネットで検索できます。",
        ),
        *(
            "申し訳ありませんが、お電話での受付はできません。",
            "令和6年6月時点の統計",
            "[氏名]",
            "（ここに写真を貼る）",
            "【1】概要",
        ),
        *(
            "# 連絡事項\n* 12/1 点検\n* 12/8 **納品あり**、搬入口をあけておく",
            "**重要** お知らせ\n- 持ち物",
            "文字数は400字程度です。",
        ),
        *(
            "ChatGPT：OpenAI社の対話型のサービス",
            "正規表現を教えてください。",
            "様式のひな形\n[ここに氏名を入れてください]",
        ),
        "# 手順\n## 準備\n**注意：** 先に止める\n---\n```\ngit pull\n```",
    ],
)
def test_ordinary_text_leaves_none(text: str) -> None:
    judged = judge(f"{BODY}\n{text}", Declared(), RULE)
    assert (judged.attribution.status, judged.traces) == ("not_needed", ())


@pytest.mark.parametrize(
    ("trace", "name"), [("■ChatGPTの回答", "ChatGPT"), ("https://a.example/?utm_source=chatgpt.com", "ChatGPT")]
)
def test_a_trace_may_name_the_ai(trace: str, name: str) -> None:
    attribution = judge(f"{BODY}\n{trace}\n本文", Declared(), RULE).attribution
    assert (attribution.ai_names, attribution.wanted) == ((name,), f"【{name}】により作成")


def test_a_statement_answers_for_the_traces() -> None:
    judged = judge(f"もちろんです。以下に文面の案をお示しします。\n{BODY}\n【ChatGPT】により作成", Declared(), RULE)
    assert judged.attribution.status == "ok"
    assert judged.traces


def test_weak_traces_count_together() -> None:
    traces = (
        Trace("甲", ("あか",), weight=3),
        Trace("乙", ("あお",), cues=("あお",), weight=3),
        Trace("丙", ("しろ",), weight=6, unless=("ひな形",)),
    )
    rule = msgspec.structs.replace(RULE, traces=traces)
    assert judge("あかい あかい", Declared(), rule).traces == ()
    assert judge("あかい あおい", Declared(), rule).traces == ("甲", "乙")
    assert judge("しろい", Declared(), rule).traces == ("丙",)
    assert judge("しろい ひな形", Declared(), rule).traces == ()


@pytest.mark.parametrize(
    "piece", ["【", "【a】", "AI、", "ChatGPTを", "**a", "(a", "案1\n", "## a\n", "<!--", "\ue000により作成"]
)
def test_a_long_line_of_anything_is_judged(piece: str) -> None:
    assert judge(piece * 20_000, Declared(), RULE).attribution.status in {"not_needed", "malformed"}
