"""Read what OpenDocument files share (OASIS OpenDocument 1.3, Part 3): flows of paragraphs, asides, properties."""

from __future__ import annotations

import re
from functools import partial
from posixpath import basename, splitext
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from aiguard.errors import ReadError
from aiguard.model import Segment, Unchecked
from aiguard.readers.lost import passed_over
from aiguard.readers.package import Package
from aiguard.readers.source import damaged, joined, paragraphs, refused
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source

_LOCKED: Final = "パスワードがかかっているため読めません。パスワードを外して保存してください"
_MACROS: Final = "マクロは確認していません。不要なら、マクロを消して保存してください"
_PROPERTIES: Final = {
    "title": "題名", "subject": "件名", "creator": "最終更新者", "initial-creator": "作成者", "keyword": "キーワード",
    "description": "コメント", "printed-by": "印刷した人", "user-defined": "項目", "contributor": "協力者",
    "publisher": "発行者", "source": "出典", "rights": "権利", "coverage": "範囲", "identifier": "識別子",
}  # fmt: skip
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
_PICTURES: Final = frozenset(".bmp .emf .gif .jpeg .jpg .png .svg .svm .tif .tiff .webp .wmf".split())
_MEDIA: Final = frozenset(
    ".aac .avi .flac .m4a .mid .mkv .mov .mp3 .mp4 .mpeg .mpg .ogg .ogv .wav .webm .wma .wmv".split()
)
_FONTS: Final = frozenset({".ttf", ".otf", ".odttf", ".woff", ".woff2"})
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


def open_package(source: Source) -> Package:
    """Open a document; ReadError where it takes a password, or has no content."""
    package = Package(source.data, source.budget)
    refuse_encrypted(package)
    if "content.xml" not in package:
        raise damaged("OpenDocument文書")
    return package


def refuse_encrypted(package: Package) -> None:
    """Raise ReadError where the parts of a package take a password (Part 2, 4.8: manifest:encryption-data)."""
    manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in package else b""
    if b"encryption-data" in manifest:
        raise ReadError(_LOCKED)


def styles_of(package: Package) -> _Element | None:
    """Return the root of styles.xml; None where it is missing or damaged, which `pages` says."""
    try:
        return parse_xml(package.read("styles.xml")) if "styles.xml" in package else None
    except ReadError:
        return None


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


def guarded(label: str, read: Callable[[], Content]) -> Content:
    """Read a part of a package, so that one that is damaged leaves the others: it is unchecked, under its label."""
    try:
        return read()
    except ReadError as error:
        return refused(error.message, label)
    except RecursionError:
        return refused("入れ子が深すぎるため読めません", label)


def only(segment: Segment | None) -> Content:
    """Return the content of a segment, or of nothing."""
    return ((segment,) if segment else ()), ()


def pages(package: Package, source: Source) -> Content:
    """Return the headers and footers of the master pages in styles.xml (16.9)."""
    return guarded("ヘッダー・フッター", partial(_pages, package, source)) if "styles.xml" in package else ((), ())


def _pages(package: Package, source: Source) -> Content:
    root = parse_xml(package.read("styles.xml"))
    contents = []
    for part in (part for master in root.iter("{*}master-page") for part in master):
        if local(part).startswith(("header", "footer")):
            label = "ヘッダー" if local(part).startswith("header") else "フッター"
            story = story_of(source, root)
            flow(part, story, label)
            contents.append(told(story, label, aside=attribute(part, "display") == "false"))
    return joined(contents)


def beside(package: Package, source: Source) -> Content:
    """Return the properties and what is inside the package: objects are read, pictures and macros are unchecked."""
    contents = [guarded("文書の情報", lambda: only(properties(package)))]
    for number, name in enumerate(filter(_is_object, package.names), 1):
        contents.append(guarded(f"埋め込み{number}", partial(_object, package, source, name, f"埋め込み{number}")))
    for name in filter(_is_file, package.names):
        label = f"埋め込みファイル（{name}）"
        contents.append(guarded(label, partial(_file, package, source, name, label)))
    macros = any(name.startswith(("Basic/", "Scripts/")) and "script-lc" not in name for name in package.names)
    return joined((*contents, ((), (*pictures(package), *([Unchecked(None, _MACROS)] if macros else [])))))


def pictures(package: Package) -> tuple[Unchecked, ...]:
    """Count the pictures, sounds and films of a package; previews of pages and objects show what is read itself."""
    names = [name for name in package.names if not _in_folder(name, *_PREVIEWS) and not _TABLE.match(basename(name))]
    played = sum(_suffix(name) in _MEDIA for name in names)
    seen = sum(_is_picture(name) for name in names)
    found = [Unchecked(None, f"画像{seen}点は確認していません。目で見て確かめてください")] if seen else []
    if played:
        found.append(Unchecked(None, f"音声・動画{played}点は確認していません。再生して確かめてください"))
    return tuple(found)


def whole(package: Package, source: Source, contents: Iterable[Content]) -> Content:
    """Join the contents of a document, with the texts of its parts that stand where no document has them."""
    content = joined(contents)
    read = "\n".join(segment.source for segment in content[0])
    texts: list[tuple[str, str]] = []
    unread = {each.reason: each for each in content[1]}
    inline = 0
    for name in package.names:
        if name.endswith((".xml", ".rdf")) and not _in_folder(name, *_PREVIEWS, "Configurations2"):
            try:
                root = parse_xml(package.read(name))
            except ReadError as error:
                unread.setdefault(error.message, Unchecked("その他の部品", error.message))
                continue
            inline += sum(1 for _ in root.iter("{*}binary-data"))
            texts += ((text, text) for text in _texts(root, name, source))
    if inline:
        unread[_INLINE] = Unchecked(None, f"文書に直接書き込まれた画像など{inline}点{_INLINE}")
    lost = paragraphs((("その他の部品", text) for text in passed_over(texts, read)), label="その他の部品", aside=True)
    more = tuple(each for each in unread.values() if each not in content[1])
    return joined((content, only(lost), ((), more)))


def _texts(root: _Element, name: str, source: Source) -> Iterator[str]:
    """Yield the texts of a part, without readings and what pages are called, and what attributes say beside them."""
    for each in root.iter():
        parts = (each.text if local(each) not in _SILENT else None, each.tail, *_attributes(each, source))
        for text in parts:
            if text and text.strip() and not (name.endswith(_COUNTED) and text.isascii()):
                yield text.strip()


def _attributes(element: _Element, source: Source) -> Iterator[str]:
    """Yield what attributes say: marks of indexes, values of variables, choices, tips."""
    choice = local(element) in _CHOICES
    for key in element.attrib:  # to list keys with values takes lxml time in the square of their count
        said = str(key).rpartition("}")[2]
        if said in _SAYING or (choice and said == "value"):
            source.budget.check_time()
            yield str(element.get(key, ""))


_COUNTED: Final = ("settings.xml", "meta.xml")  # their numbers are sizes and counts
_SILENT: Final = frozenset(
    "ruby-text generator creation-date date editing-duration print-date binary-data page-number".split()
)
_INLINE: Final = "は確認していません。目で見て確かめてください"
_KNOWN: Final = frozenset({"mimetype", "layout-cache"})
_TABLE: Final = re.compile(r"TablePreview\d+\.svm")  # what LibreOffice draws of a table on a slide
_PREVIEWS: Final = ("Thumbnails", "ObjectReplacements")
_SAYING: Final = frozenset(
    "string-value label current-value description alias display-text help-message key1 key2 author title".split()
)
_CHOICES: Final = frozenset({"label", "option", "item", "list-item", "param"})


def _in_folder(name: str, *folders: str) -> bool:
    return any(f"/{folder}/" in f"/{name}" for folder in folders)


def _suffix(name: str) -> str:
    return splitext(name)[1].lower()


def _is_picture(name: str) -> bool:
    kept = name.startswith(("Pictures/", "media/", "Media/")) or "/Pictures/" in name
    return _suffix(name) in _PICTURES or (kept and _suffix(name) not in _MEDIA)


def _is_object(name: str) -> bool:
    return name.endswith("/content.xml") and not _in_folder(name, *_PREVIEWS)


def _is_file(name: str) -> bool:
    """Tell whether a member is a file that was put in: one of another software ("Object 1"), an older version."""
    apart = _in_folder(name, *_PREVIEWS, "Configurations2", "META-INF", "Basic", "Scripts") or basename(name) in _KNOWN
    suffix = _suffix(name)
    return not (apart or _is_picture(name) or suffix in _MEDIA or suffix in _FONTS or suffix in {".xml", ".rdf"})


def _file(package: Package, source: Source, name: str, label: str) -> Content:
    return source.read_member(package.read(name), name, label)


def _object(package: Package, source: Source, name: str, label: str) -> Content:
    """Read an object of LibreOffice's own: its paragraphs and tables, or all its words where it has none (formulas)."""
    root = parse_xml(package.read(name))
    story = story_of(source, root)
    flow(root, story, label)
    if not story.lines:
        story.put(label, paragraph_text(root))
    return told(story, label)


def properties(package: Package) -> Segment | None:
    """Return the properties of a document (4.3), a line each; ReadError where they are damaged."""
    if "meta.xml" not in package:
        return None
    lines: list[str] = []
    for each in parse_xml(package.read("meta.xml")).iter():
        label, text = _PROPERTIES.get(local(each)), (each.text or "").strip()
        if label and text:
            lines.append(f"{attribute(each, 'name') or label}: {text}")
        elif local(each) == "template":
            told_of = (attribute(each, "title") or "", unquote(attribute(each, "href") or ""))
            lines += [f"テンプレート: {value}" for value in told_of if value]
    return paragraphs((("文書の情報", line) for line in lines), label="文書の情報", aside=True)
