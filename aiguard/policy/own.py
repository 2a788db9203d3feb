"""Let pass what belongs to the organisation itself and is public: its switchboard, its address, its mayor."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.model import Suppression
from aiguard.policy.folding import comparable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Document, Hit, Organisation

PUBLIC = Suppression("organisation", "公開情報または例示用")


def suppress_own(document: Document, hits: Sequence[Hit], organisations: Sequence[Organisation]) -> tuple[Hit, ...]:
    """Suppress hits that are equal to something of the organisations', or an e-mail address in their domains.

    Not those in the row of a person: who looks after their mail at the city hall lives there for the table.
    """
    known, domains = _known(tuple(organisations))
    return tuple(
        replace(hit, suppressed=PUBLIC)
        if hit.suppressed is None
        and not _of_resident(hit)
        and _is_own(_value(document, hit), hit.rule.entity, known, domains)
        else hit
        for hit in hits
    )


@lru_cache(maxsize=8)
def _known(organisations: tuple[Organisation, ...]) -> tuple[dict[str | None, frozenset[str]], tuple[str, ...]]:
    """Fold what the organisations own once a run: values by entity, and domains."""
    lists = [
        (entity, value)
        for own in organisations
        for entity, values in (
            ("PHONE", own.phones),
            ("ADDRESS", own.addresses),
            ("CORPORATE_NUMBER", own.corporate_numbers),
            ("PERSON", own.public_figures),
        )
        for value in values
    ]
    folded: dict[str | None, set[str]] = {}
    for entity, value in lists:
        folded.setdefault(entity, set()).add(comparable(value, entity))
    domains = tuple(comparable(name, None).lstrip("@.") for own in organisations for name in own.domains)
    return {entity: frozenset(values - {""}) for entity, values in folded.items()}, domains


def _of_resident(hit: Hit) -> bool:
    """Tell whether a value stands in the column of a table of persons: the office's address as somebody's own."""
    return "label-over" in hit.evidence and "near:PERSON" in hit.evidence


def _value(document: Document, hit: Hit) -> str:
    return document.segments[hit.segment].source[hit.span.start : hit.span.end]


def _is_own(value: str, entity: str | None, known: dict[str | None, frozenset[str]], domains: Sequence[str]) -> bool:
    if entity == "EMAIL":
        return _in_domains(value, domains)
    return entity in known and comparable(value, entity) in known[entity]


def _in_domains(address: str, domains: Sequence[str]) -> bool:
    domain = comparable(address, None).replace("[at]", "@").replace("(at)", "@").rpartition("@")[2].strip("<>.")
    return any(name and (domain == name or domain.endswith(f".{name}")) for name in domains)
