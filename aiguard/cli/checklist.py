"""Make check-lists: `aiguard checklist build`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o

checklist = typer.Typer(help="確認表を作ります。", no_args_is_help=True, rich_markup_mode=None)


@checklist.callback()
def _group() -> None:
    """Keep the name of the only command."""


@checklist.command()
def build(  # noqa: PLR0913, PLR0917 - one parameter an option
    system: Annotated[str, typer.Option("--system", metavar="TEXT", help="仕組みの名前")] = "",
    section: Annotated[str, typer.Option("--section", metavar="TEXT", help="担当の課室")] = "",
    ai: Annotated[str, typer.Option("--ai", metavar="NAME", help="使う生成AI")] = "",
    provider: Annotated[str, typer.Option("--provider", metavar="TEXT", help="提供する事業者")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="書くファイル（.md か .docx。既定は標準出力）")
    ] = None,
    pack: o.PackName = None,
) -> None:
    """生成AIを含む仕組みを作る前の確認表を作ります（6(2)）。"""
    from aiguard import pack as packs
    from aiguard.checklist import building, markdown_of, word_of
    from aiguard.cli.files import save
    from aiguard.errors import UsageError

    filled = (("仕組み", system), ("担当", section), ("生成AI", ai), ("事業者", provider))
    blocks = building(packs.load(packs.find(pack)), filled)
    if output is None:
        typer.echo(markdown_of(blocks), nl=False)
        return
    if output.suffix.lower() not in {".md", ".docx"}:
        raise UsageError(f"この形式では書けません: {output}", "名前の終わりを .md か .docx にしてください。")
    if output.exists():
        raise UsageError(f"同じ名前のファイルがあります: {output}", "別の名前にしてください。")
    save(output, word_of(blocks) if output.suffix.lower() == ".docx" else markdown_of(blocks).encode())
    typer.echo(f"{output} に書きました。")
