"""Read the sheets of Excel: cells by calamine, what it leaves out from the package's XML (`sheet_parts`)."""

from __future__ import annotations

import datetime as dt
import io
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aiguard.errors import ReadError
from aiguard.model import Segment
from aiguard.readers.ooxml import embedded, links, macros, pictures, properties
from aiguard.readers.package import Package
from aiguard.readers.sheet_book import Vetted, binary_package, library_package, says_more, shared_texts, vet
from aiguard.readers.sheet_extent import has_cells, is_drawn, packed
from aiguard.readers.sheet_outline import Sheet, named_sheets, unnamed_sheets, workbook_part
from aiguard.readers.sheet_texts import unshown_texts
from aiguard.readers.source import damaged, guarded, joined, only, paragraphs, refused
from aiguard.readers.xmltree import root_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.readers.sheet_extent import Place
    from aiguard.readers.source import Content, Source

LOCKED: Final = "パスワードがかかっているため読めません。パスワードを外して保存してください"
_DAMAGED: Final = "このシートは壊れているため読めません。元のソフトで開いて保存し直してください"
_TOO_WIDE: Final = "表の範囲が広すぎるため読めません。使っていない行や列を消して保存し直してください"
_BINARY: Final = (
    "この形式（.xlsb）では、セルのほか（コメント、印刷ヘッダー、入力規則、ピボットテーブルなど）は確認していません。"
    ".xlsx形式で保存し直してください"
)
_SHEETS: Final = frozenset({"worksheet", "macrosheet"})  # ECMA-376 Part 1, 18.3.1.99; [MS-OFFMACRO] 2.2.1
_QUOTED: Final = re.compile('[\t"\r\n]')
_MIDNIGHT: Final = dt.time()
_WHOLE: Final = 1e15  # up to which a float holds a whole number exactly


def read_sheet(source: Source) -> Content:
    """Read a package (.xlsx, .xlsm, .xltx, .xlsb): its sheets, what stands beside the cells, and what is inside it."""
    from aiguard.readers.sheet_parts import beside_cells

    package = Package(source.data, source.budget)
    binary = workbook_part(package).endswith(".bin")
    failed, sheets = (((), ()), []) if binary else _vetted(source, package)
    parts = {sheet.part: each.cells_only for sheet, each in sheets if sheet.part}
    contents = (
        failed,
        guarded(None, partial(_binary, source, package) if binary else partial(_sheets, source, package, sheets)),
        guarded("セルのほか", partial(beside_cells, source, package, parts)),
        links(package),
        guarded("文書の情報", lambda: only(properties(package))),
        embedded(source, package, "xl"),
        ((), (*pictures(package, "xl"), *macros(package))),
    )
    source.budget.unpack(0)  # raises where a part above was too large
    return joined(contents)


def _vetted(source: Source, package: Package) -> tuple[Content, list[tuple[Sheet, Vetted]]]:
    """Return the sheets in XML as the library may have them, and those that cannot be read."""
    content, named = _named(package)
    vetted: list[tuple[Sheet, Vetted]] = []
    contents = [content]
    for sheet in (*named, *unnamed_sheets(package, named)):
        source.budget.check_time()
        try:
            data = package.read(sheet.part) if sheet.part else b""
            each = vet(data) if root_name(data) in _SHEETS else None
        except ReadError as error:
            contents.append(refused(error.message, sheet.label))
            continue
        if each:
            vetted.append((sheet, each))
        else:
            contents.append(refused(_DAMAGED, sheet.label))
    return joined(contents), vetted


def _sheets(source: Source, package: Package, sheets: list[tuple[Sheet, Vetted]]) -> Content:
    """Read the cells of sheets in XML; each is a segment of its own, whose places are named as in the sheet."""
    read, silent = _read(source, package, sheets)
    # The library goes by the order of elements: what stands in another is read all the same.
    again = [(sheet, Vetted(*packed(each.data))) for sheet, each in silent]
    content = joined((*read, *_read(source, package, again)[0]))
    unshown = unshown_texts(shared_texts(package), (each.data for _, each in sheets), content[0])
    return joined((content, only(unshown)))


def _named(package: Package) -> tuple[Content, list[Sheet]]:
    try:
        return ((), ()), named_sheets(package)
    except ReadError as error:  # the sheets are there all the same
        return refused(error.message, "シートの一覧"), []


def _read(
    source: Source, package: Package, sheets: list[tuple[Sheet, Vetted]]
) -> tuple[list[Content], list[tuple[Sheet, Vetted]]]:
    """Return the content of sheets, and those in which the library saw nothing though they have cells."""
    if not sheets:
        return [], []
    book = _opened(library_package(package, [each for _, each in sheets]))
    contents: list[Content] = []
    silent: list[tuple[Sheet, Vetted]] = []
    for number, (sheet, each) in enumerate(sheets):
        content = _sheet(book, number, sheet, each.places, source)
        if content == ((), ()) and each.places is None and has_cells(each.data):
            silent.append((sheet, each))
        contents.append(content)
    return contents, silent


def _binary(source: Source, package: Package) -> Content:
    """Read the sheets in binary form ([MS-XLSB]) from what the library may have of the package."""
    from python_calamine import SheetVisibleEnum

    data, wide = binary_package(package)
    contents: list[Content] = [refused(_TOO_WIDE, name) for name in wide]
    book = _opened(data)
    for number, each in enumerate(book.sheets_metadata):
        hidden = each.visible != SheetVisibleEnum.Visible
        sheet = Sheet(f"{each.name}（非表示）" if hidden else each.name, None, hidden)
        contents.append(_sheet(book, number, sheet, None, source))
    return joined((*contents, refused(_BINARY) if says_more(package) else ((), ())))


def _opened(data: bytes) -> Any:  # noqa: ANN401 - the library's stubs differ
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise ReadError(LOCKED) from None
    except BaseException as error:  # a panic of the library in Rust is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise damaged("表計算のファイル") from None


def _sheet(
    book: Any,  # noqa: ANN401 - see above
    number: int,
    sheet: Sheet,
    places: list[Place] | None,
    source: Source,
) -> Content:
    source.budget.check_time()
    try:
        cells = book.get_sheet_by_index(number)
        rows = cells.to_python(skip_empty_area=places is None)
        start = cells.start or (0, 0)
    except BaseException as error:  # calamine has an error for each format, and panics
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        return refused(_DAMAGED, sheet.label)
    filled = sum(len(row) - row.count("") for row in rows)
    source.budget.cells(filled)
    if not filled:
        return (), ()
    if places is None:
        return (drawn(rows, start, sheet.label, aside=sheet.hidden),), ()
    texts = [_line(row[:1], 0) for row in rows]
    segment = _scattered([(place, text) for place, text in zip(places, texts, strict=False) if text], sheet)
    return only(segment)


def _scattered(cells: list[tuple[Place, str]], sheet: Sheet) -> Segment | None:
    """Write cells from A1 on; as a list, each under its own name, where that would be little but empty cells."""
    if not is_drawn([place for place, _ in cells]):
        named = ((f"{sheet.label}!{place.name}", _plain(text)) for place, text in cells)
        return paragraphs(named, label=sheet.label, aside=sheet.hidden)
    lines: list[list[str]] = [[] for _ in range(max(place.row for place, _ in cells))]
    for place, text in sorted(cells):
        line = lines[place.row - 1]
        line += [""] * (place.column - 1 - len(line))
        line.append(text)
    return Segment("\n".join(map("\t".join, lines)), label=sheet.label, delimiter="\t", aside=sheet.hidden)


def drawn(rows: Sequence[Sequence[Any]], start: tuple[int, int], label: str, *, aside: bool) -> Segment:
    """Write the cells of a sheet from A1 on, a line a row; `start` is the row and the column of the first of them."""
    text = "\n" * start[0] + "\n".join(_line(row, start[1]) for row in rows)
    return Segment(text, label=label, delimiter="\t", aside=aside)


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
        # What is printable has no tab and no break; the other way round it is looked at closely.
        line = "\t".join([text if text.isprintable() and '"' not in text else _quoted(text) for text in texts])
    return "\t" * lead + line.rstrip("\t")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _plain(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    """Write a value as a sheet shows it: no decimals where there are none, no midnight, no exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ", "seconds")
    return "" if value is None else str(value)
