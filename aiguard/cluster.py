r"""Check what is too much for one computer on a cluster, through Ray Data: parts in, files of results and counts out.

    inputs -> parts -> ray.data.from_items(parts).map_batches(Scanner, concurrency=N) -> counts
                                                      \-> DIR/part-0000000.jsonl (or .parquet), written by the workers

A part is a name, not a text: some files, or some rows of a dataset. Its worker reads it from the shared storage, so
that no text comes into the object store of Ray, which spills to disks, nor into its logs; that is why the datasets are
not read by `ray.data.read_json`, which also stops at the first line that is no JSON, and forgets the rows' numbers.
`write_parquet` would name files anew at each try. Here a part has one file, so that one that is tried again, or asked
for by a later run, is not checked twice, and what has no file in the end is known.

Each actor scans in a child process: a document that kills its process costs that child, and not the actor. An actor
that is lost with its machine is restarted, and its parts retried, a bounded number of times. Ray Data replaces none that
is lost for good, and waits for ever when all are; so a round that stands still is over, and what it left is
asked for in another, `ROUNDS` in all. What is lost all the same is written as unchecked, one report an input.
"""

from __future__ import annotations

import os
import pickle
import sys
import warnings
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, msgpack

from aiguard import datasets, results
from aiguard.errors import UsageError
from aiguard.model import DocumentReport, Unchecked, Verdict
from aiguard.parts import inputs_in, names_in
from aiguard.results import Counted, Form
from aiguard.spread import MEMORY, checked
from aiguard.storage import Folder
from aiguard.task import fresh_checker, fresh_worker
from aiguard.version import __version__
from aiguard.workers import Kept, Lost, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aiguard.model import Use
    from aiguard.parts import Part
    from aiguard.workers import Work

RETRIES: Final = 2  # of a part whose actor is lost, in a round
RESTARTS: Final = 12  # of an actor that is lost, in a round
ROUNDS: Final = 2
_BLOCKS: Final = 10_000  # of Ray at most; more parts come several in one
_AHEAD: Final = 2  # blocks that an actor has: one under way, one that waits
_STILL: Final = 1_800  # seconds without any news after which a round is over
_KNOCK: Final = 10.0  # seconds that a cluster may take to answer at all
LOST: Final = "確認を受け持ったコンピューターが失われたため、確認していません。もう一度実行してください"
_ABSENT: Final = "--engine ray には Ray が必要です。"
_INSTALL: Final = "pip install 'aiguard[ray]' を、すべてのコンピューターで実行してください。"
_SAME: Final = "すべてのコンピューターに、同じ版の aiguard と同じルールパックを、同じ場所に入れてください。"


class Job(Struct, frozen=True):
    """Hold what every worker is told: what makes the checker, where paths begin, what is read, where results go."""

    recipe: bytes
    digest: str
    folder: str
    column: str | None
    target: str
    form: Form
    version: str = __version__


@contextmanager
def connected(address: str | None = None, jobs: int | None = None) -> Iterator[int]:
    """Connect to the cluster at an address, or begin one of this machine, and yield the number of workers; UsageError.

    `jobs`: how many workers (default: one a CPU of the cluster).
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # read when Ray begins
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # or each start warns
    try:
        import ray.data
    except ImportError:
        raise UsageError(_ABSENT, _INSTALL) from None
    with _hushed():
        _begin(address, jobs)
        try:
            yield jobs or max(1, int(ray.cluster_resources().get("CPU", 1)))
        finally:
            ray.shutdown()


@contextmanager
def _hushed() -> Iterator[None]:
    """Let what Ray writes to the error stream by itself, from C++, go nowhere; our own words still go there."""
    before, kept = sys.stderr, os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)
    try:
        with open(kept, "w", encoding=before.encoding, errors=before.errors, buffering=1, closefd=False) as sys.stderr:
            yield
    finally:
        sys.stderr = before
        os.dup2(kept, 2)
        os.close(kept)


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


def cut(files: Sequence[str], column: str) -> dict[str, tuple[datasets.Rows, ...]]:
    """Return the parts of datasets, each looked through by a worker; a file that was lost has one, which says so."""
    here = os.getcwd()  # noqa: PTH109 - as the paths are given
    rows = [{"file": pickle.dumps((here, path, column))} for path in files]
    found = dict(pickle.loads(row["parts"]) for row in _streamed(rows, _cut, {"batch_size": 1})) if rows else {}  # noqa: S301 - ours
    return {path: found.get(path) or (datasets.Rows(path, problem=LOST),) for path in files}


def _cut(batch: Any) -> Any:  # noqa: ANN401 - tables of pyarrow, which has no types
    import pyarrow as pa

    made = []
    for each in batch["file"].to_pylist():
        folder, path, column = pickle.loads(each)  # noqa: S301 - from the run
        os.chdir(folder)
        made.append(pickle.dumps((path, tuple(datasets.rows_of(path, column)))))
    return pa.table({"parts": pa.array(made, pa.large_binary())})


def scan(parts: Sequence[Part], job: Job, workers: int) -> Iterator[Counted]:
    """Have the parts checked, and yield what is counted of each as it is done, lost ones last; UsageError, OSError."""
    left = dict(enumerate(parts))
    for _ in range(ROUNDS):
        for number, counted in _round(left, job, workers) if left else ():
            if left.pop(number, None) is not None:
                yield counted
    folder, checker = Folder(job.target), fresh_checker(job.recipe)
    for number, part in left.items():
        known = results.written(folder, number, job.form)
        yield known or results.write(folder, number, _unchecked(part, checker.use), job.form)


def _unchecked(part: Part, use: Use) -> Iterator[DocumentReport]:
    for each in names_in(part, LOST):
        yield DocumentReport(each.path, use, Verdict.UNCHECKED, unchecked=(Unchecked(None, each.problem or LOST),))


def _round(left: dict[int, Part], job: Job, workers: int) -> Iterator[tuple[int, Counted]]:
    """Yield what comes when all that is left is asked for; a round that Ray gives up has fewer answers."""
    from ray.data import ActorPoolStrategy

    rows = [{"number": number, "part": pickle.dumps(part)} for number, part in left.items()]
    options = {
        "fn_constructor_args": (msgpack.encode(job),),
        "batch_size": 1,
        "compute": ActorPoolStrategy(size=min(workers, len(rows)), max_tasks_in_flight_per_actor=_AHEAD),
        "num_cpus": 1,
        "max_restarts": RESTARTS,
        "max_task_retries": RETRIES,
    }
    for row in _streamed(rows, Scanner, options):
        if row["number"] < 0:
            raise UsageError("Ray のクラスターで点検を始められません。", _SAME)
        yield row["number"], msgpack.decode(row["counted"], type=Counted)


def _streamed(rows: list[dict[str, Any]], work: Any, options: dict[str, Any]) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Yield what Ray Data makes of rows, as it comes, without a word of its own, until it is done or gives up."""
    import ray.data
    from ray.exceptions import RayError

    with _quiet():
        data = ray.data.from_items(rows, override_num_blocks=min(len(rows), _BLOCKS))
        with warnings.catch_warnings():  # the bounds of retries have no parameters of their own yet
            warnings.simplefilter("ignore")
            made = data.map_batches(work, batch_format="pyarrow", **options)
        with suppress(RayError, RuntimeError, TimeoutError, ValueError):
            yield from made.iter_rows()


@contextmanager
def _quiet() -> Iterator[None]:
    """Set what holds for the datasets of this process, and put it back."""
    import copy
    import logging

    from ray.data import DataContext

    before = DataContext.get_current()
    context = copy.deepcopy(before)
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1
    context.max_consecutive_actor_init_deaths = RETRIES
    context.execution_no_progress_timeout_s = _STILL
    logger = logging.getLogger("ray.data")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    DataContext._set_current(context)  # noqa: SLF001 - the only way to give it back
    try:
        yield
    finally:
        DataContext._set_current(before)  # noqa: SLF001 - (the same)
        logger.setLevel(level)


class Scanner:
    """Check parts, one after the other, in a child process that is kept: what an actor of Ray is. `job`: encoded."""

    def __init__(self, job: bytes) -> None:
        """Keep what is to be done: a failure here would start actors again and again."""
        self._job = msgpack.decode(job, type=Job)
        self._ready: Callable[[Part], Iterator[DocumentReport]] | None = None

    def __call__(self, batch: Any) -> Any:  # noqa: ANN401 - tables of pyarrow, which has no types
        """Turn a table of parts into a table of counts; what is not the same here is number -1, what fails no row."""
        import pyarrow as pa

        done = [*self._done(zip(batch["number"].to_pylist(), batch["part"].to_pylist(), strict=True))]
        numbers, counted = [each[0] for each in done], [each[1] for each in done]
        return pa.table({"number": pa.array(numbers, pa.int64()), "counted": pa.array(counted, pa.large_binary())})

    def _done(self, rows: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        for number, data in rows:
            try:
                folder, form = Folder(self._job.target), self._job.form
                counted = results.written(folder, number, form)
                if counted is None:
                    self._ready = self._ready or _prepared(self._job)
                    part = pickle.loads(data)  # noqa: S301 - from the run
                    counted = results.write(folder, number, self._ready(part), form)
                yield number, msgpack.encode(counted)
            except UsageError:
                yield -1, b""
            except Exception:  # noqa: BLE001 - its message may hold text, and Ray writes messages to its logs
                self._ready = None


def _prepared(job: Job) -> Callable[[Part], Iterator[DocumentReport]]:
    """Return what checks a part, as this computer does, in a child of its own; UsageError where not all is the same."""
    os.chdir(job.folder)
    checker = fresh_checker(job.recipe)
    if (job.version, job.digest) != (__version__, checker.pack.digest):
        raise UsageError("Ray のクラスターで点検を始められません。", _SAME)
    child = Kept(partial(_work, job.recipe), MEMORY)

    def engine(
        tasks: Iterable[Task],
        stops: Callable[[], bool],  # noqa: ARG001 - a part is done to its end
        *,
        few: bool = False,  # noqa: ARG001 - there is but one child
    ) -> Iterator[bytes | Lost | None]:
        return (None if task.data is None else child.do(task) for task in tasks)

    def reports(part: Part) -> Iterator[DocumentReport]:
        inputs = inputs_in(part, job.column, checker.config.limits.bytes)
        return (each.report for each in checked(inputs, checker, engine=engine))

    return reports


def _work(recipe: bytes) -> Work:
    """Return the work of a child, which ends with its actor."""
    from threading import Thread

    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    return fresh_worker(recipe)


def _end_with(parent: int) -> None:
    from time import sleep

    while os.getppid() == parent:
        sleep(1)
    os._exit(1)
