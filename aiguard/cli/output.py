"""Write a report where it was asked for: as its documents come, or whole at the end where its format needs that."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from stat import S_ISREG
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aiguard.model import DocumentReport, Report
    from aiguard.reporters import Options
    from aiguard.reporters.streams import Stream
    from aiguard.scan import Writer
    from aiguard.store.spool import Spool

_SECTION = "section"  # what concerns a section stands together, so that the whole is needed


@contextmanager
def writer(
    empty: Report, form: str, output: Path | None, options: Options, hide: Callable[[], None]
) -> Iterator[Writer]:
    """Yield what writes a report; `empty` is the report without documents, `hide` clears a terminal for it.

    UsageError where the file cannot be written: it is opened before anything is checked.
    """
    from aiguard.reporters import CONSOLE, for_stream
    from aiguard.reporters.streams import STREAMS

    if form in STREAMS and not (form == "text" and options.by == _SECTION):
        if form in CONSOLE and output is None:
            yield _Streamed(STREAMS[form](empty, for_stream(options, sys.stdout, os.environ)), _shown(hide))
            return
        with _opened(output) as write:
            yield _Streamed(STREAMS[form](empty, options), write)
        return
    from aiguard.store.spool import Spool

    with Spool() as spool:
        yield _Spooled(empty, form, output, options, spool, hide)


class _Streamed:
    """Write each document as it comes."""

    def __init__(self, stream: Stream, write: Callable[[str], None]) -> None:
        self._stream, self._write = stream, write
        self._begun = False

    def add(self, report: DocumentReport) -> None:
        self._begin()
        self._write(self._stream.document(report))

    def end(self, left: int | None, notices: tuple[str, ...] = ()) -> None:
        self._begin()
        self._write(self._stream.end(left, notices))

    def _begin(self) -> None:
        if not self._begun:
            self._write(self._stream.begin())
            self._begun = True


class _Spooled:
    """Keep the documents, masked as they are, on the disk, and write all at the end."""

    def __init__(  # noqa: PLR0913, PLR0917 - what to write, and where
        self, empty: Report, form: str, output: Path | None, options: Options, spool: Spool, hide: Callable[[], None]
    ) -> None:
        self._empty, self._form, self._output, self._options = empty, form, output, options
        self._spool, self._hide = spool, hide

    def add(self, report: DocumentReport) -> None:
        self._spool.add(report)

    def end(self, left: int | None, notices: tuple[str, ...] = ()) -> None:
        from aiguard.cli.files import write

        self._hide()
        report = replace(self._empty, documents=tuple(self._spool.reports()), left=left, notices=notices)
        write(report, self._form, self._output, self._options)


def _shown(hide: Callable[[], None]) -> Callable[[str], None]:
    def write(text: str) -> None:
        if text:
            hide()
            sys.stdout.write(text)
            sys.stdout.flush()

    return write


@contextmanager
def _opened(output: Path | None) -> Iterator[Callable[[str], None]]:
    """Yield what writes UTF-8 to a file, which loses its content with the first write, or to standard output."""
    if output is None:

        def to_stdout(text: str) -> None:
            sys.stdout.buffer.write(text.encode())
            sys.stdout.buffer.flush()

        yield to_stdout
        return
    try:
        file = output.open("ab")
    except OSError:
        problem = f"結果を書けません: {output}"
        mend = "フォルダーがあるか、書き込めるか、ほかのソフトで開いていないかを確かめてください。"
        raise UsageError(problem, mend) from None
    with file:
        begun = False
        regular = S_ISREG(os.fstat(file.fileno()).st_mode)  # a pipe or a device has no length to cut

        def to_file(text: str) -> None:
            nonlocal begun
            if not begun and regular:
                file.truncate(0)
            begun = True
            file.write(text.encode())
            file.flush()

        yield to_file
