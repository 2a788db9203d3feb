"""Read PDF files through PDFium: text by page and line, comments, forms, links, attachments, and what is no text.

Sources of facts: ISO 32000-1 (PDF 1.7), and the headers of PDFium (fpdfview.h, fpdf_text.h, fpdf_annot.h).
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.model import Part, Segment, Unchecked
from aiguard.readers.pdf_marks import Marks, read_marks, wide
from aiguard.readers.pdf_pages import look, ranges, trouble
from aiguard.readers.pdf_structure import structure_texts
from aiguard.readers.pdf_text import Written, read_text
from aiguard.readers.source import damaged, joined, paragraphs
from aiguard.readers.xmp import read_xmp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pypdfium2 import PdfDocument, PdfPage

    from aiguard.readers.source import Content, Source

_LOCKED: Final = "パスワードがかかっているため読めません。パスワードを外して保存してください"
_UNKNOWN_LOCK: Final = "保護の方式が特別なため読めません。保護を外して保存してください"
_BROKEN_PAGE: Final = "壊れているページのため読めません。元のソフトからPDFに保存し直してください"
_XFA: Final = "動的な入力フォーム（XFA）の中は読めません。「PDFに印刷」で保存し直してください"
_BROKEN_FILE: Final = "添付ファイルを取り出せません。取り出して別に保存してください"
_PROPERTIES: Final = (
    ("Title", "題名"),
    ("Author", "作成者"),
    ("Subject", "件名"),
    ("Keywords", "キーワード"),
    ("Creator", "作成ソフト"),
)
_BOOKMARKS: Final = 50_000


class _Read(NamedTuple):
    """Collect what the pages hold; `troubles` are the pages that could not be read, by the reason."""

    pages: dict[int, Written]
    marks: dict[int, Marks]
    pictures: list[int]
    troubles: dict[str, list[int]]


def read_pdf(source: Source) -> Content:
    """Read a PDF: a segment for the text (a part a line: "3ページ"), and one each for what else it holds.

    Pages that hold no text that can be read are unchecked. ReadError for a file that is damaged or asks for a
    password; one that only forbids printing or copying is read.
    """
    with _opened(source.data) as document:
        read = _Read({}, {}, [], {})
        attachments: list[Content] = []
        cut = _read_pages(document, source, read, attachments)
        told = [_body(read.pages), *_laid_over(read.marks)]
        cut += _read_rest(document, source, told, attachments)
        segments = tuple(segment for segment in told if segment)
        notes = (*_unchecked(document, read), *cut)
        return joined(((segments, notes), *attachments))


@contextmanager
def _opened(data: bytes) -> Iterator[PdfDocument]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium.FPDF_ERR_PASSWORD:
            raise ReadError(_LOCKED) from None
        raise (ReadError(_UNKNOWN_LOCK) if code == pdfium.FPDF_ERR_SECURITY else damaged("PDF")) from None
    try:
        if document.get_formtype() != pdfium.FORMTYPE_NONE:
            document.init_forms()
        yield document
    except pypdfium2.PdfiumError:
        raise damaged("PDF") from None
    finally:
        document.close()


def _read_pages(
    document: PdfDocument, source: Source, read: _Read, attachments: list[Content]
) -> tuple[Unchecked, ...]:
    """Read page after page; where a limit is passed, say of which pages nothing is known."""
    count = len(document)
    for number in range(1, count + 1):
        try:
            source.budget.page()
            _read_page(document, number, source, read, attachments)
        except ReadError as error:
            return (Unchecked(ranges(range(number, count + 1)), error.message),)
    return ()


def _read_page(document: PdfDocument, number: int, source: Source, read: _Read, attachments: list[Content]) -> None:
    import pypdfium2

    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        read.troubles.setdefault(_BROKEN_PAGE, []).append(number)
        return
    try:
        read.pages[number] = written = _written(page)
        drawn = look(page.raw, page.get_bbox(), source.budget)
        reason = trouble(written.visible, written.unmapped, drawn)
        if reason:
            read.troubles.setdefault(reason, []).append(number)
        marks = read_marks(document.raw, page.raw, document.formenv and document.formenv.raw, source.budget)
        shown = "".join(line.text + line.joint for line in written.lines)
        described = structure_texts(page.raw, shown, source.budget)
        read.marks[number] = marks._replace(attachments=[], described=described)
        read.pictures.append((0 if reason else drawn.pictures) + marks.pictures)
        for index, handle in enumerate(marks.attachments, 1):
            attachments.append(_attached(source, document, handle, f"{number}ページ 添付{index}"))
    except pypdfium2.PdfiumError:
        read.troubles.setdefault(_BROKEN_PAGE, []).append(number)
    finally:
        page.close()


def _written(page: PdfPage) -> Written:
    text = page.get_textpage()
    try:
        return read_text(text.raw)
    finally:
        text.close()


def _body(pages: dict[int, Written]) -> Segment | None:
    """Join the lines of the pages; a line that goes on in the next one is still a part of its own."""
    parts: list[Part] = []
    texts: list[str] = []
    offset = 0
    for number, written in pages.items():
        for line, held in enumerate(written.lines, 1):
            text = held.text + held.joint
            parts.append(Part(offset, f"{number}ページ", line))
            texts.append(text)
            offset += len(text)
    return Segment("".join(texts), parts=tuple(parts)) if texts else None


def _laid_over(marks: dict[int, Marks]) -> Iterator[Segment | None]:
    places = (
        ("入力欄", False, {number: each.fields for number, each in marks.items()}),
        ("注釈", True, {number: each.notes for number, each in marks.items()}),
        ("リンク", True, {number: each.links for number, each in marks.items()}),
        ("代替テキスト", True, {number: each.described for number, each in marks.items()}),
    )
    for name, aside, told in places:
        lines = ((f"{number}ページ {name}", text) for number, texts in told.items() for text in texts)
        yield paragraphs(lines, label=name, aside=aside)


def _read_rest(
    document: PdfDocument, source: Source, told: list[Segment | None], attachments: list[Content]
) -> tuple[Unchecked, ...]:
    """Read what belongs to the whole file; where a limit is passed, say so."""
    import pypdfium2

    try:
        told.append(paragraphs((("しおり", title) for title in _titles(document, source)), label="しおり", aside=True))
        told.append(_properties(document, source.data))
        for index in range(max(0, document.count_attachments())):
            label = f"添付{index + 1}"
            try:
                handle = document.get_attachment(index).raw
            except pypdfium2.PdfiumError:
                attachments.append(((), (Unchecked(label, _BROKEN_FILE),)))
                continue
            attachments.append(_attached(source, document, handle, label))
    except ReadError as error:
        return (Unchecked(None, error.message),)
    return ()


def _titles(document: PdfDocument, source: Source) -> Iterator[str]:
    """Yield the titles of the outline (ISO 32000-1, 12.3.3), each once, however it is linked."""
    import pypdfium2.raw as pdfium

    seen: set[int] = set()
    waiting = [pdfium.FPDFBookmark_GetFirstChild(document.raw, None)]
    while waiting and len(seen) < _BOOKMARKS:
        source.budget.check_time()
        mark = waiting.pop()
        if not mark or (address := ctypes.addressof(mark.contents)) in seen:
            continue
        seen.add(address)
        yield wide(partial(pdfium.FPDFBookmark_GetTitle, mark))
        waiting += (
            pdfium.FPDFBookmark_GetNextSibling(document.raw, mark),
            pdfium.FPDFBookmark_GetFirstChild(document.raw, mark),
        )


def _properties(document: PdfDocument, data: bytes) -> Segment | None:
    """Return what the file says of itself, and what its XMP packets say beside that, where they stand open."""
    import pypdfium2.raw as pdfium

    values = (
        (name, wide(partial(pdfium.FPDF_GetMetaText, document.raw, key.encode() + b"\0")).strip("\0 "))
        for key, name in _PROPERTIES
    )
    told = [f"{name}: {value}" for name, value in values if value]
    known = {line.partition(": ")[2] for line in told}
    told += [line for line in _packets(data) if line.partition(": ")[2] not in known]
    lines = (("文書の情報", line) for line in dict.fromkeys(told))
    return paragraphs(lines, label="文書の情報", aside=True)


def _packets(data: bytes) -> list[str]:
    try:
        return read_xmp(data)
    except ReadError:
        return []  # the same is mostly said by the properties


def _attached(source: Source, document: PdfDocument, handle: object, label: str) -> Content:
    """Read an attached file (ISO 32000-1, 7.11.4)."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    source.budget.member()
    size = ctypes.c_ulong()
    pdfium.FPDFAttachment_GetFile(handle, None, 0, size)
    source.budget.unpack(size.value)
    attached = pypdfium2.PdfAttachment(handle, document)
    try:
        data = bytes(attached.get_data())
    except pypdfium2.PdfiumError:
        return (), (Unchecked(label, _BROKEN_FILE),)
    return source.read_member(data, wide(partial(pdfium.FPDFAttachment_GetName, handle)), label)


def _unchecked(document: PdfDocument, read: _Read) -> Iterable[Unchecked]:
    import pypdfium2.raw as pdfium

    yield from (Unchecked(ranges(numbers), reason) for reason, numbers in read.troubles.items())
    if document.get_formtype() in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND):
        yield Unchecked(None, _XFA)
    if pictures := sum(read.pictures):
        yield Unchecked(None, f"画像{pictures}点は確認していません。目で見て確かめてください")
    if media := sum(each.media for each in read.marks.values()):
        yield Unchecked(None, f"音声や動画{media}点は確認していません。内容を確かめてください")
