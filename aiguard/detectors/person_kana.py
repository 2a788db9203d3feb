"""Find whole names whose given name is in kana, by the kana: 「佐々木ヨシ子」「梅原ウメノ」「森ツギ江」."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.detectors.person import ENDINGS, KANJI, Found, Names
from aiguard.detectors.person_parts import JOINTED, is_family, is_given

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KATAKANA = re.compile(rf"[ァ-ヶー]{{2,4}}(?![ァ-ヶー])(?:[{ENDINGS}](?!(?!様|氏|殿|君|宅|家|邸|夫){KANJI}))?")
_RESPECTED = re.compile(" ?(?:様|さん|氏|殿|くん|君|ちゃん|さま|宅|世帯)")
_FAMILY = re.compile(rf"(?<![ァ-ヶー])(?<!{KANJI})(?:{JOINTED}|{KANJI}{{1,5}})\Z")
# Hiragana may be anything, but before a word of respect.
_HIRAGANA = re.compile(
    rf"(?<![ァ-ヶー])(?<!{KANJI})({JOINTED}|{KANJI}{{1,5}})(?!さん|さま|くん|ちゃん)([ぁ-ん]{{2,4}}[{ENDINGS}]?)\Z"
)
# Who made a song or a book is said on it.
_CREDIT = re.compile(r"(?:作詞|作曲|編曲|歌|唄|詩|曲|絵|文|訳)[:/ ]{1,2}\Z")
_REACH = 4
_LONGEST = 6


def kana_names(known: Names, text: str, honorifics: Iterable[int]) -> Iterator[Found]:
    """Yield a family name and a given name in katakana, or in hiragana where an honorific begins."""
    for match in _KATAKANA.finditer(text):
        family = _FAMILY.search(text, max(0, match.start() - _LONGEST), match.start())
        if family and _is_name(known, text, family.group(), match.group(), match.end()):
            yield Found(family.start(), match.end(), ("full", *known.role(text, family.start(), match.end())))
    for at in honorifics:
        both = _HIRAGANA.search(text, max(0, at - 2 * _LONGEST), at)
        if both and _is_name(known, text, both[1], both[2], at):
            yield Found(both.start(), at, ("full",))


def _is_name(known: Names, text: str, family: str, given: str, end: int) -> bool:
    if family in known.not_persons or not is_family(known, family) or not is_given(known, given):
        return False
    start = end - len(family) - len(given)
    if len(family) == 1 and given[-1] <= "ヿ" and not _RESPECTED.match(text, end):
        return False
    return not known.spoiled(text, start, end) and not _CREDIT.search(text, max(0, start - _REACH), start)
