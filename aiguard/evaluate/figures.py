"""Hold the figures of a set, each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.evaluate.wilson import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Figure(Struct, frozen=True):
    """State a share with its Wilson 95 % interval; `value` is `None` where nothing was counted.

    `key` is unique in its set. `per` is the base it is shown on: 100 (per cent), 1,000 rows, 10,000 characters.
    An F1 is no share of cases: it has no counts, and the interval that the bounds of its two parts give.
    """

    key: str
    group: str
    item: str
    metric: str
    value: float | None
    low: float
    high: float
    hits: int | None = None
    total: int | None = None
    per: int = 100
    rising: bool = True


class Confusion(Struct, frozen=True):
    """Count rows by what is true (`gold`, down) and what was said (`said`, across)."""

    key: str
    gold: tuple[str, ...]
    said: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class Miss(Struct, frozen=True):
    """Point at one thing that went wrong; `hint` gives its shape, `text` its words only when asked for.

    `start` and `end` count code points of the row's text; an item of several places has its first.

    `kind` is "miss" (should have been found), "alarm" (should not) or "wrong" (another answer).
    """

    id: str
    kind: str
    what: str
    rule: str | None = None
    start: int | None = None
    end: int | None = None
    hint: str = ""
    text: str | None = None


class Figures(Struct, frozen=True):
    """Hold everything measured on a set; its name carries the fold, so that folds are never mixed up."""

    name: str
    fold: str
    rows: int
    characters: int
    confusions: tuple[Confusion, ...] = ()
    figures: tuple[Figure, ...] = ()
    misses: tuple[Miss, ...] = ()


class Part(Struct, frozen=True):
    """Carry what one scorer has to say."""

    confusions: tuple[Confusion, ...] = ()
    figures: tuple[Figure, ...] = ()
    misses: tuple[Miss, ...] = ()


def merge(parts: Iterable[Part]) -> Part:
    """Put parts together in their order."""
    parts = tuple(parts)
    return Part(
        confusions=tuple(confusion for part in parts for confusion in part.confusions),
        figures=tuple(figure for part in parts for figure in part.figures),
        misses=tuple(miss for part in parts for miss in part.misses),
    )


def share(group: str, item: str, metric: str, counts: tuple[int, int], *, key: str = "") -> Figure:
    """Make a figure of counts (hits, total): the more the better."""
    hits, total = counts
    low, high = wilson(hits, total)
    value = hits / total if total else None
    return Figure(key or f"{group}.{item}.{metric}", group, item, metric, value, low, high, hits, total)


def rate(group: str, item: str, metric: str, counts: tuple[int, int], *, per: int) -> Figure:
    """Make a figure of alarms per so many rows or characters: the fewer the better.

    Rare alarms in many characters follow the same law as shares; more alarms than characters count as one each.
    """
    hits, total = counts
    low, high = wilson(min(hits, total), total)
    value = hits / total if total else None
    return Figure(f"{group}.{item}.{metric}", group, item, metric, value, low, high, hits, total, per, rising=False)


def f1(precision: Figure, recall: Figure) -> Figure:
    """Combine two figures of one item: F1 = 2PR / (P + R), and 0 where there was gold and nothing was found.

    The interval joins the lower and the upper bounds of both: F1 rises with each, so it is wide enough.
    """
    group, item = recall.group, recall.item
    value = None if recall.value is None else _harmonic(precision.value or 0.0, recall.value)
    low, high = _harmonic(precision.low, recall.low), _harmonic(precision.high, recall.high)
    return Figure(f"{group}.{item}.f1", group, item, "f1", value, low, high)


def confusion(key: str, pairs: Sequence[tuple[str, str]], *, gold: tuple[str, ...], said: tuple[str, ...]) -> Confusion:
    """Count pairs of (true, said) into a table."""
    counts = tuple(tuple(pairs.count((truth, word)) for word in said) for truth in gold)
    return Confusion(key, gold, said, counts)


def _harmonic(first: float, second: float) -> float:
    return 2 * first * second / (first + second) if first + second else 0.0
