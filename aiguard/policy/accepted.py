"""Let pass what a baseline accepts: the same value by the same rule in the same file, wherever in it that stands.

A hash is HMAC-SHA-256 (RFC 2104, FIPS 198-1) under a secret key, cut to 128 bits: values are short, and a plain hash
of one is found out by trying.
"""

from __future__ import annotations

import hmac
import unicodedata
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from aiguard.model import Suppression
from aiguard.policy.folding import comparable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Accepted, Document, Hit

BY: Final = "baseline"
FILE, _VALUE = 8, 32  # hexadecimal digits


def suppress_accepted(document: Document, hits: Sequence[Hit], accepted: Accepted, place: str) -> tuple[Hit, ...]:
    """Suppress the hits that are accepted in a file, of which `place` is the path from the folder of the baseline.

    A value is accepted as often as it stands in the file, also where it is written in another way or on another line;
    at a worse severity than the accepted one it is new. What is accepted carries its keyed hash, which the baseline
    holds anyway: so an entry is known to be met.
    """
    if not hits or not (accepted.keeps or accepted.entries):
        return tuple(hits)
    prefix = file_key(accepted.key, place)
    return tuple(hit if hit.suppressed else _judged(document, hit, accepted, (prefix, place)) for hit in hits)


def file_key(key: bytes, place: str) -> str:
    """Return what the hashes of all that is accepted in a file begin with."""
    return _hashed(key, ("file", place))[:FILE]


def key_check(key: bytes) -> str:
    """Return what tells one key from another, and nothing of the key."""
    return _hashed(key, ("key",))[:_VALUE]


def _judged(document: Document, hit: Hit, accepted: Accepted, file: tuple[str, str]) -> Hit:
    value = document.segments[hit.segment].source[hit.span.start : hit.span.end] if document.segments else ""
    folded = comparable(value, hit.rule.entity) or unicodedata.normalize("NFKC", value)
    name = file[0] + _hashed(accepted.key, ("value", file[1], hit.rule.id, folded))[:_VALUE]
    found = accepted.entries.get(name)
    if found is not None and hit.severity.rank <= found.severity.rank:
        hit = replace(hit, suppressed=Suppression(BY, found.reason))
    return replace(hit, key=name) if accepted.keeps or found is not None else hit


def _hashed(key: bytes, parts: Sequence[str]) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hmac.digest(key, b"aiguard baseline\0" + data, "sha256").hex()
