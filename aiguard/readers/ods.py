"""Read OpenDocument sheets (.ods, .ots) from their XML: cells by their names, comments, shapes, hidden sheets.

The library of cells leaves comments and shapes out, and draws every cell that is said to be repeated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aiguard.location import column_letters
from aiguard.model import Segment
from aiguard.readers.opendocument import beside, open_package, pages, whole
from aiguard.readers.opendocument_flow import flow, story_of, told
from aiguard.readers.source import joined, only, paragraphs
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source

_WIDE: Final = 1_000_000  # cells of an outline that is drawn
_SPARSE: Final = 20  # times as many cells in it as are filled
_MOST_REPEATS: Final = 1_000  # copies of a cell that holds something
_QUOTED: Final = re.compile('[\t"\r\n]')
_RULES: Final = (
    ("content-validation", "condition", "入力規則"),
    ("named-expression", "expression", "名前の定義"),
)
_LITERAL: Final = re.compile('"((?:[^"]|"")*)"')


def read_ods(source: Source) -> Content:
    """Read a workbook, a segment a sheet; ReadError where it is damaged or takes a password."""
    package = open_package(source)
    root = parse_xml(package.read("content.xml"))
    hidden = frozenset(
        attribute(style, "name") or ""
        for style in root.iter("{*}style")
        if any(attribute(each, "display") == "false" for each in style)
    )
    book = next(root.iter("{*}spreadsheet"), None)
    tables = [each for each in book if local(each) == "table"] if book is not None else []
    sheets = [_sheet(table, root, source, hidden) for table in tables]
    return whole(package, source, (*sheets, _rules(root), pages(package, source), beside(package, source)))


def _rules(root: _Element) -> Content:
    """Return the texts in rules for what may be entered (OpenDocument 1.3 Part 3, 9.4.5) and in named expressions."""
    said = [
        (label, text.replace('""', '"'))
        for kind, name, label in _RULES
        for element in root.iter(f"{{*}}{kind}")
        for text in _LITERAL.findall(attribute(element, name) or "")
    ]
    segment = paragraphs(said, label="入力規則と名前の定義", aside=True)
    return only(segment)


def _sheet(table: _Element, root: _Element, source: Source, hidden: frozenset[str]) -> Content:
    name = attribute(table, "name") or "Sheet"
    is_hidden = attribute(table, "style-name") in hidden
    label = f"{name}（非表示）" if is_hidden else name
    cells: dict[tuple[int, int], str] = {}
    asides: list[tuple[str, str]] = []
    shapes = story_of(source, root)
    for row, column, cell in _cells(table):
        source.budget.cells(1)
        place = f"{name}!{column_letters(column + 1)}{row + 1}"
        story = story_of(source, root)
        flow(cell, story, place)
        text = "\n".join(line for _, line in story.lines)
        if text:
            cells[row, column] = text
        asides += [(f"{place} コメント", line) for _, line in story.asides]
        said = _LITERAL.findall(attribute(cell, "formula") or "")
        asides += [(f"{place} 数式", each) for each in said if each not in text and not each.isascii()]
    for each in table:
        if local(each) == "shapes":
            flow(each, shapes, f"{name} 図形")
    beside_cells = paragraphs(asides, label=f"{name} コメント", aside=True)
    drawn = _drawn(cells, label, aside=is_hidden)
    segments = tuple(each for each in (drawn, beside_cells) if each)
    return joined(((segments, ()), told(shapes, f"{name} 図形")))


def _cells(table: _Element) -> Iterator[tuple[int, int, _Element]]:
    """Yield the cells that hold something with their places; one that is repeated comes a few times at most."""
    row = 0
    for each in table.iter("{*}table-row"):
        down = _count(each, "number-rows-repeated")
        column = 0
        for cell in each:
            if local(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            across = _count(cell, "number-columns-repeated")
            if len(cell) or attribute(cell, "formula"):
                for lower in range(min(down, _MOST_REPEATS)):
                    yield from ((row + lower, column + further, cell) for further in range(min(across, _MOST_REPEATS)))
            column += across
        row += down


def _drawn(cells: dict[tuple[int, int], str], label: str, *, aside: bool) -> Segment | None:
    """Draw a sheet from its first cell on; one that is nearly empty is listed instead."""
    if not cells:
        return None
    height, width = (max(place[axis] for place in cells) + 1 for axis in (0, 1))
    if height * width > max(_WIDE, _SPARSE * len(cells)):
        listed = (
            (f"{label}!{column_letters(column + 1)}{row + 1}", text) for (row, column), text in sorted(cells.items())
        )
        return paragraphs(listed, label=label, aside=aside)
    lines: list[list[str]] = [[] for _ in range(height)]
    for (row, column), text in sorted(cells.items()):
        lines[row] += [""] * (column - len(lines[row])) + [_quoted(text)]
    return Segment("\n".join("\t".join(line) for line in lines), label=label, delimiter="\t", aside=aside)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _count(element: _Element, name: str) -> int:
    value = attribute(element, name) or "1"
    return max(1, int(value)) if value.isdecimal() and len(value) < 10 else 1  # noqa: PLR2004 - digits
