"""Say where in a file's text the characters of its segments stand, so that values can be replaced in place.

Rules read a JSON string decoded and a table whole; a value may only be replaced where characters of values stand, and
an escape or a doubled quotation mark never be cut in two. Raw places are code points of the decoded file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from json import JSONDecoder
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.location import cell_pattern
from aiguard.readers.jsontext import leaves, rendered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.model import Segment, Span
    from aiguard.readers.jsontext import Leaf

_ESCAPE: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
_LINES: Final = frozenset({".jsonl", ".ndjson"})
JSON: Final = frozenset({".json", *_LINES})
_DECODER: Final = JSONDecoder(strict=False)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Form(StrEnum):
    """Say how the characters of a value stand in the file."""

    PLAIN = "plain"
    CELL = "cell"  # of a table, not in quotation marks
    QUOTED = "quoted"  # in a table, where "" stands for one quotation mark
    STRING = "string"  # of JSON, where \ begins an escape
    NUMBER = "number"  # of JSON, which is replaced whole, by a string


class Stretch(NamedTuple):
    """Pair a stretch of a segment's source with the raw text that it stands for."""

    start: int
    end: int
    raw: int
    raw_end: int
    form: Form


def origins(text: str, name: str, segments: Sequence[Segment]) -> tuple[tuple[Stretch, ...], ...]:
    """Return the stretches of each segment that the text of a file called `name` was read as, ascending."""
    if Path(name).suffix.lower() in JSON and text.strip():
        return (tuple(_in_json(text, Path(name).suffix.lower() in _LINES)),)
    return tuple(
        tuple(_in_table(text, segment.delimiter))
        if segment.delimiter
        else (Stretch(0, len(text), 0, len(text), Form.PLAIN),)
        for segment in segments
    )


def raw_spans(text: str, stretches: Sequence[Stretch], span: Span) -> Iterator[tuple[int, int, Form]]:
    """Yield the raw places of the parts of a span of a segment, with their form; what stands between values is left."""
    at = max(0, bisect_right(stretches, span.start, key=lambda one: one.start) - 1)
    for stretch in stretches[at:]:
        if stretch.start >= span.end:
            return
        start, end = max(span.start, stretch.start), min(span.end, stretch.end)
        if start < end:
            yield (*_raw(text, stretch, start - stretch.start, end - stretch.start), stretch.form)


def readable(raw: str, form: Form) -> str:
    """Return what a raw piece of a value says."""
    if form is Form.QUOTED:
        return raw.replace('""', '"')
    if form is Form.STRING and "\\" in raw:
        decoded: str = _DECODER.raw_decode(f'"{raw}"')[0]
        return _SURROGATE.sub("\ufffd", decoded)
    return raw


def _raw(text: str, stretch: Stretch, start: int, end: int) -> tuple[int, int]:
    if stretch.form is Form.NUMBER:
        return stretch.raw, stretch.raw_end
    units = {Form.STRING: _ESCAPE, Form.QUOTED: re.compile('""|.', re.DOTALL)}.get(stretch.form)
    if units is None or (stretch.raw_end - stretch.raw == stretch.end - stretch.start and stretch.form is Form.STRING):
        return stretch.raw + start, stretch.raw + end
    edges = [stretch.raw, *(unit.end() for unit in units.finditer(text, stretch.raw, stretch.raw_end))]
    if stretch.form is Form.STRING:
        return edges[start], edges[end]
    first = edges[bisect_right(edges, stretch.raw + start) - 1]
    return first, next(edge for edge in edges if edge >= stretch.raw + end)


def _in_table(text: str, delimiter: str) -> Iterator[Stretch]:
    for cell in cell_pattern(delimiter).finditer(text):
        first = cell.start()
        if cell.start(1) >= 0:
            yield Stretch(*cell.span(1), *cell.span(1), Form.QUOTED)
            first = cell.end(1) + text.startswith('"', cell.end(1))
        if first < cell.start(2):
            yield Stretch(first, cell.start(2), first, cell.start(2), Form.CELL)
        if not cell[2]:
            return


def _in_json(text: str, lines: bool) -> Iterator[Stretch]:  # noqa: FBT001 - as the suffix says
    found = leaves(text, lines=lines)
    if found is None:
        found = leaves(text, lines=not lines)
    offset = 0
    for leaf in found or ():
        yield from _in_leaf(leaf, offset)
        offset += len(rendered(leaf))


def _in_leaf(leaf: Leaf, offset: int) -> Iterator[Stretch]:
    if leaf.key is not None:
        yield Stretch(offset, offset + len(leaf.key), *leaf.raw_key, Form.STRING)
        offset += len(leaf.key) + len(": ")
    if leaf.value is not None:
        form = Form.STRING if leaf.quoted else Form.NUMBER
        yield Stretch(offset, offset + len(leaf.value), *leaf.raw_value, form)
