"""`aiguard report`: show saved results again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o


def report(
    results: Annotated[list[Path], typer.Argument(metavar="RESULT...", help="保存した結果（JSONかJSONL）")],
    output_format: o.SavedReportFormat = o.SavedFormat.TEXT,
    output: o.Output = None,
    by: o.Order = o.By.PLACE,
    pack: o.PackName = None,
) -> None:
    """保存した結果を、場所の順か節の順に表示します。"""
    from aiguard import pack as packs
    from aiguard.cli.run import options_for, refuse_overwriting, write
    from aiguard.reporters.saved import load

    refuse_overwriting(output, results)
    options = options_for(packs.load(packs.find(pack)), by)
    write(load(results), output_format, output, options)
