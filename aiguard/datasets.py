"""Read the records of datasets: what stands in a column of a line of JSON, or of a row of Parquet.

Each record becomes an input of its own, `FILE#ROW` (rows from 1). One that cannot be read says so; it never takes
its neighbours along. A file comes in parts, which are the same whoever reads them: lines that begin in a range of
bytes, rows of a row group. This computer reads them one after the other, a cluster shares them out.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec
from msgspec import Struct

from aiguard.errors import UsageError
from aiguard.readers.given import Input
from aiguard.storage import opened, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BYTES: Final = 4_000_000  # of the lines of a part: some ten thousand prompts, which is what a lost machine costs
_ROWS: Final = 10_000  # of Parquet in a part
_LONGEST: Final = 50_000_000  # bytes of a line
_HELD: Final = 4_096  # rows that are decoded at a time
_BUFFER: Final = 1 << 20  # bytes that are looked through at a time
_LINES: Final = frozenset({".jsonl", ".ndjson"})
_PARQUET: Final = ".parquet"
_BOM: Final = b"\xef\xbb\xbf"
_DAMAGED: Final = "JSONとして読めません。1行に1件のJSON（UTF-8）で保存してください"
_TOO_LONG: Final = "1件が大きすぎて読めません。分割してください"
_NOT_TEXT: Final = "列の値が文字列ではないため読めません"
_KIND: Final = "--column で読めるのは JSONL（.jsonl、.ndjson）と Parquet（.parquet）だけです"
_BROKEN: Final = "読み取りの途中で失敗しました（壊れているか、列が違います）"
_ABSENT: Final = "Parquet を読むには、pip install 'aiguard[ray]' が必要です。"


class Rows(Struct, frozen=True, tag=True):
    """Mark some records of a file: lines that begin from byte `start` to before `end`, or those rows of a row `group`.

    `before` is the number of the row before the first. `problem` says why there is nothing to read.
    """

    path: str
    start: int = 0
    end: int = 0
    before: int = 0
    group: int | None = None
    problem: str | None = None


class Records(Struct, frozen=True):
    """Hold files of records, and the column with their text; iterate for an input a record."""

    files: tuple[Input, ...]
    column: str

    def __iter__(self) -> Iterator[Input]:
        """Yield the inputs, in order, reading as they are needed."""
        for each in self.files:
            if each.problem is not None:
                yield each
                continue
            for part in rows_of(each.path, self.column, None):
                yield from read(part, self.column)

    def count(self) -> int:
        """Return how many inputs there will be; this reads every JSONL file once."""
        return sum(
            1 if each.problem is not None else sum(map(_count, rows_of(each.path, self.column, None)))
            for each in self.files
        )


def records(files: Sequence[Input], column: str) -> Records:
    """Return the records of files."""
    return Records(tuple(files), column)


def rows_of(path: str, column: str, most: int | None = BYTES) -> Iterator[Rows]:
    """Yield the parts of a file: lines of `most` bytes or so together (None: all), or rows of Parquet."""
    suffix = Path(path).suffix.lower()
    try:
        if suffix == _PARQUET:
            yield from _groups(path, column)
        elif suffix not in _LINES:
            yield Rows(path, problem=_KIND)
        elif most is None or (size := size_of(path)) <= most:
            yield Rows(path, 0, size_of(path))
        else:
            yield from _stretches(path, size, most)
    except (OSError, ValueError):  # pyarrow's errors are ValueErrors or OSErrors
        yield Rows(path, problem=_BROKEN)


def read(part: Rows, column: str) -> Iterator[Input]:
    """Yield the inputs of a part. Rows that are known to be there are never left out; of lines, the rest is one input."""
    row = part.before
    if part.problem is not None:
        yield Input(part.path if part.problem == _KIND else f"{part.path}#{row + 1}", part.problem)
        return
    try:
        for row, value in _lines(part, column) if part.group is None else _parquet(part, column):
            yield _input(f"{part.path}#{row}", value)
    except (OSError, ValueError):
        last = row + 1 if part.group is None else part.before + part.end - part.start
        yield from (Input(f"{part.path}#{at}", _BROKEN) for at in range(row + 1, last + 1))


def named(part: Rows, reason: str) -> Iterator[Input]:
    """Yield the inputs of a part that was not checked, for a reason, without looking into any."""
    if part.problem is not None:
        yield from read(part, "")
        return
    try:
        lines = _split(part) if part.group is None else ()
        numbers = [row for row, line in lines if line.strip()]
    except (OSError, ValueError):
        numbers = [part.before + 1]
    if part.group is not None:
        numbers = [*range(part.before + 1, part.before + part.end - part.start + 1)]
    yield from (Input(f"{part.path}#{row}", reason) for row in numbers)


def _stretches(path: str, size: int, most: int) -> Iterator[Rows]:
    """Cut a file of lines; where it cannot be read on, the rest is one part that says so."""
    start = at = row = before = 0
    with opened(path) as file:
        while data := file.read(_BUFFER):
            cut = data.rfind(b"\n") + 1
            if cut and at + cut - start >= most:
                row += data.count(b"\n", 0, cut)
                yield Rows(path, start, at + cut, before)
                start, before = at + cut, row
                row += data.count(b"\n", cut)
            else:
                row += data.count(b"\n")
            at += len(data)
    if start < at:
        yield Rows(path, start, max(at, size), before)


def _groups(path: str, column: str) -> Iterator[Rows]:
    before = 0
    with opened(path) as file:
        table = _table(file)
        if column not in table.schema_arrow.names:
            raise ValueError
        counts = [table.metadata.row_group(group).num_rows for group in range(table.num_row_groups)]
    for group, count in enumerate(counts):
        for start in range(0, count, _ROWS):
            yield Rows(path, start, min(start + _ROWS, count), before + start, group)
        before += count


def _table(file: BinaryIO) -> Any:  # noqa: ANN401 - pyarrow has no types
    try:
        from pyarrow import parquet
    except ImportError:
        raise UsageError("Parquet を読む部品がありません。", _ABSENT) from None
    return parquet.ParquetFile(file)


def _parquet(part: Rows, column: str) -> Iterator[tuple[int, object]]:
    with opened(part.path) as file:
        batches = _table(file).iter_batches(_HELD, row_groups=[part.group], columns=[column])
        values = (value for batch in batches for value in batch[0].to_pylist())
        yield from enumerate(islice(values, part.start, part.end), part.before + 1)


def _lines(part: Rows, column: str) -> Iterator[tuple[int, object]]:
    for row, line in _split(part):
        if line.strip():
            yield row, _value(line, column)


def _split(part: Rows) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that begin in a part, numbered; one that is too long comes cut."""
    row, at = part.before, part.start
    with opened(part.path) as file:
        file.seek(at)
        while at < part.end and (line := file.readline(_LONGEST + 1)):
            row, at = row + 1, at + len(line)
            more = line
            while more and not more.endswith(b"\n"):
                more = file.readline(_LONGEST)
                at += len(more)
            yield row, line.removeprefix(_BOM) if row == 1 else line


def _count(part: Rows) -> int:
    """Count as `read` yields, without parsing; what breaks off counts what comes before, and the break."""
    if part.problem is not None or part.group is not None:
        return 1 if part.problem is not None else part.end - part.start
    count = 0
    try:
        for _, line in _split(part):
            count += bool(line.strip())
    except (OSError, ValueError):
        count += 1
    return count


class _Problem(Struct, frozen=True):
    reason: str


def _value(line: bytes, column: str) -> object:
    if len(line) > _LONGEST:
        return _Problem(_TOO_LONG)
    try:
        fields = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # their messages may hold the text
        return _Problem(_DAMAGED)
    if not isinstance(fields, dict) or column not in fields:
        return _Problem(f"列「{column}」がありません（--column を確かめてください）")
    return fields[column]


def _input(path: str, value: object) -> Input:
    """Make an input of a value: text is checked, null is nothing entered; the rest says what is wrong."""
    if isinstance(value, _Problem):
        return Input(path, value.reason)
    if value is None:
        return Input(path, data=b"")
    return Input(path, data=value.encode(errors="replace")) if isinstance(value, str) else Input(path, _NOT_TEXT)
