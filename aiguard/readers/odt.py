"""Read OpenDocument texts (.odt, .ott): the body, its notes and boxes, headers and footers, comments and deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.readers.opendocument import beside, open_package, pages, styles_of, whole
from aiguard.readers.opendocument_flow import flow, story_of, told
from aiguard.readers.source import damaged, only, paragraphs
from aiguard.readers.xmltree import local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source


def read_odt(source: Source) -> Content:
    """Read a text document; ReadError where it is damaged or takes a password."""
    package = open_package(source)
    root = parse_xml(package.read("content.xml"))
    body = next(root.iter("{*}text"), None)
    if body is None:
        raise damaged("OpenDocument文書")
    styles = styles_of(package)
    story = story_of(source, root, styles)
    flow(body, story)
    changes = _deletions(source, *(each for each in (root, styles) if each is not None))
    return whole(package, source, (told(story, "本文"), changes, pages(package, source), beside(package, source)))


def _deletions(source: Source, *roots: _Element) -> Content:
    """Return what was deleted while changes were tracked (5.5), and who changed something."""
    story = story_of(source)
    for region in (region for root in roots for region in root.iter("{*}deletion")):
        flow(region, story, "変更履歴（削除）")
    authors = (
        ("変更した人", each.text or "")
        for root in roots
        for info in root.iter("{*}change-info")
        for each in info
        if local(each) == "creator"
    )
    lines = (*story.lines, *story.notes, *story.asides, *dict.fromkeys(authors))
    return only(paragraphs(lines, label="変更履歴", aside=True))
