"""Hold what is asked of a scoring run."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from aiguard.evaluate.judge import Judgement
from aiguard.evaluate.rows import Fold, Row

Pair: TypeAlias = tuple[Row, Judgement]


class Options(Struct, frozen=True):
    """Set how to score.

    `entities` are the types that the pack knows; others are not scored. `public_rules` are rules whose persons are
    public figures: their notes count as found. `show` collects misses; `show_text` adds their words.
    """

    entities: frozenset[str]
    public_rules: frozenset[str] = frozenset()
    name: str = "rows"
    fold: Fold = "all"
    show: bool = False
    show_text: bool = False
