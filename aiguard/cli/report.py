"""`aiguard report`: show saved results again, in any format, or what has changed since an earlier one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aiguard.cli import options as o

if TYPE_CHECKING:
    from aiguard.model import Report
    from aiguard.reporters import Options


def report(  # noqa: PLR0913, PLR0917 - one parameter an option
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULT...", help="保存した結果（JSONかJSONL、--results のフォルダー）")
    ],
    output_format: o.OutputFormat = o.Format.TEXT,
    output: o.Output = None,
    mask_paths: o.MaskPaths = None,
    key: o.KeyFile = None,
    by: o.Order = o.By.PLACE,
    pack: o.PackName = None,
    min_severity: o.MinSeverity = None,
    compare: Annotated[
        list[Path] | None,
        typer.Option(
            "--compare", metavar="OLD", help="前の結果（JSONかJSONL。複数可）と比べて、変わったところを示します"
        ),
    ] = None,
) -> None:
    """保存した結果を、ほかの形式で表示します（複数の結果は一つにまとめます）。"""
    from aiguard import pack as packs
    from aiguard.cli.files import refuse_overwriting, write
    from aiguard.cli.hiding import hiding, shown
    from aiguard.cli.run import options_for
    from aiguard.model import Severity
    from aiguard.reporters.saved import load

    refuse_overwriting(output, (*results, *(compare or ())))
    least = Severity(min_severity) if min_severity else Severity.WARN
    options = options_for(packs.load(packs.find(pack)), by, least)
    hidden = hiding(mask_paths, output_format, key)
    if compare:
        _compare(shown(load(compare), hidden), shown(load(results), hidden), output_format, output, options)
    else:
        write(shown(load(results), hidden), output_format, output, options)


def _compare(old: Report, new: Report, form: str, output: Path | None, options: Options) -> None:
    """Write what has changed between two results; UsageError for results of different guidelines."""
    from aiguard.cli.files import save
    from aiguard.errors import UsageError
    from aiguard.reporters import for_stream
    from aiguard.reporters.compare import compare
    from aiguard.reporters.compare_report import render

    if old.guideline != new.guideline:
        problem = "別のガイドライン（または別の版）で点検した結果とは比べられません。"
        raise UsageError(problem, "同じルールパックで点検した結果を指定してください。")
    changes = compare(old, new, options.minimum)
    if output is not None:
        save(output, render(changes, new, form, options).encode())
    elif form == "text":
        sys.stdout.write(render(changes, new, form, for_stream(options, sys.stdout, os.environ)))
    else:
        sys.stdout.buffer.write(render(changes, new, form, options).encode())
