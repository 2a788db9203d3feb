"""Part a large Parquet file into batches of rows, which children read apart.

What a stranger wrote is parsed in a child, also the list of its row groups: a file that kills it costs only itself.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, msgpack

from aiguard.errors import ReadError
from aiguard.model.passing import CLOSED, DIED, LATE
from aiguard.readers.parquet import Batch, outline, stamp_of
from aiguard.readers.pieces import SIZE, Piece
from aiguard.workers import Lost, Task, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.workers import Work

_MEMORY: Final = 4_000_000_000
_SECONDS: Final = 60.0
_PACE: Final = 20_000_000  # bytes that a second may take at the slowest, to read a file from end to end
_ROWS: Final = 2_000  # rows of a piece at most: those of few columns, or packed very well
_ALWAYS: Final = 2_000_000  # rows that any file may have; beyond it
_DENSE: Final = 4  # rows for each of its bytes, which no file of use has
_TOO_MANY: Final = "行が多すぎて読めません。分割してください"


class _Outline(Struct, frozen=True):
    """Hold the rows and the bytes (unpacked) of each row group, what the file was like, or why nothing is known."""

    groups: tuple[tuple[int, int], ...] = ()
    digest: bytes = b""
    stamp: tuple[int, int] = (0, 0)
    problem: str | None = None


def cut_rows(path: str, size: int = SIZE) -> Iterator[Piece]:
    """Yield the pieces of a file of Parquet, each of about `size` bytes when unpacked; ReadError where it cannot be read.

    `start` and `end` of a piece share the bytes of the file out over its rows, `heading` is the hash of them all.
    """
    found = _looked_at(path)
    total = sum(rows for rows, _ in found.groups)
    if total > _ALWAYS + _DENSE * found.stamp[0]:
        raise ReadError(_TOO_MANY)
    before = number = 0
    for batch in _batches(found, size):
        start, end = (found.stamp[0] * rows // max(1, total) for rows in (before, before + batch.count))
        yield Piece(path, number, start, end, before, before, found.digest, batch)
        before, number = before + batch.count, number + 1


def _batches(found: _Outline, size: int) -> Iterator[Batch]:
    """Yield the batches of all row groups; one of no rows where there are none, for what is said of the file."""
    for group, (rows, unpacked) in enumerate(found.groups):
        step = max(1, min(_ROWS, size * rows // max(1, unpacked)))
        for first in range(0, rows, step):
            yield Batch(group, first, min(step, rows - first), found.stamp)
    if not any(rows for rows, _ in found.groups):
        yield Batch(0, 0, 0, found.stamp)


def _looked_at(path: str) -> _Outline:
    seconds = _SECONDS + Path(path).stat().st_size / _PACE
    (result,) = run((Task(os.fsencode(path), seconds),), _looking, 1, _MEMORY)
    if not isinstance(result, bytes):
        raise ReadError(LATE if isinstance(result, Lost) and result.late else DIED)
    found = msgpack.decode(result, type=_Outline)
    if found.problem is not None:
        raise ReadError(found.problem)
    return found


def _looking() -> Work:
    """Return the work of the child: the name of a file goes in, its outline comes out."""

    def work(data: bytes) -> bytes:
        try:
            return msgpack.encode(_outlined(os.fsdecode(data)))
        except ReadError as error:
            return msgpack.encode(_Outline(problem=error.message))
        except OSError:
            return msgpack.encode(_Outline(problem=CLOSED))

    return work


def _outlined(path: str) -> _Outline:
    hashed = blake2b(digest_size=32)
    with Path(path).open("rb") as file:
        stamp = stamp_of(file)
        while chunk := file.read(1 << 20):
            hashed.update(chunk)
        return _Outline(outline(file), hashed.digest(), stamp)
