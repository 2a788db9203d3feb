"""Draw names at random from the lexicons, in the script and the shape of the names they stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.lexicon import FOREIGN, GIVEN, GIVEN_READING, SURNAME, SURNAME_READING, katakana

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

KANJI = re.compile(r"[㐀-鿿々〆𠀀-𯿿]+")
KATAKANA = re.compile("[ァ-ヶー]+")
HIRAGANA = re.compile("[ぁ-ん]+")
MIXED = re.compile(r"[㐀-鿿々ぁ-んァ-ヶー]+")
TO_HIRAGANA = {ord(katakana(chr(code))): code for code in range(ord("ぁ"), ord("ゖ"))}
JOINT = re.compile("([・＝= \u3000])")
# Common family names stand in texts as often as all the others together.
COMMON = 0.5
LONGEST, LONGEST_FOREIGN, LONGEST_READING = 4, 8, 6


class Stock:
    """Hold the names to draw from, by kind."""

    def __init__(self, words: Iterable[tuple[str, tuple[int, int, int]]], common: Iterable[str]) -> None:
        names = [(word, record[0]) for word, record in words]
        self.family = [w for w, flags in names if flags & SURNAME and KANJI.fullmatch(w) and len(w) <= LONGEST]
        self.given = [w for w, flags in names if flags & GIVEN and KANJI.fullmatch(w) and len(w) < LONGEST]
        self.kana_given = [w for w, flags in names if flags & GIVEN and HIRAGANA.fullmatch(w) and len(w) > 1]
        self.foreign = [
            w for w, flags in names if flags & FOREIGN and KATAKANA.fullmatch(w) and 1 < len(w) <= LONGEST_FOREIGN
        ]
        self.family_reading = [w for w, flags in names if flags & SURNAME_READING and KATAKANA.fullmatch(w)]
        self.given_reading = [w for w, flags in names if flags & GIVEN_READING and KATAKANA.fullmatch(w)]
        self.common = list(common)


def renamer(stock: Stock, draw: random.Random) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """Return a function that renames the parts of names, each part in the same way throughout a text."""
    new: dict[tuple[str, int], str] = {}

    def part(word: str, place: int) -> str:
        if (word, place) not in new:
            new[word, place] = _drawn(stock, draw, word, place)
        return new[word, place]

    def rename(parts: tuple[str, ...]) -> tuple[str, ...]:
        if len(parts) == 1:
            return tuple(word if JOINT.fullmatch(word) else part(word, 2) for word in JOINT.split(parts[0]) if word)
        if len(parts) == 2:  # noqa: PLR2004 - family and given name, one of which may be missing
            return part(parts[0], 0), part(parts[1], 1)
        return part(parts[0], 0), *parts[1:-1], part(parts[-1], 1)

    return rename


def _drawn(stock: Stock, draw: random.Random, word: str, place: int) -> str:
    """Draw a name for `word`, a family name (place 0), a given name (1), or a name whose parts are not known (2)."""
    if KANJI.fullmatch(word):
        return _kanji(stock, draw, word, place)
    reading = stock.given_reading if place else stock.family_reading
    if KATAKANA.fullmatch(word):
        japanese = place < 2 and len(word) <= LONGEST_READING  # noqa: PLR2004 - of a name whose parts are known
        return draw.choice(reading if japanese else stock.foreign)
    if HIRAGANA.fullmatch(word):
        written = place == 1 and draw.random() < COMMON
        return draw.choice(stock.kana_given) if written else draw.choice(reading).translate(TO_HIRAGANA)
    return word


def _kanji(stock: Stock, draw: random.Random, word: str, place: int) -> str:
    family = draw.choice(stock.common if draw.random() < COMMON else stock.family)
    if place == 0:
        return family
    if place == 1:
        return draw.choice(stock.given)
    if len(word) <= 2:  # noqa: PLR2004 - a family name more often than a given name
        return family if draw.random() < 0.8 else draw.choice(stock.given)  # noqa: PLR2004
    return family + draw.choice(stock.given) if len(word) <= 6 else word  # noqa: PLR2004
