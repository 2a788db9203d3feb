"""Change members of a zip package and copy every other byte as it is (PKWARE APPNOTE 6.3.9, 4.3 and 4.4).

A library that opens and saves a document drops what it does not know. Here the other members keep their local headers,
compressed bytes, order and times; only offsets in the directory move.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from aiguard.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOCAL, _ENTRY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_ENTRY_SIZE, _END_SIZE, _LONGEST_COMMENT = 46, 22, 65_535
_STORED, _DEFLATED, _DESCRIBED = 0, 8, 0x8
_ZIP64 = 0xFFFFFFFF
_UNFIT = "ZIPの形が特殊なため、書き込めません。元のソフトで開いて保存し直してください"


class _Entry(NamedTuple):
    """Hold an entry of the directory: its bytes, its name as bytes, and where its local header stands."""

    raw: bytes
    name: bytes
    offset: int


def replaced(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    """Return a package in which the members of `changes` hold other bytes; ReadError where it cannot be taken apart.

    Names are those of the directory, which office formats write in ASCII.
    """
    end = data.rfind(_END, max(0, len(data) - _END_SIZE - _LONGEST_COMMENT))
    try:
        start, entries = _directory(data, end)
    except struct.error:
        raise ReadError(_UNFIT) from None
    wanted = {name.encode("utf-8"): content for name, content in changes.items()}
    if not wanted.keys() <= {entry.name for entry in entries}:
        raise ReadError(_UNFIT)
    order = sorted(entries, key=lambda entry: entry.offset)
    stops = [entry.offset for entry in order[1:]] + [start]
    out = bytearray(data[: order[0].offset])
    moved: dict[int, bytes] = {}
    for entry, stop in zip(order, stops, strict=True):
        place = len(out)
        if entry.name in wanted:
            local, raw = _member(entry, wanted[entry.name])
            out += local
        else:
            out += data[entry.offset : stop]
            raw = entry.raw
        moved[entry.offset] = raw[:42] + struct.pack("<I", place) + raw[46:]
    directory = b"".join(moved[entry.offset] for entry in entries)
    tail = data[end : end + 12] + struct.pack("<II", len(directory), len(out)) + data[end + 20 :]
    return bytes(out) + directory + tail


def _directory(data: bytes, end: int) -> tuple[int, list[_Entry]]:
    """Return where the directory begins, and its entries in their order; struct.error where it is cut off."""
    if end < 0 or len(data) < end + _END_SIZE:
        raise ReadError(_UNFIT)
    count, size, start = struct.unpack_from("<HII", data, end + 10)
    if start == _ZIP64 or start + size > end:
        raise ReadError(_UNFIT)
    entries = []
    at = start
    for _ in range(count):
        if data[at : at + 4] != _ENTRY:
            raise ReadError(_UNFIT)
        lengths = struct.unpack_from("<HHH", data, at + 28)
        stop = at + _ENTRY_SIZE + sum(lengths)
        offset = struct.unpack_from("<I", data, at + 42)[0]
        name = data[at + _ENTRY_SIZE : at + _ENTRY_SIZE + lengths[0]]
        if data[offset : offset + 4] != _LOCAL:
            raise ReadError(_UNFIT)
        entries.append(_Entry(data[at:stop], name, offset))
        at = stop
    if not entries or len({entry.offset for entry in entries}) != len(entries):
        raise ReadError(_UNFIT)
    return start, entries


def _member(entry: _Entry, content: bytes) -> tuple[bytes, bytes]:
    """Return the local header with the bytes of new content, and its entry in the directory."""
    _, made, needed, flags, method, time, date = struct.unpack_from("<4s6H", entry.raw)
    method = _STORED if method == _STORED else _DEFLATED
    packed = content if method == _STORED else _deflated(content)
    flags &= ~_DESCRIBED
    sizes = struct.pack("<III", zlib.crc32(content), len(packed), len(content))
    local = _LOCAL + struct.pack("<5H", max(needed, 20), flags, method, time, date) + sizes
    local += struct.pack("<HH", len(entry.name), 0) + entry.name + packed
    head = _ENTRY + struct.pack("<6H", made, max(needed, 20), flags, method, time, date) + sizes
    return local, head + entry.raw[28:]


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()
