"""Describe the words of a text for the model of names, as strings that the model has weights for.

A word says much the same wherever it stands, and so do two words in a row: what they say is put into words once, in
UTF-8, as the model wants it, and remembered. Only what is said of a place is made anew.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from aiguard.lexicon import GIVEN, NOTHING, SURNAME, WordFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiguard.morph import Token

_EDGE = "#"
_REACH = 3  # words on both sides that are described
_LONGEST_FAMILY, _LONGEST_GIVEN = 4, 3


_WORDS, _PAIRS = 4_000, 8_000  # that are remembered: some ten megabytes


def features(text: str, words: Sequence[Token], facts: Callable[[str], WordFacts]) -> list[list[bytes]]:
    """Return the features of each word: itself, its class, its shape, its place in the lexicon, and its neighbours.

    The names of the features are short because the model stores each of them.
    """
    edges = [_described(facts, _EDGE, _EDGE)] * _REACH
    row = [*edges, *[_described(facts, text[start:end], tag) for start, end, tag in words], *edges]
    pairs = [_paired(one, other) for one, other in pairwise(row)]
    gaps = _gaps(text, words)
    chains = _chains(text, words, row[_REACH:-_REACH], facts)
    found = [
        [
            *row[i].own, *row[i - 1].before, *row[i + 1].behind, *row[i - 2].second_before, *row[i + 2].second_behind,
            *row[i - 3].third_before, *row[i + 3].third_behind,
            *pairs[i - 1].before, *pairs[i].behind, pairs[i - 2].far_before, pairs[i + 1].far_behind,
            *_placed(row[i - 1], row[i], row[i + 1], gaps[i - _REACH], gaps[i - _REACH + 1]),
        ]
        for i in range(_REACH, len(row) - _REACH)
    ]  # fmt: skip
    for i, said in chains.items():
        for step in (-1, 0, 1):
            if 0 <= i - step < len(found):
                found[i - step] += [f"c{step}={chain}".encode() for chain in said]
    return found


class _Described:
    """Hold a word and the features it makes: of itself, of the words behind and before it, one, two and three away.

    Equal only to itself, so that pairs of words are quick to look up.
    """

    __slots__ = (
        "before", "behind", "group", "known", "own", "second_before", "second_behind", "shape", "tag", "third_before",
        "third_behind", "word",
    )  # fmt: skip

    def __init__(self, word: str, tag: str, known: WordFacts) -> None:
        """Describe a word: w, a and b words, t tags, x signs of the lexicon, k and d clusters, s shapes."""
        self.word, self.tag, self.known, self.shape = word, tag, known, _shape(word)
        x, k, d, s = known.signs, known.cluster, known.group, self.shape
        own = f"b\nw={word}\nt={tag}\ns={s}\nx={x}\nk={k}\nd={d}\nxt={x}|{tag}"
        if len(word) > 1:
            own += f"\np1={word[0]}\np2={word[:2]}\nq1={word[-1]}\nq2={word[-2:]}\nq3={word[-3:]}"
        self.own = _encoded(own)
        self.before = _encoded(f"a={word}\nta={tag}\nxa={x}\nsa={s}\nka={k}\nda={d}")
        self.behind = _encoded(f"b={word}\ntb={tag}\nxb={x}\nsb={s}\nkb={k}\ndb={d}")
        self.second_before = _encoded(f"aa={word}\ntaa={tag}\nkaa={k}\ndaa={d}")
        self.second_behind = _encoded(f"bb={word}\ntbb={tag}\nkbb={k}\ndbb={d}")
        self.third_before = _encoded(f"v3={word}\nl3={k}")
        self.third_behind = _encoded(f"w3={word}\nk3={k}")


class _Paired:
    """Hold the features that two words in a row make: of the second, of the first, of the words behind and before."""

    __slots__ = ("before", "behind", "far_before", "far_behind")

    def __init__(self, one: _Described, other: _Described) -> None:
        a, ta, sa, (xa, _, ka, da) = one.word, one.tag, one.shape, one.known
        b, tb, sb, (xb, _, kb, db) = other.word, other.tag, other.shape, other.known
        self.before = _encoded(
            f"t1={ta}|{tb}\nwt={a}|{tb}\nwx={a}|{xb}\nx1={xa}|{xb}\nws={a}|{sb}\nxda={da}|{xb}\nkx={ka}|{xb}"
        )
        self.behind = _encoded(
            f"t2={ta}|{tb}\ntw={ta}|{b}\nxw={xa}|{b}\nx2={xa}|{xb}\nsw={sa}|{b}\nxdb={xa}|{db}\nxk={xa}|{kb}"
        )
        self.far_before, self.far_behind = _encoded(f"aab={a}|{b}\nbbb={a}|{b}")


@lru_cache(maxsize=_WORDS)
def _described(facts: Callable[[str], WordFacts], word: str, tag: str) -> _Described:
    return _Described(word, tag, NOTHING if word == _EDGE else facts(word))


_paired = lru_cache(maxsize=_PAIRS)(_Paired)


def _placed(before: _Described, one: _Described, behind: _Described, gap: str, next_gap: str) -> list[bytes]:
    """Return what a word says by what stands on both sides of it."""
    return _encoded(
        f"t3={before.tag}|{one.tag}|{behind.tag}\ns3={before.shape}|{one.shape}|{behind.shape}"
        f"\nab={before.word}|{behind.word}\ndab={before.known.group}|{behind.known.group}"
        f"\ng={gap}|{next_gap}\ngx={gap}|{one.known.signs}|{next_gap}"
    )


def _encoded(lines: str) -> list[bytes]:
    """Return features that are written one a line: no word holds a line's end."""
    return lines.encode("utf-8", "surrogatepass").split(b"\n")


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


def _chains(
    text: str, words: Sequence[Token], row: Sequence[_Described], facts: Callable[[str], WordFacts]
) -> dict[int, list[str]]:
    """Say where names of the lexicon begin that are cut into several words, and where a given name follows one."""
    ends = {end: i for i, (_, end, _) in enumerate(words)}
    chains: dict[int, list[str]] = {}
    for i, ((start, _, _), one) in enumerate(zip(words, row, strict=True)):
        if one.shape[0] not in "Kh":
            continue
        for length in _families(facts, text[start : start + _LONGEST_FAMILY]):
            cut = start + length
            if ends.get(cut, i) > i:
                chains.setdefault(i, []).append("m")
            for stop in _givens(text, cut, facts):
                if stop in ends:
                    _mark(chains, i, ends[stop], f"p{min(length, 3)}{stop - cut}")
    return chains


@lru_cache(maxsize=_PAIRS)
def _families(facts: Callable[[str], WordFacts], text: str) -> tuple[int, ...]:
    """Return how long the family names are that a text begins with, the longest first."""
    return tuple([length for length in range(len(text), 0, -1) if facts(text[:length]).flags & SURNAME])


def _givens(text: str, start: int, facts: Callable[[str], WordFacts]) -> list[int]:
    longest = min(start + _LONGEST_GIVEN, len(text))
    return [stop for stop in range(longest, start, -1) if facts(text[start:stop]).flags & GIVEN]


def _mark(chains: dict[int, list[str]], first: int, last: int, pair: str) -> None:
    chains.setdefault(first, []).append(pair)
    chains.setdefault(last, []).append("e")
    for inner in range(first + 1, last):
        chains.setdefault(inner, []).append("i")


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
