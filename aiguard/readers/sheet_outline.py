"""Find the sheets that are nearly empty over a wide outline, and read them cell by cell from their XML.

The library of cells makes room for every cell of an outline: a value at XFD1048576 alone would take 17 thousand million.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.readers.ooxml import relationships
from aiguard.readers.source import paragraphs
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element

    from aiguard.model import Segment
    from aiguard.readers.package import Package
    from aiguard.readers.source import Content, Source

_SPARSE: Final = 20  # times as many cells in the outline as are filled
_SMALL: Final = 5_000_000  # cells of an outline that may be as empty as they like
_WIDEST: Final = 20_000_000  # cells of an outline that are drawn at all
_CELL: Final = re.compile(rb"""<(?:\w+:)?c\b[^>]{0,400}?\br=["']([^"']{0,400})["']""")
_NAME: Final = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")
_FAR: Final = re.compile(
    rb"""\br=["'](?:[A-Z]{2,3}|[A-Z][0-9]{6})"""
)  # without one, an outline is 26 by 99,999 at most
_BESIDE: Final = (b"<f>", b"<f ", b":f>", b"headerFooter", b"dataValidation")
_DIMENSION: Final = b"\x94\x01\x10"  # BrtWsDim ([MS-XLSB] 2.4.823): rows and columns, first and last
_TOO_WIDE: Final = "表の範囲が広すぎるため読めません。使っていない行や列を消して保存し直してください"


def is_sparse(data: bytes) -> bool:
    """Tell whether the XML of a sheet puts few cells into a wide outline."""
    if not _FAR.search(data):
        return False
    rows: set[int] = set()
    columns: set[bytes] = set()
    filled = 0
    for name in _CELL.findall(data):
        place = _NAME.fullmatch(name)
        if place is None:
            return True  # a place that no sheet has: the library would believe it
        columns.add(place[1])
        rows.add(int(place[2]))
        filled += 1
    if not filled:
        return False
    width = max(map(_number, columns)) - min(map(_number, columns)) + 1
    outline = (max(rows) - min(rows) + 1) * width
    return outline > max(_SMALL, _SPARSE * filled) or outline > _WIDEST


def refuse_wide(data: bytes) -> None:
    """Refuse a sheet in binary form ([MS-XLSB]) whose outline is too wide to be drawn; ReadError."""
    at = data.find(_DIMENSION)
    if 0 <= at <= len(data) - 19:
        first, last, left, right = (int.from_bytes(data[at + 3 + 4 * n : at + 7 + 4 * n], "little") for n in range(4))
        if (last - first + 1) * (right - left + 1) > _WIDEST:
            raise ReadError(_TOO_WIDE)


def look(package: Package) -> dict[str, tuple[bool, bool]]:
    """Look at the XML of each sheet once: whether it is sparse, and whether it says something beside its cells."""
    seen: dict[str, tuple[bool, bool]] = {}
    for name in package.matching("xl/worksheets/", ".xml"):
        data = package.read(name)
        seen[name] = (is_sparse(data), any(mark in data for mark in _BESIDE))
    return seen


def sparse_sheets(package: Package, source: Source, seen: Mapping[str, tuple[bool, bool]]) -> dict[str, Segment | None]:
    """Return the sheets that are read here, by name: their cells as a list, each under its own name."""
    wide = [name for name, (target, _) in _named(package).items() if seen.get(target, (True, True))[0]]
    return {name: sheet_by_name(package, source, name) for name in wide}


def sheet_by_name(package: Package, source: Source, name: str) -> Segment | None:
    """Return the cells of a sheet as a list, wherever in its XML they stand."""
    target, hidden = _named(package).get(name, ("", False))
    if not target:
        return None
    return _cells(
        package.read(target), f"{name}（非表示）" if hidden else name, _strings(package), source, hidden=hidden
    )


def unnamed_sheets(package: Package, source: Source) -> Content:
    """Return the sheets that the workbook does not name: what nobody sees is in the file all the same."""
    named = {target for target, _ in _named(package).values()}
    parts = [name for name in package.matching("xl/worksheets/", ".xml") if name not in named]
    strings = _strings(package) if parts else []
    found = [_cells(package.read(name), f"一覧にないシート（{name}）", strings, source, hidden=True) for name in parts]
    return tuple(each for each in found if each), ()


def _named(package: Package) -> dict[str, tuple[str, bool]]:
    """Return the part of each sheet by its name, and whether the sheet is hidden; those in XML only."""
    if "xl/workbook.xml" not in package:
        return {}
    targets = relationships(package, "xl/workbook.xml")
    named: dict[str, tuple[str, bool]] = {}
    for sheet in parse_xml(package.read("xl/workbook.xml")).iter("{*}sheet"):
        relation = targets.get(attribute(sheet, "id") or "")
        if relation is not None and relation.target in package and relation.target.endswith(".xml"):
            named[sheet.get("name", "")] = (relation.target, (sheet.get("state") or "visible") != "visible")
    return named


def _cells(data: bytes, label: str, strings: Sequence[str], source: Source, *, hidden: bool) -> Segment | None:
    cells = [(f"{label}!{cell.get('r', '')}", _value(cell, strings)) for cell in parse_xml(data).iter("{*}c")]
    source.budget.cells(len(cells))
    return paragraphs(cells, label=label, aside=hidden)


def _value(cell: _Element, strings: Sequence[str]) -> str:
    value = "".join(each.text or "" for each in cell.iter("{*}v"))
    if cell.get("t") == "s":
        return strings[int(value)] if value.isdigit() and int(value) < len(strings) else ""
    return value if cell.get("t") != "inlineStr" else text_of(cell)


def _strings(package: Package) -> list[str]:
    name = next(package.matching("xl/sharedStrings"), None)
    return [text_of(each) for each in parse_xml(package.read(name)).iter("{*}si")] if name else []


def text_of(element: _Element) -> str:
    """Join the runs of a text, without its readings (rPh, ECMA-376 Part 1, 18.4.6)."""
    return "".join(each.text or "" for each in element.iter("{*}t") if not _is_reading(each))


def _is_reading(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) == "rPh"


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def first_sheet(package: Package) -> str | None:
    """Return the part of the first sheet that is shown."""
    return next((target for target, hidden in _named(package).values() if not hidden), None)
