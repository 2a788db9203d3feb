"""Look after the findings that are accepted: `aiguard baseline`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o
from aiguard.cli.scan import Uses

baseline = typer.Typer(
    help="今ある指摘を理由を付けて受け入れ、新しい指摘だけを失敗にします。", no_args_is_help=True, rich_markup_mode=None
)


File = Annotated[
    Path, typer.Option("--baseline", metavar="FILE", help="受け入れの一覧（この場所から見たパスを記録します）")
]
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="受け入れる理由（個人情報を書かないでください）")
]
Blocked = Annotated[bool, typer.Option("--accept-block", help="禁止の指摘も受け入れます")]
Who = Annotated[str | None, typer.Option("--by", metavar="NAME", help="受け入れた人（既定は、なし）")]
For = Annotated[Uses, typer.Option("--use", help="scan の --use と同じ（check の指摘を受け入れるときは prompt）")]
_FILE = Path("aiguard-baseline.toml")


@baseline.command()
def create(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: o.Paths = None,
    reason: Reason = None,
    file: File = _FILE,
    key: o.KeyFile = None,
    accept_block: Blocked = False,  # noqa: FBT002
    by: Who = None,
    use: For = Uses.AUTO,
    ai: o.Names = None,
    files_from: o.FilesFrom = None,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    fail_on: o.FailOn = None,
    exclude: o.Exclude = None,
    today: o.Today = None,
    jobs: o.Jobs = None,
) -> None:
    """今ある指摘を受け入れる一覧を作ります。

    終了コード: 0=作った、1=作ったが、受け入れていない禁止の指摘がある、3=確認できない文書があるため作らない。
    """
    from aiguard.cli.baselines import Asked, run_create, survey_request

    request = survey_request(
        paths, use, ai, files_from, config, pack, select, ignore, fail_on, exclude, today, jobs
    )  # fmt: skip
    raise typer.Exit(run_create(request, Asked(file, key, reason, by, accept_block)))


@baseline.command()
def update(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: o.Paths = None,
    reason: Reason = None,
    file: File = _FILE,
    key: o.KeyFile = None,
    accept_block: Blocked = False,  # noqa: FBT002
    dry_run: Annotated[bool, typer.Option("--dry-run", help="変わるところを示すだけで、書きません")] = False,  # noqa: FBT002
    by: Who = None,
    use: For = Uses.AUTO,
    ai: o.Names = None,
    files_from: o.FilesFrom = None,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    fail_on: o.FailOn = None,
    exclude: o.Exclude = None,
    today: o.Today = None,
    jobs: o.Jobs = None,
) -> None:
    """なくなった指摘を一覧から外し、新しい指摘を加え、変わったところを示します（点検しなかった文書の分は残します）。

    終了コード: 0=書いた、1=書いたが、受け入れていない禁止の指摘がある、3=確認できない文書があるため書かない。
    """
    from aiguard.cli.baselines import Asked, run_update, survey_request

    request = survey_request(
        paths, use, ai, files_from, config, pack, select, ignore, fail_on, exclude, today, jobs
    )  # fmt: skip
    raise typer.Exit(run_update(request, Asked(file, key, reason, by, accept_block, dry_run)))


@baseline.command()
def show(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: o.Paths = None,
    file: File = _FILE,
    key: o.KeyFile = None,
    use: For = Uses.AUTO,
    ai: o.Names = None,
    files_from: o.FilesFrom = None,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    exclude: o.Exclude = None,
    today: o.Today = None,
    jobs: o.Jobs = None,
) -> None:
    """受け入れた指摘を、文書と規則ごとの数で示します。PATHS を付けると点検し、もう当てはまらないものも示します。"""
    from aiguard.cli.baselines import Asked, run_show, survey_request

    asked = Asked(file, key)
    request = survey_request(paths, use, ai, files_from, config, pack, select, ignore, None, exclude, today, jobs)
    raise typer.Exit(run_show(request if paths or files_from else None, asked))
