"""Run a check on a cluster, from its inputs to its counts; a folder of results belongs to one run, which it can resume.

What makes a run the same (inputs, options, rules, version) is hashed into `_aiguard.json` beside the results: the same
command goes on where it stopped, another is refused, so that results of two runs are never mixed.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct

from aiguard.errors import UsageError
from aiguard.model import Summary
from aiguard.results import Counted, Form
from aiguard.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aiguard.checker import Checker
    from aiguard.cluster import Job
    from aiguard.readers.given import Input
    from aiguard.storage import Folder

STAMP: Final = "_aiguard.json"
_COUNTS: Final = ("documents", "block", "warn", "passed", "unchecked", "findings")
_EVERY: Final = 30.0  # seconds between two lines of progress
_OTHER: Final = "--results のフォルダーに、別の点検の結果があります"
_EMPTY: Final = "空のフォルダーを指定してください（入力・設定・ルール・版が同じときだけ、続きから始まります）。"

# Column, folder of results, their format, address of the cluster, number of workers.
Asked: TypeAlias = "tuple[str | None, str, str, str | None, int | None]"


class Run(NamedTuple):
    """Say how a run went; `left` of its `parts` were not done where it was stopped."""

    code: int
    summary: Summary
    severities: Counter[str]
    parts: int
    left: int = 0


class _Stamp(Struct, frozen=True):
    run: str
    parts: int
    left: int
    summary: Summary | None = None


def run(
    inputs: Sequence[Input], checker: Checker, asked: Asked, stops: Callable[[], bool], tell: Callable[[str], None]
) -> Run:
    """Check inputs on a cluster and return how that went; UsageError."""
    from aiguard.cluster import connected, cut, scan
    from aiguard.parts import parts_of
    from aiguard.storage import Folder

    column, target, kind, address, jobs = asked
    job = _job(checker, column, target, kind)
    folder, name = Folder(target), _name(job, inputs)
    try:
        _claim(folder, name)
        with connected(address, jobs) as workers:
            datasets = [each.path for each in inputs if each.problem is None] if column is not None else []
            parts = tuple(parts_of(inputs, cut(datasets, column) if column is not None else {}))
            done = _followed(scan(parts, job, workers), len(parts), stops, tell)
        _stamp(folder, _Stamp(name, done.parts, done.left, done.summary))
    except (OSError, ValueError):
        raise UsageError(f"結果を書けません: {target}", "場所と、書き込む権限を確かめてください。") from None
    return done


def _job(checker: Checker, column: str | None, target: str, kind: str) -> Job:
    import os

    from aiguard.cluster import Job as Job_
    from aiguard.report import make_report
    from aiguard.reporters import jsonl
    from aiguard.task import recipe

    empty, config = make_report((), checker), checker.config
    header = jsonl.header(empty.guideline, empty.not_checked, empty.version, empty.schema)
    form = Form(kind, header, config.fail_on, config.min_severity)
    return Job_(recipe(checker), checker.pack.digest, os.getcwd(), column, target, form)  # noqa: PTH109 - as paths are given


def _name(job: Job, inputs: Sequence[Input]) -> str:
    """Return the hash of all that decides the results."""
    from aiguard.parts import identity

    said = msgspec.msgpack.encode((__version__, job.digest, job.column, job.form)), job.recipe, identity(inputs)
    return sha256(b"\0".join(sha256(each).digest() for each in said)).hexdigest()


def _claim(folder: Folder, name: str) -> None:
    """Begin a run in a folder, or go on with it; UsageError where it holds another."""
    held = folder.read(STAMP)
    if held is None and any(each.startswith("part-") for each in folder.names()):
        raise UsageError(f"{_OTHER}。", _EMPTY)
    if held is not None and msgspec.json.decode(held, type=_Stamp).run != name:
        raise UsageError(f"{_OTHER}。", _EMPTY)
    _stamp(folder, _Stamp(name, 0, 0))


def _stamp(folder: Folder, stamp: _Stamp) -> None:
    folder.write(STAMP, lambda stream: stream.write(msgspec.json.encode(stamp)))


def _followed(counts: Iterator[Counted], parts: int, stops: Callable[[], bool], tell: Callable[[str], None]) -> Run:
    """Add up the counts of parts as they come."""
    code = done = 0
    total, severities = Counter[str](), Counter[str]()
    said = monotonic()
    for each in counts:
        done += 1
        code = max(code, each.code)
        total.update(msgspec.structs.asdict(each.summary))
        severities.update(each.severities)
        if monotonic() > said + _EVERY:
            said = monotonic()
            tell(f"aiguard: {done:,} / {parts:,} 区切り（{total['documents']:,}件）")
        if stops():
            break
    left = parts - done
    documents, block, warn, passed, unchecked, findings = (total[name] for name in _COUNTS)
    summary = Summary(documents, block, warn, passed, unchecked, findings)
    return Run(3 if left else code, summary, severities, parts, left)
