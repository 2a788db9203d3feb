"""`aiguard eval`: score aiguard on labelled sets."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o


class FigureFormat(StrEnum):
    """List the formats of figures."""

    TEXT = "text"
    JSON = "json"


class FoldName(StrEnum):
    """List the folds."""

    ALL = "all"
    TUNED = "tuned"
    HELD_OUT = "held-out"


def evaluate(
    sets: Annotated[list[Path], typer.Argument(metavar="SET.jsonl...", help="正解つきの文章（JSONL）")],
    fold: Annotated[FoldName, typer.Option(help="all=全部、held-out=調整に使わない2割、tuned=残り")] = FoldName.ALL,
    show: Annotated[bool, typer.Option("--show", help="見落としと誤警報を、文面を伏せて並べます")] = False,  # noqa: FBT002
    output_format: Annotated[FigureFormat, typer.Option("--format", help="出力の形式")] = FigureFormat.TEXT,
    pack: o.PackName = None,
) -> None:
    """正解つきの文章で、見つける力と誤警報を測ります。"""
    from aiguard.cli.scoring import figures
    from aiguard.evaluate import render_text, to_json

    scored = figures(tuple(sets), pack, fold.value, show=show)
    typer.echo(to_json(scored) if output_format is FigureFormat.JSON else render_text(scored))
