"""Read OpenDocument presentations and drawings (.odp, .otp, .odg): slides, notes, comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aiguard.readers.opendocument import beside, open_package, pages, styles_of, whole
from aiguard.readers.opendocument_flow import flow, story_of, told
from aiguard.readers.source import joined, only, paragraphs
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

    from aiguard.readers.opendocument_flow import Story
    from aiguard.readers.source import Content, Source

_DECLARED: Final = {"header-decl": "ヘッダー", "footer-decl": "フッター", "date-time-decl": "日付"}
_PROMPT: Final = re.compile("<[^<>]*>")  # what stands in a master for the number of a page: <番号>


def read_odp(source: Source) -> Content:
    """Read a presentation, a segment a slide; ReadError where it is damaged or takes a password."""
    package = open_package(source)
    root = parse_xml(package.read("content.xml"))
    styles = styles_of(package)
    hidden = frozenset(
        attribute(style, "name") or ""
        for style in root.iter("{*}style")
        if any(attribute(each, "visibility") == "hidden" for each in style)
    )
    story = story_of(source, root, styles)
    slides = [_slide(page, number, story, hidden) for number, page in enumerate(root.iter("{*}page"), 1)]
    around = (_declared(root), _masters(styles, source), pages(package, source), beside(package, source))
    return whole(package, source, (*slides, *around))


def _slide(page: _Element, number: int, story: Story, hidden: frozenset[str]) -> Content:
    is_hidden = attribute(page, "style-name") in hidden
    label = f"スライド{number}（非表示）" if is_hidden else f"スライド{number}"
    shown = story._replace(lines=[], asides=[], notes=[], counts={}, place=label)
    flow(page, shown, label)  # `flow` leaves the notes out
    speech = f"スライド{number} ノート"
    spoken = story._replace(lines=[], asides=[], notes=[], counts={}, place=speech)
    for each in page.iterchildren("{*}notes"):
        flow(each, spoken, speech)
    return joined((told(shown, label, aside=is_hidden), told(spoken, speech, aside=True)))


def _declared(root: _Element) -> Content:
    """Return the headers, footers and dates that slides show and the presentation declares once (9.11)."""
    lines = ((label, each.text or "") for name, label in _DECLARED.items() for each in root.iter(f"{{*}}{name}"))
    return only(paragraphs(lines, label="ヘッダー・フッター"))


def _masters(root: _Element | None, source: Source) -> Content:
    """Read what master pages say themselves; what only holds a place says nothing."""
    story = story_of(source, root, place="スライドマスター")
    for shape in (shape for master in root.iter("{*}master-page") for shape in master) if root is not None else ():
        if attribute(shape, "placeholder") != "true" and local(shape) != "notes":
            flow(shape, story, "スライドマスター")
    said = [(label, text) for label, text in story.lines if not _PROMPT.fullmatch(text.strip())]
    return told(story._replace(lines=said), "スライドマスター")
