"""Carry what a person has to verify in AI-made text (8.2); `verify` lists it where it is known that an AI was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.model import ClaimKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiguard.detectors.reading import Reading, Word
    from aiguard.model import Match


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Say which claims are listed, and from which weight on (together) they are worth a finding."""

    kind: tuple[ClaimKind, ...]
    least: int = 2


def classes(_spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class: none."""
    return {"never": ()}


def gates(_spec: Spec) -> tuple[str, ...]:
    """Return a class that no text holds: the rule finds nothing by itself."""
    return ("never",)


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    ids = [kind.id for kind in spec.kind]
    return None if ids and len(set(ids)) == len(ids) else ("kind", "種類がないか、id が重なっています")


def patterns(spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return tuple(pattern for kind in spec.kind for pattern in kind.patterns)


def find(_spec: Spec, _view: str, _reading: Reading, _words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield nothing."""
    return iter(())
