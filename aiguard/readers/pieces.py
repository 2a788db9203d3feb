"""Cut a large text file into pieces that can be read apart, at the ends of records, without holding it in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from aiguard.errors import ReadError
from aiguard.model import Document, Unchecked, Use
from aiguard.model.passing import CLOSED
from aiguard.readers.decode import decode
from aiguard.readers.jsontext import read_json_lines
from aiguard.readers.longlines import Cut, Inside, cuts, read_around
from aiguard.readers.parquet import Batch, read_batch
from aiguard.readers.texts import parse_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

LARGE: Final = 4_000_000  # bytes up to which a file is read whole
SIZE: Final = 250_000  # bytes of a piece: what a child holds of one is some two hundred times as much
_LONGEST: Final = 50_000_000  # bytes of a record; beyond it a file cannot be cut
_TOGETHER: Final = 1_000_000  # bytes of a line that are held at once while ends are looked for
_TABLES: Final = frozenset({".csv", ".tsv"})
_LINES: Final = frozenset({".jsonl", ".ndjson"})
PACKED: Final = 250_000  # bytes up to which a file is read whole that holds several times as much, packed
_PLAIN: Final = frozenset({".txt", ".log", ".md", ""})
_TOO_LONG: Final = "1件が大きすぎて読めません。分割してください"


class Piece(Struct, frozen=True):
    """Mark a piece of a file: its bytes, the lines and records before it, and the heading that its columns have.

    `batch`: the rows, where it is a file of Parquet. `inside`: where it begins or ends inside a line.
    """

    path: str
    number: int
    start: int
    end: int
    lines: int
    rows: int
    heading: bytes = b""
    batch: Batch | None = None
    inside: Inside | None = None


def can_be_cut(path: str, head: bytes) -> bool:
    """Tell whether a file of this name and these first bytes has records that end with its lines."""
    if b"\0" in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 and UTF-32, whose lines end otherwise
        return False
    return Path(path).suffix.lower() in _TABLES | _LINES | _PLAIN


def cut(path: str, size: int = SIZE) -> Iterator[Piece]:
    """Yield the pieces of a file, each of about `size` bytes; ReadError where a record is too long to be held.

    Of a table a record may go over lines, between quotation marks (RFC 4180), and every piece knows the first.
    """
    suffix = Path(path).suffix.lower()
    table = suffix in _TABLES
    if suffix in _PLAIN:
        yield from _cut_plain(path, size)
        return
    with Path(path).open("rb") as file:
        heading = _heading(file) if table else b""
        file.seek(0)
        start = lines = rows = number = 0
        for end, more_lines, more_rows in _ends(file, size, table=table):
            yield Piece(path, number, start, end, lines, rows, heading if number else b"")
            start, lines, rows, number = end, lines + more_lines, rows + more_rows, number + 1


def read_piece(piece: Piece, use: Use) -> Document:
    """Read a piece; its places are those in the whole file."""
    try:
        with Path(piece.path).open("rb") as file:
            if piece.batch is not None:
                content = read_batch(file, piece.batch, piece.rows, first=piece.number == 0)
                return Document(piece.path, use, *content)
            if piece.inside is not None:
                text, indent = read_around(file, (piece.start, piece.end), piece.inside)
                segments, unchecked = parse_text(text, piece.path)
                place = {"before": (piece.lines, piece.rows), "indent": indent}
                return Document(piece.path, use, tuple(replace(each, **place) for each in segments), unchecked)
            file.seek(piece.start)
            data = file.read(piece.end - piece.start)
        text = decode(piece.heading + data)
    except ReadError as error:
        return Document(piece.path, use, unchecked=(Unchecked(f"{piece.lines + 1}行目から", error.message),))
    except OSError:
        return Document(piece.path, use, unchecked=(Unchecked(None, CLOSED),))
    if Path(piece.path).suffix.lower() in _LINES:
        return Document(piece.path, use, *read_json_lines(text, piece.lines + 1))
    segments, unchecked = parse_text(text, piece.path)
    before = (piece.lines - piece.heading.count(b"\n"), piece.rows - bool(piece.heading))
    return Document(piece.path, use, tuple(replace(segment, before=before) for segment in segments), unchecked)


def _cut_plain(path: str, size: int) -> Iterator[Piece]:
    before = Cut(0, 0, 0)
    with Path(path).open("rb") as file:
        for number, here in enumerate(cuts(file, size)):
            inside = Inside(before.column, (here.lines, here.column) if here.column else None)
            within = inside if inside.column or inside.end else None
            yield Piece(path, number, before.at, here.at, before.lines, before.lines, inside=within)
            before = here


def _heading(file: BinaryIO) -> bytes:
    heading = b""
    while line := file.readline(SIZE):  # a longer one is no heading
        heading += line
        if heading.count(b'"') % 2 == 0 or len(heading) > SIZE:
            break
    return heading if heading.endswith(b"\n") else b""


def _ends(file: BinaryIO, size: int, *, table: bool) -> Iterator[tuple[int, int, int]]:
    """Yield where each piece ends, and how many lines and records it has."""
    begun = at = lines = rows = 0
    open_quote = False
    while line := file.readline(_TOGETHER):
        at += len(line)
        open_quote ^= table and line.count(b'"') % 2 == 1
        if open_quote:
            if at - begun > _LONGEST:
                raise ReadError(_TOO_LONG)
            lines += line.endswith(b"\n")
            continue
        if not line.endswith(b"\n"):  # the rest of a long line follows, or nothing
            continue
        lines, rows = lines + 1, rows + 1
        if at - begun >= size:
            yield at, lines, rows
            begun, lines, rows = at, 0, 0
    if at > begun:
        yield at, lines, rows
