"""Read the XMP packets that stand open in a file, whatever its format (ISO 16684-1; XMP Part 3, 1.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aiguard.readers.xmltree import local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_NAMES: Final = {
    "title": "題名",
    "description": "説明",
    "creator": "作者",
    "author": "作者",
    "subject": "キーワード",
    "Keywords": "キーワード",
    "rights": "著作権",
    "contributor": "協力者",
    "UserComment": "コメント",
    "Headline": "見出し",
    "AuthorsPosition": "作者の肩書き",
    "CaptionWriter": "説明の作者",
    "Credit": "クレジット",
    "City": "市区町村",
    "State": "都道府県",
    "Location": "場所",
    "PersonInImage": "写っている人",
    "OwnerName": "所有者",
    "GPSLatitude": "撮影場所の緯度",
    "GPSLongitude": "撮影場所の経度",
}
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_OPEN, _CLOSE = b"<x:xmpmeta", b"</x:xmpmeta>"
_PACKETS: Final = 50
_LONGEST: Final = 4_000_000  # bytes


def read_xmp(data: bytes) -> list[str]:
    """Return lines like "説明: …" from what packets say: known properties, and others that hold more than ASCII.

    ReadError for a packet that is damaged.
    """
    return [line for packet in _packets(data) for line in _lines(parse_xml(packet))]


def _packets(data: bytes) -> Iterator[bytes]:
    start = data.find(_OPEN)
    for _ in range(_PACKETS):
        end = data.find(_CLOSE, start, start + _LONGEST) if start >= 0 else -1
        if end < 0:
            return
        yield data[start : end + len(_CLOSE)]
        start = data.find(_OPEN, end)


def _lines(root: _Element) -> Iterator[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if not str(key).startswith((_RDF, "{http://www.w3.org/XML/")):
                yield from _line(re.sub(r".*\}", "", str(key)), str(value))
        if element.text and not len(element):
            yield from _line(_property(element), element.text)


def _property(element: _Element) -> str:
    """Return the name of the property that holds an item of a list."""
    holder: _Element | None = element
    while holder is not None and str(holder.tag).startswith(_RDF):
        holder = holder.getparent()
    return local(holder) if holder is not None else ""


def _line(name: str, value: str) -> Iterator[str]:
    value = value.strip()
    if value and (name in _NAMES or not value.isascii()):
        yield f"{_NAMES.get(name, name)}: {value}"
