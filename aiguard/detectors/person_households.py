"""Find family names that stand before what families have (世帯, 宅, 家), before a name in kana, and side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.detectors.person import ENDINGS, FIRST, KANJI, SECOND, Found, Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_HOUSEHOLD = re.compile(
    rf"世帯(?![数員主平])|宅(?![地配急建])|邸(?!{KANJI})|[ご御]?夫[婦妻]|ご一家|(?P<house>家(?!{KANJI}))"
)
_PART_OF_TOWN = re.compile("[東西南北中]部$")
_RESPECT = "様|さん|氏|殿|くん|君|ちゃん|さま"
_ENDS = rf"(?!(?!様|氏|殿|君|宅|家|邸|夫){KANJI})"
# A given name in kana; before a word of respect in hiragana too, which elsewhere may be anything: 「安孫子せつ様」.
_KANA_GIVEN = re.compile(
    rf"(?P<old>[ァ-ヶー]{{2,3}}[子江乃枝恵]){_ENDS}|(?P<kana>[ァ-ヶー]{{2,4}})(?![ァ-ヶー])(?:[{ENDINGS}]{_ENDS})?"
    rf"|(?P<soft>[ぁ-ん]{{2,4}}?[{ENDINGS}]?) ?(?={_RESPECT})"
)
# A given name of today that no lexicon has: 「莉央」「蒼真」.
_MODERN = re.compile(rf"[{FIRST}][{SECOND}]{_ENDS}(?![ァ-ヶー])")
# Who made a song or a book is said on it.
_CREDIT = re.compile("(?:作詞|作曲|編曲|歌|唄|詩|曲|絵|文|訳)[:/ ]{1,2}$")
_REACH = 4
_HEAD = 8  # code points before a row that are looked at
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
            if end and text[at:end] not in known.not_persons and not _PART_OF_TOWN.fullmatch(text, at, end):
                yield from _before(known, text, at, end)


def _before(known: Names, text: str, start: int, end: int) -> Iterator[Found]:
    if house := _HOUSEHOLD.match(text, end):
        yield Found(start, end, ("surname" if house["house"] else "honorific",))
    given = _KANA_GIVEN.match(text, end)
    if given and (given["old"] or _is_given(known, given["kana"] or given["soft"])):
        stop = given.end()
    elif modern := _MODERN.match(text, end):
        stop = modern.end()
    else:
        return
    if not known.spoiled(text, start, stop) and not _CREDIT.search(text, max(0, start - _REACH), start):
        yield Found(start, stop, ("full", *known.role(text, start, stop)))


def _is_given(known: Names, word: str) -> bool:
    return known.given(word) and word not in known.not_persons


def rows_of_families(known: Names, text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Yield family names, of one kanji too, in a row that holds two that were found: 「関根、森、柳沢、五味」.

    Behind a word for those who take part nothing need be found, if all may be family names: 「欠席：矢沢、関、岡」.
    """
    spans = {(one.start, one.end) for one in found}
    if len(spans) < _LEAST and not any(head in text for head in known.heads):
        return
    for row in _ROW.finditer(text):
        items = [match.span(1) for match in _ITEM.finditer(text, row.start(), row.end())]
        families = [item for item in items if _is_family(known, text[slice(*item)])]
        sure = len(spans.intersection(items))
        enough = sure >= _LEAST and sure * 2 >= len(items)
        if not enough and len(families) == len(items):
            before = text[max(0, row.start() - _HEAD) : row.start()]
            enough = before.rstrip(":はがに ").endswith(known.heads)
        if enough and not known.not_after.begin(text, row.end()):
            yield from (Found(*item, ("surname",)) for item in families)


def _is_family(known: Names, word: str) -> bool:
    return word not in known.not_persons and (known.family(word) or word in known.short)
