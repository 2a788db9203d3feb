"""Open a zip package (a .zip, and what Word, Excel, PowerPoint and LibreOffice save) within a budget."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from aiguard.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.readers.budget import Budget

_PIECE: Final = 1 << 20
_GLANCE: Final = 200
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_ENTRY: Final = b"PK\x01\x02"
_MANY: Final = 10  # times the members allowed: opening a directory costs memory before its members are counted
_HEADER: Final = 30  # bytes of a local header before the name (APPNOTE 4.3.7)
_DESCRIPTOR: Final = 24  # bytes at most of a data descriptor (APPNOTE 4.3.9)
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_DAMAGED: Final = "ZIP形式として壊れているため読めません。元のソフトで開いて保存し直してください"
_LOCKED: Final = "パスワードがかかっているため読めません。パスワードを外して保存してください"
_PACKING: Final = (
    "圧縮の方式に対応していないため読めません。展開してから点検するか、標準の方式（Deflate）で圧縮し直してください"
)
# zipfile raises the last three for directories that contradict themselves.
_FAULTS: Final = (
    BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
    struct.error, IndexError, OverflowError,
)  # fmt: skip


class Member(NamedTuple):
    """Hold a file in a package: its name as decoded, and its entry in the directory."""

    name: str
    info: ZipInfo

    @property
    def encrypted(self) -> bool:
        """Tell whether it takes a password."""
        return bool(self.info.flag_bits & _ENCRYPTED)

    @property
    def comment(self) -> str:
        """Return what the packer noted on it."""
        return _decoded(self.info.comment)

    @property
    def is_folder(self) -> bool:
        """Tell whether it is a folder: one by its name alone may still hold bytes."""
        return self.name.endswith("/") and not self.info.file_size and not self.info.compress_size


class Package:
    """Hold an open package: its members by name, each unpacked only when asked for."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        """Open a package; ReadError where it is damaged or holds too many members."""
        if data.count(_ENTRY) > _MANY * budget.limits.members:
            for _ in range(budget.limits.members + 1):
                budget.member()
        opened = _opened(data)
        if opened is None:
            raise ReadError(_DAMAGED)
        self._data = data
        self._zip = opened
        self._budget = budget
        self._all: list[Member] = []
        for info in opened.infolist():
            budget.member()
            self._all.append(Member(_name(info), info))
        # Of members that share a name the last counts, as for zipfile; `members` has them all.
        self._members = {member.name: member for member in self._all}

    @property
    def members(self) -> tuple[Member, ...]:
        """List the members, with folders and with every one of those that share a name."""
        return tuple(self._all)

    @property
    def names(self) -> tuple[str, ...]:
        """List the names of members, folders left out, in the order of the package."""
        return tuple(name for name, member in self._members.items() if not member.is_folder)

    @property
    def comment(self) -> str:
        """Return what the packer noted on the package."""
        return _decoded(self._zip.comment)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is such a member."""
        return name in self._members

    def matching(self, prefix: str, suffix: str = "") -> Iterator[str]:
        """Yield the members whose names begin and end so, in the order of the package."""
        return (name for name in self.names if name.startswith(prefix) and name.endswith(suffix))

    def read(self, name: str) -> bytes:
        """Unpack a member; ReadError where it is missing, encrypted, damaged or too large."""
        member = self._members.get(name)
        if member is None:
            raise ReadError(_DAMAGED)
        return self.unpack(member)

    def unpack(self, member: Member) -> bytes:
        """Unpack one of `members`; ReadError where it is encrypted, damaged, too large or packed in a rare way."""
        if member.encrypted:
            raise ReadError(_LOCKED)
        # zipfile would unpack the others (bzip2, LZMA) without a bound: a kilobyte of bzip2 makes gigabytes at once.
        if member.info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise ReadError(_PACKING)
        pieces: list[bytes] = []
        try:
            with self._zip.open(member.info) as file:
                # What a header says of the size is a claim; only what comes out counts.
                while piece := file.read(_PIECE):
                    self._budget.unpack(len(piece))
                    pieces.append(piece)
        except _FAULTS:
            raise ReadError(_DAMAGED) from None
        return b"".join(pieces)

    def unlisted(self) -> int:
        """Count the bytes that belong to no member: a program before them, what a directory no longer lists."""
        lost, position = 0, 0
        for info in sorted(self._zip.infolist(), key=lambda info: info.header_offset):
            lost += _gap(self._data, position, info.header_offset)
            header = self._data[info.header_offset : info.header_offset + _HEADER]
            extra = sum(struct.unpack("<HH", header[-4:])) if len(header) == _HEADER else 0
            position = max(position, info.header_offset + _HEADER + extra + info.compress_size)
        lost += _gap(self._data, position, self._zip.start_dir)
        end = self._data.rfind(_END) + _END_SIZE + len(self._zip.comment)
        return lost + _gap(self._data, end, len(self._data))


def glance(data: bytes, limit: int = 100_000) -> tuple[tuple[str, ...], bytes]:
    """Return the names in a package, as often as they occur, and the beginning of its `mimetype`; nothing if damaged.

    A package of more than about `limit` members is not opened.
    """
    opened = _opened(data) if data.count(_ENTRY) <= limit else None
    if opened is None:
        return (), b""
    names = tuple(_name(info) for info in opened.infolist())
    info = opened.NameToInfo.get("mimetype")
    if info is None or info.flag_bits & _ENCRYPTED or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return names, b""
    try:
        with opened.open(info) as file:
            return names, file.read(_GLANCE)
    except _FAULTS:
        return names, b""


def _opened(data: bytes) -> ZipFile | None:
    try:
        return ZipFile(io.BytesIO(data))
    except _FAULTS:
        return None


def _gap(data: bytes, start: int, end: int) -> int:
    """Count the bytes from `start` to `end` if they are more than a data descriptor and say something."""
    size = end - start
    return size if size > _DESCRIPTOR and data[start:end].strip(b"\0") else 0


def _name(info: ZipInfo) -> str:
    """Return the name of a member; one that does not say it is UTF-8 is what Windows in Japan wrote: CP932."""
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename.replace("\\", "/")
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    return _decoded(raw).replace("\\", "/")


def _decoded(raw: bytes) -> str:
    for codec in ("utf-8", "cp932"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp932", "replace")
