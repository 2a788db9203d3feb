"""Judge whether a draft names the AI that made it (8.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.attribution.values import Declared, Judged

if TYPE_CHECKING:
    from aiguard.model import AttributionRule

__all__ = ["Declared", "Judged", "judge"]


def judge(text: str, declared: Declared, rule: AttributionRule) -> Judged:
    """Judge `text` against what was declared; spans count in `text`."""
    from aiguard.attribution import judging

    return judging.judge(text, declared, rule)
