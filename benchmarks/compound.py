"""Write compound files ([MS-CFB]): the workbooks of Excel 97 ([MS-XLS]) and the messages of Outlook ([MS-OXMSG])."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SECTOR: Final = 512
_SMALL: Final = 64
_CUTOFF: Final = 4096
_END: Final = 0xFFFFFFFE
_FREE: Final = 0xFFFFFFFF
_FAT: Final = 0xFFFFFFFD
_ROOT: Final = 5
_STREAM: Final = 2


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Write a file of streams in its root ([MS-CFB] 2.2 to 2.6); it takes up to 120 sectors."""
    small = {name: data for name, data in streams.items() if len(data) < _CUTOFF}
    mini, mini_fat, mini_starts = _laid(small.items(), _SMALL)
    large = [(name, data) for name, data in streams.items() if name not in small]
    tail = [("mini", mini), ("minifat", _padded(struct.pack(f"<{len(mini_fat)}L", *mini_fat), _SECTOR))]
    directory_size = -(-(len(streams) + 1) * 128 // _SECTOR) * _SECTOR
    body, fat, starts = _laid([*large, *tail, ("directory", bytes(directory_size))], _SECTOR)
    starts |= mini_starts
    entries = [_entry("Root Entry", _ROOT, starts["mini"], len(mini), 1)]
    names = list(streams)
    for number, name in enumerate(names, 1):
        follower = number + 1 if number < len(names) else _FREE
        entries.append(_entry(name, _STREAM, starts[name], len(streams[name]), follower))
    place = starts["directory"] * _SECTOR
    body = body[:place] + b"".join(entries).ljust(directory_size, b"\0") + body[place + directory_size :]
    fat.append(_FAT)
    table = struct.pack(f"<{len(fat)}L", *fat).ljust(_SECTOR, b"\xff")
    mini_sectors = len(tail[1][1]) // _SECTOR
    head = struct.pack(
        "<8s16x5H6xLLLLLLLLLL", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6, 0, 1, starts["directory"], 0,
        _CUTOFF, starts["minifat"], mini_sectors, _END, 0, len(fat) - 1,
    )  # fmt: skip
    return head.ljust(_SECTOR, b"\xff") + body + table


def _laid(streams: Iterable[tuple[str, bytes]], size: int) -> tuple[bytes, list[int], dict[str, int]]:
    """Lay streams one after the other in sectors: the bytes, the chains of sectors, and where each begins."""
    body, chains, starts = bytearray(), list[int](), dict[str, int]()
    for name, data in streams:
        first, count = len(chains), -(-len(data) // size)
        starts[name] = first if count else _END
        chains += [*range(first + 1, first + count), _END] if count else []
        body += _padded(data, size)
    return bytes(body), chains, starts


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


def _entry(name: str, kind: int, start: int, size: int, following: int) -> bytes:
    """Write an entry of the directory ([MS-CFB] 2.6.1); `following` is the child of the root, of a stream its sibling."""
    right, child = (following, _FREE) if kind == _STREAM else (_FREE, following)
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHBBLLL36xLQ", raw, len(raw) + 2, kind, 1, _FREE, right, child, start, size)


def message(properties: Mapping[int, str]) -> bytes:
    """Write a message of text properties by their tags ([MS-OXMSG] 2.1, 2.4): 0x0037 is the subject."""
    streams = {f"__substg1.0_{tag:04X}001F": text.encode("utf-16-le") for tag, text in properties.items()}
    entries = b"".join(struct.pack("<HHLLL", 0x001F, tag, 6, 2 * len(text) + 2, 0) for tag, text in properties.items())
    return compound(dict(sorted((streams | {"__properties_version1.0": bytes(32) + entries}).items())))


def workbook(sheet: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Write a workbook of one sheet of texts ([MS-XLS] 2.1.7.20)."""
    texts = [cell for row in rows for cell in row]
    shared = _record(0xFC, struct.pack("<LL", len(texts), len(texts)), *(_text(each, "<H") for each in texts))
    begin, end = struct.pack("<HHHHLL", 0x600, 5, 0x1FAF, 0x7CD, 0, 6), _record(0x0A)
    named = _text(sheet, "<B")
    place = len(_record(0x809, begin) + _record(0x85, bytes(6), named) + shared + end)
    globals_ = _record(0x809, begin) + _record(0x85, struct.pack("<LH", place, 0), named) + shared + end
    cells = b"".join(
        _record(0xFD, struct.pack("<HHHL", row, column, 0, row * len(rows[0]) + column))
        for row, held in enumerate(rows)
        for column in range(len(held))
    )
    size = _record(0x200, struct.pack("<LLHHH", 0, len(rows), 0, len(rows[0]), 0))
    page = _record(0x809, begin.replace(b"\5", b"\x10", 1)) + size + cells + end
    return compound({"Workbook": (globals_ + page).ljust(_CUTOFF, b"\0")})


def _record(kind: int, *data: bytes) -> bytes:
    return struct.pack("<HH", kind, sum(map(len, data))) + b"".join(data)


def _text(text: str, size: str) -> bytes:
    """Write a string of wide letters after their number ([MS-XLS] 2.5.293, 2.5.240)."""
    return struct.pack(size, len(text)) + b"\1" + text.encode("utf-16-le")
