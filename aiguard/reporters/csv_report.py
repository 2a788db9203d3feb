"""Render a report as CSV (RFC 4180) that Excel opens by a double click: UTF-8 with a byte order mark, CRLF."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from aiguard.reporters.rows import COLUMNS, rows

if TYPE_CHECKING:
    from aiguard.model import Report
    from aiguard.reporters.options import Options

_BOM = "\ufeff"  # without it, Excel takes a CSV for one in CP932
# What makes a formula of a cell (OWASP, CSV Injection); Japanese Excel takes the full-width signs for their like.
_FORMULA = tuple("=+-@＝＋－＠")


def render(report: Report, options: Options) -> str:
    """Render the findings of a report and what was not checked, a row each."""
    stream = StringIO()
    stream.write(_BOM)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([defused(cell) for cell in row] for row in rows(report, options))
    return stream.getvalue()


def defused(cell: int | str) -> int | str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before what could be one."""
    if isinstance(cell, int) or not cell:
        return cell
    powerful = cell[0] in "\t\r\n" or cell.lstrip().startswith(_FORMULA)
    return f"'{cell}" if powerful else cell
