"""Break Japanese text into lines: widths in cells, no line that starts with 。 or ends with （ (JIS X 4051)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_NO_START = frozenset(
    "、。，．,.・：；:;？！?!ー～〜％%…‥々ゝゞヽヾ）)］]｝}」』】》〉〕”’ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NO_END = frozenset("（(［[｛{「『【《〈〔“‘")
_TOGETHER = frozenset("●")


@lru_cache(maxsize=4096)
def cell_width(char: str) -> int:
    """Return the cells that a character takes, at most: consoles disagree on ambiguous ones such as ● and …."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F", "A"} else 1


def cells(text: str) -> int:
    """Return the cells that a text takes, at most."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(cell_width, text))


def breaks(text: str, width: int) -> tuple[int, ...]:
    """Return where lines after the first start, so that none takes more than `width` cells, save for spaces at its end.

    A word longer than a line is broken anywhere; nothing is left out.
    """
    if 2 * len(text) <= width or cells(text) <= width:
        return ()
    found: list[int] = []
    start = chance = used = 0
    for at, char in enumerate(text):
        if at > start and _may_break(text[at - 1], char):
            chance = at
        while char != " " and at > start and used + cell_width(char) > width:
            start = chance if chance > start else at
            found.append(start)
            used = cells(text[start:at])
        used += cell_width(char)
    return tuple(found)


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NO_START or before in _NO_END or not cell_width(after):
        return False
    if (before == after and before in _TOGETHER) or (before.isdecimal() and after not in _NO_END):
        return False  # a number stays with what it counts
    return before in " /\\" or not cell_width(before) == cell_width(after) == 1
