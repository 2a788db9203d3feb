"""Render a report as a workbook of Excel (ECMA-376, SpreadsheetML): the findings on one sheet, the documents on another.

Written by hand: the six parts of a workbook of plain cells need no library, hold no formula by construction, and
come out the same, byte by byte, for the same report.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from aiguard.reporters import grouping, words
from aiguard.reporters.layout import cells
from aiguard.reporters.plain import line, markup, name
from aiguard.reporters.rows import COLUMNS, UNCHECKED, rows
from aiguard.reporters.xlsx_parts import FILTER, PARTS, SHEET, STYLES, TITLES, WORKBOOK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.model import DocumentReport, Report
    from aiguard.reporters.options import Options

_MOST_ROWS = 1_048_576  # 18.3.1.73 row: Excel's limit; so is the length of a cell's text, in units of UTF-16
_MOST_UNITS = 32_767
_LINE, _TALLEST = 18.75, 409  # points
_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip can name
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # 22.9.2.19 ST_Xstring: _x000A_ stands for a character
_WIDTHS = (30, 22, 7, 7, 9, 14, 24, 44, 50, 50, 22)
_DOCUMENTS = ("ファイル", "判定", "禁止", "注意", "参考", "外したもの", "確認できなかったもの", "AI利用の明示")
_DOCUMENT_WIDTHS = (40, 30, 8, 8, 8, 12, 20, 50)
_PLAIN, _HEAD, _BLOCK, _WARN, _NOTE, _UNCHECKED = range(6)
_GRADES = {"禁止": _BLOCK, "注意": _WARN, "参考": _NOTE, UNCHECKED: _UNCHECKED}


class _Sheet(NamedTuple):
    """Hold what a sheet shows: its name, heads, their widths in characters, and lines of cells that are XML already."""

    name: str
    heads: Sequence[str]
    widths: Sequence[int]
    lines: Sequence[str]

    @property
    def last(self) -> tuple[str, int]:
        """Return the last column and the last row."""
        return _letter(len(self.heads) - 1), len(self.lines)


def render(report: Report, options: Options) -> bytes:
    """Render the findings of a report with what was not checked, and its documents with their counts."""
    found = _lines(COLUMNS, _WIDTHS, rows(report, options), COLUMNS.index("判定"))
    documents = _lines(_DOCUMENTS, _DOCUMENT_WIDTHS, map(_document, report.documents))
    sheets = (_Sheet("指摘", COLUMNS, _WIDTHS, found), _Sheet("文書", _DOCUMENTS, _DOCUMENT_WIDTHS, documents))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for part, text in {**PARTS, "xl/workbook.xml": _workbook(sheets), "xl/styles.xml": STYLES}.items():
            _put(package, part, text)
        for number, sheet in enumerate(sheets, 1):
            _put(package, f"xl/worksheets/sheet{number}.xml", _sheet(sheet))
    return stream.getvalue()


def _workbook(sheets: Sequence[_Sheet]) -> str:
    names = []
    for kind in (FILTER, TITLES):
        for number, sheet in enumerate(sheets):
            column, last = sheet.last
            names.append(kind.format(number=number, sheet=sheet.name, column=column, rows=last))
    return WORKBOOK.format(names="".join(names))


def _document(document: DocumentReport) -> Sequence[int | str]:
    counted = [finding.severity.label for finding in grouping.counted(document)]
    declared = document.attribution
    return (
        name(document.path),
        words.verdict(document),
        *(counted.count(grade) for grade in ("禁止", "注意", "参考")),
        len(document.findings) - len(counted),
        len(document.unchecked),
        line(words.declaration(declared)) if declared else "",
    )


def _put(package: zipfile.ZipFile, part: str, text: str) -> None:
    info = zipfile.ZipInfo(part, _DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, text)


def _sheet(sheet: _Sheet) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(sheet.widths, 1)
    )
    column, last = sheet.last
    return SHEET.format(columns=columns, rows="".join(sheet.lines), area=f"A1:{column}{last}")


def _lines(
    heads: Sequence[str], widths: Sequence[int], table: Iterable[Sequence[int | str]], graded: int = -1
) -> list[str]:
    """Return the lines of a sheet, the cells of the column `graded` in the colours of their grades."""
    lines = [_row(1, heads, [_HEAD] * len(heads), 1)]
    for number, row in enumerate(table, 2):
        if number == _MOST_ROWS:
            lines.append(_row(number, ["（行が多いため、ここまでです。--format csv で全件）"], [_UNCHECKED], 1))
            break
        lines.append(_row(number, row, [_style(cell, at == graded) for at, cell in enumerate(row)], _tall(row, widths)))
    return lines


def _tall(row: Sequence[int | str], widths: Sequence[int]) -> int:
    """Return how many lines the longest cell of a row takes: not every program finds the height by itself."""
    texts = ((cell, width - 1) for cell, width in zip(row, widths, strict=True) if isinstance(cell, str))
    return max((-(-cells(text) // width) for text, width in texts if 2 * len(text) > width), default=1)


def _style(cell: int | str, graded: bool) -> int:  # noqa: FBT001 - a sheet has one column that is graded
    return _GRADES.get(str(cell), _PLAIN) if graded else _PLAIN


def _row(number: int, row: Sequence[int | str], styles: Sequence[int], tall: int) -> str:
    shown = zip(row, styles, strict=True)
    made = (_cell(f"{_letter(at)}{number}", cell, style) for at, (cell, style) in enumerate(shown) if cell != "")
    height = min(_LINE * tall, _TALLEST)
    return f'<row r="{number}" ht="{height}" customHeight="1">{"".join(made)}</row>'


def _cell(place: str, cell: int | str, style: int) -> str:
    if isinstance(cell, int):
        return f'<c r="{place}" s="{style}"><v>{cell}</v></c>'
    text = markup(_ESCAPE.sub("_x005F_", _limited(cell)))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _limited(text: str) -> str:
    if len(text) * 2 <= _MOST_UNITS:
        return text
    return text.encode("utf-16-le")[: (_MOST_UNITS - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _letter(at: int) -> str:
    return chr(ord("A") + at)
