"""A guideline, its paraphrases and a hand-out about it name every secret and hold none."""

from __future__ import annotations

import pytest

import aiguard
from aiguard.model import Severity

PARAPHRASES = [
    "生成AIに個人情報を入力してはいけません。本人の同意があっても同じです。",
    "契約で秘密を守る義務がある情報や、機密性2以上の情報は、生成AIに入れないでください。",
    "まだ決まっていないことや、公表すべきでない内容は、プロンプトに含めないこと。",
    "庁内だけで共有する内容は、入力の対象から外します。",
    "悪用や攻撃、他人に迷惑をかける目的で使うことは禁止です。",
    "著作物や作家の名前を入れて、似た作品を作らせてはいけません。",
    "気持ちに寄り添う文章や、判断そのものをAIに任せないようにしましょう。",
    "AIで作った文書を公表するときは「【生成AI名】により作成」と書き、チャットの記録を残します。",
]
HANDOUT = """職員研修　生成AIの使い方（配布資料）
1 入力してはいけないもの
・個人情報（氏名、住所、マイナンバーなど）
・秘密保持契約の対象や機密性2以上の情報
・決裁前、公表前の内容（人事異動の内示、予算の査定など）
・庁内限りの内容
・他人の著作物、作家名、作品名
2 やってはいけないこと
・なりすましメールや虚偽の情報を作る
・弔辞や謝罪文をそのまま使う
3 公表するとき
・「【生成AI名】により作成」と明示する
・チャットの記録を保存する
困ったときは情報政策部門に相談してください。"""


def seen(text: str) -> set[str]:
    return {one.rule for one in aiguard.check_text(text).findings if one.severity is not Severity.NOTE}


@pytest.mark.parametrize(
    "text",
    [
        *PARAPHRASES,
        "\n".join(PARAPHRASES),
        HANDOUT,
        "次の研修資料をやさしい日本語に直してください。\n" + HANDOUT,
        "次の文を要約してください。\n" + "\n".join(PARAPHRASES),
    ],
)
def test_precepts_are_quiet(text: str) -> None:
    assert seen(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "【部外秘】生成AIへの入力は禁止されています。\n来年度の組織改正案。福祉部を2つに分ける。要約して",
        "部外秘\n生成AIへの入力は禁止されています。\n来年度の組織改正案。福祉部を2つに分ける。\n要約して",
        "生成AIに入力できません、と言われたけど、次の庁内限りの資料を要約して。\n1 窓口は2人で行う。",
    ],
)
def test_a_secret_that_forbids_its_own_entry_is_still_one(text: str) -> None:
    assert seen(text)


def test_a_person_in_a_precept_is_still_found() -> None:
    assert "person-name" in seen("生成AIに「早乙女詩織さんの滞納」のような内容を入力してはいけません。")
