"""Choose what does the work of a scan, and what its inputs are: this computer or a cluster, files or records."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiguard.checker import Checker
    from aiguard.cli.request import Request
    from aiguard.readers.given import Input
    from aiguard.workers import Engine


@contextmanager
def engine_of(request: Request, checker: Checker) -> Iterator[Engine | None]:
    """Yield the engine that is asked for, None for the processes of this computer; UsageError."""
    if request.engine != "ray":
        if request.address is not None:
            raise UsageError("--address は --engine ray と一緒に使います。", "--engine ray を付けてください。")
        yield None
        return
    from aiguard.cluster import cluster

    with cluster(checker, request.address, request.jobs) as engine:
        yield engine


def given(inputs: Sequence[Input], request: Request) -> tuple[Iterable[Input], int]:
    """Return what is to be checked and how many those are: the inputs themselves, or with --column their records."""
    if request.engine == "ray" and any(each.stdin for each in inputs):
        raise UsageError("--engine ray は標準入力には使えません。", "ファイルに保存して、その名前を指定してください。")
    if request.column is None:
        return inputs, len(inputs)
    if any(each.stdin for each in inputs):
        raise UsageError("--column は標準入力には使えません。", "JSONL か Parquet のファイルを指定してください。")
    from aiguard.datasets import records

    found = records(inputs, request.column)
    return found, found.count()
