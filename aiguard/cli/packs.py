"""`aiguard pack`: look after rule packs."""

from __future__ import annotations

from typing import Annotated

import typer

pack = typer.Typer(help="ルールパックを調べます。", no_args_is_help=True, rich_markup_mode=None)


@pack.callback()
def _pack() -> None:
    """Keep `pack test` a command of its own."""


@pack.command("test")
def run_tests(
    folder: Annotated[str | None, typer.Argument(metavar="[DIR]", help="パックのフォルダーか名前")] = None,
) -> None:
    """パックの書き方を確かめ、すべての規則の例を実行します。"""
    from aiguard import pack as packs
    from aiguard.examples import run_examples

    loaded = packs.load(packs.find(folder))
    packs.check_patterns(loaded)
    outcomes = run_examples(loaded)
    for failure in outcomes.failures:
        typer.echo(failure)
    typer.echo(f"規則 {len(loaded.rules)}件、例 {outcomes.total}件、失敗 {len(outcomes.failures)}件")
    raise typer.Exit(1 if outcomes.failures else 0)
