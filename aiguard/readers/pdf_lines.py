"""Put the lines of a PDF page together by where they stand: rows, ruby, and sentences that wrap."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WIDE: Final = "\u2e80"  # CJK begins here; surrogates, which only rare kanji need, lie above
WORD: Final = 0.5  # letters between two characters of one word

_KANA: Final = re.compile("[\u3040-\u30ff\\s]+")
_SENTENCE_END: Final = re.compile(r"[。！？!?」』）)]$")
_TABULAR: Final = re.compile(r"\S[\t\u3000]")
_ITEM: Final = re.compile("[\u3000・●○◆◇■□※▼▶①-⑳]")
_RUBY: Final = 0.65  # of the size of the letters it stands beside
_LONG: Final = 15  # letters of a line that can be one of a paragraph
_DENSE: Final = 0.6  # of the width of a line that is written on
_SLACK: Final = 2  # letters that a wrapped line may stay short of its margin
_COLUMN: Final = 24.0  # points: lines that begin so close to each other stand in one column
_INDENT: Final = 3  # letters by which the lines of a paragraph may begin apart
_LEADING: Final = 3  # letters from one line of a paragraph to the next


class Box(NamedTuple):
    """Hold where a character stands on the page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> float:
        """Return about one em: the larger side."""
        width, height = self.right - self.left, self.top - self.bottom
        return max(height, width) or 0.1


class Line(NamedTuple):
    """Hold a line of a page, where its first and last characters stand, and what parts it from the next one."""

    text: str
    first: Box
    last: Box
    joint: str = "\n"


class _Run(NamedTuple):
    """Hold how a line runs: down the page or across, from where to where, and the size of its letters."""

    upright: bool
    start: float
    end: float
    size: float

    @property
    def column(self) -> int:
        """Return the column in which it stands."""
        return round(self.start / _COLUMN)


def distance(a: Box, b: Box) -> float:
    """Return how far two characters stand apart, in points; 0 where they overlap."""
    return max(b.left - a.right, a.left - b.right, b.bottom - a.top, a.bottom - b.top, 0.0)


def rows(lines: Iterable[Line]) -> Iterator[Line]:
    """Put together what stands in one row, and the ruby beside it on a line behind."""
    row: Line | None = None
    ruby: list[Line] = []
    for line in lines:
        if row and _is_ruby(line, row):
            ruby.append(line)
        elif row and (between := _beside(row, line)) is not None:
            row = row._replace(text=row.text + between + line.text, last=line.last)
        else:
            yield from _with_ruby(row, ruby)
            row, ruby = line, []
    yield from _with_ruby(row, ruby)


def right_to_left(lines: Iterable[Line]) -> Iterator[Line]:
    """Put columns of vertical text that begin at one height in their order; PDFium sorts them from the left."""
    columns: list[Line] = []
    for line in lines:
        upright = _is_upright(line)
        if columns and not (upright and abs(columns[-1].first.top - line.first.top) <= line.first.size):
            yield from sorted(columns, key=lambda each: -each.first.left)
            columns = []
        if upright:
            columns.append(line)
        else:
            yield line
    yield from sorted(columns, key=lambda each: -each.first.left)


def wrapped(lines: Sequence[Line]) -> Iterator[Line]:
    """Say of each line how it goes on: a sentence that reaches the margin goes on in the next line."""
    runs = [_run(line) for line in lines]
    margins = _margins(runs)
    for i, line in enumerate(lines[:-1]):
        run, following = runs[i], lines[i + 1]
        margin = margins[run.upright, run.column]
        if _is_full(line, run, margin) and _goes_on(line, run, following, runs[i + 1]):
            yield line._replace(joint=_joint(line.text, following.text))
        else:
            yield line
    yield from lines[-1:]


def _with_ruby(row: Line | None, ruby: Sequence[Line]) -> Iterator[Line]:
    if row:
        yield row
    if ruby:
        yield Line("".join(line.text for line in ruby), ruby[0].first, ruby[-1].last)


def _is_ruby(line: Line, row: Line) -> bool:
    size = row.last.size
    return (
        line.first.size <= _RUBY * size
        and distance(row.last, line.first) <= size
        and _KANA.fullmatch(line.text) is not None
    )


def _beside(row: Line, line: Line) -> str | None:
    """Return what parts a line from the row that it goes on with; None where it does not."""
    a, b = row.last, line.first
    large, small = max(a.size, b.size), min(a.size, b.size)
    if small < _RUBY * large:
        return None
    level = min(a.top, b.top) - max(a.bottom, b.bottom) > 0.5 * min(a.top - a.bottom, b.top - b.bottom)
    follows = level and b.left > a.right - 0.3 * large
    if not follows and b.top < a.bottom + 0.3 * large:
        plumb = min(a.right, b.right) - max(a.left, b.left) > 0.5 * min(a.right - a.left, b.right - b.left)
        follows = plumb and _is_upright(row)
    if not follows:
        return None
    width = distance(a, b) / large
    return "" if width < WORD else " " if width < 1 else "\t"


def _is_upright(line: Line) -> bool:
    return line.first.bottom - line.last.top > abs(line.last.left - line.first.left)


def _run(line: Line) -> _Run:
    first, last = line.first, line.last
    upright = _is_upright(line)
    start, end = (-first.top, -last.bottom) if upright else (first.left, last.right)
    return _Run(upright, start, end, first.size)


def _margins(runs: Iterable[_Run]) -> dict[tuple[bool, int], float]:
    """Return how far the lines reach that begin in a column or beside it."""
    ends: dict[tuple[bool, int], float] = {}
    for run in runs:
        key = (run.upright, run.column)
        ends[key] = max(run.end, ends.get(key, run.end))
    return {
        (upright, column): max(ends.get((upright, column + step), end) for step in (-1, 0, 1))
        for (upright, column), end in ends.items()
    }


def _is_full(line: Line, run: _Run, margin: float) -> bool:
    """Tell whether a line is one of a paragraph that reaches the margin: long, and set without wide gaps."""
    if run.end < margin - _SLACK * run.size:
        return False
    letters = len(line.text) - 0.5 * len(line.text.encode("ascii", "ignore"))
    return letters >= max(_LONG, _DENSE * (run.end - run.start) / run.size)


def _goes_on(line: Line, run: _Run, following: Line, after: _Run) -> bool:
    a, b, size = line.first, following.first, run.size
    apart = abs(a.left - b.left) if run.upright else abs(a.top - b.top)
    return (
        run.upright == after.upright
        and abs(size - after.size) <= 0.25 * size
        and abs(run.start - after.start) <= _INDENT * size
        and 0 < apart <= _LEADING * size
    )


def _joint(text: str, following: str) -> str:
    if _TABULAR.search(text) or _TABULAR.search(following) or _SENTENCE_END.search(text) or _ITEM.match(following):
        return "\n"
    before, after = text[-1], following[0]
    return " " if before.isascii() and before.isalnum() and after.isascii() and after.isalnum() else ""
