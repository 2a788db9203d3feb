"""Read text that is already as people write it: one segment, nothing changed."""

from __future__ import annotations

import re
from typing import Final

from aiguard.model import Segment, Unchecked

_ENCODED_PART: Final = re.compile(
    r"^content-transfer-encoding:[ \t]*(?:base64|quoted-printable)", re.IGNORECASE | re.MULTILINE
)
_ENCODED_HEADER: Final = re.compile(r"=\?[\w-]{2,20}\?[BbQq]\?")
_CHARACTER_REFERENCE: Final = re.compile(r"&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});")


def read_plain(text: str) -> tuple[tuple[Segment, ...], tuple[Unchecked, ...]]:
    """Return the text as one segment."""
    return (Segment(text),), ()


def read_mail(text: str) -> tuple[tuple[Segment, ...], tuple[Unchecked, ...]]:
    """Return a mail as plain text; encoded headers, bodies and attachments cannot be checked so."""
    if not (_ENCODED_PART.search(text) or _ENCODED_HEADER.search(text)):
        return read_plain(text)
    reason = "メールの一部が符号化（Base64など）されているため確認できません。本文をテキスト形式で保存してください"
    return (Segment(text),), (Unchecked(None, reason),)


def read_markup(text: str) -> tuple[tuple[Segment, ...], tuple[Unchecked, ...]]:
    """Return HTML or XML as plain text, tags included; characters written as numbers cannot be checked so."""
    if not _CHARACTER_REFERENCE.search(text):
        return read_plain(text)
    reason = "文字が番号（&#…;）で書かれた箇所は確認できません。テキスト形式で保存してください"
    return (Segment(text),), (Unchecked(None, reason),)
