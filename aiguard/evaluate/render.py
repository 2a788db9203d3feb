"""Write figures as plain text or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import msgspec

from aiguard.evaluate.words import FOLDS, GROUPS, ITEMS, KINDS, METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.evaluate.figures import Confusion, Figure, Figures, Miss

SCHEMA = 1
# Items of these groups share their metrics: a table reads better than lines.
_TABLES = frozenset({"section", "entity", "entity_exact", "entity_overlap", "entity_warn", "name"})
_PER_CENT = 100
_NOTHING = "-"


def render_text(sets: Sequence[Figures]) -> str:
    """Return aligned tables in Japanese, each share with its Wilson 95 % interval and its counts."""
    return "\n".join(line.rstrip() for figures in sets for line in _set_lines(figures))


def to_json(sets: Sequence[Figures]) -> str:
    """Return {"schema": 1, "sets": [{name, fold, rows, characters, confusions, figures: {key: figure}, misses}]}.

    Values and bounds are shares from 0 to 1 (a rate of alarms: per row or character; `per` is the base shown).
    """
    body = {"schema": SCHEMA, "sets": [_set_json(figures) for figures in sets]}
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode() + "\n"


def _set_json(figures: Figures) -> dict[str, object]:
    body: dict[str, object] = msgspec.to_builtins(figures)
    body["figures"] = {figure.key: _figure_json(figure) for figure in figures.figures}
    body["misses"] = [{key: value for key, value in _fields(miss) if value is not None} for miss in figures.misses]
    return body


def _figure_json(figure: Figure) -> dict[str, object]:
    shown = ("value", "low", "high", "hits", "total", "per")
    return {key: value for key, value in _fields(figure) if key in shown}


def _fields(value: Figure | Miss) -> Iterator[tuple[str, object]]:
    return ((key, getattr(value, key)) for key in value.__struct_fields__)


def _set_lines(figures: Figures) -> Iterator[str]:
    fold = FOLDS[figures.fold]
    yield f"【{figures.name}】{fold} {figures.rows:,}行、{figures.characters:,}字（[ ]内はWilsonの95%区間）"
    yield ""
    for confusion in figures.confusions:
        yield from _confusion_lines(confusion)
    for group, title in GROUPS.items():
        if chosen := [figure for figure in figures.figures if figure.group == group]:
            yield f"{title}"
            yield from _aligned(_table(chosen) if group in _TABLES else _lines(chosen))
            yield ""
    if figures.misses:
        yield f"見逃しと誤り {len(figures.misses):,}件"
        yield from _aligned([_miss_cells(miss) for miss in figures.misses])
        yield ""


def _confusion_lines(confusion: Confusion) -> Iterator[str]:
    yield f"{GROUPS[confusion.key]}の内訳（縦：正解、横：判定）"
    head = ["", *(ITEMS[word] for word in confusion.said)]
    body = [
        [ITEMS[word], *(f"{count:,}" for count in counts)]
        for word, counts in zip(confusion.gold, confusion.counts, strict=True)
    ]
    yield from _aligned([head, *body])
    yield ""


def _lines(figures: Sequence[Figure]) -> list[list[str]]:
    return [[f"{_item(figure)}：{METRICS[figure.metric]}", *_cells(figure)] for figure in figures]


def _table(figures: Sequence[Figure]) -> list[list[str]]:
    metrics = list(dict.fromkeys(figure.metric for figure in figures))
    items = dict.fromkeys(figure.item for figure in figures)
    by_place = {(figure.item, figure.metric): figure for figure in figures}
    head = ["", *(cell for metric in metrics for cell in (METRICS[metric], "", "件数")[: _width(metric)])]
    body = []
    for item in items:
        row = [by_place[item, metric] for metric in metrics]
        cells = [cell for figure in row for cell in _cells(figure)[: _width(figure.metric)]]
        body.append([_item(row[0]), *cells])
    return [head, *body]


def _width(metric: str) -> int:
    """Count the cells of a metric: an F1 has no counts."""
    return 2 if metric == "f1" else 3


def _item(figure: Figure) -> str:
    return ITEMS.get(figure.item, figure.item)


def _cells(figure: Figure) -> list[str]:
    counts = _NOTHING if figure.total is None else f"{figure.hits:,}/{figure.total:,}"
    if figure.value is None:
        return [_NOTHING, _NOTHING, counts]
    unit = "%" if figure.per == _PER_CENT else ""
    value, low, high = (f"{figure.per * number:.1f}" for number in (figure.value, figure.low, figure.high))
    return [f"{value}{unit}", f"[{low}-{high}]", counts]


def _miss_cells(miss: Miss) -> list[str]:
    what = ITEMS.get(miss.what, miss.what)
    said = " -> ".join(ITEMS.get(word, word) for word in miss.hint.split(" -> "))
    place = _NOTHING if miss.start is None else f"{miss.start}-{miss.end}"
    return [miss.id, KINDS[miss.kind], what, miss.rule or _NOTHING, place, said, _one_line(miss.text or "")]


def _one_line(text: str) -> str:
    """Show a text on one line, with its control characters made visible: they must not reach the terminal."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Pad the cells of each column: the first to the right, numbers to the left; full-width letters take two."""
    widths = [max(map(_cell_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (_pad(cell, width, left=_numeric(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells)


def _pad(cell: str, width: int, *, left: bool) -> str:
    space = " " * (width - _cell_width(cell))
    return space + cell if left else cell + space


def _numeric(cell: str) -> bool:
    return cell[:1].isdigit() and cell[-1:] in "0123456789%"


def _cell_width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
