"""Cut a segment with a very long line into windows that are scanned one by one, so that none is held with all its views.

What rules look at around a value lies within a few thousand code points (`Reading.scope`), so each window is read with
as much on both sides, and only what begins in its own range counts: a value across a cut is found once, and whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from aiguard.location import cells_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiguard.model import Segment

SIZE: Final = 80_000  # code points of a window: 250 kB of Japanese, as the pieces of a file are
LONG: Final = 2 * SIZE  # code points of a line up to which it is read whole
STEP: Final = 1_000  # that of scopes in a very long line (`Reading`), counted from its beginning as here
AROUND: Final = 4 * STEP
_SEARCHED: Final = 4_000  # code points before the end of a window in which a better end is looked for
_ENDS: Final = (re.compile(r"\n|[。！？!?](?:[」』）)\"”]*)"), re.compile(r"[\s、，,]"))
_QUOTE: Final = '"'
_HEADING: Final = 20_000  # code points of a table's first line


class Window(NamedTuple):
    """Hold a window: what is read, where it starts in the segment, and the range of the segment that counts."""

    segment: Segment
    offset: int
    start: int
    end: int


def has_long_line(source: str, longest: int = LONG) -> bool:
    """Tell whether a line of a text is longer than `longest`."""
    at = 0
    while len(source) - at > longest:
        end = source.rfind("\n", at, at + longest + 1)
        if end < 0:
            return True
        at = end + 1
    return False


def windows_of(segment: Segment, size: int = SIZE) -> Iterator[Window]:
    """Yield the windows of a segment, ascending; their ranges are the segment."""
    leads = _leads(segment)
    start = 0
    while start < len(segment.source):
        end = _end(segment.source, start, size)
        first = max(0, start // STEP * STEP - AROUND)
        last = min(len(segment.source), end + AROUND)
        lead, tail = leads(first, last)
        source = f"{lead}{segment.source[first:last]}{tail}"
        yield Window(replace(segment, source=source, parts=()), first - len(lead), start, end)
        start = end


def _leads(segment: Segment) -> Callable[[int, int], tuple[str, str]]:
    """Return what says, of ascending windows, what to put before and behind so that cells keep their columns.

    Before: the heading, and the cells of its row before the one where the window starts, empty. Behind: the quotation mark
    that closes that cell.
    """
    if not segment.delimiter:
        return lambda _first, _last: ("", "")
    delimiter = segment.delimiter
    heading = segment.source[: segment.source.find("\n", 0, _HEADING) + 1]
    cells = cells_of(segment.source, delimiter)
    cell, following = next(cells), next(cells, None)

    def lead(first: int, last: int) -> tuple[str, str]:
        nonlocal cell, following
        while following and following.start <= first:
            cell, following = following, next(cells, None)
        if not first:
            return "", ""
        inside = cell.quoted and first >= cell.content
        closes = inside and (following is None or following.start > last)
        return f"{heading}{delimiter * (cell.column - 1)}{_QUOTE * inside}", _QUOTE * closes

    return lead


def _end(source: str, start: int, size: int) -> int:
    """Return where a window ends: behind a sentence, or failing that a word, or wherever it is full."""
    full = start + size
    if full >= len(source):
        return len(source)
    for ends in _ENDS:
        found = [each.end() for each in ends.finditer(source, max(start + size // 2, full - _SEARCHED), full)]
        if found:
            return found[-1]
    return full
