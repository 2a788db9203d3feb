"""Show what a person has to verify in a draft: a few places of each kind on a terminal, all of them to tick on paper."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.text import Text

from aiguard.reporters import words
from aiguard.reporters.blocks import Page, hanging, heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiguard.model import Claim, DocumentReport

_SHOWN = 6


def claim_lines(documents: Iterable[DocumentReport], page: Page) -> list[Text]:
    """Show the claims of documents by kind, the most pressing first, and what to do about each kind."""
    lines: list[Text] = []
    for document in documents:
        if not document.claims:
            continue
        title = f"{document.claims[0].section} {words.CLAIMS}（{len(document.claims)}か所）"
        lines += heading(title, page)
        for claims in by_kind(document.claims):
            label = page.say(f"{claims[0].title} {len(claims)}か所", "bold")
            shown = page.options.show_all or len(claims) <= _SHOWN
            told = "、".join(said(claim) for claim in (claims if shown else claims[:_SHOWN]))
            lines += hanging(label, page.say(told if shown else f"{told} …"), page, indent=2)
            lines += hanging(Text(), page.say(f"→ {claims[0].todo}", "dim"), page, indent=4)
        if any(claim.new for claim in document.claims):
            lines += hanging(Text(), page.say(words.NEW_MEANS, "dim"), page, indent=2)
    return lines


def by_kind(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Yield the claims of each kind, in the order in which the kinds turn up."""
    kinds: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        kinds[claim.kind].append(claim)
    yield from kinds.values()


def said(claim: Claim) -> str:
    """Say a claim in a few words: 「★3:4「1,204枚」」, the star where the prompt did not hold it."""
    text = claim.excerpt if claim.excerpt.startswith("「") else f"「{claim.excerpt}」"
    mark = words.NEW if claim.new else ""
    return f"{mark}{words.spot(claim.location)}{text}" + (f"（{claim.odd}）" if claim.odd else "")
