"""Change members of a zip package and copy every other byte as it is (PKWARE APPNOTE 6.3.9, 4.3 and 4.4).

A library that opens and saves a document drops what it does not know. Here the other members keep their local headers,
compressed bytes, descriptors, order and times, and what stands between, before and behind them stays; only offsets in
the directory move.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import BadZipFile, ZipFile

from aiguard.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LOCAL, _ENTRY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END_64, _LOCATOR, _DESCRIPTOR = b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"
_LOCAL_SIZE, _ENTRY_SIZE, _END_SIZE, _END_64_SIZE, _LOCATOR_SIZE = 30, 46, 22, 56, 20
_LONGEST_COMMENT: Final = 65_535
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIBED, _UTF8 = 0x1, 0x8, 0x800
_MASKED: Final = 0x2000  # the directory is encrypted
_MAX_16, _MAX_32 = 0xFFFF, 0xFFFFFFFF
_EXTRA_64: Final = 1  # the header ID of sizes and offsets of 64 bits (4.5.3)
_MADE, _FIRST_DAY = 20, 0x21  # version 2.0; 1 January 1980
_UNFIT: Final = "ZIPの形が特殊なため、書き込めません。元のソフトで開いて保存し直してください"


class _Entry(NamedTuple):
    """Hold an entry of the directory: its bytes, its name, where its header stands, and where the entry says so."""

    raw: bytes
    name: bytes
    offset: int
    told: tuple[int, int]


class _Directory(NamedTuple):
    """Hold a directory: what stands before the package, its first byte, its entries, and where it ends."""

    base: int
    start: int
    entries: list[_Entry]
    stop: int
    end: int
    end_64: int


def replaced(data: bytes, changes: Mapping[str, bytes], added: Mapping[str, bytes] | None = None) -> bytes:
    """Return a package in which the members of `changes` hold other bytes, and those of `added` follow the others.

    Of members that share a name the last changes, which is the one that is read. ReadError where the package cannot be
    taken apart, has no such member (or has one to be added), or one that changes takes a password.
    """
    more = added or {}
    try:
        directory = _directory(data)
        names = {entry.name for entry in directory.entries}
        old, new = ({name.encode(): content for name, content in each.items()} for each in (changes, more))
        if not names.issuperset(old) or not names.isdisjoint(new):
            raise ReadError(_UNFIT)
        done = _spliced(data, directory, old | new)
    except (struct.error, IndexError):
        raise ReadError(_UNFIT) from None
    _prove(data, done, {**changes, **more})
    return done


def _spliced(data: bytes, directory: _Directory, changes: Mapping[bytes, bytes]) -> bytes:
    last = {entry.name: entry.offset for entry in directory.entries}
    changed = {last[name]: name for name in changes if name in last}
    offsets = sorted({entry.offset for entry in directory.entries})
    if len(offsets) < len(directory.entries) and any(
        sum(entry.offset == offset for entry in directory.entries) > 1 for offset in changed
    ):
        raise ReadError(_UNFIT)
    by_offset = {entry.offset: entry for entry in directory.entries}
    out = bytearray(data[: offsets[0]])
    moved: dict[int, int] = {}
    new: dict[int, bytes] = {}
    for offset, stop in zip(offsets, [*offsets[1:], directory.start], strict=True):
        moved[offset] = len(out) - directory.base
        if offset in changed:
            local, new[offset] = _member(data, by_offset[offset], changes[changed[offset]])
            out += local + data[_past(data, by_offset[offset], stop) : stop]
        else:
            out += data[offset:stop]
    entries = [_told(entry, new.get(entry.offset), moved[entry.offset]) for entry in directory.entries]
    for name, content in changes.items():
        if name not in last:
            local, head = _added(name, content)
            entries.append(head[:42] + struct.pack("<I", len(out) - directory.base) + head[46:])
            out += local
    return bytes(out) + _closed(data, directory, entries, len(out))


def _told(entry: _Entry, raw: bytes | None, offset: int) -> bytes:
    """Return an entry that says where its member is now; `raw` are its bytes where the member has changed."""
    if raw is not None:
        return raw[:42] + struct.pack("<I", offset) + raw[46:]
    at, size = entry.told
    return entry.raw[:at] + offset.to_bytes(size, "little") + entry.raw[at + size :]


def _closed(data: bytes, directory: _Directory, entries: Sequence[bytes], start: int) -> bytes:
    """Return the directory with its ends (4.3.14 to 4.3.16); fields that leave their value to the other end do so still."""
    listed = b"".join(entries)
    count, size, first = len(entries), len(listed), start - directory.base
    wide = data[directory.stop : directory.end]
    if directory.end_64 >= 0:
        at = directory.end_64 - directory.stop
        sizes = struct.pack("<QQQQ", count, count, size, first)
        wide = wide[: at + 24] + sizes + wide[at + _END_64_SIZE :]
        place = struct.pack("<Q", first + size + at)
        wide = wide[: len(wide) - 12] + place + wide[len(wide) - 4 :]
    elif count >= _MAX_16 or first + size >= _MAX_32:
        raise ReadError(_UNFIT)
    end = directory.end
    counts = [count if old != _MAX_16 else old for old in struct.unpack_from("<HH", data, end + 8)]
    sizes_32 = [
        new if old != _MAX_32 else old
        for new, old in zip((size, first), struct.unpack_from("<II", data, end + 12), strict=True)
    ]
    if max(counts) > _MAX_16 or max(sizes_32) > _MAX_32:
        raise ReadError(_UNFIT)
    return listed + wide + data[end : end + 8] + struct.pack("<HHII", *counts, *sizes_32) + data[end + 20 :]


def _directory(data: bytes) -> _Directory:
    """Take the directory apart; ReadError, struct.error, IndexError where it is cut off or contradicts itself."""
    end = _end_of(data)
    count, size, start = struct.unpack_from("<HII", data, end + 10)
    stop, end_64 = end, -1
    if data[end - _LOCATOR_SIZE : end - _LOCATOR_SIZE + 4] == _LOCATOR:
        end_64 = data.rfind(_END_64, 0, end - _LOCATOR_SIZE)
        count, size, start = struct.unpack_from("<QQQ", data, end_64 + 32)
        stop = end_64
    first = stop - size
    base = first - start
    if end_64 < -1 or base < 0 or first < 0:
        raise ReadError(_UNFIT)
    entries = list(_entries(data, first, count, base))
    if not entries or sum(len(entry.raw) for entry in entries) != size or entries[0].offset < 0:
        raise ReadError(_UNFIT)
    return _Directory(base, first, entries, stop, end, end_64)


def _end_of(data: bytes) -> int:
    """Return where the end of the directory stands: at the very end, or before a comment, as zipfile looks for it."""
    at = len(data) - _END_SIZE
    if at >= 0 and data[at : at + 4] == _END and data.endswith(b"\0\0"):
        return at
    at = data.rfind(_END, max(0, len(data) - _END_SIZE - _LONGEST_COMMENT))
    if at < 0:
        raise ReadError(_UNFIT)
    return at


def _entries(data: bytes, at: int, count: int, base: int) -> Iterator[_Entry]:
    start = at
    for _ in range(count):
        if data[at : at + 4] != _ENTRY:
            raise ReadError(_UNFIT)
        name, extra, note = struct.unpack_from("<HHH", data, at + 28)
        raw = data[at : at + _ENTRY_SIZE + name + extra + note]
        told = _place_of_offset(raw, name, extra)
        offset = base + int.from_bytes(raw[told[0] : sum(told)], "little")
        if data[offset : offset + 4] != _LOCAL or offset >= start or struct.unpack_from("<H", raw, 8)[0] & _MASKED:
            raise ReadError(_UNFIT)
        yield _Entry(raw, raw[_ENTRY_SIZE : _ENTRY_SIZE + name], offset, told)
        at += len(raw)


def _place_of_offset(raw: bytes, name: int, extra: int) -> tuple[int, int]:
    """Return where an entry says its offset, and in how many bytes: in an extra field where 32 bits are too few."""
    if struct.unpack_from("<I", raw, 42)[0] != _MAX_32:
        return 42, 4
    before = sum(size == _MAX_32 for size in struct.unpack_from("<II", raw, 20))
    at = _ENTRY_SIZE + name
    for header, field in _fields(raw[at : at + extra]):
        if header == _EXTRA_64 and len(field) >= 4 + 8 * before + 8:
            return at + 4 + 8 * before, 8
        at += len(field)
    raise ReadError(_UNFIT)


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the extra fields (4.5.1) with their header IDs; what is no field comes last, as -1."""
    at = 0
    while at + 4 <= len(extra):
        header, size = struct.unpack_from("<HH", extra, at)
        if at + 4 + size > len(extra):
            break
        yield header, extra[at : at + 4 + size]
        at += 4 + size
    if at < len(extra):
        yield -1, extra[at:]


def _narrow(extra: bytes) -> bytes:
    """Return extra fields without that of 64 bits: a changed member has sizes of 32."""
    return b"".join(field for header, field in _fields(extra) if header != _EXTRA_64)


def _past(data: bytes, entry: _Entry, stop: int) -> int:
    """Return where the bytes of a member end, with its descriptor (4.3.9) if it has one."""
    flags = int.from_bytes(data[entry.offset + 6 : entry.offset + 8], "little")
    lengths = struct.unpack_from("<HH", data, entry.offset + 26)
    extra = entry.offset + _LOCAL_SIZE + lengths[0]
    end: int = extra + lengths[1] + _packed_size(entry)
    if flags & _DESCRIBED:
        # The signature is optional, and sizes have 64 bits where the local header has that extra field.
        wide = any(header == _EXTRA_64 for header, _ in _fields(data[extra : extra + lengths[1]]))
        end += (4 if data[end : end + 4] == _DESCRIPTOR else 0) + (20 if wide else 12)
    if end > stop:
        raise ReadError(_UNFIT)
    return end


def _packed_size(entry: _Entry) -> int:
    packed, unpacked, _, extra = struct.unpack_from("<IIHH", entry.raw, 20)
    if packed != _MAX_32:
        return int(packed)
    at = _ENTRY_SIZE + len(entry.name)
    wide = next((field for header, field in _fields(entry.raw[at : at + extra]) if header == _EXTRA_64), b"")
    return int(struct.unpack_from("<Q", wide, 12 if unpacked == _MAX_32 else 4)[0])


def _member(data: bytes, entry: _Entry, content: bytes) -> tuple[bytes, bytes]:
    """Return the local header with the bytes of new content, and its entry in the directory."""
    _, made, needed, flags, method, time, date = struct.unpack_from("<4s6H", entry.raw)
    if flags & _ENCRYPTED:
        raise ReadError(_UNFIT)
    flags &= ~_DESCRIBED
    method = _STORED if method == _STORED else _DEFLATED
    fixed = struct.pack("<5H", max(needed, 20) if method else needed, flags, method, time, date)
    packed = content if method == _STORED else _deflated(content)
    sizes = struct.pack("<III", zlib.crc32(content), len(packed), len(content))
    lengths = struct.unpack_from("<HH", data, entry.offset + 26)
    at = entry.offset + _LOCAL_SIZE
    name, extra = data[at : at + lengths[0]], _narrow(data[at + lengths[0] : at + sum(lengths)])
    local = _LOCAL + fixed + sizes + struct.pack("<HH", len(name), len(extra)) + name + extra + packed
    named, extras, noted = struct.unpack_from("<HHH", entry.raw, 28)
    at = _ENTRY_SIZE + named
    kept = _narrow(entry.raw[at : at + extras])
    head = _ENTRY + struct.pack("<H", made) + fixed + sizes + struct.pack("<HHH", named, len(kept), noted)
    return local, head + entry.raw[34:at] + kept + entry.raw[at + extras :]


def _added(name: bytes, content: bytes) -> tuple[bytes, bytes]:
    packed = _deflated(content)
    fixed = struct.pack("<5H", _MADE, 0 if name.isascii() else _UTF8, _DEFLATED, 0, _FIRST_DAY)
    sizes = struct.pack("<III", zlib.crc32(content), len(packed), len(content))
    local = _LOCAL + fixed + sizes + struct.pack("<HH", len(name), 0) + name + packed
    return local, _ENTRY + struct.pack("<H", _MADE) + fixed + sizes + struct.pack(
        "<HHHHHII", len(name), 0, 0, 0, 0, 0, 0
    ) + name


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _prove(before: bytes, after: bytes, changes: Mapping[str, bytes]) -> None:
    """Read the package back as its readers do; ReadError where they would not see what was meant."""
    try:
        with ZipFile(io.BytesIO(before)) as old, ZipFile(io.BytesIO(after)) as new:
            names = old.namelist()
            held = {name: new.read(name) for name in changes}
            same = new.namelist() == names + [name for name in changes if name not in names]
    except (
        BadZipFile,
        KeyError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
        zlib.error,
        struct.error,
        IndexError,
        OverflowError,
    ):
        raise ReadError(_UNFIT) from None
    if not same or held != dict(changes):
        raise ReadError(_UNFIT)
