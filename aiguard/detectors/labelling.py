"""Find the label word that a value belongs to: before or behind it, over its column, at the left of its row."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from aiguard.tables import table_at
from aiguard.text import fold

if TYPE_CHECKING:
    from aiguard.detectors.reading import Reading, Word
    from aiguard.model import Span

_LIST = 200  # code points that a list of bare values may take
_VALUES = re.compile(r"[^0-9０-９\n]{0,6}[\s:：は=]{0,4}(?:[A-Z0-9０-９-]{3,20}[\s、,，;・/()（）と]{1,4}){1,40}")
_NUMBER = re.compile("[0-9０-９]{4}")
_REMARK = re.compile(r"[(（][^()（）\n]{0,30}[)）]")
_SIGNS = " \u3000\t\r\n:：|｜\"'「『"


class Said(NamedTuple):
    """Hold the label word of a value, and where it stands: "" before it, else "over", "left", "list" or "after"."""

    word: str
    where: str = ""


def label_of(reading: Reading, own: frozenset[str], at: int, reach: int) -> Said | None:
    """Return the label word that the value at `at` belongs to, if it is one of `own`.

    A label belongs to the next value: another rule's label between a label and the value takes it away. In a
    table the heading of the column is the label, or else the first cell of the row; in a list of bare values it is
    the label before the first.
    """
    return _over(reading, own, at) or _before(reading, own, at, reach) or _left(reading, own, at)


def _before(reading: Reading, own: frozenset[str], at: int, reach: int) -> Said | None:
    i = bisect_right(reading.label_ends, at) - 1
    if i + 1 < len(reading.labels) and reading.labels[i + 1].start <= at and reading.labels[i + 1].word in own:
        return Said(reading.labels[i + 1].word)  # decoded from the same token as the value
    label = reading.labels[i] if i >= 0 else None
    if label is None or label.word not in own or at - label.end > _LIST or not _whole(reading, label):
        return None
    if _is_heading(reading, label, at):
        return None  # the last of a row of headings is not the label of the first cell below
    gap = _REMARK.sub("", reading.source[label.end : at])
    if _NUMBER.search(gap) and (said := _left(reading, own, at)):
        return said
    if not gap.strip(_SIGNS) or (len(gap) <= reach and "\n\n" not in gap):
        return Said(label.word)
    return Said(label.word, "list") if _VALUES.fullmatch(gap) else None


def _is_heading(reading: Reading, label: Word, at: int) -> bool:
    """Tell whether a label stands in the headings of the table that holds a value; blanks may part anything."""
    table = table_at(reading.tables, at) if "\n" in reading.source[label.end : at] else None
    return (
        table is not None
        and table.separator != " "
        and label.start >= table.span.start
        and label.end <= table.heading[-1].end
    )


def label_after(reading: Reading, own: frozenset[str], at: int, reach: int) -> Said | None:
    """Return the label word of `own` that follows within reach on the same line: 「1234…（個人番号）」."""
    i = bisect_left(reading.label_starts, at)
    if i < len(reading.labels):
        word = reading.labels[i]
        gap = reading.source[at : word.start]
        if len(gap) <= reach and "\n" not in gap and word.word in own and _whole(reading, word):
            return Said(word.word, "after")
    return None


def title_of(reading: Reading, titles: tuple[str, ...], at: int) -> Said | None:
    """Return the title over the column, or at the left of the row, of the value at `at`, if it is one of `titles`."""
    for where, cell in (("over", reading.heading(at)), ("left", reading.title(at))):
        name = fold(reading.source[cell.start : cell.end]).strip(_SIGNS) if cell is not None else ""
        if name.replace(" ", "") in titles:
            return Said(name, where)
    return None


def _over(reading: Reading, own: frozenset[str], at: int) -> Said | None:
    cell = reading.heading(at)
    named = [word for word in _inside(reading, cell) if word.word in own] if cell is not None else ()
    return Said(named[-1].word, "over") if named else None


def _left(reading: Reading, own: frozenset[str], at: int) -> Said | None:
    """Look for the label in the first cell of the row, where the heading of the column is no label."""
    cell = reading.title(at)
    named = [word for word in _inside(reading, cell) if word.word in own] if cell is not None else ()
    if cell is None or not named or _claimed(reading, own, cell.end, at):
        return None
    over = reading.heading(at)
    return None if over is not None and _inside(reading, over) else Said(named[-1].word, "left")


def _claimed(reading: Reading, own: frozenset[str], start: int, at: int) -> bool:
    """Tell whether a label of another rule stands between the title of a row and a value."""
    first, last = bisect_left(reading.label_starts, start), bisect_left(reading.label_starts, at)
    return any(word.word not in own for word in reading.labels[first:last])


def _inside(reading: Reading, span: Span) -> tuple[Word, ...]:
    first = bisect_left(reading.label_starts, span.start)
    return tuple(word for word in reading.labels[first : first + 8] if word.end <= span.end and _whole(reading, word))


def _whole(reading: Reading, word: Word) -> bool:
    """Tell whether a label in Latin letters stands alone or as a part of a key: tel in "tel_no", not in "hotel"."""
    if not word.word.isascii():
        return True
    before, after = reading.source[word.start - 1 : word.start], reading.source[word.end : word.end + 1]
    return not (before.isascii() and before.isalpha()) and not (after.isascii() and after.islower())
