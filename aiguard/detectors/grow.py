"""Widen a word that was found to the whole name it is the head of: 炎 to 誤嚥性肺炎, 心筋梗塞 to 陳旧性心筋梗塞.

A list holds the heads and a pattern what may stand before them, so that a name need not be listed to be known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.detectors.reading import TIMEOUT, Reading, Word, whole
from aiguard.regexes import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import Span

_REACH = 24


class Grow(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe how the words of a class grow; all are regular expressions for the folded text.

    `before` and `after` must touch the word and belong to the name; a part that may be missing says so itself. `cut`
    is taken off the front again (本人 of 本人糖尿病). A name that is `unlike` in whole is dropped, and one that
    `not_before` or `not_after` touches. `whole` keeps a word in katakana or Latin letters from a longer one.
    """

    before: str = ""
    after: str = ""
    cut: str = ""
    unlike: str = ""
    not_before: str = ""
    not_after: str = ""
    whole: bool = False


def patterns(grow: Grow) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    behind = tuple(_ending(each) for each in (grow.before, grow.not_before) if each)
    return behind + tuple(each for each in (grow.after, grow.cut, grow.unlike, grow.not_after) if each)


def grown(grow: Grow, reading: Reading, words: list[Word]) -> Iterator[Span]:
    """Yield the names that the words are a part of, as spans of the source."""
    for word in words:
        if not grow.whole or whole(reading.source, word):
            span = _grown(grow, reading, word)
            if span:
                yield reading.text.to_source(*span)


def _grown(grow: Grow, reading: Reading, word: Word) -> tuple[int, int] | None:
    text = reading.text.text
    start, end = reading.text.from_source(word.start), reading.text.from_source(word.end)
    if grow.before:
        before = compiled(_ending(grow.before)).search(text[max(0, start - _REACH) : start], timeout=TIMEOUT)
        if not before:
            return None
        start -= len(before.group())
    if grow.after:
        after = compiled(grow.after).match(text, end, end + _REACH)
        if not after:
            return None
        end = after.end()
    if grow.cut:
        start = _cut(grow.cut, text, start, end)
    return None if _refused(grow, text, start, end) else (start, end)


def _cut(pattern: str, text: str, start: int, end: int) -> int:
    match = compiled(pattern).match(text, start, end)
    return match.end() if match else start


def _refused(grow: Grow, text: str, start: int, end: int) -> bool:
    return bool(
        (grow.unlike and compiled(grow.unlike).fullmatch(text, start, end))
        or (grow.not_after and compiled(grow.not_after).match(text, end))
        or (grow.not_before and compiled(_ending(grow.not_before)).search(text[max(0, start - _REACH) : start]))
    )


def _ending(pattern: str) -> str:
    return f"(?:{pattern})$"
