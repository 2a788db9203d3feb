"""Put a statement into a document of OpenDocument: its text, or the footers of its pages (ODF 1.3 Part 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aiguard.writers.xml_part import (
    NO_PLACE,
    Change,
    Element,
    NoPlace,
    Part,
    Piece,
    part_of,
    used,
)

if TYPE_CHECKING:
    from aiguard.readers.package import Package

_TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_MASTER: Final = re.compile(rb"""master-page-name\s*=\s*["']([^"']{1,200})["']""")
_PRELUDE: Final = (
    "forms tracked-changes variable-decls sequence-decls user-field-decls dde-connection-decls alphabetical-index-auto-mark-file "
    "calculation-settings content-validations label-ranges".split()
)
_EPILOGUE: Final = "named-expressions database-ranges data-pilot-tables consolidation dde-links".split()
_FEET: Final = "header header-left header-first footer footer-left footer-first".split()


def insert_odt(package: Package, statement: str, at: str) -> Change:
    """Put a paragraph (OpenDocument 1.3, Part 3, 5.1.3) into the text or into the footers of its pages."""
    if at == "footer":
        return _odt_footer(package, statement)
    part = part_of(package.read("content.xml"), ("text", *_PRELUDE, *_EPILOGUE))
    body = part.one("text", "body")
    xml = _odt_paragraph(body, statement)
    inner = [
        each for each in part.elements if each.parent == "text" and body.inner <= each.start and each.end <= body.close
    ]
    if at == "start":
        before = [each.end for each in inner if each.name in _PRELUDE]
        place = max(before, default=-1)
    else:
        place = min((each.start for each in inner if each.name in _EPILOGUE), default=-1)
    return {
        "content.xml": part.written((place, place, xml) if place >= 0 else part.inside(body, xml, first=at == "start"))
    }, {}


def _odt_paragraph(element: Element, statement: str) -> str:
    prefix, declared = used(element.scope, _TEXT, "text")
    return f"<{prefix}p{declared}>{statement}</{prefix}p>"


def _odt_footer(package: Package, statement: str) -> Change:
    """Put a paragraph into the footers (16.10) of the master pages that are in use, made where there is none."""
    if "styles.xml" not in package:
        raise NoPlace(NO_PLACE)
    part = part_of(package.read("styles.xml"), ("master-page", *_FEET))
    used = {name.decode() for name in _MASTER.findall(package.read("content.xml") + part.text)}
    masters = part.all("master-page")
    wanted = [each for each in masters if each.given.get(":name") in used or each.start == masters[0].start]
    pieces = [piece for master in wanted for piece in _master_pieces(part, master, statement)]
    if not pieces:
        raise NoPlace(NO_PLACE)
    return {"styles.xml": part.written(*pieces)}, {}


def _master_pieces(part: Part, master: Element, statement: str) -> list[Piece]:
    inner = [each for each in part.elements if each.parent == "master-page" and master.start < each.start < master.end]
    feet = [each for each in inner if each.name.startswith("footer") and each.given.get(":display") != "false"]
    if feet:
        return [part.inside(each, _odt_paragraph(each, statement)) for each in feet]
    if any(each.name == "footer" for each in inner):
        return []  # one that is switched off
    tag, xml = f"{master.prefix}footer", _odt_paragraph(master, statement)
    heads = [each.end for each in inner if each.name.startswith("header")]
    piece = f"<{tag}>{xml}</{tag}>"
    return [(max(heads), max(heads), piece) if heads else part.inside(master, piece, first=True)]
