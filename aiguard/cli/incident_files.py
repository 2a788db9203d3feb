"""Write a report of trouble in the formats that are asked for: to standard output, or as files beside each other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from aiguard.cli.recorded import refuse_store, say
from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model.incidents import Case, Template

_SUFFIXES: Final = {".md": "markdown", ".docx": "docx", ".json": "json"}
_ALL: Final = "all"

Target = tuple[str, Path | None]


def targets(shape: str | None, output: Path | None) -> tuple[Target, ...]:
    """Return the formats with their files; without a format the suffix decides. UsageError for what cannot be."""
    if shape == _ALL:
        if output is None:
            raise UsageError(
                "all は画面に出せません。", "-o 報告 のように指定すると、報告.md、.docx、.json を書きます。"
            )
        stem = output.with_suffix("") if output.suffix.lower() in _SUFFIXES else output
        return tuple((each, stem.with_name(stem.name + suffix)) for suffix, each in _SUFFIXES.items())
    chosen = shape or (_SUFFIXES.get(output.suffix.lower()) if output else None) or "markdown"
    if chosen == "docx" and output is None:
        raise UsageError("docxは画面に出せません。", "-o 報告.docx のように、書くファイルを指定してください。")
    return ((chosen, output),)


def refuse_unwritable(asked: Sequence[Target], store: Path, *inputs: Path | None) -> None:
    """Refuse, before anything is recorded, files that are read or kept, and folders that nothing can be written to."""
    files = [path for _, path in asked if path is not None]
    refuse_store(store, "読み書きするもの", *files, *inputs)
    read = {path.resolve() for path in inputs if path is not None}
    for path in files:
        folder = path.resolve().parent
        if path.resolve() in read:
            raise UsageError(f"読み込むファイルには書けません: {path}", "-o に別の名前を指定してください。")
        if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise UsageError(f"書けません: {path}", "フォルダーがあるか、書き込めるかを確かめてください。")


def write_report(case: Case, template: Template, asked: Sequence[Target]) -> None:
    """Write a report, all files or none; UsageError."""
    from aiguard.store.atomic import write_all

    files = [(path, _bytes(case, template, shape), True) for shape, path in asked if path is not None]
    write_all(files)
    for written, _, _ in files:
        say(f"書きました: {written}")
    for shape, path in asked:
        if path is None:
            typer.echo(_bytes(case, template, shape).decode(), nl=False)


def _bytes(case: Case, template: Template, shape: str) -> bytes:
    from aiguard.incident import blocks
    from aiguard.reporters.incident import to_json, to_markdown
    from aiguard.writers.docx_report import docx_of

    if shape == "docx":
        return docx_of(blocks(case, template))
    return (to_json if shape == "json" else to_markdown)(case, template).encode("utf-8", "replace")
