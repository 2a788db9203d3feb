"""Find the reading of a name in brackets behind it, and names by the reading: 「月見里（やまなし）さん」."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.detectors.person import KANJI, Found, Names, katakana
from aiguard.morph import reading as reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_READING = re.compile(
    r" ?(?:様|さん|氏|殿|くん|君|ちゃん)?\(((?:[ぁ-ん]{2,12}|[ァ-ヶー]{2,12})(?:[ ・](?:[ぁ-ん]{2,7}|[ァ-ヶー]{2,7}))?)\)"
)
_RESPECT = re.compile(r"\) ?(?:様|さん|氏|殿|くん|君|ちゃん)")
_SOUNDS = 2  # kana by which a reading is told from a remark
_READ = re.compile(r"\([ぁ-ん]{2,12}(?: [ぁ-ん]{2,7})?\) ?(?:様|さん|氏|殿|くん|君|ちゃん)")
_BEFORE = re.compile(rf"(?<!{KANJI}){KANJI}{{1,6}}(?: {KANJI}{{1,3}})?\Z")
_LONGEST = 12


def reading_behind(known: Names, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the reading of a name stands in brackets behind it: 「美月（みづき）」「山岸様（やまぎしみどり）」."""
    match = _READING.match(text, end)
    if match is None:
        return None
    parts = [katakana(part) for part in re.split("[ ・]", match[1])]
    lexicons = known.lexicon("given-readings"), known.lexicon("surname-readings")
    known_part = any(part in readings for part in parts for readings in lexicons)
    if known_part or (match[1][0] < "ァ" and respected(text, match.end(1))):
        return match.span(1)
    return match.span(1) if parts[0][:_SOUNDS] == reading_of(text[start:end])[:_SOUNDS] else None


def respected(text: str, at: int) -> bool:
    """Tell whether brackets close at a place and a word of respect follows."""
    return bool(_RESPECT.match(text, at))


def read_names(known: Names, text: str) -> Iterator[Found]:
    """Yield a name that nobody can read without help, by its reading and the word of respect: 「月見里（やまなし）さん」."""
    for brackets in _READ.finditer(text):
        match = _BEFORE.search(text, max(0, brackets.start() - _LONGEST), brackets.start())
        if match and match.group() not in known.not_persons and match.group() not in known.kin:
            yield Found(match.start(), match.end(), ("honorific",))
