"""Read HTML as a browser shows it, and beside it what a browser keeps to itself: hidden text, comments, scripts.

The parser is libxml2's (lxml), which takes any input in linear time and knows the line of each element; that of
Python's standard library takes minutes for 400 KB of opened comments.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from aiguard.model import Part, Segment, Unchecked
from aiguard.readers.declared import decode_declared
from aiguard.readers.lost import passed_over
from aiguard.readers.source import paragraphs

if TYPE_CHECKING:
    from aiguard.readers.budget import Budget
    from aiguard.readers.source import Content, Source

_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_HEAD: Final = 4096
_BLOCKS: Final = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe legend li main menu nav ol optgroup option p pre "
    "section select summary table tbody tfoot thead title tr ul".split()
)
_CELLS: Final = frozenset({"td", "th"})
_ROWS: Final = frozenset({"table", "tr"})
_SILENT: Final = frozenset({"rt", "rp"})
_READING: Final = "読み"
_RAW: Final = {
    "style": "スタイル",
    "script": "スクリプト",
    "template": "テンプレート",
    "noscript": "スクリプトなしの表示",
}
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.0-9]*[1-9])|opacity\s*:\s*0(?![.0-9]*[1-9])"
    r"|(?:text-indent|left|top)\s*:\s*-\d{3,}", re.IGNORECASE
)  # fmt: skip
_SAID: Final = {
    "alt": "代替テキスト", "title": "説明", "aria-label": "説明", "placeholder": "入力欄の例", "summary": "説明", "label": "説明",
    "srcdoc": "埋め込みページ", "data-content": "属性",
}  # fmt: skip
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_LINKS: Final = re.compile(r"(?:mailto|tel|sms):", re.IGNORECASE)
_TARGETS: Final = frozenset("href src action formaction cite poster data background".split())
_TOLD_ELSEWHERE: Final = _TARGETS | {"content", "value"}
# Attributes whose numbers draw or check something.
_DRAWING: Final = frozenset("d points viewbox transform values style class integrity nonce sizes".split())
_TELLING: Final = re.compile("[^\x00-\x7f]|@|[0-9][0-9 _-]{8,}")
_ELEMENT: Final = re.compile(r"""<[a-zA-Z](?:[^"'>]++|"[^"]*+"|'[^']*+')*+""")
_QUOTED: Final = re.compile(r""""[^"]*+"|'[^']*+'""")
_LONG: Final = 1_000  # code points of an element that may have many attributes
_MOST_COMPARED: Final = 500_000_000  # pairs of attributes: some eight seconds
_TAG: Final = re.compile("<[/a-zA-Z][^<>]*>|\x00")
_TABS: Final = re.compile(" *\t *")
_LONGEST: Final = 4_000  # code points of an address that holds data
_NO_PAGE: Final = "HTMLとして壊れているため、文字のまま確認しました。テキスト形式で保存してください"
_CROWDED: Final = "一つの要素に属性が多すぎるため、文字のまま確認しました。テキスト形式で保存してください"
_EMBEDDED: Final = "ページに埋め込まれたデータ{}点は確認していません。取り出して点検してください"


class _Piece(NamedTuple):
    text: str
    line: int


class _Open(NamedTuple):
    """Hold an element that is open: its name, and what text in it is ("" being the page)."""

    tag: str
    kind: str


class _Reader:
    """Gather the page and what stands aside of it, in one pass."""

    def __init__(self) -> None:
        self.line = 1
        self.page: list[_Piece] = []
        self.asides: list[tuple[str, str]] = []
        self.open: list[_Open] = []
        self.silent: list[str] = []
        self.held: list[str] = []
        self.held_as = ""
        self.pictures = self.embedded = 0
        self.pre = self.cells = 0
        self.row = False

    @property
    def kind(self) -> str:
        return self.open[-1].kind if self.open else ""

    def walk(self, root: Any, budget: Budget) -> None:  # noqa: ANN401 - the stubs of lxml know no events
        """Go through a tree in the order of its text, without recursion."""
        from lxml import etree

        for count, (event, element) in enumerate(etree.iterwalk(root, events=("start", "end", "comment", "pi"))):
            if not count & 0xFFF:
                budget.check_time()
            self.line = element.sourceline or self.line
            if event in {"comment", "pi"}:
                if (element.text or "").strip():
                    self.asides.append(("コメント", element.text.strip()))
                self.data(element.tail)
            elif event == "start":
                self.start(str(element.tag).lower(), dict(element.attrib))
                self.data(element.text)
            else:
                self.end(str(element.tag).lower())
                self.data(element.tail)

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.part(tag)
        if tag in _CELLS:
            self.cells += 1
            if self.row:
                self.put("\t")
            self.row = True
        elif tag == "tr":
            self.row = False
        self.note(tag, given)
        self.open.append(_Open(tag, self.kind or _kind_of(tag, given)))
        self.pre += tag in {"pre", "textarea"}

    def end(self, tag: str) -> None:
        self.open.pop()
        self.pre -= tag in {"pre", "textarea"}
        self.cells -= tag in _CELLS
        self.part(tag)

    def part(self, tag: str) -> None:
        """Begin a line where a block does; inside a cell it stays in the line of its row."""
        if tag in _BLOCKS or tag in _CELLS:
            self.settle()
        if tag in _BLOCKS:
            self.put(" " if self.cells and tag not in _ROWS else "\n")

    def data(self, text: str | None) -> None:
        if not text:
            return
        if self.kind == _READING:
            self.silent.append(text)
            return
        if self.kind != self.held_as:
            self.settle()
            self.held_as = self.kind
        if self.kind:
            self.held += [text] if self.kind != "スタイル" or not text.isascii() else []
            return
        blank = len(text) - len(text.lstrip())
        self.line += text.count("\n", 0, blank)
        self.put(text if self.pre else _SPACE.sub(" ", text))

    def settle(self) -> None:
        """End a stretch of text that a browser does not show."""
        said = "".join(self.held).strip()
        if said:
            self.asides.append((self.held_as, said))
        self.held = []

    def put(self, text: str) -> None:
        if not self.kind:
            self.page.append(_Piece(text, self.line))

    def note(self, tag: str, given: dict[str, str]) -> None:
        """Keep what attributes say."""
        for name, value in given.items():
            if name in _SAID or name not in _TOLD_ELSEWHERE:
                if value.strip() and (name in _SAID or _tells(name, value)):
                    self.asides.append((_SAID.get(name, "属性"), value))
            elif value[:5].lower() == "data:":
                self.embed(value)
            elif name in _TARGETS and (_LINKS.match(value) or _TELLING.search(unquote(value))):
                self.asides.append(("リンク", value))
        self.hold(tag, given)

    def hold(self, tag: str, given: dict[str, str]) -> None:
        """Keep what an element says of the page, and what a field of a form holds."""
        content = given.get("content", "")
        if tag == "meta" and content.strip() and (given.keys() & {"name", "property"} or _TELLING.search(content)):
            self.asides.append(("ページの情報", content))
        if tag in {"input", "button", "option"} and given.get("value", "").strip():
            if given.get("type", "").lower() == "hidden":
                self.asides.append(("隠しの入力欄", given["value"]))
            elif tag != "option":
                self.put(f" {given['value']} ")
            elif _TELLING.search(given["value"]):
                self.asides.append(("選択肢の値", given["value"]))

    def embed(self, address: str) -> None:
        """Count a picture that stands in the page itself; keep other data that is short, to be decoded later."""
        if address[:11].lower() == "data:image/":
            self.pictures += 1
        elif len(address) > _LONGEST:
            self.embedded += 1
        else:
            self.asides.append(("リンク", address))


def read_html(source: Source) -> Content:
    """Read a page; its encoding is that of its mark, then of its `meta`, then what the bytes allow."""
    return html_text(_decoded(source.data), source.budget)


def html_text(text: str, budget: Budget) -> Content:
    """Read the text of a page: the page itself, by the lines of the file, then what is aside."""
    from lxml import etree

    if _is_crowded(text):
        return (Segment(text),), (Unchecked(None, _CROWDED),)
    reader = _Reader()
    parser = etree.HTMLParser(huge_tree=True, no_network=True, remove_comments=False, encoding="utf-8")
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
        if tree is not None:
            reader.walk(tree, budget)
        reader.settle()
    except (etree.LxmlError, ValueError):
        return (Segment(text),), (Unchecked(None, _NO_PAGE),)
    segments = [_page(reader.page)]
    reader.asides += (("ソース", line) for line in _lost(text, reader))
    if reader.asides:
        segments.append(paragraphs(reader.asides, label="ページに見えない部分", aside=True))
    counted = {
        f"画像{reader.pictures}点は確認していません。目で見て確かめてください": reader.pictures,
        _EMBEDDED.format(reader.embedded): reader.embedded,
    }
    return tuple(each for each in segments if each), tuple(Unchecked(None, note) for note, n in counted.items() if n)


def _is_crowded(text: str) -> bool:
    """Tell whether elements have so many attributes that the parser, comparing each with each, would take minutes."""
    longest = (found[0] for found in _ELEMENT.finditer(text) if len(found[0]) > _LONG)
    return sum(len(_QUOTED.sub("", each).replace("=", " ").split()) ** 2 for each in longest) > _MOST_COMPARED


def _tells(name: str, value: str) -> bool:
    """Tell whether an attribute of any name could tell something."""
    return not value.isascii() or (name not in _DRAWING and _TELLING.search(value) is not None)


def _lost(text: str, reader: _Reader) -> list[str]:
    """Return the lines of a file that the parser, in what is no HTML, passed over."""
    read = ["".join(piece.text for piece in reader.page), *(said for _, said in reader.asides), *reader.silent]
    return passed_over(((line.strip(), _TAG.sub(" ", line)) for line in unescape(text).splitlines()), "\n".join(read))


def _page(pieces: list[_Piece]) -> Segment | None:
    """Join pieces as a browser does: gaps collapse, blocks begin lines; each line knows its line in the file."""
    parts: list[Part] = []
    lines: list[str] = []
    offset = 0
    for line in _lines(pieces):
        text = _TABS.sub("\t", "".join(piece.text for piece in line)).strip(" ")
        if not text.strip():
            continue
        parts.append(Part(offset, None, next(piece.line for piece in line if piece.text.strip(" "))))
        lines.append(f"{text}\n")
        offset += len(text) + 1
    return Segment("".join(lines), parts=tuple(parts)) if lines else None


def _lines(pieces: list[_Piece]) -> list[list[_Piece]]:
    lines: list[list[_Piece]] = [[]]
    for piece in pieces:
        first, *rest = piece.text.split("\n")
        if first:
            bare = first.lstrip(" ") if lines[-1] and lines[-1][-1].text.endswith((" ", "\t")) else first
            lines[-1].append(_Piece(bare, piece.line))
        for number, more in enumerate(rest, 1):
            lines.append([_Piece(more, piece.line + (number if len(rest) > 1 else 0))] if more else [])
    return lines


def _kind_of(tag: str, given: dict[str, str]) -> str:
    if tag in _RAW or tag in _SILENT:
        return _RAW.get(tag, _READING)
    hidden = "hidden" in given or given.get("aria-hidden") == "true" or _HIDING.search(given.get("style", ""))
    return "隠し文字" if hidden else ""


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    found = None if marked else _CHARSET.search(data[:_HEAD])
    return decode_declared(data, found[1].decode("ascii") if found else None, wide=False)
