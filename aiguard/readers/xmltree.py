"""Parse XML that a stranger wrote: no entities, no network, bounded depth.

lxml (libxml2) refuses more than 256 levels and values over 10 MB; entities, which office formats never declare, are
refused here, so that nothing expands.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

_ENTITIES: Final = re.compile(rb"<!ENTITY|<\x00!\x00E\x00N\x00T\x00I|\x00<\x00!\x00E\x00N\x00T\x00I")
_DAMAGED: Final = "中のXMLが壊れているか、許されない宣言を含むため読めません"


def parse_xml(data: bytes) -> _Element:
    """Return the root of a document; ReadError for XML that is damaged or declares entities."""
    from lxml import etree

    if _ENTITIES.search(data):
        raise ReadError(_DAMAGED)
    try:
        return etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError):
        raise ReadError(_DAMAGED) from None


def root_name(data: bytes) -> str:
    """Return the name of the root of a document without its namespace, from its first tag; nothing where there is none."""
    from lxml import etree

    events = etree.iterparse(io.BytesIO(data), events=("start",), resolve_entities=False, no_network=True)
    try:
        return next((local(element) for _, element in events), "")
    except (etree.XMLSyntaxError, ValueError):
        return ""


def local(element: _Element) -> str:
    """Return the name of an element without its namespace; nothing for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: _Element, name: str) -> str | None:
    """Return the value of an attribute by its name without a namespace."""
    value = element.get(name)
    if value is not None:
        return value
    key = next((key for key in element.attrib if str(key).rpartition("}")[2] == name), None)
    return None if key is None else element.get(key)


@cache
def _parser() -> XMLParser:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
