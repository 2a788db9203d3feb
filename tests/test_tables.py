"""Sentences end where a reader sees them end, and a cell knows the heading over it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard.model import Span
from aiguard.tables import cells, heading, lines, sentence_at, sentence_starts, tables


def _sentence(text: str, at: int) -> str:
    span = sentence_at(sentence_starts(text), at)
    return text[span.start : span.end]


def _heading(text: str, value: str, delimiter: str | None = None) -> str | None:
    """Return the heading over a value, as it is written."""
    span = heading(text, tables(text, delimiter), text.index(value))
    return None if span is None else text[span.start : span.end].strip()


def _cells(line: str, separator: str) -> list[str]:
    return [line[cell.start : cell.end] for cell in cells(line, Span(0, len(line)), separator)]


@pytest.mark.parametrize(
    ("text", "within", "sentence"),
    [
        ("番号は1です。氏名は花子です。", "氏名", "氏名は花子です。"),
        ("「行きます。」と言った。次に", "行", "「行きます。」"),
        ("一行目\n二行目\n三行目", "二", "二行目\n"),
        ("本当ですか？はい！", "は", "はい！"),
        ("Is it? Yes!", "Yes", " Yes!"),
        ("終わりのない文", "文", "終わりのない文"),
    ],
)
def test_a_sentence_ends_at_a_mark_or_a_line_end(text: str, within: str, sentence: str) -> None:
    assert _sentence(text, text.index(within)) == sentence


@given(st.text("あ。！\n」 ?", max_size=50))
def test_every_place_belongs_to_one_sentence(text: str) -> None:
    starts = sentence_starts(text)
    assert starts == sorted(set(starts))
    for at in range(len(text) + 1):
        span = sentence_at(starts, at)
        assert span.start <= at < span.end


@given(st.text("あ\n\r,", max_size=50))
def test_lines_are_the_text_without_line_feeds(text: str) -> None:
    assert [text[line.start : line.end] for line in lines(text)] == text.split("\n")


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [
        ("氏名\t電話\n架空花子\t090-1111-2222\n", "090", "電話"),
        ("氏名\t電話\n架空花子\t090-1111-2222\n", "架空", "氏名"),
        ("| 氏名 | 電話 |\n|---|---|\n| 架空花子 | 090-1111-2222 |\n", "090", "電話"),
        ("氏名,住所,電話\n架空花子,架空町,090-1111-2222\n", "090", "電話"),
        ("氏名，住所，電話\n架空花子，架空町，090-1111-2222\n", "架空町", "住所"),
        ("氏名　　年齢　　電話\n架空花子　　三十　　090-1111-2222\n", "090", "電話"),
        ("氏名  年齢  電話\n架空花子  三十  090-1111-2222", "三十", "年齢"),
        ("氏名｜電話\n架空花子｜090-1111-2222", "090", "電話"),
        ("名簿です。\n\n氏名\t電話\n架空花子\t090-1111-2222\n以上です。", "090", "電話"),
    ],
)
def test_the_heading_over_a_cell(text: str, value: str, name: str) -> None:
    assert _heading(text, value) == name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("氏名\t電話\n架空花子\t090-1111-2222\n", "電話"),
        ("名簿です。\n\n氏名\t電話\n架空花子\t090-1111-2222\n以上です。", "名簿"),
        ("名簿です。\n\n氏名\t電話\n架空花子\t090-1111-2222\n以上です。", "以上"),
        ("氏名\t電話", "電話"),
        ("架空花子\t090-1111-2222\n架空次郎\t090-1111-3333\n", "3333"),
        ("文がここにあり、続きます。\n次の文があります。", "次"),
    ],
)
def test_no_heading_stands_over_headings_text_or_lists(text: str, value: str) -> None:
    assert _heading(text, value) is None


def test_two_tables_have_their_own_headings() -> None:
    text = "氏名\t電話\n架空花子\t0001\n\n課名 | 内線\n架空課 | 0002\n"
    assert [_heading(text, value) for value in ("0001", "0002")] == ["電話", "内線"]


def test_a_delimiter_makes_the_whole_text_one_table() -> None:
    text = '氏名,"住所, 方書"\n架空花子,"架空町1, 201"\n'
    assert _heading(text, "架空花子", ",") == "氏名"
    assert _heading(text, "201", ",") == '"住所, 方書"'


@pytest.mark.parametrize(
    ("line", "separator", "wanted"),
    [
        ('a,"b,c",d', ",", ["a", '"b,c"', "d"]),
        ('"a ""b"", c",d', ",", ['"a ""b"", c"', "d"]),
        ("a||b", "|", ["a", "", "b"]),
        ("a\t\tb", "\t", ["a", "", "b"]),
        ("a　　b  c", " ", ["a", "b", "c"]),
        ("", ",", [""]),
        (",", ",", ["", ""]),
        ('"never closed,b', ",", ['"never closed,b']),
    ],
)
def test_cells_of_a_line(line: str, separator: str, wanted: list[str]) -> None:
    assert _cells(line, separator) == wanted


@given(st.text('あ1,|\t\n "　:-', max_size=80), st.sampled_from([None, ",", "\t"]))
def test_no_text_breaks_the_reading_of_tables(text: str, delimiter: str | None) -> None:
    found = tables(text, delimiter)
    for at in range(len(text)):
        span = heading(text, found, at)
        assert span is None or 0 <= span.start <= span.end < at
