"""Take the names of those who wrote a file, which office software puts into every one, for a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.model import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Document, Hit

_WRITTEN_BY = re.compile(r"(?:作成者|最終更新者|管理者|印刷した人)[::] ?\Z")
_PLACES = ("変更した人", "コメントの作成者")
_LONGEST = 20  # code points before a name in its line


def soften_authors(document: Document, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits, names of authors beside the pages of a document as notes: to block them would block all files."""
    return tuple(replace(hit, severity=Severity.NOTE) if _is_author(document, hit) else hit for hit in hits)


def _is_author(document: Document, hit: Hit) -> bool:
    if hit.rule.entity != "PERSON" or hit.severity is Severity.NOTE:
        return False
    segment = document.segments[hit.segment]
    if not segment.aside:
        return False
    start = segment.source.rfind("\n", 0, hit.span.start) + 1
    label = next((part.label for part in reversed(segment.parts) if part.start <= hit.span.start), None) or ""
    before = segment.source[max(start, hit.span.start - _LONGEST) : hit.span.start]
    return bool(_WRITTEN_BY.search(before)) or any(place in label for place in _PLACES)
