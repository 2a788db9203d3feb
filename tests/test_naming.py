"""Names in a draft come with what to search for, and with the names in use that they resemble (8.3(2))."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aiguard.attribution import Declared
from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.model import Config, Use
from aiguard.naming import resembles
from aiguard.readers import read_text
from aiguard.reporters.evidence import sentences


@pytest.mark.parametrize(
    ("name", "other", "how"),
    [
        ("森のオーケストラ", "森のオーケストラ", "same"),
        ("夕方が、長いまち。", "夕方が長いまち", "same"),
        ("ながれやまの灯り", "ナガレヤマの明かり", "reading"),
        ("夕方が長いまち", "夕方が永いまち", "reading"),
        ("もりのオーケストラ", "森のオーケストラン", "near"),
        ("もりのバス", "うみのふね", ""),
        ("もり", "もし", ""),
        ("ＧＲＥＥＮ", "green", "same"),
    ],
)
def test_names_resemble_by_spelling_or_by_reading(name: str, other: str, how: str) -> None:
    assert resembles(name, other) == how


def test_a_finding_says_what_to_search_for_and_what_is_alike() -> None:
    checker = replace(
        prepare(Config(), Use.DOCUMENT, declared=Declared(("ChatGPT",), used=True)),
        names=("ナガレヤマの灯り", "海の駅"),
    )
    text = "【ChatGPT】により作成\n商品名案「ながれやまの灯り」"
    report = report_document(read_text(text, "a.txt", Use.DOCUMENT), checker)
    finding = next(each for each in report.findings if each.rule == "draft-names")
    assert finding.location.line == 2
    (said,) = sentences([finding])
    assert "「ナガレヤマの灯り」と読みが同じ" in said
    assert "「ながれやまの灯り」（称呼 ナガレヤマノアカリ）" in said
    assert "海の駅" not in said


def test_names_are_none_of_an_ai_where_none_was_used() -> None:
    checker = prepare(Config(), Use.DOCUMENT, declared=Declared((), used=False))
    report = report_document(read_text("商品名案「ながれやまの灯り」", "a.txt", Use.DOCUMENT), checker)
    assert report.findings == ()
