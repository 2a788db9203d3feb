"""Say whether a text may be entered: `aiguard check`."""

from __future__ import annotations

import typer

from aiguard.cli import options as o


def check(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: o.Paths = None,
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
    ai: o.Meant = None,
    explain: o.Explain = False,  # noqa: FBT002
) -> None:
    """生成AIに入力する前の文章を点検します。"""
    from aiguard.cli.request import Request
    from aiguard.cli.run import run
    from aiguard.model import Use

    raise typer.Exit(
        run(
            Request(
                tuple(paths or ()), Use.PROMPT, files_from, stdin_filename, output_format, output, by, config, pack,
                tuple(select or ()), tuple(ignore or ()), min_severity, fail_on, tuple(exclude or ()), today, explains=explain, jobs=jobs, quiet=quiet,
                mask_paths=mask_paths, baseline=baseline, key=key, meant=tuple(ai or ()),
            )
        )
    )  # fmt: skip
