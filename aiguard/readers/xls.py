"""Read the workbooks of Excel 97 to 2003 (.xls): cells and notes by xlrd, the rest from their records (`biff`).

xlrd is Python throughout: a damaged file makes it raise. The library that reads .xlsx allocates what a damaged .xls
claims to hold, and ends the process where it cannot.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

from aiguard.errors import ReadError
from aiguard.location import column_letters
from aiguard.readers.biff import padding, parts_of, workbook_of
from aiguard.readers.sheet import LOCKED, drawn
from aiguard.readers.sheet_formats import formatted
from aiguard.readers.source import damaged, joined, paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiguard.readers.sheet_formats import Mask
    from aiguard.readers.source import Content, Source

_WHOLE = 1e15  # up to which a float holds a whole number exactly


def read_xls(source: Source) -> Content:
    """Read a workbook with its notes, text boxes and properties; ReadError where it is damaged or takes a password."""
    import xlrd
    from xlrd.biffh import XLRDError

    with open(os.devnull, "w", encoding="utf-8") as silent:  # noqa: PTH123 - os.devnull is no path to be joined
        try:
            book = xlrd.open_workbook(file_contents=source.data, logfile=silent, ragged_rows=True)
            padded = padding(workbook_of(source.data))
            sheets = [_sheet(book, number, source, padded) for number in range(book.nsheets)]
        except XLRDError as error:
            raise (ReadError(LOCKED) if "encrypt" in str(error) else damaged("Excelの古い形式")) from None
        except (ReadError, MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - xlrd raises whatever a damaged file leads it to
            raise damaged("Excelの古い形式") from None
    return joined((*sheets, parts_of(source)))


def _sheet(
    book: Any,  # noqa: ANN401 - the stubs of xlrd are partial
    number: int,
    source: Source,
    padded: Mapping[str, Mapping[tuple[int, int], Mask]],
) -> Content:
    sheet = book.sheet_by_index(number)
    label = f"{sheet.name}（非表示）" if sheet.visibility else sheet.name
    rows = [[_value(cell, book.datemode) for cell in sheet.row(at)] for at in range(sheet.nrows)]
    for (row, column), mask in padded.get(sheet.name, {}).items():
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(value, float) and value.is_integer() and 0 <= value < _WHOLE:
            rows[row][column] = formatted(int(value), mask)
    source.budget.cells(sum(len(row) - row.count("") for row in rows))
    notes = [
        (f"{sheet.name}!{column_letters(column + 1)}{row + 1} コメント", line)
        for (row, column), note in sorted(sheet.cell_note_map.items())
        for line in (f"作成者: {note.author}" if note.author else "", note.text)
    ]
    cells = drawn(rows, (0, 0), label, aside=bool(sheet.visibility)) if any(map(any, rows)) else None
    segments = (cells, paragraphs(notes, label=f"{sheet.name} コメント", aside=True))
    return tuple(each for each in segments if each), ()


def _value(cell: Any, mode: Literal[0, 1]) -> Any:  # noqa: ANN401 - see above
    """Return the value of a cell: dates as such, errors by their names, truths as truths."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, mode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERR")
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value
