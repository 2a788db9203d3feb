"""Folding undoes the ways to write the same thing, and every span leads back to the source that folds to it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard.model import Span
from aiguard.text import View, digit_view, fold, source_view, text_view

# Characters that folding must deal with, often enough that they meet: marks, invisible ones, widths, numerals.
ODD = (
    "\u3099\u309a\uff9e\uff9f\u0301\ufe00\ufe0f\U000e0100\u200b\u200d\u00ad\u202e\u2066\ufeff\u3164\uffa0"
    "カハかはｶﾊｱ髙﨑𠮷濵㈱㍻㍿ﷺ①Ａ１－＠．　ー-・の \n>〇零一二十百千ゼロ0123456789aあ高é"
)
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=60)


def _digits(source: str) -> str:
    return digit_view(text_view(source)).text


def _place(source: str, view: View, part: str) -> str:
    """Return the source that a part of a view maps to."""
    start = view.text.index(part)
    span = view.to_source(start, start + len(part))
    return source[span.start : span.end]


@given(TEXTS)
def test_every_cluster_of_the_text_view_maps_to_the_source_that_folds_to_it(source: str) -> None:
    view = text_view(source)
    for at in range(len(view.text)):
        span = view.to_source(at, at + 1)
        start, end = view.from_source(span.start), view.from_source(span.end)
        assert start <= at < end
        assert view.to_source(start, end) == span
        assert fold(source[span.start : span.end]) == view.text[start:end]


@given(TEXTS)
def test_any_span_of_the_text_view_maps_to_whole_clusters(source: str) -> None:
    view = text_view(source)
    for start in range(0, len(view.text), 3):
        end = min(len(view.text), start + 5)
        span = view.to_source(start, end)
        assert view.text[start:end] in fold(source[span.start : span.end])


@given(TEXTS)
def test_spans_of_both_views_ascend_inside_the_source(source: str) -> None:
    for view in (text_view(source), digit_view(text_view(source))):
        spans = [view.to_source(at, at + 1) for at in range(len(view.text))]
        assert all(0 <= span.start < span.end <= len(source) for span in spans)
        assert all(one.start <= other.start and one.end <= other.end for one, other in pairwise(spans))


@given(TEXTS)
def test_every_cluster_of_the_digit_view_maps_to_the_source_it_was_made_from(source: str) -> None:
    view = digit_view(text_view(source))
    for at, character in enumerate(view.text):
        span = view.to_source(at, at + 1)
        known = fold(source[span.start : span.end])
        assert character in known or character in "0123456789-"


@given(st.integers(1, 9999))
def test_a_number_in_kanji_folds_to_its_digits(number: int) -> None:
    units = ("", "十", "百", "千")
    digits = [(int(digit), units[place]) for place, digit in enumerate(reversed(str(number)))]
    numeral = "".join(
        ("" if digit == 1 and unit else "〇一二三四五六七八九"[digit]) + unit
        for digit, unit in reversed(digits)
        if digit
    )
    assert _digits(numeral) == str(number)
    assert _digits("".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))) == str(number)


@given(st.text("あいア漢字ー、。abc123 \n", max_size=80))
def test_a_text_that_folding_leaves_alone_costs_no_map(source: str) -> None:
    view = text_view(source)
    assert view == source_view(source)
    assert view.text is source
    assert not view.starts
    assert view.below is None


def test_widths_alone_cost_no_map() -> None:
    view = text_view("ＡＢＣ　１２３")
    assert view.text == "ABC 123"
    assert not view.starts
    assert view.below is not None
    assert not view.below.starts


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("㈱流山", "(株)流山"),
        ("㍻三年", "平成三年"),
        ("㍿流山と㈱流山", "株式会社流山と(株)流山"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("か\u3099", "が"),
        ("ﾊﾟﾋﾟ", "パピ"),
        ("髙﨑𠮷濵", "高崎吉浜"),
        ("渡邉と渡邊と齋藤", "渡辺と渡辺と斎藤"),
        ("葛\U000e0100城", "葛城"),
        ("辻\ufe00村", "辻村"),
        ("マイ\u200bナンバー", "マイナンバー"),
        ("極\u00ad秘", "極秘"),
        ("\u202e秘密\u202c", "秘密"),
        ("\u2066a\u2069b", "ab"),
        ("\ufeff個人番号", "個人番号"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
        ("０４－７１５８", "04-7158"),
        ("口座番号①1234567", "口座番号①1234567"),
        ("タワー二丁目", "タワー二丁目"),
        ("", ""),
    ],
)
def test_the_text_view(source: str, folded: str) -> None:
    assert text_view(source).text == folded
    assert fold(source) == folded


@pytest.mark.parametrize(
    ("source", "part", "written"),
    [
        ("電話は㈱流山へ", "(株)", "㈱"),
        ("電話は㈱流山へ", "株", "㈱"),
        ("㍿流山の㈱は髙橋へ", "高橋", "髙橋"),
        ("㍿流山の㈱は髙橋へ", "会社流", "㍿流"),
        ("番号ｶﾞ1", "ガ", "ｶﾞ"),
        ("番号ｶﾞ1", "1", "1"),
        ("マイ\u200bナンバー1", "マイナンバー", "マイ\u200bナンバー"),
        ("\u200b\u202e番号", "番号", "番号"),
        ("𠮷田と髙﨑", "高崎", "髙﨑"),
        ("葛\U000e0100城市", "葛城", "葛\U000e0100城"),
        ("先はｔａｒｏ＠ｅｘ．ｊｐです", "taro@ex.jp", "ｔａｒｏ＠ｅｘ．ｊｐ"),
    ],
)
def test_what_stands_in_the_text_view_is_found_in_the_source(source: str, part: str, written: str) -> None:
    assert _place(source, text_view(source), part) == written


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("零四－七一五八－一一一二", "04-7158-1112"),
        ("〇九〇の一二三四の五六七八", "090-1234-5678"),
        ("ゼロ九ゼロ－一二三四", "090-1234"),
        ("二百十三番地", "213番地"),
        ("三百十五と三一五", "315と315"),
        ("千葉", "1000葉"),
        ("1 2 3 4 5 6 7 8 9 0 1 8", "123456789018"),
        ("1 2 3 4 5", "1 2 3 4 5"),
        ("090ー1234ー5678", "090-1234-5678"),
        ("090−1234‐5678", "090-1234-5678"),
        ("090・1234・5678", "090-1234-5678"),
        ("タワー1234", "タワー1234"),
        ("マイナンバー123456789018", "マイナンバー123456789018"),
        ("電話は090-1234-\n5678", "電話は090-1234-5678"),
        ("> 電話は090-1234\n> -5678", "> 電話は090-1234-5678"),
        ("電話は1234\n5678", "電話は1234\n5678"),
        (f"{'あ' * 30}123456\n789018", f"{'あ' * 30}123456789018"),
        # What ends a line is whole where the next begins with another number.
        (f"{'あ' * 30}09073618245\n八木北小", f"{'あ' * 30}09073618245\n8木北小"),
        (f"{'あ' * 30}09073618245\n4番", f"{'あ' * 30}09073618245\n4番"),
        (f"{'あ' * 30}090-7361-8245\n2026", f"{'あ' * 30}090-7361-8245\n2026"),
    ],
)
def test_the_digit_view(source: str, folded: str) -> None:
    assert _digits(source) == folded


@pytest.mark.parametrize(
    ("source", "part", "written"),
    [
        ("電話は零四－七一五八－一一一二です", "04-7158-1112", "零四－七一五八－一一一二"),
        ("番地は二百十三です", "213", "二百十三"),
        ("番号 １ ２ ３ ４ ５ ６ 終", "123456", "１ ２ ３ ４ ５ ６"),
        ("マイ\u200bナンバー１２３４", "1234", "１２３４"),
        ("電話は090-1234-\n5678です", "090-1234-5678", "090-1234-\n5678"),
        ("平成㍻二十五ｶﾞ七", "7", "七"),
    ],
)
def test_what_stands_in_the_digit_view_is_found_in_the_source(source: str, part: str, written: str) -> None:
    assert _place(source, digit_view(text_view(source)), part) == written


def test_an_endless_numeral_is_no_number_and_does_no_harm() -> None:
    source = "一" * 5_000 + "十"
    view = digit_view(text_view(source))
    assert view.to_source(0, len(view.text)) == Span(0, len(source))
