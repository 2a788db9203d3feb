"""Put a statement into a workbook: a cell of its first sheet, or the header or footer of the page (ECMA-376 Part 1, 18)."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.location import column_letters
from aiguard.readers.ooxml import main_part, relationships
from aiguard.writers.xml_part import (
    NO_PLACE,
    OFF,
    Change,
    Element,
    NoPlace,
    Part,
    Piece,
    closed,
    end_of,
    number_in,
    part_of,
    tag_end,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.readers.package import Package

_FULL: Final = "印刷のヘッダー・フッターが長いため、書き足せません"
_ROWS, _COLUMNS, _LONGEST_PRINT = 1_048_576, 16_384, 255
_CELL: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_REF: Final = re.compile(r"""(\bref\s*=\s*)(["'])[^"']*\2""")
_LEFT: Final = re.compile(r"(&L(?:(?!&[CR]).)*)(.*)", re.DOTALL)
_SHEET_DATA: Final = re.compile(rb"<((?:[\w.-]{1,40}:)?)sheetData(?:\s[^<>]*)?>")
_ROW_NUMBER: Final = re.compile(rb"""<[^<>]*?\sr\s*=\s*["'][0-9]""")
_SHEET: Final = ("sheetData", "dimension", "sheetFormatPr", "col", "mergeCell")
_PRINT: Final = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
# What stands before headerFooter in a sheet (18.3.1.99), and before and behind the text of a document (3.4).
_BEFORE_PRINT: Final = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter "
    "sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions "
    "pageMargins pageSetup".split()
)


def insert_xlsx(package: Package, statement: str, at: str) -> Change:
    """Put an inline string (18.18.11) below the cells of the first sheet shown, or print it: a start would move cells."""
    main = main_part(package, r"xl/workbook\d*\.xml")
    if main is None:
        raise NoPlace(NO_PLACE)
    book, related = part_of(package.read(main), ("sheet",)), relationships(package, main)
    shown = [each for each in book.all("sheet", "sheets") if each.given.get("state", "visible") == "visible"]
    named = [related.get(each.given.get(":id", "")) for each in shown]
    name = next((each.target for each in named if each and each.kind == "worksheet" and each.target in package), "")
    if not name:
        raise NoPlace(NO_PLACE)
    data = package.read(name)
    if at != "end":
        return {name: _printed(part_of(data, (*_BEFORE_PRINT, *_PRINT, "headerFooter")), statement, at)}, {}
    kept = [each.target for each in relationships(package, name).values() if each.kind in {"table", "pivotTable"}]
    held = [
        each.given.get("ref", "")
        for target in kept
        if target in package
        for each in part_of(package.read(target), ("table", "location")).elements
    ]
    rest, cut, left_out = _below(data)
    part = part_of(rest, _SHEET)
    pieces = [
        (start + left_out * (start >= cut), end + left_out * (start >= cut), xml)
        for start, end, xml in _in_cell(part, statement, held)
    ]
    return {name: (part._replace(text=data) if left_out else part).written(*pieces)}, {}


def _printed(sheet: Part, statement: str, at: str) -> bytes:
    """Put a statement into the left of the printed footers, or headers, that a sheet uses (18.3.1.46, 18.3.1.64)."""
    kind = "Header" if at == "start" else "Footer"
    holder = next(iter(sheet.all("headerFooter", "worksheet")), None)
    if holder is None:
        before = [each for each in sheet.elements if each.name in _BEFORE_PRINT and each.parent == "worksheet"]
        place = max((each.end for each in before), default=-1)
        if place < 0:
            raise NoPlace(NO_PLACE)
        s = before[0].prefix
        xml = f"<{s}headerFooter><{s}odd{kind}>&amp;L{_coded(statement)}</{s}odd{kind}></{s}headerFooter>"
        return sheet.written((place, place, xml))
    flags = {"even": "differentOddEven", "first": "differentFirst"}
    pages = ["odd", *(page for page, flag in flags.items() if holder.given.get(flag, "0") not in OFF)]
    return sheet.written(*(_printed_on(sheet, holder, f"{page}{kind}", statement) for page in pages))


def _printed_on(sheet: Part, holder: Element, name: str, statement: str) -> Piece:
    s, found = holder.prefix, sheet.all(name, "headerFooter")
    if found and not found[0].empty:
        old = sheet.text[found[0].inner : found[0].close].decode()
        return found[0].inner, found[0].close, _left(unescape(old), _coded(statement))
    xml = f"<{s}{name}>&amp;L{_coded(statement)}</{s}{name}>"
    if found:
        return found[0].start, found[0].end, xml
    later = [each for each in sheet.elements if each.name in _PRINT[_PRINT.index(name) + 1 :]]
    place = min((each.start for each in later), default=-1)
    return (place, place, xml) if place >= 0 else sheet.inside(holder, xml)


def _coded(statement: str) -> str:
    """Return a statement (XML) for a header, in which a lone & is a code."""
    return statement.replace("&amp;", "&amp;&amp;")


def _left(codes: str, statement: str) -> str:
    """Put a statement behind what stands at the left; what has no place is in the middle."""
    found = _LEFT.fullmatch(codes)
    left, rest = found.groups() if found else ("&L", codes)
    gap = " " if left != "&L" else ""
    middle = "&C" if not found and codes and not codes.startswith(("&C", "&R")) else ""
    whole = f"{left}{gap}{unescape(statement)}{middle}{rest}"
    if len(whole) > _LONGEST_PRINT:
        raise NoPlace(_FULL)
    return escape(whole, quote=False)


class _Row(NamedTuple):
    """Hold a row without values, and its cells by columns: where each stands, and its style."""

    number: int
    hidden: bool
    element: Element
    cells: dict[int, tuple[int, int, str]]


class _Rows:
    """Find, while a sheet is parsed, the last row that holds something, and the rows below it."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.number = self.last = 0
        self.filled = False
        self.open: list[str] = []
        self.row: Element | None = None
        self.cells: list[tuple[str, int, int, str]] = []
        self.later: list[_Row] = []

    def start(self, name: str, given: dict[str, str], at: int) -> None:
        space, local = name.split("|")[:2] if "|" in name else ("", name)
        parent = self.open[-1] if self.open else ""
        self.open.append(local)
        if local == "row" and parent == "sheetData":
            self.number, self.filled, self.cells = number_in(given.get("r", ""), self.number + 1), False, []
            self.row = Element(local, space, parent, given, {}, at, tag_end(self.text, at), at, at)
        elif self.row is None:
            return
        elif local == "c" and parent == "row":
            self.cells.append((given.get("r", ""), at, at, given.get("s", "")))
        elif parent == "c":
            self.filled = self.filled or local in {"v", "is", "f"}

    def end(self, at: int) -> None:
        local = self.open.pop()
        if self.row is None:
            return
        if local == "c" and self.open[-1] == "row":
            place, begin, _, style = self.cells[-1]
            self.cells[-1] = place, begin, end_of(self.text, begin, at), style
        elif local == "row" and self.open[-1] == "sheetData":
            if self.filled:
                self.last = max(self.last, self.number)
                self.later.clear()
            else:
                row = closed(self.text, self.row, at)
                hidden = row.given.get("hidden", "0") not in OFF
                self.later.append(_Row(self.number, hidden, row, _by_column(self.cells)))
            self.row = None


def _by_column(cells: Sequence[tuple[str, int, int, str]]) -> dict[int, tuple[int, int, str]]:
    """Return cells by their columns; one that does not say its own follows the one before."""
    found: dict[int, tuple[int, int, str]] = {}
    column = 0
    for place, start, end, style in cells:
        column = column_number(place.rstrip("0123456789")) or column + 1
        found[column] = start, end, style
    return found


def _below(data: bytes) -> tuple[bytes, int, int]:
    """Return a sheet without the rows before its last value, where they stood, and how many bytes they are.

    A sheet may have a million cells, of which only the last tells where there is room. Without comments and the like a
    "<" in XML always begins a tag, so that these are found without a parser; else, or where a row does not say its
    number, nothing is left out.
    """
    opened = _SHEET_DATA.search(data)
    if opened is None or b"<!" in data or data.count(b"<?") > 1 or not data.startswith(b"<"):
        return data, 0, 0
    prefix = opened[1]
    close = data.find(b"</" + prefix + b"sheetData", opened.end())
    tags = (b"<" + prefix + name + end for name in (b"v", b"is", b"f") for end in (b">", b" ", b"/"))
    value = max(data.rfind(tag, opened.end(), max(close, opened.end())) for tag in tags)
    row = data.rfind(b"<" + prefix + b"row ", opened.end(), max(value, opened.end()))
    if row < 0 or not _ROW_NUMBER.match(data, row):
        return data, 0, 0
    return data[: opened.end()] + data[row:], opened.end(), row - opened.end()


def _in_cell(sheet: Part, statement: str, held: Sequence[str]) -> list[Piece]:
    """Return the pieces that put a statement into the first row free below what a sheet holds, in the first column that is shown."""
    rows = _Rows(sheet.text)
    walk(sheet.text, rows.start, rows.end)
    areas = [each.given.get("ref", "") for each in sheet.all("mergeCell")] + list(held)
    hidden = {row.number for row in rows.later if row.hidden}
    number = max((rows.last, *(found[1] for area in areas for found in _corners(area)))) + 1
    while number in hidden:
        number += 1
    column = 1
    for each in sheet.all("col", "cols"):
        first, last = (number_in(each.given.get(key, ""), 0) for key in ("min", "max"))
        if first <= column <= last and each.given.get("hidden", "0") not in OFF:
            column = last + 1
    if number > _ROWS or column > _COLUMNS:
        raise NoPlace(NO_PLACE)
    pieces = [_cell_piece(sheet, rows.later, (column, number), statement)]
    pieces += [_outline(sheet, each, column, number) for each in sheet.all("dimension", "worksheet")[:1]]
    return pieces


def _cell_piece(sheet: Part, later: Sequence[_Row], place: tuple[int, int], statement: str) -> Piece:
    column, number = place
    holder = sheet.one("sheetData", "worksheet")
    s, row = holder.prefix, next((each for each in later if each.number == number), None)
    style = row.cells[column][2] if row is not None and column in row.cells else ""
    styled = f' s="{escape(style)}"' if style else ""
    cell = f'<{s}c r="{column_letters(column)}{number}"{styled} t="inlineStr"><{s}is><{s}t>{statement}</{s}t></{s}is></{s}c>'
    if row is None:
        folded = any(each.given.get("zeroHeight", "0") not in OFF for each in sheet.all("sheetFormatPr"))
        shown = ' hidden="0" ht="18" customHeight="1"' if folded else ""
        xml = f'<{s}row r="{number}"{shown}>{cell}</{s}row>'
        below = min((each.element.start for each in later if each.number > number), default=-1)
        return (below, below, xml) if below >= 0 else sheet.inside(holder, xml)
    if column in row.cells:
        return *row.cells[column][:2], cell
    right = min((at[0] for each, at in row.cells.items() if each > column), default=-1)
    return (right, right, cell) if right >= 0 else sheet.inside(row.element, cell)


def _corners(area: str) -> list[tuple[int, int]]:
    """Return the columns and rows of the cells that an area names (A1, A1:C3)."""
    found = (_CELL.fullmatch(each) for each in area.split(":"))
    return [(column_number(each[1]), int(each[2])) for each in found if each]


def column_number(letters: str) -> int:
    """Read a column as a sheet names it: A is 1; 0 for what is none."""
    number = 0
    for letter in letters if len(letters) <= len("XFD") and letters.isascii() and letters.isupper() else "":
        number = number * 26 + ord(letter) - ord("@")
    return number


def _outline(sheet: Part, element: Element, column: int, number: int) -> Piece:
    """Return the outline of a sheet (18.3.1.35) with one more cell in it."""
    corners = [*_corners(element.given.get("ref", "")), (column, number)]
    first, last = ((choose(at[0] for at in corners), choose(at[1] for at in corners)) for choose in (min, max))
    area = ":".join(dict.fromkeys(f"{column_letters(at[0])}{at[1]}" for at in (first, last)))
    tag = sheet.text[element.start : element.inner].decode()
    return element.start, element.inner, _REF.sub(rf"\g<1>\g<2>{area}\g<2>", tag, count=1)
