"""Show which generative AIs may be used, suspend one, and let one be used again: `aiguard services`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aiguard.cli import options as o

if TYPE_CHECKING:
    from aiguard.model import Pack, Standing

services = typer.Typer(
    help="使える生成AIの一覧を示し、利用を停止・再開します。", invoke_without_command=True, rich_markup_mode=None
)

By = Annotated[str, typer.Option("--by", metavar="NAME", help="決めた人（例: 情報政策課長）")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="理由")]
Day = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="決めた日（既定は今日）")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="生成AIの名前")]


@services.callback()
def _default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_services()


@services.command("list")
def list_services(config: o.ConfigFile = None, pack: o.PackName = None) -> None:
    """生成AIの一覧と、利用できるかを示します。"""
    import datetime as dt

    from rich.cells import cell_len

    from aiguard.services import judge, register

    loaded, own = _loaded(config, pack)
    known = register(loaded, own)
    widest = max((cell_len(each.name) for each in known.service), default=0)
    for each in known.service:
        judged = judge(known, each.name, dt.date.today())  # noqa: DTZ011 - the clerk's own day
        said = f"（{judged.reason}）" if judged.reason else ""
        typer.echo(f"{each.name}{' ' * (widest - cell_len(each.name))}  {_label(judged.status)}{said}")
    typer.echo("これら以外の生成AIも、ガイドラインに準拠して使います。")


@services.command()
def show(name: Name, config: o.ConfigFile = None, pack: o.PackName = None) -> None:
    """一つの生成AIについて、許可、入力できる情報、これまでの決定を示します。"""
    import datetime as dt

    from aiguard.errors import UsageError
    from aiguard.model import Standing
    from aiguard.services import decisions, find, judge, register

    loaded, own = _loaded(config, pack)
    known = register(loaded, own)
    service = find(known, name)
    if service is None:
        raise UsageError(f"「{name}」は一覧にありません。", "aiguard services list で名前を確かめてください。")
    learns = {None: "未確認", True: "学習に使われる", False: "学習に使われない"}[service.learns_from_input]
    judged = judge(known, name, dt.date.today())  # noqa: DTZ011 - the clerk's own day
    days = (
        f"{service.valid_from or ''}〜{service.valid_until or ''}" if service.valid_from or service.valid_until else ""
    )
    rows = {
        "提供者": service.provider, "別名": "、".join(service.aliases), "状態": _label(judged.status), "理由": judged.reason,
        "入力してよい区分": "、".join(service.classes) or "なし（公開できる情報だけ）", "入力と学習": learns,
        "期間": days, "リンク": service.link,
    }  # fmt: skip
    typer.echo(service.name)
    for key, value in rows.items():
        if value:
            typer.echo(f"  {key}: {value}")
    for each in decisions(known, service):
        done = "停止" if each.status is Standing.SUSPENDED else "再開"
        typer.echo(f"  {each.day} {done}  決めた人: {each.by}  理由: {each.reason}")


@services.command()
def suspend(  # noqa: PLR0913, PLR0917 - one parameter an option
    name: Name, by: By, reason: Reason, date: Day = None, config: o.ConfigFile = None, pack: o.PackName = None
) -> None:
    """利用を一時停止します（組織の services.toml の末尾に書き足します）。"""
    from aiguard.model import Standing

    _decide(name, Standing.SUSPENDED, (by, reason, date), (config, pack))


@services.command()
def resume(  # noqa: PLR0913, PLR0917 - one parameter an option
    name: Name, by: By, reason: Reason, date: Day = None, config: o.ConfigFile = None, pack: o.PackName = None
) -> None:
    """利用を再開します（組織の services.toml の末尾に書き足します）。"""
    from aiguard.model import Standing

    _decide(name, Standing.APPROVED, (by, reason, date), (config, pack))


def _decide(
    name: str, status: Standing, said: tuple[str, str, str | None], where: tuple[Path | None, str | None]
) -> None:
    import datetime as dt

    from aiguard.cli.request import day
    from aiguard.errors import UsageError
    from aiguard.model import Decision, Standing
    from aiguard.services import decide

    by, reason, date = said
    if not by.strip() or not reason.strip():
        raise UsageError("決めた人と理由がありません。", "--by と --reason に書いてください。")
    today = dt.date.today()  # noqa: DTZ011 - the clerk's own day
    decision = Decision(name, status, day(date) or today, by.strip(), reason.strip())
    file = decide(*_loaded(*where), decision)
    done = "停止" if status is Standing.SUSPENDED else "再開"
    typer.echo(f"「{name}」の利用を{done}しました（{file}）。職員に知らせてください。")


def _label(status: str) -> str:
    from aiguard.model import Standing

    return Standing(status).label


def _loaded(config: Path | None, pack: str | None) -> tuple[Pack, str | None]:
    from aiguard import pack as packs
    from aiguard.config import load

    found = load(Path(), config)
    return packs.load(packs.find(pack or found.pack)), found.services
