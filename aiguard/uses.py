"""Infer what a prompt asks an AI to do (guideline, section 4): a fact of the report, never a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.regexes import compiled
from aiguard.structure import parts
from aiguard.text import fold

if TYPE_CHECKING:
    from aiguard.model import Document, UseKind

OTHER = "other"
_MOST = 20_000  # code points of a prompt that are looked at: a request stands at the top or is short


def use_titles(kinds: tuple[UseKind, ...]) -> dict[str, str]:
    """Return what people call the uses, by id."""
    return {kind.id: kind.title for kind in kinds} | {OTHER: "そのほか"}


def use_of(document: Document, kinds: tuple[UseKind, ...]) -> str | None:
    """Return the id of the use of a prompt, "other" where its words tell of none; None where there is nothing to tell."""
    source = next((each.source for each in document.segments if not each.aside), "")[:_MOST]
    return inferred(source, kinds) if kinds and source.strip() else None


def inferred(source: str, kinds: tuple[UseKind, ...]) -> str:
    """Infer the use of a prompt from the part of it that asks."""
    asks = "\n".join(source[span.start : span.end] for span in parts(source).task)
    asks = fold(asks)
    for strength in ("strong", "weak"):
        for kind in kinds:
            if any(compiled(pattern).search(asks) for pattern in getattr(kind, strength)):
                return kind.id
    return OTHER
