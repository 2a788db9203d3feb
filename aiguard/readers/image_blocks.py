"""Find the blocks of a picture file that hold what it says of itself.

Sources of facts: JPEG (ITU-T T.81, B.1.1), Exif 2.32 (4.7), PNG (W3C, 3rd edition, 11.3), WebP container (Google,
"WebP Container Specification"), GIF89a (24), HEIF (ISO/IEC 23008-12; Exif items are found by their mark).
"""

from __future__ import annotations

import re
import zlib
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.readers.exif import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.readers.budget import Budget

BLOCKS: Final = 2_000

_PIECE: Final = 4_000_000  # bytes of a text that is unpacked
_EXIF: Final = b"Exif\0\0"
_PHOTOSHOP: Final = b"Photoshop 3.0\0"
_MARKED: Final = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_PROFILE: Final = re.compile(rb"\s*\w+\s+\d+\s+((?:[0-9a-fA-F]\s*)+)")
_NAMES: Final = {
    "Title": "題名",
    "Author": "作者",
    "Artist": "作者",
    "Description": "説明",
    "Copyright": "著作権",
    "Comment": "コメント",
    "Creation Time": "作成日時",
    "Source": "出典",
}
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # JPEG markers without a length
_MARK, _APP1, _APP13, _SCAN = 0xFF, 0xE1, 0xED, 0xDA  # JPEG
_EXTENSION, _IMAGE = 0x21, 0x2C  # GIF
_COMMENT: Final = 0xFE  # in both


class Kind(Enum):
    """Tell what a block holds: a TIFF structure, an XMP packet, IPTC records or text (UTF-8)."""

    EXIF = "exif"
    XMP = "xmp"
    IPTC = "iptc"
    TEXT = "text"


class Block(NamedTuple):
    """Hold a block, and under which name its text stands."""

    kind: Kind
    data: bytes
    name: str = ""


def blocks(data: bytes, budget: Budget) -> Iterator[Block]:
    """Yield the blocks of a picture that say something; XMP packets that stand open in the file are left out.

    ReadError where a limit is passed; what is cut off or damaged ends it.
    """
    if data.startswith(b"\xff\xd8"):
        yield from _jpeg(data, budget)
    elif data.startswith(b"\x89PNG"):
        yield from _png(data, budget)
    elif data.startswith((b"II*\0", b"MM\0*")):
        yield Block(Kind.EXIF, data)
    elif data.startswith(b"RIFF"):
        yield from _webp(data)
    elif data.startswith(b"GIF8"):
        yield from _gif(data, budget)
    elif data[4:8] == b"ftyp":
        yield from (Block(Kind.EXIF, data[found.end() :]) for found in _MARKED.finditer(data))


def _jpeg(data: bytes, budget: Budget) -> Iterator[Block]:
    at = 2
    photoshop: list[bytes] = []
    while at + 4 <= len(data) and data[at] == _MARK and data[at + 1] != _SCAN:
        budget.check_time()
        marker = data[at + 1]
        if marker == _MARK or marker in _STANDALONE:
            at += 1 if marker == _MARK else 2
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        held = data[at + 4 : at + 2 + max(2, size)]
        if marker == _APP1 and held.startswith(_EXIF):
            yield Block(Kind.EXIF, held[len(_EXIF) :])
        elif marker == _APP13 and held.startswith(_PHOTOSHOP):
            photoshop.append(held[len(_PHOTOSHOP) :])
        elif marker == _COMMENT:
            yield _text("Comment", decoded(held))
        at += 2 + max(2, size)
    yield Block(Kind.IPTC, b"".join(photoshop))


def _png(data: bytes, budget: Budget) -> Iterator[Block]:
    at = 8
    while at + 8 <= len(data):
        budget.check_time()
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            yield from _png_text(kind, data[at + 8 : at + 8 + size], budget)
        elif kind == b"eXIf":
            yield Block(Kind.EXIF, data[at + 8 : at + 8 + size].removeprefix(_EXIF))
        at += size + 12


def _png_text(kind: bytes, data: bytes, budget: Budget) -> Iterator[Block]:
    keyword, _, rest = data.partition(b"\0")
    name = keyword.decode("latin-1")
    if kind == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:]
        _language, _, rest = rest.partition(b"\0")
        translated, _, rest = rest.partition(b"\0")
        name = name if name in _NAMES else translated.decode("utf-8", "replace") or name
        text = _unpacked(rest, budget) if packed else rest
    else:
        text = _unpacked(rest[1:], budget) if kind == b"zTXt" else rest
    if keyword == b"XML:com.adobe.xmp":
        # One that is not packed stands open in the file.
        yield from [Block(Kind.XMP, text)] if text is not rest else []
    elif keyword.startswith(b"Raw profile type "):
        yield from _profile(keyword, text)
    else:
        yield _text(name, decoded(text))


def _profile(keyword: bytes, text: bytes) -> Iterator[Block]:
    """Yield the metadata that ImageMagick writes into PNG as hexadecimal digits, behind its name and length."""
    found = _PROFILE.match(text)
    if not found:
        return
    digits = b"".join(found[1].split())
    held = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    if held.startswith(_EXIF):
        yield Block(Kind.EXIF, held[len(_EXIF) :])
    elif keyword.endswith(b"iptc"):
        yield Block(Kind.IPTC, held)
    else:
        yield Block(Kind.XMP, held)


def _unpacked(data: bytes, budget: Budget) -> bytes:
    engine = zlib.decompressobj()
    try:
        text = engine.decompress(data, _PIECE)
    except zlib.error:
        raise ValueError from None
    budget.unpack(len(text))
    if engine.unconsumed_tail:
        raise ValueError
    return text


def _webp(data: bytes) -> Iterator[Block]:
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind == b"EXIF":
            yield Block(Kind.EXIF, data[at + 8 : at + 8 + size].removeprefix(_EXIF))
        at += 8 + size + size % 2


def _gif(data: bytes, budget: Budget) -> Iterator[Block]:
    at = 13 + _colours(data[10])
    while at < len(data) and data[at] in (_EXTENSION, _IMAGE):
        budget.check_time()
        comment = data[at] == _EXTENSION and data[at + 1] == _COMMENT
        at += 2 if data[at] == _EXTENSION else 11 + _colours(data[at + 9])
        pieces: list[bytes] = []
        while at < len(data) and data[at]:
            if comment:
                pieces.append(data[at + 1 : at + 1 + data[at]])
            at += 1 + data[at]
        at += 1
        if pieces:
            yield _text("Comment", decoded(b"".join(pieces)))


def _colours(flags: int) -> int:
    """Return the bytes of a table of colours (GIF89a, 18)."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _text(name: str, text: str) -> Block:
    return Block(Kind.TEXT, text.encode("utf-8", "replace"), _NAMES.get(name, name))
