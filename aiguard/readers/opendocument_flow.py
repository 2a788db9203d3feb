"""Read the flow of an OpenDocument file: paragraphs, lists, tables, boxes, notes (OASIS OpenDocument 1.3, Part 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from aiguard.readers.source import paragraphs
from aiguard.readers.xmltree import attribute, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source


_PARAGRAPH: Final = "段落"
_MOST_SPACES: Final = 64
_MOST_REPEATS: Final = 64  # copies of a cell or a row that holds something,
_LONGEST_REPEAT: Final = 1_000  # unless they would be longer, in code points: one is read then
_HIDDEN: Final = "隠し文字"
_BOX: Final = "テキストボックス"
_TEXTS: Final = frozenset({"p", "h"})
_SIGNS: Final = {"s": " ", "tab": "\t", "line-break": "\n"}
_WORDED: Final = frozenset(
    "text-box custom-shape rect ellipse circle line polyline polygon regular-polygon path connector caption measure".split()
)
_BOXES: Final = _WORDED | {"frame", "g", "control"}
_NOTES: Final = {"note": "脚注", "annotation": "コメント"}
_OUTSIDE: Final = re.compile(r"(?!vnd\.sun)[A-Za-z][A-Za-z0-9+.-]*:|\.\./")
# What is not on the page, or is read elsewhere.
_APART: Final = frozenset(
    "tracked-changes annotation-end sequence-decls note-citation ruby-text event-listeners automatic-styles "
    "bookmark bookmark-start bookmark-end soft-page-break notes".split()
)


class Story(NamedTuple):
    """Hold a flow of text while it is read: its lines, what is aside, and the counts of what is numbered.

    `place` stands before the labels of what is aside: the slide it belongs to.
    """

    source: Source
    hidden: frozenset[str]
    lines: list[tuple[str, str]]
    asides: list[tuple[str, str]]
    notes: list[tuple[str, str]]
    counts: dict[str, int]
    place: str = ""

    def number(self, kind: str) -> str:
        """Name the next of a kind."""
        self.source.budget.check_time()
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{kind}{self.counts[kind]}"

    def put(self, label: str, text: str) -> None:
        """Add a line; one that says nothing is left out."""
        if text.strip():
            at = label or f"本文 {self.number(_PARAGRAPH).removeprefix(_PARAGRAPH)}{_PARAGRAPH}目"
            self.lines.append((at, text))

    def note(self, kind: str, text: str) -> None:
        """Keep a text that is not on the page."""
        if text.strip():
            self.asides.append((f"{self.place} {kind}".strip(), text))


def story_of(source: Source, *roots: _Element | None, place: str = "") -> Story:
    """Begin a flow; text in a style that is not displayed, or in one based on such (16.2), is hidden."""
    styles = [
        style for root in roots if root is not None for some in root.iterchildren("{*}automatic-styles", "{*}styles")
        for style in some.iterchildren("{*}style")
    ]  # fmt: skip
    shown = {attribute(each, "name") or "": value for each in styles if (value := _display(each))}
    based: dict[str, list[str]] = {}
    for each in styles:
        based.setdefault(attribute(each, "parent-style-name") or "", []).append(attribute(each, "name") or "")
    hidden: set[str] = set()
    further = [name for name, value in shown.items() if value in {"none", "false"}]
    while further:
        name = further.pop()
        if name not in hidden:
            hidden.add(name)
            further += (each for each in based.get(name, ()) if each not in shown)
    return Story(source, frozenset(hidden), [], [], [], {}, place)


def _display(style: _Element) -> str:
    return next((value for each in style if (value := attribute(each, "display"))), "")


def flow(element: _Element, story: Story, label: str = "") -> None:
    """Read what stands between paragraphs: paragraphs, lists, tables, sections, frames."""
    for child in element:
        name = local(child)
        if name in _TEXTS:
            _paragraph(child, story, label)
        elif name == "table":
            _table(child, story, label)
        elif name in _NOTES:
            _note(child, story)
        elif name == "forms":
            _controls(child, story)
        elif not _told_aside(child, story) and name not in _APART:
            _linked(child, story)
            flow(child, story, label or (_box_label(child, story) if name in _WORDED else ""))


def _told_aside(element: _Element, story: Story) -> bool:
    """Read an alternative text (10.3.17) or a section that is not displayed (19.520); tell whether it was one."""
    name = local(element)
    if name in {"title", "desc"} and not len(element):  # the title of a chart holds paragraphs, and is seen
        story.note("代替テキスト", paragraph_text(element))
        return True
    concealed = attribute(element, "display") == "none" or attribute(element, "style-name") in story.hidden
    if name == "section" and concealed:
        inner = story._replace(lines=[])
        flow(element, inner, _HIDDEN)
        for _, text in inner.lines:
            story.note(_HIDDEN, text)
        return True
    return False


def _box_label(element: _Element, story: Story) -> str:
    return story.number(_BOX) if any(str(text).strip() for text in element.itertext()) else ""


def _controls(element: _Element, story: Story) -> None:
    """Read what the controls of a form show (13): their labels and values, which stand in attributes alone."""
    for each in element.iter():
        values = (attribute(each, name) or "" for name in ("label", "current-value", "value"))
        story.lines.extend((f"{story.place} フォーム".strip(), text) for text in dict.fromkeys(values) if text.strip())


def _linked(element: _Element, story: Story) -> None:
    target = (attribute(element, "href") or "") if element.attrib else ""
    if _OUTSIDE.match(target):
        for text in dict.fromkeys((target, unquote(target))):
            story.note("リンク", text)


def _paragraph(element: _Element, story: Story, label: str) -> None:
    story.source.budget.check_time()
    boxes: list[_Element] = []
    text = "".join(_pieces(element, story, boxes))
    if attribute(element, "style-name") in story.hidden:
        story.note(_HIDDEN, text)
    else:
        story.put(label, text)
    for box in boxes:
        flow(box, story, label or (_box_label(box, story) if local(box) in _WORDED else ""))


def _pieces(element: _Element, story: Story, boxes: list[_Element]) -> Iterator[str]:
    """Yield the text of a paragraph as it reads (6.1): spaces counted, readings and notes apart."""
    yield element.text or ""
    for child in element:
        yield from _inline(child, story, boxes)
        yield child.tail or ""


def _inline(child: _Element, story: Story, boxes: list[_Element]) -> Iterator[str]:
    name = local(child)
    if name in _SIGNS:
        yield _SIGNS[name] * min(_MOST_SPACES, _count(child, "c"))
    elif name in _NOTES:
        _note(child, story)
    elif name in _BOXES:
        boxes.append(child)
    elif name in {"hidden-text", "hidden-paragraph"}:
        story.note(_HIDDEN, attribute(child, "string-value") or paragraph_text(child))
    elif attribute(child, "style-name") in story.hidden:
        story.note(_HIDDEN, "".join(_pieces(child, story, boxes)))
    elif name not in _APART:
        _linked(child, story)
        yield from _pieces(child, story, boxes)


def paragraph_text(element: _Element) -> str:
    """Return the text of a paragraph alone: spaces counted, readings, notes and comments left out."""
    pieces = [element.text or ""]
    for child in element:
        name = local(child)
        if name in _SIGNS:
            pieces.append(_SIGNS[name] * min(_MOST_SPACES, _count(child, "c")))
        elif name not in _APART and name not in _NOTES:
            pieces.append(paragraph_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _note(element: _Element, story: Story) -> None:
    """Read a footnote, an endnote or a comment under its number (6.3, 14.1)."""
    kind = _NOTES[local(element)]
    label = story.number("文末脚注" if attribute(element, "note-class") == "endnote" else kind)
    inner = story._replace(lines=[])
    flow(element, inner, label)
    if kind != "コメント":
        story.notes.extend(inner.lines)
        return
    author = next((each.text or "" for each in element if local(each) == "creator"), "")
    for text in (*([f"作成者: {author}"] if author else []), *(text for _, text in inner.lines)):
        story.note(label, text)


def _table(element: _Element, story: Story, label: str) -> None:
    """Read a table as one line a row, numbered as they show; what is repeated comes a few times at most."""
    table = label or story.number("表")
    begin, number = len(story.lines), 1
    for child in element:
        _told_aside(child, story)
    for row in _rows(element):
        cells = [
            text for cell in row if local(cell) in {"table-cell", "covered-table-cell"} for text in _cell(cell, story)
        ]
        again = _count(row, "number-rows-repeated")
        if any(cells):
            text = "\t".join(cells).rstrip("\t")
            story.lines.extend((label or f"{table} {number + n}行目", text) for n in range(_copies(again, text)))
        number += again
    for at in {begin, len(story.lines)} if len(story.lines) > begin else ():
        if at:  # a blank line sets a table off from what stands beside it
            story.lines[at - 1] = (story.lines[at - 1][0], story.lines[at - 1][1].rstrip("\n") + "\n")


def _rows(element: _Element) -> Iterator[_Element]:
    for child in element:
        name = local(child)
        if name == "table-row":
            yield child
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child)


def _cell(element: _Element, story: Story) -> list[str]:
    inner = story._replace(lines=[])
    flow(element, inner, "セル")
    text = " ".join(" ".join(text.split()) for _, text in inner.lines)
    return [text] * _copies(_count(element, "number-columns-repeated"), text)


def _copies(count: int, text: str) -> int:
    """Return how many copies of a text are read, so that tables in repeated cells of tables stay small."""
    copies = min(count, _MOST_REPEATS)
    return copies if copies * len(text) <= _LONGEST_REPEAT else 1


def _count(element: _Element, name: str) -> int:
    value = attribute(element, name) or "1"
    return max(1, int(value)) if value.isdecimal() and len(value) < 10 else 1  # noqa: PLR2004 - digits


def told(story: Story, label: str, *, aside: bool = False) -> Content:
    """Return the segments of a flow: its text, its notes, and what is aside."""
    segments = (
        paragraphs(story.lines, label=label, aside=aside),
        paragraphs(story.notes, label="脚注", aside=aside),
        paragraphs(story.asides, label=f"{label}の外", aside=True),
    )
    return tuple(each for each in segments if each), ()
