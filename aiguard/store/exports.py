"""Write the records out: JSON Lines for programs, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.store.records import Kept

# What makes a spreadsheet take a cell for a formula, in full width too (OWASP, "CSV Injection").
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_COLUMNS: Final = {
    "番号": "number",
    "日時（UTC）": "time",
    "種類": "kind",
    "生成AI": "ai",
    "資料": "documents",
    "記録者": "by",
    "添え書き": "note",
    "消した番号": "purged",
    "文章": "text",
    "文章のSHA-256": "text_sha256",
    "元のファイルのSHA-256": "original_sha256",
    "前の照合値": "previous",
    "照合値": "hash",
}
_KINDS: Final = {
    "chat": "チャット",
    "purge": "消去",
    "incident": "問題の報告",
    "incident-closed": "問題の対応の完了",
    "unreadable": "読めない記録",
}


def fields(kept: Kept) -> dict[str, Any]:
    """Return an entry as JSON is made of: that of the chain, with plain names for the hashes, and without the text."""
    held = dict(msgspec.to_builtins(kept.entry))
    hashes = {"text_sha256": held.pop("text"), "original_sha256": held.pop("original"), "hash": kept.hash}
    return {**held, **hashes, "has_text": kept.has_text}


def to_jsonl(entries: Iterable[Kept]) -> bytes:
    """Return one object a line; `text` is null where it was purged."""
    lines = (json.dumps({**fields(kept), "text": kept.text}, ensure_ascii=False) + "\n" for kept in entries)
    return "".join(lines).encode("utf-8", "replace")


def to_csv(entries: Iterable[Kept]) -> bytes:
    """Return a table that begins with a byte order mark, without which Excel takes it for CP932; no cell is a formula."""
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(_COLUMNS)
    for kept in entries:
        held = {**fields(kept), "text": kept.text}
        held["kind"] = _KINDS.get(kept.entry.kind, kept.entry.kind)
        held["documents"] = [f"{each.name} ({each.sha256})" for each in kept.entry.documents]
        writer.writerow([_cell(held[key]) for key in _COLUMNS.values()])
    return told.getvalue().encode("utf-8-sig", "replace")


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        value = "、".join(map(str, value))
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if text.startswith(_FORMULA) else text
