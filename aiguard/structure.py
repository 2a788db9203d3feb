"""Read the shape of a text: its sentences, and the tables in it with their headings.

Positions are code points in the source. Everything here is computed once a segment, and only when asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard import ready as re
from aiguard.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCE_END = re.compile(r"[。！？!?](?:[」』）)\"”]*)|\n")
_SEPARATORS = ("\t", "|", "｜", ",", "，", "／", "/", ";")
_GAP = re.compile(r"\u3000+|\t+| {2,}")
_DIGITS = re.compile(r"[0-9０-９]{4}")
_RULE = re.compile(r"[\s|:+-]+$")
_MAX_HEADING = 20
_LEAST = 2  # rows, and columns with a heading


class Row(Struct, frozen=True):
    """Hold a line of a table as the spans of its cells."""

    span: Span
    cells: tuple[Span, ...]


class Table(Struct, frozen=True):
    """Hold a table: its first row names the columns. `span` covers all rows."""

    span: Span
    separator: str
    heading: tuple[Span, ...]


def sentence_starts(source: str) -> list[int]:
    """Return where each sentence (or line) begins, ascending, with the end of the text at last."""
    return [0, *(match.end() for match in _SENTENCE_END.finditer(source)), len(source) + 1]


def sentence_at(starts: list[int], at: int) -> Span:
    """Return the sentence that holds position `at`."""
    i = bisect_right(starts, at)
    return Span(starts[i - 1], starts[i])


def lines(source: str) -> Iterator[Span]:
    """Yield the lines of a text without their ends."""
    start = 0
    for match in re.finditer(r"\n", source):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, len(source))


def tables(source: str, delimiter: str | None = None) -> tuple[Table, ...]:
    """Find the tables of a text: runs of two or more lines that part alike, under a line of short headings.

    With a `delimiter` (CSV, TSV) the whole text is one table.
    """
    if delimiter:
        first = next(lines(source))
        return (Table(Span(0, len(source)), delimiter, cells(source, first, delimiter)),)
    found: list[Table] = []
    run: list[tuple[Span, str]] = []
    for line in lines(source):
        separator = _separator(source, line)
        if run and separator != run[-1][1]:
            found += _table(source, run)
            run = []
        if separator:
            run.append((line, separator))
    return (*found, *_table(source, run))


def heading(source: str, known: tuple[Table, ...], at: int) -> Span | None:
    """Return the heading of the cell that holds position `at`, or None outside tables and in the heading itself."""
    table = next((table for table in known if table.span.start <= at < table.span.end), None)
    if table is None:
        return None
    start = source.rfind("\n", 0, at) + 1
    if start <= table.heading[0].start:
        return None
    end = source.find("\n", at)
    row = cells(source, Span(start, len(source) if end < 0 else end), table.separator)
    column = bisect_right([cell.start for cell in row], at) - 1
    return table.heading[column] if 0 <= column < len(table.heading) else None


def cells(source: str, line: Span, separator: str) -> tuple[Span, ...]:
    """Part a line into cells; a cell between double quotes keeps its separators (RFC 4180)."""
    if separator == " ":
        return _parted(line, [match.span() for match in _GAP.finditer(source, line.start, line.end)])
    quoted = False
    cuts = []
    for match in re.finditer(re.escape(separator) + '|"', source[line.start : line.end]):
        if match.group() == '"':
            quoted = not quoted
        elif not quoted:
            cuts.append((line.start + match.start(), line.start + match.end()))
    return _parted(line, cuts)


def _parted(line: Span, cuts: list[tuple[int, int]]) -> tuple[Span, ...]:
    edges = [line.start, *(edge for cut in cuts for edge in cut), line.end]
    spans = (Span(a, b) for a, b in list(pairwise(edges))[::2])
    return tuple(spans)


def _separator(source: str, line: Span) -> str:
    """Return what parts the line into two or more cells, or an empty string."""
    text = source[line.start : line.end]
    for separator in _SEPARATORS:
        if text.count(separator) >= (1 if separator in "\t|｜" else 2):
            return separator
    return " " if len(_GAP.split(text.strip())) > 1 else ""


def _table(source: str, run: list[tuple[Span, str]]) -> list[Table]:
    if len(run) < _LEAST:
        return []
    separator = run[0][1]
    head = cells(source, run[0][0], separator)
    names = [source[cell.start : cell.end].strip() for cell in head]
    if any(len(name) > _MAX_HEADING or _DIGITS.search(name) for name in names) or sum(map(bool, names)) < _LEAST:
        return []
    body = [line for line, _ in run[1:] if not _RULE.match(source[line.start : line.end])]
    if not body or not any(len(cells(source, line, separator)) in range(len(head) - 1, len(head) + 2) for line in body):
        return []
    return [Table(Span(run[0][0].start, run[-1][0].end + 1), separator, head)]
