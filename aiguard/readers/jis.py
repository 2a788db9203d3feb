"""Decode ISO-2022-JP and EUC-JP with the vendor characters (①㈱髙﨑) that Python's codecs refuse.

Rows 1 to 94 of JIS are moved to Shift_JIS code points by the arithmetic of JIS X 0208 annex 1, then read as CP932:
that is how Windows writes both encodings (code pages 50220 and 51932).
"""

from __future__ import annotations

import re
from typing import Final

_ISO_2022: Final = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_EUC_RUN: Final = re.compile(rb"((?:[\xa1-\xfe][\xa1-\xfe])+)")
_KANJI_STARTS: Final = frozenset({b"$@", b"$B"})

# Beyond the first come the extensions: JIS X 0212, JIS X 0213, half-width kana, Chinese and Korean.
ISO_2022_CODECS: Final = ("iso2022_jp", "iso2022_jp_3", "iso2022_jp_2004", "iso2022_jp_ext", "iso2022_jp_2")


def _shifted(pairs: bytes) -> bytes:
    """Move pairs of 7-bit JIS bytes to Shift_JIS; `ValueError` on half a pair."""
    moved = bytearray()
    for row, cell in zip(pairs[::2], pairs[1::2], strict=True):
        lead = (row - 0x21 >> 1) + 0x81
        moved.append(lead if lead < 0xA0 else lead + 0x40)  # noqa: PLR2004 - where half-width kana begin
        moved.append(cell + 0x7E if row % 2 == 0 else cell + 0x1F + (cell >= 0x60))  # noqa: PLR2004 - 7F is skipped
    return bytes(moved)


def _vendor_iso_2022(data: bytes) -> str:
    head, *rest = _ISO_2022.split(data)
    parts = [head.decode("ascii")]
    for mode, body in zip(rest[::2], rest[1::2], strict=True):
        if mode in _KANJI_STARTS:
            parts.append(_shifted(body).decode("cp932"))
        elif mode == b"(I":
            parts.append(bytes(byte | 0x80 if byte > 0x20 else byte for byte in body).decode("cp932"))  # noqa: PLR2004
        else:
            parts.append(body.decode("ascii"))
    return "".join(parts)


def decode_iso_2022(data: bytes) -> str | None:
    """Decode ISO-2022-JP or one of its relatives; `None` when no relative holds the bytes."""
    codecs = (*ISO_2022_CODECS[:1], "", *ISO_2022_CODECS[1:])
    for codec in codecs:
        try:
            text = data.decode(codec) if codec else _vendor_iso_2022(data)
        except ValueError:
            continue
        if "\x1b$" not in text:
            return text
    return None


def decode_vendor_euc(data: bytes) -> str:
    """Decode EUC-JP as Windows writes it (code page 51932); `ValueError` when it is none."""
    pieces = _EUC_RUN.split(data)
    plain = [piece.decode("euc_jp") for piece in pieces[::2]]
    runs = [_shifted(bytes(byte & 0x7F for byte in run)).decode("cp932") for run in pieces[1::2]]
    woven = [part for pair in zip(plain, runs, strict=False) for part in pair]
    return "".join(woven) + plain[-1]
