r"""Decode what a text holds in another notation: base64, percent, \uXXXX and numeric character references.

Each function is the replacement of one match of its pattern; what does not decode to readable text stays as it is.
A percent sequence and a reference are decoded one character at a time, so that a value inside keeps its own span.
"""

from __future__ import annotations

import base64
import binascii
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A token of base64 (RFC 4648, also URL-safe) is no part of a longer word, a path or a JSON Web Token.
BASE64 = re.compile(
    r"(?<![0-9A-Za-z+/_=.-])(?!eyJ|[0-9]+={0,2}(?![0-9A-Za-z+/_-]))[0-9A-Za-z+/_-]{10,4000}={0,2}(?![0-9A-Za-z+/_=-]|\.[0-9A-Za-z])"
)
# One character of UTF-8 (RFC 3629) in percent-encoding (RFC 3986).
PERCENT = re.compile(
    "%[2-7][0-9A-Fa-f]|%[CDcd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}"
    "|%[Ff][0-7](?:%[89ABab][0-9A-Fa-f]){3}"
)
ESCAPE = re.compile(r"\\u[0-9A-Fa-f]{4}|&#(?:[0-9]{2,6}|[xX][0-9A-Fa-f]{2,5});")
_TELLING = re.compile(r"[0-9](?:[ -]?[0-9]){6,}|[ぁ-ヶ一-龥０-９]{2}|[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_SURROGATES = range(0xD800, 0xE000)


def notations(source: str) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
    """Return the patterns worth trying on a text, each with its replacement."""
    tried = [(BASE64, _base64)] if BASE64.search(source) else []
    tried += [(PERCENT, _percent)] if "%" in source else []
    tried += [(ESCAPE, _escape)] if "\\u" in source or "&#" in source else []
    return tuple(tried)


def _base64(match: re.Match[str]) -> str:
    """Decode a token whose text tells something: a long number, Japanese, an e-mail address."""
    token = match.group()
    bare = token.rstrip("=").translate(_URL_SAFE)
    if len(bare) % 4 == 1 or (len(bare) < _SURE and not _mixed(bare)):
        return token
    try:
        text = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return token
    return text if text.replace("\n", "").isprintable() and _TELLING.search(text) else token


_SURE = 40
_URL_SAFE = str.maketrans("-_", "+/")


def _mixed(token: str) -> bool:
    """Tell whether a token holds capitals and more: no word is written so."""
    return not token.islower() and not token.isupper() and not token.isdigit()


def _percent(match: re.Match[str]) -> str:
    try:
        character = bytes.fromhex(match.group().replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return match.group()
    return character if character.isprintable() else match.group()


def _escape(match: re.Match[str]) -> str:
    digits = match.group().strip("\\u&#;")
    number = int(digits, 16) if match.group()[0] == "\\" else int(digits.lstrip("xX"), 16 if digits[0] in "xX" else 10)
    plain = number not in _SURROGATES and number <= sys.maxunicode and chr(number).isprintable()
    return chr(number) if plain else match.group()
