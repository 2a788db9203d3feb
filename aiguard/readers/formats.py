"""Know a format by what its bytes are, whatever its suffix says, and name the reader of it."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.model.passing import NO_ROOM
from aiguard.readers.source import joined, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiguard.readers.source import Content, Source

TEXT: Final = "text"
FAULT: Final = "この文書の読み取り中に問題が起きました。元のソフトで開いて保存し直してください"

_PDF: Final = re.compile(rb"[\s\S]{0,1024}?%PDF-\d")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DIRECTORY: Final = b"PK\x05\x06"  # within 65,557 bytes of the end: 22, and a comment
_PROGRAM: Final = b"MZ"  # an archive that unpacks itself
_PACKED: Final = frozenset(
    ".zip .epub .docx .docm .dotx .xlsx .xlsm .xltx .xlsb .pptx .pptm .ppsx .odt .ods .odp".split()
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF: Final = b"{\\rtf"
_IMAGE: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF....WEBP|\0\0\0.ftyp(?:heic|heix|mif1|avif)|BM....\0\0\0\0",
    re.DOTALL,
)
# A page header or the footer follows the mark (Apache Parquet, File Format): thrift, which no text begins with.
_PARQUET: Final = re.compile(rb"PAR[1E][\0-\x08\x0e-\x1f]")
_PARQUET_MARKS: Final = (b"PAR1", b"PARE")
# The parts that tell what a package is (ECMA-376 Part 2, 7.2.3: names in any case), beside the list of their types.
_TYPES: Final = "[content_types].xml"
_PARTS: Final = re.compile(r"/?(?:(word/document)|(xl/workbook)|(ppt/presentation))\d*\.(?:xml|bin)")
_OFFICE: Final = ("docx", "sheet", "pptx")
_OPEN_DOCUMENT: Final = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.graphics": "odp",
}
_WHOLE: Final = frozenset({*_OFFICE, *_OPEN_DOCUMENT.values()})
_REPEATED: Final = "同じ名前の部品が二つ以上あるため、すべては確認できません。元のソフトで開いて保存し直してください"
_WORDLESS: Final = "文字が見つからないため確認できません。中身があるときは、目で見て確かめてください"
_MAIL: Final = frozenset({".eml", ".mht", ".mhtml"})
_PAGE: Final = frozenset({".html", ".htm", ".xhtml"})


def _docx(source: Source) -> Content:
    from aiguard.readers.docx import read_docx

    return read_docx(source)


def _pptx(source: Source) -> Content:
    from aiguard.readers.pptx import read_pptx

    return read_pptx(source)


def _sheet(source: Source) -> Content:
    from aiguard.readers.sheet import read_sheet

    return read_sheet(source)


def _ods(source: Source) -> Content:
    from aiguard.readers.ods import read_ods

    return read_ods(source)


def _odt(source: Source) -> Content:
    from aiguard.readers.odt import read_odt

    return read_odt(source)


def _odp(source: Source) -> Content:
    from aiguard.readers.odp import read_odp

    return read_odp(source)


def _pdf(source: Source) -> Content:
    from aiguard.readers.pdf import read_pdf

    return read_pdf(source)


def _rtf(source: Source) -> Content:
    from aiguard.readers.rtf import read_rtf

    return read_rtf(source)


def _html(source: Source) -> Content:
    from aiguard.readers.html import read_html

    return read_html(source)


def _eml(source: Source) -> Content:
    from aiguard.readers.eml import read_eml

    return read_eml(source)


def _ole(source: Source) -> Content:
    from aiguard.readers.ole import read_ole

    return read_ole(source)


def _zip(source: Source) -> Content:
    from aiguard.readers.archive import read_archive

    return read_archive(source)


def _parquet(source: Source) -> Content:
    from aiguard.readers.parquet import read_parquet

    return read_parquet(source)


def _image(source: Source) -> Content:
    from aiguard.readers.image import read_image

    return read_image(source)


READERS: Final[dict[str, Callable[[Source], Content]]] = {
    "docx": _docx,
    "pptx": _pptx,
    "sheet": _sheet,
    "ods": _ods,
    "odt": _odt,
    "odp": _odp,
    "pdf": _pdf,
    "rtf": _rtf,
    "html": _html,
    "eml": _eml,
    "ole": _ole,
    "zip": _zip,
    "image": _image,
    "parquet": _parquet,
}


def format_of(data: bytes, name: str) -> str:
    """Return the format of a file: a key of `READERS`, or `TEXT` for what `decode` is to judge."""
    head = data[:1040]
    suffix = PurePath(name).suffix.lower()
    if head.startswith(_ZIP) or ((suffix in _PACKED or head.startswith(_PROGRAM)) and _DIRECTORY in data[-65_557:]):
        return _packed(data)
    if head.startswith(_OLE):
        return "ole"
    if head.startswith(_RTF):
        return "rtf"
    if _IMAGE.match(head):
        return "image"
    if b"%PDF-" in head and _PDF.match(head) and (suffix == ".pdf" or head.startswith(b"%PDF-")):
        return "pdf"
    return _by_suffix(head, suffix)


def _by_suffix(head: bytes, suffix: str) -> str:
    if is_parquet(head, suffix):
        return "parquet"
    return "eml" if suffix in _MAIL else "html" if suffix in _PAGE else TEXT


def is_parquet(head: bytes, suffix: str) -> bool:
    """Tell whether a file that begins so is Parquet; a suffix that says so makes the mark alone enough."""
    return bool(_PARQUET.match(head)) or (suffix == ".parquet" and head.startswith(_PARQUET_MARKS))


def read_format(source: Source, form: str) -> Content:
    """Read a file of a format; what cannot be read comes back as unchecked, never as an exception."""
    try:
        content = joined((READERS[form](source), _repeats(source) if form in _WHOLE else ((), ())))
    except ReadError as error:
        return refused(error.message)
    except RecursionError:
        return refused("入れ子が深すぎるため読めません")
    except MemoryError:
        return refused(NO_ROOM)
    except Exception:  # noqa: BLE001 - a fault of a reader is said of the file, and its message may hold the text
        return refused(FAULT)
    # A document that says nothing at all is as likely one whose words its reader does not see.
    return content if any(content) or not source.data.strip() else refused(_WORDLESS)


def _packed(data: bytes) -> str:
    """Tell what a zip package holds by the names in its directory and its `mimetype`."""
    from aiguard.readers.package import glance

    names, mimetype = glance(data)
    # A template is written as its kind with "-template" behind.
    kind = next((kind for mark, kind in _OPEN_DOCUMENT.items() if mimetype.startswith(mark)), None)
    if kind:
        return kind
    lowered = [name.lower().lstrip("/") for name in names]
    if _TYPES not in lowered:
        return "zip"
    found = next(filter(None, map(_PARTS.fullmatch, lowered)), None)
    return _OFFICE[(found.lastindex or 1) - 1] if found else "zip"


def _repeats(source: Source) -> Content:
    """Say that a document has two parts of one name: its readers see the last, another software may see the first."""
    from aiguard.readers.package import glance

    names, _ = glance(source.data)
    return ((), ()) if len(names) == len(set(names)) else refused(_REPEATED)
