"""Report trouble with a generative AI (guideline, section 9): `aiguard incident`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aiguard.cli import options as o
from aiguard.cli.record import ListFormat, Number, Shape, Store

incident = typer.Typer(
    help="生成AIの利用で起きた問題を報告し、記録します。", no_args_is_help=True, rich_markup_mode=None
)


class ReportFormat(StrEnum):
    """List the formats of a report."""

    MARKDOWN = "markdown"
    JSON = "json"
    DOCX = "docx"
    ALL = "all"


Text = str | None
Form = Annotated[
    ReportFormat | None,
    typer.Option("--format", help="報告の形式（既定は、ファイルの拡張子から。allは3つとも書きます）"),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="書くファイル（既定は標準出力）")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="記録する人（氏名は伏せます）")]
KeepStaff = Annotated[bool, typer.Option("--keep-staff", help="職員の氏名（--by と --who のもの）は伏せずに残します")]
Yes = Annotated[bool, typer.Option("--yes", help="伏せ残しがあるようでも、尋ねずに記録します")]


@incident.command()
def form(output: Output = None, config: o.ConfigFile = None, pack: o.PackName = None) -> None:
    """書き込むための空の様式を作ります。"""
    from aiguard.cli.incidents import run_form

    raise typer.Exit(run_form(output, config, pack))


@incident.command()
def new(  # noqa: PLR0913, PLR0917 - one parameter an option
    when: Annotated[Text, typer.Option("--when", metavar="TIME", help="日時（例: 2025-04-01 10:30）")] = None,
    who: Annotated[Text, typer.Option("--who", metavar="TEXT", help="利用者の所属など（氏名は伏せます）")] = None,
    ai: Annotated[Text, typer.Option("--ai", metavar="NAME", help="使った生成AI")] = None,
    entered: Annotated[Text, typer.Option("--entered", metavar="TEXT", help="入力・公表した内容")] = None,
    spread: Annotated[Text, typer.Option("--spread", metavar="TEXT", help="広がり")] = None,
    measures: Annotated[Text, typer.Option("--measures", metavar="TEXT", help="とった措置")] = None,
    form_file: Annotated[
        Path | None, typer.Option("--form", metavar="FILE", help="書き込んだ様式（オプションが優先します）")
    ] = None,
    result: Annotated[
        list[Path] | None, typer.Option("--result", metavar="FILE", help="保存した点検の結果（複数可）")
    ] = None,
    output: Output = None,
    shape: Form = None,
    by: By = None,
    suspend: Annotated[  # noqa: FBT002
        bool, typer.Option("--suspend", help="その生成AIの利用を停止します（--by と --reason が要ります）")
    ] = False,
    reason: Annotated[Text, typer.Option("--reason", metavar="TEXT", help="停止の理由")] = None,
    keep_staff: KeepStaff = False,  # noqa: FBT002
    yes: Yes = False,  # noqa: FBT002
    store: Store = None,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
) -> None:
    """問題を記録し、所属長と情報政策部門への報告を作ります（個人情報は伏せます）。"""
    from aiguard.cli.incident_new import NewRequest, run_new

    values = {"when": when, "who": who, "ai": ai, "entered": entered, "spread": spread, "measures": measures}
    given = {name: value.strip() for name, value in values.items() if value is not None}
    asked = NewRequest(
        given, form_file, tuple(result or ()), output, shape, by, store, config, pack, yes, suspend, reason, keep_staff
    )
    raise typer.Exit(run_new(asked))


@incident.command("list")
def list_cases(shape: Shape = ListFormat.TEXT, store: Store = None) -> None:
    """報告の一覧を示します（対応中、完了）。"""
    from aiguard.cli.incidents import run_list

    raise typer.Exit(run_list(shape, store))


@incident.command()
def show(  # noqa: PLR0913, PLR0917 - one parameter an option
    number: Number,
    shape: Form = None,
    output: Output = None,
    store: Store = None,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
) -> None:
    """報告を示します。"""
    from aiguard.cli.incidents import run_show

    raise typer.Exit(run_show(number, shape, output, store, config, pack))


@incident.command()
def close(  # noqa: PLR0913, PLR0917 - one parameter an option
    number: Number,
    measures: Annotated[str, typer.Option("--measures", metavar="TEXT", help="とった措置")],
    by: By = None,
    keep_staff: Annotated[bool, typer.Option("--keep-staff", help="--by の氏名は伏せずに残します")] = False,  # noqa: FBT002
    yes: Yes = False,  # noqa: FBT002
    store: Store = None,
    config: o.ConfigFile = None,
    pack: o.PackName = None,
) -> None:
    """対応が終わったことを書き足します（前の報告は変わりません）。"""
    from aiguard.cli.incidents import run_close

    raise typer.Exit(run_close(number, measures, by, store, config, pack, sure=yes, keeps_staff=keep_staff))
