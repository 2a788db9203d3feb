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
Include = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="GLOB", help="このファイルだけを点検します（.gitignore の書き方。複数可）"),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="WHEN",
        help="これより後に変わったファイルだけを点検します（2026-11-01、24h、7d など）",
        show_default=False,
    ),
]
Changed = Annotated[
    bool,
    typer.Option("--changed", help="Gitの最後のコミットから変わったファイルだけを点検します（新しいファイルも）"),
]
ChangedFrom = Annotated[
    str | None,
    typer.Option(
        "--changed-from",
        metavar="REF",
        help="Gitのこのコミットやブランチと違うファイルだけを点検します（例: origin/main）",
        show_default=False,
    ),
]
Staged = Annotated[
    bool,
    typer.Option("--staged", help="Gitで次にコミットする内容だけを、そのまま（作業中のファイルではなく）点検します"),
]
Hidden = Annotated[bool, typer.Option("--hidden", help="名前が「.」で始まるフォルダーも開きます（.git は除きます）")]
NoGitignore = Annotated[bool, typer.Option("--no-gitignore", help=".gitignore に書かれたファイルも点検します")]
ForceExclude = Annotated[
    bool, typer.Option("--force-exclude", help="名前を指定したファイルからも、除外の指定に当たるものを省きます")
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="文章をどう読み分けたかと、指摘から外したものとその理由も示します"),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, help="同時に動かす処理の数（既定はCPUの数）", show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="進み具合を表示しません")]
MaskPaths = Annotated[
    bool | None,
    typer.Option(
        "--mask-paths/--no-mask-paths",
        help="ファイル名・フォルダー名の中の個人情報を伏せます（既定は、html、csv、xlsx で伏せ、ほかは伏せません）",
        show_default=False,
    ),
]
Today = Annotated[str | None, typer.Option("--today", metavar="YYYY-MM-DD", help="許可の期限を見る日付（既定は今日）")]
Internal = Annotated[
    bool, typer.Option("--internal", help="公表しない資料（ガイドラインが、公表する資料にだけ明示を求めるとき）")
]
Minor = Annotated[
    bool,
    typer.Option(
        "--minor", help="生成AIの文をそのまま使っていない（ガイドラインが、そのまま使うときだけ明示を求めるとき）"
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline", metavar="FILE", help="受け入れた指摘の一覧（aiguard baseline）。新しい指摘だけが残ります"
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="鍵のファイル（既定は、利用者専用のフォルダーの中の key.txt）"),
]
Names = Annotated[list[str] | None, typer.Option("--ai", metavar="NAME", help="使った生成AIの名前（複数可）")]
Meant = Annotated[
    list[str] | None,
    typer.Option("--ai", metavar="NAME", help="入力する生成AIの名前（複数可）。利用できるかも確かめます"),
]

Passphrase = Annotated[
    bool,
    typer.Option(
        "--passphrase", help="対応表を合言葉で暗号化します（端末で尋ねます。環境変数 AIGUARD_PASSPHRASE でも渡せます）"
    ),
]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="合言葉を1行目に書いたファイル")
]
