"""Find what a run is given: files and folders, what git or a list names, and standard input."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from aiguard.errors import UsageError
from aiguard.model import Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from aiguard.checked import Checked
    from aiguard.checker import Checker
    from aiguard.cli.request import Request
    from aiguard.model import Config
    from aiguard.readers.given import Input

_EXAMPLES: Final = {
    Use.PROMPT: "例: aiguard check prompt.txt （標準入力は aiguard check -）",
    Use.DOCUMENT: "例: aiguard review draft.txt --ai ChatGPT （標準入力は aiguard review -）",
}


def inputs_of(request: Request, config: Config, own: Sequence[Path | None] = ()) -> tuple[Input, ...]:
    """Return what is to be checked, without the files of aiguard's own that a folder may hold; UsageError."""
    from aiguard.readers.inputs import read_list

    listed = read_list(str(request.files_from)) if request.files_from else ()
    paths = (*request.paths, *listed)
    if not paths and not request.files_from and not _by_git(request):
        if _stdin().isatty():
            problem = "点検するファイルがありません。"
            raise UsageError(problem, _EXAMPLES[request.use])
        paths = ("-",)
    kept = {os.path.realpath(file) for file in own if file is not None}
    every = _expanded(paths, request, config)
    return tuple(each for each in every if not kept or os.path.realpath(each.path) not in kept)


def with_stdin(inputs: Iterable[Input], request: Request, checker: Checker) -> Iterator[Input | Checked]:
    """Yield the inputs, standard input as what became of it; UsageError where it is empty and nothing else is named."""
    from aiguard.checked import Checked
    from aiguard.spread import report_held

    for each in inputs:
        if not each.stdin or each.problem is not None:
            yield each
            continue
        data = _stdin().buffer.read()
        if not data and not request.paths:
            problem = "点検する文章がありません（ファイルの指定がなく、標準入力も空です）。"
            raise UsageError(problem, _EXAMPLES[request.use])
        reports = tuple(report_held(data, request.stdin_filename or "-", checker))
        yield from (Checked(each, report, at == len(reports)) for at, report in enumerate(reports, 1))


def _stdin() -> TextIO:
    """Return standard input; UsageError where whoever started this closed it: closed is not empty."""
    stdin: TextIO | None = sys.stdin
    if stdin is None:
        raise UsageError("標準入力が閉じています。", "点検するファイルの名前を指定してください。")
    return stdin


def _by_git(request: Request) -> bool:
    from aiguard.cli.selecting import selects_by_git

    return request.selection is not None and selects_by_git(request.selection)


def _expanded(paths: Sequence[str], request: Request, config: Config) -> Sequence[Input]:
    if request.selection is not None:
        from aiguard.cli.selecting import selected

        return selected(paths, request.selection, config, request.stdin_filename)
    from aiguard.readers.inputs import expand

    return expand(paths, (*request.exclude, *config.exclude))
