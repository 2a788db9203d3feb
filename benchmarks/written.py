"""Write the files that are measured and fuzzed: packages of XML and PDFs, the same bytes each time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_DATE = (2026, 4, 1, 9, 0, 0)
_FONT = b"<</Type/Font/Subtype/Type0/BaseFont/Gothic/Encoding/UniJIS-UTF16-H/DescendantFonts[4 0 R]>>"
_GLYPHS = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Gothic/DW 1000/FontDescriptor 5 0 R"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>>>"
)
_DESCRIPTOR = (
    b"<</Type/FontDescriptor/FontName/Gothic/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
    b"/Descent -120/CapHeight 700/StemV 80>>"
)


def packed(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Pack members as Office does; `mimetype` is stored, so that OpenDocument is known by its first bytes."""
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, content in members:
            archive.NameToInfo.pop(name, None)  # else zipfile warns of a name that comes twice
            archive.writestr(ZipInfo(name, _DATE), content, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return stream.getvalue()


def package(parts: Mapping[str, str]) -> bytes:
    """Pack parts of XML."""
    return packed((name, text.encode()) for name, text in parts.items())


def text_string(text: str) -> bytes:
    """Write a text string of PDF as UTF-16 in hexadecimal digits (ISO 32000-1, 7.9.2.2)."""
    return b"<feff%s>" % hexadecimal(text)


def hexadecimal(text: str) -> bytes:
    """Write a text as a font in UniJIS-UTF16-H is shown it: UTF-16 in hexadecimal digits."""
    return text.encode("utf-16-be").hex().encode()


def pdf(pages: Sequence[Sequence[str]], title: str = "", note: str = "") -> bytes:
    """Write a PDF: a page for each list of lines, with a title, and an annotation on the first page."""
    first = 8
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        _FONT,
        _GLYPHS,
        _DESCRIPTOR,
        b"<</Title %s>>" % text_string(title),
        b"<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents %s>>" % text_string(note),
    ]
    for number, lines in enumerate(pages):
        content = b"BT /F1 10 Tf 40 780 Td\n%sET" % b"".join(b"0 -14 Td <%s> Tj\n" % hexadecimal(x) for x in lines)
        notes = b"/Annots[7 0 R]" if note and number == 0 else b""
        objects += (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>%s>>"
            % (first + 2 * number + 1, notes),
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        )
    return _numbered(objects)


def _numbered(objects: Sequence[bytes]) -> bytes:
    """Write objects from 1 on and their cross-reference table (ISO 32000-1, 7.5)."""
    body = bytearray(b"%PDF-1.7\n")
    places: list[int] = []
    for number, held in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(body)
