"""List what a person has to verify in a text that an AI made (8.2): a machine sees where claims stand, not their truth."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from msgspec import Struct

from aiguard import regexes
from aiguard.model import ClaimKind, Span

_LAST_ARTICLES = {"憲法": 103, "日本国憲法": 103, "民法": 1050, "刑法": 264}
_ARTICLE = re.compile(r"([一-龥々]*法)?の?第 ?([0-9]+|[〇一二三四五六七八九十百千]+) ?条")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SPACE = re.compile(r"\s+")
# Full-width letters and digits as ASCII, one for one, so that places stay.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class Claim(Struct, frozen=True):
    """Mark a claim: its kind, its place in the text, whether the prompt did not hold it, and what is odd about it."""

    kind: ClaimKind
    span: Span
    new: bool = False
    odd: str = ""


def find_claims(text: str, kinds: tuple[ClaimKind, ...], prompt: str | None = None) -> tuple[Claim, ...]:
    """Return the claims of a text in order; where two overlap, that of the kind listed first.

    With `prompt`, those that do not stand in it come first and are marked as new: the AI added them.
    """
    narrow = text.translate(_WIDTHS)
    claims: list[Claim] = []
    for kind in kinds:
        for pattern in kind.patterns:
            claims += (Claim(kind, Span(*match.span())) for match in regexes.compiled(pattern).finditer(narrow))
    order = {kind.id: place for place, kind in enumerate(kinds)}
    known = None if prompt is None else _SPACE.sub("", unicodedata.normalize("NFKC", prompt))
    kept = [_judged(claim, text, known) for claim in _apart(claims, order)]
    return tuple(sorted(kept, key=lambda claim: (not claim.new, claim.span.start)))


def worth_a_finding(claims: tuple[Claim, ...], least: int) -> bool:
    """Tell whether claims weigh enough together to ask somebody for his time."""
    return sum(claim.kind.weight for claim in claims) >= least


def last_article(statute: str) -> int | None:
    """Return the number of the last article of a statute, for the few that never change theirs without notice.

    日本国憲法: 第103条; 民法 (明治29年法律第89号): 第1050条, since 2019; 刑法 (明治40年法律第45号): 第264条.
    """
    return _LAST_ARTICLES.get(statute)


def _judged(claim: Claim, text: str, known: str | None) -> Claim:
    said = unicodedata.normalize("NFKC", text[claim.span.start : claim.span.end])
    new = known is not None and _SPACE.sub("", said) not in known
    return Claim(claim.kind, claim.span, new, _oddity(said) if claim.kind.id == "statute" else "")


def _oddity(said: str) -> str:
    """Say what is wrong with an article by its form alone."""
    found = _ARTICLE.search(said)
    if not found:
        return ""
    number = _number(found[2])
    last = last_article(found[1]) if found[1] else None
    if number == 0:
        return "第0条という条はありません"
    return f"{found[1]}は第{last}条までです" if last is not None and number > last else ""


def _number(digits: str) -> int:
    """Read a number in figures or in kanji below ten thousand."""
    if digits.isascii():
        return int(digits)
    total, current = 0, 0
    for character in digits:
        if character in _UNITS:
            total += (current or 1) * _UNITS[character]
            current = 0
        else:
            current = current * 10 + _DIGITS[character]
    return total + current


def _apart(claims: list[Claim], order: dict[str, int]) -> list[Claim]:
    """Keep of claims that overlap the one whose kind comes first, and of those the longest; ascending."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda one: (order[one.kind.id], one.span.start, -one.span.end)):
        at = bisect_left(kept, claim.span.start, key=lambda one: one.span.start)
        before = at == 0 or kept[at - 1].span.end <= claim.span.start
        if before and (at == len(kept) or claim.span.end <= kept[at].span.start):
            kept.insert(at, claim)
    return kept
