"""Read the documents of Word (.docx, .docm, .dotx, .dotm): ECMA-376 Part 1, 17 (WordprocessingML).

Parts are known by their root elements, so that a part that no relationship names is read all the same.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import groupby
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.readers.ooxml import (
    WORDLESS,
    chart_lines,
    drawing_lines,
    embedded,
    guarded,
    kind_of,
    links,
    macros,
    main_part,
    one_line,
    other_words,
    part_rows,
    pictures,
    properties,
    xml_parts,
)
from aiguard.readers.package import Package
from aiguard.readers.source import damaged, joined, paragraphs
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source

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
_LONGEST_LINEAGE: Final = 20  # styles; Word itself allows 11 (17.7.4.3)
_PRIVATE: Final = range(0xF000, 0xF100)  # where a symbol font keeps its characters (17.3.3.30)
_PLACES: Final = {"hdr": "ヘッダー", "ftr": "フッター", "docParts": "文書パーツ", "glossaryDocument": "文書パーツ"}
_NOTES: Final = {"footnotes": "脚注", "endnotes": "文末脚注", "comments": "コメント"}
_FIGURES: Final = {"chartSpace": "グラフ", "userShapes": "グラフの図形", "dataModel": "図形", "drawing": "図形"}


class _Word(NamedTuple):
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


class _Story(NamedTuple):
    """Hold a run of paragraphs and its lines; inside a table `later` keeps what cannot stand in a row."""

    word: _Word
    label: str
    lines: list[tuple[str, str]]
    counted: bool = False
    later: list[_Element] | None = None

    @property
    def place(self) -> str:
        """Name where the next text stands."""
        return f"{self.word.counts['段落'] + 1}段落目" if self.counted else self.label


class _Flow(NamedTuple):
    """Hold the pieces of a paragraph: (what it is, text), "" being the text that a reader sees."""

    story: _Story
    pieces: list[tuple[str, str]]
    boxes: list[_Element]
    kind: str = ""
    hidden: bool = False

    def put(self, text: str | None) -> None:
        """Add text."""
        self.pieces.append((self.kind, text or ""))


def read_docx(source: Source) -> Content:
    """Return the body, then every other part, then what is not on the page; ReadError where it is no document."""
    package = Package(source.data, source.budget)
    main = main_part(package, r"word/document\d*\.xml")
    if main is None:
        raise damaged("Word文書")
    folder = dirname(main)
    word = _Word(source, package, _hidden_styles(package, f"{folder}/styles.xml"), Counter(), {}, set())
    names = [main, *(name for name in xml_parts(package, folder) if name != main)]
    contents = [guarded(_place(name, main), partial(_part, word, name)) for name in names]
    asides = [
        paragraphs(((at, text) for at, text in said), label=kind, aside=True) for kind, said in word.asides.items()
    ]
    return joined(
        (
            *contents,
            (tuple(each for each in asides if each), ()),
            links(package),
            guarded("文書の情報", lambda: (tuple(each for each in (properties(package),) if each), ())),
            embedded(source, package, folder),
            ((), (*pictures(package, folder), *macros(package))),
        )
    )


def _place(name: str, main: str) -> str:
    known = {
        "header": "ヘッダー",
        "footer": "フッター",
        "footnotes": "脚注",
        "endnotes": "文末脚注",
        "comments": "コメント",
    }
    stem = basename(name).partition(".")[0].rstrip("0123456789")
    return "本文" if name == main else known.get(stem, name)


def _part(word: _Word, name: str) -> Content:
    """Read a part by its root."""
    root = parse_xml(word.package.read(name))
    kind = kind_of(name, root)
    authors = root.xpath("//@*[local-name()='author']")
    for author in authors if isinstance(authors, list) else ():
        word.note("変更した人", "", str(author))
    if kind == "document":
        return _told(_Story(word, "本文", [], counted=True), root)
    if kind in _PLACES:
        return _told(_Story(word, _PLACES[kind], []), root)
    if kind in _NOTES:
        return _notes(word, root, _NOTES[kind])
    if kind in _FIGURES:
        return _figure(word, _FIGURES[kind], root)
    if kind not in WORDLESS:
        other, texts = other_words(name, root)
        for text in texts:
            word.note(other, "", text)
    return (), ()


def _figure(word: _Word, kind: str, root: _Element) -> Content:
    """Read a chart or a diagram, whose text stands in the package twice: as its data and as it was drawn."""
    lines = chart_lines(root) if kind == "グラフ" else [each for each in drawing_lines(root) if each not in word.drawn]
    if kind != "グラフ":
        word.drawn.update(lines)
    label = word.number(kind) if lines else kind
    segment = paragraphs(((label, line) for line in lines), label=label)
    return ((segment,) if segment else ()), ()


def _told(story: _Story, root: _Element) -> Content:
    _blocks(root, story)
    segment = paragraphs(story.lines, label=story.label, aside=story.label == "文書パーツ")
    return ((segment,) if segment else ()), ()


def _notes(word: _Word, root: _Element, kind: str) -> Content:
    """Read notes and comments (17.11, 17.13.4), each under its number; the lines that part notes have none."""
    story = _Story(word, kind, [])
    for note in root:
        label = kind if attribute(note, "type") in {"separator", "continuationSeparator"} else word.number(kind)
        author = attribute(note, "author")
        if author:
            story.lines.append((label, f"作成者: {author}"))
        _blocks(note, story._replace(label=label))
    segment = paragraphs(story.lines, label=kind, aside=kind == "コメント")
    return ((segment,) if segment else ()), ()


def _blocks(element: _Element, story: _Story) -> None:
    """Read what stands between paragraphs: paragraphs, tables, and whatever wraps them."""
    for child in element:
        name = local(child)
        if name == "p":
            _paragraph(child, story)
        elif name == "tbl":
            _table(child, story)
        elif name == "AlternateContent":
            begin = len(story.lines)
            _blocks(child, story)
            story.lines[begin:] = {text: (label, text) for label, text in story.lines[begin:]}.values()
        elif name in _LOOSE:
            _end(_inlined(child, _Flow(story, [], [])))
        elif name in _SAID:
            _inlined(child, _Flow(story, [], []))
        elif name not in _SETTINGS:
            _blocks(child, story)


def _paragraph(element: _Element, story: _Story) -> None:
    story.word.source.budget.check_time()
    style = element.find("{*}pPr/{*}pStyle")
    hidden = style is not None and attribute(style, "val") in story.word.hidden
    _end(_read(element, _Flow(story, [], [], hidden=hidden)))


def _end(flow: _Flow) -> None:
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


def _aftermath(elements: list[_Element], story: _Story) -> None:
    """Read text boxes and inner tables after what they stand in."""
    for element in elements:
        if local(element) == "tbl":
            _table(element, story)
        else:
            label = story.word.number("テキストボックス") if story.counted else story.label
            _blocks(element, story._replace(label=label, counted=False))


def _table(element: _Element, story: _Story) -> None:
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
            for text in _cell(cell, _Story(story.word, label, [], later=later))
        ]
        story.lines.append((label, "\t".join((*before, *cells))))
    part_rows(story.lines)
    _aftermath(later, story)


def _cell(element: _Element, story: _Story) -> list[str]:
    """Return the text of a cell, and an empty cell for each further column that it spans (17.4.17)."""
    story.word.source.budget.check_time()
    _blocks(element, story)
    text = " ".join(one_line(text) for _, text in story.lines)
    return [text, *[""] * (_count(element.find("{*}tcPr/{*}gridSpan"), 1) - 1)]


def _count(element: _Element | None, otherwise: int) -> int:
    value = (attribute(element, "val") or "") if element is not None else ""
    return min(int(value), _WIDEST) if value.isascii() and value.isdigit() and len(value) <= len("999") else otherwise


def _within(element: _Element, name: str, story: _Story) -> Iterator[_Element]:
    """Yield the rows of a table or the cells of a row, also those that content controls wrap."""
    for child in element:
        if local(child) == name:
            yield child
        elif local(child) == "sdtPr":
            _read(child, _Flow(story, [], []))
        elif local(child) not in _SETTINGS:
            yield from _within(child, name, story)


def _read(element: _Element, flow: _Flow) -> _Flow:
    """Read what stands in a paragraph."""
    for child in element:
        _inlined(child, flow)
    return flow


def _inlined(element: _Element, flow: _Flow) -> _Flow:
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


def _run(element: _Element, flow: _Flow) -> None:
    """Read a run, which may be hidden by itself or by its style (17.3.2.41)."""
    vanish, style = element.find("{*}rPr/{*}vanish"), element.find("{*}rPr/{*}rStyle")
    hidden = flow.hidden or (style is not None and attribute(style, "val") in flow.story.word.hidden)
    if vanish is not None:
        hidden = attribute(vanish, "val") not in _OFF
    _read(element, flow._replace(kind=flow.kind or _HIDDEN) if hidden else flow)


def _alternatives(element: _Element, flow: _Flow) -> None:
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


def _symbol(element: _Element, flow: _Flow) -> None:
    try:
        code = int(attribute(element, "char") or "", 16)
        pictured = "dings" in (attribute(element, "font") or "").lower()
        flow.put(chr(code - _PRIVATE.start if code in _PRIVATE and not pictured else code))
    except (ValueError, OverflowError):
        flow.put("\ufffd")


def _shape(element: _Element, flow: _Flow) -> None:
    shaped = flow._replace(kind=flow.kind or _SHAPE)
    texts = drawing_lines(element) if local(element) == "txBody" else (attribute(element, "string") or "",)
    for text in texts:
        shaped.put(f"{text}\n")


def _simple_field(element: _Element, flow: _Flow) -> None:
    flow._replace(kind=_FIELD).put(attribute(element, "instr"))
    _read(element, flow)


def _hidden_styles(package: Package, name: str) -> frozenset[str]:
    """Return the styles that hide text, by themselves or by what they are based on (17.7.4)."""
    try:
        root = parse_xml(package.read(name)) if name in package else None
    except ReadError:
        return frozenset()  # reading the parts says that this one is damaged
    styles = {attribute(each, "styleId") or "": each for each in root.iter("{*}style")} if root is not None else {}
    own = {key: style.find("{*}rPr/{*}vanish") for key, style in styles.items()}
    based = {key: style.find("{*}basedOn") for key, style in styles.items()}
    return frozenset(key for key in styles if _hides(key, own, based))


def _hides(style: str, own: dict[str, _Element | None], based: dict[str, _Element | None]) -> bool:
    for _ in range(_LONGEST_LINEAGE):
        vanish, parent = own.get(style), based.get(style)
        if vanish is not None:
            return attribute(vanish, "val") not in _OFF
        if parent is None:
            return False
        style = attribute(parent, "val") or ""
    return False


_INLINE: Final[dict[str, Callable[[_Element, _Flow], object]]] = {
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
