"""Describe the words of a text for the model of names, by features that the model has weights for.

A word says much the same wherever it stands, and so do two words in a row: what they say is made once and remembered.
What is made of features is up to who asks, as long as it can be added up: a list of them to learn from, or the sum of
their weights.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

from aiguard.lexicon import GIVEN, NOTHING, SURNAME, WordFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiguard.morph import Token

Made = TypeVar("Made", int, list[bytes])
_EDGE = "#"
_REACH = 3  # words on both sides that are described
_LONGEST_FAMILY, _LONGEST_GIVEN = 4, 3


_WORDS, _PAIRS = 4_000, 8_000  # that are remembered: some ten megabytes


def features(
    text: str, words: Sequence[Token], facts: Callable[[str], WordFacts], made: Callable[[str], Made]
) -> list[Made]:
    """Return what is made of the features of words: itself, its class, its shape, its facts, and its neighbours.

    `made` gets features one a line; their names are short because the model stores each of them.
    """
    edges: list[_Described[Made]] = [_described(facts, made, _EDGE, _EDGE)] * _REACH
    row = [*edges, *[_described(facts, made, text[start:end], tag) for start, end, tag in words], *edges]
    pairs = [_paired(made, one, other) for one, other in pairwise(row)]
    gaps = _gaps(text, words)
    chains = _chains(text, words, row[_REACH:-_REACH], facts)
    found = [
        row[i + 3].own + row[i + 2].before + row[i + 4].behind + row[i + 1].second_before + row[i + 5].second_behind
        + row[i].third_before + row[i + 6].third_behind
        + pairs[i + 2].before + pairs[i + 3].behind + pairs[i + 1].far_before + pairs[i + 4].far_behind
        + made(_placed(row[i + 2], row[i + 3], row[i + 4], gaps[i], gaps[i + 1]))
        for i in range(len(words))
    ]  # fmt: skip
    for i, said in chains.items():
        for step in (-1, 0, 1):
            if 0 <= i - step < len(found):
                found[i - step] += made("\n".join(f"c{step}={chain}" for chain in said))
    return found


class _Described(Generic[Made]):
    """Hold a word and the features it makes: of itself, of the words behind and before it, one, two and three away.

    Equal only to itself, so that pairs of words are quick to look up.
    """

    __slots__ = (
        "before", "behind", "group", "known", "own", "second_before", "second_behind", "shape", "tag", "third_before",
        "third_behind", "word",
    )  # fmt: skip

    own: Made
    before: Made
    behind: Made
    second_before: Made
    second_behind: Made
    third_before: Made
    third_behind: Made

    def __init__(self, made: Callable[[str], Made], word: str, tag: str, known: WordFacts) -> None:
        """Describe a word: w, a and b words, t tags, x signs of the lexicon, k and d clusters, s shapes."""
        self.word, self.tag, self.known, self.shape = word, tag, known, _shape(word)
        x, k, d, s = known.signs, known.cluster, known.group, self.shape
        own = f"b\nw={word}\nt={tag}\ns={s}\nx={x}\nk={k}\nd={d}\nxt={x}|{tag}"
        if len(word) > 1:
            own += f"\np1={word[0]}\np2={word[:2]}\nq1={word[-1]}\nq2={word[-2:]}\nq3={word[-3:]}"
        self.own = made(own)
        self.before = made(f"a={word}\nta={tag}\nxa={x}\nsa={s}\nka={k}\nda={d}")
        self.behind = made(f"b={word}\ntb={tag}\nxb={x}\nsb={s}\nkb={k}\ndb={d}")
        self.second_before = made(f"aa={word}\ntaa={tag}\nkaa={k}\ndaa={d}")
        self.second_behind = made(f"bb={word}\ntbb={tag}\nkbb={k}\ndbb={d}")
        self.third_before = made(f"v3={word}\nl3={k}")
        self.third_behind = made(f"w3={word}\nk3={k}")


class _Paired(Generic[Made]):
    """Hold the features that two words in a row make: of the second, of the first, of the words behind and before."""

    __slots__ = ("before", "behind", "far_before", "far_behind")

    before: Made
    behind: Made
    far_before: Made
    far_behind: Made

    def __init__(self, made: Callable[[str], Made], one: _Described[Made], other: _Described[Made]) -> None:
        a, ta, sa, (xa, _, ka, da) = one.word, one.tag, one.shape, one.known
        b, tb, sb, (xb, _, kb, db) = other.word, other.tag, other.shape, other.known
        self.before = made(
            f"t1={ta}|{tb}\nwt={a}|{tb}\nwx={a}|{xb}\nx1={xa}|{xb}\nws={a}|{sb}\nxda={da}|{xb}\nkx={ka}|{xb}"
        )
        self.behind = made(
            f"t2={ta}|{tb}\ntw={ta}|{b}\nxw={xa}|{b}\nx2={xa}|{xb}\nsw={sa}|{b}\nxdb={xa}|{db}\nxk={xa}|{kb}"
        )
        self.far_before, self.far_behind = made(f"aab={a}|{b}"), made(f"bbb={a}|{b}")


@lru_cache(maxsize=_WORDS)
def _described(facts: Callable[[str], WordFacts], made: Callable[[str], Made], word: str, tag: str) -> _Described[Made]:
    return _Described(made, word, tag, NOTHING if word == _EDGE else facts(word))


_paired = lru_cache(maxsize=_PAIRS)(_Paired)


def _placed(before: _Described[Made], one: _Described[Made], behind: _Described[Made], gap: str, next_gap: str) -> str:
    """Return what a word says by what stands on both sides of it."""
    return (
        f"t3={before.tag}|{one.tag}|{behind.tag}\ns3={before.shape}|{one.shape}|{behind.shape}"
        f"\nab={before.word}|{behind.word}\ndab={before.known.group}|{behind.known.group}"
        f"\ng={gap}|{next_gap}\ngx={gap}|{one.known.signs}|{next_gap}"
    )


def each(lines: str) -> list[bytes]:
    """Make a list of features, in UTF-8: no word holds a line's end."""
    return lines.encode("utf-8", "surrogatepass").split(b"\n")


def _gaps(text: str, words: Sequence[Token]) -> list[str]:
    """Say what stands between the words: nothing, a blank, more blanks, a tab, a line's end."""
    ends = [0, *(end for _, end, _ in words)]
    starts = [*(start for start, _, _ in words), len(text)]
    gaps = ["" if end == start else _gap(text[end:start]) for end, start in zip(ends, starts, strict=True)]
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
    text: str, words: Sequence[Token], row: Sequence[_Described[Made]], facts: Callable[[str], WordFacts]
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
