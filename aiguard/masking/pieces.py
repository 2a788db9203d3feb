"""Say which pieces of a file's text have to go before it may be entered."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from aiguard import policy
from aiguard.mask import AS_WRITTEN, mentions
from aiguard.model import Document, Hit, Severity, Span
from aiguard.readers.origins import Form, origins, raw_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiguard.checker import Checker

# What says of a note that its value is declared as invented, or public: nothing to hide.
_STAYS = frozenset({"sample", "public", "office", "goods", "firm", "own", "area"})


class Piece(NamedTuple):
    """Mark a piece of the text of a file, in code points: what it is, and how it stands in the file."""

    start: int
    end: int
    entity: str
    form: Form


class Placed(NamedTuple):
    """Pair a place in a masked text with the place in the source that it stands for."""

    start: int
    end: int
    source: int
    source_end: int


def personal(document: Document, text: str, hits: Sequence[Hit], checker: Checker) -> list[Piece]:
    """Return the pieces of a file's text that hold personal values or secrets.

    All that counts, and notes that nothing declares public or invented. Sections that the user does not ask for, and
    directives in the text, which may be pasted, hide nothing from here; what the configuration allows stays.
    """
    config = replace(checker.config, select=(), ignore=())
    judged = policy.apply(
        document, hits, config=config, organisation=checker.pack.organisation, today=checker.today
    )  # fmt: skip
    wanted = [(hit.segment, hit.span, hit.rule.entity) for hit in judged if hit.rule.entity and _goes(hit)]
    return list(_pieces(document, text, wanted))


def look_alikes(document: Document, text: str) -> list[Piece]:
    """Return the pieces of a file's text that could be taken for stand-ins."""
    wanted = [
        (number, Span(mention.start, mention.end), AS_WRITTEN)
        for number, segment in enumerate(document.segments)
        for mention in mentions(segment.source)
    ]
    return list(_pieces(document, text, wanted))


def apart(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces that do not overlap, ascending: of those that do, one over all, named after the longest."""
    kept: list[Piece] = []
    longest = 0
    for piece in sorted(pieces, key=lambda one: (one.start, -one.end)):
        length = piece.end - piece.start
        if kept and piece.start < kept[-1].end:
            last = kept[-1]
            entity = piece.entity if length > longest else last.entity
            kept[-1] = last._replace(end=max(last.end, piece.end), entity=entity)
            longest = max(longest, length)
        else:
            kept.append(piece)
            longest = length
    return kept


def without(pieces: Iterable[Piece], others: Sequence[Piece]) -> list[Piece]:
    """Drop the pieces that one of the others (apart, ascending) touches: they will not look the same any more."""
    ends = [one.end for one in others]
    return [
        piece
        for piece in pieces
        if (at := bisect_right(ends, piece.start)) == len(others) or others[at].start >= piece.end
    ]


def in_source(pieces: Iterable[Piece], placed: Sequence[Placed]) -> list[Piece]:
    """Map pieces of a masked text to the source, widened to what stand-ins in them stand for; drop those inside one."""
    starts = [one.start for one in placed]
    mapped = []
    for piece in pieces:
        first, last = (
            placed[at] if (at := bisect_right(starts, place) - 1) >= 0 else None
            for place in (piece.start, piece.end - 1)
        )
        if first is None or first is not last or piece.end > first.end:
            mapped.append(piece._replace(start=_source(piece.start, first)[0], end=_source(piece.end - 1, last)[1]))
    return mapped


def _goes(hit: Hit) -> bool:
    if hit.suppressed is not None and hit.suppressed.by != "inline":
        return False
    return hit.severity is not Severity.NOTE or _STAYS.isdisjoint(name.partition(":")[0] for name in hit.evidence)


def _pieces(document: Document, text: str, wanted: Iterable[tuple[int, Span, str]]) -> Iterator[Piece]:
    stretches = origins(text, document.path, document.segments)
    for number, span, entity in wanted:
        for start, end, form in raw_spans(text, stretches[number], span):
            yield Piece(start, end, entity, form)


def _source(at: int, before: Placed | None) -> tuple[int, int]:
    """Return the place in the source of a character of the masked text; `before` is the last that starts by then."""
    if before is None:
        return at, at + 1
    if at < before.end:
        return before.source, before.source_end
    shift = before.source_end - before.end
    return at + shift, at + shift + 1
