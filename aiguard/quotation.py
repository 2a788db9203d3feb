"""Recognise words that stand in a quotation of the guideline itself: talking about a rule does not break it.

The pack ships no text of the guideline, only 32-bit hashes (CRC-32, ISO 3309) of its runs of ten letters.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Document, Hit

GRAM = 10
SHARE = 0.8


def grams(text: str) -> list[int]:
    """Return the hash of each run of `GRAM` letters and digits of a text, whatever stands between them."""
    letters = "".join(filter(str.isalnum, fold(text)))
    return [zlib.crc32(letters[at : at + GRAM].encode()) for at in range(len(letters) - GRAM + 1)]


def hashed(text: str) -> bytes:
    """Return the hashes of a text as a pack ships them: ascending, four bytes each, little-endian."""
    return b"".join(gram.to_bytes(4, "little") for gram in sorted(set(grams(text))))


def without_quotations(document: Document, hits: Sequence[Hit], known: frozenset[int]) -> tuple[Hit, ...]:
    """Drop the hits without an entity whose words, and what stands around them, are the guideline's own."""
    return tuple(hit for hit in hits if hit.rule.entity or not known or not _is_quoted(document, hit, known))


def _is_quoted(document: Document, hit: Hit, known: frozenset[int]) -> bool:
    source = document.segments[hit.segment].source
    before = "".join(filter(str.isalnum, source[max(0, hit.span.start - 3 * GRAM) : hit.span.start]))[1 - GRAM :]
    after = "".join(filter(str.isalnum, source[hit.span.end : hit.span.end + 3 * GRAM]))[: GRAM - 1]
    around = grams(before + source[hit.span.start : hit.span.end] + after)
    return bool(around) and sum(gram in known for gram in around) >= SHARE * len(around)
