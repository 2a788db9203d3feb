"""Turn hits into findings that may be shown: the last place that sees a value.

What a rule with an entity found is personal: it is masked whole, at a fixed length, wherever it would show, in the
excerpts of other findings, in labels and in evidence too, also when it does not count as a finding.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from aiguard.location import locate, locate_all
from aiguard.model import Document, Finding, Hit, Location, Segment, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["MASK", "locate", "mask"]

MASK = "●●●●"
CUT = "…"
_AROUND = 10
_LONGEST_MARKING = 40
_FINGERPRINT = 32
_TELLING_DIGITS = 5


class _Personal(Struct, frozen=True):
    """Hold the personal spans of a segment: ascending, those that overlap joined."""

    spans: tuple[Span, ...]
    starts: tuple[int, ...]

    def around(self, span: Span) -> Span | None:
        """Return the personal span that `span` lies in."""
        at = bisect_right(self.starts, span.start) - 1
        return self.spans[at] if at >= 0 and self.spans[at].end >= span.end else None

    def within(self, start: int, end: int) -> tuple[Span, ...]:
        """Return the visible parts of personal spans between `start` and `end`."""
        at = max(0, bisect_right(self.starts, start) - 1)
        found = []
        while at < len(self.spans) and self.spans[at].start < end:
            span = self.spans[at]
            if span.end > start:
                found.append(Span(max(start, span.start), min(end, span.end)))
            at += 1
        return tuple(found)


def mask(document: Document, hits: Sequence[Hit], also: Sequence[Hit] = ()) -> tuple[Finding, ...]:
    """Mask the hits of a document, in the order of its text, the worst first where two start together.

    `also` are hits that make no findings (not selected, merged away) and whose values stay hidden all the same.
    """
    ordered = sorted(hits, key=lambda hit: (hit.segment, hit.span.start, -hit.severity.rank, hit.span.end, hit.rule.id))
    values = _values(document, (*ordered, *also))
    hidden: dict[int, list[Span]] = defaultdict(list)
    for hit in also:
        if _is_private(hit):
            hidden[hit.segment].append(hit.span)
    bears = _bearing(values)
    shares = _shared(values)
    count: Counter[tuple[str, str | None]] = Counter()
    findings = []
    for number, group in groupby(ordered, key=lambda hit: hit.segment):
        segment, found = document.segments[number], tuple(group)
        personal = _join((*(hit.span for hit in found if _is_private(hit)), *hidden[number]))
        for hit, location in zip(found, locate_all(segment, [hit.span for hit in found]), strict=True):
            place = replace(location, label=_masked_label(location.label, bears)) if location.label else location
            like = (hit.rule.id, place.label)
            count[like] += 1
            evidence = tuple(_without_detail(name, shares) if ":" in name else name for name in hit.evidence)
            fingerprint = _fingerprint(document.path, *like, count[like])
            findings.append(_finding(hit, place, evidence, _excerpt(segment, hit, personal), fingerprint))
    return tuple(findings)


def numbered(finding: Finding, piece: int) -> Finding:
    """Tell the finding of a piece of a file apart from one of an earlier piece that stands at a place of like name."""
    if piece == 0:
        return finding
    return replace(finding, fingerprint=_hashed(f"{finding.fingerprint}\0{piece}"))


def under_path(findings: Sequence[Finding], old: str, new: str) -> tuple[Finding, ...] | None:
    """Return all findings of a document as they would be under another path; None where they were not all of them.

    That is seen from the fingerprints, which count the findings of a document.
    """
    count: Counter[tuple[str, str | None]] = Counter()
    moved = []
    for finding in findings:
        like = (finding.rule, finding.location.label)
        count[like] += 1
        if finding.fingerprint != _fingerprint(old, *like, count[like]):
            return None
        moved.append(replace(finding, fingerprint=_fingerprint(new, *like, count[like])))
    return tuple(moved)


def private_spans(hits: Iterable[Hit]) -> dict[int, tuple[Span, ...]]:
    """Return by segment what of the hits must never be shown, ascending."""
    hidden: dict[int, list[Span]] = defaultdict(list)
    for hit in hits:
        if _is_private(hit):
            hidden[hit.segment].append(hit.span)
    return {number: tuple(sorted(spans)) for number, spans in hidden.items()}


def _is_private(hit: Hit) -> bool:
    """Tell whether what was found is to be hidden: not the name of a writer or an artist of the pack's own list."""
    return hit.rule.entity is not None and not (hit.severity is Severity.NOTE and "creator" in hit.evidence)


def _finding(
    hit: Hit, location: Location, evidence: tuple[str, ...], shown: tuple[str, Span], fingerprint: str
) -> Finding:
    rule = hit.rule
    return Finding(
        rule=rule.id,
        title=rule.title,
        sections=hit.sections,
        severity=hit.severity,
        entity=rule.entity,
        location=location,
        evidence=evidence,
        message=rule.message,
        why=rule.why,
        advice=rule.advice,
        excerpt=shown[0],
        mark=shown[1],
        fingerprint=fingerprint,
        suppressed=hit.suppressed,
        key=hit.key,
    )


def _join(spans: Iterable[Span]) -> _Personal:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        elif span.end > span.start:
            joined.append(span)
    return _Personal(tuple(joined), tuple(span.start for span in joined))


def _excerpt(segment: Segment, hit: Hit, personal: _Personal) -> tuple[str, Span]:
    """Return what may be shown around a hit, and the span in it of what was found.

    It stays in the line, and in a table in the cell: what stands beside says little, and may be personal.
    """
    source = segment.source
    whole = personal.around(hit.span) if _is_private(hit) else None
    core = whole or hit.span
    marked = MASK if whole else _marking(source, core, personal)
    start, end = _room(source, core, f"\n\r\t{segment.delimiter or ''}")
    left = _masked(source, start, core.start, personal).lstrip(" ")
    right = _masked(source, core.end, end, personal).rstrip(" ")
    left = (CUT if start == core.start - _AROUND > 0 else "") + left
    right += CUT if core.end + _AROUND == end < len(source) else ""
    return left + marked + right, Span(len(left), len(left) + len(marked))


def _room(source: str, core: Span, limits: str) -> tuple[int, int]:
    start, end = max(0, core.start - _AROUND), min(len(source), core.end + _AROUND)
    start = max(start, *(source.rfind(limit, start, core.start) + 1 for limit in limits))
    ends = [at for limit in limits if (at := source.find(limit, core.end, end)) >= 0]
    return start, min([end, *ends])


def _marking(source: str, span: Span, personal: _Personal) -> str:
    """Return the words that a rule without an entity found, shortened in the middle."""
    if span.end - span.start <= _LONGEST_MARKING:
        return _masked(source, span.start, span.end, personal)
    half = (_LONGEST_MARKING - len(CUT)) // 2
    head = _masked(source, span.start, span.start + half, personal)
    return head + CUT + _masked(source, span.end - half, span.end, personal)


def _masked(source: str, start: int, end: int, personal: _Personal) -> str:
    """Return the source between two positions with every personal part of it masked."""
    pieces = []
    for span in personal.within(start, end):
        pieces += [_plain(source[start : span.start]), MASK]
        start = span.end
    return "".join([*pieces, _plain(source[start:end])])


def _plain(text: str) -> str:
    """Show line breaks, tabs, control and invisible characters as one space."""
    if text.isprintable() and "  " not in text:
        return text
    shown = "".join(" " if _is_control(char) else char for char in text)
    while "  " in shown:
        shown = shown.replace("  ", " ")
    return shown


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _values(document: Document, hits: Iterable[Hit]) -> frozenset[str]:
    """Return the personal values of a document, with and without the space around them."""
    found = {document.segments[hit.segment].source[hit.span.start : hit.span.end] for hit in hits if _is_private(hit)}
    return frozenset(value for text in found for value in (text, text.strip()) if value)


def _bearing(values: frozenset[str]) -> Callable[[str], bool]:
    """Return a function that says whether a word bears a personal value.

    A single character or a short number inside a longer word gives nothing away ("森" in "森林", "12" in "12行目").
    """

    @cache
    def telling() -> tuple[frozenset[str], list[int]]:
        told = frozenset(
            value for value in values if len(value) > 1 and not (value.isdigit() and len(value) < _TELLING_DIGITS)
        )
        return told, sorted({len(value) for value in told})

    @cache
    def bears(word: str) -> bool:
        told, lengths = telling()
        pieces = (word[at : at + length] for length in lengths for at in range(len(word) - length + 1))
        return word in values or any(piece in told for piece in pieces)

    return bears


def _shared(values: frozenset[str]) -> Callable[[str], bool]:
    """Return a function that says whether a word shares two characters in a row, or an end, with a personal value."""

    @cache
    def telling() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        pieces = frozenset(piece for value in values for piece in _pieces(value))
        return pieces, frozenset(value[0] for value in values), frozenset(value[-1] for value in values)

    @cache
    def shares(word: str) -> bool:
        pieces, firsts, lasts = telling()
        # A word cut from the text may reach one character into a value that begins or ends there.
        return not pieces.isdisjoint((*word, *_pieces(word))) or word[-1] in firsts or word[0] in lasts

    return shares


def _pieces(value: str) -> tuple[str, ...]:
    """Return the pairs of characters of a value, or its only character."""
    return tuple(value[at : at + 2] for at in range(max(1, len(value) - 1)))


def _without_detail(evidence: str, shares: Callable[[str], bool]) -> str:
    """Drop what stands after the colon of an evidence when it shows something personal."""
    name, _, detail = evidence.partition(":")
    return name if detail and shares(detail) else evidence


def _masked_label(label: str | None, bears: Callable[[str], bool]) -> str | None:
    """Mask the steps of a label that show something personal: keys of a JSON file and sheets may be named so."""
    if not label:
        return label
    steps = re.split("([/!])", label)
    return "".join(MASK if bears(step.replace("~1", "/").replace("~0", "~")) else step for step in steps)


def _fingerprint(path: str, rule: str, label: str | None, ordinal: int) -> str:
    """Identify a finding by its place among its like, never by its value."""
    named = "\0".join((rule, path, label or "", str(ordinal)))
    return _hashed(named)


def _hashed(named: str) -> str:
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT]
