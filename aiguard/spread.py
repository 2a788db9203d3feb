"""Spread many inputs over child processes; what a document kills or never ends becomes unchecked, and the run goes on.

A few text files are checked in this process, which is quickest: nothing they hold can kill it. Whatever other
libraries parse (PDF, Office, archives, pictures) goes to a child, even a single file.
"""

from __future__ import annotations

import os
from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, msgpack
from msgspec.structs import replace

from aiguard.batch import Checker, join, report_document, report_inputs
from aiguard.errors import ReadError
from aiguard.finding import numbered
from aiguard.model import DocumentReport, Unchecked, Verdict
from aiguard.model.passing import CLOSED, DIED, LATE
from aiguard.readers import is_text, read_bytes
from aiguard.readers.given import from_wire, to_wire
from aiguard.readers.inputs import Input
from aiguard.readers.pieces import SIZE, Piece, can_be_cut, cut, read_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aiguard.workers import Lost, Work

MEMORY: Final = 4_000_000_000
_FEW: Final = 24  # files, and
_LITTLE: Final = 1_000_000  # bytes that are not worth a second process
_TOGETHER: Final = 16  # files, and
_HEAP: Final = 60_000  # bytes that travel as one task
_PACE: Final = 20_000  # bytes that a second may take at the slowest
_HEAD: Final = 1040


class _Item(Struct, frozen=True):
    """Hold what a child is to check: a path, a piece of it, or with `data` the bytes of what goes by that name."""

    input: Input
    data: bytes | None = None
    piece: Piece | None = None


class _Sized(Struct, frozen=True):
    """Hold an item, its size in bytes, and whether this process may read it.

    `name` is what its report is remembered under, `known` says that it is.
    """

    item: _Item
    size: int
    text: bool
    cut: bool = False
    name: bytes | None = None
    known: bool = False


class Memory(Protocol):
    """Remember reports of earlier runs, each under a name that no other file, piece, rule or option has."""

    def name(self, path: str, piece: Piece | None = None) -> bytes | None:
        """Return what a report is remembered under; None for what is not remembered."""

    def has(self, name: bytes) -> bool:
        """Tell whether a report is remembered."""

    def find(self, name: bytes, path: str) -> tuple[DocumentReport, ...]:
        """Return the reports that are remembered, none where they were forgotten."""

    def keep(self, items: Iterable[tuple[bytes, str, Piece | None, tuple[DocumentReport, ...]]]) -> None:
        """Remember reports, on the disk when this returns."""


def report_all(
    inputs: Sequence[Input], checker: Checker, jobs: int | None = None, memory: Memory | None = None
) -> Iterator[DocumentReport]:
    """Yield a report for each input, in order; `jobs` children at most (default: one a core)."""
    sized = [_sized(each) for each in inputs]
    if memory is not None:
        return _spread(sized, checker, jobs or os.cpu_count() or 1, memory)
    few = not any(each.cut for each in sized) and len(sized) <= _FEW and sum(each.size for each in sized) <= _LITTLE
    if all(each.text for each in sized) and (few or jobs == 1):
        return report_inputs(inputs, checker)
    return _spread(sized, checker, jobs or os.cpu_count() or 1)


def report_held(data: bytes, name: str, checker: Checker) -> DocumentReport:
    """Report bytes that go by a name, as of standard input."""
    if is_text(data[:_HEAD], name):
        return report_document(read_bytes(data, name, checker.use, checker.config.limits), checker)
    held = _Sized(_Item(Input(name), data), len(data), text=False)
    return next(_spread((held,), checker, 1))


def _sized(each: Input) -> _Sized:
    if each.problem is not None:
        return _Sized(_Item(each), 0, text=True)
    if each.data is not None:
        return _Sized(_Item(each), len(each.data), is_text(each.data[:_HEAD], each.path))
    try:
        with Path(each.path).open("rb") as file:
            size, head = os.fstat(file.fileno()).st_size, file.read(_HEAD)
        text = is_text(head, each.path)
        return _Sized(_Item(each), size, text, text and size > 2 * SIZE and can_be_cut(each.path, head))
    except (OSError, ValueError):
        return _Sized(_Item(each), 0, text=True)


def _spread(
    sized: Sequence[_Sized], checker: Checker, jobs: int, memory: Memory | None = None
) -> Iterator[DocumentReport]:
    if len(sized) == 1 and not sized[0].cut:
        jobs = 1
    merged: DocumentReport | None = None
    for item, report in _in_order(sized, checker, jobs, memory):
        if item.piece is not None and item.piece.number:
            merged = report if merged is None else join(merged, report)
            continue
        if merged is not None:
            yield merged
        merged = report
    if merged is not None:
        yield merged


def _in_order(
    sized: Sequence[_Sized], checker: Checker, jobs: int, memory: Memory | None
) -> Iterator[tuple[_Item, DocumentReport]]:
    """Yield reports in the order of the items; what an earlier run has done is dealt to nobody, and waits its turn."""
    waiting: deque[tuple[_Sized, ...]] = deque()

    def dealt() -> Iterator[tuple[_Sized, ...]]:
        for heap in _heaps(_looked_up(_units(sized), memory)):
            waiting.append(heap)
            if not heap[0].known:
                yield heap

    for result in _run(dealt(), checker, jobs):
        yield from _known(waiting, checker, memory)
        heap = waiting.popleft()
        reports = tuple(_reported(heap, result, checker))
        if memory is not None:
            each = zip(heap, reports, strict=True)
            memory.keep((one.name, report.path, one.item.piece, (report,)) for one, (_, report) in each if one.name)
        yield from reports
    yield from _known(waiting, checker, memory)


def _known(
    waiting: deque[tuple[_Sized, ...]], checker: Checker, memory: Memory | None
) -> Iterator[tuple[_Item, DocumentReport]]:
    """Yield what is remembered and next in order; what was forgotten in the meantime is checked after all."""
    while waiting and waiting[0][0].known:
        (each,) = waiting.popleft()
        found = memory.find(each.name, each.item.input.path) if memory and each.name else ()
        if not found:
            found = tuple(report for _, report in _one_by_one((each,), checker))
            if memory and each.name:
                memory.keep(((each.name, each.item.input.path, each.item.piece, found),))
        yield from ((each.item, report) for report in found)


def _looked_up(units: Iterable[_Sized], memory: Memory | None) -> Iterator[_Sized]:
    for each in units:
        at_hand = each.item.input.problem is not None or each.item.input.data is not None  # bytes of no file
        name = memory.name(each.item.input.path, each.item.piece) if memory and not at_hand else None
        yield replace(each, name=name, known=memory.has(name)) if memory and name else each


def _reported(heap: Sequence[_Sized], result: bytes | Lost, checker: Checker) -> Iterator[tuple[_Item, DocumentReport]]:
    if isinstance(result, bytes):
        yield from _received(heap, result)
    elif len(heap) > 1:
        yield from _one_by_one(heap, checker)
    else:
        yield heap[0].item, _unchecked(heap[0], result, checker)


def _one_by_one(heap: Sequence[_Sized], checker: Checker) -> Iterator[tuple[_Item, DocumentReport]]:
    """Do again, apart, what was lost together, so that only the one at fault stays unchecked."""
    for each, result in zip(heap, _run(((each,) for each in heap), checker, 1), strict=True):
        if isinstance(result, bytes):
            yield from _received((each,), result)
        else:
            yield each.item, _unchecked(each, result, checker)


def _units(sized: Iterable[_Sized]) -> Iterator[_Sized]:
    """Yield what is checked apart: files, and the pieces of large ones."""
    for each in sized:
        yield from _pieces(each) if each.cut else (each,)


def _heaps(units: Iterable[_Sized]) -> Iterator[tuple[_Sized, ...]]:
    """Put small text files that stand together into one task; any other file, or a piece, is a task of its own."""
    waiting: list[_Sized] = []
    for each in units:
        alone = not each.text or each.item.piece is not None or each.known
        full = len(waiting) == _TOGETHER or sum(one.size for one in waiting) + each.size > _HEAP
        if waiting and (alone or full):
            yield tuple(waiting)
            waiting = []
        if alone:
            yield (each,)
        else:
            waiting.append(each)
    if waiting:
        yield tuple(waiting)


def _pieces(each: _Sized) -> Iterator[_Sized]:
    """Cut a file; where that fails in the middle, the rest comes as one item that says so."""
    last = None
    try:
        for last in cut(each.item.input.path):
            yield _Sized(replace(each.item, piece=last), last.end - last.start, text=True)
    except (ReadError, OSError) as error:
        reason = error.message if isinstance(error, ReadError) else CLOSED
        broken = Input(each.item.input.path, reason)
        yield _Sized(_Item(broken, piece=replace(last, number=last.number + 1) if last else None), 0, text=True)


def _run(heaps: Iterable[tuple[_Sized, ...]], checker: Checker, jobs: int) -> Iterator[bytes | Lost]:
    from aiguard.workers import FORKS, Task, run

    tasks = (
        Task(msgpack.encode([_moved(each.item, to_wire) for each in heap]), _seconds(heap, checker)) for heap in heaps
    )
    prepare: Callable[[], Work] = partial(_worker, checker) if FORKS else partial(_fresh_worker, _recipe(checker))
    return run(tasks, prepare, jobs, MEMORY)


def _seconds(heap: Sequence[_Sized], checker: Checker) -> float:
    return checker.config.limits.seconds + sum(each.size for each in heap) / _PACE


def _worker(checker: Checker) -> Work:
    decoder, encoder = msgpack.Decoder(tuple[_Item, ...]), msgpack.Encoder()

    def work(data: bytes) -> bytes:
        items = [_moved(item, from_wire) for item in decoder.decode(data)]
        return encoder.encode(tuple(replace(each, path="") for item in items for each in _reports(item, checker)))

    return work


def _reports(item: _Item, checker: Checker) -> Iterator[DocumentReport]:
    if item.piece is not None and item.input.problem is None:
        return iter((_of_piece(item.piece, checker),))
    if item.data is None:
        return report_inputs((item.input,), checker)
    document = read_bytes(item.data, item.input.path, checker.use, checker.config.limits)
    return iter((report_document(document, checker),))


def _of_piece(piece: Piece, checker: Checker) -> DocumentReport:
    """Report a piece, without what its repeated heading holds."""
    report = report_document(read_piece(piece, checker.use), checker)
    here = tuple(finding for finding in report.findings if finding.location.line > piece.lines)
    return replace(report, findings=tuple(numbered(finding, piece.number) for finding in here))


def _recipe(checker: Checker) -> bytes:
    """Return what a child that starts afresh needs to make the checker again."""
    import pickle

    bare = (checker.config, checker.use, checker.today, checker.declared)
    rest = (
        checker.explains,
        checker.declarations,
        checker.prompt,
        checker.works,
        checker.names,
        checker.records,
        checker.accepted,
    )
    return pickle.dumps((bare, rest))


def _fresh_worker(recipe: bytes) -> Work:
    import pickle

    from aiguard.batch import prepare

    bare, (explains, declarations, prompt, works, names, records, accepted) = pickle.loads(recipe)  # noqa: S301 - from the parent
    checker = prepare(*bare)
    return _worker(
        replace(
            checker,
            explains=explains,
            declarations=declarations,
            prompt=prompt,
            works=works,
            names=names,
            records=records,
            accepted=accepted,
        )
    )


def _received(heap: Sequence[_Sized], data: bytes) -> Iterator[tuple[_Item, DocumentReport]]:
    """Yield what a child says of the items of a task; the paths stayed here."""
    for each, report in zip(heap, msgpack.decode(data, type=tuple[DocumentReport, ...]), strict=True):
        yield each.item, replace(report, path=each.item.input.path)


def _moved(item: _Item, rewrite: Callable[[str], str]) -> _Item:
    """Rewrite the paths of an item."""
    piece = item.piece and replace(item.piece, path=rewrite(item.piece.path))
    return replace(item, input=replace(item.input, path=rewrite(item.input.path)), piece=piece)


def _unchecked(each: _Sized, lost: Lost, checker: Checker) -> DocumentReport:
    reason = Unchecked(None, LATE if lost.late else DIED)
    return DocumentReport(each.item.input.path, checker.use, Verdict.UNCHECKED, unchecked=(reason,))
