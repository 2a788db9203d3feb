"""Read the presentations of PowerPoint (.pptx, .pptm, .potx, .ppsx): ECMA-376 Part 1, 19 (PresentationML).

Parts are known by their root elements, so that a part that no relationship names is read all the same.
"""

from __future__ import annotations

from functools import partial
from posixpath import dirname
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.readers.ooxml import (
    WORDLESS,
    embedded,
    kind_of,
    links,
    macros,
    main_part,
    numbered,
    other_words,
    pictures,
    properties,
    relationships,
    xml_parts,
)
from aiguard.readers.ooxml_drawing import chart_lines, drawing_lines, one_line, part_rows
from aiguard.readers.package import Package
from aiguard.readers.source import damaged, guarded, joined, only, paragraphs
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source

_ON: Final = frozenset({"1", "true", "on"})
_OFF: Final = frozenset({"0", "false", "off"})
_MASTER: Final = "スライドマスター"
_MASTERS: Final = frozenset({"sldMaster", "sldLayout"})
_AUTHORS: Final = frozenset({"cmAuthorLst", "authorLst"})
_FIGURES: Final = {"chartSpace": "グラフ", "userShapes": "グラフの図形", "dataModel": "図形", "drawing": "図形"}
# Masters of notes and handouts hold prompts only; they are never shown.
_SKIPPED: Final = WORDLESS | {"notesMaster", "handoutMaster"}


class _Show(NamedTuple):
    """Hold what the parts share: which slide a part belongs to, names of authors by id, what is not on the slides."""

    source: Source
    package: Package
    owners: dict[str, str]
    authors: dict[str, str]
    asides: dict[str, dict[tuple[str, str], None]]
    masters: dict[str, None]
    drawn: set[str]

    def note(self, kind: str, place: str, text: str) -> None:
        """Keep a text that is not on a slide."""
        self.asides.setdefault(kind, {})[f"{place} {kind}".strip(), text] = None


class _Slide(NamedTuple):
    """Hold a slide while it is read; of a master only what is no placeholder."""

    show: _Show
    label: str
    lines: list[tuple[str, str]]
    tables: list[_Element]
    master: bool = False


def read_pptx(source: Source) -> Content:
    """Return the slides in their order, then every other part, then what is not on them; ReadError for no show."""
    package = Package(source.data, source.budget)
    main = main_part(package, r"ppt/presentation\d*\.xml")
    if main is None:
        raise damaged("PowerPoint文書")
    labels = _labels(package, main)
    show = _Show(source, package, _owners(package, labels), _authors(package), {}, {}, set())
    slides = [guarded(label, partial(_slide, show, name, label)) for name, label in labels.items()]
    others = [name for name in numbered(xml_parts(package, dirname(main))) if name not in labels]
    contents = [guarded(show.owners.get(name, name), partial(_part, show, name)) for name in others]
    return joined(
        (
            *slides,
            *contents,
            only(paragraphs(((_MASTER, line) for line in show.masters), label=_MASTER)),
            *(only(paragraphs(said, label=kind, aside=True)) for kind, said in show.asides.items()),
            links(package),
            guarded("文書の情報", lambda: only(properties(package))),
            embedded(source, package, dirname(main)),
            ((), (*pictures(package, dirname(main)), *macros(package))),
        )
    )


def _labels(package: Package, main: str) -> dict[str, str]:
    """Return the labels of the slides by their parts, in the order of the list (19.2.1.34), the unlisted ones last."""
    related = relationships(package, main)
    try:
        listed = [_related(each) for each in parse_xml(package.read(main)).iter("{*}sldId")]
    except ReadError:
        listed = list(related)  # reading the parts says that this one is damaged
    targets = [related[key].target for key in listed if key in related and related[key].kind == "slide"]
    names = [name for name in dict.fromkeys(targets) if name in package]
    labels = {name: f"スライド{n}" for n, name in enumerate(names, 1)}
    folder = f"{dirname(main)}/slides/"
    unlisted = (name for name in numbered(package.matching(folder, ".xml")) if name not in labels)
    return labels | {name: f"一覧にないスライド{n}" for n, name in enumerate(unlisted, 1)}


def _related(element: _Element) -> str:
    """Return the id of a relationship, r:id, of an element that has an id of its own as well."""
    return next((str(value) for key, value in element.attrib.items() if str(key).startswith("{")), "")


def _owners(package: Package, labels: dict[str, str]) -> dict[str, str]:
    """Return the slide that each part belongs to: notes, comments, charts, diagrams."""
    owners: dict[str, str] = {}
    for name, label in labels.items():
        for each in relationships(package, name).values():
            if not each.external:
                owners.setdefault(each.target, label)
    return owners


def _authors(package: Package) -> dict[str, str]:
    """Return the names of those who commented, by their ids (19.4.2; [MS-PPTX] 2.6.17)."""
    authors: dict[str, str] = {}
    for name in package.matching("", ".xml"):
        if "uthors" in name.rpartition("/")[2]:
            try:
                root = parse_xml(package.read(name))
            except ReadError:
                continue  # reading the parts says that this one is damaged
            authors |= {attribute(each, "id") or "": attribute(each, "name") or "" for each in root}
    return authors


def _slide(show: _Show, name: str, label: str) -> Content:
    """Read a slide; one that is hidden or not in the list is not seen by who watches the show."""
    root = parse_xml(show.package.read(name))
    if local(root) != "sld":  # another part stands in its place
        return _part(show, name)
    hidden = attribute(root, "show") in _OFF
    label = f"{label}（非表示）" if hidden else label
    lines = _lines(show, root, label)
    return only(paragraphs(lines, label=label, aside=hidden or not label.startswith("スライド")))


def _lines(show: _Show, root: _Element, label: str, *, master: bool = False) -> list[tuple[str, str]]:
    slide = _Slide(show, label, [], [], master)
    _shapes(root, slide)
    for each in root.iter("{*}hlinkClick", "{*}hlinkHover"):
        show.note("リンクのヒント", label, attribute(each, "tooltip") or "")
    return slide.lines


def _part(show: _Show, name: str) -> Content:
    """Read a part that is no slide by its root."""
    root = parse_xml(show.package.read(name))
    kind, owner = kind_of(name, root), show.owners.get(name, "")
    if kind == "notes":
        label = f"{owner} ノート".strip()
        return only(paragraphs(_lines(show, root, label), label=label, aside=True))
    if kind == "cmLst":
        label = f"{owner} コメント".strip()
        return only(paragraphs(((label, line) for line in _comments(show, root)), label=label, aside=True))
    if kind in _MASTERS:
        show.masters.update(dict.fromkeys(line for _, line in _lines(show, root, _MASTER, master=True)))
    elif kind in _FIGURES:
        return _figure(show, _FIGURES[kind], owner, root)
    elif kind == "sld":
        return _slide(show, name, "一覧にないスライド")
    elif kind not in _SKIPPED:
        _words(show, name, root)
    return (), ()


def _words(show: _Show, name: str, root: _Element) -> None:
    """Keep who commented, the names of sections and shows, and the words of parts of no kind of their own."""
    if local(root) in _AUTHORS:
        for each in root:
            show.note("コメントの作成者", "", attribute(each, "name") or "")
            show.note("コメントの作成者", "", attribute(each, "userId") or "")
    for each in root.iter("{*}section", "{*}custShow"):
        show.note("セクション", "", attribute(each, "name") or "")
    kind, words = other_words(name, root)
    for text in words:
        show.note(kind, "", text)


def _figure(show: _Show, kind: str, owner: str, root: _Element) -> Content:
    """Read a chart or a diagram, whose text stands in the package twice: as its data and as it was drawn."""
    label = f"{owner} {kind}".strip()
    lines = chart_lines(root) if kind == "グラフ" else [line for line in drawing_lines(root) if line not in show.drawn]
    if kind != "グラフ":
        show.drawn.update(lines)
    return only(paragraphs(((label, line) for line in lines), label=label))


def _comments(show: _Show, root: _Element) -> Iterator[str]:
    """Yield comments and answers with who wrote them, old (19.4.4) and threaded ([MS-PPTX] 2.6.20)."""
    for comment in root.iter("{*}cm", "{*}reply"):
        author = show.authors.get(attribute(comment, "authorId") or "")
        if author:
            yield f"作成者: {author}"
        for child in comment.iterchildren("{*}text", "{*}txBody"):
            yield from [child.text or ""] if local(child) == "text" else drawing_lines(child)


def _shapes(element: _Element, slide: _Slide) -> None:
    """Read shapes, groups of them, tables and alternative texts, wherever they stand."""
    slide.show.source.budget.check_time()
    for child in element:
        name = local(child)
        if name == "txBody":
            slide.lines.extend((slide.label, line) for line in drawing_lines(child))
        elif name == "tbl":
            _table(child, slide)
        elif name == "AlternateContent":
            begin = len(slide.lines)
            _shapes(child, slide)
            slide.lines[begin:] = {text: (label, text) for label, text in slide.lines[begin:]}.values()
        else:
            _shape(child, slide)


def _shape(element: _Element, slide: _Slide) -> None:
    if local(element) == "cNvPr":
        for name in ("descr", "title"):
            slide.show.note("代替テキスト", slide.label, attribute(element, name) or "")
    if slide.master and element.find("./*/{*}nvPr/{*}ph") is not None:
        return
    said = element.find("./*/{*}cNvPr")
    if said is None or attribute(said, "hidden") not in _ON:
        _shapes(element, slide)
        return
    hidden = slide._replace(lines=[])
    _shapes(element, hidden)
    for _, line in hidden.lines:
        slide.show.note("非表示の図形", slide.label, line)


def _table(element: _Element, slide: _Slide) -> None:
    """Read a table as a line a row (21.1.3.13); a cell that another one covers is there, and empty."""
    slide.tables.append(element)
    part_rows(slide.lines)
    for n, row in enumerate(element.iterchildren("{*}tr"), 1):
        slide.show.source.budget.check_time()
        cells = (" ".join(map(one_line, drawing_lines(cell))) for cell in row.iterchildren("{*}tc"))
        slide.lines.append((f"{slide.label} 表{len(slide.tables)} {n}行目", "\t".join(cells)))
    part_rows(slide.lines)
