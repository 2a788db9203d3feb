"""Read what OpenDocument files share (OASIS OpenDocument 1.3, Part 3): flows of paragraphs, asides, properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.model import Segment, Unchecked
from aiguard.readers.lost import passed_over
from aiguard.readers.package import Package
from aiguard.readers.source import damaged, joined, paragraphs, refused
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source

_LOCKED: Final = "パスワードがかかっているため読めません。パスワードを外して保存してください"
_MACROS: Final = "マクロは確認していません。不要なら、マクロを消して保存してください"
_PROPERTIES: Final = {
    "title": "題名", "subject": "件名", "creator": "最終更新者", "initial-creator": "作成者", "keyword": "キーワード",
    "description": "コメント", "printed-by": "印刷した人", "user-defined": "項目",
}  # fmt: skip
_PARAGRAPH: Final = "段落"
_MOST_SPACES: Final = 1_000
_MOST_REPEATS: Final = 64  # copies of a cell or a row that holds something
_TEXTS: Final = frozenset({"p", "h"})
_SIGNS: Final = {"s": " ", "tab": "\t", "line-break": "\n"}
_BOXES: Final = frozenset({"frame", "custom-shape", "text-box", "g", "rect", "control"})
_NOTES: Final = {"note": "脚注", "annotation": "コメント"}
# What is not on the page, or is read elsewhere.
_APART: Final = frozenset(
    "tracked-changes annotation-end sequence-decls forms note-citation ruby-text event-listeners automatic-styles "
    "bookmark bookmark-start bookmark-end soft-page-break notes".split()
)


class Story(NamedTuple):
    """Hold a flow of text while it is read: its lines, what is aside, and the counts of what is numbered."""

    source: Source
    hidden: frozenset[str]
    lines: list[tuple[str, str]]
    asides: list[tuple[str, str]]
    notes: list[tuple[str, str]]
    counts: dict[str, int]

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


def open_package(source: Source) -> Package:
    """Open a document; ReadError where it takes a password, or has no content."""
    package = Package(source.data, source.budget)
    manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in package else b""
    if b"encryption-data" in manifest:
        raise ReadError(_LOCKED)
    if "content.xml" not in package:
        raise damaged("OpenDocument文書")
    return package


def story_of(source: Source, root: _Element) -> Story:
    """Begin a flow; text in a style that is not displayed, or in one based on such, is hidden."""
    hidden = {
        attribute(style, "name") or ""
        for style in root.iter("{*}style")
        if any(attribute(each, "display") in {"none", "false"} for each in style)
    }
    return Story(source, frozenset(hidden), [], [], [], {})


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
        elif name in {"title", "desc"}:
            story.asides.append(("代替テキスト", child.text or ""))
        elif name == "section" and (
            attribute(child, "display") == "none" or attribute(child, "style-name") in story.hidden
        ):
            story.asides.extend(("隠し文字", "".join(_pieces(each, story))) for each in child.iter("{*}p", "{*}h"))
        elif name not in _APART:
            flow(child, story, label)


def _paragraph(element: _Element, story: Story, label: str) -> None:
    boxes: list[_Element] = []
    text = "".join(_pieces(element, story, boxes))
    if attribute(element, "style-name") in story.hidden:
        story.asides.append(("隠し文字", text))
    else:
        story.put(label, text)
    for box in boxes:
        flow(box, story, label)


def _pieces(element: _Element, story: Story, boxes: list[_Element] | None = None) -> Iterator[str]:
    """Yield the text of a paragraph as it reads (6.1): spaces counted, readings and notes apart."""
    yield element.text or ""
    for child in element:
        yield from _inline(child, story, boxes)
        yield child.tail or ""


def _inline(child: _Element, story: Story, boxes: list[_Element] | None) -> Iterator[str]:
    name = local(child)
    if name in _SIGNS:
        yield _SIGNS[name] * min(_MOST_SPACES, _count(child, "c"))
    elif name in _NOTES:
        _note(child, story)
    elif name in _BOXES:
        _boxed(child, story, boxes)
    elif name in {"hidden-text", "hidden-paragraph"}:
        story.asides.append(("隠し文字", attribute(child, "string-value") or "".join(map(str, child.itertext()))))
    elif attribute(child, "style-name") in story.hidden:
        story.asides.append(("隠し文字", "".join(_pieces(child, story, boxes))))
    elif name not in _APART:
        target = attribute(child, "href") or ""
        if target.startswith(("mailto:", "tel:")):
            story.asides.append(("リンク", target))
        yield from _pieces(child, story, boxes)


def _boxed(element: _Element, story: Story, boxes: list[_Element] | None) -> None:
    if boxes is None:
        flow(element, story)
    else:
        boxes.append(element)


def _note(element: _Element, story: Story) -> None:
    """Read a footnote, an endnote or a comment under its number (6.3, 14.1)."""
    kind = _NOTES[local(element)]
    label = story.number("文末脚注" if attribute(element, "note-class") == "endnote" else kind)
    inner = story._replace(lines=[])
    flow(element, inner, label)
    author = next((each.text or "" for each in element if local(each) == "creator"), "")
    lines = ([(label, f"作成者: {author}")] if author else []) + inner.lines
    (story.asides if kind == "コメント" else story.notes).extend(lines)


def _table(element: _Element, story: Story, label: str) -> None:
    """Read a table as one line a row; cells and rows that are repeated come a few times at most."""
    table = label or story.number("表")
    begin = len(story.lines)
    for number, row in enumerate(_rows(element), 1):
        cells = [
            text for cell in row if local(cell) in {"table-cell", "covered-table-cell"} for text in _cell(cell, story)
        ]
        if any(cells):
            line = (label or f"{table} {number}行目", "\t".join(cells).rstrip("\t"))
            story.lines.extend([line] * min(_MOST_REPEATS, _count(row, "number-rows-repeated")))
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
    return [text] * min(_MOST_REPEATS, _count(element, "number-columns-repeated"))


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


def deletions(root: _Element, source: Source) -> Content:
    """Return what was deleted while changes were tracked (5.5)."""
    story = Story(source, frozenset(), [], [], [], {})
    for region in root.iter("{*}deletion"):
        flow(region, story, "変更履歴（削除）")
    authors = [
        ("変更した人", each.text or "")
        for info in root.iter("{*}change-info")
        for each in info
        if local(each) == "creator"
    ]
    segment = paragraphs((*story.lines, *dict.fromkeys(authors)), label="変更履歴", aside=True)
    return ((segment,) if segment else ()), ()


def pages(package: Package, source: Source) -> Content:
    """Return the headers and footers of the master pages in styles.xml (16.9)."""
    if "styles.xml" not in package:
        return (), ()
    root = parse_xml(package.read("styles.xml"))
    contents = []
    for master in root.iter("{*}master-page"):
        for part in master:
            name = local(part)
            if name.startswith(("header", "footer")):
                story = story_of(source, root)
                flow(part, story, "ヘッダー" if name.startswith("header") else "フッター")
                contents.append(told(story, "ヘッダー" if name.startswith("header") else "フッター"))
    return joined(contents)


def beside(package: Package, source: Source) -> Content:
    """Return the properties and what is inside the package: objects are read, pictures and macros are unchecked."""
    contents = [_guarded_properties(package)]
    pictures = sum(1 for name in package.names if name.startswith(("Pictures/", "media/", "Media/")))
    unchecked = [Unchecked(None, f"画像{pictures}点は確認していません。目で見て確かめてください")] if pictures else []
    if any(
        name.startswith(("Basic/", "Scripts/")) and "script-lc" not in name and not name.endswith("/")
        for name in package.names
    ):
        unchecked.append(Unchecked(None, _MACROS))
    number = 0
    for name in package.names:
        if name.startswith("Object ") and name.endswith("/content.xml"):
            number += 1
            contents.append(_object(parse_xml(package.read(name)), f"埋め込み{number}"))
        elif name.startswith(("Object ", "ObjectReplacements/")) or "/" in name or name in _KNOWN:
            continue
        elif not name.endswith((".xml", ".rdf")):
            contents.append(source.read_member(package.read(name), name, f"埋め込みファイル（{name}）"))
    return joined((*contents, ((), tuple(unchecked))))


def whole(package: Package, source: Source, contents: Iterable[Content]) -> Content:
    """Join the contents of a document, with the texts of its parts that stand where no document has them."""
    content = joined(contents)
    read = "\n".join(segment.source for segment in content[0])
    texts: list[tuple[str, str]] = []
    for name in package.names:
        if name.endswith(".xml") and not name.startswith(("Configurations2/", "Object")):
            source.budget.check_time()
            texts += ((text, text) for text in _texts(package, name))
    lost = paragraphs((("その他の部品", text) for text in passed_over(texts, read)), label="その他の部品", aside=True)
    return joined((content, (((lost,) if lost else ()), ())))


def _texts(package: Package, name: str) -> Iterator[str]:
    """Yield the texts of a part, without readings and what pages are called; nothing where it is damaged."""
    try:
        root = parse_xml(package.read(name))
    except ReadError:
        return
    for each in root.iter():
        parts = (each.text if local(each) not in _SILENT else None, each.tail)
        for text in parts:
            if text and text.strip() and not (name in _COUNTED and text.isascii()):
                yield text.strip()


_COUNTED: Final = frozenset({"settings.xml", "meta.xml"})  # their numbers are sizes and counts
_SILENT: Final = frozenset({"ruby-text", "generator", "creation-date", "date", "editing-duration", "print-date"})
_KNOWN: Final = frozenset({"mimetype", "layout-cache", "Thumbnails"})


def _object(root: _Element, label: str) -> Content:
    lines = ((label, "".join(map(str, each.itertext()))) for each in root.iter("{*}p", "{*}h"))
    segment = paragraphs(lines, label=label)
    return ((segment,) if segment else ()), ()


def _guarded_properties(package: Package) -> Content:
    try:
        segment = properties(package)
    except ReadError as error:
        return refused(error.message, "文書の情報")
    return ((segment,) if segment else ()), ()


def properties(package: Package) -> Segment | None:
    """Return the properties of a document (4.3), a line each."""
    if "meta.xml" not in package:
        return None
    lines = []
    for each in parse_xml(package.read("meta.xml")).iter():
        label = _PROPERTIES.get(local(each))
        if label and (each.text or "").strip():
            name = attribute(each, "name")
            lines.append(("文書の情報", f"{name or label}: {each.text}"))
    return paragraphs(lines, label="文書の情報", aside=True)
