"""Do work in child processes, so that what kills one, or never ends, costs what it held and nothing else.

The pools of the standard library lose all that is under way with the first dead child. Here one thread deals out
the tasks and waits for whoever is ready. On Linux children are forks and share what the parent has loaded;
elsewhere they start afresh, so that what they need must be picklable.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

FORKS: Final = sys.platform.startswith("linux")
_WINDOW: Final = 8  # tasks a child that may be done before an earlier one is: it bounds the results that wait
_WAKE: Final = 0.5  # seconds between looks at the clock
_GRACE: Final = 5.0  # seconds that what is under way gets when a run is to stop

Work: TypeAlias = "Callable[[bytes], bytes]"


class Task(NamedTuple):
    """Hold what a child is to do, and the seconds it may take; without data there is nothing to do (result: None)."""

    data: bytes | None
    seconds: float = 0.0


class Lost(NamedTuple):
    """Say of a task that it has no result: its child died, or took longer than it may, or the run was to stop."""

    late: bool
    stopped: bool = False


class Engine(Protocol):
    """Do tasks somewhere: the seam behind which children stand, or the one of a worker of a cluster."""

    def __call__(
        self, tasks: Iterable[Task], stops: Callable[[], bool], *, few: bool = False
    ) -> Iterator[bytes | Lost | None]:
        """Yield the result of each task in the order of the tasks, as `run` does; `few` need no more than one."""


class Kept:
    """Keep one child for tasks that come one at a time; it starts afresh, as it must beside threads of the parent."""

    def __init__(self, prepare: Callable[[], Work], memory: int) -> None:
        self._prepare, self._memory = prepare, memory
        self._child: _Child | None = None

    def do(self, task: Task) -> bytes | Lost:
        """Return the result of a task; a child that was lost is replaced for the next."""
        from multiprocessing import get_context

        child = self._child = self._child or _Child(get_context("spawn"), self._prepare, self._memory)
        child.give(0, task.data or b"", task.seconds)
        late = False
        try:
            if child.pipe.poll(task.seconds):
                return child.pipe.recv_bytes()
            late = True
        except (EOFError, OSError):
            pass
        self.stop()
        return Lost(late)

    def stop(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.stop()
            self._child = None


def _never() -> bool:
    return False


class _Child:
    """Hold a child, and which task it has: its number, and when it must be done."""

    def __init__(self, context: BaseContext, prepare: Callable[[], Work], memory: int) -> None:
        self.pipe, theirs = context.Pipe()
        self.process: Any = context.Process(target=_serve, args=(theirs, prepare, memory), daemon=True)  # type: ignore[attr-defined]
        self.process.start()
        theirs.close()
        self.number: int | None = None
        self.ends = 0.0

    def give(self, number: int, data: bytes, seconds: float) -> None:
        self.number, self.ends = number, monotonic() + seconds
        with suppress(OSError):  # a child that died is found out when its pipe is read
            self.pipe.send_bytes(data)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def run(
    tasks: Iterable[Task],
    prepare: Callable[[], Work],
    jobs: int,
    memory: int,
    stops: Callable[[], bool] = _never,
) -> Iterator[bytes | Lost | None]:
    """Yield the result of each task in the order of the tasks, done by `jobs` children of `memory` bytes at most.

    `prepare` is called once in each child and returns what does a task. Tasks are taken as they are needed. A child
    that is lost is replaced. Once `stops` says so no more tasks are taken, and those under way have a few seconds.
    """
    dealer = _Dealer(iter(tasks), prepare, jobs, memory, stops)
    try:
        yield from dealer.results()
    finally:
        dealer.stop()


class _Dealer:
    """Deal out tasks to children and gather their results."""

    def __init__(
        self,
        tasks: Iterator[Task],
        prepare: Callable[[], Work],
        jobs: int,
        memory: int,
        stops: Callable[[], bool],
    ) -> None:
        self._tasks = tasks
        self._next_task: Task | None = None
        self._prepare, self._memory = prepare, memory
        self._children: list[_Child] = []
        self._jobs, self._stops = jobs, stops
        self._done: dict[int, bytes | Lost | None] = {}
        self._next = self._taken = 0
        self._more = True
        self._until: float | None = None

    def results(self) -> Iterator[bytes | Lost | None]:
        while True:
            self._deal()
            while self._next in self._done:
                yield self._done.pop(self._next)
                self._next += 1
                self._deal()
            if not self._gather():
                return

    def stop(self) -> None:
        for child in self._children:
            child.stop()

    def _deal(self) -> None:
        while self._taken - self._next < self._jobs * _WINDOW and (task := self._upcoming()) is not None:
            if task.data is None:
                self._done[self._taken] = None
            elif (child := self._free()) is None:
                return
            else:
                child.give(self._taken, task.data, task.seconds)
            self._taken += 1
            self._next_task = None

    def _upcoming(self) -> Task | None:
        """Return the task that is to be dealt next, None where there is none, or none is to be begun."""
        if self._stops():
            self._more, self._next_task = False, None
            self._until = self._until or monotonic() + _GRACE
        if self._more and self._next_task is None:
            self._next_task = next(self._tasks, None)
            self._more = self._next_task is not None
        return self._next_task

    def _free(self) -> _Child | None:
        """Return a child that has nothing to do, a new one while there may be more of them."""
        free = next((child for child in self._children if child.number is None), None)
        if free is None and len(self._children) < self._jobs:
            from multiprocessing import get_context

            free = _Child(get_context("fork" if FORKS else "spawn"), self._prepare, self._memory)
            self._children.append(free)
        return free

    def _gather(self) -> bool:
        """Wait until a child has a result, has died or is late; tell whether there was anything to wait for."""
        from multiprocessing import connection

        busy = {child.pipe: child for child in self._children if child.number is not None}
        if not busy:
            return False
        for pipe in connection.wait(list(busy), timeout=_WAKE):
            self._take(busy[pipe])  # type: ignore[index]
        for child in busy.values():
            if child.number is not None and monotonic() > min(child.ends, self._until or child.ends):
                self._lose(child, Lost(monotonic() > child.ends, stopped=self._until is not None))
        return True

    def _take(self, child: _Child) -> None:
        try:
            result = child.pipe.recv_bytes()
        except (EOFError, OSError):
            self._lose(child, Lost(late=False))
            return
        if child.number is not None:
            self._done[child.number] = result
        child.number = None

    def _lose(self, child: _Child, lost: Lost) -> None:
        if child.number is not None:
            self._done[child.number] = lost
        child.stop()
        self._children.remove(child)


def _serve(pipe: Connection, prepare: Callable[[], Work], memory: int) -> None:
    """Do tasks until the parent is gone. A failure ends the child, without a word: a traceback could show a value."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    _silence()
    _limit_memory(memory)
    try:
        work = prepare()
        while True:
            pipe.send_bytes(work(pipe.recv_bytes()))
    except BaseException:  # noqa: BLE001 - see above
        os._exit(1)


def _silence() -> None:
    """Close the way to the terminal: a library that dies in C may print what it held."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)


def _limit_memory(memory: int) -> None:
    """Bound the address space, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))  # type: ignore[attr-defined,unused-ignore]
