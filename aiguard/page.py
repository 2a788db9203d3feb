"""Read a document as its reader does: what is on its pages, as one text, with the way back to its segments."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.model import Span

if TYPE_CHECKING:
    from aiguard.model import Document

_GAP = "\n\n"


class Page(Struct, frozen=True):
    """Hold the text of a document without what is aside, and where in it each segment (by number) begins."""

    text: str
    segments: tuple[int, ...]
    starts: tuple[int, ...]

    def locate(self, span: Span) -> tuple[int, Span]:
        """Return the number of the segment that holds the start of a span, and the span inside it, cut at its end."""
        at = max(0, bisect_right(self.starts, span.start) - 1)
        start = self.starts[at]
        end = self.starts[at + 1] - len(_GAP) if at + 1 < len(self.starts) else len(self.text)
        return self.segments[at], Span(min(span.start, end) - start, min(span.end, end) - start)


def page_of(document: Document) -> Page | None:
    """Return what is on the pages of a document; None where nothing is."""
    shown = [(number, segment.source) for number, segment in enumerate(document.segments) if not segment.aside]
    if not shown:
        return None
    starts = []
    length = 0
    for _, source in shown:
        starts.append(length)
        length += len(source) + len(_GAP)
    return Page(_GAP.join(source for _, source in shown), tuple(number for number, _ in shown), tuple(starts))
