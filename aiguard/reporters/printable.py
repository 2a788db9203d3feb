"""Limit text to what a console can show, and take the power from control characters."""

from __future__ import annotations

import unicodedata

# Left: what an encoding may lack; right: what stands for it, one for one. CP932 reads 〜 and ～ alike, Shift_JIS and
# EUC-JP know one of them.
_INSTEAD = {
    "～": "〜",
    "－": "−",
    "∥": "‖",
    "—": "―",
    "–": "-",
    "‑": "-",
    "¥": "￥",
    "•": "・",
    "✔": "○",
    "✖": "×",
    "⚠": "※",
    "\u00a0": " ",
}


def escaped(text: str, encoding: str) -> str:
    r"""Return a name of a file with what cannot or must not be printed written as an escape, such as \u202e."""
    if text.isprintable() and _is_encodable(text, encoding):
        return text
    safe = "".join(_escape(char) if _is_control(char) else char for char in text)
    return safe.encode(encoding, "backslashreplace").decode(encoding)


def one_for_one(text: str, encoding: str) -> str:
    """Return `text` at the same length, with what cannot be printed replaced by its like, or by a question mark."""
    if text.isprintable() and _is_encodable(text, encoding):
        return text
    return "".join("?" if _is_control(char) else _like(char, encoding) for char in text)


def _like(char: str, encoding: str) -> str:
    return next((shown for shown in (char, _INSTEAD.get(char, "")) if shown and _is_encodable(shown, encoding)), "?")


def _is_encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_control(char: str) -> bool:
    return not char.isprintable() and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _escape(char: str) -> str:
    return char.encode("ascii", "backslashreplace").decode() if ord(char) > 0x7F else f"\\x{ord(char):02x}"  # noqa: PLR2004
