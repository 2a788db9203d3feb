"""Write a plain Word document from blocks: headings, paragraphs, checkboxes, tables.

The package has the three parts that Word needs (ECMA-376, part 2, 10; part 1, 11.3.10) and no more: headings are runs of
bold type, so that no part of styles is needed, and python-docx with lxml (some 20 MB) is not. The same blocks make the
same bytes: the parts bear no time.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4"/>' for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
# A4, upright, with margins of 25 mm: without a size Word takes the letter of the United States. Twentieths of a point.
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
)
_TWENTIETHS = 57  # of a point in a millimetre, nearly
_AFTER = '<w:pPr><w:spacing w:after="120"/></w:pPr>'
_AROUND = '<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/></w:pPr>'
_SIZES = {1: 32, 2: 26, 3: 22}  # half points
_WHEN = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file can name


class Heading(Struct, frozen=True):
    """Head a part; `level` is 1 to 3."""

    text: str
    level: int = 1


class Paragraph(Struct, frozen=True):
    """Say something; line breaks stay."""

    text: str


class Checkbox(Struct, frozen=True):
    """Ask to confirm something."""

    text: str
    checked: bool = False


class Table(Struct, frozen=True):
    """Show rows of cells, all of one length; `widths` are those of the columns in millimetres, or left to Word."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


Block = Heading | Paragraph | Checkbox | Table


def docx_of(blocks: Iterable[Block]) -> bytes:
    """Return the bytes of a .docx of the blocks, in their order."""
    body = "".join(map(_block, blocks))
    document = f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}{_PAGE}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text.encode())
    return made.getvalue()


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        size = _SIZES.get(block.level, _SIZES[3])
        return _paragraph(block.text, f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr>', _AROUND)
    if isinstance(block, Checkbox):
        return _paragraph(f"{'☑' if block.checked else '☐'} {block.text}")
    if isinstance(block, Table):
        return _table(block)
    return _paragraph(block.text, distance=_AFTER)


def _table(table: Table) -> str:
    columns = max(map(len, table.rows), default=0)
    if not columns:
        return ""
    widths = [f' w:w="{width * _TWENTIETHS}"' for width in table.widths] or [""] * columns
    rows = "".join(f"<w:tr>{''.join(map(_cell, row, widths))}</w:tr>" for row in table.rows)
    grid = f"<w:tblGrid>{''.join(f'<w:gridCol{width}/>' for width in widths)}</w:tblGrid>"
    fixed = '<w:tblLayout w:type="fixed"/>' if table.widths else ""
    # Word calls a file broken whose table is followed by no paragraph.
    return f"<w:tbl><w:tblPr><w:tblBorders>{_EDGES}</w:tblBorders>{fixed}</w:tblPr>{grid}{rows}</w:tbl><w:p/>"


def _cell(text: str, width: str) -> str:
    measure = f'<w:tcPr><w:tcW{width} w:type="dxa"/></w:tcPr>' if width else "<w:tcPr/>"
    return f"<w:tc>{measure}{_paragraph(text)}</w:tc>"


def _paragraph(text: str, look: str = "", distance: str = "") -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{_safe(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p>{distance}<w:r>{look}{lines}</w:r></w:p>"


def _safe(text: str) -> str:
    """Return text as XML 1.0 can hold it: without control characters, lone surrogates and U+FFFE, U+FFFF."""
    kept = (char for char in text if (char >= " " or char == "\t") and not "\ud800" <= char <= "\udfff")
    return escape("".join(char for char in kept if char not in "\ufffe\uffff"))
