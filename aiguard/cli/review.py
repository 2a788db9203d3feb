"""Say whether a draft may be published: `aiguard review`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o


class At(StrEnum):
    """List the places of a statement."""

    END = "end"
    START = "start"
    FOOTER = "footer"


def review(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: o.Paths = None,
    ai: o.Names = None,
    ai_used: Annotated[bool, typer.Option("--ai-used", help="生成AIを使った（名前は言わない）")] = False,  # noqa: FBT002
    no_ai: Annotated[bool, typer.Option("--no-ai", help="生成AIを使っていない")] = False,  # noqa: FBT002
    internal: o.Internal = False,  # noqa: FBT002
    minor: o.Minor = False,  # noqa: FBT002
    declarations: Annotated[
        Path | None, typer.Option("--declarations", metavar="FILE", help="原稿ごとの生成AIの名前（CSV: ファイル,名前）")
    ] = None,
    prompt: Annotated[
        Path | None, typer.Option("--prompt", metavar="FILE", help="生成AIに入力した文（そこにない事実を先に示します）")
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", metavar="DIR", help="似ていないかを比べる文章のフォルダー（複数可）"),
    ] = None,
    index: Annotated[
        Path | None, typer.Option("--index", metavar="FILE", help="比べる文章の索引を置くファイル")
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option("--names", metavar="FILE", help="使われている名前の一覧（1行に1つ。似た名前を示します）"),
    ] = None,
    store: Annotated[
        Path | None, typer.Option("--store", metavar="FILE", help="チャットの記録（aiguard record）のファイル")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="足りない明示を書き足した NAME.attributed.EXT を作ります")] = False,  # noqa: FBT002
    at: Annotated[At, typer.Option("--at", help="明示を書く場所")] = At.END,
    in_place: Annotated[bool, typer.Option("--in-place", help="元のファイルに書きます（--fix と一緒に）")] = False,  # noqa: FBT002
    diff: Annotated[bool, typer.Option("--diff", help="書き足すところを示します（書きません）")] = False,  # noqa: FBT002
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
    exclude: o.Exclude = None,
    today: o.Today = None,
    jobs: o.Jobs = None,
    baseline: o.Baseline = None,
    key: o.KeyFile = None,
    quiet: o.Quiet = False,  # noqa: FBT002
) -> None:
    """公表する前の原稿を点検します（生成AIで作成したことの明示を含む）。"""
    from aiguard.attribution import Declared
    from aiguard.cli.fix import Fix
    from aiguard.cli.request import Request
    from aiguard.cli.run import run
    from aiguard.errors import UsageError
    from aiguard.model import Use

    if no_ai and (ai or ai_used):
        problem = "--no-ai は --ai や --ai-used と一緒に使えません。"
        raise UsageError(problem, "どちらか一つにしてください。")
    declared = Declared(tuple(ai or ()), False if no_ai else True if ai_used or ai else None, internal, minor)
    raise typer.Exit(
        run(
            Request(
                tuple(paths or ()), Use.DOCUMENT, files_from, stdin_filename, output_format, output, by, config, pack,
                tuple(select or ()), tuple(ignore or ()), min_severity, fail_on, tuple(exclude or ()), today, declared,
                declarations=declarations, prompt=prompt, against=tuple(against or ()), index=index, jobs=jobs, quiet=quiet, names=names, records=store,
                fix=Fix(at.value, in_place, diff) if fix or diff else None,
                mask_paths=mask_paths, baseline=baseline, key=key,
            )
        )
    )  # fmt: skip
