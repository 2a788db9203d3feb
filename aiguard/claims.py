"""Turn the claims of a draft into what a report shows of them: placed, and with what is personal in them masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.finding import private_spans
from aiguard.location import locate
from aiguard.model import Claim, Span
from aiguard.verify import find_claims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Document, Hit, VerifyRule
    from aiguard.page import Page

_MASK = "●●●●"
_SHOWN = 40  # code points


def claims_of(
    document: Document, page: Page, hits: Sequence[Hit], rule: VerifyRule, prompt: str | None
) -> tuple[Claim, ...]:
    """Return what a person has to verify on the pages of a document; first what the prompt did not hold."""
    hidden = private_spans(hits)
    claims = []
    for found in find_claims(page.text, rule.kind, prompt):
        number, span = page.locate(found.span)
        segment = document.segments[number]
        shown = _masked(segment.source, span, hidden.get(number, ()))
        kind = found.kind
        place = locate(segment, span)
        claims.append(Claim(kind.id, kind.title, rule.section, kind.todo, place, shown, found.new, found.odd))
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
