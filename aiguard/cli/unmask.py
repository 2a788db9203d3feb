"""Put the values back into an answer: `aiguard unmask`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o


def unmask(
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="生成AIの回答のファイル、または - （標準入力）")],
    map_file: Annotated[Path, typer.Option("--map", metavar="MAP", help="「aiguard mask」が作った対応表")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="戻した文章を書くファイル（既定は標準出力）")
    ] = None,
    passphrase: o.Passphrase = False,  # noqa: FBT002
    passphrase_file: o.PassphraseFile = None,
) -> None:
    """回答の中の〔氏名1〕などを、対応表で元の値に戻します。

    かっこの種類、全角の数字、空白などの小さな違いは気にしません。対応表にないものはそのまま残し、数を知らせます。
    """
    from aiguard.cli.masks import run_unmask

    _ = passphrase  # a sealed map says itself that it needs one; the flag is taken so that both commands read alike
    raise typer.Exit(run_unmask(answer, map_file, output, passphrase_file))
