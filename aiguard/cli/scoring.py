"""Put the product itself before the evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aiguard import api
from aiguard.checker import prepare
from aiguard.evaluate import Figures, Fold, judge_with, run
from aiguard.model import Config, Use

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aiguard.model import DocumentReport


def figures(sets: Sequence[Path], pack: str | None, fold: str, *, show: bool = False) -> tuple[Figures, ...]:
    """Score labelled sets with a pack (None: the default one)."""
    config = Config(pack=pack)
    rules = prepare(config, Use.PROMPT).pack.rules
    known = frozenset(rule.entity for rule in rules if rule.entity)
    public = tuple(rule.id for rule in rules if rule.entity == "PERSON")

    def check(text: str) -> DocumentReport:
        return api.check_text(text, config=config)

    def review(text: str, used: bool | None) -> DocumentReport:  # noqa: FBT001 - the evaluator's own order
        return api.review_text(text, ai_used=used, config=config)

    judge = judge_with(check, review)
    return run(sets, judge, entities_known=known, fold=cast("Fold", fold), show=show, public_rules=public)
