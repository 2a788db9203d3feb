"""Compare names and catch copies of a draft with names in use, by spelling and by reading (8.3(2)).

A trade mark office compares marks by appearance, by reading (称呼) and by meaning; a machine can see the first two.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.morph import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Document, Hit

_QUOTED = re.compile('[「『"“]([^」』"”\n]{2,30})[」』"”]')
_LETTERS = re.compile(r"[^\w]|_")
_LONG = 5  # letters from which on one may differ


def with_names(document: Document, hits: Sequence[Hit], known: Sequence[str]) -> tuple[Hit, ...]:
    """Add to the hits about names what to search for, and which of the names in use they resemble."""
    return tuple(_named(document, hit, known) if hit.rule.category == "trademark" else hit for hit in hits)


def resembles(name: str, other: str) -> str:
    """Say in what two names agree: "same", "reading", "near" (one letter of either differs), or nothing."""
    from rapidfuzz.distance import Levenshtein

    spelled, sounds = (_folded(name), _folded(other)), (_sound(name), _sound(other))
    if spelled[0] == spelled[1]:
        return "same"
    if sounds[0] == sounds[1]:
        return "reading"
    pairs = [pair for pair in (spelled, sounds) if min(map(len, pair)) >= _LONG]
    return "near" if any(Levenshtein.distance(*pair, score_cutoff=1) <= 1 for pair in pairs) else ""


def _named(document: Document, hit: Hit, known: Sequence[str]) -> Hit:
    source = document.segments[hit.segment].source
    names = _QUOTED.findall(source[hit.span.start : hit.span.end])
    found = [f"query:{name}／{_sound(name)}" for name in names]
    for name in names:
        found += [f"like-{kind}:{other}" for other in known if (kind := resembles(name, other))]
    return replace(hit, evidence=(*hit.evidence, *found))


def _folded(name: str) -> str:
    return _LETTERS.sub("", unicodedata.normalize("NFKC", name)).lower()


def _sound(name: str) -> str:
    return _LETTERS.sub("", unicodedata.normalize("NFKC", reading(name)))
