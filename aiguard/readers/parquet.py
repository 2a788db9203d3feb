"""Read Parquet (Apache Parquet format, 2.x): records as lines of text, a batch at a time, so that memory is bounded.

pyarrow is asked for with `aiguard[parquet]`. Its errors may hold values, so none of their texts goes any further.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from aiguard.errors import ReadError
from aiguard.model import Part, Segment, Unchecked
from aiguard.model.passing import CHANGED
from aiguard.readers.jsontext import escaped, rendered
from aiguard.readers.parquet_values import OPAQUE, Opaque, leaves
from aiguard.readers.source import damaged, joined, only, paragraphs, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from aiguard.readers.source import Content, Source

MISSING: Final = "Parquetを読むための部品（pyarrow）がありません。pip install 'aiguard[parquet]' で入れてください"
LOCKED: Final = "暗号化されているため読めません。暗号化を外して保存し直してください"
_FOREIGN: Final = "この圧縮や書き方のParquetは読めません。圧縮をsnappyかzstdにして保存し直してください"
_OPAQUE: Final = "文字以外のデータ（画像など）か、読めない値のため確認できません。目で見て確かめてください"
_TOO_LONG: Final = "内容が大きすぎて読めません。分割してください"
_INFORMATION: Final = "ファイルの情報"
_OWN: Final = frozenset({b"ARROW:schema", b"PARQUET:field_id"})  # what pyarrow writes for itself
_ROWS: Final = 1_000  # rows that are decoded at once
_BUFFER: Final = 65_536  # bytes of a column that are read at once
_NAMED: Final = 20  # values that cannot be said, of which each is named
_MOST: Final = 50_000_000  # code points of a batch of a large file


class Batch(Struct, frozen=True):
    """Mark rows of a file: the row group, how many of its rows stand before them, how many they are.

    `stamp` is the size and the time of the file when it was looked at.
    """

    group: int
    first: int
    count: int
    stamp: tuple[int, int] = (0, 0)


def read_parquet(source: Source) -> Content:
    """Read a whole file; ReadError where it is damaged, encrypted or written as nobody here can read it."""

    def spend(text: str) -> None:
        source.budget.unpack(len(text))
        source.budget.cells(1)

    file = _opened(io.BytesIO(source.data))
    rows, contents = 0, [_about(file)]
    for group, count in enumerate(groups(file)):
        contents.append(_read(file, Batch(group, 0, count), rows, spend))
        rows += count
    return joined(contents)


def read_batch(file: BinaryIO, batch: Batch, before: int, *, first: bool) -> Content:
    """Read some rows of a large file, behind `before` others; with the first of them, what is said of the file.

    ReadError where the file cannot be opened as Parquet, or is another one than that whose rows were counted.
    """
    if stamp_of(file) != batch.stamp:
        raise ReadError(CHANGED)
    left = _MOST

    def spend(text: str) -> None:
        nonlocal left
        left -= len(text)
        if left < 0:
            raise ReadError(_TOO_LONG)

    opened = _opened(file)
    if not batch.count:
        return _about(opened)
    return joined((*((_about(opened),) if first else ()), _read(opened, batch, before, spend)))


def stamp_of(file: BinaryIO) -> tuple[int, int]:
    """Return the size of a file and when it was changed (nanoseconds)."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def outline(file: BinaryIO) -> tuple[tuple[int, int], ...]:
    """Return how many rows and bytes (unpacked) each row group of a file has; ReadError."""
    opened = _opened(file)
    counts = groups(opened)
    return tuple((rows, opened.metadata.row_group(at).total_byte_size) for at, rows in enumerate(counts))


def groups(file: Any) -> tuple[int, ...]:  # noqa: ANN401 - pyarrow has no stubs
    """Return how many rows each row group has; ReadError where they are not the rows of the file."""
    counts = tuple(file.metadata.row_group(at).num_rows for at in range(file.metadata.num_row_groups))
    if sum(counts) != file.metadata.num_rows or min(counts, default=0) < 0:
        raise damaged("Parquet")
    return counts


def _opened(file: Any) -> Any:  # noqa: ANN401 - see above
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise ReadError(MISSING) from None
    pa.set_memory_pool(pa.system_memory_pool())  # gives back what it took, where others keep it for the next file
    return _told(
        lambda: parquet.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True)
    )


def _told(read: Callable[[], Any]) -> Any:  # noqa: ANN401 - see above
    """Call pyarrow; ReadError says what was wrong in our words."""
    try:
        return read()
    except (ReadError, MemoryError, RecursionError):
        raise
    except NotImplementedError:
        raise ReadError(_FOREIGN) from None
    except Exception as error:  # noqa: BLE001 - a damaged file makes it raise whatever it will
        said = str(error).lower()
        if "crypt" in said:
            raise ReadError(LOCKED) from None
        raise (ReadError(_FOREIGN) if "support" in said else damaged("Parquet")) from None


def _about(file: Any) -> Content:  # noqa: ANN401 - see above
    """Return what is said of the file and of its columns, and the names of columns that hold no record to show them."""
    schema = _told(lambda: file.schema_arrow)
    said = [(_INFORMATION, *pair) for pair in (file.metadata.metadata or {}).items()]
    said += [(f"{field.name}の情報", *pair) for field in schema for pair in (field.metadata or {}).items()]
    lines, unread = [], []
    for label, key, value in said:
        if key in _OWN:
            continue
        try:
            lines.append((label, f"{key.decode()}: {value.decode()}"))
        except UnicodeDecodeError:  # its message holds the bytes
            unread.append(Unchecked(label, _OPAQUE))
    names = (
        Segment("".join(f"{name}:\n" for name in schema.names), label="列名") if not file.metadata.num_rows else None
    )
    about = only(paragraphs(lines, label=_INFORMATION, aside=True))
    return joined((only(names), about, ((), tuple(unread))))


def _read(file: Any, batch: Batch, before: int, spend: Callable[[str], None]) -> Content:  # noqa: ANN401 - see above
    """Return the rows of a batch, as far as they can be read, and from which row on they cannot."""
    written = _Written(spend)
    done = before
    try:
        for columns in _told_each(_columns(file, batch)):
            for row in zip(*(values for _, values in columns), strict=True):
                done += 1
                written.record(done, [name for name, _ in columns], row)
        if done != before + batch.count:
            raise damaged("Parquet")
    except (ReadError, RecursionError) as error:
        reason = error.message if isinstance(error, ReadError) else "入れ子が深すぎるため読めません"
        return joined((written.content(), refused(reason, f"{done + 1}行目から")))
    return written.content()


def _told_each(steps: Iterator[Any]) -> Iterator[Any]:
    while (step := _told(lambda: next(steps, None))) is not None:
        yield step


def _columns(file: Any, batch: Batch) -> Iterator[list[tuple[str, list[Any]]]]:  # noqa: ANN401 - see above
    """Yield the rows of a batch a thousand at a time: the values of each column, with its name."""
    skipped, left = batch.first, batch.count
    for read in file.iter_batches(_ROWS, row_groups=[batch.group], use_threads=False):
        here = read.slice(min(skipped, read.num_rows), left)
        skipped -= min(skipped, read.num_rows)
        left -= here.num_rows
        if here.num_rows:
            yield [(name, _values(column)) for name, column in zip(here.schema.names, here.columns, strict=True)]
        if not left:
            return


def _values(column: Any) -> list[Any]:  # noqa: ANN401 - see above
    """Return the values of a column; where some are none of Python (nanoseconds, broken UTF-8), each by itself."""
    import pyarrow as pa

    try:
        return column.to_pylist()  # type: ignore[no-any-return]
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - ValueError, UnicodeDecodeError, what a library of time zones raises
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us"), safe=False)
        return [_value(each) for each in column]


def _value(scalar: Any) -> Any:  # noqa: ANN401 - see above
    try:
        return scalar.as_py()
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - see above
        return OPAQUE


class _Written:
    """Gather the lines of records, and which of their values could not be said."""

    def __init__(self, spend: Callable[[str], None]) -> None:
        self._spend = spend
        self._lines: list[str] = []
        self._parts: list[Part] = []
        self._length = 0
        self._unsaid: list[str] = []
        self._more = 0

    def record(self, number: int, names: Sequence[str], values: Sequence[Any]) -> None:
        """Write a record; `number` is that of its row, from 1."""
        for name, value in zip(names, values, strict=True):
            label = f"{number}行目 /{escaped(name)}"
            for leaf in leaves(value, label, name):
                if isinstance(leaf, Opaque):
                    self._leave(label)
                    continue
                line = rendered(leaf)
                self._spend(line)
                self._parts.append(Part(self._length, leaf.pointer, number))
                self._lines.append(line)
                self._length += len(line)

    def _leave(self, label: str) -> None:
        if len(self._unsaid) < _NAMED:
            self._unsaid.append(label)
        else:
            self._more += 1

    def content(self) -> Content:
        """Return what was written, and what was not."""
        segments = (Segment("".join(self._lines), parts=tuple(self._parts)),) if self._lines else ()
        unsaid = tuple(Unchecked(label, _OPAQUE) for label in self._unsaid)
        rest = (Unchecked(None, f"ほか{self._more}個の値も、{_OPAQUE}"),) if self._more else ()
        return segments, unsaid + rest
