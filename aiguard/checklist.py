"""Make the list of what to confirm before a system with a generative AI is built (guideline, section 6(2))."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from aiguard.errors import PackError, UsageError
from aiguard.writers.docx_report import Checkbox, Heading, Paragraph, Table, docx_of

if TYPE_CHECKING:
    from aiguard.model import Pack
    from aiguard.writers.docx_report import Block

_FILE = "checklist.toml"


class Checklist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold the words of the list, as the pack has them."""

    title: str
    lead: str
    items: tuple[str, ...]
    approval: str


def building(pack: Pack, filled: tuple[tuple[str, str], ...]) -> tuple[Block, ...]:
    """Return the list with what is known filled in (label, value); UsageError where the pack has none, PackError."""
    import rtoml

    file = next((file for each in pack.layers if (file := Path(each) / _FILE).is_file()), None)
    if file is None:
        raise UsageError(
            "このルールパックには、構築の確認表がありません。", "checklist.toml のあるパックを使ってください。"
        )
    try:
        words = msgspec.convert(rtoml.loads(file.read_text(encoding="utf-8")), Checklist)
    except ValueError as error:
        raise PackError(f"読めません（{error}）", file=_FILE) from None
    boxes = (Checkbox(each) for each in (*words.items, words.approval))
    return (
        Heading(words.title), Paragraph(words.lead), Table((*filled, ("所属長の許可（日付・氏名）", ""))),
        Heading("確認すること", 2), *boxes,
    )  # fmt: skip


def markdown_of(blocks: tuple[Block, ...]) -> str:
    """Write blocks as Markdown."""
    return "\n\n".join(map(_markdown, blocks)) + "\n"


def word_of(blocks: tuple[Block, ...]) -> bytes:
    """Write blocks as a Word document."""
    return docx_of(blocks)


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {block.text}"
    if isinstance(block, Checkbox):
        return f"- [{'x' if block.checked else ' '}] {block.text}"
    if isinstance(block, Table):
        rows = ["| " + " | ".join(_in_cell(each) for each in row) + " |" for row in block.rows]
        return "\n".join(["| 項目 | 内容 |", "|---|---|", *rows])
    return block.text


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
