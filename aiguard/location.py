"""Turn spans of a segment into places that people can look up, in one pass over the segment."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.model import Location, Part, Segment, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_BREAK = re.compile(r"\r\n?|\n")
_LETTERS = 26


class Cell(Struct, frozen=True):
    """Hold a cell of a table: where it and its content start, its 1-based row and column."""

    start: int
    content: int
    row: int
    column: int
    quoted: bool


def locate(segment: Segment, span: Span) -> Location:
    """Say where `span` stands in `segment`."""
    return locate_all(segment, (span,))[0]


def locate_all(segment: Segment, spans: Sequence[Span]) -> tuple[Location, ...]:
    r"""Say where `spans`, in ascending order of their starts, stand in `segment`.

    A break is \n, \r\n or \r. `end_line` and `end_column` are those of the last character, plus one column.
    Takes time in proportion to the source and to the spans, whatever the length of its lines.
    """
    if segment.delimiter:
        return tuple(_in_table(segment, spans))
    starts = [part.start for part in segment.parts]
    inside = bisect_left(spans, starts[0], key=lambda span: span.start) if starts else len(spans)
    counted = _line_counter(segment) if inside else None
    before = tuple(_in_lines(segment.label, counted, span) for span in spans[:inside]) if counted else ()
    return before + tuple(_in_parts(segment, starts, span) for span in spans[inside:])


def column_letters(column: int) -> str:
    """Write a 1-based column number as a spreadsheet does: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def _last(span: Span) -> int:
    """Return the position of the last character, or of the start of an empty span."""
    return max(span.start, span.end - 1)


def _line_counter(segment: Segment) -> Callable[[int], tuple[int, int]]:
    """Return a function from a position to its 1-based line and column in the file that the segment may be a piece of."""
    starts = [0, *(found.end() for found in _BREAK.finditer(segment.source))]
    before, indent = segment.before[0], segment.indent

    def place(position: int) -> tuple[int, int]:
        line = bisect_right(starts, position)
        return line + before, position - starts[line - 1] + 1 + (indent if line == 1 else 0)

    return place


def _in_lines(label: str | None, counted: Callable[[int], tuple[int, int]], span: Span) -> Location:
    line, column = counted(span.start)
    end_line, last = counted(_last(span))
    end_column = last + (span.end > span.start)
    return Location(label, line, column, end_line, end_column, span.start, span.end)


def _in_parts(segment: Segment, starts: Sequence[int], span: Span) -> Location:
    first = segment.parts[bisect_right(starts, span.start) - 1]
    final = segment.parts[bisect_right(starts, _last(span)) - 1]
    label = first.label or segment.label
    # Without a label nobody could say where counting began, so start and end count in the whole text.
    base = first.start if label else 0
    return Location(
        label=label,
        line=first.line,
        column=_column(first, span.start),
        end_line=final.line,
        end_column=_column(final, _last(span)) + (span.end > span.start),
        start=span.start - base,
        end=span.end - base,
    )


def _column(part: Part, position: int) -> int:
    return position - part.start + 1


def _in_table(segment: Segment, spans: Sequence[Span]) -> Iterator[Location]:
    counted = _line_counter(segment)
    cells = cells_of(segment.source, segment.delimiter or ",")
    cell, following = next(cells), next(cells, None)
    doubled = _doubled_quotes(segment.source, cell, following)
    for span in spans:
        if following and following.start <= span.start:
            while following and following.start <= span.start:
                cell, following = following, next(cells, None)
            doubled = _doubled_quotes(segment.source, cell, following)
        yield _in_cell(segment, cell, doubled, counted, span)


def _in_cell(
    segment: Segment, cell: Cell, doubled: Sequence[int], counted: Callable[[int], tuple[int, int]], span: Span
) -> Location:
    name = f"{column_letters(cell.column)}{cell.row + segment.before[1]}"
    start, end = (max(0, place - cell.content - bisect_left(doubled, place)) for place in (span.start, span.end))
    return Location(
        label=f"{segment.label}!{name}" if segment.label else name,
        line=counted(span.start)[0],
        column=start + 1,
        end_line=counted(_last(span))[0],
        end_column=end + 1,
        start=start,
        end=end,
    )


def _doubled_quotes(source: str, cell: Cell, following: Cell | None) -> tuple[int, ...]:
    """Return where the first of each doubled quote of a cell stands: the two are one character of its value."""
    end = following.start if following else len(source)
    return tuple(found.start() for found in re.compile('""').finditer(source, cell.content, end)) if cell.quoted else ()


def cells_of(source: str, delimiter: str) -> Iterator[Cell]:
    """Yield the cells of a table (RFC 4180, section 2), also of one whose last quote is never closed."""
    row = column = 1
    for found in cell_pattern(delimiter).finditer(source):
        quoted = found.start(1) >= 0
        yield Cell(found.start(), found.start(1) if quoted else found.start(), row, column, quoted)
        separator = found[2]
        if not separator:
            return
        row, column = (row, column + 1) if separator == delimiter else (row + 1, 1)


def cell_pattern(delimiter: str) -> re.Pattern[str]:
    """Return what matches one cell: group 1 is what stands in quotation marks, group 2 what ends the cell."""
    mark = re.escape(delimiter)
    return re.compile(rf'(?:"([^"]*+(?:""[^"]*+)*+)"?)?+[^{mark}\r\n]*+({mark}|\r\n?|\n|\Z)')
