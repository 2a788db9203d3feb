"""`aiguard locate`: find the file whose name a report hides, by the mark that the report shows instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aiguard.cli import options as o

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MARK: Final = re.compile("[0-9a-f]{8}")


def locate(
    mark: Annotated[str, typer.Argument(metavar="MARK", help="報告のファイル名にある目印（〔1f2e3d4c〕）")],
    paths: Annotated[list[str], typer.Argument(metavar="PATHS...", help="探すフォルダー")],
    key: o.KeyFile = None,
) -> None:
    """報告で伏せたファイル名の目印から、元のファイルを探します（報告を作ったときの鍵が要ります）。

    終了コード: 0=見つかった、1=見つからない。
    """
    found = _marked(mark, paths, key)
    for path in found:
        typer.echo(path)
    if not found:
        typer.echo("aiguard: この目印のファイルはありません（フォルダーと、--key の鍵を確かめてください）。", err=True)
    raise typer.Exit(0 if found else 1)


def _marked(mark: str, paths: Sequence[str], key_file: Path | None) -> list[str]:
    """Return the files whose name, or the name of a folder of theirs, has a mark; UsageError, StoreError."""
    from aiguard.errors import UsageError
    from aiguard.paths import marks_of
    from aiguard.readers.inputs import expand, printable
    from aiguard.store.keys import default_key, read_key

    wanted = _MARK.search(mark)
    if wanted is None:
        raise UsageError("目印ではありません。", "報告のファイル名にある〔1f2e3d4c〕の、8文字を指定してください。")
    key = read_key(key_file or default_key())
    every = (each.path for each in expand(paths))
    return [printable(path) for path in every if wanted[0] in marks_of(path, key)]
