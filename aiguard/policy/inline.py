"""Obey `aiguard:ignore[rule] 理由` in a text: on its line, or alone on the line above.

A text may have been pasted from anywhere, so that an identifier at `block` is never let pass in this way, and what
is let pass stays in the report.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from aiguard.model import Severity, Span, Suppression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aiguard.model import Document, Hit, Segment

    _Reaches = tuple[list[int], dict[int, tuple[int, dict[str, Span]]]]

MASK = "●●●●"
_LONGEST = 40
_LINE = re.compile(r"([^\r\n]*)(\r\n?|\n|\Z)")
_DIRECTIVE = re.compile(r"aiguard[:：] ?ignore(?: ?[\[［]([^\[\]［］]*)[\]］])?((?:(?!aiguard[:：])[^\t])*)")
_OPENERS, _CLOSERS = " \t\u3000#/*<!-;%※・\"'", " \t\u3000*/->\"'"


class _Line(Struct, frozen=True):
    """Hold a line of a segment that has a directive: where it is, its 1-based number, and whether it has only that."""

    span: Span
    following: int
    number: int
    alone: bool
    directives: tuple[_Directive, ...]


class _Directive(Struct, frozen=True):
    """Hold the rules that a directive names, none where they are missing, and the span of its reason."""

    rules: tuple[str, ...]
    reason: Span

    @property
    def works(self) -> bool:
        """Say whether it names rules and gives a reason."""
        return bool(self.rules) and self.reason.end > self.reason.start


def suppress_inline(document: Document, hits: Sequence[Hit], found: Sequence[Hit]) -> tuple[Hit, ...]:
    """Suppress the hits that a directive names; its reason is shown without the spans of all `found`."""
    reaches = {number: _reaches(segment) for number, segment in enumerate(document.segments)}
    reaches = {number: reach for number, reach in reaches.items() if reach[0]}
    if not reaches:
        return tuple(hits)
    covered = _covered(hit for hit in found if hit.segment in reaches)
    suppressions: dict[tuple[int, Span], Suppression] = {}

    def judge(hit: Hit) -> Hit:
        reason = _reason(hit, *reaches[hit.segment]) if hit.segment in reaches and _may_pass(hit) else None
        if reason is None:
            return hit
        if (hit.segment, reason) not in suppressions:
            shown = _shown(document.segments[hit.segment].source, reason, covered[hit.segment])
            suppressions[hit.segment, reason] = Suppression("inline", shown)
        return replace(hit, suppressed=suppressions[hit.segment, reason])

    return tuple(map(judge, hits))


def inline_problems(document: Document) -> tuple[str, ...]:
    """Describe the directives that do not work, by the number of their line in the file."""
    problems = []
    for number, segment in enumerate(document.segments, 1):
        place = f"{number}番目の部分の" if len(document.segments) > 1 else ""
        for line in _lines(segment):
            at = f"{place}{_number(segment, line)}行目"
            problems += [f"{at}: {_problem(directive)}" for directive in line.directives if not directive.works]
    return tuple(problems)


def inline_idle(
    document: Document, found: Sequence[Hit], judged: Sequence[Hit], rules: Mapping[str, bool]
) -> tuple[str, ...]:
    """Describe the directives that come to nothing: their rule is unknown, found nothing there, or may not be ignored.

    `found` are all hits before they were judged, `rules` all that there are, true where they look for something in
    this document. What a directive names may be anything, so that only the names of rules are repeated.
    """
    problems: list[str] = []
    for number, segment in enumerate(document.segments):
        place = f"{number + 1}番目の部分の" if len(document.segments) > 1 else ""
        lines = tuple(_lines(segment))
        if not lines:
            continue
        every = sorted((hit.span.start, hit.rule.id) for hit in found if hit.segment == number)
        counting = sorted((hit.span.start, hit.rule.id) for hit in judged if hit.segment == number and _counts(hit))
        for line in lines:
            spans = _reach(segment, line)
            here, counts = _rules_in(spans, every), _rules_in(spans, counting)
            named = (rule for directive in line.directives if directive.works for rule in directive.rules)
            reasons = (_idle(rule, rules.get(rule), here, counts) for rule in named)
            problems += (f"{place}{_number(segment, line)}行目: {reason}" for reason in reasons if reason)
    return tuple(problems)


def _rules_in(spans: Sequence[Span], starts: Sequence[tuple[int, str]]) -> frozenset[str]:
    """Return the rules of hits, ascending by where they start, that start in one of the spans."""
    cuts = ((bisect_left(starts, (span.start,)), bisect_left(starts, (span.end + 1,))) for span in spans)
    return frozenset(rule for first, end in cuts for _, rule in starts[first:end])


def _idle(rule: str, looks: bool | None, found: frozenset[str], counts: frozenset[str]) -> str:  # noqa: FBT001 - of a table
    if looks is None:
        return "aiguard:ignore の規則の名前が違います。「aiguard rule」で一覧を見られます。"
    if looks and rule not in found:
        return f"aiguard:ignore[{rule}] に当たる指摘は、今はありません。"
    return f"aiguard:ignore[{rule}] は、禁止の個人情報には効きません。" if rule in counts else ""


def _lines(segment: Segment) -> Iterator[_Line]:
    source = segment.source
    if "aiguard" not in source:
        return
    heads = {part.start for part in segment.parts}
    for number, found in enumerate(_LINE.finditer(source), 1):
        directives = tuple(_directives(segment, found)) if "aiguard" in found[1] else ()
        if directives:
            # What stands in the next part is another value of the file: a directive does not reach into it.
            following = found.end() if found[2] and found.end() not in heads else -1
            alone = _is_alone(segment, found, directives[-1].reason.end, headed=found.start() in heads)
            yield _Line(Span(*found.span(1)), following, number, alone, directives)


def _directives(segment: Segment, line: re.Match[str]) -> Iterator[_Directive]:
    for found in _DIRECTIVE.finditer(segment.source, *line.span(1)):
        rules = tuple(name for part in re.split("[,、，]", found[1] or "") if (name := part.strip()))
        reason = found[2].partition(segment.delimiter)[0] if segment.delimiter else found[2]
        start = found.start(2) + len(reason) - len(reason.lstrip())
        yield _Directive(rules, Span(start, max(start, found.start(2) + len(reason.rstrip(_CLOSERS)))))


def _is_alone(segment: Segment, line: re.Match[str], end: int, *, headed: bool) -> bool:
    """Say whether a line has nothing but directives, and what comments begin and end with."""
    before = line[1].partition("aiguard")[0]
    if headed:  # "key: " of a line that stands for a value
        before = before.rpartition(": ")[2]
    after = segment.source[end : line.end(1)]
    return not before.strip(_OPENERS) and not after.strip(_CLOSERS + (segment.delimiter or ""))


def _reaches(segment: Segment) -> _Reaches:
    """Return where the lines under a directive start, and for each its end and the reasons by rule."""
    lines: dict[int, tuple[int, dict[str, Span]]] = {}
    for line in _lines(segment):
        for span in _reach(segment, line):
            reasons = lines.setdefault(span.start, (span.end, {}))[1]
            for directive in line.directives:
                for rule in directive.rules if directive.works else ():
                    reasons.setdefault(rule, directive.reason)
    return sorted(lines), lines


def _reach(segment: Segment, line: _Line) -> tuple[Span, ...]:
    """Return the lines that the directives of a line speak of: it, and where they stand alone the next."""
    below = _LINE.match(segment.source, line.following) if line.alone and line.following >= 0 else None
    return (line.span, Span(*below.span(1))) if below else (line.span,)


def _reason(hit: Hit, starts: Sequence[int], lines: dict[int, tuple[int, dict[str, Span]]]) -> Span | None:
    """Return where the reason to let a hit pass stands."""
    at = bisect_right(starts, hit.span.start) - 1
    end, reasons = lines[starts[at]] if at >= 0 else (-1, {})
    return reasons.get(hit.rule.id) if hit.span.start <= end else None


def _may_pass(hit: Hit) -> bool:
    return hit.suppressed is None and not _counts(hit)


def _counts(hit: Hit) -> bool:
    """Say whether a hit counts whatever a text says: an identifier at `block`."""
    return hit.suppressed is None and hit.rule.entity is not None and hit.severity is Severity.BLOCK


def _covered(hits: Iterable[Hit]) -> dict[int, list[Span]]:
    """Join the spans of the hits in each segment, ascending."""
    covered: dict[int, list[Span]] = {}
    for hit in sorted(hits, key=lambda hit: (hit.segment, hit.span)):
        spans = covered.setdefault(hit.segment, [])
        if spans and hit.span.start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, hit.span.end))
        else:
            spans.append(hit.span)
    return covered


def _shown(source: str, reason: Span, covered: Sequence[Span]) -> str:
    """Return a reason with every covered part masked, shortened last so that no part of a value is left."""
    pieces, at = [], reason.start
    first = max(0, bisect_right(covered, reason.start, key=lambda span: span.start) - 1)
    for span in takewhile(lambda span: span.start < reason.end, islice(covered, first, None)):
        if span.end > at:
            pieces += [source[at : span.start], MASK]
            at = span.end
    text = "".join([*pieces, source[at : reason.end]])
    text = "".join(char if char.isprintable() else " " for char in text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _number(segment: Segment, line: _Line) -> int:
    if not segment.parts:
        return line.number + segment.before[0]
    at = bisect_right(segment.parts, line.span.start, key=lambda part: part.start) - 1
    return segment.parts[max(0, at)].line


def _problem(directive: _Directive) -> str:
    lacking = "理由" if directive.rules else "規則の名前"
    return f"aiguard:ignore に{lacking}がありません。「aiguard:ignore[規則] 理由」の形で書いてください。"
