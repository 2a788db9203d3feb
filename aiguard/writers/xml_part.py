"""Know the elements of a part by their bytes, so that XML can be put beside them and nothing else changes.

Places are byte offsets that a parser (expat) found, so that the rest of a part stays as it is: its prefixes, its order
of attributes, its mark and its encoding.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.writers.splice import spliced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


DAMAGED: Final = "中のXMLが壊れているため書き込めません。元のソフトで開いて保存し直してください"
NO_PLACE: Final = "この文書には書き込む場所が見つかりません"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_SPACES: Final = {
    "a": ("drawingml/main", "http://schemas.openxmlformats.org/drawingml/2006/main"),
    "r": ("officeDocument/relationships", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
}
OFF: Final = frozenset({"0", "false", "off"})
_TAG: Final = re.compile(rb"""</?([^\s/>]+)(?:[^"'>]|"[^"]*+"|'[^']*+')*+>""")
_ENTITIES: Final = re.compile("<!ENTITY")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED: Final = re.compile(rb"""<\?xml\s[^>]{0,99}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
Change = tuple[dict[str, bytes], dict[str, bytes]]
Piece = tuple[int, int, str]
_DIGITS: Final = 9


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
            raise NoPlace(NO_PLACE)
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


def part_of(data: bytes, names: Iterable[str]) -> Part:
    """Parse a part for the elements of some names; ReadError where it is damaged."""
    mark, codec = next(((mark, codec) for mark, codec in _MARKS if data.startswith(mark)), (b"", ""))
    declared = _DECLARED.match(data)
    codec = codec or (declared[1].decode().lower() if declared else "utf-8")
    try:
        text = data[len(mark) :].decode(codec)
        same = text.encode(codec) == data[len(mark) :]
    except (LookupError, ValueError):
        raise ReadError(DAMAGED) from None
    if not same or _ENTITIES.search(text):
        raise ReadError(DAMAGED)
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
            element = Element(local, space, parent, _given(given), held[0], at, tag_end(text, at), at, at)
        open_.append((local, element))

    def end(at: int) -> None:
        element = open_.pop()[1]
        if element is not None:
            done.append(closed(text, element, at))

    walk(text, start, end, name)
    return done


def closed(text: bytes, element: Element, at: int) -> Element:
    """Return an element with the places of its end tag, which begins at `at`."""
    end = end_of(text, element.start, at)
    return element._replace(close=element.start if end == element.inner else at, end=end)


def end_of(text: bytes, start: int, at: int) -> int:
    """Return where an element ends whose end is told at `at`: of an empty one that is behind its only tag."""
    inner = tag_end(text, start)
    return inner if text[inner - 2 : inner] == b"/>" else tag_end(text, at)


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
        raise ReadError(DAMAGED) from None


def _given(given: dict[str, str]) -> dict[str, str]:
    return {f":{name.split('|')[1]}" if "|" in name else name: value for name, value in given.items()}


def tag_end(text: bytes, at: int) -> int:
    """Return where the tag that begins at `at` ends, in bytes."""
    found = _TAG.match(text, at)
    return found.end() if found else at


def _name_at(text: bytes, at: int) -> str:
    found = _TAG.match(text, at)
    return found[1].decode() if found else ""


def _prefix(scope: dict[str, str], space: str) -> str | None:
    """Return the prefix of a namespace, with its colon, or "" where it is the default; None where it has none."""
    found = [prefix for prefix, uri in scope.items() if uri == space]
    return None if not found else "" if "" in found else f"{found[0]}:"


def used(scope: dict[str, str], space: str, prefix: str) -> tuple[str, str]:
    """Return the prefix of a namespace with its colon, and what declares it where nothing has.

    Attributes need a prefix of their own: a default does not count.
    """
    found = next((key for key, uri in scope.items() if uri == space and key), None)
    return (f"{found}:", "") if found else (f"{prefix}:", f' xmlns:{prefix}="{escape(space)}"')


def office(element: Element, kind: str) -> str:
    """Return a namespace of Office that goes with that of an element, strict or transitional (Part 1, annex A)."""
    strict, transitional = _SPACES[kind]
    return f"{_STRICT}{strict}" if element.space.startswith(_STRICT) else transitional


def is_on(element: Element) -> bool:
    """Tell whether a property that may say so is on (ECMA-376 Part 1, 17.17.4)."""
    return (element.given.get(":val") or element.given.get("val") or "1") not in OFF


def number_in(text: str, otherwise: int) -> int:
    """Return the whole number that an attribute holds, or else another."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else otherwise
