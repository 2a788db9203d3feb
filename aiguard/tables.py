"""Read the shape of a text: its sentences, and the tables in it with their headings.

Positions are code points in the source. Everything here is computed once a segment, and only when asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCE_END = re.compile(r"[。！？!?](?:[」』）)\"”]*)|\n")
_PAIR_LINE = 60  # code points of a line of two cells that only a comma parts
_PROSE = re.compile("[、。 　]")
_SEPARATORS = ("\t", "|", "｜", ",", "，", "／", "/", ";")
_PARTING = re.compile(r"[\t|｜,，／/;\u3000]|  ")
_GAP = re.compile(r"\u3000+|\t+| {2,}")
_DIGITS = re.compile(r"[0-9０-９]{4}")
_RULE = re.compile(r"[\s|:+-]+$")
_OPEN = re.compile(r'(?:^|[\t,;|｜，／/])[ \u3000]*"', re.MULTILINE)
_MAX_HEADING = 20
# The columns of an SQL statement that inserts rows, and a row of it.
_INSERT = re.compile(r"\bINSERT\s+INTO\s+[\w.`\"\[\]]{1,80}\s*\(([^()]{1,600})\)\s*VALUES", re.IGNORECASE)
_INSERTED = re.compile(r"[\s,]*(\((?:[^()']|'[^'\n]{0,400}'){1,400}\))")
_LONGEST_ROW = 4_000  # code points of a row that breaks inside its cells
_LEAST = 2  # rows, and columns with a heading


class Row(Struct, frozen=True):
    """Hold a line of a table as the spans of its cells."""

    span: Span
    cells: tuple[Span, ...]


class Table(Struct, frozen=True):
    """Hold a table: its first row names the columns. `span` covers all rows; `starts` is where each begins."""

    span: Span
    separator: str
    heading: tuple[Span, ...]
    starts: tuple[int, ...]

    def row(self, at: int) -> Span:
        """Return the row that holds a position, without its end."""
        i = bisect_right(self.starts, at)
        end = self.starts[i] - 1 if i < len(self.starts) else self.span.end
        return Span(self.starts[max(0, i - 1)], end)


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


def records(source: str) -> Iterator[Span]:
    """Yield the lines of a text, those that a cell between double quotes breaks as one (RFC 4180).

    Only a quotation mark that opens a cell opens it, and one that nothing closes within `_LONGEST_ROW` is a mark
    like any other.
    """
    start = 0
    while start <= len(source):
        line_end = source.find("\n", start)
        end = _closed(source, start, len(source) if line_end < 0 else line_end)
        yield Span(start, end)
        start = end + 1


def _closed(source: str, start: int, end: int) -> int:
    """Return the end of the line at which every cell is closed that a quotation mark opened."""
    here, limit = end, start + _LONGEST_ROW
    while source.count('"', start, here) % 2 and _OPEN.search(source, start, here):
        if here >= len(source) or here > limit:
            return end
        line_end = source.find("\n", here + 1)
        here = len(source) if line_end < 0 else line_end
    return here


def tables(source: str, delimiter: str | None = None) -> tuple[Table, ...]:
    """Find the tables of a text: runs of two or more lines that part alike, under a line of short headings.

    With a `delimiter` (CSV, TSV) the whole text is one table.
    """
    if delimiter:
        rows = tuple(records(source))
        starts = tuple(row.start for row in rows)
        return (Table(Span(0, len(source)), delimiter, cells(source, rows[0], delimiter), starts),)
    found: list[Table] = []
    run: list[tuple[Span, str]] = []
    for line in records(source):
        separator = _separator(source, line)
        if run and separator != run[-1][1]:
            found += _table(source, run)
            run = []
        if separator:
            run.append((line, separator))
    found += _table(source, run)
    inserted = tuple(_inserts(source)) if "VALUES" in source or "values" in source else ()
    apart = (table for table in found if not any(_overlap(table.span, one.span) for one in inserted))
    return tuple(sorted((*apart, *inserted), key=lambda table: table.span.start)) if inserted else tuple(found)


def _inserts(source: str) -> Iterator[Table]:
    """Yield the rows of SQL statements as tables under the names of their columns."""
    for match in _INSERT.finditer(source):
        starts, end = [match.start(1)], match.end()
        while row := _INSERTED.match(source, end):
            starts.append(row.start(1) + 1)
            end = row.end()
        if len(starts) > 1:
            yield Table(Span(match.start(1), end), ",", cells(source, Span(*match.span(1)), ","), tuple(starts))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def heading(source: str, known: tuple[Table, ...], at: int) -> Span | None:
    """Return the heading of the cell that holds position `at`, or None outside tables and in the heading itself."""
    table = table_at(known, at)
    row = table.row(at) if table else None
    if table is None or row is None or row.start <= table.heading[0].start:
        return None
    column = _column(cells(source, row, table.separator), at)
    return table.heading[column] if 0 <= column < len(table.heading) else None


def row_title(source: str, known: tuple[Table, ...], at: int) -> Span | None:
    """Return the first cell of the row that holds position `at`, if it is short and not the cell of `at` itself.

    In a form of two or more columns it names the values to its right: 「個人番号｜1234…｜5678…」.
    """
    table = table_at(known, at)
    start = max(source.rfind("\n", max(0, at - _LONGEST_ROW), at) + 1, at - _LONGEST_ROW)
    end = source.find("\n", at, at + _LONGEST_ROW)
    line = Span(start, min(len(source), at + _LONGEST_ROW) if end < 0 else end)
    row, separator = (table.row(at), table.separator) if table else (line, _separator(source, line))
    if not separator or row.end - row.start > _LONGEST_ROW:
        return None
    parted = cells(source, row, separator)
    first = parted[1] if len(parted) > 1 and not source[parted[0].start : parted[0].end].strip() else parted[0]
    return first if first.end - first.start <= _MAX_HEADING and first.end <= at else None


def table_at(known: tuple[Table, ...], at: int) -> Table | None:
    """Return the table that holds a position."""
    i = bisect_right(known, at, key=lambda table: table.span.start) - 1
    return known[i] if i >= 0 and at < known[i].span.end else None


def _column(row: tuple[Span, ...], at: int) -> int:
    return bisect_right([cell.start for cell in row], at) - 1


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
    if not _PARTING.search(source, line.start, line.end):
        return ""
    text = source[line.start : line.end]
    for separator in _SEPARATORS:
        if text.count(separator) >= (1 if separator in "\t|｜" else 2):
            return separator
    if text.count(",") == 1 and len(text) < _PAIR_LINE and not _PROSE.search(text):
        return ","
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
    return [Table(Span(run[0][0].start, run[-1][0].end + 1), separator, head, tuple(line.start for line, _ in run))]
