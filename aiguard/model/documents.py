"""Hold a document and the stretches of its text."""

from __future__ import annotations

from msgspec import Struct

from aiguard.model.words import Use


class Span(Struct, frozen=True, order=True):
    """Mark a half-open range of code points."""

    start: int
    end: int


class Part(Struct, frozen=True):
    """Name where a stretch of a segment's text comes from, from `start` to the next part.

    `label` is what a person would look for ("/messages/0/content"), `line` the line in the file of its first
    character; lines inside a decoded value are not lines of the file.
    """

    start: int
    label: str | None = None
    line: int = 1


class Segment(Struct, frozen=True):
    """Carry a stretch of text that is read in one go.

    `source` is the text as decoded. `parts` (ascending) locate stretches of decoded text; without parts, lines and
    columns are counted in `source` itself. `delimiter` says that the source is a table (CSV, TSV) whose cells
    stand between delimiters, with RFC 4180 quoting; its locations are labelled "B3". `aside` says that it is not
    on the page that a reader sees: comments, speaker notes, hidden text, properties, names of files. `before` counts
    the lines and records of the file that stand before the source, where that is a piece of it, `indent` the code
    points of its first line that do.
    """

    source: str
    label: str | None = None
    parts: tuple[Part, ...] = ()
    delimiter: str | None = None
    aside: bool = False
    before: tuple[int, int] = (0, 0)
    indent: int = 0


class Unchecked(Struct, frozen=True):
    """Name something that was not checked, and why."""

    label: str | None
    reason: str


class Facts(Struct, frozen=True):
    """State what was seen of a document beside findings; `notices` name inline directives that do not work."""

    task: str | None = None
    ai_traces: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


class Document(Struct, frozen=True):
    """Hold what a reader made of a path."""

    path: str
    use: Use
    segments: tuple[Segment, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
