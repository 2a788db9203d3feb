"""Put a statement into the XML of an office package, at a place where the format has text, and change nothing else."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.writers.zipsplice import replaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiguard.readers.package import Package

_NO_PLACE: Final = "この文書には書き込む場所が見つかりません"
_NO_FOOTER: Final = "この文書にはフッターがありません。--at end か --at start にしてください"
_NO_START: Final = "表計算では先頭に書き込めません（セルが動くため）。--at end か --at footer にしてください"


def insert(data: bytes, package: Package, form: str, statement: str, at: str) -> bytes:
    """Return a package with a statement at the "start", the "end" or in the "footer"; ReadError where that cannot be."""
    return replaced(data, _FORMS[form](package, escape(statement, quote=False), at))


def holds(form: str) -> bool:
    """Tell whether statements can be put into a format."""
    return form in _FORMS


def _spliced(text: bytes, place: int, xml: str) -> bytes:
    if place < 0:
        raise ReadError(_NO_PLACE)
    return text[:place] + xml.encode() + text[place:]


def _prefix(text: bytes, name: str) -> str:
    """Return the prefix, with its colon, that a part gives to its main namespace."""
    found = re.search(rf"<(?:([\w.-]+):)?{name}[\s>/]".encode(), text)
    if not found:
        raise ReadError(_NO_PLACE)
    return f"{found[1].decode()}:" if found[1] else ""


def _docx(package: Package, statement: str, at: str) -> dict[str, bytes]:
    main = next(package.matching("word/document", ".xml"), "word/document.xml")
    if at == "footer":
        footers = list(package.matching("word/footer", ".xml"))
        if not footers:
            raise ReadError(_NO_FOOTER)
        return {name: _paragraph(package.read(name), "ftr", statement, first=False) for name in footers}
    return {main: _paragraph(package.read(main), "body", statement, first=at == "start")}


def _paragraph(text: bytes, holder: str, statement: str, *, first: bool) -> bytes:
    """Put a paragraph (w:p, ECMA-376 Part 1, 17.3.1.22) into a body: before what ends it, which is its last section."""
    w = _prefix(text, holder)
    xml = f'<{w}p><{w}r><{w}t xml:space="preserve">{statement}</{w}t></{w}r></{w}p>'
    if first:
        opened = re.search(rf"<{w}{holder}(?:\s[^>]*)?>".encode(), text)
        return _spliced(text, opened.end() if opened else -1, xml)
    close = text.rfind(f"</{w}{holder}>".encode())
    section = text.rfind(f"<{w}sectPr".encode(), 0, max(0, close))
    content = max(text.rfind(f"</{w}{name}>".encode(), 0, max(0, close)) for name in ("p", "tbl", "sdt"))
    return _spliced(text, section if section > content else close, xml)


def _odt(package: Package, statement: str, at: str) -> dict[str, bytes]:
    xml = f"<text:p>{statement}</text:p>"
    if at == "footer":
        text = package.read("styles.xml")
        if b"</style:footer>" not in text:
            raise ReadError(_NO_FOOTER)
        return {"styles.xml": text.replace(b"</style:footer>", xml.encode() + b"</style:footer>")}
    text = package.read("content.xml")
    if at == "end":
        return {"content.xml": _spliced(text, text.rfind(b"</office:text>"), xml)}
    # What a body declares comes before its text: forms, deletions, sequences.
    declared = max(text.rfind(mark) + len(mark) if mark in text else -1 for mark in _DECLARED)
    opened = re.search(rb"<office:text(?:\s[^>]*)?>", text)
    return {"content.xml": _spliced(text, max(declared, opened.end() if opened else -1), xml)}


_DECLARED: Final = (
    b"</text:tracked-changes>",
    b"</text:sequence-decls>",
    b"</office:forms>",
    b"</text:variable-decls>",
)


def _pptx(package: Package, statement: str, at: str) -> dict[str, bytes]:
    """Put a text box (p:sp, 19.3.1.43) at the foot of the last or the first slide shown, or of every slide."""
    names = sorted(
        package.matching("ppt/slides/slide", ".xml"), key=lambda name: [int(n) for n in re.findall("[0-9]+", name)]
    )
    shown = [name for name in names if not re.search(rb'<p:sld[^>]*\bshow="(?:0|false)"', package.read(name)[:2_000])]
    if not shown:
        raise ReadError(_NO_PLACE)
    wanted = shown if at == "footer" else [shown[0] if at == "start" else shown[-1]]
    size = re.search(rb'<p:sldSz[^>]*\bcx="([0-9]+)"[^>]*\bcy="([0-9]+)"', package.read("ppt/presentation.xml"))
    width, height = (int(size[1]), int(size[2])) if size else (9_144_000, 6_858_000)
    return {name: _boxed(package.read(name), statement, width, height) for name in wanted}


def _boxed(text: bytes, statement: str, width: int, height: int) -> bytes:
    number = max((int(found) for found in re.findall(rb'<p:cNvPr[^>]*\bid="([0-9]{1,9})"', text)), default=1) + 1
    xml = (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="AI"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{width // 40}" y="{height * 93 // 100}"/><a:ext cx="{width * 38 // 40}" cy="{height * 6 // 100}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr wrap="square"/><a:lstStyle/>'
        f'<a:p><a:r><a:rPr lang="ja-JP" sz="1000"/><a:t>{statement}</a:t></a:r></a:p></p:txBody></p:sp>'
    )
    return _spliced(text, text.rfind(b"</p:spTree>"), xml)


def _xlsx(package: Package, statement: str, at: str) -> dict[str, bytes]:
    """Put an inline string (18.18.11) into column A, two rows below the last, or into the footer of the printed page."""
    from aiguard.readers.sheet_outline import first_sheet

    name = first_sheet(package)
    if at == "start" or name is None:
        raise ReadError(_NO_START if name else _NO_PLACE)
    text = package.read(name)
    s = _prefix(text, "worksheet")
    if at == "footer":
        return {name: _foot(text, s, statement)}
    last = max((int(row) for row in re.findall(rf"<{s}row\b[^>]*?\br=\"([0-9]{{1,7}})\"".encode(), text)), default=0)
    row = last + 2 if last else 1
    cell = f'<{s}row r="{row}"><{s}c r="A{row}" t="inlineStr"><{s}is><{s}t>{statement}</{s}t></{s}is></{s}c></{s}row>'
    empty = f"<{s}sheetData/>".encode()
    if empty in text:
        return {name: text.replace(empty, f"<{s}sheetData>{cell}</{s}sheetData>".encode(), 1)}
    return {name: _spliced(text, text.rfind(f"</{s}sheetData>".encode()), cell)}


def _foot(text: bytes, s: str, statement: str) -> bytes:
    held = f"</{s}oddFooter>".encode()
    if held in text:
        return text.replace(held, f" {statement}".encode() + held)
    if f"<{s}headerFooter".encode() in text:
        raise ReadError(_NO_FOOTER)
    xml = f"<{s}headerFooter><{s}oddFooter>&amp;L{statement}</{s}oddFooter></{s}headerFooter>"
    # headerFooter stands behind pageSetup and before breaks and drawings (18.3.1.99).
    after = (
        f"<{s}{mark}"
        for mark in (
            "rowBreaks",
            "colBreaks",
            "customProperties",
            "cellWatches",
            "ignoredErrors",
            "smartTags",
            "drawing",
            "legacyDrawing",
            "picture",
            "oleObjects",
            "controls",
            "tableParts",
            "extLst",
        )
    )
    places = [place for mark in after if (place := text.find(mark.encode())) >= 0]
    return _spliced(text, min(places, default=text.rfind(f"</{s}worksheet>".encode())), xml)


_FORMS: Final[dict[str, Callable[[Package, str, str], dict[str, bytes]]]] = {
    "docx": _docx, "odt": _odt, "pptx": _pptx, "sheet": _xlsx,
}  # fmt: skip
