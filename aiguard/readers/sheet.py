"""Read the sheets of Excel: cells by calamine, what it leaves out from the package's XML (`sheet_parts`)."""

from __future__ import annotations

import datetime as dt
import io
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aiguard.errors import ReadError
from aiguard.model import Segment
from aiguard.readers.ooxml import embedded, guarded, links, macros, pictures, properties
from aiguard.readers.package import Package
from aiguard.readers.sheet_outline import look, refuse_wide, sheet_by_name, sparse_sheets, unnamed_sheets
from aiguard.readers.source import damaged, joined, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aiguard.readers.source import Content, Source

LOCKED: Final = "パスワードがかかっているため読めません。パスワードを外して保存してください"
_QUOTED: Final = re.compile('[\t"\r\n]')
_MIDNIGHT: Final = dt.time()
_WHOLE: Final = 1e15  # up to which a float holds a whole number exactly


def read_sheet(source: Source) -> Content:
    """Read a package (.xlsx, .xlsm, .xltx, .xlsb): its sheets, what stands beside the cells, and what is inside it."""
    from aiguard.readers.sheet_parts import beside_cells

    package = Package(source.data, source.budget)
    # Every part is unpacked here within the budget, so that what is too large is refused before the library sees it.
    seen = look(package)
    silent = frozenset(name for name, (_, speaks) in seen.items() if not speaks)
    beside = guarded("セルのほか", lambda: beside_cells(source, package, silent))
    for name in package.matching("xl/", ".bin"):
        refuse_wide(package.read(name))
    source.budget.unpack(0)  # raises where a part above was too large
    return joined(
        (
            workbook(source, sparse_sheets(package, source, seen), partial(sheet_by_name, package, source)),
            guarded("シート", lambda: unnamed_sheets(package, source)),
            beside,
            links(package),
            guarded("文書の情報", lambda: (tuple(each for each in (properties(package),) if each), ())),
            embedded(source, package, "xl"),
            ((), (*pictures(package, "xl"), *macros(package))),
        )
    )


def workbook(
    source: Source, sparse: Mapping[str, Segment | None], otherwise: Callable[[str], Segment | None]
) -> Content:
    """Read the cells of all sheets; each sheet is a segment of its own, whose places are named as in the sheet.

    `sparse` holds the sheets that have been read already; `otherwise` reads one in which the library saw nothing.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
    except PasswordError:
        raise ReadError(LOCKED) from None
    except (CalamineError, OSError, ValueError):
        raise damaged("表計算のファイル") from None
    except BaseException as error:  # a panic of the library in Rust is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise damaged("表計算のファイル") from None
    contents: list[Content] = []
    for each in book.sheets_metadata:
        source.budget.check_time()
        if each.name in sparse:
            segment = sparse[each.name]
            contents.append((((segment,) if segment else ()), ()))
            continue
        hidden = each.visible != SheetVisibleEnum.Visible
        contents.append(_sheet(book, each.name, source, otherwise, hidden=hidden))
    return joined(contents)


def _sheet(
    book: Any,  # noqa: ANN401 - the library's stubs differ
    name: str,
    source: Source,
    otherwise: Callable[[str], Segment | None],
    *,
    hidden: bool,
) -> Content:
    label = f"{name}（非表示）" if hidden else name
    try:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=True)
        start = sheet.start or (0, 0)
    except Exception as error:  # noqa: BLE001 - calamine has an error for each format
        return ((), ()) if type(error).__name__ == "WorksheetNotFound" else _unread(label)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        return _unread(label)
    filled = sum(len(row) - row.count("") for row in rows)
    source.budget.cells(filled)
    if not filled:
        segment = otherwise(name)
        return ((segment,) if segment else ()), ()
    return (drawn(rows, start, label, aside=hidden),), ()


def drawn(rows: Sequence[Sequence[Any]], start: tuple[int, int], label: str, *, aside: bool) -> Segment:
    """Write the cells of a sheet from A1 on, a line a row; `start` is the row and the column of the first of them."""
    text = "\n" * start[0] + "\n".join(_line(row, start[1]) for row in rows)
    return Segment(text, label=label, delimiter="\t", aside=aside)


def _unread(label: str) -> Content:
    return refused("このシートは壊れているため読めません。元のソフトで開いて保存し直してください", label)


def _line(row: Sequence[Any], lead: int) -> str:
    # Inline, since a sheet has a hundred thousand cells: fifteen digits are what a float holds, and what a sheet shows.
    texts = [
        value
        if value.__class__ is str
        else f"{value:.15g}"
        if value.__class__ is float and -_WHOLE < value < _WHOLE
        else _shown(value)
        for value in row
    ]
    line = "\t".join(texts)
    if '"' in line or "\n" in line or "\r" in line or line.count("\t") != len(row) - 1:
        line = "\t".join(map(_quoted, texts))
    return "\t" * lead + line.rstrip("\t")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    """Write a value as a sheet shows it: no decimals where there are none, no midnight, no exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ", "seconds")
    return "" if value is None else str(value)
