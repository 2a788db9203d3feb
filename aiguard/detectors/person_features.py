"""Describe the words of a text for the model of names, as strings that the model has weights for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aiguard.lexicon import GIVEN, NOTHING, SURNAME, WordFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiguard.morph import Token

_EDGE = "#"
_REACH = 3  # words on both sides that are described
_LONGEST_FAMILY, _LONGEST_GIVEN = 4, 3


def features(text: str, words: Sequence[Token], facts: Callable[[str], WordFacts]) -> list[list[str]]:
    """Return the features of each word: itself, its class, its shape, its place in the lexicon, and its neighbours.

    The names of the features are short because the model stores each of them.
    """
    columns = _columns(text, words, facts)
    gaps = _gaps(text, words)
    chains = _chains(text, words, facts)
    return [
        _described(columns, i + _REACH)
        + [f"g={gaps[i]}|{gaps[i + 1]}", f"gx={gaps[i]}|{columns.signs[i + _REACH]}|{gaps[i + 1]}"]
        + [f"c{step}={chain}" for step in (-1, 0, 1) for chain in chains.get(i + step, ())]
        for i in range(len(words))
    ]


class _Columns(NamedTuple):
    """Hold what is known of the words, one list a kind, with edges on both sides."""

    words: list[str]
    tags: list[str]
    signs: list[str]
    clusters: list[str]
    groups: list[str]
    shapes: list[str]


def _columns(text: str, words: Sequence[Token], facts: Callable[[str], WordFacts]) -> _Columns:
    pad = [_EDGE] * _REACH
    padded = [*pad, *(text[start:end] for start, end, _ in words), *pad]
    known = [NOTHING if word == _EDGE else facts(word) for word in padded]
    return _Columns(
        padded,
        [*pad, *(tag for _, _, tag in words), *pad],
        [one.signs for one in known],
        [str(one.cluster) for one in known],
        [str(one.group) for one in known],
        [_shape(word) for word in padded],
    )


def _described(columns: _Columns, i: int) -> list[str]:
    """Describe word `i`: w words, t tags, x signs of the lexicon, k and d clusters, s shapes; a before, b behind."""
    w, t, x, k, d, s = columns
    word, tag, signs, shape = w[i], t[i], x[i], s[i]
    a, b = w[i - 1], w[i + 1]
    described = [
        "b",
        f"w={word}", f"t={tag}", f"s={shape}", f"x={signs}", f"k={k[i]}", f"d={d[i]}", f"xt={signs}|{tag}",
        f"a={a}", f"b={b}", f"aa={w[i - 2]}", f"bb={w[i + 2]}", f"v3={w[i - 3]}", f"w3={w[i + 3]}",
        f"ta={t[i - 1]}", f"tb={t[i + 1]}", f"taa={t[i - 2]}", f"tbb={t[i + 2]}",
        f"xa={x[i - 1]}", f"xb={x[i + 1]}", f"sa={s[i - 1]}", f"sb={s[i + 1]}",
        f"ka={k[i - 1]}", f"kb={k[i + 1]}", f"kaa={k[i - 2]}", f"kbb={k[i + 2]}", f"l3={k[i - 3]}", f"k3={k[i + 3]}",
        f"da={d[i - 1]}", f"db={d[i + 1]}", f"daa={d[i - 2]}", f"dbb={d[i + 2]}",
        f"t3={t[i - 1]}|{tag}|{t[i + 1]}", f"t2={tag}|{t[i + 1]}", f"t1={t[i - 1]}|{tag}",
        f"tw={tag}|{b}", f"wt={a}|{tag}", f"xw={signs}|{b}", f"wx={a}|{signs}",
        f"x2={signs}|{x[i + 1]}", f"x1={x[i - 1]}|{signs}",
        f"s3={s[i - 1]}|{shape}|{s[i + 1]}", f"sw={shape}|{b}", f"ws={a}|{shape}",
        f"aab={w[i - 2]}|{a}", f"bbb={b}|{w[i + 2]}", f"ab={a}|{b}",
        f"dab={d[i - 1]}|{d[i + 1]}", f"xdb={signs}|{d[i + 1]}", f"xda={d[i - 1]}|{signs}",
        f"xk={signs}|{k[i + 1]}", f"kx={k[i - 1]}|{signs}",
    ]  # fmt: skip
    if len(word) > 1:
        described += [f"p1={word[0]}", f"p2={word[:2]}", f"q1={word[-1]}", f"q2={word[-2:]}", f"q3={word[-3:]}"]
    return described


def _gaps(text: str, words: Sequence[Token]) -> list[str]:
    """Say what stands between the words: nothing, a blank, more blanks, a tab, a line's end."""
    ends = [0, *(end for _, end, _ in words)]
    starts = [*(start for start, _, _ in words), len(text)]
    gaps = [_gap(text[end:start]) for end, start in zip(ends, starts, strict=True)]
    if starts[0] == 0:
        gaps[0] = "n"
    if ends[-1] == len(text):
        gaps[-1] = "n"
    return gaps


def _gap(blank: str) -> str:
    if "\n" in blank or "\t" in blank:
        return "n" if "\n" in blank else "t"
    return "__"[: len(blank)]


def _chains(text: str, words: Sequence[Token], facts: Callable[[str], WordFacts]) -> dict[int, list[str]]:
    """Say where names of the lexicon begin that are cut into several words, and where a given name follows one."""
    ends = {end: i for i, (_, end, _) in enumerate(words)}
    chains: dict[int, list[str]] = {}
    for i, (start, _, _) in enumerate(words):
        for cut in _families(text, start, facts):
            if ends.get(cut, i) > i:
                chains.setdefault(i, []).append("m")
            for stop in _givens(text, cut, facts):
                if stop in ends:
                    _mark(chains, i, ends[stop], f"p{min(cut - start, 3)}{stop - cut}")
    return chains


def _families(text: str, start: int, facts: Callable[[str], WordFacts]) -> list[int]:
    """Return where family names that begin at a place end, the longest first."""
    if _kind(text[start]) not in "Kh":
        return []
    longest = min(start + _LONGEST_FAMILY, len(text))
    return [cut for cut in range(longest, start, -1) if facts(text[start:cut]).flags & SURNAME]


def _givens(text: str, start: int, facts: Callable[[str], WordFacts]) -> list[int]:
    longest = min(start + _LONGEST_GIVEN, len(text))
    return [stop for stop in range(longest, start, -1) if facts(text[start:stop]).flags & GIVEN]


def _mark(chains: dict[int, list[str]], first: int, last: int, pair: str) -> None:
    chains.setdefault(first, []).append(pair)
    chains.setdefault(last, []).append("e")
    for inner in range(first + 1, last):
        chains.setdefault(inner, []).append("i")


@lru_cache(maxsize=20_000)
def _shape(word: str) -> str:
    """Return the kinds of the first three characters, and how many there are, at most 6."""
    return _EDGE if word == _EDGE else "".join(map(_kind, word[:3])) + str(min(len(word), 6))


def _kind(character: str) -> str:
    """Name the kind of a character: Kanji, hiragana, katakana, 9 for a digit, A, a, and . for the rest."""
    if "ぁ" <= character <= "ゟ":
        return "h"
    if "ァ" <= character <= "ヿ":
        return "." if character == "・" else "k"
    if character.isdigit():
        return "9"
    if character.isascii():
        return "A" if character.isupper() else "a" if character.isalpha() else "."
    return "K" if "\u3400" <= character <= "\u9fff" or character in "々〆" or character > "\U00020000" else "."
