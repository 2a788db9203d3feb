"""Carry the words of the rules on the AI that a text is meant for; `services` judges it by the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiguard.detectors.reading import Reading, Word
    from aiguard.model import Match

STATUSES = ("suspended", "not-approved", "unlisted")


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Name the status that the rule speaks of."""

    status: str


def classes(_spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class: none."""
    return {"never": ()}


def gates(_spec: Spec) -> tuple[str, ...]:
    """Return a class that no text holds: the rule finds nothing by itself."""
    return ("never",)


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    return None if spec.status in STATUSES else ("status", f"使えるもの: {'、'.join(STATUSES)}")


def patterns(_spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return ()


def find(_spec: Spec, _view: str, _reading: Reading, _words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield nothing."""
    return iter(())
