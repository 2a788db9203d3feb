"""Write a report of trouble as a Word document, with nothing but the standard library (ECMA-376, WordprocessingML)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model.incidents import Case, Template

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES: Final = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/></Types>'
)
_RELATIONS: Final = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def to_docx(case: Case, template: Template) -> bytes:
    """Return the report as the bytes of a .docx; the same report gives the same bytes."""
    body = "".join(_paragraph(text, size) for text, size in _paragraphs(case, template))
    document = f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}</w:body></w:document>'
    out = io.BytesIO()
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document}
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name), content.encode(), ZIP_DEFLATED)
    return out.getvalue()


def _paragraphs(case: Case, template: Template) -> Iterator[tuple[str, int]]:
    """Yield each paragraph with its size in half points, 0 for running text."""
    yield (template.title, 32)
    yield (f"宛先: {'、'.join(template.recipients)}", 0)
    yield (f"記録の番号: {case.number}（{case.time}）", 0)
    yield (template.opening, 0)
    for field in template.fields:
        yield (field.label, 24)
        yield from ((line, 0) for line in (case.incident.fields.get(field.name) or "（なし）").splitlines())
    if case.incident.found:
        yield (template.found, 24)
        yield from ((f"・{each}", 0) for each in case.incident.found)
    for time, by, closing in case.closings:
        yield (f"{template.closed}（{time}）", 24)
        yield from ((line, 0) for line in closing.measures.splitlines())
        yield from ((f"記録者: {by}", 0),) if by else ()
    yield (template.closing, 0)


def _paragraph(text: str, size: int) -> str:
    from html import escape

    look = f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr>' if size else ""
    plain = "".join(each if each.isprintable() or each == "\u3000" else "\ufffd" for each in text)
    return f'<w:p><w:r>{look}<w:t xml:space="preserve">{escape(plain)}</w:t></w:r></w:p>'
