"""Run a check and show its report: what `check` and `review` share."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct
from msgspec.structs import replace

from aiguard.attribution import Declared
from aiguard.errors import UsageError
from aiguard.model import Config, Severity, Use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.batch import Checker
    from aiguard.cli.fix import Fix  # noqa: TC004 - named only: a request is never read from anywhere
    from aiguard.model import DocumentReport, Pack, Report
    from aiguard.readers.inputs import Input
    from aiguard.reporters import Options
    from aiguard.works import Works

_EXAMPLES = {
    Use.PROMPT: "例: aiguard check prompt.txt （標準入力は aiguard check -）",
    Use.DOCUMENT: "例: aiguard review draft.txt --ai ChatGPT （標準入力は aiguard review -）",
}


class Request(Struct, frozen=True):
    """Hold what the command line asks for."""

    paths: tuple[str, ...]
    use: Use
    files_from: Path | None = None
    stdin_filename: str | None = None
    format: str = "text"
    output: Path | None = None
    by: str = "place"
    config_file: Path | None = None
    pack: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: str | None = None
    fail_on: str | None = None
    exclude: tuple[str, ...] = ()
    today: str | None = None
    declared: Declared | None = None
    explains: bool = False
    declarations: Path | None = None
    prompt: Path | None = None
    against: tuple[Path, ...] = ()
    index: Path | None = None
    jobs: int | None = None
    names: Path | None = None
    records: Path | None = None
    fix: Fix | None = None
    baseline: Path | None = None
    key: Path | None = None


def run(request: Request) -> int:
    """Check all inputs, write the report, and return the exit code."""
    from aiguard import policy
    from aiguard.batch import make_report, prepare

    config = configuration(request)
    inputs = inputs_of(request, config, (request.baseline,))
    if request.fix is not None and any(each.stdin for each in inputs):
        raise UsageError("標準入力の原稿には書き込めません。", "ファイルに保存して、その名前を指定してください。")
    refuse_overwriting(request.output, [Path(each.path) for each in inputs])
    checker = prepare(config, request.use, day(request.today), request.declared)
    checker = replace(checker, explains=request.explains, prompt=_prompt(request))
    if request.declarations is not None:
        from aiguard.cli.declarations import read_declarations

        said, given = request.declared or Declared(), read_declarations(request.declarations)
        checker = replace(
            checker,
            declarations={
                name: replace(each, internal=said.internal, minor=said.minor) for name, each in given.items()
            },
        )
    if request.names is not None:
        from aiguard.readers.inputs import read_list

        checker = replace(checker, names=read_list(str(request.names)))
    if request.use is Use.DOCUMENT:
        checker = replace(checker, records=_records(request.records))
    if request.baseline is not None:
        from aiguard.store.baseline import accepted_for

        accepted = accepted_for(request.baseline, request.key, checker.pack.guideline.id)
        checker = replace(checker, accepted=accepted)
    if request.against:
        checker = replace(checker, works=_works(request, config))
    gc.freeze()
    gc.enable()
    documents = tuple(documents_of(inputs, request, checker))
    warn(checker)
    minimum = (
        Severity(request.min_severity) if request.min_severity else max(Severity.WARN, config.min_severity, key=_rank)
    )
    options = options_for(checker.pack, request.by, minimum)
    write(make_report(documents, checker), request.format, request.output, options)
    failed = _fix(documents, request, checker)
    return policy.exit_code(documents, config.fail_on, failed)


def _fix(documents: Sequence[DocumentReport], request: Request, checker: Checker) -> int:
    """Put the statement of AI use into the drafts, where that was asked for; return how many could not be mended."""
    if request.fix is None:
        return 0
    from aiguard.cli.fix import fix_all

    return fix_all(documents, request.fix, checker)


def _rank(severity: Severity) -> int:
    return severity.rank


def options_for(pack: Pack, by: str, minimum: Severity = Severity.WARN) -> Options:
    """Return how to show a report under the guideline of a pack."""
    from aiguard.batch import titles
    from aiguard.reporters import Options

    return Options(by=by, titles=titles(pack), minimum=minimum, attribution=pack.attribution.section)


def write(report: Report, form: str, output: Path | None, options: Options) -> None:
    """Write a report to a file (UTF-8) or to standard output."""
    from aiguard.reporters import BINARY, CONSOLE, REPORTERS, for_stream

    if output is not None:
        made = BINARY[form](report, options) if form in BINARY else REPORTERS[form](report, options).encode()
        save(output, made)
    elif form in CONSOLE:
        sys.stdout.write(REPORTERS[form](report, for_stream(options, sys.stdout, os.environ)))
    elif form not in BINARY:
        sys.stdout.buffer.write(REPORTERS[form](report, options).encode())
    elif sys.stdout.isatty():
        raise UsageError(
            f"--format {form} は画面に表示できません。", f"-o 結果.{form} のように、書くファイルを指定してください。"
        )
    else:
        sys.stdout.buffer.write(BINARY[form](report, options))


def refuse_overwriting(output: Path | None, inputs: Sequence[Path]) -> None:
    """Refuse to write a report over what it reports on."""
    if output is not None and any(output.resolve() == each.resolve() for each in inputs):
        problem = f"-o の書き出し先が、点検するファイルと同じです: {output}"
        raise UsageError(problem, "別の名前にしてください。")


def save(output: Path, data: bytes) -> None:
    """Write a result to a file; UsageError."""
    try:
        output.write_bytes(data)
    except OSError:
        problem = f"結果を書けません: {output}"
        mend = "フォルダーがあるか、書き込めるか、ほかのソフトで開いていないかを確かめてください。"
        raise UsageError(problem, mend) from None


def inputs_of(request: Request, config: Config, own: Sequence[Path | None] = ()) -> tuple[Input, ...]:
    """Return what is to be checked, without the files of aiguard's own that a folder may hold; UsageError."""
    from aiguard.readers.inputs import expand, read_list

    listed = read_list(str(request.files_from)) if request.files_from else ()
    paths = (*request.paths, *listed)
    if not paths and not request.files_from:
        if sys.stdin.isatty():
            problem = "点検するファイルがありません。"
            raise UsageError(problem, _EXAMPLES[request.use])
        paths = ("-",)
    kept = {os.path.realpath(file) for file in own if file is not None}
    every = expand(paths, (*request.exclude, *config.exclude))
    return tuple(each for each in every if not kept or os.path.realpath(each.path) not in kept)


def documents_of(inputs: Sequence[Input], request: Request, checker: Checker) -> list[DocumentReport]:
    """Check inputs, standard input among them."""
    from aiguard.spread import report_all, report_held

    reports: list[DocumentReport] = []
    for stdin, group in groupby(inputs, key=lambda each: each.stdin and each.problem is None):
        if not stdin:
            reports += report_all(tuple(group), checker, request.jobs)
            continue
        data = sys.stdin.buffer.read()
        if not data and not request.paths:
            problem = "点検する文章がありません（ファイルの指定がなく、標準入力も空です）。"
            raise UsageError(problem, _EXAMPLES[request.use])
        reports.append(report_held(data, request.stdin_filename or "-", checker))
    return reports


def _prompt(request: Request) -> str | None:
    """Return the text of what the AI was asked; UsageError where it cannot be read whole."""
    if request.prompt is None:
        return None
    from aiguard.readers import read

    document = read(request.prompt, Use.PROMPT)
    if document.unchecked:
        problem = f"--prompt のファイルを読めません: {request.prompt}（{document.unchecked[0].reason}）"
        raise UsageError(problem, "テキスト形式で保存してください。")
    return "\n".join(segment.source for segment in document.segments)


def _records(asked: Path | None) -> Path | None:
    """Return the store of chats that drafts are looked up in: the one asked for, or the user's own where there is one."""
    from aiguard.store.database import default_path

    store = asked or default_path()
    return store if asked or store.exists() else None


def _works(request: Request, config: Config) -> Works:
    """Index the works to compare with, and say on standard error which could not be read; UsageError, StoreError."""
    from aiguard.readers.inputs import printable
    from aiguard.works import prepare_works

    for folder in request.against:
        if not folder.exists():
            raise UsageError(
                f"--against のフォルダーがありません: {folder}", "比べる文章のあるフォルダーを指定してください。"
            )
    works = prepare_works(request.against, request.index, config.limits)
    for path, reason in works.changes.unread:
        typer.echo(f"aiguard: 比べられません: {printable(path)}（{reason}）", err=True)
    return works


def configuration(request: Request) -> Config:
    """Return the configuration that holds for a request; ConfigError."""
    from aiguard.config import load, override

    config = load(_start(request), request.config_file)
    config = override(
        config,
        select=request.select,
        ignore=request.ignore,
        min_severity=Severity(request.min_severity) if request.min_severity else None,
        fail_on=Severity(request.fail_on) if request.fail_on else None,
    )
    return replace(config, pack=request.pack) if request.pack else config


def _start(request: Request) -> Path:
    """Return the folder whose configuration holds: that of the first path if there is one."""
    first = Path(request.paths[0]) if request.paths and request.paths[0] != "-" else Path()
    return first if first.is_dir() else first.parent if first.exists() else Path()


def day(text: str | None) -> dt.date | None:
    """Read the date of `--today`; UsageError."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        problem = f"--today の日付が読めません: {text}"
        raise UsageError(problem, "2026-04-01 のように書いてください。") from None


def warn(checker: Checker) -> None:
    """Say on standard error which allows have expired."""
    from aiguard import policy

    for allow in policy.expired(checker.config, checker.today):
        typer.echo(f"aiguard: 許可の期限が切れています（{allow.expires}、理由: {allow.reason}）", err=True)
