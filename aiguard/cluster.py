"""Do the tasks of a run on a cluster of Ray: one scanner an actor, which scans in a child process of its own.

A document that kills its process costs that child, and not the actor, which Ray would restart with the same document
again and again. An actor that is lost with its machine is restarted, and its tasks retried, a bounded number of times,
then once by another; what is lost all the same comes back as `Lost`, which `spread` reports as unchecked. Nothing is
done in this process's own children: forks would inherit Ray's threads, and a space of addresses beyond their bound.

Actors of Ray Core and not a dataset of Ray Data: those begin with all their rows at hand, while a run takes its tasks
as it needs them, may be stopped, and yields in order. Ray's logs get no text: arguments and results are bytes.
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import msgpack

from aiguard.errors import UsageError
from aiguard.spread import MEMORY
from aiguard.task import fresh_worker, recipe
from aiguard.version import __version__
from aiguard.workers import Kept, Lost, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aiguard.checker import Checker
    from aiguard.workers import Engine, Work

RETRIES: Final = 3  # of an actor that is lost, and of the tasks it had
_AHEAD: Final = 2  # tasks that an actor has: one under way, one that waits
_WINDOW: Final = 16  # tasks an actor that may be done before an earlier one is: it bounds the results that wait
_WAKE: Final = 0.5  # seconds between looks at the clock
_GRACE: Final = 5.0  # seconds that what is under way gets when a run is to stop
_KNOCK: Final = 10.0  # seconds that a cluster may take to answer at all
_START: Final = 120.0  # seconds until the first actor must be there
_SLACK: Final = 600.0  # seconds beyond its own that a task may take: restarts of actors fall into them
_ABSENT: Final = "--engine ray には Ray が必要です。"
_INSTALL: Final = "pip install 'aiguard[ray]' を、すべてのコンピューターで実行してください。"
_SAME: Final = "すべてのコンピューターに、同じ版の aiguard と同じルールパックを、同じ場所に入れてください。"


@contextmanager
def cluster(checker: Checker, address: str | None = None, jobs: int | None = None) -> Iterator[Engine]:
    """Yield an engine that does tasks on the cluster at an address, or on one of this machine; UsageError.

    `jobs`: how many actors (default: one a CPU of the cluster).
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # read when Ray begins
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # or each start warns
    try:
        import ray
    except ImportError:
        raise UsageError(_ABSENT, _INSTALL) from None
    _begin(address, jobs)
    try:
        count = jobs or max(1, int(ray.cluster_resources().get("CPU", 1)))
        yield partial(_run, actors=_actors(checker, count))
    finally:
        ray.shutdown()


def _begin(address: str | None, jobs: int | None) -> None:
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "CRITICAL"}
    try:
        if address is not None:
            _reach(address)
            ray.init(address=address, **quiet)
        else:
            cores = jobs or os.cpu_count() or 1
            ray.init(address="local", num_cpus=cores, include_dashboard=False, _node_ip_address="127.0.0.1", **quiet)
    except (OSError, RuntimeError, ValueError):
        problem = f"Ray のクラスターにつながりません: {address or 'このパソコン'}"
        raise UsageError(problem, "--address と、ray status の表示を確かめてください。") from None


def _reach(address: str) -> None:
    """Knock at `host:port` or `ray://host:port`, since Ray waits for minutes and prints meanwhile; OSError, ValueError."""
    import socket

    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if colon:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK).close()


class Scanner:
    """Do tasks in a child process that is kept from task to task: what an actor is."""

    def __init__(self, made: bytes, folder: str) -> None:
        self._child = Kept(partial(_prepared, made, folder), MEMORY)

    def do(self, data: bytes, seconds: float) -> bytes | bool:
        """Return the result of a task; where its child was lost, whether that was late."""
        result = self._child.do(Task(data, seconds))
        return result.late if isinstance(result, Lost) else result


def _prepared(made: bytes, folder: str) -> Work:
    """Return the work of a child: where the run was begun, so that its paths hold, and ending with its actor."""
    from threading import Thread

    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    os.chdir(folder)
    work, same = fresh_worker(made), msgpack.encode((__version__, _digest(made)))
    return lambda data: work(data) if data else same


def _end_with(parent: int) -> None:
    from time import sleep

    while os.getppid() == parent:
        sleep(1)
    os._exit(1)


def _digest(made: bytes) -> str:
    """Return the hash of the rules that stand at the place where the recipe says."""
    import pickle

    from aiguard.checker import prepare

    return prepare(*pickle.loads(made)[0]).pack.digest  # noqa: S301 - from the run


def _actors(checker: Checker, count: int) -> list[Any]:
    """Start actors, and see that the first has the same program and rules; UsageError."""
    import ray
    from ray.exceptions import RayError

    kind = ray.remote(num_cpus=1, max_restarts=RETRIES, max_task_retries=RETRIES)(Scanner)
    made = recipe(checker)
    actors = [kind.remote(made, os.getcwd()) for _ in range(count)]  # noqa: PTH109 - as the paths are given
    wanted = msgpack.encode((__version__, checker.pack.digest))
    try:
        refs = [actor.do.remote(b"", _START) for actor in actors]
        ready, _ = ray.wait(refs, num_returns=1, timeout=_START)
        same = bool(ready) and ray.get(ready[0]) == wanted
    except RayError:
        same = False
    if not same:
        raise UsageError("Ray のクラスターで点検を始められません。", _SAME)
    return actors


def _run(
    tasks: Iterable[Task],
    stops: Callable[[], bool],
    *,
    actors: list[Any],
    few: bool = False,  # noqa: ARG001 - the actors are there anyway
) -> Iterator[bytes | Lost | None]:
    dealer = _Dealer(iter(tasks), stops, actors)
    return dealer.results()


class _Given(NamedTuple):
    """Hold a task, its number, the actor that has it, when it is late, and whether another actor had it before."""

    number: int
    task: Task
    actor: Any
    late: float = 0.0
    again: bool = False


class _Dealer:
    """Deal out tasks to actors and gather their results, in the order of the tasks; `actors` loses those that are gone."""

    def __init__(self, tasks: Iterator[Task], stops: Callable[[], bool], actors: list[Any]) -> None:
        self._tasks, self._stops = tasks, stops
        self._actors, self._free = actors, deque(actors * _AHEAD)
        self._window = len(actors) * _WINDOW
        self._busy: dict[Any, _Given] = {}  # by the result to come
        self._done: dict[int, bytes | Lost | None] = {}
        self._next = self._taken = 0
        self._until: float | None = None

    def results(self) -> Iterator[bytes | Lost | None]:
        while self._deal() or self._busy or self._done:
            self._gather()
            while self._next in self._done:
                yield self._done.pop(self._next)
                self._next += 1

    def _deal(self) -> bool:
        """Give tasks to actors that are free; tell whether any was taken. Without any actor left all is lost."""
        before = self._taken
        while self._taken - self._next < self._window and (self._free or not self._busy):
            if self._stops():
                self._until = self._until or monotonic() + _GRACE
                break
            task = next(self._tasks, None)
            if task is None:
                break
            if task.data is None or not self._free:
                self._done[self._taken] = None if task.data is None else Lost(late=False)
            else:
                self._give(_Given(self._taken, task, self._free.popleft()))
            self._taken += 1
        return self._taken > before

    def _give(self, given: _Given) -> None:
        late = monotonic() + given.task.seconds * _AHEAD + _SLACK
        self._busy[given.actor.do.remote(given.task.data, given.task.seconds)] = given._replace(late=late)

    def _gather(self) -> None:
        import ray

        if self._busy and self._next not in self._done:
            ready, _ = ray.wait(list(self._busy), num_returns=1, timeout=_WAKE)
            for ref in ready:
                self._take(ref)
        if self._stops():
            self._until = self._until or monotonic() + _GRACE
        now = monotonic()
        for ref, given in list(self._busy.items()):
            if now > min(given.late, self._until or given.late):
                del self._busy[ref]
                if now > given.late:  # its actor does not answer, or Ray finds no place for it
                    ray.kill(given.actor)
                    self._lose(given)
                else:
                    self._done[given.number] = Lost(late=False, stopped=True)

    def _take(self, ref: Any) -> None:  # noqa: ANN401 - (the same)
        import ray
        from ray.exceptions import RayError

        given = self._busy.pop(ref)
        try:
            result = ray.get(ref)
        except RayError:
            self._lose(given)
            return
        self._done[given.number] = result if isinstance(result, bytes) else Lost(late=bool(result))
        if given.actor in self._actors:
            self._free.append(given.actor)

    def _lose(self, given: _Given) -> None:
        """Do without an actor that is lost for good; another gets its task, once."""
        self._actors[:] = [each for each in self._actors if each is not given.actor]
        self._free = deque(each for each in self._free if each is not given.actor)
        if self._actors and not given.again:
            self._give(given._replace(actor=self._actors[given.number % len(self._actors)], again=True))
        else:
            self._done[given.number] = Lost(late=False)
