"""Read what the library of cells leaves out of a workbook of Excel 97 to 2003: records of [MS-XLS] 2.4."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from aiguard.model import Unchecked
from aiguard.readers.compound import open_ole, stream
from aiguard.readers.sheet_formats import mask_of
from aiguard.readers.source import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiguard.model import Segment
    from aiguard.readers.sheet_formats import Mask
    from aiguard.readers.source import Content, Source

_NARROW, _WIDE = 0x1E, 0x1F  # types of texts ([MS-OLEPS] 2.2)
_TXO, _CONTINUE, _HEADER, _FOOTER = 0x1B6, 0x3C, 0x14, 0x15
_FORMULA, _NAME, _RULE, _LINK = 0x6, 0x18, 0x1BE, 0x1B8
_FORMAT, _XF, _SHEET, _BEGIN, _MANY = 0x41E, 0xE0, 0x85, 0x809, 0xBD
_NUMBERS: Final = frozenset({0x203, 0x27E, _MANY})
_STRING: Final = b"\x17"
_FORMULAS: Final = {_FORMULA: "数式", _NAME: "名前の定義"}
_FORMULAS_AT: Final = {_FORMULA: 22, _NAME: 14}  # where the tokens begin at the earliest (2.4.127, 2.4.150)
_TELLING: Final = 6  # letters from which on a text of ASCII in a formula may tell something
_ADDRESS: Final = re.compile(rb"(?:[\x20-\x7e]\0){6,}")
_BOXES: Final = "メモと図形の文字"
_ASIDE: Final = (_BOXES, "入力規則", "リンク先", "数式", "名前の定義")
_TEXTS: Final = {_HEADER: "印刷ヘッダー", _FOOTER: "印刷フッター"}
_PICTURE: Final = re.compile(rb"\x89PNG\r\n|\xff\xd8\xff[\xe0\xe1]")  # as they stand in a drawing ([MS-ODRAW] 2.2.23)
_CODES: Final = re.compile(r'&"[^"]*"|&[0-9]{1,3}|&.')
_MACROS: Final = "マクロは確認していません。不要なら、マクロなしの形式（.xlsx）で保存してください"
_MEND: Final = ".xlsx形式で保存し直してください"
_PROPERTIES: Final = {
    "title": "題名", "subject": "件名", "author": "作成者", "keywords": "キーワード", "comments": "コメント",
    "last_saved_by": "最終更新者", "category": "分類", "manager": "管理者", "company": "会社",
}  # fmt: skip


def parts_of(source: Source) -> Content:
    """Return notes and text boxes, headers and footers, and the properties; pictures and macros are unchecked."""
    with open_ole(source.data) as file:
        book = stream(file, "Workbook") or stream(file, "Book")
        told = _properties(file)
        unread = _unread(file.listdir(streams=True, storages=True))
        macros = any(entry[0].upper().startswith("_VBA_PROJECT") for entry in file.listdir())
    lines = list(_texts(book, source))
    asides = [paragraphs([line for line in lines if line[0] == kind], label=kind, aside=True) for kind in _ASIDE]
    pages = paragraphs([line for line in lines if line[0] not in _ASIDE], label="印刷")
    unchecked = [*unread, *([Unchecked(None, _MACROS)] if macros else [])]
    if count := len(_PICTURE.findall(book)):
        unchecked.append(Unchecked(None, f"画像{count}点は確認していません。目で見て確かめてください"))
    return tuple(each for each in (pages, *asides, told) if each), tuple(unchecked)


def workbook_of(data: bytes) -> bytes:
    """Return the stream of a workbook; ReadError where the compound file is damaged."""
    with open_ole(data) as file:
        return stream(file, "Workbook") or stream(file, "Book")


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    return ((kind, data) for _, kind, data in _placed(book))


def _placed(book: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield at, kind, book[at + 4 : at + 4 + size]
        at += 4 + size


def _texts(book: bytes, source: Source) -> Iterator[tuple[str, str]]:
    """Yield what records say beside the values of cells, with where it stands."""
    left = 0
    for kind, data in _records(book):
        source.budget.check_time()
        if kind == _TXO:  # 2.4.329: at 10 how many characters the CONTINUE records behind hold
            left = int.from_bytes(data[10:12], "little")
            pieces: list[str] = []
        elif left and kind == _CONTINUE and data:
            pieces.append(_decoded(data[1:], data[0])[:left])
            left -= len(pieces[-1])
            if left <= 0:
                yield _BOXES, "".join(pieces)
        elif left and kind != _CONTINUE:
            left = 0
            yield _BOXES, "".join(pieces)
        elif kind in _TEXTS and len(data) > 3:  # noqa: PLR2004 - length and flags (2.4.136)
            yield _TEXTS[kind], _CODES.sub(" ", _decoded(data[3:], data[2]))
        elif kind in _FORMULAS:
            yield from ((_FORMULAS[kind], text) for text in _literals(data[_FORMULAS_AT[kind] :]))
        elif kind == _RULE:
            yield from (("入力規則", text) for text in _rule(data))
        elif kind == _LINK:
            yield from (("リンク先", found[0].decode("utf-16-le")) for found in _ADDRESS.finditer(data))


def _rule(data: bytes) -> Iterator[str]:
    """Yield the titles and the texts of a rule for what may be entered (Dv, 2.4.96), and the list it offers."""
    at = 4
    for _ in range(4):
        size, flags = int.from_bytes(data[at : at + 2], "little"), data[at + 2 : at + 3]
        end = at + 3 + size * (2 if flags == b"\1" else 1)
        yield _decoded(data[at + 3 : end], flags[0] if flags else 0).strip("\0")
        at = end
    yield from _literals(data[at:])


def _literals(data: bytes) -> Iterator[str]:
    """Yield the texts in the tokens of a formula (PtgStr, 2.5.198.89); what only looks like one is left out."""
    at = data.find(_STRING)
    while at >= 0:
        size, flags = data[at + 1 : at + 2], data[at + 2 : at + 3]
        if size and flags in {b"\0", b"\1"}:
            end = at + 3 + size[0] * (1 + flags[0])
            text = _decoded(data[at + 3 : end], flags[0]).replace("\0", ",")
            if end <= len(data) and text.isprintable() and (not text.isascii() or len(text) >= _TELLING):
                yield text
                at = end - 1
        at = data.find(_STRING, at + 1)


def padding(book: bytes) -> dict[str, dict[tuple[int, int], Mask]]:
    """Return the cells of each sheet (row and column from 0) whose formats pad numbers, with the formats.

    Xf (2.4.353) names the format of a style; Number (2.4.180), RK (2.4.220) and MulRk (2.4.175) the style of a cell.
    """
    formats: dict[int, Mask | None] = {}
    styles: list[int] = []
    sheets: dict[int, str] = {}
    found: dict[str, dict[tuple[int, int], Mask]] = {}
    masks: dict[int, Mask] = {}
    cells: dict[tuple[int, int], Mask] = {}
    for at, kind, data in _placed(book):
        if kind == _FORMAT and len(data) > 5:  # noqa: PLR2004 - number, length and flags
            formats[int.from_bytes(data[:2], "little")] = mask_of(_decoded(data[5:], data[4]))
        elif kind == _XF:
            styles.append(int.from_bytes(data[2:4], "little"))
        elif kind == _SHEET and len(data) > 8:  # noqa: PLR2004 - place, kind, length and flags
            sheets[int.from_bytes(data[:4], "little")] = _decoded(data[8:], data[7])
        elif kind == _BEGIN and at in sheets:
            masks = {n: mask for n, style in enumerate(styles) if (mask := formats.get(style))}
            if not masks:
                return {}
            cells = found.setdefault(sheets[at], {})
        elif masks and kind in _NUMBERS:
            cells.update(_masked(kind, data, masks))
    return found


def _masked(kind: int, data: bytes, masks: Mapping[int, Mask]) -> Iterator[tuple[tuple[int, int], Mask]]:
    row, column = (int.from_bytes(data[at : at + 2], "little") for at in (0, 2))
    starts = range(4, len(data) - 2, 6) if kind == _MANY else (4,)
    for n, start in enumerate(starts):
        mask = masks.get(int.from_bytes(data[start : start + 2], "little"))
        if mask:
            yield (row, column + n), mask


def _decoded(data: bytes, flags: int) -> str:
    return data.decode("utf-16-le" if flags & 1 else "latin-1", "replace")


def _unread(entries: list[list[str]]) -> list[Unchecked]:
    """Name what stands in storages of its own: files (MBD…), and what pivot tables keep of their sources."""
    files = {entry[0] for entry in entries if entry[0].upper().startswith("MBD")}
    found = [Unchecked(None, f"埋め込みファイル{len(files)}点は確認していません。{_MEND}")] if files else []
    if any(entry[0].upper().startswith("_SX_DB_CUR") for entry in entries):
        found.append(Unchecked(None, f"ピボットテーブルの元データは確認していません。{_MEND}"))
    return found


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
