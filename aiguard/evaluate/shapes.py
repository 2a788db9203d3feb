"""Describe a text by the kinds of its characters, without giving it away."""

from __future__ import annotations

NAME_SHAPES = ("kanji_1_2", "kanji_3_5", "kanji_6_up", "kanji_kana", "hiragana", "katakana", "romaji", "other")

_RANGES = (
    (
        "漢字",
        (0x3005, 0x3007),
        (0x303B, 0x303B),
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF),
        (0xF900, 0xFAFF),
        (0x20000, 0x3FFFF),
    ),
    ("ひらがな", (0x3041, 0x309F)),
    ("カタカナ", (0x30A0, 0x30FF), (0x31F0, 0x31FF), (0xFF65, 0xFF9F)),
    ("英字", (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)),
    ("数字", (0x30, 0x39), (0xFF10, 0xFF19)),
)
_KINDS = tuple((name, low, high) for name, *ranges in _RANGES for low, high in ranges)
_SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))
# Points and marks that join the parts of a name in any script: ー is written after hiragana as well.
_JOINERS = frozenset("・･.．,，'’-‐－=＝ーｰ")
_ONE_KIND = {"ひらがな": "hiragana", "カタカナ": "katakana", "英字": "romaji"}
_FAMILY_OR_GIVEN = 2
_FULL_NAME = 5


def name_shape(name: str) -> str:
    """Sort a person's name into one of `NAME_SHAPES`; spaces, points and variation selectors do not count."""
    letters = [letter for letter in _letters(name) if letter not in _JOINERS]
    kinds = frozenset(_kind(letter) for letter in letters)
    if kinds == {"漢字"}:
        return _kanji_shape(len(letters))
    if "漢字" in kinds and kinds <= {"漢字", "ひらがな", "カタカナ"}:
        return "kanji_kana"
    return _ONE_KIND.get("".join(kinds), "other")


def hint(text: str) -> str:
    """Say of what kinds of characters a text is made and how many they are: 漢字4字."""
    letters = _letters(text)
    kinds = dict.fromkeys(_kind(letter) for letter in letters)
    return f"{'・'.join(kinds)}{len(letters)}字" if letters else "文書全体"


def _kanji_shape(length: int) -> str:
    if length <= _FAMILY_OR_GIVEN:
        return "kanji_1_2"
    return "kanji_3_5" if length <= _FULL_NAME else "kanji_6_up"


def _letters(text: str) -> list[str]:
    return [
        letter
        for letter in text
        if not letter.isspace() and not any(first <= letter <= last for first, last in _SELECTORS)
    ]


def _kind(letter: str) -> str:
    point = ord(letter)
    return next((name for name, low, high in _KINDS if low <= point <= high), "記号")
