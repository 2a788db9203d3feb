"""Read the records of datasets: what stands in a column of a line of JSON, or of a row of Parquet.

Each record becomes an input of its own, `FILE#ROW` (rows from 1). One that cannot be read says so; it never takes
its neighbours along.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec
from msgspec import Struct

from aiguard.errors import UsageError
from aiguard.readers.given import Input

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST: Final = 50_000_000  # bytes of a line
_ROWS: Final = 4_096  # that are held at a time
_LINES: Final = frozenset({".jsonl", ".ndjson"})
_DAMAGED: Final = "JSONとして読めません。1行に1件のJSON（UTF-8）で保存してください"
_TOO_LONG: Final = "1件が大きすぎて読めません。分割してください"
_NOT_TEXT: Final = "列の値が文字列ではないため読めません"
_KIND: Final = "--column で読めるのは JSONL（.jsonl、.ndjson）と Parquet（.parquet）だけです"
_BROKEN: Final = "読み取りの途中で失敗しました（壊れているか、列が違います）"
_ABSENT: Final = "Parquet を読むには、pip install 'aiguard[ray]' が必要です。"


class Records(Struct, frozen=True):
    """Hold files of records, and the column with their text; iterate for an input a record."""

    files: tuple[Input, ...]
    column: str

    def __iter__(self) -> Iterator[Input]:
        """Yield the inputs, in order, reading as they are needed."""
        for each in self.files:
            yield from _records(each, self.column)

    def count(self) -> int:
        """Return how many inputs there will be; this reads every JSONL file once."""
        return sum(_count(each) for each in self.files)


def _records(file: Input, column: str) -> Iterator[Input]:
    if file.problem is not None:
        yield file
        return
    suffix = Path(file.path).suffix.lower()
    row = 0
    try:
        if suffix not in {*_LINES, ".parquet"}:
            yield Input(file.path, _KIND)
            return
        found = _parquet(file.path, column) if suffix == ".parquet" else _lines(file.path, column)
        for row, value in found:
            yield _input(f"{file.path}#{row}", value)
    except (OSError, ValueError):  # pyarrow's errors are ValueErrors or OSErrors
        yield Input(f"{file.path}#{row + 1}", _BROKEN)


def _input(path: str, value: object) -> Input:
    """Make an input of a value: text is checked, null is nothing entered; the rest says what is wrong."""
    if isinstance(value, _Problem):
        return Input(path, value.reason)
    if value is None:
        return Input(path, data=b"")
    return Input(path, data=value.encode(errors="replace")) if isinstance(value, str) else Input(path, _NOT_TEXT)


class _Problem(Struct, frozen=True):
    reason: str


def _lines(path: str, column: str) -> Iterator[tuple[int, object]]:
    with Path(path).open("rb") as file:
        for row, line in enumerate(_split(file), 1):
            if line.strip():
                yield row, _value(line, column)


def _split(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines; one that is too long comes cut."""
    first = True
    while line := file.readline(_LONGEST + 1):
        more = line
        while more and not more.endswith(b"\n"):
            more = file.readline(_LONGEST)
        yield line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False


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


def _parquet(path: str, column: str) -> Iterator[tuple[int, object]]:
    with Path(path).open("rb") as file:
        opened = _opened(file)
        if column not in opened.schema_arrow.names:
            raise ValueError
        rows = (value for batch in opened.iter_batches(_ROWS, columns=[column]) for value in batch[0].to_pylist())
        yield from enumerate(rows, 1)


def _opened(file: BinaryIO) -> Any:  # noqa: ANN401 - pyarrow has no types
    try:
        from pyarrow import parquet
    except ImportError:
        raise UsageError("Parquet を読む部品がありません。", _ABSENT) from None
    return parquet.ParquetFile(file)


def _count(file: Input) -> int:
    """Count as `_records` yields, without parsing; a file that breaks off counts what comes before, and the break."""
    suffix = Path(file.path).suffix.lower()
    if file.problem is not None or suffix not in {*_LINES, ".parquet"}:
        return 1
    try:
        with Path(file.path).open("rb") as opened:
            if suffix == ".parquet":
                return int(_opened(opened).metadata.num_rows)
            return sum(1 for line in _split(opened) if line.strip())
    except (OSError, ValueError):
        return 1


def records(files: Sequence[Input], column: str) -> Records:
    """Return the records of files."""
    return Records(tuple(files), column)
