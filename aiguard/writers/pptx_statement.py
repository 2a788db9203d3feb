"""Put a statement into a presentation: a text box on its first or last slide (ECMA-376 Part 1, 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.errors import ReadError
from aiguard.readers.ooxml import main_part, relationships
from aiguard.writers.xml_part import (
    DAMAGED,
    NO_PLACE,
    OFF,
    Change,
    NoPlace,
    Part,
    number_in,
    office,
    part_of,
    used,
)

if TYPE_CHECKING:
    from aiguard.readers.package import Package


def insert_pptx(package: Package, statement: str, at: str) -> Change:
    """Put a text box (p:sp, 19.3.1.43) at the foot of the last or the first slide shown, or of every slide."""
    main = main_part(package, r"ppt/presentation\d*\.xml")
    if main is None:
        raise ReadError(DAMAGED)
    show, related = part_of(package.read(main), ("sldId", "sldSz")), relationships(package, main)
    named = [related.get(each.given.get(":id", "")) for each in show.all("sldId", "sldIdLst")]
    names = [each.target for each in named if each is not None and each.target in package]
    slides = {name: part_of(package.read(name), ("sld", "spTree", "extLst", "cNvPr")) for name in names}
    shown = [name for name, slide in slides.items() if slide.one("sld").given.get("show", "1") not in OFF]
    if not shown:
        raise NoPlace(NO_PLACE)
    wanted = shown if at == "footer" else [shown[0] if at == "start" else shown[-1]]
    size = next((each.given for each in show.all("sldSz")), {})
    width, height = (
        number_in(size.get(key, ""), otherwise) for key, otherwise in (("cx", 9_144_000), ("cy", 6_858_000))
    )
    return {name: _boxed(slides[name], statement, width, height) for name in wanted}, {}


def _boxed(slide: Part, statement: str, width: int, height: int) -> bytes:
    tree = slide.one("spTree", "cSld")
    number = max((number_in(each.given.get("id", ""), 1) for each in slide.all("cNvPr")), default=1) + 1
    p, (a, declared) = tree.prefix, used(tree.scope, office(tree, "a"), "a")
    xml = (
        f'<{p}sp{declared}><{p}nvSpPr><{p}cNvPr id="{number}" name="生成AI利用の明示"/><{p}cNvSpPr txBox="1"/><{p}nvPr/></{p}nvSpPr>'
        f'<{p}spPr><{a}xfrm><{a}off x="{width // 40}" y="{height * 93 // 100}"/><{a}ext cx="{width * 38 // 40}" cy="{height * 6 // 100}"/>'
        f'</{a}xfrm><{a}prstGeom prst="rect"><{a}avLst/></{a}prstGeom><{a}noFill/></{p}spPr><{p}txBody><{a}bodyPr wrap="square"/><{a}lstStyle/>'
        f'<{a}p><{a}r><{a}rPr lang="ja-JP" sz="1000"/><{a}t>{statement}</{a}t></{a}r></{a}p></{p}txBody></{p}sp>'
    )
    last = [each for each in slide.all("extLst", "spTree") if each.end <= tree.close]
    return slide.written((last[-1].start, last[-1].start, xml) if last else slide.inside(tree, xml))
