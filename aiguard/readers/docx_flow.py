"""Read the text of a part of a Word document: paragraphs, tables, boxes and what is hidden (ECMA-376 Part 1, 17)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.readers.ooxml_drawing import drawing_lines, one_line, part_rows
from aiguard.readers.xmltree import attribute, local

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from aiguard.readers.package import Package
    from aiguard.readers.source import Source

_DELETED: Final = "変更履歴（削除）"
_HIDDEN: Final = "隠し文字"
_FIELD: Final = "フィールド"
_SHAPE: Final = "図形の文字"
_FORM: Final = "フォーム"
_ALTERNATIVE: Final = "代替テキスト"
_SETTINGS: Final = frozenset(
    "pPr rPr tblPr trPr tcPr sectPr tblGrid tblPrEx sdtEndPr rubyPr rt softHyphen numPr ctrlPr".split()
)
_LOOSE: Final = frozenset("r t hyperlink fldSimple del moveFrom oMath oMathPara drawing pict ruby".split())
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_VML: Final = "shape rect oval roundrect line polyline arc curve image group shapetype".split()
# Attributes that say something beside the text: (what it is, the names of the attributes) by element.
_SAID: Final = {
    **dict.fromkeys(("docPr", "cNvPr"), (_ALTERNATIVE, ("descr", "title"))),
    **dict.fromkeys((*_VML, "imagedata", "fill"), (_ALTERNATIVE, ("alt", "title"))),
    **dict.fromkeys(("hyperlink", "hlinkClick"), (_ALTERNATIVE, ("tooltip",))),
    **dict.fromkeys(("alias", "tag", "default", "listEntry", "helpText", "statusText", "attr"), (_FORM, ("val",))),
    "listItem": (_FORM, ("displayText", "value")),
}
_SILENT_FIELDS: Final = frozenset(
    "PAGE NUMPAGES TOC PAGEREF REF NOTEREF SEQ SECTION SECTIONPAGES FORMTEXT FORMCHECKBOX FORMDROPDOWN STYLEREF".split()
)
_OFF: Final = frozenset({"0", "false", "off"})
_WIDEST: Final = 63  # columns of a table of Word: a merged cell is no wider
_PRIVATE: Final = range(0xF000, 0xF100)  # where a symbol font keeps its characters (17.3.3.30)


class Word(NamedTuple):
    """Hold what the parts of a document share; `asides` are texts by what they are, each once a place."""

    source: Source
    package: Package
    hidden: frozenset[str]
    counts: Counter[str]
    asides: dict[str, dict[tuple[str, str], None]]
    drawn: set[str]

    def note(self, kind: str, place: str, text: str) -> None:
        """Keep a text that is not on the page."""
        label = kind if not place or place == kind else f"{kind} {place}"
        self.asides.setdefault(kind, {})[label, text] = None

    def number(self, kind: str) -> str:
        """Name the next of a kind."""
        self.source.budget.check_time()
        self.counts[kind] += 1
        return f"{kind}{self.counts[kind]}"


class Story(NamedTuple):
    """Hold a run of paragraphs and its lines; inside a table `later` keeps what cannot stand in a row."""

    word: Word
    label: str
    lines: list[tuple[str, str]]
    counted: bool = False
    later: list[_Element] | None = None

    @property
    def place(self) -> str:
        """Name where the next text stands."""
        return f"{self.word.counts['段落'] + 1}段落目" if self.counted else self.label


class Flow(NamedTuple):
    """Hold the pieces of a paragraph: (what it is, text), "" being the text that a reader sees."""

    story: Story
    pieces: list[tuple[str, str]]
    boxes: list[_Element]
    kind: str = ""
    hidden: bool = False

    def put(self, text: str | None) -> None:
        """Add text."""
        self.pieces.append((self.kind, text or ""))


def blocks(element: _Element, story: Story) -> None:
    """Read what stands between paragraphs: paragraphs, tables, and whatever wraps them."""
    for child in element:
        name = local(child)
        if name == "p":
            _paragraph(child, story)
        elif name == "tbl":
            _table(child, story)
        elif name == "AlternateContent":
            begin = len(story.lines)
            blocks(child, story)
            story.lines[begin:] = {text: (label, text) for label, text in story.lines[begin:]}.values()
        elif name in _LOOSE:
            _end(_inlined(child, Flow(story, [], [])))
        elif name in _SAID:
            _inlined(child, Flow(story, [], []))
        elif name not in _SETTINGS:
            blocks(child, story)


def _paragraph(element: _Element, story: Story) -> None:
    story.word.source.budget.check_time()
    style = element.find("{*}pPr/{*}pStyle")
    hidden = style is not None and attribute(style, "val") in story.word.hidden
    _end(_read(element, Flow(story, [], [], hidden=hidden)))


def _end(flow: Flow) -> None:
    """Make lines of the pieces of a paragraph: what is seen as one, the rest where it stands together."""
    story, place = flow.story, flow.story.place
    text = "".join(text for kind, text in flow.pieces if not kind)
    if text.strip():
        story.lines.append((f"本文 {place}" if story.counted else place, text))
        story.word.counts["段落"] += story.counted
    for kind, pieces in groupby(flow.pieces, key=lambda piece: piece[0]):
        said = "".join(text for _, text in pieces) if kind else ""
        if kind == _SHAPE:
            story.lines.append((f"本文 {place}" if story.counted else place, said))
        elif said.strip() and not (kind == _FIELD and said.split()[0] in _SILENT_FIELDS):
            story.word.note(kind, place, said)
    if story.later is None:
        _aftermath(flow.boxes, story)
    else:
        story.later.extend(flow.boxes)


def _aftermath(elements: list[_Element], story: Story) -> None:
    """Read text boxes and inner tables after what they stand in."""
    for element in elements:
        if local(element) == "tbl":
            _table(element, story)
        else:
            label = story.word.number("テキストボックス") if story.counted else story.label
            blocks(element, story._replace(label=label, counted=False))


def _table(element: _Element, story: Story) -> None:
    """Read a table as a line a row, parted from what stands around it; tables in its cells come after it."""
    if story.later is not None:
        story.later.append(element)
        return
    number = story.word.number("表") if story.counted else ""
    later: list[_Element] = []
    part_rows(story.lines)
    for n, row in enumerate(_within(element, "tr", story), 1):
        label = f"{number} {n}行目" if number else story.label
        before = [""] * _count(row.find("{*}trPr/{*}gridBefore"), 0)
        cells = [
            text
            for cell in _within(row, "tc", story)
            for text in _cell(cell, Story(story.word, label, [], later=later))
        ]
        story.lines.append((label, "\t".join((*before, *cells))))
    part_rows(story.lines)
    _aftermath(later, story)


def _cell(element: _Element, story: Story) -> list[str]:
    """Return the text of a cell, and an empty cell for each further column that it spans (17.4.17)."""
    story.word.source.budget.check_time()
    blocks(element, story)
    text = " ".join(one_line(text) for _, text in story.lines)
    return [text, *[""] * (_count(element.find("{*}tcPr/{*}gridSpan"), 1) - 1)]


def _count(element: _Element | None, otherwise: int) -> int:
    value = (attribute(element, "val") or "") if element is not None else ""
    return min(int(value), _WIDEST) if value.isascii() and value.isdigit() and len(value) <= len("999") else otherwise


def _within(element: _Element, name: str, story: Story) -> Iterator[_Element]:
    """Yield the rows of a table or the cells of a row, also those that content controls wrap."""
    for child in element:
        if local(child) == name:
            yield child
        elif local(child) == "sdtPr":
            _read(child, Flow(story, [], []))
        elif local(child) not in _SETTINGS:
            yield from _within(child, name, story)


def _read(element: _Element, flow: Flow) -> Flow:
    """Read what stands in a paragraph."""
    for child in element:
        _inlined(child, flow)
    return flow


def _inlined(element: _Element, flow: Flow) -> Flow:
    name = local(element)
    if name in _SAID:
        kind, attributes = _SAID[name]
        for value in (attribute(element, each) for each in attributes):
            if value and value not in {"0", "1"}:
                flow.story.word.note(kind, flow.story.place, value)
    if name in _SIGNS:
        flow.put(_SIGNS[name])
    elif name in _INLINE:
        _INLINE[name](element, flow)
    elif name not in _SETTINGS:
        _read(element, flow)
    return flow


def _run(element: _Element, flow: Flow) -> None:
    """Read a run, which may be hidden by itself or by its style (17.3.2.41)."""
    vanish, style = element.find("{*}rPr/{*}vanish"), element.find("{*}rPr/{*}rStyle")
    hidden = flow.hidden or (style is not None and attribute(style, "val") in flow.story.word.hidden)
    if vanish is not None:
        hidden = attribute(vanish, "val") not in _OFF
    _read(element, flow._replace(kind=flow.kind or _HIDDEN) if hidden else flow)


def _alternatives(element: _Element, flow: Flow) -> None:
    """Read what is there in two ways for two generations of Word (Part 3, 9.3): what both say, once."""
    known: set[str] = set()
    first = len(flow.boxes)
    for branch in element:
        begin = len(flow.pieces)
        _read(branch, flow)
        said = "".join(text for _, text in flow.pieces[begin:]).strip()
        if said in known:
            del flow.pieces[begin:]
        known.add(said)
    boxes: dict[str, _Element] = {}
    for box in flow.boxes[first:]:
        boxes.setdefault("".join(each.text or "" for each in box.iter("{*}t")), box)
    flow.boxes[first:] = boxes.values()


def _symbol(element: _Element, flow: Flow) -> None:
    try:
        code = int(attribute(element, "char") or "", 16)
        pictured = "dings" in (attribute(element, "font") or "").lower()
        flow.put(chr(code - _PRIVATE.start if code in _PRIVATE and not pictured else code))
    except (ValueError, OverflowError):
        flow.put("\ufffd")


def _shape(element: _Element, flow: Flow) -> None:
    shaped = flow._replace(kind=flow.kind or _SHAPE)
    texts = drawing_lines(element) if local(element) == "txBody" else (attribute(element, "string") or "",)
    for text in texts:
        shaped.put(f"{text}\n")


def _simple_field(element: _Element, flow: Flow) -> None:
    flow._replace(kind=_FIELD).put(attribute(element, "instr"))
    _read(element, flow)


_INLINE: Final[dict[str, Callable[[_Element, Flow], object]]] = {
    "t": lambda element, flow: flow.put(element.text),
    "delText": lambda element, flow: flow.put(element.text),
    "instrText": lambda element, flow: flow._replace(kind=_FIELD).put(element.text),
    "delInstrText": lambda element, flow: flow._replace(kind=_FIELD).put(element.text),
    "r": _run,
    "del": lambda element, flow: _read(element, flow._replace(kind=_DELETED)),
    "moveFrom": lambda element, flow: _read(element, flow._replace(kind=_DELETED)),
    "txbxContent": lambda element, flow: flow.boxes.append(element),
    "AlternateContent": _alternatives,
    "sym": _symbol,
    "textpath": _shape,
    "txBody": _shape,
    "fldSimple": _simple_field,
}
