"""Put the characters of a PDF page together as lines: words whole, cells parted, wrapped sentences in one piece.

PDFium gives the characters in the order in which they are drawn, with a space or a line break of its own (a
"generated" one) where they stand apart. In Japanese such a space is a matter of setting (letters spread over a line,
digits set off from kanji) unless it is wide; then it parts the cells of a table.
"""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aiguard.readers.pdf_lines import WIDE, WORD, Box, Line, right_to_left, rows, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_LINE: Final = re.compile(r"[^\r\n]+")
_GAP: Final = re.compile(" +")
# A hyphen that ends a line comes as U+0002 or U+FFFE, with the line break left out.
_CONTROLS: Final = {**dict.fromkeys((*range(9), *range(14, 32)), None), 0x02: "-", 0xFFFE: "-"}
_LETTER: Final = re.compile("[々〆\u3040-\u30ff\u3400-\u9fff\ud800-\udfff\uf900-\ufaff]")
_SPREAD: Final = 4  # letters between the two characters of a word that is spread out
_CELL: Final = 2  # letters of a space that was written, from which on it parts cells
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_MEANINGLESS: Final = re.compile("[\ue000-\uf8ff\ufffd]")
_SAMPLE: Final = 64  # characters of a page whose mapping is asked for


class Written(NamedTuple):
    """Hold what is written on a page: its lines, how many characters are visible, what share of them means nothing."""

    lines: tuple[Line, ...]
    visible: int
    unmapped: float


class _Glyphs(NamedTuple):
    """Hold the characters of a page, one a UTF-16 unit, and what PDFium knows of each by its index."""

    text: str
    handle: object
    rect: Any
    loose_box: Callable[..., int]
    is_generated: Callable[[object, int], int]
    is_unmapped: Callable[[object, int], int]

    def box(self, index: int) -> Box:
        """Return where a character stands."""
        rect = self.rect
        self.loose_box(self.handle, index, rect)
        return Box(rect.left, rect.bottom, rect.right, rect.top)


def read_text(handle: object) -> Written:
    """Return the text of a page by the handle of its FPDF_TEXTPAGE."""
    import pypdfium2.raw as pdfium

    glyphs = _Glyphs(
        _units(handle),
        handle,
        pdfium.FS_RECTF(),
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_IsGenerated,
        pdfium.FPDFText_HasUnicodeMapError,
    )
    lines = [line for found in _LINE.finditer(glyphs.text) if (line := _line(glyphs, *found.span()))]
    visible = len("".join(glyphs.text.split()))
    return Written(tuple(wrapped(list(rows(right_to_left(lines))))), visible, _unmapped(glyphs))


def _units(handle: object) -> str:
    """Return the text of a page so that the index of each character is that of PDFium."""
    import pypdfium2.raw as pdfium

    count = max(0, pdfium.FPDFText_CountChars(handle))
    if not count:
        return ""
    if pdfium.FPDFText_GetTextIndexFromCharIndex(handle, count - 1) == count - 1:
        buffer = (ctypes.c_ushort * (count + 1))()
        if pdfium.FPDFText_GetText(handle, 0, count, buffer) == count + 1:
            return "".join(map(chr, buffer[:count]))
    # Characters were left out or put in (control characters, ligatures): slower, one after the other.
    unicode = pdfium.FPDFText_GetUnicode
    return "".join([chr(min(unicode(handle, i), 0x10FFFF)) for i in range(count)])


def _line(glyphs: _Glyphs, start: int, end: int) -> Line | None:
    text = glyphs.text[start:end]
    bare = text.lstrip(" \0")
    start += len(text) - len(bare)
    bare = bare.rstrip(" \0")
    if not bare:
        return None
    first, last = glyphs.box(start), glyphs.box(start + len(bare) - 1)
    if " " in bare:
        bare = "".join(_closed(glyphs, bare, start))
    return Line(_characters(bare), first, last)


def _closed(glyphs: _Glyphs, text: str, start: int) -> Iterator[str]:
    """Yield the pieces of a line between its spaces, and what these mean."""
    pieces = _GAP.split(text)
    gaps = [_gap(glyphs, start + gap.start(), start + gap.end()) for gap in _GAP.finditer(text)]
    yield pieces[0]
    for i, (between, width) in enumerate(gaps):
        yield "" if between and width and _is_spread(pieces, gaps, i) else between
        yield pieces[i + 1]


def _gap(glyphs: _Glyphs, start: int, end: int) -> tuple[str, float]:
    """Return what spaces mean, and how wide they are in letters where PDFium put them (else 0)."""
    _, handle, rect, loose_box, *_ = glyphs
    loose_box(handle, start - 1, rect)
    left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
    loose_box(handle, end, rect)
    # The same as `distance` and `size`, written out: prose of kanji and digits has a space every ten characters.
    apart = max(rect.left - right, left - rect.right, rect.bottom - top, bottom - rect.top, 0.0)
    width = apart / max(right - left, top - bottom, rect.right - rect.left, rect.top - rect.bottom, 0.1)
    if glyphs.is_generated(glyphs.handle, start) != 1:
        return ("\t" if width >= max(_CELL, (end - start) * 1.2) else " " * (end - start)), 0
    wide = (glyphs.text[start - 1] >= WIDE) + (glyphs.text[end] >= WIDE)
    narrow = (0, 0.6, WORD)[wide]
    return ("" if width < narrow else " " if width < 1 else "\t"), width


def _is_spread(pieces: Sequence[str], gaps: Sequence[tuple[str, float]], i: int) -> bool:
    """Tell whether a gap stands between single letters that are spread evenly: 山　田　太　郎 in a cell of a form."""
    width = gaps[i][1]
    if not (_is_letter(pieces[i]) and _is_letter(pieces[i + 1])):
        return False
    beside = [gaps[j][1] for j in (i - 1, i + 1) if 0 <= j < len(gaps)]
    alike = any(abs(each - width) <= 0.25 * width for each in beside)
    return alike or (width <= _SPREAD and not any(0 < each <= width for each in beside))


def _is_letter(piece: str) -> bool:
    return len(_characters(piece)) == 1 and _LETTER.match(piece) is not None


def _unmapped(glyphs: _Glyphs) -> float:
    """Return the share of visible characters that a font does not tell the meaning of, by a sample of the page."""
    text, handle = glyphs.text, glyphs.handle
    sample = [i for i in range(0, len(text), max(1, len(text) // _SAMPLE)) if not text[i].isspace()]
    lost = sum(1 for i in sample if _MEANINGLESS.match(text[i]) or glyphs.is_unmapped(handle, i) == 1)
    return lost / len(sample) if sample else 0.0


def _characters(units: str) -> str:
    """Put surrogate pairs together (half of one becomes U+FFFD) and leave control characters out."""
    if _SURROGATE.search(units):
        units = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return units if units.isprintable() else units.translate(_CONTROLS)
