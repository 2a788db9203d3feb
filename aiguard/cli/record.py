"""Keep the chats that the guideline asks to be recorded: `aiguard record`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

record = typer.Typer(help="生成AIとのチャットを記録します。", no_args_is_help=True, rich_markup_mode=None)


class ListFormat(StrEnum):
    """List the formats of a list."""

    TEXT = "text"
    JSON = "json"


class ExportFormat(StrEnum):
    """List the formats of an export."""

    JSONL = "jsonl"
    CSV = "csv"


Store = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="FILE", help="記録のファイル（既定は、利用者専用のフォルダーの中の records.sqlite3）"
    ),
]
Who = Annotated[str | None, typer.Option("--by", metavar="NAME", help="記録する人の名前（既定は、なし）")]
Shape = Annotated[ListFormat, typer.Option("--format", help="出力の形式")]
Number = Annotated[int, typer.Argument(metavar="N", help="記録の番号", min=1, max=10**15)]


@record.command()
def add(  # noqa: PLR0913, PLR0917 - one parameter an option
    chat: Annotated[
        str,
        typer.Argument(metavar="CHAT", help="チャットのファイル（テキスト、ChatGPTの conversations.json）、または -"),
    ],
    ai: Annotated[list[str], typer.Option("--ai", metavar="NAME", help="使った生成AIの名前（複数可）")],
    document: Annotated[
        list[Path] | None, typer.Option("--document", metavar="FILE", help="チャットで作った資料（複数可）")
    ] = None,
    conversation: Annotated[
        str | None, typer.Option("--conversation", metavar="TITLE|N", help="書き出した会話が複数のとき、その題名か番号")
    ] = None,
    note: Annotated[
        str | None,
        typer.Option("--note", metavar="TEXT", help="添え書き（あとから消せません。個人情報を書かないでください）"),
    ] = None,
    by: Who = None,
    store: Store = None,
) -> None:
    """チャットを記録し、番号と照合値を示します（照合値を別の場所に控えると、末尾の削除や全体の作り直しも分かります）。"""
    from aiguard.cli.records import AddRequest, run_add

    request = AddRequest(chat, tuple(ai), tuple(document or ()), conversation, note, by)
    raise typer.Exit(run_add(request, store))


@record.command("list")
def list_entries(form: Shape = ListFormat.TEXT, store: Store = None) -> None:
    """記録の一覧を示します（チャットの文章は出しません）。"""
    from aiguard.cli.records import run_list

    raise typer.Exit(run_list(form, store))


@record.command()
def show(
    number: Number,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="文章を書くファイル（既定は標準出力）")
    ] = None,
    store: Store = None,
) -> None:
    """記録したチャットの文章を示します（個人情報を含むことがあります）。"""
    from aiguard.cli.records import run_show

    raise typer.Exit(run_show(number, output, store))


@record.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="探す言葉（すべてを含む記録を探します）")],
    form: Shape = ListFormat.TEXT,
    store: Store = None,
) -> None:
    """言葉を含む記録の番号と、その数を示します（前後の文章は出しません）。全角と半角、大文字と小文字は区別しません。"""
    from aiguard.cli.records import run_search

    raise typer.Exit(run_search(words, form, store))


@record.command()
def export(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="書き出すファイル（UTF-8）")],
    form: Annotated[ExportFormat, typer.Option("--format", help="書き出す形式")] = ExportFormat.JSONL,
    store: Store = None,
) -> None:
    """すべての記録を、文章ごとファイルに書き出します（本人だけが読めるファイルになります）。"""
    from aiguard.cli.records import run_export

    raise typer.Exit(run_export(form, output, store))


@record.command()
def verify(
    head: Annotated[
        str | None, typer.Option("--head", metavar="COUNT:HASH", help="記録したときに控えた照合値と比べます")
    ] = None,
    store: Store = None,
) -> None:
    """記録が書き換えられたり消されたりしていないかを確かめます。

    終了コード: 0=そのまま、1=変わっている、3=読めない。
    """
    from aiguard.cli.records import run_verify

    raise typer.Exit(run_verify(head, store))


@record.command()
def purge(
    before: Annotated[str, typer.Option("--before", metavar="YYYY-MM-DD", help="この日（UTC）より前の文章を消します")],
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="消す理由（記録に残ります）")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="確かめずに消します")] = False,  # noqa: FBT002
    by: Who = None,
    store: Store = None,
) -> None:
    """古いチャットの文章を消します。番号、日時、生成AI、資料、添え書き、照合値は残り、消したことも記録します。"""
    from aiguard.cli.records import run_purge

    raise typer.Exit(run_purge(before, by, reason, store, sure=yes))
