"""Check many inputs, in this process or spread over child processes, and yield what becomes of them in their order.

`checked` is the seam of every run: inputs go in, `Checked` reports come out, both one after the other, so that a run of
any length takes bounded memory. What is known already goes in as `Checked` and comes out in its place.

A few text files are checked in this process, which is quickest: nothing they hold can kill it. Whatever other
libraries parse (PDF, Office, archives, pictures) goes to a child, even a single file. What a document kills or never
ends becomes unchecked, and the run goes on.
"""

from __future__ import annotations

import os
from collections import deque
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from msgspec import msgpack
from msgspec.structs import replace

from aiguard.batch import report_document
from aiguard.checked import Checked, Gathering
from aiguard.model import Document, DocumentReport, Unchecked
from aiguard.model.passing import DIED, LATE
from aiguard.readers import is_text, named
from aiguard.readers.given import from_wire, to_wire
from aiguard.readers.inputs import Input
from aiguard.task import Item, Reply, Sized, answered, moved, portions, reply_to, sized, work_of
from aiguard.workers import Engine, Lost, Task, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aiguard.checker import Checker
    from aiguard.readers.pieces import Piece

MEMORY: Final = 4_000_000_000
_FEW: Final = 24  # files, and
_LITTLE: Final = 1_000_000  # bytes that are not worth a second process
_TOGETHER: Final = 16  # files, and
_HEAP: Final = 60_000  # bytes that travel as one task
_PACE: Final = 20_000  # bytes that a second may take at the slowest
_HEAD: Final = 1040
_STOPPED: Final = "途中で止めたため、ここから先は確認していません。もう一度実行してください"


class Watch(NamedTuple):
    """Say how a run is watched: whether it is to `stop`, and whom to tell the bytes that were `done`."""

    stops: Callable[[], bool] = lambda: False
    done: Callable[[int], None] = lambda _size: None


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
    inputs: Iterable[Input], checker: Checker, jobs: int | None = None, memory: Memory | None = None
) -> Iterator[DocumentReport]:
    """Yield the reports of inputs, in order; `jobs` children at most (default: one a core)."""
    return (each.report for each in checked(inputs, checker, jobs, memory=memory))


def checked(  # noqa: PLR0913, PLR0917 - what to check, with what, and four ways to see it done
    given: Iterable[Input | Checked],
    checker: Checker,
    jobs: int | None = None,
    watch: Watch | None = None,
    memory: Memory | None = None,
    engine: Engine | None = None,
) -> Iterator[Checked]:
    """Yield what becomes of each input, in order, whatever `jobs` (children at most; default: one a core).

    An `engine` does the tasks elsewhere.

    Inputs are taken as they are needed. A `Checked` among them is passed on in its place, and what `memory` knows is
    not checked again. Once the watch stops, what is under way is finished if it takes no more than seconds, and
    nothing more is taken.
    """
    watch = watch or Watch()
    every = (each if isinstance(each, Checked) else sized(each) for each in given)
    first = list(islice(every, _FEW + 1))
    few = [each for each in first if isinstance(each, Sized)]
    here = (
        memory is None
        and engine is None
        and len(first) <= _FEW
        and sum(each.size for each in few) <= _LITTLE
        and all(each.text and not each.cut for each in few)
    )
    if here:
        return _here(first, checker, watch)
    single = len(first) == 1 and not few[0].cut
    children = 1 if single else jobs or os.cpu_count() or 1
    engine = engine or _children(checker, children)
    return _gathered(_in_order(chain(first, every), checker, engine, watch, memory), checker)


def report_held(data: bytes, name: str, checker: Checker) -> Iterator[DocumentReport]:
    """Yield the reports of bytes that go by a name, as of standard input."""
    item = Item(Input(name), data)
    if is_text(data[:_HEAD], name):
        return iter(reply_to(item, checker).reports)
    held = Sized(item, len(data), text=False)
    return (
        each.report for each in _gathered(_in_order((held,), checker, _children(checker, 1), Watch(), None), checker)
    )


def _children(checker: Checker, jobs: int) -> Engine:
    def engine(tasks: Iterable[Task], stops: Callable[[], bool], *, few: bool = False) -> Iterator[bytes | Lost | None]:
        return run(tasks, work_of(checker), 1 if few else jobs, MEMORY, stops)

    return engine


class _Event(NamedTuple):
    """Say what came of an item: its reply, why it has none, or what was known of it before."""

    item: Item
    size: int
    came: Reply | Lost | Checked


def _here(given: Sequence[Sized | Checked], checker: Checker, watch: Watch) -> Iterator[Checked]:
    """Check in this process."""
    for each in given:
        if watch.stops():
            return
        if isinstance(each, Checked):
            yield each
        else:
            yield from _whole(_Event(each.item, each.size, reply_to(each.item, checker)))
            watch.done(each.size)


def _gathered(events: Iterator[_Event], checker: Checker) -> Iterator[Checked]:
    """Turn what came of items into what becomes of inputs: the pieces of a file are put together."""
    open_file: Gathering | None = None
    gap: Unchecked | None = None
    for event in events:
        if event.item.piece is None:
            yield from _whole(event)
            continue
        if open_file is None:
            open_file, gap = Gathering(event.item.input), None
        if gap is None and isinstance(event.came, Lost) and event.came.stopped:
            gap = Unchecked(f"{event.item.piece.lines + 1}行目から", _STOPPED)
        if gap is None and isinstance(event.came, Reply):
            yield from open_file.add(event.came.reports)
        if event.item.last:
            yield from open_file.end(checker.use, gap)
            open_file = None
    if open_file is not None:
        yield from open_file.end(checker.use, gap or Unchecked(None, _STOPPED))


def _whole(event: _Event) -> Iterator[Checked]:
    """Yield what became of an input that was one item; nothing where the run stopped before it was done."""
    if isinstance(event.came, Checked):
        yield event.came
    elif isinstance(event.came, Reply):
        reports = event.came.reports
        yield from (Checked(event.item.input, each, at == len(reports)) for at, each in enumerate(reports, 1))


def _in_order(
    given: Iterable[Sized | Checked], checker: Checker, engine: Engine, watch: Watch, memory: Memory | None
) -> Iterator[_Event]:
    waiting: deque[tuple[Sized, ...] | Checked] = deque()

    def dealt() -> Iterator[Task]:
        for heap in _heaps(_looked_up(given, memory)):
            waiting.append(heap)
            yield Task(None) if isinstance(heap, Checked) or heap[0].known else _task(heap, checker)

    for result in engine(dealt(), watch.stops):
        heap = waiting.popleft()
        if isinstance(heap, Checked):
            yield _Event(Item(heap.input), 0, heap)
            continue
        known = memory is not None and heap[0].known
        events = (
            _remembered(heap, checker, engine, watch, memory)
            if memory and known
            else _events(heap, result, checker, engine, watch)
        )
        for event in events if memory is None or known else _kept(tuple(events), heap, memory):
            yield event
            watch.done(event.size)


def _looked_up(given: Iterable[Sized | Checked], memory: Memory | None) -> Iterator[Sized | Checked]:
    """Yield the portions of what is given; with a memory each has its name, and whether something is known of it."""
    for each in given:
        for portion in (each,) if isinstance(each, Checked) else portions(each):
            yield _named(portion, memory) if memory is not None and isinstance(portion, Sized) else portion


def _named(each: Sized, memory: Memory) -> Sized:
    given = each.item.input
    if given.problem is not None or given.data is not None or each.item.data is not None:  # bytes of no file
        return each
    name = memory.name(given.path, each.item.piece)
    return replace(each, name=name, known=memory.has(name)) if name else each


def _remembered(
    heap: tuple[Sized, ...], checker: Checker, engine: Engine, watch: Watch, memory: Memory
) -> Iterator[_Event]:
    """Yield what is remembered of an item; what was forgotten in the meantime is checked after all."""
    (each,) = heap
    found = memory.find(each.name, each.item.input.path) if each.name else ()
    if found:
        yield _Event(each.item, each.size, Reply(found))
        return
    for result in engine((_task(heap, checker),), watch.stops, few=True):
        yield from _kept(tuple(_events(heap, result, checker, engine, watch)), heap, memory)


def _kept(events: tuple[_Event, ...], heap: tuple[Sized, ...], memory: Memory) -> tuple[_Event, ...]:
    """Remember what came of the items of a task, all at once, before anybody is told of it."""
    pairs = zip(heap, events, strict=False)
    named = ((each.name, each.item, event.came) for each, event in pairs if each.name)
    memory.keep(
        (name, item.input.path, item.piece, came.reports) for name, item, came in named if isinstance(came, Reply)
    )
    return events


def _events(
    heap: tuple[Sized, ...], result: bytes | Lost | None, checker: Checker, engine: Engine, watch: Watch
) -> Iterator[_Event]:
    """Yield what came of the items of a task; those that were lost together are done again, apart."""
    if isinstance(result, bytes):
        replies = zip(heap, msgpack.decode(result, type=tuple[Reply, ...]), strict=True)
        yield from (_Event(one.item, one.size, answered(reply, from_wire)) for one, reply in replies)
    elif isinstance(result, Lost) and len(heap) > 1 and not result.stopped:
        tasks = (_task((each,), checker) for each in heap)
        for each, single in zip(heap, engine(tasks, watch.stops, few=True), strict=False):
            yield from _events((each,), single, checker, engine, watch)
    elif isinstance(result, Lost):
        yield from (_Event(each.item, each.size, _lost(each.item, result, checker)) for each in heap)


def _lost(item: Item, lost: Lost, checker: Checker) -> Reply | Lost:
    """Say of an item why nothing is known of it; a run that stopped says so of the whole."""
    if lost.stopped:
        return lost
    label = f"{item.piece.lines + 1}行目から" if item.piece and item.piece.number else None
    reason = Unchecked(label, LATE if lost.late else DIED)
    bare = Document(item.input.path, checker.use, unchecked=(reason,))
    return Reply((report_document(named(bare) if label is None else bare, checker),))


def _task(heap: Sequence[Sized], checker: Checker) -> Task:
    return Task(msgpack.encode([moved(each.item, to_wire) for each in heap]), _seconds(heap, checker))


def _seconds(heap: Sequence[Sized], checker: Checker) -> float:
    return checker.config.limits.seconds + sum(each.size for each in heap) / _PACE


def _heaps(given: Iterable[Sized | Checked]) -> Iterator[tuple[Sized, ...] | Checked]:
    """Put small text files that stand together into one task; anything else is a task of its own."""
    waiting: list[Sized] = []
    for each in given:
        small = each if isinstance(each, Sized) and _is_small(each) else None
        if waiting and not (small and len(waiting) < _TOGETHER and _size(waiting) + small.size <= _HEAP):
            yield tuple(waiting)
            waiting = []
        if small is not None:
            waiting.append(small)
        else:
            yield each if isinstance(each, Checked) else (each,)
    if waiting:
        yield tuple(waiting)


def _is_small(each: Sized) -> bool:
    return each.text and not each.known and each.item.piece is None and each.item.last


def _size(heap: Sequence[Sized]) -> int:
    return sum(each.size for each in heap)
