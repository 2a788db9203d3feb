"""The words of a text cover it whatever it holds, and nothing a text holds ends the process."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiguard.morph import PIECE, Token, pieces, tokens, tokens_in

SPACES = " \t\n\r\u3000\u00a0\x0b\x1c\u2028"
TEXTS = st.text(
    st.one_of(st.sampled_from(f"{SPACES}\0\ud800\udfff佐藤花子は東京ー。、a1%\\\"'"), st.characters()), max_size=60
)


def _covers(text: str, words: list[Token]) -> bool:
    """Tell whether words ascend and leave nothing out but white space."""
    edges = [0, *(edge for start, end, _ in words for edge in (start, end)), len(text)]
    gaps = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return edges == sorted(edges) and all(start < end for start, end, _ in words) and not gaps.strip()


@settings(deadline=None)
@given(TEXTS)
def test_words_cover_a_text_in_order_but_for_white_space(text: str) -> None:
    words = tokens(text)
    assert _covers(text, words)
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end, _ in words)


@settings(deadline=None)
@given(TEXTS, st.data())
def test_words_of_a_part_stand_where_they_stand_in_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shifted = [(first - start, last - start, tag) for first, last, tag in tokens(text, start, end)]
    assert shifted == tokens(text[start:end])


@given(st.text("あ。\n、 ", max_size=300).map(lambda text: text * 70))
def test_pieces_follow_each_other_and_none_is_too_long(text: str) -> None:
    ranges = list(pieces(text, 0, len(text)))
    assert "".join(text[start:end] for start, end in ranges) == text
    assert all(0 < end - start <= PIECE for start, end in ranges)


def test_a_piece_is_cut_behind_a_mark_so_that_no_name_is_parted() -> None:
    text = "あ" * (PIECE - 3) + "。佐藤花子"
    (_, first_end), _ = pieces(text, 0, len(text))
    assert text[first_end:] == "佐藤花子"


def test_the_tags_of_persons_are_told() -> None:
    text = "担当は佐藤花子です"
    tags = {text[start:end]: tag for start, end, tag in tokens(text)}
    assert tags["佐藤"] == "姓"
    assert tags["花子"] == "名"


def test_nul_and_lone_surrogates_hide_nothing_behind_them() -> None:
    text = "\0\ud800佐藤\0花子\udc00が来庁"
    found = {text[start:end] for start, end, _ in tokens(text)}
    assert {"佐藤", "花子"} <= found


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_stretches_read_together_are_read_as_if_each_stood_alone(stretches: list[str]) -> None:
    text = "".join(stretches)
    edges = [0, *(sum(map(len, stretches[: i + 1])) for i in range(len(stretches)))]
    words = tokens_in(text, itertools.pairwise(edges))
    assert _covers(text, words)
    assert not any(start < edge < end for start, end, _ in words for edge in edges)


def test_a_word_that_ends_with_a_full_stop_does_not_reach_over_its_stretch() -> None:
    text = "モーニング娘と佐藤花子"
    words = tokens_in(text, ((0, 6), (7, 11)))
    assert [text[start:end] for start, end, _ in words][-2:] == ["佐藤", "花子"]
    assert _covers(text[:6], [word for word in words if word[0] < 7])


@pytest.mark.parametrize(
    "text",
    [
        "'1' * 200_000",
        "'a' * 200_000",
        "'ア' * 50_000",
        "'あ' * 1_000_000",
        "'漢' * 200_000",
        "chr(0) * 20_000 + '佐藤'",
        "chr(0xd800) * 20_000 + '佐藤'",
        "' ' * 200_000 + '佐藤'",
    ],
)
def test_no_run_of_characters_kills_the_process(text: str) -> None:
    program = f"from aiguard.morph import tokens\ntext = {text}\nwords = tokens(text)\nprint(words[-1][1] == len(text))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "True\n")
