"""Read OpenDocument texts (.odt, .ott): the body, its notes and boxes, headers and footers, comments and deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.readers.opendocument import beside, deletions, flow, open_package, pages, story_of, told, whole
from aiguard.readers.source import damaged
from aiguard.readers.xmltree import parse_xml

if TYPE_CHECKING:
    from aiguard.readers.source import Content, Source


def read_odt(source: Source) -> Content:
    """Read a text document; ReadError where it is damaged or takes a password."""
    package = open_package(source)
    root = parse_xml(package.read("content.xml"))
    body = next(root.iter("{*}text"), None)
    if body is None:
        raise damaged("OpenDocument文書")
    story = story_of(source, root)
    flow(body, story)
    return whole(
        package, source, (told(story, "本文"), deletions(root, source), pages(package, source), beside(package, source))
    )
