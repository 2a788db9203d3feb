"""Choose what a scan checks and what does its work: files or records, this computer or a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec.structs import replace

from aiguard.errors import ReadError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.checker import Checker
    from aiguard.cli.request import Request
    from aiguard.distributed import Run
    from aiguard.model import Config
    from aiguard.readers.given import Input


def given(inputs: Sequence[Input], request: Request) -> tuple[Iterable[Input], int]:
    """Return what is to be checked and how many those are: the inputs themselves, or with --column their records."""
    if request.column is None:
        return inputs, len(inputs)
    if any(each.stdin for each in inputs):
        raise UsageError("--column は標準入力には使えません。", "JSONL か Parquet のファイルを指定してください。")
    from aiguard.datasets import records

    found = records(inputs, request.column)
    return found, found.count()


def refuse_alone(request: Request) -> None:
    """Refuse what only a cluster takes; UsageError."""
    for name, value in (("--address", request.address), ("--results", request.results)):
        if value is not None:
            raise UsageError(f"{name} は --engine ray と一緒に使います。", "--engine ray を付けてください。")


def on_cluster(request: Request, config: Config, checker: Checker) -> int:
    """Check on a cluster, whose workers write the results; print the counts, and return the exit code; UsageError."""
    from aiguard.cli.interrupt import stoppable
    from aiguard.cli.unused import expired, warn
    from aiguard.distributed import run

    target = _target(request)
    inputs = _inputs(request, config, target)
    warn(expired(checker))
    asked = (request.column, target, request.results_format, request.address, request.jobs)
    with stoppable() as stops:
        done = run(inputs, checker, asked, stops, lambda text: None if request.quiet else typer.echo(text, err=True))
    typer.echo(_said(done, target))
    return done.code


def _target(request: Request) -> str:
    from aiguard.storage import is_remote

    if request.results is None:
        raise UsageError("--engine ray には、結果を書くフォルダーが必要です。", "--results DIR を付けてください。")
    if request.output is not None or request.format != "text" or request.state is not None or request.mask_paths:
        problem = "--engine ray では、-o、--format、--state、--mask-paths は使えません。"
        mend = "結果は --results に残り、続きからも始められます。ほかの形式には aiguard report DIR で書き直せます。"
        raise UsageError(problem, mend)
    return request.results if is_remote(request.results) else str(Path(request.results).absolute())


def _inputs(request: Request, config: Config, target: str) -> tuple[Input, ...]:
    """Return the files that are named, those of storages after those of this computer, without the results."""
    from aiguard.cli.given import inputs_of
    from aiguard.cli.memory import own_files
    from aiguard.readers.inputs import Input
    from aiguard.storage import is_remote, listed

    local = tuple(path for path in request.paths if not is_remote(path))
    own = own_files(None, request.baseline, request.key)
    found = [*inputs_of(replace(request, paths=local), config, own)] if local or request.files_from else []
    if any(each.stdin for each in found) or not (found or request.paths):
        raise UsageError("--engine ray は標準入力には使えません。", "ファイルに保存して、その名前を指定してください。")
    hidden = "" if request.selection and request.selection.hidden else "."
    tools = "_" if request.column else ""  # _SUCCESS, _metadata: what those who write datasets leave beside them
    for address in (path for path in request.paths if is_remote(path)):
        try:
            found += map(Input, listed(address, hidden + tools))
        except ReadError as error:
            found.append(Input(address, error.message))
    within = Path(target)
    return tuple(each for each in found if is_remote(each.path) or within not in Path(each.path).absolute().parents)


def _said(done: Run, target: str) -> str:
    """Say how a run went: how many documents and findings there are, and where they are."""
    one, found = done.summary, done.severities
    verdicts = f"禁止 {one.block:,}、注意 {one.warn:,}、未確認 {one.unchecked:,}、指摘なし {one.passed:,}"
    lines = [
        f"点検した件数: {one.documents:,}（{verdicts}）",
        f"指摘: 禁止 {found.get('block', 0):,}件、注意 {found.get('warn', 0):,}件、参考 {found.get('note', 0):,}件",
        f"結果: {target}（{done.parts:,}ファイル）",
    ]
    if done.left:
        lines.append(f"途中で止めたため、{done.left:,}区切りが残っています。同じコマンドで続きから始まります。")
    return "\n".join(lines)
