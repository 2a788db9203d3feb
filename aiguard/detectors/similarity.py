"""Carry the words of the rule on similar works (8.3(1)); `similarity` compares the whole draft with the works given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiguard.detectors.reading import Reading, Word
    from aiguard.model import Match


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Say what counts as similar: a passage of `least` letters and digits or more, of which `alike` (0–1) agree.

    What stands in `common` of the works (0–1), and in four of them at least, is boilerplate and no copy.
    """

    least: int = 40
    alike: float = 0.75
    common: float = 0.01


def classes(_spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class: none."""
    return {"never": ()}


def gates(_spec: Spec) -> tuple[str, ...]:
    """Return a class that no text holds: the rule finds nothing by itself."""
    return ("never",)


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    if spec.least < 20:  # noqa: PLR2004 - below it common phrases agree
        return "least", "20以上にしてください"
    return None if 0.5 <= spec.alike <= 1 else ("alike", "0.5から1の間にしてください")  # noqa: PLR2004


def patterns(_spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return ()


def find(_spec: Spec, _view: str, _reading: Reading, _words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield nothing."""
    return iter(())
