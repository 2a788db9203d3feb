"""Put a statement into a document of Word: its body, or the footers of all its sections (ECMA-376 Part 1, 17)."""

from __future__ import annotations

from html import escape
from posixpath import basename, dirname, join
from typing import TYPE_CHECKING

from aiguard.errors import ReadError
from aiguard.readers.ooxml import main_part, relationships
from aiguard.writers.xml_part import (
    DAMAGED,
    NO_PLACE,
    Change,
    Element,
    NoPlace,
    Part,
    is_on,
    office,
    part_of,
    used,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.readers.package import Package


def insert_docx(package: Package, statement: str, at: str) -> Change:
    """Return the parts of a document that a statement changes and adds; NoPlace, ReadError."""
    main = main_part(package, r"word/document\d*\.xml")
    if main is None:
        raise ReadError(DAMAGED)
    part = part_of(package.read(main), ("body", "sectPr", "footerReference", "titlePg"))
    body = part.one("body", "document")
    if at == "footer":
        return _docx_footer(package, main, part, body, statement)
    xml = _paragraph(body.prefix, statement)
    last = part.all("sectPr", "body")
    piece = (
        (last[-1].start, last[-1].start, xml) if last and at == "end" else part.inside(body, xml, first=at == "start")
    )
    return {main: part.written(piece)}, {}


def _paragraph(w: str, statement: str) -> str:
    """Return a paragraph (ECMA-376 Part 1, 17.3.1.22)."""
    return f'<{w}p><{w}r><{w}t xml:space="preserve">{statement}</{w}t></{w}r></{w}p>'


def _docx_footer(package: Package, main: str, part: Part, body: Element, statement: str) -> Change:
    """Put a paragraph into every footer that a section names, or make one (17.10.3, 17.10.5)."""
    related = relationships(package, main)
    named = [related.get(each.given.get(":id", "")) for each in part.all("footerReference", "sectPr")]
    targets = dict.fromkeys(each.target for each in named if each is not None and each.target in package)
    if not named:
        return _new_footers(package, main, part, body, statement)
    if not targets:
        raise NoPlace(NO_PLACE)
    changes = {}
    for target in targets:
        footer = part_of(package.read(target), ("ftr",))
        root = footer.one("ftr")
        changes[target] = footer.written(footer.inside(root, _paragraph(root.prefix, statement)))
    return changes, {}


def _new_footers(package: Package, main: str, part: Part, body: Element, statement: str) -> Change:
    """Make the footers that the first section shows: later ones have them from it (17.10.5)."""
    kinds = ["default", *(["first"] if any(map(is_on, part.all("titlePg", "sectPr"))) else ())]
    kinds += ["even"] if _has_even_pages(package, main) else []
    taken = {name.lower() for name in package.names}
    numbers = (
        number for number in range(1, len(taken) + 9) if f"{dirname(main)}/footer{number}.xml".lower() not in taken
    )
    names = {kind: f"footer{number}.xml" for kind, number in zip(kinds, numbers, strict=False)}
    ids = _new_ids(relationships(package, main), len(kinds))
    (r, related), (w, own) = used(body.scope, office(body, "r"), "r"), used(body.scope, body.space, "w")
    tag = f"{body.prefix}footerReference{related}{own}"
    references = "".join(f'<{tag} {w}type="{kind}" {r}id="{key}"/>' for kind, key in zip(names, ids, strict=True))
    sections = [each for each in part.all("sectPr") if each.parent in {"body", "pPr"}]
    piece = (
        part.inside(sections[0], references, first=True)
        if sections
        else part.inside(body, f"<{body.prefix}sectPr>{references}</{body.prefix}sectPr>")
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:ftr xmlns:w="{escape(body.space)}">{_paragraph("w:", statement)}</w:ftr>'
    changes, added = _related(package, main, office(body, "r"), dict(zip(ids, names.values(), strict=True)))
    changes[main] = part.written(piece)
    return changes, added | {join(dirname(main), name): xml.encode() for name in names.values()}


def _has_even_pages(package: Package, main: str) -> bool:
    name = join(dirname(main), "settings.xml")
    settings = part_of(package.read(name), ("evenAndOddHeaders",)).all("evenAndOddHeaders") if name in package else []
    return any(map(is_on, settings))


def _new_ids(taken: Iterable[str], count: int) -> list[str]:
    known = {each.lower() for each in taken}
    free = (f"rId{number}" for number in range(1, len(known) + count + 1) if f"rid{number}" not in known)
    return [next(free) for _ in range(count)]


def _related(package: Package, main: str, space: str, targets: dict[str, str]) -> Change:
    """Relate new footers to the main part, and say what type they are (Part 2, 6.5 and 7.2.3)."""
    name = join(dirname(main), "_rels", f"{basename(main)}.rels")
    root = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = next((each for each in package.names if each.lower() == "[content_types].xml"), None)
    if types is None:
        raise ReadError(DAMAGED)
    if name in package:
        relations = part_of(package.read(name), ("Relationships",))
        holder = relations.one("Relationships")
        changes = {name: relations.written(relations.inside(holder, _relations(holder.prefix, space, targets)))}
        added = {}
    else:
        xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{root}">{_relations("", space, targets)}</Relationships>'
        changes, added = {}, {name: xml.encode()}
    part = part_of(package.read(types), ("Types",))
    listed = part.one("Types")
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    overrides = (
        f'<{listed.prefix}Override PartName="/{join(dirname(main), target)}" ContentType="{content}"/>'
        for target in targets.values()
    )
    return {**changes, types: part.written(part.inside(listed, "".join(overrides)))}, added


def _relations(prefix: str, space: str, targets: dict[str, str]) -> str:
    return "".join(
        f'<{prefix}Relationship Id="{key}" Type="{space}/footer" Target="{target}"/>' for key, target in targets.items()
    )
