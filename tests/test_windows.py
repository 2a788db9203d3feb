"""A very long line is read in windows, and reported as if it had been read at once."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiguard import scanner
from aiguard.checker import Checker, prepare
from aiguard.model import Config, Segment, Use
from aiguard.readers import read_text
from aiguard.windows import LONG, has_long_line, windows_of

if TYPE_CHECKING:
    from aiguard.model import Hit

VALUES = ("090-7361-8245", "担当は早乙女 詩織さんです。", "個人番号は1234 5678 9018", "yamada.h@example.jp、", "")
FILLERS = ("資料を要約してください。", "次の会議の案内を作る！", "庁内の手続きについて、", "abc def ", "無題")


@pytest.fixture(scope="module")
def checker() -> Checker:
    return prepare(Config(), Use.PROMPT)


def found(text: str, name: str, checker: Checker) -> list[tuple[str, int, int, tuple[str, ...]]]:
    hits: tuple[Hit, ...]
    hits, unchecked = scanner.scan(read_text(text, name, Use.PROMPT), checker.compiled)
    assert not unchecked
    return sorted((hit.rule.id, hit.span.start, hit.span.end, hit.evidence) for hit in hits if hit.rule.entity)


@given(
    st.lists(
        st.tuples(st.sampled_from(VALUES), st.sampled_from(FILLERS), st.integers(1, 60)), min_size=12, max_size=25
    ),
    st.integers(400, 6_000),
    st.sampled_from(["a.txt", "a.jsonl"]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_windows_find_what_the_whole_holds(
    checker: Checker, drawn: list[tuple[str, str, int]], size: int, name: str
) -> None:
    line = "".join(f"{value}{filler * times}" for value, filler, times in drawn)
    text = line if name == "a.txt" else json.dumps({"本文": line, "電話": "04-7158-1111"}, ensure_ascii=False)
    whole = found(text, name, checker)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "has_long_line", lambda _source: True)
        patch.setattr(scanner, "windows_of", partial(windows_of, size=size))
        assert found(text, name, checker) == whole


@given(st.text(st.sampled_from("あ。！」 \n,a"), max_size=3_000), st.integers(10, 900))
def test_windows_are_the_whole_text(source: str, size: int) -> None:
    windows = list(windows_of(Segment(source), size))
    assert "".join(source[each.start : each.end] for each in windows) == source
    for each in windows:
        read = each.segment.source[each.start - each.offset : each.end - each.offset]
        assert read == source[each.start : each.end]
        assert 0 < each.end - each.start <= size


def test_a_huge_cell_is_read_whole_and_the_cells_beside_it_keep_their_headings(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = "次の会議の案内、資料を作る。" * 1_500
    cells = ["1", f'"{held}連絡先は090-7361-8245です。{held}"', "123456789018", "2", "短い", "123456789018"]
    text = f"番号,備考,個人番号\n{','.join(cells[:3])}\n{','.join(cells[3:])}\n"
    whole = found(text, "a.csv", checker)
    monkeypatch.setattr(scanner, "has_long_line", lambda _source: True)
    monkeypatch.setattr(scanner, "windows_of", partial(windows_of, size=6_000))
    assert found(text, "a.csv", checker) == whole
    assert [rule for rule, *_ in whole].count("my-number") == 2
    assert "phone-mobile" in {rule for rule, *_ in whole}


@pytest.mark.parametrize(
    ("source", "is_long"),
    [
        ("あ" * LONG, False),
        ("あ" * (LONG + 1), True),
        ("あ" * LONG + "\n" + "い" * LONG, False),
        ("\n" + "あ" * LONG + "い", True),
    ],
)
def test_only_long_lines_are_read_in_windows(source: str, *, is_long: bool) -> None:
    assert has_long_line(source) is is_long


def test_a_long_line_is_reported_with_its_columns(checker: Checker) -> None:
    source = "次の会議の案内を作る。" * (LONG // 11) + "電話は090-7361-8245です。" + "次の会議の案内を作る。" * 900
    places = [place for place in found(source, "a.txt", checker) if place[0] == "phone-mobile"]
    at = source.index("090")
    assert [(start, end) for _, start, end, _ in places] == [(at, at + 13)]
