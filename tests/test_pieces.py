"""A large file is read in pieces, and reported as if it had been read at once."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiguard import task
from aiguard.checker import prepare
from aiguard.model import Config, Use, Verdict
from aiguard.readers import pieces
from aiguard.readers.inputs import Input
from aiguard.readers.pieces import can_be_cut, cut, read_piece
from aiguard.spread import report_all

if TYPE_CHECKING:
    from pathlib import Path

    from aiguard.model import DocumentReport

NUMBER = "1234 5678 9018"


def rows(count: int, every: int) -> list[list[str]]:
    """Return rows of which every so many holds a My Number, and one a line break."""
    return [
        [str(at), f"備考{at}\n続き" if at % 7 == 3 else f"備考{at}", NUMBER if at % every == 0 else ""]
        for at in range(count)
    ]


def write(path: Path, count: int = 300, every: int = 50) -> Path:
    if path.suffix == ".csv":
        lines = ["番号,備考,個人番号", *(f'{a},"{b}",{c}' for a, b, c in rows(count, every))]
        path.write_text("\n".join(lines) + "\n", encoding="cp932")
    elif path.suffix == ".jsonl":
        lines = [
            json.dumps({"備考": b, "個人番号": c}, ensure_ascii=at % 2 == 0)
            for at, (_, b, c) in enumerate(rows(count, every))
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
    else:
        lines = [f"個人番号は{c}です" if c else b for _, b, c in rows(count, every)]
        path.write_text("\r\n".join(lines), encoding="utf-8")
    return path


def reported(path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> DocumentReport:
    monkeypatch.setattr(task, "LARGE", 2 * size)
    monkeypatch.setattr(pieces, "SIZE", size)
    monkeypatch.setattr(task, "cut", lambda name: cut(name, size))
    (report,) = report_all((Input(str(path)),), prepare(Config(), Use.PROMPT), jobs=2)
    return report


def places(report: DocumentReport) -> list[tuple[str | None, int, int]]:
    return [
        (one.location.label, one.location.line, one.location.column)
        for one in report.findings
        if one.entity == "MY_NUMBER"
    ]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt"])
def test_pieces_are_reported_as_the_whole_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = write(tmp_path / name)
    whole = reported(path, monkeypatch, 10_000_000)
    apart = reported(path, monkeypatch, 500)
    assert len(places(whole)) == 6
    assert places(apart) == places(whole)
    assert apart.verdict == whole.verdict == Verdict.BLOCK
    assert len({one.fingerprint for one in apart.findings}) == len(apart.findings)


@given(
    st.lists(st.sampled_from(["あ", '"い,\n"', "x" * 9, "\n", ",", '""']), max_size=40),
    st.integers(1, 40),
    st.sampled_from([".csv", ".txt", ".jsonl"]),
)
def test_pieces_are_the_whole_file(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], size: int, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("pieces") / f"a{suffix}"
    data = "".join(parts).encode()
    path.write_bytes(data)
    found = list(cut(str(path), size))
    assert b"".join(data[piece.start : piece.end] for piece in found) == data
    assert all(one.end == two.start for one, two in pairwise(found))
    assert [piece.lines for piece in found] == [data[: piece.start].count(b"\n") for piece in found]


@pytest.mark.parametrize(
    ("name", "head", "may"),
    [
        ("a.jsonl", b'{"a": 1}\n', True),
        ("a.csv", b"a,b\n", True),
        ("a.log", b"x\n", True),
        ("a.json", b"[1]", False),
        ("a.html", b"<p>", False),
        ("a.txt", "あ\n".encode("utf-16"), False),
        ("a.csv", "a\n".encode("utf-16-le"), False),
    ],
)
def test_only_files_whose_records_end_with_lines_are_cut(name: str, head: bytes, *, may: bool) -> None:
    assert can_be_cut(name, head) is may


SAID = ("資料を要約してください。", "「案内」を作る！」", "abc ", "会議の日程、", "続き\n", "無題", "\r")
HELD = ("電話は090-7361-8245です。", "個人番号は1234 5678 9018", "", "")


@given(
    parts=st.lists(st.sampled_from([*SAID, "é", "\U00020bb7"]), max_size=120),
    size=st.integers(1, 90),
    mark=st.booleans(),
)
def test_pieces_of_long_lines_know_where_they_are(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], size: int, *, mark: bool
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.txt"
    text = "".join(parts).replace("\r", "")
    data = text.encode("utf-8-sig" if mark else "utf-8")
    path.write_bytes(data)
    found = list(cut(str(path), size))
    assert b"".join(data[piece.start : piece.end] for piece in found) == data
    for piece in found:
        before = data[: piece.start].decode("utf-8-sig")
        column = piece.inside.column if piece.inside else 0
        assert (piece.lines, column) == (before.count("\n"), len(before) - before.rfind("\n") - 1)
        (segment,) = read_piece(piece, Use.PROMPT).segments
        assert data[piece.start : piece.end].decode("utf-8-sig") in segment.source
        assert segment.indent <= column


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "iso2022_jp", "euc_jp"])
def test_a_long_line_is_reported_as_the_whole_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codec: str) -> None:
    path = tmp_path / "a.txt"
    line = "".join(f"{HELD[at % 4]}{SAID[at % 4] * (5 + at * 7 % 40)}" for at in range(60))
    path.write_bytes(f"はじめに\n{line}\n{line}".encode(codec))
    whole = reported(path, monkeypatch, 10_000_000)
    apart = reported(path, monkeypatch, 3_000)
    marked = [(one.rule, one.location.line, one.location.column, one.location.end_column) for one in whole.findings]
    assert [
        (one.rule, one.location.line, one.location.column, one.location.end_column) for one in apart.findings
    ] == marked
    assert len(marked) >= 60
    assert len({one.fingerprint for one in apart.findings}) == len(apart.findings)


@given(
    st.lists(st.tuples(st.sampled_from(HELD), st.sampled_from(SAID[:4]), st.integers(1, 60)), min_size=20, max_size=30),
    st.integers(300, 9_000),
)
@settings(max_examples=10, deadline=None)
def test_cuts_in_a_long_line_lose_and_double_nothing(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str, int]], size: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.txt"
    path.write_text("".join(f"{held}{said * times}" for held, said, times in parts), encoding="utf-8")
    checker = prepare(Config(), Use.PROMPT)
    (whole,) = task.reply_to(task.Item(Input(str(path))), checker).reports
    apart = [
        one
        for piece in cut(str(path), size)
        for one in task.reply_to(task.Item(Input(str(path)), piece=piece), checker).reports[0].findings
    ]
    assert [(one.rule, one.location.column, one.excerpt) for one in apart] == [
        (one.rule, one.location.column, one.excerpt) for one in whole.findings
    ]


def test_a_piece_that_is_no_text_is_unchecked_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("一行目です\n".encode() * 3 + b"\xff\xfe\x00\xff" * 40 + b"\n")
    documents = [read_piece(piece, Use.PROMPT) for piece in cut(str(path), 30)]
    reasons = [(note.label, bool(note.reason)) for document in documents for note in document.unchecked]
    assert reasons in ([("3行目から", True)], [("4行目から", True)])


def test_a_record_too_long_to_hold_is_unchecked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_LONGEST", 2000)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,2\n" * 300 + '1,"' + "x\n" * 5000, encoding="utf-8")
    report = reported(path, monkeypatch, 200)
    assert report.verdict == Verdict.UNCHECKED
    assert "大きすぎて" in report.unchecked[0].reason


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_records_longer_than_what_is_read_at_once_are_cut_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = write(tmp_path / name)
    expected = list(cut(str(path), 500))
    monkeypatch.setattr(pieces, "_TOGETHER", 7)
    assert list(cut(str(path), 500)) == expected
