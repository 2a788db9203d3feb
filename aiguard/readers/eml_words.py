"""Decode what mails write as ASCII: words of headers (RFC 2047), and files in the text of old mails (uuencode)."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WORD: Final = re.compile(r"=\?([!->@-~]{1,60})\?([bBqQ])\?([ ->@-~]*)\?=(?:\s+(?==\?[!->@-~]{1,60}\?[bBqQ]\?))?")
_BEGIN: Final = re.compile(r"begin [0-7]{3,4} (\S[^\r\n]{0,200})")
_SIXTY_FOUR: Final = re.compile(r"[^A-Za-z0-9+/]")


def decoded_words(text: str, decode: Callable[[bytes, str | None], str]) -> str:
    """Return a header with its encoded words decoded by `decode` (bytes, charset).

    Words side by side in one charset are decoded together, since programs cut letters in two (against section 5).
    Words inside quotation marks, or with spaces in them, are decoded as all mail programs do.
    """
    said: list[str] = []
    held: list[bytes] = []
    charset, at = "", 0
    for found in _WORD.finditer(text):
        name = found[1].partition("*")[0].lower()  # RFC 2231, section 5: a language may follow
        if held and (found.start() > at or name != charset):
            said.append(decode(b"".join(held), charset))
            held = []
        said.append(text[at : found.start()])
        held.append(_quoted(found[3]) if found[2] in "qQ" else _base64(found[3]))
        charset, at = name, found.end()
    if held:
        said.append(decode(b"".join(held), charset))
    return "".join((*said, text[at:]))


def uuencoded(text: str) -> Iterator[tuple[str, None, bytes]]:
    """Yield the names and bytes of files that stand in a text between `begin 644 name` and `end`."""
    name = ""
    held: list[bytes] | None = None
    for line in text.splitlines():
        found = _BEGIN.match(line) if held is None else None
        if found:
            name, held = found[1].strip(), []
        elif held is not None:
            piece = _line(line)
            if piece is not None:
                held.append(piece)
                continue
            if held:
                yield name, None, b"".join(held)
            held = None
    if held:
        yield name, None, b"".join(held)


def _line(line: str) -> bytes | None:
    """Decode a line of uuencode, also of programs that pad it too far; None where it is none, as `end` is."""
    size = ((ord(line[0]) - 32) & 63) * 4 // 3 + 2 if line else 0
    for written in (line, line[:size]):
        try:
            return binascii.a2b_uu(written)
        except ValueError:
            continue
    return None


def _quoted(text: str) -> bytes:
    return binascii.a2b_qp(text.encode("ascii"), header=True)


def _base64(text: str) -> bytes:
    digits = _SIXTY_FOUR.sub("", text)
    if len(digits) % 4 == 1:  # six bits are no byte
        digits = digits[:-1]
    return binascii.a2b_base64(digits + "=" * (-len(digits) % 4))
