"""Tell how wide the outline of a sheet is, and put the cells of one that is nearly empty close together.

The library of cells makes room for every cell of an outline: a value at XFD1048576 alone would take 17 thousand
million, and end the process. So it is only given what is known to be small: everything that this file does not
recognize at a glance is parsed, and its cells are put one below the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.location import column_letters
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_SPARSE: Final = 20  # times as many cells in the outline as are filled
_SMALL: Final = 3_000_000  # cells of an outline that may be as empty as they like
_WIDEST: Final = 20_000_000  # cells of an outline that are drawn at all
_TAG: Final = rb"<(?:[^\s<>/]*:)?"
# A cell, a row and a place that are not written plainly; patterns of their own, since each begins with letters that are
# quick to find. In the first of a pair no place is beyond Z or row 99,999.
_CELLS: Final = (
    re.compile(rb"""<c(?! r="[A-Z][0-9]{1,5}"[\s/>])(?=[\s/>])"""),
    re.compile(rb"""<c(?! r="[A-Z]{1,3}[0-9]{1,7}"[\s/>])(?=[\s/>])"""),
)
_ROWS: Final = (
    re.compile(rb"""<row(?! r="[0-9]{1,5}"[\s/>])(?=[\s/>])"""),
    re.compile(rb"""<row(?! r="[0-9]{1,7}"[\s/>])(?=[\s/>])"""),
)
_PLACES: Final = (  # what stands before is looked at last; the namespace xmlns:r is no place
    re.compile(rb"""r(?=\s*=(?!"[A-Z]?[0-9]{1,5}"))(?<=[\s"']r)"""),
    re.compile(rb"""r(?=\s*=(?!"[A-Z]{0,3}[0-9]{1,7}"))(?<=[\s"']r)"""),
)
_PREFIXED: Final = re.compile(rb":(?:c|row)[\s/>]")
_PREFIXED_CELLS: Final = tuple(
    re.compile(_TAG + rb"(?:" + cell.pattern[1:] + rb"|" + row.pattern[1:] + rb")")
    for cell, row in zip(_CELLS, _ROWS, strict=True)
)
_FILLED: Final = re.compile(_TAG + rb"c[\s>]")
_PLACE: Final = re.compile(rb' r="([A-Z]{1,3})([0-9]{1,7})"')
_NAME: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_DIGITS: Final = 7
_LAST_CELL: Final = 11  # of the types of cells in binary form


class Place(NamedTuple):
    """Hold where a cell stands: its row and its column, from 1."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """Return the name of the cell, as B3."""
        return f"{column_letters(self.column)}{self.row}"


def is_safe(data: bytes) -> bool:
    """Tell whether the XML of a sheet (UTF-8) names its cells plainly, and its outline is small enough to be drawn."""
    if data.count(b"sheetData>") > 2:  # noqa: PLR2004 - the library stops at the end of the first
        return False
    if _is_plain(data, 0):
        return True  # at most 26 columns and 99,999 rows
    if not _is_plain(data, 1):
        return False
    found = _PLACE.findall(data)
    columns = [_number(letters) for letters in {letters for letters, _ in found}]
    rows = [int(digits) for digits in {digits for _, digits in found}]
    return not found or _drawable((max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1), len(found))


def has_cells(data: bytes) -> bool:
    """Tell whether there is a cell in the XML of a sheet that may hold something."""
    return bool(_FILLED.search(data))


def is_drawn(places: list[Place]) -> bool:
    """Tell whether cells are to be written as a table from A1 on, rather than as a list."""
    size = max(place.row for place in places) * max(place.column for place in places)
    return size <= max(_SMALL, _SPARSE * len(places)) and size <= _WIDEST


def packed(data: bytes) -> tuple[bytes, list[Place]]:
    """Return the XML of a sheet with all its cells in column A, one below the other, and where each stood.

    Cells are taken wherever they stand; one without a place follows the one before (ECMA-376 Part 1, 18.3.1.4).
    ReadError where the XML is damaged.
    """
    from lxml import etree

    root = parse_xml(data)
    space = root.tag.removesuffix(local(root))
    sheet = etree.Element(f"{space}worksheet")
    rows = etree.SubElement(sheet, f"{space}sheetData")
    places: list[Place] = []
    for place, cell in _placed(root):
        places.append(place)
        row = etree.SubElement(rows, f"{space}row", r=str(len(places)))
        # The place comes first, so that what reads the result finds it.
        copy = etree.SubElement(row, f"{space}c", r=f"A{len(places)}")
        copy.attrib.update({name: value for name in ("s", "t") if (value := cell.get(name)) is not None})
        copy.extend(list(cell))
    etree.cleanup_namespaces(sheet)
    return etree.tostring(sheet), places


def binary_is_safe(data: bytes) -> bool:
    """Tell whether the outline of a sheet in binary form is small enough to be drawn.

    [MS-XLSB] 2.1.4: records of a type (one or two bytes of 7 bits), a size (one to four), and their bytes. What the
    sheet says of its outline is a claim; the library goes by the rows (BrtRowHdr, 0) and the cells (1 to 11).
    """
    row, rows, columns, filled = 0, {0}, {0}, 0
    for kind, start, end in _records(data):
        if kind > _LAST_CELL or end - start < 4:  # noqa: PLR2004 - bytes of a number
            continue
        number = int.from_bytes(data[start : start + 4], "little")
        if kind == 0:
            row = number
        else:
            rows.add(row)
            columns.add(number)
            filled += 1
    return _drawable((max(rows) + 1) * (max(columns) + 1), filled)


def binary_kinds(data: bytes) -> set[int]:
    """Return the types of the records of a part in binary form."""
    return {kind for kind, _, _ in _records(data)}


def _is_plain(data: bytes, far: int) -> bool:
    """Tell whether every cell and row begins with its place, the near or (far = 1) any, and no place stands elsewhere."""
    tags = (_PREFIXED_CELLS[far],) if _PREFIXED.search(data) else (_CELLS[far], _ROWS[far])
    if any(tag.search(data) for tag in tags):
        return False
    return not _PLACES[far].search(data)


def _drawable(size: int, filled: int) -> bool:
    return size <= max(_SMALL, _SPARSE * filled) and size <= _WIDEST


def _placed(root: _Element) -> Iterator[tuple[Place, _Element]]:
    row, column = 0, 0
    for element in list(root.iter("{*}row", "{*}c")):
        said = attribute(element, "r") or ""
        if local(element) == "row":
            row, column = (int(said) if said.isdecimal() and len(said) <= _DIGITS else row + 1), 0
            continue
        name = _NAME.fullmatch(said)
        if name and int(name[2]):
            row, column = int(name[2]), _number(name[1].upper().encode())
        else:
            row, column = max(row, 1), column + 1
        yield Place(row, column), element


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the type of each record and where its bytes begin and end."""
    at, size = 0, len(data)
    try:
        while at < size:
            kind, at = data[at], at + 1
            if kind & 0x80:
                kind, at = kind & 0x7F | (data[at] & 0x7F) << 7, at + 1
            length = 0
            for shift in (0, 7, 14, 21):
                byte, at = data[at], at + 1
                length |= (byte & 0x7F) << shift
                if not byte & 0x80:
                    break
            yield kind, at, min(at + length, size)
            at += length
    except IndexError:
        return


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
