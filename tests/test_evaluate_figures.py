"""Shares keep their intervals, shapes their promises, tables their columns."""

from __future__ import annotations

import json
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard.evaluate import (
    NAME_SHAPES,
    Entity,
    Judged,
    Judgement,
    Options,
    Row,
    hint,
    name_shape,
    render_text,
    score,
    to_json,
    wilson,
)
from aiguard.evaluate.figures import f1, share
from aiguard.model import Severity

COUNTS = st.integers(0, 10**6).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # The four published by R. G. Newcombe, Statistics in Medicine 17, 1998, pages 857-872 (method 3).
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 1 - 0.1611, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_gives_known_intervals(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS)
def test_wilson_holds_the_share_and_stays_in_bounds(counts: tuple[int, int]) -> None:
    hits, total = counts
    low, high = wilson(hits, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low <= hits / total <= high
        mirrored = wilson(total - hits, total)
        assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high))


@given(COUNTS)
def test_wilson_narrows_with_more_of_the_same(counts: tuple[int, int]) -> None:
    hits, total = counts
    low, high = wilson(hits, total)
    tenfold = wilson(10 * hits, 10 * total)
    assert tenfold[1] - tenfold[0] <= high - low + 1e-12


@pytest.mark.parametrize(("hits", "total"), [(-1, 3), (4, 3), (0, -1)])
def test_wilson_refuses_what_cannot_be_counted(hits: int, total: int) -> None:
    with pytest.raises(ValueError, match="of"):
        wilson(hits, total)


@given(COUNTS, COUNTS)
def test_f1_lies_between_its_parts_and_inside_its_interval(first: tuple[int, int], second: tuple[int, int]) -> None:
    precision, recall = share("g", "i", "precision", first), share("g", "i", "recall", second)
    joined = f1(precision, recall)
    if joined.value is None:
        assert recall.total == 0
        return
    assert joined.low - 1e-12 <= joined.value <= joined.high + 1e-12
    assert joined.value <= max(precision.value or 0, recall.value or 0) + 1e-12


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("森", "kanji_1_2"),
        ("見本", "kanji_1_2"),
        ("見本　太郎", "kanji_3_5"),
        ("佐々木", "kanji_3_5"),
        ("架空坂真弓", "kanji_3_5"),
        ("見本院太郎丸", "kanji_6_up"),
        ("𠮷野", "kanji_1_2"),
        ("葛\U000e0100城", "kanji_1_2"),
        ("見本さくら", "kanji_kana"),
        ("見本 マリア", "kanji_kana"),
        ("みほん さくら", "hiragana"),
        ("ゆーこ", "hiragana"),
        ("マリア・ミホン", "katakana"),
        ("ﾐﾎﾝ ﾀﾛｳ", "katakana"),
        ("MIHON Taro", "romaji"),
        ("Ｍｉｈｏｎ", "romaji"),
        ("O'Mihon-Tarō", "romaji"),
        ("みほんタロウ", "other"),
        ("見本X", "other"),
        ("・", "other"),
    ],
)
def test_names_are_sorted_by_their_characters(name: str, shape: str) -> None:
    assert name_shape(name) == shape


@given(st.text(max_size=30))
def test_any_text_has_a_shape_and_a_hint_without_its_characters(text: str) -> None:
    assert name_shape(text) in NAME_SHAPES
    assert {*hint(text)} <= {*"漢字ひらがなカタカナ英字数字記号・文書全体0123456789"}


def table(*, show_text: bool = False) -> str:
    rows = (
        Row("r1", "担当は見本太郎", verdict="block", sections=("5(1)",), entities=(Entity("見本太郎", "PERSON"),)),
        Row("r2", "書き方\x1b[31m", verdict="pass", sections=(), entities=()),
        Row("r3", "原稿", attribution="missing"),
        Row("r4", "依頼", label="look_alike"),
    )
    found = (Judged(0, 8, "PERSON", Severity.WARN, "name"),)
    options = Options(frozenset({"PERSON"}), name="open_rows", show=True, show_text=show_text)
    return render_text([score(rows, lambda row: Judgement("warn", spans=found if row.id == "r2" else ()), options)])


def width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def test_the_table_is_aligned_in_cells() -> None:
    lines = table().splitlines()
    for title, rows in (("判定", 7), ("誤警報（注意以上）", 6)):
        start = lines.index(title)
        group = lines[start + 1 : lines.index("", start)]
        assert len(group) == rows
        assert len({width(line[: line.index("[")]) for line in group if "[" in line}) == 1


def test_the_table_names_set_confusion_interval_and_counts() -> None:
    text = table()
    assert text.startswith("【open_rows】全件 4行、")
    for part in ("判定の内訳（縦：正解、横：判定）", "未確認", "[0.0-79.3]", "0/1", "Wilsonの95%区間", "禁止 -> 注意"):
        assert part in text


def test_misses_print_words_only_on_request_and_never_control_characters() -> None:
    assert "見本太郎" not in table()
    shown = table(show_text=True)
    assert "見本太郎" in shown
    assert "\x1b" not in shown


def test_json_gives_every_figure_by_key_with_interval_and_counts() -> None:
    row = Row("r1", "担当は見本太郎", verdict="block", entities=(Entity("見本太郎", "PERSON"),))
    figures = score([row], lambda _: Judgement("pass"), Options(frozenset({"PERSON"}), show=True))
    text = to_json([figures])
    (body,) = json.loads(text)["sets"]
    assert body["figures"]["block_recall"] == {
        "value": 0.0,
        "low": 0.0,
        "high": pytest.approx(0.7935, abs=1e-4),
        "hits": 0,
        "total": 1,
        "per": 100,
    }
    assert body["figures"]["entity.PERSON.precision"]["value"] is None
    assert body["misses"][1] == {"id": "r1", "kind": "miss", "what": "PERSON", "start": 3, "end": 7, "hint": "漢字4字"}
    assert "見本太郎" not in text
