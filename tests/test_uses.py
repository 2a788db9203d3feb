"""The use of a prompt is a fact of the report, told by its request and never by its material."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aiguard import check_text
from aiguard import pack as packs
from aiguard.uses import inferred

ASKED = {
    "summary": "次の議事録を200字で要約してください。",
    "translation": "この案内を英語に訳してください。",
    "plain": "次の通知をやさしい日本語に書き換えてください。",
    "greeting": "敬老会での市長のあいさつ文を作ってください。",
    "mail": "会議の日程を変えてもらうメールを書いてください。",
    "web": "図書館の休館を知らせるホームページの文面を作って。",
    "proofread": "次の文章の誤字脱字を直してください。",
    "table": "次の内容を表に整理してください。",
    "ideas": "窓口の待ち時間を楽しく過ごすアイデアを10個出して。",
    "formula": "A列の日付から年度を出すExcelの数式を教えて。",
    "other": "請願と陳情は何が違いますか。",
}


@pytest.mark.parametrize(("use", "prompt"), ASKED.items())
def test_a_plain_request_tells_its_use(use: str, prompt: str) -> None:
    assert inferred(prompt, packs.load(packs.find(None)).uses) == use


def test_the_material_does_not_tell_the_use() -> None:
    text = "次の文を要約してください。\n\n図書館のメールを英語に訳す係を募集します。\nホームページのアイデアを表に整理します。\n"
    report = check_text(text)
    assert (report.facts.task, report.findings) == ("summary", ())


def test_the_wordings_of_office_requests_tell_their_use() -> None:
    kinds = packs.load(packs.find(None)).uses
    lines = (Path(__file__).parent / "uses.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    wrong = [(row["id"], inferred(row["text"], kinds)) for row in rows if inferred(row["text"], kinds) != row["use"]]
    assert len(wrong) <= len(rows) // 50, wrong


def test_every_use_is_one_of_the_eleven() -> None:
    assert {kind.id for kind in packs.load(packs.find(None)).uses} | {"other"} == {*ASKED}
