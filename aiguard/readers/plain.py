"""Read text that is already as people write it: one segment, nothing changed."""

from __future__ import annotations

import re
from typing import Final

from aiguard.model import Segment, Unchecked

_CHARACTER_REFERENCE: Final = re.compile(r"&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});")


def read_plain(text: str) -> tuple[tuple[Segment, ...], tuple[Unchecked, ...]]:
    """Return the text as one segment."""
    return (Segment(text),), ()


def read_markup(text: str) -> tuple[tuple[Segment, ...], tuple[Unchecked, ...]]:
    """Return XML as plain text, tags included; characters written as numbers cannot be checked so."""
    if not _CHARACTER_REFERENCE.search(text):
        return read_plain(text)
    reason = "文字が番号（&#…;）で書かれた箇所は確認できません。テキスト形式で保存してください"
    return (Segment(text),), (Unchecked(None, reason),)
