"""Turn the claims of a draft into what a report shows of them: placed, and with what is personal in them masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.finding import private_spans
from aiguard.location import locate
from aiguard.model import Claim, Hit, Span
from aiguard.verify import worth_a_finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Document, Rule
    from aiguard.page import Page
    from aiguard.verify import Claim as Found

_MASK = "●●●●"
_SHOWN = 40  # code points


def claim_hits(document: Document, page: Page, rule: Rule, found: Sequence[Found]) -> tuple[Hit, ...]:
    """Return one hit for all the claims of a document, at the first, where they are worth it."""
    if not worth_a_finding(tuple(found), rule.spec.least):
        return ()
    number, span = page.locate(found[0].span)
    return (Hit(rule, number, span, (), rule.tiers[0].severity, rule.sections.of(document.use)),)


def claims_of(
    document: Document, page: Page, rule: Rule, found: Sequence[Found], hits: Sequence[Hit]
) -> tuple[Claim, ...]:
    """Show the claims of a document; `hits` say what in them must stay hidden."""
    hidden = private_spans(hits)
    section = next(iter(rule.sections.of(document.use)), "")
    claims = []
    for each in found:
        number, span = page.locate(each.span)
        segment = document.segments[number]
        shown = _masked(segment.source, span, hidden.get(number, ()))
        kind, place = each.kind, locate(segment, span)
        claims.append(Claim(kind.id, kind.title, section, kind.todo, place, shown, each.new, each.odd))
    return tuple(claims)


def _masked(source: str, span: Span, hidden: Sequence[Span]) -> str:
    """Return the text of a span on one line, what touches a hidden span as a mask of fixed length."""
    parts: list[str] = []
    at = span.start
    for each in sorted(hidden):
        if each.end <= at or each.start >= span.end:
            continue
        parts += (source[at : max(at, each.start)], _MASK)
        at = each.end
    text = " ".join("".join((*parts, source[at : span.end])).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
