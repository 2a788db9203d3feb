"""Read the files inside an RTF file: OLE 1.0 objects as hexadecimal numbers ([MS-OLEDS] 2.2)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from aiguard.readers.source import refused

if TYPE_CHECKING:
    from aiguard.readers.source import Content, Source

_EMBEDDED: Final = 2
_UNREADABLE: Final = "埋め込まれたファイルを読めません。元のソフトで開いて保存し、別に点検してください"
_HEXADECIMAL: Final = b"0123456789abcdefABCDEF"
_OTHERS: Final = bytes(set(range(256)) - set(_HEXADECIMAL))


def read_object(written: bytes, number: int, source: Source) -> Content:
    """Read the embedded file that an `objdata` holds; unchecked where it is a link, or damaged."""
    label = f"埋め込みファイル{number}"
    digits = written.translate(None, _OTHERS)
    source.budget.member()
    source.budget.unpack(len(digits) // 2)
    try:
        name, data = _native(bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii")))
    except (struct.error, ValueError, IndexError):
        return refused(_UNREADABLE, label)
    return source.read_member(data, name, label) if data else refused(_UNREADABLE, label)


def _native(data: bytes) -> tuple[str, bytes]:
    """Return the name and the bytes of an embedded object (2.2.4, 2.2.5)."""
    (kind,) = struct.unpack_from("<I", data, 4)
    if kind != _EMBEDDED:
        return "", b""
    at, names = 8, []
    for _ in range(3):
        (size,) = struct.unpack_from("<I", data, at)
        names.append(data[at + 4 : at + 4 + size].rstrip(b"\0"))
        at += 4 + size
    (size,) = struct.unpack_from("<I", data, at)
    native = data[at + 4 : at + 4 + size]
    return package(native) if names[0] == b"Package" else ("embedded", native)


def package(native: bytes) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that the packager of Windows wrapped: two bytes, its name, its paths."""
    end = native.index(b"\0", 2)
    name = native[2:end].decode("cp932", "replace")
    at = native.index(b"\0", end + 1) + 1
    (size,) = struct.unpack_from("<I", native, at + 4)
    at += 8 + size
    (size,) = struct.unpack_from("<I", native, at)
    return name, native[at + 4 : at + 4 + size]
