"""Read the documents of Word (.docx, .docm, .dotx, .dotm): ECMA-376 Part 1, 17 (WordprocessingML).

Parts are known by their root elements, so that a part that no relationship names is read all the same.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.readers.docx_flow import Story, Word, blocks
from aiguard.readers.ooxml import (
    WORDLESS,
    embedded,
    kind_of,
    links,
    macros,
    main_part,
    other_words,
    pictures,
    properties,
    xml_parts,
)
from aiguard.readers.ooxml_drawing import chart_lines, drawing_lines
from aiguard.readers.package import Package
from aiguard.readers.source import damaged, guarded, joined, only, paragraphs
from aiguard.readers.xmltree import attribute, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source

_OFF: Final = frozenset({"0", "false", "off"})
_LONGEST_LINEAGE: Final = 20  # styles; Word itself allows 11 (17.7.4.3)
_PLACES: Final = {"hdr": "ヘッダー", "ftr": "フッター", "docParts": "文書パーツ", "glossaryDocument": "文書パーツ"}
_NOTES: Final = {"footnotes": "脚注", "endnotes": "文末脚注", "comments": "コメント"}
_FIGURES: Final = {"chartSpace": "グラフ", "userShapes": "グラフの図形", "dataModel": "図形", "drawing": "図形"}


def read_docx(source: Source) -> Content:
    """Return the body, then every other part, then what is not on the page; ReadError where it is no document."""
    package = Package(source.data, source.budget)
    main = main_part(package, r"word/document\d*\.xml")
    if main is None:
        raise damaged("Word文書")
    folder = dirname(main)
    word = Word(source, package, _hidden_styles(package, f"{folder}/styles.xml"), Counter(), {}, set())
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
            guarded("文書の情報", lambda: only(properties(package))),
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


def _part(word: Word, name: str) -> Content:
    """Read a part by its root."""
    root = parse_xml(word.package.read(name))
    kind = kind_of(name, root)
    authors = root.xpath("//@*[local-name()='author']")
    for author in authors if isinstance(authors, list) else ():
        word.note("変更した人", "", str(author))
    if kind == "document":
        return _told(Story(word, "本文", [], counted=True), root)
    if kind in _PLACES:
        return _told(Story(word, _PLACES[kind], []), root)
    if kind in _NOTES:
        return _notes(word, root, _NOTES[kind])
    if kind in _FIGURES:
        return _figure(word, _FIGURES[kind], root)
    if kind not in WORDLESS:
        other, texts = other_words(name, root)
        for text in texts:
            word.note(other, "", text)
    return (), ()


def _figure(word: Word, kind: str, root: _Element) -> Content:
    """Read a chart or a diagram, whose text stands in the package twice: as its data and as it was drawn."""
    lines = chart_lines(root) if kind == "グラフ" else [each for each in drawing_lines(root) if each not in word.drawn]
    if kind != "グラフ":
        word.drawn.update(lines)
    label = word.number(kind) if lines else kind
    segment = paragraphs(((label, line) for line in lines), label=label)
    return only(segment)


def _told(story: Story, root: _Element) -> Content:
    blocks(root, story)
    segment = paragraphs(story.lines, label=story.label, aside=story.label == "文書パーツ")
    return only(segment)


def _notes(word: Word, root: _Element, kind: str) -> Content:
    """Read notes and comments (17.11, 17.13.4), each under its number; the lines that part notes have none."""
    story = Story(word, kind, [])
    for note in root:
        label = kind if attribute(note, "type") in {"separator", "continuationSeparator"} else word.number(kind)
        author = attribute(note, "author")
        if author:
            story.lines.append((label, f"作成者: {author}"))
        blocks(note, story._replace(label=label))
    segment = paragraphs(story.lines, label=kind, aside=kind == "コメント")
    return only(segment)


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
