"""Name the options that several commands share, once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """List the formats of a report."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    MARKDOWN = "markdown"
    HTML = "html"


class By(StrEnum):
    """List the orders of a report."""

    PLACE = "place"
    SECTION = "section"


class Least(StrEnum):
    """List the severities, as options spell them."""

    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"


Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATHS...", help="ファイル、フォルダー、ワイルドカード、または - （標準入力）", show_default=False
    ),
]
FilesFrom = Annotated[
    Path | None, typer.Option("--files-from", metavar="LIST", help="点検するファイルの一覧（1行に1つ）")
]
StdinFilename = Annotated[
    str | None, typer.Option("--stdin-filename", metavar="NAME", help="標準入力をこの名前のファイルとして扱います")
]
OutputFormat = Annotated[Format, typer.Option("--format", help="出力の形式")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="結果を書くファイル（UTF-8）")]
Order = Annotated[By, typer.Option("--by", help="place=場所の順、section=ガイドラインの節の順")]
ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="設定ファイル")]
PackName = Annotated[str | None, typer.Option("--pack", metavar="NAME", help="ルールパックの名前かフォルダー")]
Select = Annotated[list[str] | None, typer.Option("--select", help="この規則・節だけを調べます（例: 5(1)）")]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", help="この規則・節を調べません")]
MinSeverity = Annotated[
    Least | None, typer.Option("--min-severity", help="これ以上の指摘だけを出力します（判定は変わりません）")
]
FailOn = Annotated[Least | None, typer.Option("--fail-on", help="これ以上の指摘があれば終了コード1にします")]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", metavar="GLOB", help="点検しないファイル")]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="文章をどう読み分けたかと、指摘から外したものとその理由も示します"),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, help="同時に動かす処理の数（既定はCPUの数）", show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="進み具合を表示しません")]
Today = Annotated[str | None, typer.Option("--today", metavar="YYYY-MM-DD", help="許可の期限を見る日付（既定は今日）")]
Names = Annotated[list[str] | None, typer.Option("--ai", metavar="NAME", help="使った生成AIの名前（複数可）")]

Passphrase = Annotated[
    bool,
    typer.Option(
        "--passphrase", help="対応表を合言葉で暗号化します（端末で尋ねます。環境変数 AIGUARD_PASSPHRASE でも渡せます）"
    ),
]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="合言葉を1行目に書いたファイル")
]
