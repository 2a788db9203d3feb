"""Give a text that may be entered: `aiguard mask`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o


class StyleName(StrEnum):
    """List the styles of stand-ins."""

    LABEL = "label"
    ALIAS = "alias"


def mask(  # noqa: PLR0913, PLR0917 - one parameter an option
    path: Annotated[str, typer.Argument(metavar="PATH", help="ファイル、または - （標準入力）")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT", help="置き換えた文章を書くファイル（既定は標準出力）"),
    ] = None,
    map_file: Annotated[
        Path | None,
        typer.Option("--map", metavar="MAP", help="対応表のファイル（既定は、利用者専用のフォルダーの中の maps）"),
    ] = None,
    style: Annotated[
        StyleName, typer.Option(help="label=〔氏名1〕、alias=人と住所はA氏、B市（ほかは〔電話1〕）")
    ] = StyleName.LABEL,
    passphrase: o.Passphrase = False,  # noqa: FBT002
    passphrase_file: o.PassphraseFile = None,
    force: Annotated[bool, typer.Option("--force", help="別の文章の対応表があっても上書きします")] = False,  # noqa: FBT002
    stdin_filename: o.StdinFilename = None,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
    fail_on: o.FailOn = None,
    today: o.Today = None,
) -> None:
    """個人情報と認証情報を〔氏名1〕などに置き換えます（対応表で元に戻せます）。

    置き換えた文章を点検し直し、指摘が残れば終了コード1で知らせます。対応表には元の値が入ります。人に渡さないでください。
    """
    from aiguard.cli.masks import MaskRequest, run_mask
    from aiguard.cli.request import Request
    from aiguard.model import Use

    request = Request(
        (path,), Use.PROMPT, None, stdin_filename, config_file=config, pack=pack, fail_on=fail_on, today=today
    )
    sealed = passphrase or passphrase_file is not None
    raise typer.Exit(run_mask(MaskRequest(request, output, map_file, style, sealed, passphrase_file, force)))
