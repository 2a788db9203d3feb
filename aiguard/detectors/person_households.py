"""Find family names before what families have (世帯, 宅, 家), before given names of today, and side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.detectors.person import KANJI, Found, Names
from aiguard.detectors.person_parts import FIRST, is_modern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_HOUSEHOLD = re.compile(
    rf"世帯(?![数員主平])|宅(?![地配急建])|邸(?!{KANJI})|[ご御]?夫[婦妻]|ご一家"
    rf"|(?P<house>(?:家|母子|父子|親子|兄弟|姉妹|両名)(?!{KANJI})(?![ァ-ヶー]))"
)
_OPENERS = frozenset(f"世宅邸ご御夫家母父親兄姉両{FIRST}")  # what all that follows a family name here begins with
_PART_OF_TOWN = re.compile(r"[東西南北中]部\Z")
_GIVEN = re.compile(rf"{KANJI}{{2}}(?!(?!様|氏|殿|君|宅|家|邸|夫){KANJI})(?![ァ-ヶー])")
_HEAD = 8  # code points before a row that are looked at
_NOT_INSIDE = re.compile(rf"{KANJI}|[ァ-ヶー]")
_LONGEST, _SHORTEST = 5, 2
_ROW = re.compile(rf"(?<!{KANJI})(?:{KANJI}{{1,5}}(?:[、,・/] ?| {{1,2}})(?:[0-9]{{1,2}}番 ?)?){{2,}}{KANJI}{{1,5}}")
_ITEM = re.compile(rf"(?<!{KANJI})(?:(?<=[0-9])番)?({KANJI}{{1,5}})(?!{KANJI})")
_LEAST = 2  # names of a row that were found, and at least half of it, to take the others for names


def households(known: Names, text: str, places: Iterable[int]) -> Iterator[Found]:
    """Yield family names of the lexicon before a word of their house, or a given name of today; `places` may begin one."""
    for at in places:
        if _OPENERS.isdisjoint(text[at + _SHORTEST : at + _LONGEST + 1]):
            continue
        if text[at] > "ヿ" and not (at and _NOT_INSIDE.match(text, at - 1)):
            ends = (end for end in range(at + _LONGEST, at + _SHORTEST - 1, -1) if known.family(text[at:end]))
            end = next(ends, None)
            if end and text[at:end] not in known.not_persons and not _PART_OF_TOWN.fullmatch(text, at, end):
                yield from _before(known, text, at, end)


def _before(known: Names, text: str, start: int, end: int) -> Iterator[Found]:
    if house := _HOUSEHOLD.match(text, end):
        yield Found(start, end, ("surname" if house["house"] else "honorific",))
    given = _GIVEN.match(text, end)
    if given and is_modern(given.group()) and not known.spoiled(text, start, given.end()):
        yield Found(start, given.end(), ("full", *known.role(text, start, given.end())))


def rows_of_families(known: Names, text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Yield family names, of one kanji too, in a row that holds two that were found: 「関根、森、柳沢、五味」.

    Behind a word for those who take part nothing need be found, if all may be family names: 「欠席：矢沢、関、岡」.
    """
    spans = {(one.start, one.end) for one in found}
    if len(spans) < _LEAST and not any(head in text for head in known.heads):
        return
    for row in _ROW.finditer(text):
        items = [match.span(1) for match in _ITEM.finditer(text, row.start(), row.end())]
        headed = text[slice(*items[0])] in known.heads
        items = items[headed:]
        headed = headed or text[max(0, row.start() - _HEAD) : row.start()].rstrip(":はがに ").endswith(known.heads)
        families = [item for item in items if _is_family(known, text[slice(*item)])]
        sure = 0 if " " in row.group() else len(spans.intersection(items))
        enough = (sure >= _LEAST and sure * 2 >= len(items)) or (headed and len(families) == len(items))
        if enough and not known.not_after.begin(text, row.end()):
            yield from (Found(*item, ("surname",)) for item in families)


def _is_family(known: Names, word: str) -> bool:
    return word not in known.not_persons and (known.family(word) or word in known.short)
