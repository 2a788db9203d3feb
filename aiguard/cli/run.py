"""Run a check and show its report: what `check` and `review` share."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct
from msgspec.structs import replace

from aiguard.attribution import Declared
from aiguard.cli.files import refuse_overwriting
from aiguard.errors import UsageError
from aiguard.model import Config, Severity, Use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aiguard.batch import Checker
    from aiguard.checked import Checked
    from aiguard.cli.fix import Fix  # noqa: TC004 - named only: a request is never read from anywhere
    from aiguard.model import DocumentReport, Pack
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
    quiet: bool = False
    by_role: bool = False


def run(request: Request) -> int:
    """Check all inputs, write the report as it comes, and return the exit code."""
    config = configuration(request)
    inputs = _inputs(request, config)
    if request.fix is not None and any(each.stdin for each in inputs):
        raise UsageError("標準入力の原稿には書き込めません。", "ファイルに保存して、その名前を指定してください。")
    refuse_overwriting(request.output, [Path(each.path) for each in inputs])
    checker = _checker(request, config)
    gc.freeze()
    gc.enable()
    warn(checker)
    kept: list[DocumentReport] = []
    code = _follow(inputs, request, checker, kept.append if request.fix else None)
    failed = _fix(kept, request, checker)
    return 3 if failed else code


def _checker(request: Request, config: Config) -> Checker:
    """Return what every document of the run is checked with."""
    from aiguard.batch import prepare

    checker = prepare(config, request.use, day(request.today), request.declared)
    checker = replace(checker, explains=request.explains, prompt=_prompt(request))
    if request.declarations is not None:
        from aiguard.cli.declarations import read_declarations

        checker = replace(checker, declarations=read_declarations(request.declarations))
    if request.names is not None:
        from aiguard.readers.inputs import read_list

        checker = replace(checker, names=read_list(str(request.names)))
    if request.use is Use.DOCUMENT:
        checker = replace(checker, records=_records(request.records))
    if request.against:
        checker = replace(checker, works=_works(request, config))
    return checker


def _follow(
    inputs: Sequence[Input], request: Request, checker: Checker, keep: Callable[[DocumentReport], None] | None
) -> int:
    """Check the inputs and write their report as it comes; return the exit code."""
    from aiguard.batch import make_report
    from aiguard.cli.interrupt import stoppable
    from aiguard.cli.output import writer
    from aiguard.cli.progress import Progress
    from aiguard.scan import follow
    from aiguard.spread import Watch, checked

    progress = Progress(inputs, quiet=request.quiet)
    options = options_for(checker.pack, request.by, _minimum(request, checker.config))
    empty = make_report((), checker)
    with (
        stoppable() as stops,
        writer(empty, request.format, request.output, options, progress.hide) as made,
    ):
        given = _with_stdin(inputs, request, checker)
        results = checked(given, checker, request.jobs, Watch(stops, progress.done))
        if keep is not None:
            results = _kept(results, keep)
        try:
            return follow(results, len(inputs), checker.config, made, (stops, progress.file)).code
        finally:
            progress.hide()


def _kept(results: Iterator[Checked], keep: Callable[[DocumentReport], None]) -> Iterator[Checked]:
    for each in results:
        keep(each.report)
        yield each


def _minimum(request: Request, config: Config) -> Severity:
    """Return the least severity that a terminal shows."""
    if request.min_severity:
        return Severity(request.min_severity)
    return max(Severity.WARN, config.min_severity, key=lambda severity: severity.rank)


def _fix(documents: Sequence[DocumentReport], request: Request, checker: Checker) -> int:
    """Put the statement of AI use into the drafts, where that was asked for; return how many could not be mended."""
    if request.fix is None:
        return 0
    from aiguard.cli.fix import fix_all

    return fix_all(documents, request.fix, checker)


def options_for(pack: Pack, by: str, minimum: Severity = Severity.WARN) -> Options:
    """Return how to show a report under the guideline of a pack."""
    from aiguard.batch import titles
    from aiguard.reporters import Options

    return Options(by=by, titles=titles(pack), minimum=minimum, attribution=pack.attribution.section)


def _inputs(request: Request, config: Config) -> tuple[Input, ...]:
    from aiguard.readers.inputs import expand, read_list

    listed = read_list(str(request.files_from)) if request.files_from else ()
    paths = (*request.paths, *listed)
    if not paths and not request.files_from:
        if sys.stdin.isatty():
            problem = "点検するファイルがありません。"
            raise UsageError(problem, _EXAMPLES[request.use])
        paths = ("-",)
    return tuple(expand(paths, (*request.exclude, *config.exclude)))


def _with_stdin(inputs: Sequence[Input], request: Request, checker: Checker) -> Iterator[Input | Checked]:
    """Yield the inputs, standard input as what became of it; UsageError where it is empty and nothing else is named."""
    from aiguard.checked import Checked
    from aiguard.spread import report_held

    for each in inputs:
        if not each.stdin or each.problem is not None:
            yield each
            continue
        data = sys.stdin.buffer.read()
        if not data and not request.paths:
            problem = "点検する文章がありません（ファイルの指定がなく、標準入力も空です）。"
            raise UsageError(problem, _EXAMPLES[request.use])
        reports = tuple(report_held(data, request.stdin_filename or "-", checker))
        yield from (Checked(each, report, at == len(reports)) for at, report in enumerate(reports, 1))


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
