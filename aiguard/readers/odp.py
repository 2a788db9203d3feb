"""Read OpenDocument presentations and drawings (.odp, .otp, .odg): slides, notes, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.readers.opendocument import beside, flow, open_package, pages, story_of, told, whole
from aiguard.readers.source import joined
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

    from aiguard.readers.opendocument import Story
    from aiguard.readers.package import Package
    from aiguard.readers.source import Content, Source


def read_odp(source: Source) -> Content:
    """Read a presentation, a segment a slide; ReadError where it is damaged or takes a password."""
    package = open_package(source)
    root = parse_xml(package.read("content.xml"))
    hidden = frozenset(
        attribute(style, "name") or ""
        for style in root.iter("{*}style")
        if any(attribute(each, "visibility") == "hidden" for each in style)
    )
    slides = [
        _slide(page, number, story_of(source, root), hidden) for number, page in enumerate(root.iter("{*}page"), 1)
    ]
    return whole(package, source, (*slides, _masters(package, source), pages(package, source), beside(package, source)))


def _slide(page: _Element, number: int, story: Story, hidden: frozenset[str]) -> Content:
    is_hidden = attribute(page, "style-name") in hidden
    label = f"スライド{number}（非表示）" if is_hidden else f"スライド{number}"
    notes = [child for child in page if local(child) == "notes"]
    flow(page, story, label)  # `flow` leaves the notes out
    spoken = story._replace(lines=[], asides=[], notes=[])
    for each in notes:
        flow(each, spoken, f"スライド{number} ノート")
    return joined((told(story, label, aside=is_hidden), told(spoken, f"スライド{number} ノート", aside=True)))


def _masters(package: Package, source: Source) -> Content:
    """Read what master pages say themselves; what only holds a place says nothing."""
    if "styles.xml" not in package:
        return (), ()
    root = parse_xml(package.read("styles.xml"))
    story = story_of(source, root)
    for master in root.iter("{*}master-page"):
        for shape in master:
            if (
                attribute(shape, "placeholder") != "true"
                and attribute(shape, "class") is None
                and local(shape) != "notes"
            ):
                flow(shape, story, "スライドマスター")
    return told(story, "スライドマスター")
