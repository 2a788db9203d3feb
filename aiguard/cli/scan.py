"""Check a whole share, however large: `aiguard scan`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from aiguard.cli import options as o


class Uses(StrEnum):
    """List what the texts may be for; auto: of chats, what was entered and what the AI said, of the rest documents."""

    AUTO = "auto"
    PROMPT = "prompt"
    DOCUMENT = "document"


def scan(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: o.Paths = None,
    use: Annotated[
        Uses,
        typer.Option(
            "--use",
            help="prompt=入力する文章、document=公表する文書、auto=チャットの書き出しは発言ごとに、ほかは文書として",
        ),
    ] = Uses.AUTO,
    files_from: o.FilesFrom = None,
    stdin_filename: o.StdinFilename = None,
    output_format: o.OutputFormat = o.Format.TEXT,
    output: o.Output = None,
    by: o.Order = o.By.PLACE,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    min_severity: o.MinSeverity = None,
    fail_on: o.FailOn = None,
    exclude: o.Exclude = None,
    today: o.Today = None,
    jobs: o.Jobs = None,
    quiet: o.Quiet = False,  # noqa: FBT002
) -> None:
    """共有フォルダーなどを、まとめて点検します（大きなファイルも、少しずつ読みます）。"""
    from aiguard.cli.run import Request, run
    from aiguard.model import Use

    auto = use is Uses.AUTO
    raise typer.Exit(
        run(
            Request(
                tuple(paths or ()), Use.DOCUMENT if auto else Use(use.value), files_from, stdin_filename, output_format, output, by, config, pack,
                tuple(select or ()), tuple(ignore or ()), min_severity, fail_on, tuple(exclude or ()), today, jobs=jobs, quiet=quiet, by_role=auto,
            )
        )
    )  # fmt: skip
