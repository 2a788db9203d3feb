"""Build the package that the library of cells is given.

It holds nothing but sheets whose outlines are known, their texts and their formats, under names of our own, so that
nothing in a file decides what the library opens.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZIP_STORED, ZipFile

from aiguard.errors import ReadError
from aiguard.readers.ooxml import relationships
from aiguard.readers.sheet_extent import binary_is_safe, binary_kinds, is_safe, packed
from aiguard.readers.sheet_formats import as_shown, masks_of
from aiguard.readers.sheet_outline import workbook_part
from aiguard.readers.source import damaged
from aiguard.readers.xmltree import parse_xml, root_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.readers.ooxml import Relation
    from aiguard.readers.package import Package
    from aiguard.readers.sheet_extent import Place

_WORKBOOK: Final = "xl/workbook.xml"
_UTF8: Final = re.compile(
    rb"""\s*<\?xml[^>]*?encoding\s*=\s*["'](?i:utf-?8|us-ascii)["']|\s*<(?!\?xml[^>]*?encoding)"""
)
_TWICE: Final = (re.compile(rb"</v>\s*<[vf][\s/>]"), re.compile(rb"</is>\s*<is[\s/>]"))
_BESIDE_CELLS: Final = (b"<f", b":f", b"headerFooter", b"dataValidation")
_MORE: Final = ("comment", "pivotcache", "connection", "externallink", "querytable")
_BESIDE: Final = frozenset({8, 64, 479})  # BrtFmlaString, BrtDVal, BrtBeginHeaderFooter ([MS-XLSB] 2.3.2)
_ROOTS: Final = {"sharedStrings": "sst", "styles": "styleSheet"}
_MARK: Final = b"\xef\xbb\xbf"
_MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"


class Vetted(NamedTuple):
    """Hold a sheet whose outline is small; where its cells were put into one column, `places` says where they stood.

    `cells_only` says that nothing stands beside its cells: no formula, no header of the printed page, no rule.
    """

    data: bytes
    places: list[Place] | None
    cells_only: bool = False


def vet(data: bytes) -> Vetted:
    """Return the XML of a sheet as the library may have it; ReadError where it must be parsed and is damaged."""
    data = as_utf8(data)
    if any(twice.search(data) for twice in _TWICE):
        raise damaged("表計算のファイル")  # two values, or a formula behind one: the library takes one, or none
    if is_safe(data):
        return Vetted(data, None, cells_only=not any(mark in data for mark in _BESIDE_CELLS))
    return Vetted(*packed(data))


def as_utf8(data: bytes) -> bytes:
    """Return XML in UTF-8, which the library takes everything for."""
    if b"\0" not in data[:200] and _UTF8.match(data.removeprefix(_MARK)):
        return data
    from lxml import etree

    return etree.tostring(parse_xml(data))


def library_package(package: Package, sheets: Sequence[Vetted]) -> bytes:
    """Return a workbook of the sheets (named 1, 2, …) with the texts and the formats of a package.

    ReadError where one of these parts is damaged. Nothing in it is compressed: it has been unpacked already.
    """
    part = workbook_part(package)
    related = relationships(package, part) if part in package else {}
    styles = _related(package, related, "styles")
    masks = masks_of(parse_xml(styles)) if styles else {}
    files = {
        "_rels/.rels": _relations([("officeDocument", _WORKBOOK)]),
        _WORKBOOK: _workbook(len(sheets), is_1904=_is_1904(package, part)),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(len(sheets))),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/sharedStrings.xml": _related(package, related, "sharedStrings") or f"<sst {_MAIN}/>".encode(),
        "xl/styles.xml": styles or f"<styleSheet {_MAIN}/>".encode(),
    }
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        for n, sheet in enumerate(sheets):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", as_shown(sheet.data, masks))
    return stream.getvalue()


def shared_texts(package: Package) -> bytes:
    """Return the list of the texts that cells share, as XML in UTF-8; nothing where there is none."""
    part = workbook_part(package)
    return _related(package, relationships(package, part) if part in package else {}, "sharedStrings")


def binary_package(package: Package) -> tuple[bytes, list[str]]:
    """Return the parts of a package in binary form that are small enough to be drawn, and the names of other sheets."""
    stream = io.BytesIO()
    wide: list[str] = []
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name in package.names:
            if not name.lower().endswith((".bin", ".rels", ".xml")):
                continue
            data = package.read(name)
            if binary_is_safe(data):
                archive.writestr(name, data)
            elif "sheet" in name.lower():
                wide.append(name)
    return stream.getvalue(), wide


def says_more(package: Package) -> bool:
    """Tell whether a package in binary form holds more than cells: only those are read of it."""
    parts = [name.lower() for name in package.names if name.lower().endswith(".bin")]
    if any(word in name for name in parts for word in _MORE):
        return True
    sheets = (name for name in package.names if "sheets/" in name and name.endswith(".bin"))
    return any(_BESIDE & binary_kinds(package.read(name)) for name in sheets)


def _related(package: Package, related: dict[str, Relation], kind: str) -> bytes:
    targets = (each.target for each in related.values() if each.kind == kind)
    name = next((target for target in (*targets, f"xl/{kind}.xml") if target in package), None)
    data = as_utf8(package.read(name)) if name else b""
    if data and root_name(data) != _ROOTS[kind]:
        raise damaged("表計算のファイル")
    return data


def _is_1904(package: Package, part: str) -> bool:
    try:
        root = parse_xml(package.read(part))
    except ReadError:
        return False
    return any(each.get("date1904") in {"1", "true"} for each in root.iter("{*}workbookPr"))


def _workbook(count: int, *, is_1904: bool) -> bytes:
    sheets = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(count))
    return (
        f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><workbookPr date1904="{int(is_1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>"
    ).encode()


def _relations(targets: Sequence[tuple[str, str]]) -> bytes:
    def rows() -> Iterator[str]:
        for n, (kind, target) in enumerate(targets):
            yield f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'

    return f'<Relationships xmlns="{_PACKAGE}relationships">{"".join(rows())}</Relationships>'.encode()
