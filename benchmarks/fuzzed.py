"""Damage files in ways that repeat: any number names one mutant of a seed, the same on every computer."""

from __future__ import annotations

import io
import re
from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Final, TypeAlias
from zipfile import ZipFile, is_zipfile

from lxml import etree
from written import packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element
    from planted import Seed

_Members: TypeAlias = list[tuple[str, bytes]]

# What a format is made of; mutants drop, double and exchange these.
_TOKENS: Final = {
    "html": rb"<[^>]*>|[^<\s]+",
    "eml": rb"[^\r\n]*\r?\n|[\w-]+",
    "rtf": rb"\\[a-z]+-?\d*|\\'..|[{}]|\d+",
    "pdf": rb"\d+ 0 R|/\w+|<<|>>|[\[\]]|\b(?:obj|endobj|stream|endstream|xref|trailer|startxref|BT|ET|Tj|Tf|Td)\b|\d+",
    "xml": rb"<[^>]*>|\"[^\"]*\"|[\w:]+",
}
_NUMBERS: Final = (b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"-2147483649", b"99999999999999999999", b"1e9")
_RUBBISH: Final = (b"\0", b"\xff", b"\x80", b"<", b">", b"&", b'"', b"\\", b"{", b"}", b"\xef\xbb\xbf", b"\x1b$B", b"%")
_DEEP: Final = (1, 3, 40, 300)
_PACKAGE_MUTANTS_OF_BYTES: Final = 0.25  # for most of what damages the bytes of a package, its checksums tell


def mutant(seed: Seed, number: int) -> bytes:
    """Return the mutant of a seed that has a number."""
    random = Random(f"{seed.name}:{number}")
    if is_zipfile(io.BytesIO(seed.data)) and random.random() > _PACKAGE_MUTANTS_OF_BYTES:
        return _package(seed.data, random)
    return _bytes(seed.data, seed.name.rpartition(".")[2], random)


def _bytes(data: bytes, kind: str, random: Random) -> bytes:
    """Damage bytes, or the tokens of a format where its tokens are known."""
    changes: list[Callable[[bytes, Random], bytes]] = [_flip, _flip, _truncate, _delete, _double, _overwrite, _insert]
    if kind in _TOKENS:
        changes += [lambda data, random: _token(data, _TOKENS[kind], random)] * len(changes)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        data = random.choice(changes)(data, random)
    return data


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8)) if data else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _stretch(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 2, 4, 16, 64, 256, 1024)))


def _truncate(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _delete(data: bytes, random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:start] + data[end:]


def _double(data: bytes, random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 5)) + data[end:]


def _overwrite(data: bytes, random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:start] + random.randbytes(end - start) + data[end:]


def _insert(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + random.choice(_RUBBISH) * random.choice((1, 1, 3, 1000)) + data[start:]


def _token(data: bytes, pattern: bytes, random: Random) -> bytes:
    tokens = list(re.finditer(pattern, data))
    if not tokens:
        return data
    found, other = random.choice(tokens), random.choice(tokens)
    digits = re.search(rb"-?\d+", found[0])
    replaced = random.choice(
        (
            b"",
            found[0] * random.choice((2, 2, 50, 400)),
            other[0],
            re.sub(rb"-?\d+", random.choice(_NUMBERS), found[0], count=1) if digits else found[0][::-1],
        )
    )
    return data[: found.start()] + replaced + data[found.end() :]


def _package(data: bytes, random: Random) -> bytes:
    """Damage what is in a package and pack it again, so that its checksums are right."""
    with ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    changes = (_tree, _tree, _tree, _content, _content, _list)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        if members:
            random.choice(changes)(members, random)
    return packed(members)


def _content(members: _Members, random: Random) -> None:
    """Damage the bytes of a member; of one that is a package itself, its members."""
    place = random.randrange(len(members))
    name, content = members[place]
    inner = name.endswith((".docx", ".zip")) and is_zipfile(io.BytesIO(content))
    members[place] = name, _package(content, random) if inner else _bytes(content, "xml", random)


def _list(members: _Members, random: Random) -> None:
    """Drop, double, rename or exchange members."""
    place, other = random.randrange(len(members)), random.randrange(len(members))
    (name, content), (other_name, other_content) = members[place], members[other]
    change = random.randrange(5)
    if change == 0:
        del members[place]
    elif change == 1:
        members.append((name, random.choice((content, b"", other_content))))
    elif change == 2:  # noqa: PLR2004 - one of five
        members[place] = random.choice((name.upper(), f"../{name}", name[:-1], f"{name}.bak", other_name)), content
    elif change == 3:  # noqa: PLR2004 - one of five
        members[place], members[other] = (name, other_content), (other_name, content)
    else:
        random.shuffle(members)


def _tree(members: _Members, random: Random) -> None:
    """Change elements and attributes of a part."""
    places = [place for place, (name, _) in enumerate(members) if name.endswith((".xml", ".rels"))]
    if not places:
        _content(members, random)
        return
    place = random.choice(places)
    name, content = members[place]
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return
    for _ in range(random.choice((1, 1, 2, 5))):
        elements = list(root.iter("*"))
        random.choice((_drop, _again, _rename, _deepen, _attribute, _attribute, _move))(elements, random)
    members[place] = name, etree.tostring(root)


def _drop(elements: list[_Element], random: Random) -> None:
    element = random.choice(elements)
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _again(elements: list[_Element], random: Random) -> None:
    element = random.choice(elements)
    parent = element.getparent()
    if parent is not None:
        for _ in range(random.choice((1, 1, 30))):
            parent.append(deepcopy(element))


def _rename(elements: list[_Element], random: Random) -> None:
    random.choice(elements).tag = random.choice((random.choice(elements).tag, "x", "{urn:x}p"))


def _deepen(elements: list[_Element], random: Random) -> None:
    """Put an element into many of its own kind, or of its parent's."""
    element = random.choice(elements)
    parent = element.getparent()
    if parent is None:
        return
    tag, place, inner = random.choice((element, parent)).tag, parent.index(element), element
    for _ in range(random.choice(_DEEP)):
        outer = etree.Element(tag)
        outer.append(inner)
        inner = outer
    parent.insert(place, inner)


def _attribute(elements: list[_Element], random: Random) -> None:
    element = random.choice([each for each in elements if each.attrib] or elements)
    if not element.attrib:
        return
    name = random.choice(list(element.attrib))
    change = random.randrange(4)
    others = [text for each in elements for text in each.attrib.values()]
    if change == 0:
        del element.attrib[name]
    else:
        number = random.choice(_NUMBERS).decode()
        element.attrib[name] = random.choice((number, "", random.choice(others), str(element.attrib[name])[::-1]))


def _move(elements: list[_Element], random: Random) -> None:
    """Put an element to another place, but not into itself."""
    element, place = random.choice(elements), random.choice(elements)
    if element.getparent() is not None and element not in (place, *place.iterancestors()):
        place.append(element)
