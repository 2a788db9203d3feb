"""Read what is laid over a PDF page: comments, the fields of forms, links, and files pinned to it."""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aiguard.readers.budget import Budget

_TAG: Final = re.compile(r"<[^<>]*>")
_EMPTY: Final = 2  # bytes: the final zero
_MOST: Final = 100_000  # marks of a page


class Marks(NamedTuple):
    """Hold what is laid over a page: texts, handles of attached files, and how much of it is to be looked at.

    `described` are the texts that its structure gives for what is on it.
    """

    notes: list[str]
    fields: list[str]
    links: list[str]
    attachments: list[object]
    pictures: int = 0
    media: int = 0
    described: Sequence[str] = ()


def read_marks(document: object, page: object, form: object | None, budget: Budget) -> Marks:
    """Read the annotations of a page (ISO 32000-1, 12.5) by its FPDF_PAGE; `form` is the FPDF_FORMHANDLE, if any.

    ReadError once the time is up.
    """
    import pypdfium2.raw as pdfium

    marks = Marks([], [], [], [])
    for i in range(min(_MOST, max(0, pdfium.FPDFPage_GetAnnotCount(page)))):
        budget.check_time()
        mark = pdfium.FPDFPage_GetAnnot(page, i)
        if not mark:
            continue
        try:
            marks = _with(marks, document, mark, form)
        finally:
            pdfium.FPDFPage_CloseAnnot(mark)
    return marks._replace(links=list(dict.fromkeys(marks.links)))


def wide(read: Callable[[object, int], int]) -> str:
    """Return the UTF-16 text that a function of PDFium writes into a buffer whose size it tells first."""
    size = read(None, 0)
    if size <= _EMPTY:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    read(buffer, size)
    text = bytes(buffer)[: size // 2 * 2].decode("utf-16-le", "replace")
    return re.sub(r"\r\n?", "\n", text.rstrip("\0"))


def _with(marks: Marks, document: object, mark: object, form: object | None) -> Marks:
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFAnnot_GetSubtype(mark)
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        marks.fields.extend(_field(mark, form))
        return marks
    marks.links.extend(_targets(document, mark) if kind == pdfium.FPDF_ANNOT_LINK else ())
    if kind == pdfium.FPDF_ANNOT_POPUP:
        return marks
    note = _note(mark)
    marks.notes.extend([note] if note else ())
    if kind == pdfium.FPDF_ANNOT_FILEATTACHMENT and (attached := pdfium.FPDFAnnot_GetFileAttachment(mark)):
        marks.attachments.append(attached)
    if kind in (pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_INK):
        return marks._replace(pictures=marks.pictures + 1)
    played = kind in (
        pdfium.FPDF_ANNOT_SOUND,
        pdfium.FPDF_ANNOT_MOVIE,
        pdfium.FPDF_ANNOT_SCREEN,
        pdfium.FPDF_ANNOT_RICHMEDIA,
    )
    return marks._replace(media=marks.media + played)


def _note(mark: object) -> str:
    """Return a comment behind its author's name (ISO 32000-1, 12.5.6.2: T, Subj, Contents, RC)."""
    contents = _value(mark, "Contents") or _TAG.sub("", _value(mark, "RC"))
    told = [part for part in (_value(mark, "T"), _value(mark, "Subj")) if part.strip()]
    return ": ".join((*told, contents)) if contents.strip() else " ".join(told)


def _field(mark: object, form: object | None) -> Iterator[str]:
    """Yield the value of a field of a form behind what it is called, if that says something."""
    import pypdfium2.raw as pdfium

    buttons = (pdfium.FPDF_FORMFIELD_PUSHBUTTON, pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
    if form is None:
        value, names = _value(mark, "V"), [_value(mark, "TU"), _value(mark, "T")]
    elif pdfium.FPDFAnnot_GetFormFieldType(form, mark) in buttons:
        return
    else:
        value = _of_field(pdfium.FPDFAnnot_GetFormFieldValue, mark, form)
        names = [
            _of_field(pdfium.FPDFAnnot_GetFormFieldAlternateName, mark, form),
            _of_field(pdfium.FPDFAnnot_GetFormFieldName, mark, form),
        ]
    if value.strip():
        name = next((name for name in names if name.strip() and not name.isascii()), "")
        yield f"{name}: {value}" if name else value


def _of_field(get: Callable[[object, object, object, int], int], mark: object, form: object) -> str:
    import pypdfium2.raw as pdfium

    def read(buffer: object, size: int) -> int:
        return get(form, mark, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)) if buffer else None, size)  # type: ignore[arg-type]

    return wide(read)


def _value(mark: object, key: str) -> str:
    import pypdfium2.raw as pdfium

    def read(buffer: object, size: int) -> int:
        target = ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)) if buffer else None  # type: ignore[arg-type]
        return int(pdfium.FPDFAnnot_GetStringValue(mark, key.encode() + b"\0", target, size))

    return wide(read)


def _targets(document: object, mark: object) -> Iterator[str]:
    """Yield where a link leads: an address (its percent signs decoded) or a file."""
    import pypdfium2.raw as pdfium

    link = pdfium.FPDFAnnot_GetLink(mark)
    action = pdfium.FPDFLink_GetAction(link) if link else None
    if not action:
        return
    for raw in (
        _bytes(lambda buffer, size: pdfium.FPDFAction_GetURIPath(document, action, buffer, size)),
        _bytes(lambda buffer, size: pdfium.FPDFAction_GetFilePath(action, buffer, size)),
    ):
        if raw:
            yield unquote(raw.decode("utf-8", "replace"), errors="replace")


def _bytes(read: Callable[[object, int], int]) -> bytes:
    size = read(None, 0)
    if size <= 1:
        return b""
    buffer = ctypes.create_string_buffer(size)
    read(buffer, size)
    return buffer.raw[:size].rstrip(b"\0")
