"""Widen what was found of a name to the whole of it, where the tokenizer cut a part off.

UniDic knows few given names of kana and kanji, of today, and few family names with ケ or ノ in them: it gives 「ヨシ｜子」,
「優｜斗」 and 「三ツ｜橋」, and what finds names by its words finds them a character short.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.detectors.person import ENDINGS, KANJI, Found, Names
from aiguard.detectors.person_parts import SECOND, THIRD, is_family

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAY_FOLLOW = ("様", "氏", "殿", "君", "宅", "家", "邸", "夫妻", "夫婦", "世帯", "方", "本人")
# What ends no name, though its first character could: 「子ども」「代わり」「美しい」.
_NO_ENDING = re.compile("子ども|代わ|美し|世の|加え")
_KANA_TAIL = re.compile(rf"(?P<before>{KANJI}| |^)(?P<kana>[ァ-ヶー]{{1,3}}|[ぁ-ん]{{2,3}})\Z")
_KATAKANA = re.compile("[ァ-ヺー]{1,2}")
_ENDS_IN_KATAKANA = re.compile(rf"(?:{KANJI}| )[ァ-ヶー]{{1,3}}\Z")
_JOINT = re.compile(rf"(?<!{KANJI})(?<![ァ-ヶー])(?:{KANJI}[ケヶヵノツ]|{KANJI}{{2}}[ケヶヵ])\Z")
_JOINTS = frozenset("ケヶヵノツ")
_LONGEST_JOINT = 4
_GIVEN_BEHIND = re.compile(rf"([ァ-ヶー]{{2,3}})(?![ァ-ヶー])[{ENDINGS}]?")
_GIVEN = re.compile(rf"{KANJI}+\Z")
_CHARACTER = re.compile(rf"{KANJI}|[ァ-ヶー]")
_PERSON = frozenset(("full", "honorific", "kin", "model", "seen", "listed", "speaker"))


def grown(known: Names, text: str, found: Iterable[Found]) -> list[Found]:
    """Return the names with what belongs to them on both sides."""
    return [
        one if _is_apart(text, one) else Found(_start(text, one), _end(known, text, one), one.evidence) for one in found
    ]


def _is_apart(text: str, one: Found) -> bool:
    """Tell, quickly, whether nothing can belong to a name: hiragana, a mark or 様 follows, and no ケ or ノ is before."""
    following = text[one.end : one.end + 1]
    return (following < "ァ" or following == "様") and text[one.start - 1 : one.start] not in _JOINTS


def _start(text: str, one: Found) -> int:
    """Take in the first half of a family name before ケ or ノ: 三ツ橋."""
    if one.start < len("三ツ") or text[one.start - 1] not in _JOINTS or not _CHARACTER.match(text, one.start):
        return one.start
    match = _JOINT.search(text, max(0, one.start - _LONGEST_JOINT), one.start)
    return match.start() if match else one.start


def _end(known: Names, text: str, one: Found) -> int:
    following = text[one.end : one.end + 1]
    if not _CHARACTER.match(following) or not (_PERSON.intersection(one.evidence) or _is_labelled(one)):
        return one.end
    name = text[one.start : one.end]
    if (match := _KATAKANA.match(text, one.end)) and _ENDS_IN_KATAKANA.search(name):
        # 「フミ｜ヱ」
        return _ending(known, text, one.start, match.end()) if _free(known, text, match.end()) else one.end
    if "full" in one.evidence and (given := _GIVEN_BEHIND.match(text, one.end)) and _GIVEN.fullmatch(name):
        # 「伊佐治｜キク乃」
        return given.end() if known.given(given[1]) and _free(known, text, given.end()) else one.end
    if "full" in one.evidence and following in _more(known, name) and _free(known, text, one.end + 1):
        return one.end + 1
    return _ending(known, text, one.start, one.end)


def _ending(known: Names, text: str, start: int, end: int) -> int:
    """Take in the kanji that ends a given name begun in kana: 「ヨシ｜子」."""
    if (
        end == len(text)
        or text[end] not in ENDINGS
        or not _KANA_TAIL.search(text[start:end])
        or _NO_ENDING.match(text, end)
    ):
        return end
    return end + 1 if _free(known, text, end + 1) else end


def _free(known: Names, text: str, at: int) -> bool:
    """Tell whether a name can end at a place: no more of a word follows, or a word of respect or a title."""
    return not _CHARACTER.match(text, at) or text.startswith(_MAY_FOLLOW, at) or known.titles.begin(text, at)


def _more(known: Names, name: str) -> str:
    """Return the kanji that may end a full name whose given name has one kanji, or two: 「優｜斗」「美沙｜紀」."""
    for length, kanji in ((1, SECOND), (2, THIRD)):
        if _GIVEN.match(name, len(name) - length) and is_family(known, name[:-length].rstrip()):
            return kanji
    return ""


def _is_labelled(one: Found) -> bool:
    return any(said.startswith("label:") for said in one.evidence)
