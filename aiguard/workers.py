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
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

FORKS: Final = sys.platform.startswith("linux")
_WINDOW: Final = 8  # tasks a child that may be done before an earlier one is: it bounds the results that wait
_WAKE: Final = 0.5  # seconds between looks at the clock

Work: TypeAlias = "Callable[[bytes], bytes]"


class Task(NamedTuple):
    """Hold what a child is to do, and the seconds it may take."""

    data: bytes
    seconds: float


class Lost(NamedTuple):
    """Say of a task that it has no result: its child died, or took longer than it may."""

    late: bool


class _Child:
    """Hold a child, and which task it has: its number, and when it must be done."""

    def __init__(self, context: BaseContext, prepare: Callable[[], Work], memory: int) -> None:
        self.pipe, theirs = context.Pipe()
        self.process: Any = context.Process(target=_serve, args=(theirs, prepare, memory), daemon=True)  # type: ignore[attr-defined]
        self.process.start()
        theirs.close()
        self.number: int | None = None
        self.ends = 0.0

    def give(self, number: int, task: Task) -> None:
        self.number, self.ends = number, monotonic() + task.seconds
        with suppress(OSError):  # a child that died is found out when its pipe is read
            self.pipe.send_bytes(task.data)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def run(tasks: Iterable[Task], prepare: Callable[[], Work], jobs: int, memory: int) -> Iterator[bytes | Lost]:
    """Yield the result of each task in the order of the tasks, done by `jobs` children of `memory` bytes at most.

    `prepare` is called once in each child and returns what does a task. Tasks are taken as they are needed. A child
    that is lost is replaced.
    """
    dealer = _Dealer(iter(tasks), prepare, jobs, memory)
    try:
        yield from dealer.results()
    finally:
        dealer.stop()


class _Dealer:
    """Deal out tasks to children and gather their results."""

    def __init__(self, tasks: Iterator[Task], prepare: Callable[[], Work], jobs: int, memory: int) -> None:
        from multiprocessing import get_context

        self._tasks = enumerate(tasks)
        self._context = get_context("fork" if FORKS else "spawn")
        self._prepare, self._memory = prepare, memory
        self._children: list[_Child] = []
        self._jobs = jobs
        self._done: dict[int, bytes | Lost] = {}
        self._next = self._taken = 0
        self._more = True

    def results(self) -> Iterator[bytes | Lost]:
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
        while self._more and self._taken - self._next < self._jobs * _WINDOW:
            child = next((child for child in self._children if child.number is None), None)
            if child is None and len(self._children) >= self._jobs:
                return
            task = next(self._tasks, None)
            if task is None:
                self._more = False
                return
            if child is None:
                child = _Child(self._context, self._prepare, self._memory)
                self._children.append(child)
            self._taken += 1
            child.give(*task)

    def _gather(self) -> bool:
        """Wait until a child has a result, has died or is late; tell whether there was anything to wait for."""
        from multiprocessing import connection

        busy = {child.pipe: child for child in self._children if child.number is not None}
        if not busy:
            return False
        for pipe in connection.wait(list(busy), timeout=_WAKE):
            self._take(busy[pipe])  # type: ignore[index]
        for child in busy.values():
            if child.number is not None and monotonic() > child.ends:
                self._lose(child, late=True)
        return True

    def _take(self, child: _Child) -> None:
        try:
            result = child.pipe.recv_bytes()
        except (EOFError, OSError):
            self._lose(child, late=False)
            return
        if child.number is not None:
            self._done[child.number] = result
        child.number = None

    def _lose(self, child: _Child, *, late: bool) -> None:
        if child.number is not None:
            self._done[child.number] = Lost(late)
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
