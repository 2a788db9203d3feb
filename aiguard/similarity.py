"""Compare a draft with existing works (8.3(1)): exact and near copies by shared grams, then by their edit distance.

Fingerprints follow winnowing (Schleimer, Wilkerson, Aiken: Winnowing: Local Algorithms for Document Fingerprinting,
SIGMOD 2003): of every `WINDOW` neighbouring grams the smallest hash is kept, so that two texts which share
`GRAM + WINDOW - 1` letters share a fingerprint wherever the passage stands. Letters and digits count only.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from aiguard.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GRAM = 7
WINDOW = 4
_DRIFT = 12  # letters by which edits may shift a passage
_GAP = 40  # letters without a shared fingerprint inside one passage
_FAR = 2000  # letters to widen a passage by


class Letters(NamedTuple):
    """Hold the letters and digits of a text, folded, and where each stands in it."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return the place of a stretch of the letters in the text."""
        return Span(self.places[start], self.places[end - 1] + 1)


class Passage(NamedTuple):
    """Pair a passage of a draft with its like in a work: spans in the texts, and how much of them agrees (0–1)."""

    span: Span
    work: Span
    alike: float
    length: int


def letters_of(text: str) -> Letters:
    """Fold a text to what is compared: NFKC, lower case, katakana and hiragana apart, no marks and no spaces."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for folded in unicodedata.normalize("NFKC", character).lower():
            if folded.isalnum() or folded == "ー":
                kept.append(folded)
                places.append(place)
    return Letters("".join(kept), tuple(places))


def fingerprints(letters: str) -> tuple[tuple[int, int], ...]:
    """Return (hash, position) of the grams that winnowing keeps, ascending by position."""
    hashes = [crc32(letters[at : at + GRAM].encode()) for at in range(len(letters) - GRAM + 1)]
    if not hashes:
        return ()
    kept: list[tuple[int, int]] = []
    last = -1
    for start in range(max(1, len(hashes) - WINDOW + 1)):
        window = hashes[start : start + WINDOW]
        least = min(window)
        at = start + len(window) - 1 - window[::-1].index(least)
        if at != last:
            kept.append((least, at))
            last = at
    return tuple(kept)


def regions(shared: Iterable[tuple[int, int]]) -> list[tuple[Span, Span]]:
    """Join pairs of positions (draft, work) that lie on nearly one diagonal into passages of both; longest first."""
    open_: dict[int, list[int]] = {}
    done: list[list[int]] = []
    for a, b in sorted(set(shared)):
        key = next(
            (k for k, r in open_.items() if abs((b - a) - (r[3] - r[1])) <= _DRIFT and r[1] <= a <= r[1] + _GAP + GRAM),
            None,
        )
        if key is None:
            open_ = {k: r for k, r in open_.items() if a <= r[1] + _GAP + GRAM}
            region = [a, a, b, b]
            open_[id(region)] = region
            done.append(region)
        else:
            region = open_[key]
            region[1], region[3] = a, max(region[3], b)
    spans = [(Span(a, c + GRAM), Span(min(b, d), max(b, d) + GRAM)) for a, c, b, d in done]
    return sorted(spans, key=lambda pair: pair[0].start - pair[0].end)


def passages(
    draft: Letters, work: Letters, shared: Iterable[tuple[int, int]], least: int, alike: float
) -> list[Passage]:
    """Return the passages of a draft that stand in a work, of `least` letters or more; apart, ascending."""
    found: list[Passage] = []
    for mine, theirs in regions(shared):
        if mine.end - mine.start < least * 2 // 5:  # a few letters beside boilerplate would be widened over all of it
            continue
        passage = _aligned(draft, work, mine, theirs, alike)
        if passage and passage.length >= least and all(_apart(passage.span, one.span) for one in found):
            found.append(passage)
    return sorted(found)


def shared_grams(
    draft: Sequence[tuple[int, int]], work: Sequence[tuple[int, int]], ignored: frozenset[int] = frozenset()
) -> list[tuple[int, int]]:
    """Return the positions (draft, work) of the fingerprints that two texts share."""
    where: Mapping[int, list[int]] = defaultdict(list)
    for value, place in work:
        where[value].append(place)
    return [(a, b) for value, a in draft if value not in ignored for b in where.get(value, ())]


def longest_common(one: str, other: str) -> int:
    """Return the length of the longest run that two texts share, in code points."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size


def _aligned(draft: Letters, work: Letters, mine: Span, theirs: Span, alike: float) -> Passage | None:
    """Widen a passage as far as the texts agree, and weigh it by the share of letters that agree in order."""
    from rapidfuzz.distance import LCSseq

    mine, theirs = _widened(draft.text, work.text, mine, theirs)
    a, b = draft.text[mine.start : mine.end], work.text[theirs.start : theirs.end]
    share: float = LCSseq.normalized_similarity(a, b)
    if share < alike:
        return None
    length = min(mine.end - mine.start, theirs.end - theirs.start)
    return Passage(draft.span(mine.start, mine.end), work.span(theirs.start, theirs.end), share, length)


def _widened(one: str, other: str, mine: Span, theirs: Span) -> tuple[Span, Span]:
    """Take in the letters beside a passage as far as they agree, over single edits."""
    start, start_other = _reach(one[: mine.start][::-1], other[: theirs.start][::-1])
    end, end_other = _reach(one[mine.end :], other[theirs.end :])
    return (
        Span(mine.start - start, mine.end + end),
        Span(theirs.start - start_other, theirs.end + end_other),
    )


def _reach(one: str, other: str) -> tuple[int, int]:
    """Return how far two texts agree from their starts: exact runs, and past one edit where four more agree."""
    a = b = 0
    while True:
        while a < len(one) and b < len(other) and one[a] == other[b]:
            a, b = a + 1, b + 1
        step = next(
            (
                (i, j)
                for i, j in ((1, 1), (0, 1), (1, 0), (2, 2))
                if one[a + i : a + i + 4] and one[a + i : a + i + 4] == other[b + j : b + j + 4]
            ),
            None,
        )
        if step is None or a > _FAR:
            return a, b
        a, b = a + step[0], b + step[1]


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start


def line_of(text: str, place: int) -> int:
    """Return the 1-based line of a place in a text."""
    breaks = [at for at, character in enumerate(text) if character == "\n"]
    return bisect_right(breaks, place - 1) + 1
