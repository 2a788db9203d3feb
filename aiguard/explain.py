"""Explain how a document was read: what was taken for the task and for the material, and what was let pass and why.

Only for a person who asks (`--explain`): the document is scanned a second time, with what vetoes silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.location import locate_all
from aiguard.model import Dropped, Explanation, ReadPart, Severity
from aiguard.scanner import dropped
from aiguard.structure import parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.compiling import Compiled
    from aiguard.model import Document, Hit, Location, Match, Rule, Segment, Span

# The class of words that let something pass, by the reason that it stands for; any other is the topic.
_REASONS = {
    "sample": "sample", "example": "sample", "usual": "sample", "fiction": "sample", "imagined": "sample",
    "drill": "sample", "practice": "sample", "story": "sample", "play": "sample",
    "public": "public", "published": "public", "official": "public", "office": "public", "firm": "public",
    "own": "public", "creator": "public", "cited": "public", "famous": "public", "library": "public",
    "negated": "negation", "harmless": "negation", "cleaned": "negation", "lawful": "negation", "fair": "negation",
}  # fmt: skip
_BY = {"organisation": "public", "quoted": "quoted"}
TOPIC = "topic"


def explain(document: Document, compiled: Compiled, hits: Sequence[Hit]) -> Explanation:
    """Return the parts of a document and what came to nothing in it; `hits` are judged, with what suppressed them."""
    read: list[ReadPart] = []
    let: list[Dropped] = []
    for index, segment in enumerate(document.segments):
        read += _parts(segment)
        silent = [
            (rule, match.span, _reason(rule, match)) for rule, match in _silent(segment, index, document, compiled)
        ]
        passed = [(hit.rule, hit.span, reason) for hit in hits if hit.segment == index and (reason := _let_pass(hit))]
        places = sorted({(span, rule.id, rule.title, reason) for rule, span, reason in (*silent, *passed)})
        spots = _unlabelled(segment, [span for span, *_ in places])
        let += (
            Dropped(rule, title, reason, spot) for (_, rule, title, reason), spot in zip(places, spots, strict=True)
        )
    return Explanation(tuple(read), tuple(let))


def _parts(segment: Segment) -> Iterator[ReadPart]:
    read = parts(segment.source)
    spans = sorted([*((span, "task") for span in read.task), *((span, "material") for span in read.material)])
    shown = [(span, kind) for span, kind in spans if segment.source[span.start : span.end].strip()]
    for (_, kind), spot in zip(shown, _unlabelled(segment, [span for span, _ in shown]), strict=True):
        yield ReadPart(kind, spot)


def _unlabelled(segment: Segment, spans: Sequence[Span]) -> list[Location]:
    """Locate spans by their lines alone: a label is text of the file (the key of a JSON object may be a name)."""
    return [replace(spot, label=None) for spot in locate_all(segment, spans)]


def _silent(segment: Segment, index: int, document: Document, compiled: Compiled) -> Iterator[tuple[Rule, Match]]:
    """Yield what came to nothing for a reason that can be told: not a number that simply lacks its label."""
    for rule, match in dropped(segment, index, document.use, compiled):
        if _reason(rule, match):
            yield rule, match


def _reason(rule: Rule, match: Match) -> str:
    """Name why a match came to nothing: by its veto, or by the first evidence that its tiers will not have."""
    vetoes = [name.partition(":")[2] for name in match.evidence if name.startswith("veto:")]
    unwanted = {name for tier in rule.tiers for name in tier.unless}
    named = vetoes or [name for each in match.evidence if (name := each.partition(":")[0]) in unwanted]
    if not named and "mentioned" in match.evidence:
        return TOPIC
    return _REASONS.get(named[0], TOPIC) if named else ""


def _let_pass(hit: Hit) -> str:
    """Name why a hit does not count or is only a note; an empty string where it counts or nothing excuses it."""
    if hit.suppressed is not None:
        return _BY.get(hit.suppressed.by, "allow")
    if hit.severity is not Severity.NOTE:
        return ""
    names = [name.partition(":")[0] for name in hit.evidence]
    known = [_REASONS[name] for name in names if name in _REASONS]
    asked = [TOPIC for name in names if name in {"asked", "how", "law", "study", "mentioned", "goods"}]
    return next(iter((*known, *asked)), "")
