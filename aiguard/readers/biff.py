"""Read what the library of cells leaves out of a workbook of Excel 97 to 2003: records of [MS-XLS] 2.4."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from aiguard.model import Unchecked
from aiguard.readers.compound import open_ole, stream
from aiguard.readers.source import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import Segment
    from aiguard.readers.source import Content, Source

_NARROW, _WIDE = 0x1E, 0x1F  # types of texts ([MS-OLEPS] 2.2)
_TXO, _CONTINUE, _HEADER, _FOOTER = 0x1B6, 0x3C, 0x14, 0x15
_TEXTS: Final = {_HEADER: "印刷ヘッダー", _FOOTER: "印刷フッター"}
_PICTURE: Final = re.compile(rb"\x89PNG\r\n|\xff\xd8\xff[\xe0\xe1]")  # as they stand in a drawing ([MS-ODRAW] 2.2.23)
_CODES: Final = re.compile(r'&"[^"]*"|&[0-9]{1,3}|&.')
_MACROS: Final = "マクロは確認していません。不要なら、マクロなしの形式（.xlsx）で保存してください"
_PROPERTIES: Final = {
    "title": "題名", "subject": "件名", "author": "作成者", "keywords": "キーワード", "comments": "コメント",
    "last_saved_by": "最終更新者", "category": "分類", "manager": "管理者", "company": "会社",
}  # fmt: skip


def parts_of(source: Source) -> Content:
    """Return notes and text boxes, headers and footers, and the properties; pictures and macros are unchecked."""
    with open_ole(source.data) as file:
        book = stream(file, "Workbook") or stream(file, "Book")
        told = _properties(file)
        macros = any(entry[0].upper().startswith("_VBA_PROJECT") for entry in file.listdir())
    lines = list(_texts(book, source))
    boxes = paragraphs([line for line in lines if line[0] == "メモと図形の文字"], label="メモと図形の文字", aside=True)
    pages = paragraphs([line for line in lines if line[0] != "メモと図形の文字"], label="印刷")
    unchecked = [Unchecked(None, _MACROS)] if macros else []
    if count := len(_PICTURE.findall(book)):
        unchecked.append(Unchecked(None, f"画像{count}点は確認していません。目で見て確かめてください"))
    return tuple(each for each in (pages, boxes, told) if each), tuple(unchecked)


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + size]
        at += 4 + size


def _texts(book: bytes, source: Source) -> Iterator[tuple[str, str]]:
    """Yield the texts of drawings (TxO, 2.4.329: the CONTINUE record behind holds it) and of headers (2.4.136)."""
    waiting = False
    for kind, data in _records(book):
        source.budget.check_time()
        if waiting and kind == _CONTINUE and data:
            yield "メモと図形の文字", data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")
        elif kind in _TEXTS and len(data) > 3:  # noqa: PLR2004 - length and flags
            yield _TEXTS[kind], _CODES.sub(" ", data[3:].decode("utf-16-le" if data[2] & 1 else "latin-1", "replace"))
        waiting = kind == _TXO


def _custom(data: bytes) -> list[str]:
    """Return the texts of the properties that users named themselves: the second set of the stream ([MS-OLEPS] 2.21)."""
    try:
        if struct.unpack_from("<I", data, 24)[0] < 2:  # noqa: PLR2004 - sets
            return []
        start = struct.unpack_from("<I", data, 64)[0]
        count = struct.unpack_from("<I", data, start + 4)[0]
        pairs = [struct.unpack_from("<II", data, start + 8 + 8 * at) for at in range(min(count, len(data) // 8))]
        page = next((struct.unpack_from("<H", data, start + place + 4)[0] for name, place in pairs if name == 1), 932)
        return [text for name, place in pairs if name > 1 for text in _value(data, start + place, page)]
    except struct.error:
        return []


def _value(data: bytes, at: int, page: int) -> list[str]:
    kind, size = struct.unpack_from("<II", data, at)
    if kind == _WIDE:
        return [data[at + 8 : at + 8 + 2 * size].decode("utf-16-le", "replace").rstrip("\0")]
    codec = {1200: "utf-16-le", 65001: "utf-8"}.get(page, "cp932")
    return [data[at + 8 : at + 8 + size].decode(codec, "replace").rstrip("\0")] if kind == _NARROW else []


def _properties(file: object) -> Segment | None:
    try:
        told = file.get_metadata()  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - olefile raises whatever a damaged file leads it to
        return None
    codec = {932: "cp932", 65001: "utf-8"}.get((told.codepage or 932) & 0xFFFF, "cp932")
    lines = []
    for name, label in _PROPERTIES.items():
        value = getattr(told, name, None)
        text = value.decode(codec, "replace") if isinstance(value, bytes) else str(value or "")
        lines.append(("文書の情報", f"{label}: {text}") if text.strip("\0 ") else ("", ""))
    custom = stream(file, "\x05DocumentSummaryInformation")  # type: ignore[arg-type]
    lines += [("文書の情報", f"項目: {text}") for text in _custom(custom)]
    return paragraphs(lines, label="文書の情報", aside=True)
