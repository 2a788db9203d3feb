"""`--explain` says how a text was read and what was let pass, without a value."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, TypeAlias

import pytest
from msgspec.structs import replace

from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.model import Config, DocumentReport, Use
from aiguard.readers import read_text

if TYPE_CHECKING:
    from pathlib import Path

Call: TypeAlias = Callable[..., CompletedProcess[str]]


def explained(text: str) -> DocumentReport:
    checker = replace(prepare(Config(), Use.PROMPT), explains=True)
    return report_document(read_text(text, "-", Use.PROMPT), checker)


def test_the_parts_of_a_prompt() -> None:
    told = explained("次の資料を要約して：\n【庁内限り】来年度の組織改正案。\n福祉部を2つに分ける。").explanation
    assert told is not None
    lines = [(part.kind, part.location.line, part.location.end_line) for part in told.parts]
    assert lines == [("task", 1, 1), ("material", 2, 2), ("material", 3, 3)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("機密性2の定義を説明して", "topic"),
        ("記入例：申請者 早乙女詩織 電話090-1234-5678", "sample"),
        ("発表済みの庁舎移転の記事を、部外秘の扱いを含めて説明して", "topic"),
        ("電話は04-7158-1111です", "public"),
    ],
)
def test_what_was_let_pass_and_why(text: str, reason: str) -> None:
    told = explained(text).explanation
    assert told is not None
    assert reason in {item.reason for item in told.dropped}


def test_nothing_is_explained_unasked() -> None:
    assert report_document(read_text("機密性2とは", "-", Use.PROMPT), prepare(Config(), Use.PROMPT)).explanation is None


def test_the_report_shows_it_and_no_value(call: Call, desk: Path) -> None:
    (desk / "a.txt").write_text("記入例：申請者 早乙女詩織\n機密性2の定義を説明して", encoding="utf-8")
    shown = call("check", "a.txt", "--explain").stdout
    assert "文章の読み分け" in shown
    assert "話題・説明としての言葉" in shown
    assert "早乙女" not in shown
    assert "早乙女" not in call("check", "a.txt", "--explain", "--format", "json").stdout


def test_a_name_as_the_key_of_a_value_is_not_shown(call: Call, desk: Path) -> None:
    (desk / "a.json").write_text(
        '{"早乙女詩織さん": "記入例：申請者 細谷昌弘。機密性2の定義を説明して"}', encoding="utf-8"
    )
    for form in ("text", "json"):
        shown = call("check", "a.json", "--explain", "--format", form).stdout
        assert not [value for value in ("早乙女", "詩織", "細谷") if value in shown]
