"""Settle who is right where several rules claim the same characters, and join what was found twice."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from aiguard.model import Hit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiguard.model import Document

    Strength = tuple[int, bool, bool, int, int]

# Written in words; every other entity is a number or a code, and the same digits are one number only.
_IN_WORDS = frozenset({"PERSON", "ADDRESS", "REGISTERED_DOMICILE", "EMAIL", "SENSITIVE"})
_PLACES = frozenset({"ADDRESS", "REGISTERED_DOMICILE"})
_HOUSE_NUMBER = re.compile(r"\d|[〇一二三四五六七八九十](?:丁目|番|号)")
_CARE_OF = ("方", "様方", "気付")


class _Claim(Struct, frozen=True):
    """Hold a hit with how strong it is: severity, label, check, length, and the earlier rule."""

    hit: Hit
    strength: Strength


def settle(document: Document, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits whose claims stand, in the order of the text.

    Hits of one entity that overlap become one, over all their characters. A number wholly inside a stronger claim to
    another kind of number is dropped; so is a name inside an e-mail address, or inside an address with a house
    number, be it as severe as it may: it is part of the place. Hits without an entity neither drop nor are dropped.
    """
    ordered = sorted(hits, key=_place)
    if all(_place(one)[0] != _place(other)[0] or one.span.end <= other.span.start for one, other in pairwise(ordered)):
        return tuple(ordered)
    rules = _ranks(hits)
    claims = sorted((_Claim(hit, _strength(hit, rules)) for hit in hits if hit.rule.entity), key=_by_entity)
    joined = [_join(tuple(run)) for run in _runs(claims)]
    standing = _standing(document, sorted(joined, key=_by_place))
    others = (hit for hit in hits if not hit.rule.entity)
    return tuple(sorted((*others, *standing), key=lambda hit: (*_place(hit), rules[hit.rule.id])))


def join_repeats(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Join hits without an entity that mark the same words and count, or do not count, alike.

    After the suppressions, so that an exception for one rule never covers another.
    """
    rules = _ranks(hits)
    groups: dict[tuple[object, ...], list[_Claim]] = {}
    for number, hit in enumerate(hits):
        key = (number,) if hit.rule.entity else (hit.segment, hit.span, hit.suppressed)
        groups.setdefault(key, []).append(_Claim(hit, _strength(hit, rules)))
    return tuple(_join(group).hit for group in groups.values())


def _ranks(hits: Iterable[Hit]) -> dict[str, int]:
    """Return the place of each rule in the order in which they first appear."""
    return {rule: number for number, rule in enumerate(dict.fromkeys(hit.rule.id for hit in hits))}


def _strength(hit: Hit, rules: dict[str, int]) -> Strength:
    names = {name.partition(":")[0] for name in hit.evidence}
    length = hit.span.end - hit.span.start
    return hit.severity.rank, "label" in names, "check" in names, length, -rules[hit.rule.id]


def _place(hit: Hit) -> tuple[int, int, int]:
    return hit.segment, hit.span.start, -hit.span.end


def _by_place(claim: _Claim) -> tuple[int, int, int]:
    return _place(claim.hit)


def _by_entity(claim: _Claim) -> tuple[int, str, int, int]:
    hit = claim.hit
    return hit.segment, hit.rule.entity or "", hit.span.start, -hit.span.end


def _runs(claims: Iterable[_Claim]) -> Iterator[list[_Claim]]:
    """Cut claims in the order of their entities into runs that overlap."""
    run: list[_Claim] = []
    end = -1
    for claim in claims:
        hit = claim.hit
        same = run and (run[0].hit.segment, run[0].hit.rule.entity) == (hit.segment, hit.rule.entity)
        if not same or not (hit.span.start < end or hit.span == run[-1].hit.span):
            if run:
                yield run
            run, end = [], -1
        run.append(claim)
        end = max(end, hit.span.end)
    if run:
        yield run


def _join(run: Sequence[_Claim]) -> _Claim:
    """Make one claim of several: the strongest, over all characters, with all sections and evidence."""
    if len(run) == 1:
        return run[0]
    ranked = sorted(run, key=lambda claim: claim.strength, reverse=True)
    hits = [claim.hit for claim in ranked]
    span = Span(min(hit.span.start for hit in hits), max(hit.span.end for hit in hits))
    evidence = tuple(dict.fromkeys(name for hit in hits for name in hit.evidence))
    sections = tuple(dict.fromkeys(section for hit in hits for section in hit.sections))
    severity, label, check, _, rule = (max(parts) for parts in zip(*(claim.strength for claim in run), strict=True))
    whole = replace(hits[0], span=span, evidence=evidence, sections=sections)
    return _Claim(whole, (severity, label, check, span.end - span.start, rule))


def _standing(document: Document, claims: Iterable[_Claim]) -> list[Hit]:
    """Drop the claims that yield. Claims of one entity do not overlap, so that few stand open at any character."""
    kept: list[Hit] = []
    for segment, group in groupby(claims, key=lambda claim: claim.hit.segment):
        source = document.segments[segment].source
        here = tuple(group)
        yielding: set[int] = set()
        latest: dict[str | None, int] = {}
        for number, claim in enumerate(here):
            start = claim.hit.span.start
            latest = {entity: rival for entity, rival in latest.items() if here[rival].hit.span.end > start}
            for rival in latest.values():
                if _yields(claim, here[rival], source):
                    yielding.add(number)
                elif _yields(here[rival], claim, source):
                    yielding.add(rival)
            latest[claim.hit.rule.entity] = number
        kept += [claim.hit for number, claim in enumerate(here) if number not in yielding]
    return kept


def _yields(claim: _Claim, other: _Claim, source: str) -> bool:
    inner, outer = claim.hit.span, other.hit.span
    if not outer.start <= inner.start <= inner.end <= outer.end:
        return False
    kind, kind_around = claim.hit.rule.entity, other.hit.rule.entity
    if kind == "PERSON":
        return kind_around == "EMAIL" or (kind_around in _PLACES and _is_place(inner, outer, source))
    if {kind, kind_around} == _PLACES:
        return kind == "ADDRESS"  # the same place, of which 本籍 says more
    return not {kind, kind_around} & _IN_WORDS and other.strength > claim.strength


def _is_place(name: Span, address: Span, source: str) -> bool:
    """Say whether a name is part of a place; 「1-2 田中方」 names the person with whom somebody lives."""
    if source.startswith(_CARE_OF, name.end):
        return False
    return bool(_HOUSE_NUMBER.search(source, address.start, address.end))
