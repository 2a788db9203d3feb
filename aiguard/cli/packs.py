"""`aiguard pack`: look after rule packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o

pack = typer.Typer(help="ルールパックを作り、調べ、比べます。", no_args_is_help=True, rich_markup_mode=None)


@pack.callback()
def _pack() -> None:
    """Keep the commands of packs together."""


@pack.command("test")
def run_tests(
    folder: Annotated[str | None, typer.Argument(metavar="[DIR]", help="パックのフォルダーか名前")] = None,
) -> None:
    """パックの書き方を確かめ、すべての規則の例を実行します。"""
    from aiguard import pack as packs
    from aiguard.describe import gaps
    from aiguard.examples import run_examples
    from aiguard.incident import FILE, template_of
    from aiguard.services import register

    loaded = packs.load(packs.find(folder))
    packs.check_patterns(loaded)
    register(loaded, None)  # files that are read only when they are needed
    if any((Path(layer) / FILE).is_file() for layer in loaded.layers):
        template_of(Path(loaded.root))
    outcomes = run_examples(loaded)
    for line in (*outcomes.failures, *gaps(loaded)):
        typer.echo(line)
    typer.echo(f"規則 {len(loaded.rules)}件、例 {outcomes.total}件、失敗 {len(outcomes.failures)}件")
    raise typer.Exit(1 if outcomes.failures else 0)


@pack.command("new")
def make_new(
    city: Annotated[str, typer.Argument(metavar="CITY", help="市の名前（パックのフォルダーの名前になります）")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="作る場所")] = Path(),
    base: Annotated[
        str | None, typer.Option("--from", metavar="NAME", help="このパックの次の版を作ります（名前かフォルダー）")
    ] = None,
) -> None:
    """新しいパックのひな形を作ります。"""
    from aiguard.scaffold import make

    files = make(city, into, base)
    for file in files:
        typer.echo(f"作りました: {file}")
    typer.echo(f"書き換えたら、確かめてください: aiguard pack test {files[0].parent}")


@pack.command("quote")
def quote(
    folder: Annotated[str, typer.Argument(metavar="PACK", help="パックのフォルダーか名前")],
    text: Annotated[Path, typer.Argument(metavar="GUIDELINE", help="ガイドラインの文書（Word、PDF、テキストなど）")],
) -> None:
    """ガイドラインの文を引用しただけの所を指摘しないための印を、パックに入れます（文そのものは入りません）。"""
    from aiguard.scaffold import quote as put

    typer.echo(f"書きました: {put(folder, text)}")


@pack.command("diff")
def compare(
    old: Annotated[str, typer.Argument(metavar="A", help="もとのパック（名前かフォルダー）")],
    new: Annotated[str, typer.Argument(metavar="B", help="比べるパック（名前かフォルダー）")],
    config: o.ConfigFile = None,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="受け入れた指摘の一覧（変わる規則によるものを示します）"),
    ] = None,
) -> None:
    """2つのパックの、違う節と規則を示します。今の設定が、なくなる規則や節を名指ししていれば、終了コード1です。"""
    from aiguard import differences
    from aiguard import pack as packs
    from aiguard.config import load
    from aiguard.store.baseline import DEFAULT, read

    one, other = (packs.load(packs.find(name)) for name in (old, new))
    found = differences.compare(one, other)
    file = baseline or (Path(DEFAULT) if Path(DEFAULT).is_file() else None)
    accepted = [(str(file), entry.rule) for entry in read(file).accepted] if file else []
    listed = differences.references(found, load(Path(), config), accepted)
    typer.echo(differences.to_text(one, other, found, listed))
    raise typer.Exit(1 if any(each.broken for each in listed) else 0)
