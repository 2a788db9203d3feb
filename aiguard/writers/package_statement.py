"""Put a statement into the XML of an office package, at a place where the format has text, and change nothing else.

Places are byte offsets that a parser (expat) found, so that the rest of a part stays as it is: its prefixes, its order
of attributes, its mark and its encoding.
"""

from __future__ import annotations

import re
from html import escape, unescape
from posixpath import basename, dirname, join
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.location import column_letters
from aiguard.readers.ooxml import main_part, relationships
from aiguard.writers.splice import spliced
from aiguard.writers.zipsplice import replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aiguard.readers.package import Package

_DAMAGED: Final = "中のXMLが壊れているため書き込めません。元のソフトで開いて保存し直してください"
_LOCKED: Final = "パスワードがかかっているため書き込めません。パスワードを外して保存してください"
_SIGNED: Final = "電子署名があるため書き込めません（署名が無効になります）"
_NO_PLACE: Final = "この文書には書き込む場所が見つかりません"
_FULL: Final = "印刷のヘッダー・フッターが長いため、書き足せません"
_SIGNATURES: Final = ("_xmlsignatures/", "META-INF/documentsignatures", "META-INF/packagesignatures")
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_SPACES: Final = {
    "a": ("drawingml/main", "http://schemas.openxmlformats.org/drawingml/2006/main"),
    "r": ("officeDocument/relationships", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
}
_TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_OFF: Final = frozenset({"0", "false", "off"})
_TAG: Final = re.compile(rb"""</?([^\s/>]+)(?:[^"'>]|"[^"]*+"|'[^']*+')*+>""")
_ENTITIES: Final = re.compile("<!ENTITY")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED: Final = re.compile(rb"""<\?xml\s[^>]{0,99}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")

Change = tuple[dict[str, bytes], dict[str, bytes]]
Piece = tuple[int, int, str]


class NoPlace(ReadError):  # noqa: N818 - what it says, as the errors beside it
    """Report a document that can be read and has no room for a statement."""


class Element(NamedTuple):
    """Hold an element of a part: names, attributes (":" before those with a namespace), prefixes, and its bytes.

    `start` to `inner` is its start tag, `close` to `end` its end tag; of an empty element both are the one tag.
    """

    name: str
    space: str
    parent: str
    given: dict[str, str]
    scope: dict[str, str]
    start: int
    inner: int
    close: int
    end: int

    @property
    def prefix(self) -> str:
        """Return the prefix of its namespace, with a colon if there is one."""
        return _prefix(self.scope, self.space) or ""

    @property
    def empty(self) -> bool:
        """Tell whether it is one tag."""
        return self.start == self.close


class Part(NamedTuple):
    """Hold the XML of a part as UTF-8 with its elements of some names, in the order of their ends."""

    text: bytes
    mark: bytes
    codec: str
    elements: tuple[Element, ...]

    def all(self, name: str, parent: str | None = None) -> list[Element]:
        """List elements by their local names, as they begin."""
        found = (each for each in self.elements if each.name == name and parent in {None, each.parent})
        return sorted(found, key=lambda each: each.start)

    def one(self, name: str, parent: str | None = None) -> Element:
        """Return the first of a name; NoPlace."""
        found = self.all(name, parent)
        if not found:
            raise NoPlace(_NO_PLACE)
        return found[0]

    def written(self, *pieces: Piece) -> bytes:
        """Return the part with pieces (start, end, XML) in place, in its own encoding."""
        text = spliced(self.text, [(start, end, xml.encode()) for start, end, xml in sorted(pieces)])
        return self.mark + (text if self.codec == "utf-8" else text.decode().encode(self.codec, "xmlcharrefreplace"))

    def inside(self, element: Element, xml: str, *, first: bool = False) -> Piece:
        """Return the piece that puts XML into an element: last, or first; an empty one is opened for it."""
        if not element.empty:
            place = element.inner if first else element.close
            return place, place, xml
        name = _name_at(self.text, element.start)
        return element.end - 2, element.end, f">{xml}</{name}>"


def insert(data: bytes, package: Package, form: str, statement: str, at: str) -> bytes:
    """Return a package with a statement at the "start", the "end" or in the "footer".

    NoPlace where the document has no room for it or is signed; ReadError where it is damaged or takes a password.
    """
    if any(name.startswith(_SIGNATURES) for name in package.names):
        raise NoPlace(_SIGNED)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise ReadError(_LOCKED)
    changes, added = _FORMS[form](package, escape(statement, quote=False), at)
    return replaced(data, changes, added)


def holds(form: str) -> bool:
    """Tell whether statements can be put into a format."""
    return form in _FORMS


def part_of(data: bytes, names: Iterable[str]) -> Part:
    """Parse a part for the elements of some names; ReadError where it is damaged."""
    mark, codec = next(((mark, codec) for mark, codec in _MARKS if data.startswith(mark)), (b"", ""))
    declared = _DECLARED.match(data)
    codec = codec or (declared[1].decode().lower() if declared else "utf-8")
    try:
        text = data[len(mark) :].decode(codec)
        same = text.encode(codec) == data[len(mark) :]
    except (LookupError, ValueError):
        raise ReadError(_DAMAGED) from None
    if not same or _ENTITIES.search(text):
        raise ReadError(_DAMAGED)
    held = text.encode()
    wanted = frozenset(names)
    return Part(held, mark, "utf-8" if codec in {"utf-8", "utf8"} else codec, tuple(_elements(held, wanted)))


def _elements(text: bytes, wanted: frozenset[str]) -> list[Element]:
    done: list[Element] = []
    open_: list[tuple[str, Element | None]] = []
    scope: dict[str, list[str]] = {}
    held: list[dict[str, str]] = []

    def name(prefix: str, uri: str | None) -> None:
        held.clear()
        if uri is None:
            scope[prefix].pop()
        else:
            scope.setdefault(prefix, []).append(uri)

    def start(name: str, given: dict[str, str], at: int) -> None:
        space, local = name.split("|")[:2] if "|" in name else ("", name)
        element = None
        if local in wanted:
            if not held:
                held.append({prefix: uris[-1] for prefix, uris in scope.items() if uris})
            parent = open_[-1][0] if open_ else ""
            element = Element(local, space, parent, _given(given), held[0], at, _tag_end(text, at), at, at)
        open_.append((local, element))

    def end(at: int) -> None:
        element = open_.pop()[1]
        if element is not None:
            done.append(_closed(text, element, at))

    walk(text, start, end, name)
    return done


def _closed(text: bytes, element: Element, at: int) -> Element:
    end = _end_of(text, element.start, at)
    return element._replace(close=element.start if end == element.inner else at, end=end)


def _end_of(text: bytes, start: int, at: int) -> int:
    """Return where an element ends whose end is told at `at`: of an empty one that is behind its only tag."""
    inner = _tag_end(text, start)
    return inner if text[inner - 2 : inner] == b"/>" else _tag_end(text, at)


def walk(
    text: bytes,
    start: Callable[[str, dict[str, str], int], None],
    end: Callable[[int], None],
    name: Callable[[str, str | None], None] | None = None,
) -> None:
    """Call `start` and `end` with the byte offsets of tags, names being "uri|local|prefix"; ReadError.

    `name` hears of the prefixes: the URI that one has from here on, and None where that ends.
    """
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8", "|")
    parser.namespace_prefixes = True
    parser.StartElementHandler = lambda name, given: start(name, given, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda _: end(parser.CurrentByteIndex)
    if name is not None:
        parser.StartNamespaceDeclHandler = lambda prefix, uri: name(prefix or "", uri or "")
        parser.EndNamespaceDeclHandler = lambda prefix: name(prefix or "", None)
    try:
        parser.Parse(text, True)  # noqa: FBT003 - the parameter has no name
    except expat.ExpatError:
        raise ReadError(_DAMAGED) from None


def _given(given: dict[str, str]) -> dict[str, str]:
    return {f":{name.split('|')[1]}" if "|" in name else name: value for name, value in given.items()}


def _tag_end(text: bytes, at: int) -> int:
    found = _TAG.match(text, at)
    return found.end() if found else at


def _name_at(text: bytes, at: int) -> str:
    found = _TAG.match(text, at)
    return found[1].decode() if found else ""


def _prefix(scope: dict[str, str], space: str) -> str | None:
    """Return the prefix of a namespace, with its colon, or "" where it is the default; None where it has none."""
    found = [prefix for prefix, uri in scope.items() if uri == space]
    return None if not found else "" if "" in found else f"{found[0]}:"


def _used(scope: dict[str, str], space: str, prefix: str) -> tuple[str, str]:
    """Return the prefix of a namespace with its colon, and what declares it where nothing has.

    Attributes need a prefix of their own: a default does not count.
    """
    found = next((key for key, uri in scope.items() if uri == space and key), None)
    return (f"{found}:", "") if found else (f"{prefix}:", f' xmlns:{prefix}="{escape(space)}"')


def _office(element: Element, kind: str) -> str:
    """Return a namespace of Office that goes with that of an element, strict or transitional (Part 1, annex A)."""
    strict, transitional = _SPACES[kind]
    return f"{_STRICT}{strict}" if element.space.startswith(_STRICT) else transitional


def _is_on(element: Element) -> bool:
    return (element.given.get(":val") or element.given.get("val") or "1") not in _OFF


def _docx(package: Package, statement: str, at: str) -> Change:
    main = main_part(package, r"word/document\d*\.xml")
    if main is None:
        raise ReadError(_DAMAGED)
    part = part_of(package.read(main), ("body", "sectPr", "footerReference", "titlePg"))
    body = part.one("body", "document")
    if at == "footer":
        return _docx_footer(package, main, part, body, statement)
    xml = _paragraph(body.prefix, statement)
    last = part.all("sectPr", "body")
    piece = (
        (last[-1].start, last[-1].start, xml) if last and at == "end" else part.inside(body, xml, first=at == "start")
    )
    return {main: part.written(piece)}, {}


def _paragraph(w: str, statement: str) -> str:
    """Return a paragraph (ECMA-376 Part 1, 17.3.1.22)."""
    return f'<{w}p><{w}r><{w}t xml:space="preserve">{statement}</{w}t></{w}r></{w}p>'


def _docx_footer(package: Package, main: str, part: Part, body: Element, statement: str) -> Change:
    """Put a paragraph into every footer that a section names, or make one (17.10.3, 17.10.5)."""
    related = relationships(package, main)
    named = [related.get(each.given.get(":id", "")) for each in part.all("footerReference", "sectPr")]
    targets = dict.fromkeys(each.target for each in named if each is not None and each.target in package)
    if not named:
        return _new_footers(package, main, part, body, statement)
    if not targets:
        raise NoPlace(_NO_PLACE)
    changes = {}
    for target in targets:
        footer = part_of(package.read(target), ("ftr",))
        root = footer.one("ftr")
        changes[target] = footer.written(footer.inside(root, _paragraph(root.prefix, statement)))
    return changes, {}


def _new_footers(package: Package, main: str, part: Part, body: Element, statement: str) -> Change:
    """Make the footers that the first section shows: later ones have them from it (17.10.5)."""
    kinds = ["default", *(["first"] if any(map(_is_on, part.all("titlePg", "sectPr"))) else ())]
    kinds += ["even"] if _has_even_pages(package, main) else []
    taken = {name.lower() for name in package.names}
    numbers = (
        number for number in range(1, len(taken) + 9) if f"{dirname(main)}/footer{number}.xml".lower() not in taken
    )
    names = {kind: f"footer{number}.xml" for kind, number in zip(kinds, numbers, strict=False)}
    ids = _new_ids(relationships(package, main), len(kinds))
    (r, related), (w, own) = _used(body.scope, _office(body, "r"), "r"), _used(body.scope, body.space, "w")
    tag = f"{body.prefix}footerReference{related}{own}"
    references = "".join(f'<{tag} {w}type="{kind}" {r}id="{key}"/>' for kind, key in zip(names, ids, strict=True))
    sections = [each for each in part.all("sectPr") if each.parent in {"body", "pPr"}]
    piece = (
        part.inside(sections[0], references, first=True)
        if sections
        else part.inside(body, f"<{body.prefix}sectPr>{references}</{body.prefix}sectPr>")
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:ftr xmlns:w="{escape(body.space)}">{_paragraph("w:", statement)}</w:ftr>'
    changes, added = _related(package, main, _office(body, "r"), dict(zip(ids, names.values(), strict=True)))
    changes[main] = part.written(piece)
    return changes, added | {join(dirname(main), name): xml.encode() for name in names.values()}


def _has_even_pages(package: Package, main: str) -> bool:
    name = join(dirname(main), "settings.xml")
    settings = part_of(package.read(name), ("evenAndOddHeaders",)).all("evenAndOddHeaders") if name in package else []
    return any(map(_is_on, settings))


def _new_ids(taken: Iterable[str], count: int) -> list[str]:
    known = {each.lower() for each in taken}
    free = (f"rId{number}" for number in range(1, len(known) + count + 1) if f"rid{number}" not in known)
    return [next(free) for _ in range(count)]


def _related(package: Package, main: str, space: str, targets: dict[str, str]) -> Change:
    """Relate new footers to the main part, and say what type they are (Part 2, 6.5 and 7.2.3)."""
    name = join(dirname(main), "_rels", f"{basename(main)}.rels")
    root = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = next((each for each in package.names if each.lower() == "[content_types].xml"), None)
    if types is None:
        raise ReadError(_DAMAGED)
    if name in package:
        relations = part_of(package.read(name), ("Relationships",))
        holder = relations.one("Relationships")
        changes = {name: relations.written(relations.inside(holder, _relations(holder.prefix, space, targets)))}
        added = {}
    else:
        xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{root}">{_relations("", space, targets)}</Relationships>'
        changes, added = {}, {name: xml.encode()}
    part = part_of(package.read(types), ("Types",))
    listed = part.one("Types")
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    overrides = (
        f'<{listed.prefix}Override PartName="/{join(dirname(main), target)}" ContentType="{content}"/>'
        for target in targets.values()
    )
    return {**changes, types: part.written(part.inside(listed, "".join(overrides)))}, added


def _relations(prefix: str, space: str, targets: dict[str, str]) -> str:
    return "".join(
        f'<{prefix}Relationship Id="{key}" Type="{space}/footer" Target="{target}"/>' for key, target in targets.items()
    )


def _pptx(package: Package, statement: str, at: str) -> Change:
    """Put a text box (p:sp, 19.3.1.43) at the foot of the last or the first slide shown, or of every slide."""
    main = main_part(package, r"ppt/presentation\d*\.xml")
    if main is None:
        raise ReadError(_DAMAGED)
    show, related = part_of(package.read(main), ("sldId", "sldSz")), relationships(package, main)
    named = [related.get(each.given.get(":id", "")) for each in show.all("sldId", "sldIdLst")]
    names = [each.target for each in named if each is not None and each.target in package]
    slides = {name: part_of(package.read(name), ("sld", "spTree", "extLst", "cNvPr")) for name in names}
    shown = [name for name, slide in slides.items() if slide.one("sld").given.get("show", "1") not in _OFF]
    if not shown:
        raise NoPlace(_NO_PLACE)
    wanted = shown if at == "footer" else [shown[0] if at == "start" else shown[-1]]
    size = next((each.given for each in show.all("sldSz")), {})
    width, height = (_number(size.get(key, ""), otherwise) for key, otherwise in (("cx", 9_144_000), ("cy", 6_858_000)))
    return {name: _boxed(slides[name], statement, width, height) for name in wanted}, {}


def _boxed(slide: Part, statement: str, width: int, height: int) -> bytes:
    tree = slide.one("spTree", "cSld")
    number = max((_number(each.given.get("id", ""), 1) for each in slide.all("cNvPr")), default=1) + 1
    p, (a, declared) = tree.prefix, _used(tree.scope, _office(tree, "a"), "a")
    xml = (
        f'<{p}sp{declared}><{p}nvSpPr><{p}cNvPr id="{number}" name="生成AI利用の明示"/><{p}cNvSpPr txBox="1"/><{p}nvPr/></{p}nvSpPr>'
        f'<{p}spPr><{a}xfrm><{a}off x="{width // 40}" y="{height * 93 // 100}"/><{a}ext cx="{width * 38 // 40}" cy="{height * 6 // 100}"/>'
        f'</{a}xfrm><{a}prstGeom prst="rect"><{a}avLst/></{a}prstGeom><{a}noFill/></{p}spPr><{p}txBody><{a}bodyPr wrap="square"/><{a}lstStyle/>'
        f'<{a}p><{a}r><{a}rPr lang="ja-JP" sz="1000"/><{a}t>{statement}</{a}t></{a}r></{a}p></{p}txBody></{p}sp>'
    )
    last = [each for each in slide.all("extLst", "spTree") if each.end <= tree.close]
    return slide.written((last[-1].start, last[-1].start, xml) if last else slide.inside(tree, xml))


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else otherwise


def _xlsx(package: Package, statement: str, at: str) -> Change:
    """Put an inline string (18.18.11) below the cells of the first sheet shown, or print it: a start would move cells."""
    main = main_part(package, r"xl/workbook\d*\.xml")
    if main is None:
        raise NoPlace(_NO_PLACE)
    book, related = part_of(package.read(main), ("sheet",)), relationships(package, main)
    shown = [each for each in book.all("sheet", "sheets") if each.given.get("state", "visible") == "visible"]
    named = [related.get(each.given.get(":id", "")) for each in shown]
    name = next((each.target for each in named if each and each.kind == "worksheet" and each.target in package), "")
    if not name:
        raise NoPlace(_NO_PLACE)
    data = package.read(name)
    if at != "end":
        return {name: _printed(part_of(data, (*_BEFORE_PRINT, *_PRINT, "headerFooter")), statement, at)}, {}
    kept = [each.target for each in relationships(package, name).values() if each.kind in {"table", "pivotTable"}]
    held = [
        each.given.get("ref", "")
        for target in kept
        if target in package
        for each in part_of(package.read(target), ("table", "location")).elements
    ]
    rest, cut, left_out = _below(data)
    part = part_of(rest, _SHEET)
    pieces = [
        (start + left_out * (start >= cut), end + left_out * (start >= cut), xml)
        for start, end, xml in _in_cell(part, statement, held)
    ]
    return {name: (part._replace(text=data) if left_out else part).written(*pieces)}, {}


def _printed(sheet: Part, statement: str, at: str) -> bytes:
    """Put a statement into the left of the printed footers, or headers, that a sheet uses (18.3.1.46, 18.3.1.64)."""
    kind = "Header" if at == "start" else "Footer"
    holder = next(iter(sheet.all("headerFooter", "worksheet")), None)
    if holder is None:
        before = [each for each in sheet.elements if each.name in _BEFORE_PRINT and each.parent == "worksheet"]
        place = max((each.end for each in before), default=-1)
        if place < 0:
            raise NoPlace(_NO_PLACE)
        s = before[0].prefix
        xml = f"<{s}headerFooter><{s}odd{kind}>&amp;L{_coded(statement)}</{s}odd{kind}></{s}headerFooter>"
        return sheet.written((place, place, xml))
    flags = {"even": "differentOddEven", "first": "differentFirst"}
    pages = ["odd", *(page for page, flag in flags.items() if holder.given.get(flag, "0") not in _OFF)]
    return sheet.written(*(_printed_on(sheet, holder, f"{page}{kind}", statement) for page in pages))


def _printed_on(sheet: Part, holder: Element, name: str, statement: str) -> Piece:
    s, found = holder.prefix, sheet.all(name, "headerFooter")
    if found and not found[0].empty:
        old = sheet.text[found[0].inner : found[0].close].decode()
        return found[0].inner, found[0].close, _left(unescape(old), _coded(statement))
    xml = f"<{s}{name}>&amp;L{_coded(statement)}</{s}{name}>"
    if found:
        return found[0].start, found[0].end, xml
    later = [each for each in sheet.elements if each.name in _PRINT[_PRINT.index(name) + 1 :]]
    place = min((each.start for each in later), default=-1)
    return (place, place, xml) if place >= 0 else sheet.inside(holder, xml)


def _coded(statement: str) -> str:
    """Return a statement (XML) for a header, in which a lone & is a code."""
    return statement.replace("&amp;", "&amp;&amp;")


def _left(codes: str, statement: str) -> str:
    """Put a statement behind what stands at the left; what has no place is in the middle."""
    found = _LEFT.fullmatch(codes)
    left, rest = found.groups() if found else ("&L", codes)
    gap = " " if left != "&L" else ""
    middle = "&C" if not found and codes and not codes.startswith(("&C", "&R")) else ""
    whole = f"{left}{gap}{unescape(statement)}{middle}{rest}"
    if len(whole) > _LONGEST_PRINT:
        raise NoPlace(_FULL)
    return escape(whole, quote=False)


class _Row(NamedTuple):
    """Hold a row without values, and its cells by columns: where each stands, and its style."""

    number: int
    hidden: bool
    element: Element
    cells: dict[int, tuple[int, int, str]]


class _Rows:
    """Find, while a sheet is parsed, the last row that holds something, and the rows below it."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.number = self.last = 0
        self.filled = False
        self.open: list[str] = []
        self.row: Element | None = None
        self.cells: list[tuple[str, int, int, str]] = []
        self.later: list[_Row] = []

    def start(self, name: str, given: dict[str, str], at: int) -> None:
        space, local = name.split("|")[:2] if "|" in name else ("", name)
        parent = self.open[-1] if self.open else ""
        self.open.append(local)
        if local == "row" and parent == "sheetData":
            self.number, self.filled, self.cells = _number(given.get("r", ""), self.number + 1), False, []
            self.row = Element(local, space, parent, given, {}, at, _tag_end(self.text, at), at, at)
        elif self.row is None:
            return
        elif local == "c" and parent == "row":
            self.cells.append((given.get("r", ""), at, at, given.get("s", "")))
        elif parent == "c":
            self.filled = self.filled or local in {"v", "is", "f"}

    def end(self, at: int) -> None:
        local = self.open.pop()
        if self.row is None:
            return
        if local == "c" and self.open[-1] == "row":
            place, begin, _, style = self.cells[-1]
            self.cells[-1] = place, begin, _end_of(self.text, begin, at), style
        elif local == "row" and self.open[-1] == "sheetData":
            if self.filled:
                self.last = max(self.last, self.number)
                self.later.clear()
            else:
                row = _closed(self.text, self.row, at)
                hidden = row.given.get("hidden", "0") not in _OFF
                self.later.append(_Row(self.number, hidden, row, _by_column(self.cells)))
            self.row = None


def _by_column(cells: Sequence[tuple[str, int, int, str]]) -> dict[int, tuple[int, int, str]]:
    """Return cells by their columns; one that does not say its own follows the one before."""
    found: dict[int, tuple[int, int, str]] = {}
    column = 0
    for place, start, end, style in cells:
        column = column_number(place.rstrip("0123456789")) or column + 1
        found[column] = start, end, style
    return found


def _below(data: bytes) -> tuple[bytes, int, int]:
    """Return a sheet without the rows before its last value, where they stood, and how many bytes they are.

    A sheet may have a million cells, of which only the last tells where there is room. Without comments and the like a
    "<" in XML always begins a tag, so that these are found without a parser; else, or where a row does not say its
    number, nothing is left out.
    """
    opened = _SHEET_DATA.search(data)
    if opened is None or b"<!" in data or data.count(b"<?") > 1 or not data.startswith(b"<"):
        return data, 0, 0
    prefix = opened[1]
    close = data.find(b"</" + prefix + b"sheetData", opened.end())
    tags = (b"<" + prefix + name + end for name in (b"v", b"is", b"f") for end in (b">", b" ", b"/"))
    value = max(data.rfind(tag, opened.end(), max(close, opened.end())) for tag in tags)
    row = data.rfind(b"<" + prefix + b"row ", opened.end(), max(value, opened.end()))
    if row < 0 or not _ROW_NUMBER.match(data, row):
        return data, 0, 0
    return data[: opened.end()] + data[row:], opened.end(), row - opened.end()


def _in_cell(sheet: Part, statement: str, held: Sequence[str]) -> list[Piece]:
    """Return the pieces that put a statement into the first row free below what a sheet holds, in the first column that is shown."""
    rows = _Rows(sheet.text)
    walk(sheet.text, rows.start, rows.end)
    areas = [each.given.get("ref", "") for each in sheet.all("mergeCell")] + list(held)
    hidden = {row.number for row in rows.later if row.hidden}
    number = max((rows.last, *(found[1] for area in areas for found in _corners(area)))) + 1
    while number in hidden:
        number += 1
    column = 1
    for each in sheet.all("col", "cols"):
        first, last = (_number(each.given.get(key, ""), 0) for key in ("min", "max"))
        if first <= column <= last and each.given.get("hidden", "0") not in _OFF:
            column = last + 1
    if number > _ROWS or column > _COLUMNS:
        raise NoPlace(_NO_PLACE)
    pieces = [_cell_piece(sheet, rows.later, (column, number), statement)]
    pieces += [_outline(sheet, each, column, number) for each in sheet.all("dimension", "worksheet")[:1]]
    return pieces


def _cell_piece(sheet: Part, later: Sequence[_Row], place: tuple[int, int], statement: str) -> Piece:
    column, number = place
    holder = sheet.one("sheetData", "worksheet")
    s, row = holder.prefix, next((each for each in later if each.number == number), None)
    style = row.cells[column][2] if row is not None and column in row.cells else ""
    styled = f' s="{escape(style)}"' if style else ""
    cell = f'<{s}c r="{column_letters(column)}{number}"{styled} t="inlineStr"><{s}is><{s}t>{statement}</{s}t></{s}is></{s}c>'
    if row is None:
        folded = any(each.given.get("zeroHeight", "0") not in _OFF for each in sheet.all("sheetFormatPr"))
        shown = ' hidden="0" ht="18" customHeight="1"' if folded else ""
        xml = f'<{s}row r="{number}"{shown}>{cell}</{s}row>'
        below = min((each.element.start for each in later if each.number > number), default=-1)
        return (below, below, xml) if below >= 0 else sheet.inside(holder, xml)
    if column in row.cells:
        return *row.cells[column][:2], cell
    right = min((at[0] for each, at in row.cells.items() if each > column), default=-1)
    return (right, right, cell) if right >= 0 else sheet.inside(row.element, cell)


def _corners(area: str) -> list[tuple[int, int]]:
    """Return the columns and rows of the cells that an area names (A1, A1:C3)."""
    found = (_CELL.fullmatch(each) for each in area.split(":"))
    return [(column_number(each[1]), int(each[2])) for each in found if each]


def column_number(letters: str) -> int:
    """Read a column as a sheet names it: A is 1; 0 for what is none."""
    number = 0
    for letter in letters if len(letters) <= len("XFD") and letters.isascii() and letters.isupper() else "":
        number = number * 26 + ord(letter) - ord("@")
    return number


def _outline(sheet: Part, element: Element, column: int, number: int) -> Piece:
    """Return the outline of a sheet (18.3.1.35) with one more cell in it."""
    corners = [*_corners(element.given.get("ref", "")), (column, number)]
    first, last = ((choose(at[0] for at in corners), choose(at[1] for at in corners)) for choose in (min, max))
    area = ":".join(dict.fromkeys(f"{column_letters(at[0])}{at[1]}" for at in (first, last)))
    tag = sheet.text[element.start : element.inner].decode()
    return element.start, element.inner, _REF.sub(rf"\g<1>\g<2>{area}\g<2>", tag, count=1)


def _odt(package: Package, statement: str, at: str) -> Change:
    """Put a paragraph (OpenDocument 1.3, Part 3, 5.1.3) into the text or into the footers of its pages."""
    if at == "footer":
        return _odt_footer(package, statement)
    part = part_of(package.read("content.xml"), ("text", *_PRELUDE, *_EPILOGUE))
    body = part.one("text", "body")
    xml = _odt_paragraph(body, statement)
    inner = [
        each for each in part.elements if each.parent == "text" and body.inner <= each.start and each.end <= body.close
    ]
    if at == "start":
        before = [each.end for each in inner if each.name in _PRELUDE]
        place = max(before, default=-1)
    else:
        place = min((each.start for each in inner if each.name in _EPILOGUE), default=-1)
    return {
        "content.xml": part.written((place, place, xml) if place >= 0 else part.inside(body, xml, first=at == "start"))
    }, {}


def _odt_paragraph(element: Element, statement: str) -> str:
    prefix, declared = _used(element.scope, _TEXT, "text")
    return f"<{prefix}p{declared}>{statement}</{prefix}p>"


def _odt_footer(package: Package, statement: str) -> Change:
    """Put a paragraph into the footers (16.10) of the master pages that are in use, made where there is none."""
    if "styles.xml" not in package:
        raise NoPlace(_NO_PLACE)
    part = part_of(package.read("styles.xml"), ("master-page", *_FEET))
    used = {name.decode() for name in _MASTER.findall(package.read("content.xml") + part.text)}
    masters = part.all("master-page")
    wanted = [each for each in masters if each.given.get(":name") in used or each.start == masters[0].start]
    pieces = [piece for master in wanted for piece in _master_pieces(part, master, statement)]
    if not pieces:
        raise NoPlace(_NO_PLACE)
    return {"styles.xml": part.written(*pieces)}, {}


def _master_pieces(part: Part, master: Element, statement: str) -> list[Piece]:
    inner = [each for each in part.elements if each.parent == "master-page" and master.start < each.start < master.end]
    feet = [each for each in inner if each.name.startswith("footer") and each.given.get(":display") != "false"]
    if feet:
        return [part.inside(each, _odt_paragraph(each, statement)) for each in feet]
    if any(each.name == "footer" for each in inner):
        return []  # one that is switched off
    tag, xml = f"{master.prefix}footer", _odt_paragraph(master, statement)
    heads = [each.end for each in inner if each.name.startswith("header")]
    piece = f"<{tag}>{xml}</{tag}>"
    return [(max(heads), max(heads), piece) if heads else part.inside(master, piece, first=True)]


_DIGITS: Final = 9
_ROWS, _COLUMNS, _LONGEST_PRINT = 1_048_576, 16_384, 255
_CELL: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_REF: Final = re.compile(r"""(\bref\s*=\s*)(["'])[^"']*\2""")
_LEFT: Final = re.compile(r"(&L(?:(?!&[CR]).)*)(.*)", re.DOTALL)
_MASTER: Final = re.compile(rb"""master-page-name\s*=\s*["']([^"']{1,200})["']""")
_SHEET_DATA: Final = re.compile(rb"<((?:[\w.-]{1,40}:)?)sheetData(?:\s[^<>]*)?>")
_ROW_NUMBER: Final = re.compile(rb"""<[^<>]*?\sr\s*=\s*["'][0-9]""")
_SHEET: Final = ("sheetData", "dimension", "sheetFormatPr", "col", "mergeCell")
_PRINT: Final = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
# What stands before headerFooter in a sheet (18.3.1.99), and before and behind the text of a document (3.4).
_BEFORE_PRINT: Final = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter "
    "sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions "
    "pageMargins pageSetup".split()
)
_PRELUDE: Final = (
    "forms tracked-changes variable-decls sequence-decls user-field-decls dde-connection-decls alphabetical-index-auto-mark-file "
    "calculation-settings content-validations label-ranges".split()
)
_EPILOGUE: Final = "named-expressions database-ranges data-pilot-tables consolidation dde-links".split()
_FEET: Final = "header header-left header-first footer footer-left footer-first".split()
_FORMS: Final[dict[str, Callable[[Package, str, str], Change]]] = {
    "docx": _docx, "odt": _odt, "pptx": _pptx, "sheet": _xlsx,
}  # fmt: skip
