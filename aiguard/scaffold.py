"""Make the files of a new pack: those of a city that starts, or those of another edition of a guideline."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from aiguard import pack as packs
from aiguard import resources
from aiguard.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = (
    "guideline.toml",
    "attribution.toml",
    "classification.toml",
    "organisation.toml",
    "words.toml",
    "changes.toml",
)
_NO_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]|^[.-]|^$')
_READABLE = "ガイドラインの文を、テキストファイルに保存してください。"
_WRITABLE = "フォルダーに書き込めるか確かめてください。"


def make(city: str, into: Path, base: str | None = None) -> tuple[Path, ...]:
    """Write the files of a pack for a city into a new folder of that name, and return them; UsageError, PackError.

    With `base` it is another edition of that pack: it has all that the other has, and sections of its own to change.
    """
    if _NO_NAME.search(city):
        raise UsageError(
            f"パックの名前に使えません: 「{city}」", "市の名前だけを書いてください（例: aiguard pack new 架空市）。"
        )
    folder = into / city
    files = _edition(city, folder, base) if base else _first(city)
    if folder.exists():
        raise UsageError(f"すでにあります: {folder}", "別の名前にするか、--into で別の場所を指定してください。")
    try:
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        raise UsageError(f"書き込めません: {folder}", _WRITABLE) from None
    return tuple(folder / name for name in files)


def quote(name: str, text: Path) -> Path:
    """Put the hashes of a guideline's words into its pack, and return their file; UsageError, PackError."""
    from aiguard.model import Use
    from aiguard.page import page_of
    from aiguard.quotation import hashed
    from aiguard.readers import read

    file = packs.find(name) / resources.QUOTATIONS
    document = read(text, Use.DOCUMENT)
    page = page_of(document)
    if document.unchecked or page is None:
        reason = document.unchecked[0].reason if document.unchecked else "文がありません"
        raise UsageError(f"読めないところがあります: {text}（{reason}）", _READABLE)
    try:
        file.write_bytes(hashed(page.text))
    except OSError:
        raise UsageError(f"書き込めません: {file}", _WRITABLE) from None
    return file


def _first(city: str) -> dict[str, str]:
    models = resources.root() / "common" / "new"
    texts = {name: (models / name).read_text(encoding="utf-8") for name in _NAMES}
    return {name: text.replace("@CITY@", city).replace("@ID@", city) for name, text in texts.items()}


def _edition(city: str, folder: Path, base: str) -> dict[str, str]:
    """Return the head of another edition: that of the pack it builds on, with its name, and all else left to it."""
    old = packs.find(base)
    loaded = packs.load(old)
    text = (old / "guideline.toml").read_text(encoding="utf-8-sig")
    shipped = old.is_relative_to(resources.root())
    extends = old.name if shipped else os.path.relpath(old.resolve(), folder.resolve()).replace(os.sep, "/")
    head = {
        "id": loaded.guideline.id,
        "title": loaded.guideline.title,
        "edition": f"{loaded.guideline.edition}の次の版",
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in (head | {"extends": extends}).items()]
    at = f"\n{text}".find("\n[")
    body = text[at:] if at >= 0 else ""
    note = f"# {city}: 「{extends}」の次の版。書かないものは、すべて「{extends}」のままです。\n"
    return {"guideline.toml": note + "\n".join(lines) + "\n\n" + body}
