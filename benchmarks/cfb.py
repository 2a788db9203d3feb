"""Write compound files ([MS-CFB], version 3) with storages in storages, all streams in ordinary sectors."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Tree = "Mapping[str, Union[bytes, Tree]]"
_SECTOR, _FREE, _END, _FAT, _NONE = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM = 1, 2
_PER_SECTOR = 4  # directory entries
_MINI = 4096  # streams below would live in the mini stream; they are padded, and their size kept above it


def compound(tree: Mapping[str, object]) -> bytes:
    """Return a compound file that holds a tree of storages (mappings) and streams (bytes)."""
    entries: list[list[object]] = [["Root Entry", 5, _NONE, b""]]
    _add(tree, entries, 0)
    chains, sectors = _sectors([entry[3] for entry in entries if entry[1] == _STREAM])  # type: ignore[misc]
    starts = iter(chains)
    rows = [_row(entry, next(starts) if entry[1] == _STREAM else (_END, 0)) for entry in entries]
    while len(rows) % _PER_SECTOR:
        rows.append(bytes(64) + struct.pack("<HBBIII", 0, 0, 1, _NONE, _NONE, _NONE) + bytes(48))
    directory = b"".join(rows)
    body, fat = sectors
    first = len(fat)
    count = len(directory) // _SECTOR
    fat += [*range(first + 1, first + count), _END]
    body += directory
    size = (len(fat) + 1 + 127) // 128
    while (len(fat) + size + 127) // 128 > size:
        size += 1
    where = list(range(len(fat), len(fat) + size))
    fat += [_FAT] * size
    fat += [_FREE] * (-len(fat) % 128)
    body += struct.pack(f"<{len(fat)}I", *fat)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, size, first, 0, 0, _END, 0, _END, 0)
    return header + struct.pack("<109I", *(where + [_FREE] * (109 - size))) + bytes(body)


def _add(tree: Mapping[str, object], entries: list[list[object]], parent: int) -> None:
    """Add the entries of a storage; siblings hang on one another to the right, which readers accept."""
    before = None
    for name, value in tree.items():
        number = len(entries)
        entries.append(
            [name, _STREAM if isinstance(value, bytes) else _STORAGE, _NONE, value if isinstance(value, bytes) else b""]
        )
        entries[number] += [_NONE]  # right sibling
        if before is None:
            entries[parent][2] = number
        else:
            entries[before][4] = number
        before = number
        if not isinstance(value, bytes):
            _add(value, entries, number)  # type: ignore[arg-type]


def _sectors(streams: list[bytes]) -> tuple[list[tuple[int, int]], tuple[bytearray, list[int]]]:
    body = bytearray()
    fat: list[int] = []
    chains: list[tuple[int, int]] = []
    for data in streams:
        padded = data.ljust(_MINI, b"\0")
        padded += bytes(-len(padded) % _SECTOR)
        start = len(fat)
        count = len(padded) // _SECTOR
        fat += [*range(start + 1, start + count), _END]
        body += padded
        chains.append((start, max(len(data), _MINI)))
    return chains, (body, fat)


def _row(entry: list[object], chain: tuple[int, int]) -> bytes:
    name, kind, child = str(entry[0]), entry[1], entry[2]
    right = entry[4] if len(entry) > _PER_SECTOR else _NONE
    raw = name.encode("utf-16-le") + b"\0\0"
    start, size = chain if kind == _STREAM else (0 if kind == _STORAGE else _END, 0)
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, _NONE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
