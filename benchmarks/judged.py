"""Judge what a reader makes of a mutant: what still stands in it was found, or the document says what was not checked.

Whether a value still stands is asked of others than aiguard's readers: of the XML of a package, of PDFium, of Python's
HTML parser, of calamine and olefile, and of the bytes of mails and RTF. A value that was moved to another kind of element does not count: nobody
could say whether an office program shows it.
"""

from __future__ import annotations

import ctypes
import io
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final, TypeAlias
from zipfile import BadZipFile, ZipFile, is_zipfile

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planted import Seed
    from pypdfium2 import PdfPage

    from aiguard.model import Document

_Path: TypeAlias = tuple[str, ...]
_UNSEEN: Final = frozenset({"script", "style"})
_PACKAGES: Final = ("docx", "xlsx", "pptx", "odt", "ods", "odp", "zip")


def lost(seed: Seed, data: bytes, document: Document) -> list[str]:
    """Return the values that a mutant still holds and that were neither found nor said to be unchecked."""
    if document.unchecked:
        return []
    text = "\n".join(segment.source for segment in document.segments)
    # What is shown in its encoded form is shown as a mail program would show it.
    missing = [
        value
        for value, code in seed.values.items()
        if value not in text and code.decode("utf-8", "replace").rstrip("=") not in text
    ]
    return [value for value in missing if value in standing(seed, data)] if missing else []


def standing(seed: Seed, data: bytes) -> set[str]:
    """Return the values that a mutant still holds where its seed has them."""
    kind = seed.name.rpartition(".")[2]
    if kind in _PACKAGES:
        return _in_package(seed, data)
    if kind == "pdf":
        text = _of_pdf(data)
    elif kind == "html":
        text = _of_html(data)
    elif kind == "xls":
        text = _of_xls(data)
    elif kind == "msg":
        text = _of_msg(data)
    else:
        return {value for value, code in seed.values.items() if _with_its_words(seed.data, code, kind) in data}
    return {value for value in seed.values if value in text}


def _with_its_words(data: bytes, code: bytes, kind: str) -> bytes:
    """Return what stands for a value; in RTF with the words around it, which say whether it is shown."""
    start = data.index(code)
    return data[start - 14 : start + len(code) + 6] if kind == "rtf" else code


def _in_package(seed: Seed, data: bytes) -> set[str]:
    """Compare where a value stands: in which of the elements of XML, whatever the part is called."""
    try:
        now = set(_places(data, tuple(seed.values)))
    except BadZipFile:
        return set(seed.values)
    before = set(_places(seed.data, tuple(seed.values)))
    return {value for value, path in now if path == ("damaged",) or (value, path) in before}


def _places(data: bytes, values: tuple[str, ...]) -> Iterator[tuple[str, _Path]]:
    with ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    shared = _shared(members)
    for name, content in members:
        if is_zipfile(io.BytesIO(content)):
            yield from _places(content, values)
        elif name.endswith(".xml"):
            for value, path in _in_xml(content, values):
                if path[-3:-1] != ("sst", "si") or value in shared:
                    yield value, path
        else:
            yield from ((value, ("text",)) for value in values if value.encode() in content)


def _in_xml(content: bytes, values: tuple[str, ...]) -> Iterator[tuple[str, _Path]]:
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        yield from ((value, ("damaged",)) for value in values if value.encode() in content)
        return
    for element in root.iter("*"):
        for value in values:
            if value in (element.text or ""):
                tags = [each.tag.rpartition("}")[2] for each in (*element.iterancestors(), element)]
                # Ancestors come from the inside; the root stands first.
                path = (*reversed(tags[:-1]), tags[-1])
                yield value, path


def _shared(members: list[tuple[str, bytes]]) -> str:
    """Return the shared strings that a cell of some sheet refers to (ECMA-376 Part 1, 18.4.8)."""
    texts: list[str] = []
    used: set[str] = set()
    for _, content in members:
        try:
            root = etree.fromstring(content)
        except etree.XMLSyntaxError:
            continue
        if str(root.tag).endswith("}sst"):
            texts = ["".join(map(str, each.itertext())) for each in root.iterchildren("{*}si")]
        used |= {cell.findtext("{*}v") or "" for cell in root.iter("{*}c") if cell.get("t") == "s"}
    return "\n".join(text for number, text in enumerate(texts) if str(number) in used)


def _of_pdf(data: bytes) -> str:
    """Return what PDFium extracts from the pages it opens, the title and the notes."""
    import pypdfium2

    texts: list[str] = []
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return ""
    texts.append(document.get_metadata_value("Title"))
    for number in range(min(len(document), 10)):
        try:
            page = document[number]
            texts += (page.get_textpage().get_text_bounded(), *_notes(page))
        except pypdfium2.PdfiumError:
            continue
    return "\n".join(texts)


def _notes(page: PdfPage) -> Iterator[str]:
    """Yield what the notes on a page say (ISO 32000-1, 12.5.2: Contents)."""
    from pypdfium2 import raw

    for number in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        note = raw.FPDFPage_GetAnnot(page.raw, number)
        size = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
        held = ctypes.create_string_buffer(size)
        raw.FPDFAnnot_GetStringValue(note, b"Contents", ctypes.cast(held, ctypes.POINTER(raw.FPDF_WCHAR)), size)
        raw.FPDFPage_CloseAnnot(note)
        yield held.raw.decode("utf-16-le", "replace")


def _of_xls(data: bytes) -> str:
    """Return what calamine finds in the sheets it opens."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError):
        return ""
    return str(sheets)


def _of_msg(data: bytes) -> str:
    """Return the streams of text that olefile opens ([MS-OXMSG] 2.1.1)."""
    import olefile

    try:
        with olefile.OleFileIO(data) as file:
            names = [
                name
                for name in file.listdir()
                if str(name[-1]).startswith("__substg1.0_") and str(name[-1]).endswith("001F")
            ]
            return "\n".join(file.openstream(name).read().decode("utf-16-le", "replace") for name in names)
    except (OSError, ValueError, IndexError, TypeError):
        return ""


def _of_html(data: bytes) -> str:
    seen = _Seen()
    seen.feed(data.decode("utf-8", "replace"))
    seen.close()
    return "\n".join(seen.texts)


class _Seen(HTMLParser):
    """Collect the text of a page that is no program and no style."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's
        self._within = tag if tag in _UNSEEN else ""

    def handle_endtag(self, tag: str) -> None:
        self._within = "" if tag == self._within else self._within

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.texts.append(data)
