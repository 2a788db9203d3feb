"""Read CSV and TSV: the raw text as one segment that knows its delimiter."""

from __future__ import annotations

import re
from typing import Final

from aiguard.model import Segment, Unchecked

_LINES: Final = 20
_SAMPLE: Final = 20_000
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*(?:"|\Z)')


def read_table(text: str, usual: str) -> tuple[tuple[Segment, ...], tuple[Unchecked, ...]]:
    """Return the text as one segment with its delimiter; `usual` is that of the file's suffix."""
    return (Segment(text, delimiter=delimiter_of(text, usual)),), ()


def delimiter_of(text: str, usual: str) -> str:
    r"""Return the delimiter (comma, tab or semicolon) that stands equally often in most of the first lines.

    Text between quotation marks does not count. On a tie a tab wins, as commas also stand in numbers; then `usual`.
    A semicolon is what Excel writes where the comma is the decimal point.
    """
    lines = [line for line in _QUOTED.sub("", text[:_SAMPLE]).splitlines()[:_LINES] if line.strip()]

    def agreeing(delimiter: str) -> int:
        counts = [count for count in (line.count(delimiter) for line in lines) if count]
        return max(map(counts.count, counts), default=0)

    return max(
        "\t,;",
        key=lambda delimiter: (agreeing(delimiter), delimiter == "\t" and agreeing("\t") > 0, delimiter == usual),
    )
