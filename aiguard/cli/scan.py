"""Check a whole share, however large: `aiguard scan`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o


class Uses(StrEnum):
    """List what the texts may be for; auto: of chats, what was entered and what the AI said, of the rest documents."""

    AUTO = "auto"
    PROMPT = "prompt"
    DOCUMENT = "document"


class Engine(StrEnum):
    """List what does the work: processes of this computer, or a cluster of Ray."""

    LOCAL = "local"
    RAY = "ray"


class ResultsFormat(StrEnum):
    """List the formats that the workers of a cluster write."""

    JSONL = "jsonl"
    PARQUET = "parquet"


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
    mask_paths: o.MaskPaths = None,
    by: o.Order = o.By.PLACE,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    min_severity: o.MinSeverity = None,
    fail_on: o.FailOn = None,
    include: o.Include = None,
    exclude: o.Exclude = None,
    since: o.Since = None,
    changed: o.Changed = False,  # noqa: FBT002
    changed_from: o.ChangedFrom = None,
    staged: o.Staged = False,  # noqa: FBT002
    hidden: o.Hidden = False,  # noqa: FBT002
    no_gitignore: o.NoGitignore = False,  # noqa: FBT002
    force_exclude: o.ForceExclude = False,  # noqa: FBT002
    state: Annotated[
        Path | None,
        typer.Option(
            "--state",
            metavar="FILE",
            help="済んだ結果を残すファイル。止まっても続きから始め、変わっていないファイルは調べません",
        ),
    ] = None,
    baseline: o.Baseline = None,
    key: o.KeyFile = None,
    today: o.Today = None,
    jobs: o.Jobs = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="local=このパソコン、ray=Ray のクラスター（pip install 'aiguard[ray]'）")
    ] = Engine.LOCAL,
    address: Annotated[
        str | None,
        typer.Option("--address", metavar="HOST:PORT", help="Ray のクラスターの場所（既定はこのパソコンの中）"),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="NAME", help="JSONL・Parquet の1件ずつを、この列の文章として点検します"),
    ] = None,
    results: Annotated[
        str | None,
        typer.Option("--results", metavar="DIR", help="--engine ray の結果を書くフォルダー（s3:// なども可）"),
    ] = None,
    results_format: Annotated[
        ResultsFormat, typer.Option("--results-format", help="--results の形式")
    ] = ResultsFormat.JSONL,
    quiet: o.Quiet = False,  # noqa: FBT002
) -> None:
    """共有フォルダーなどを、まとめて点検します（大きなファイルも、少しずつ読みます）。"""
    from aiguard.cli.request import Request
    from aiguard.cli.run import run
    from aiguard.cli.selecting import selection_of
    from aiguard.model import Use

    selection = selection_of(
        include=include, exclude=exclude, since=since, changed=changed, changed_from=changed_from, staged=staged,
        hidden=hidden, no_gitignore=no_gitignore, force_exclude=force_exclude,
    )  # fmt: skip
    auto = use is Uses.AUTO
    raise typer.Exit(
        run(
            Request(
                tuple(paths or ()), Use.DOCUMENT if auto else Use(use.value), files_from, stdin_filename, output_format, output, by, config, pack,
                tuple(select or ()), tuple(ignore or ()), min_severity, fail_on, tuple(exclude or ()), today, jobs=jobs, quiet=quiet, by_role=auto,
                selection=selection, state=state, mask_paths=mask_paths, baseline=baseline, key=key, whole=True,
                engine=engine.value, address=address, column=column, results=results, results_format=results_format.value,
            )
        )
    )  # fmt: skip
