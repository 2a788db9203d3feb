"""Run a check and show its report: what `check`, `review` and `scan` share."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from msgspec.structs import replace

from aiguard.attribution import Declared
from aiguard.cli.files import refuse_overwriting
from aiguard.cli.given import inputs_of, with_stdin
from aiguard.cli.request import configuration, day, least_shown
from aiguard.errors import UsageError
from aiguard.model import Severity, Use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aiguard.checked import Checked
    from aiguard.checker import Checker
    from aiguard.cli.request import Request
    from aiguard.model import Config, DocumentReport, Pack
    from aiguard.readers.given import Input
    from aiguard.reporters import Options
    from aiguard.spread import Memory, Watch
    from aiguard.works import Works

_UNCHECKED: Final = 3


def run(request: Request) -> int:
    """Check all inputs, write the report as it comes, and return the exit code."""
    from aiguard.cli.engines import on_cluster, refuse_alone
    from aiguard.cli.memory import memory_of, own_files
    from aiguard.cli.unused import expired, warn

    config = configuration(request)
    if request.engine == "ray":
        return on_cluster(request, config, checker_of(request, config))
    refuse_alone(request)
    own = own_files(request.state, request.baseline, request.key)
    inputs = inputs_of(request, config, own)
    if request.fix is not None and any(each.stdin for each in inputs):
        raise UsageError("標準入力の原稿には書き込めません。", "ファイルに保存して、その名前を指定してください。")
    refuse_overwriting(request.output, [*(Path(each.path) for each in inputs), *own])
    checker = checker_of(request, config)
    gc.freeze()
    gc.enable()
    warn(expired(checker))
    kept: list[DocumentReport] = []
    with memory_of(request.state, request.key, checker, quiet=request.quiet) as memory:
        code = _follow(inputs, request, checker, kept.append if request.fix else None, memory)
    failed = _fix(kept, request, checker)
    return _UNCHECKED if failed else code


def checker_of(request: Request, config: Config) -> Checker:
    """Return what every document of a run is checked with; PackError, UsageError, StoreError."""
    from aiguard.checker import prepare, with_chats

    checker = prepare(config, request.use, day(request.today), request.declared)
    checker = replace(checker, explains=request.explains, prompt=_prompt(request))
    if request.declarations is not None:
        checker = replace(checker, declarations=_declarations(request, request.declarations))
    if request.names is not None:
        from aiguard.readers.inputs import read_list

        checker = replace(checker, names=read_list(str(request.names)))
    if request.use is Use.DOCUMENT:
        checker = replace(checker, records=_records(request.records))
    if request.baseline is not None:
        from aiguard.store.baseline import accepted_for

        accepted = accepted_for(request.baseline, request.key, checker.pack.guideline.id)
        checker = replace(checker, accepted=accepted)
    if request.meant:
        from aiguard.approval import with_services

        checker = replace(checker, services=with_services(checker.pack, config.services, request.meant, checker.today))
    if request.against:
        checker = replace(checker, works=_works(request, config))
    return with_chats(checker) if request.by_role else checker


def options_for(pack: Pack, by: str, minimum: Severity = Severity.WARN) -> Options:
    """Return how to show a report under the guideline of a pack."""
    from aiguard.report import titles
    from aiguard.reporters import Options
    from aiguard.uses import use_titles

    return Options(
        by=by, titles=titles(pack), minimum=minimum, attribution=pack.attribution.section, uses=use_titles(pack.uses)
    )


def _follow(
    inputs: Sequence[Input],
    request: Request,
    checker: Checker,
    keep: Callable[[DocumentReport], None] | None,
    memory: Memory | None,
) -> int:
    """Check the inputs and write their report as it comes; return the exit code."""
    from aiguard.cli.engines import given
    from aiguard.cli.hiding import hiding
    from aiguard.cli.interrupt import stoppable
    from aiguard.cli.output import writer
    from aiguard.cli.progress import Progress
    from aiguard.cli.unused import Noted, expired, unused, warn
    from aiguard.report import make_report
    from aiguard.reporters import CONSOLE
    from aiguard.scan import follow
    from aiguard.spread import Watch

    every, total = given(inputs, request)
    progress = Progress(inputs, quiet=request.quiet or request.column is not None, lines=request.whole)
    options = options_for(checker.pack, request.by, least_shown(request, checker.config))
    empty = make_report((), checker)
    with (
        stoppable() as stops,
        writer(empty, request.format, request.output, options, progress.hide) as made,
    ):
        results = _results(every, request, checker, Watch(progress.watching(stops), progress.done), memory)
        if keep is not None:
            results = _kept(results, keep)
        if hidden := hiding(request.mask_paths, request.format, request.key):
            results = hidden.results(results)
        noted = Noted(checker)
        idle: list[str] = []

        def notices(left: int | None) -> tuple[str, ...]:
            idle.extend(unused(noted, request.baseline) if request.whole and left is None else ())
            told = request.format in CONSOLE and request.output is None  # on standard error, beside it
            return () if told else (*expired(checker), *idle)

        try:
            outcome = follow(noted.results(results), total, checker.config, made, (stops, progress.file), notices)
        finally:
            progress.hide()
    warn(idle)
    return outcome.code


def _results(
    inputs: Iterable[Input], request: Request, checker: Checker, watch: Watch, memory: Memory | None
) -> Iterator[Checked]:
    """Yield what becomes of the inputs, each content checked once where a share is scanned."""
    from aiguard.spread import checked

    def check(given: Iterable[Input | Checked]) -> Iterator[Checked]:
        return checked(given, checker, request.jobs, watch, memory)

    if request.column is not None or request.selection is None or any(each.stdin for each in inputs):
        return check(with_stdin(inputs, request, checker))
    return _once(inputs, checker, check)


def _once(
    inputs: Iterable[Input], checker: Checker, check: Callable[[Iterable[Input | Checked]], Iterator[Checked]]
) -> Iterator[Checked]:
    from collections import Counter

    from aiguard.cli.selecting import tell
    from aiguard.copies import with_copies
    from aiguard.readers.given import LeftOut

    left: LeftOut = Counter()
    yield from with_copies(
        inputs, check, checker, lambda one, item, report: replace(one, input=item, report=report), left
    )
    tell(left)


def _kept(results: Iterator[Checked], keep: Callable[[DocumentReport], None]) -> Iterator[Checked]:
    for each in results:
        keep(each.report)
        yield each


def _fix(documents: Sequence[DocumentReport], request: Request, checker: Checker) -> int:
    """Put the statement of AI use into the drafts, where that was asked for; return how many could not be mended."""
    if request.fix is None:
        return 0
    from aiguard.cli.fix import fix_all

    return fix_all(documents, request.fix, checker)


def _declarations(request: Request, file: Path) -> dict[str, Declared]:
    from aiguard.cli.declarations import read_declarations

    said = request.declared or Declared()
    given = read_declarations(file)
    return {name: replace(each, internal=said.internal, minor=said.minor) for name, each in given.items()}


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

    try:
        store = asked or default_path()
    except UsageError:  # a service without a home of its own has no records there
        return None
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
