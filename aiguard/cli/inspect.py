"""`aiguard guideline`, `rule`, `config`, `doctor`: look at what aiguard works with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o


def guideline(
    section: Annotated[str | None, typer.Argument(metavar="[SECTION]", help="節（例: 5(1)、5-1、8.4、注3）")] = None,
    search: Annotated[str | None, typer.Option("--search", metavar="TEXT", help="言葉で探します（例: 機密性）")] = None,
    pack: o.PackName = None,
) -> None:
    """ガイドラインの各節が求めることと、どう調べているかを表示します。"""
    from aiguard import pack as packs
    from aiguard.describe import found_text, guideline_text

    loaded = packs.load(packs.find(pack))
    typer.echo(guideline_text(loaded, section) if search is None else found_text(loaded, search))


def rule(
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="規則の名前（例: my-number）")] = None,
    pack: o.PackName = None,
) -> None:
    """規則の理由、修正のしかた、例を表示します。"""
    from aiguard import pack as packs
    from aiguard.describe import rule_text

    typer.echo(rule_text(packs.load(packs.find(pack)), name))


def config(file: o.ConfigFile = None) -> None:
    """有効な設定と、それがどのファイルから来たかを表示します。"""
    from aiguard.config import load
    from aiguard.config_shown import describe

    typer.echo(describe(load(Path(), file)), nl=False)


def doctor(pack: o.PackName = None) -> None:
    """環境を調べ、通信なしで点検できるかを確かめます。"""
    from aiguard.doctor import examine

    report = examine(pack)
    for line in report.lines:
        typer.echo(line)
    raise typer.Exit(0 if report.healthy else 2)
