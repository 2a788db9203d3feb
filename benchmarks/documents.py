"""Measure the reading of large documents against the mere extraction of their text, in turn, in one process.

Usage: python benchmarks/documents.py [--pairs N]
"""

from __future__ import annotations

import argparse
import io
import time
from functools import partial
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

import corpus
from written import package, pdf

from aiguard.model import Use
from aiguard.readers import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD: Final = "| 測るもの / 相手 | aiguard | 相手 | 時間の比 | CPU の比 | 上限 | 結果 |\n|---|---|---|---|---|---|---|"
PAGES: Final = 200
LINES: Final = 40
ROWS: Final = 5_000
COLUMNS: Final = 20
_WIDTH: Final = 40  # letters on a line of a page
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRST"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Comparison(NamedTuple):
    """Name two ways to read a file, and the greatest quotient wanted of their times."""

    name: str
    ours: Callable[[], int]
    base: Callable[[], int]
    limit: float


def paper() -> bytes:
    """Write a PDF of 200 pages of 40 lines."""
    text = "".join("".join(page.text.split()) for page in corpus.pages())
    whole = (text * (1 + PAGES * LINES * _WIDTH // len(text)))[: PAGES * LINES * _WIDTH]
    lines = [whole[start : start + _WIDTH] for start in range(0, len(whole), _WIDTH)]
    return pdf([lines[start : start + LINES] for start in range(0, len(lines), LINES)])


def sheet() -> bytes:
    """Write a sheet of 100,000 cells: numbers in every third column, shared texts in the others."""
    random = Random(20260401)
    texts = list(dict.fromkeys(sentence for page in corpus.pages()[:200] for sentence in corpus.sentences(page.text)))
    rows = (
        f'<row r="{row}">{"".join(_cell(f"{letter}{row}", n, texts, random) for n, letter in enumerate(_LETTERS))}</row>'
        for row in range(1, ROWS + 1)
    )
    space = f'xmlns="{_SHEET}"'
    shared = "".join(f"<si><t>{text.replace('&', '&amp;').replace('<', '&lt;')}</t></si>" for text in texts)
    return package(
        {
            "[Content_Types].xml": _types(),
            "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook {space} xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="名簿" sheetId="1" r:id="rId0"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
            ),
            "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{''.join(rows)}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst {space}>{shared}</sst>",
        }
    )


def _cell(place: str, column: int, texts: list[str], random: Random) -> str:
    if column % 3 == 0:
        return f'<c r="{place}"><v>{random.randrange(1_000_000)}</v></c>'
    return f'<c r="{place}" t="s"><v>{random.randrange(len(texts))}</v></c>'


def _types() -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return (
        f'<Types xmlns="{_SPACE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>'
    )


def _relations(*relations: tuple[str, str]) -> str:
    each = (
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(relations)
    )
    return f'<Relationships xmlns="{_SPACE}/relationships">{"".join(each)}</Relationships>'


def read(data: bytes, name: str) -> int:
    """Read a document wholly and return how many letters were found; RuntimeError where some of it was not."""
    document = read_bytes(data, name, Use.PROMPT)
    if document.unchecked:
        raise RuntimeError(document.unchecked[0].reason)
    return sum(len(segment.source) for segment in document.segments)


def extract_pdf(data: bytes) -> int:
    """Extract the text of a PDF's pages with PDFium."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return sum(len(page.get_textpage().get_text_bounded()) for page in document)


def extract_sheet(data: bytes) -> int:
    """Extract the cells of a workbook's sheets with calamine."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return sum(len(str(cell)) for row in rows for cell in row)


def comparisons() -> Iterator[Comparison]:
    """Yield what is compared: the same bytes, read and extracted."""
    large, wide = paper(), sheet()
    name = f"PDF {PAGES} ページ / pypdfium2 の文字の取り出し"
    yield Comparison(name, partial(read, large, "a.pdf"), partial(extract_pdf, large), 2.0)
    name = f"表 {ROWS * COLUMNS:,} セル / python-calamine の取り出し"
    yield Comparison(name, partial(read, wide, "a.xlsx"), partial(extract_sheet, wide), 2.0)


def timed(work: Callable[[], int]) -> tuple[float, float]:
    """Return the seconds that work took on the clock and of the processor; RuntimeError where it found little."""
    wall, cpu = time.perf_counter(), time.process_time()
    letters = work()
    seconds = time.perf_counter() - wall, time.process_time() - cpu
    if letters < PAGES * LINES * _WIDTH // 2:
        raise RuntimeError(f"文字が足りません: {letters:,}")
    return seconds


def line(comparison: Comparison, pairs: int) -> str:
    """Measure in turn, once unmeasured to load the libraries, and write medians as a row of a Markdown table."""
    name, ours, base, limit = comparison
    runs = [(timed(ours), timed(base)) for _ in range(pairs + 1)][1:]
    wall, cpu = (median(mine[kind] / theirs[kind] for mine, theirs in runs) for kind in (0, 1))
    seconds = (median(each[side][0] for each in runs) for side in (0, 1))
    result = "超過" if max(wall, cpu) > limit else "達成"
    return (
        f"| {name} | {' | '.join(f'{each:.3f} 秒' for each in seconds)} | {wall:.2f} | {cpu:.2f} | {limit} | {result} |"
    )


def main() -> None:
    """Write the documents, measure, and print a table."""
    parser = argparse.ArgumentParser(description="文書を読む速さを測ります")
    parser.add_argument("--pairs", type=int, default=7, help="交互に測る回数(既定 7)")
    pairs = parser.parse_args().pairs
    print(HEAD)
    for comparison in comparisons():
        print(line(comparison, pairs), flush=True)


if __name__ == "__main__":
    main()
