"""Render a report as CSV (RFC 4180) that Excel opens by a double click: UTF-8 with a byte order mark, CRLF."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from aiguard.reporters.rows import COLUMNS, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.model import DocumentReport, Report
    from aiguard.reporters.options import Options

_BOM = "\ufeff"  # without it, Excel takes a CSV for one in CP932
# What makes a formula of a cell (OWASP, CSV Injection); Japanese Excel takes the full-width signs for their like.
_FORMULA = tuple("=+-@＝＋－＠")


def render(report: Report, options: Options) -> str:
    """Render the findings of a report and what was not checked, a row each."""
    return heading() + "".join(document(each, options) for each in report.documents)


def heading() -> str:
    """Render the first row."""
    return _BOM + _written((COLUMNS,))


def document(document: DocumentReport, options: Options) -> str:
    """Render the rows of a document."""
    return _written([defused(cell) for cell in row] for row in rows_of(document, options))


def _written(lines: Iterable[Iterable[int | str]]) -> str:
    stream = StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(lines)
    return stream.getvalue()


def defused(cell: int | str) -> int | str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before what could be one."""
    if isinstance(cell, int) or not cell:
        return cell
    powerful = cell[0] in "\t\r\n" or cell.lstrip().startswith(_FORMULA)
    return f"'{cell}" if powerful else cell
