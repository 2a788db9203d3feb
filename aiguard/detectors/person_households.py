"""Find family names that stand before what families have (世帯, 宅, 家), before a name in kana, and side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.detectors.person import ENDINGS, KANJI, Found, Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_HOUSEHOLD = re.compile(
    rf"世帯(?![数員主平])|宅(?![地配急建])|邸(?!{KANJI})|ご?夫[婦妻]|ご一家|一家(?!{KANJI})|(?P<house>家(?!{KANJI}))"
)
_KANA_GIVEN = re.compile(rf"([ァ-ヶー]{{2,4}})(?![ァ-ヶー])(?:[{ENDINGS}](?!{KANJI}))?")
# Who made a song or a book is said on it.
_CREDIT = re.compile("(?:作詞|作曲|編曲|歌|唄|詩|曲|絵|文|訳)[:/ ]{1,2}$")
_REACH = 4
_NOT_INSIDE = re.compile(rf"{KANJI}|[ァ-ヶー]")
_LONGEST, _SHORTEST = 5, 2
_ROW = re.compile(rf"(?<!{KANJI})(?:{KANJI}{{1,5}}[、,・/] ?(?:[0-9]{{1,2}}番 ?)?){{2,}}{KANJI}{{1,5}}")
_ITEM = re.compile(rf"(?<!{KANJI})(?:(?<=[0-9])番)?({KANJI}{{1,5}})(?!{KANJI})")
_LEAST = 2  # names of a row that were found, and at least half of it, to take the others for names


def households(known: Names, text: str, places: Iterable[int]) -> Iterator[Found]:
    """Yield family names of the lexicon before a word of their house, or a given name in kana; `places` may begin one."""
    for at in places:
        if text[at] > "ヿ" and not (at and _NOT_INSIDE.match(text, at - 1)):
            ends = (end for end in range(at + _LONGEST, at + _SHORTEST - 1, -1) if known.family(text[at:end]))
            end = next(ends, None)
            if end and text[at:end] not in known.not_persons:
                yield from _before(known, text, at, end)


def _before(known: Names, text: str, start: int, end: int) -> Iterator[Found]:
    if house := _HOUSEHOLD.match(text, end):
        yield Found(start, end, ("surname" if house["house"] else "honorific",))
    given = _KANA_GIVEN.match(text, end)
    if given is None or not known.given(given[1]) or given[1] in known.not_persons:
        return
    if not known.spoiled(text, start, given.end()) and not _CREDIT.search(text, max(0, start - _REACH), start):
        yield Found(start, given.end(), ("full", *known.role(text, start, given.end())))


def rows_of_families(known: Names, text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Yield family names, of one kanji too, in a row that holds two that were found: 「関根、森、柳沢、五味」."""
    spans = {(one.start, one.end) for one in found}
    if len(spans) < _LEAST:
        return
    for row in _ROW.finditer(text):
        items = [match.span(1) for match in _ITEM.finditer(text, row.start(), row.end())]
        sure = len(spans.intersection(items))
        if sure >= _LEAST and sure * 2 >= len(items) and not known.not_after.begin(text, row.end()):
            yield from (Found(*item, ("surname",)) for item in items if _is_family(known, text[slice(*item)]))


def _is_family(known: Names, word: str) -> bool:
    return word not in known.not_persons and (known.family(word) or word in known.short)
