"""Make lines of the text of an RTF file: paragraphs and rows of tables, each place for itself, and what is aside."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from aiguard.readers.ooxml_drawing import one_line, part_rows
from aiguard.readers.rtf_words import NUMBERED, base_of, is_silent, mark_of, tells
from aiguard.readers.source import paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiguard.model import Segment

DELETED: Final = "変更履歴（削除）"
HIDDEN: Final = "隠し文字"
OTHER: Final = "その他の部品"
INFO: Final = "文書の情報"
BODY: Final = "本文"
# Destinations that other ones repeat.
_REPEATING: Final = ("header", "footer", "shptxt", "shprslt", "dptxbxtext")
_SHAPE: Final = "図形の文字"
_ALTERNATIVE: Final = "代替テキスト"
_SAID_OF_SHAPES: Final = {"wzDescription": _ALTERNATIVE, "wzTooltip": _ALTERNATIVE, "gtextUNICODE": _SHAPE}


class Flow:
    """Gather the text of a place, or of a value where `label` is empty; `use` is the destination that opened it."""

    __slots__ = ("cells", "label", "lines", "pieces", "rows", "use")

    def __init__(self, use: str, label: str = "") -> None:
        self.use = use
        self.label = label
        self.pieces: list[tuple[str, str]] = []
        self.cells: list[str] = []
        self.lines: list[tuple[str, str]] = []
        self.rows = 0

    @property
    def text(self) -> str:
        """Return all that was put, seen or not."""
        return _whole("".join(text for _, text in self.pieces)).strip()

    def put(self, text: str, kind: str = "") -> None:
        """Add text that is seen, or of a kind that is not."""
        self.pieces.append((kind, text))


class Page:
    """Hold what a file says: lines by their places, what is aside by what it is, and the properties."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.places: dict[str, list[tuple[str, str]]] = {BODY: []}
        self.asides: dict[str, dict[tuple[str, str], None]] = {}
        self.known: dict[str, set[str]] = {}
        self.names: dict[str, str] = {}

    def open(self, use: str, kind: str) -> Flow:
        """Begin a place: a note, a header, a box."""
        if kind in NUMBERED:
            self.counts[kind] += 1
        flow = Flow(use, f"{kind}{self.counts[kind]}" if kind in NUMBERED else kind)
        author = self.names.pop("atnauthor", "") if kind == "コメント" else ""
        if author:
            flow.lines.append((flow.label, f"作成者: {author}"))
        return flow

    def turn(self, flow: Flow) -> None:
        """Make an endnote of a footnote, as a word inside it says."""
        if flow.label.startswith("脚注"):
            self.counts["脚注"] -= 1
            self.counts["文末脚注"] += 1
            flow.label = f"文末脚注{self.counts['文末脚注']}"

    def note(self, kind: str, place: str, text: str) -> None:
        """Keep a text that is not on the page."""
        if text.strip():
            self.asides.setdefault(kind, {})[f"{kind} {place}" if place else kind, text.strip()] = None

    def place(self, flow: Flow | None) -> str:
        """Name where the next text of a flow stands."""
        if flow is None or not flow.label:
            return ""
        return f"{self.counts['段落'] + 1}段落目" if flow.label == BODY else flow.label

    def end_line(self, flow: Flow, *, in_row: bool) -> None:
        """End a paragraph, which in a cell of a table is no line."""
        if in_row or not flow.label:
            flow.put("\n")
            return
        self.end_row(flow, last=False)
        if flow.rows:
            part_rows(flow.lines)
            flow.rows = 0
        text, body = self._taken(flow), flow.label == BODY
        if text.strip():
            flow.lines.append((f"{BODY} {self.place(flow)}", text) if body else (flow.label, text.strip()))
            self.counts["段落"] += body

    def end_cell(self, flow: Flow) -> None:
        """End a cell of a table."""
        if flow.label:
            flow.cells.append(one_line(self._taken(flow)))
        else:
            flow.put(" ")

    def end_row(self, flow: Flow, *, last: bool = True) -> None:
        """End a row of a table, also one that the file never ends."""
        if last and any(text.strip() for _, text in flow.pieces):
            self.end_cell(flow)
        if not flow.cells:
            return
        if not flow.rows:
            part_rows(flow.lines)
            self.counts["表"] += flow.label == BODY
        flow.rows += 1
        label = f"表{self.counts['表']} {flow.rows}行目" if flow.label == BODY else flow.label
        flow.lines.append((label, "\t".join(flow.cells)))
        flow.cells = []

    def finish(self, flow: Flow, parent: Flow | None, kind: str) -> None:
        """Put what a destination held where it belongs."""
        if flow.label:
            self.end_line(flow, in_row=False)
            self._place(flow)
        elif flow.use in _VALUES:
            _VALUES[flow.use](self, flow, parent, kind)
        elif flow.use.startswith(INFO):
            self.inform(flow.use.removeprefix(INFO), flow.text)
        else:
            self.note(flow.use, self.place(parent), flow.text)

    def segments(self) -> tuple[Segment, ...]:
        """Return the places, then what is aside."""
        said = [paragraphs(lines, label=kind, aside=kind == "コメント") for kind, lines in self.places.items()]
        said += [paragraphs(texts, label=kind, aside=True) for kind, texts in self.asides.items()]
        return tuple(each for each in said if each)

    def _place(self, flow: Flow) -> None:
        """Keep the lines of a place, less those that were read: headers for other pages, boxes for older programs."""
        kind = flow.label.rstrip("0123456789")
        lines = flow.lines
        if flow.use.startswith(_REPEATING):
            known = self.known.setdefault(kind, set())
            lines = [(label, text) for label, text in lines if text not in known]
            known.update(text for _, text in lines)
        self.places.setdefault(kind, []).extend(lines)

    def inform(self, name: str, text: str) -> None:
        """Keep a property of the document."""
        self.note(INFO, "", f"{name}: {text}" if text else "")

    def _taken(self, flow: Flow) -> str:
        """Take what is seen of the pieces, and note the rest where it stands together."""
        place = self.place(flow)
        for kind, pieces in groupby(flow.pieces, key=lambda piece: piece[0]):
            if kind:
                self.note(kind, place, _whole("".join(text for _, text in pieces)))
        text = "".join(text for kind, text in flow.pieces if not kind)
        flow.pieces = []
        return _whole(text)


def _field(page: Page, flow: Flow, parent: Flow | None, kind: str) -> None:
    base = base_of(flow.text)
    if base is not None and parent is not None:
        parent.put(base, kind)
    elif not is_silent(flow.text):
        page.note("フィールド", page.place(parent), flow.text)


def _numbered(_: Page, flow: Flow, parent: Flow | None, kind: str) -> None:
    if parent is not None:
        parent.put(mark_of(flow.text), kind)


def _named(page: Page, flow: Flow, _: Flow | None, __: str) -> None:
    page.names[flow.use] = flow.text


def _shape(page: Page, flow: Flow, parent: Flow | None, _: str) -> None:
    """Keep what is said of a shape: its description, the text it is made of, and what else could tell something."""
    kind = _SAID_OF_SHAPES.get(page.names.get("sn", ""))
    if kind == _SHAPE:
        page.places.setdefault(_SHAPE, []).append((_SHAPE, flow.text))
    elif kind or (tells(flow.text) and not flow.text.lstrip("-").isdigit()):
        other = _ALTERNATIVE if page.names.get("sn") == "wzName" else OTHER
        page.note(kind or other, page.place(parent), flow.text)


def _property(page: Page, flow: Flow, _: Flow | None, __: str) -> None:
    page.inform(page.names.get("propname", ""), flow.text)


def _authors(page: Page, flow: Flow, _: Flow | None, __: str) -> None:
    for name in flow.text.split(";"):
        page.note("変更した人", "", name.replace("Unknown", ""))


def _other(page: Page, flow: Flow, _: Flow | None, __: str) -> None:
    page.note(OTHER, "", flow.text if tells(flow.text) else "")


# What becomes of the text of destinations that say something of something else.
_VALUES: Final[dict[str, Callable[[Page, Flow, Flow | None, str], None]]] = {
    "fldinst": _field,
    "listtext": _numbered,
    "pntext": _numbered,
    "sn": _named,
    "sv": _shape,
    "propname": _named,
    "staticval": _property,
    "atnauthor": _named,
    "revtbl": _authors,
    OTHER: _other,
}


def _whole(text: str) -> str:
    """Join the halves of characters beyond the first 65,536, which are written as two numbers."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
