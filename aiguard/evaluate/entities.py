"""Score labelled items: by type, and names by their shape."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from aiguard.evaluate.figures import Figure, Miss, Part, f1, share
from aiguard.evaluate.judge import Judged, Judgement
from aiguard.evaluate.matching import CRITERIA, TYPES, Criterion, Gold, covers, gold_items
from aiguard.evaluate.rows import Row
from aiguard.evaluate.shapes import NAME_SHAPES, hint, name_shape
from aiguard.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.evaluate.options import Options, Pair

ALL = "all"
_PERSON, _ADDRESS = "PERSON", "ADDRESS"
_MAIN = CRITERIA[0]


class Case(Struct, frozen=True):
    """Hold what counts of a row: its items of scored types, and the findings held against them."""

    row: Row
    golds: tuple[Gold, ...]
    counted: tuple[Judged, ...]
    judgement: Judgement


class Counts(Struct, frozen=True):
    """Count by type: items, items found, findings, findings that are right."""

    gold: Counter[str]
    found: Counter[str]
    said: Counter[str]
    right: Counter[str]


def entity_part(pairs: Sequence[Pair], options: Options) -> Part:
    """Score the rows with spans or entities."""
    cases = _cases(pairs, options)
    if not any(case.golds or case.counted for case in cases):
        return Part()
    figures = [figure for criterion in CRITERIA for figure in _figures(criterion.name, _tally(cases, criterion))]
    if any(case.row.spans is not None for case in cases):
        figures += _figures("entity_warn", _tally([_alarming(case) for case in cases], _MAIN))
    misses = tuple(miss for case in cases for miss in _misses(case, show_text=options.show_text))
    return Part(figures=(*figures, *_name_figures(cases)), misses=misses if options.show else ())


def _cases(pairs: Sequence[Pair], options: Options) -> tuple[Case, ...]:
    """Pick what counts. A set with spans need not label every type: there, only types that it uses are scored."""
    used = options.entities & {span.label for row, _ in pairs for span in row.spans or ()}
    labelled = options.entities & (TYPES | {item.type for row, _ in pairs for item in row.entities or ()})
    return tuple(
        _case(row, judgement, labelled if row.spans is None else used, options)
        for row, judgement in pairs
        if row.spans is not None or row.entities is not None
    )


def _case(row: Row, judgement: Judgement, types: frozenset[str], options: Options) -> Case:
    golds = tuple(gold for gold in gold_items(row) if gold.type in types)
    alone = all(item.type == _ADDRESS for item in row.entities or ())
    counted = {
        (found.start, found.end, found.entity): found
        for found in sorted(judgement.spans, key=lambda found: found.severity.rank)  # of twins, the graver stays
        if found.entity in types
        and (row.spans is not None or found.alarming or _note_counts(found, golds, options, alone=alone))
    }
    return Case(row, golds, tuple(counted.values()), judgement)


def _note_counts(found: Judged, golds: tuple[Gold, ...], options: Options, *, alone: bool) -> bool:
    """Let a note count where no more is asked: an address with nobody beside it, or a public figure."""
    enough = (found.entity == _ADDRESS and alone) or (found.entity == _PERSON and found.rule in options.public_rules)
    return enough and any(_is_found(gold, (found,), _MAIN) for gold in golds)


def _alarming(case: Case) -> Case:
    return Case(case.row, case.golds, tuple(found for found in case.counted if found.alarming), case.judgement)


def _is_found(gold: Gold, findings: tuple[Judged, ...], criterion: Criterion) -> bool:
    return any(
        found.entity == gold.type and criterion.found(place, found) for found in findings for place in gold.places
    )


def _is_right(found: Judged, golds: tuple[Gold, ...], criterion: Criterion) -> bool:
    return any(found.entity == gold.type and criterion.right(place, found) for gold in golds for place in gold.places)


def _tally(cases: Sequence[Case], criterion: Criterion) -> Counts:
    counts = Counts(Counter(), Counter(), Counter(), Counter())
    for case in cases:
        for gold in case.golds:
            counts.gold.update((gold.type, ALL))
            if _is_found(gold, case.counted, criterion):
                counts.found.update((gold.type, ALL))
        for found in case.counted:
            counts.said.update((str(found.entity), ALL))
            if _is_right(found, case.golds, criterion):
                counts.right.update((str(found.entity), ALL))
    return counts


def _figures(group: str, counts: Counts) -> Iterator[Figure]:
    """Give recall, precision and F1 of each type, the most frequent first."""
    for kind in sorted(counts.gold | counts.said, key=lambda kind: (-counts.gold[kind], kind != ALL, kind)):
        recall = share(group, kind, "recall", (counts.found[kind], counts.gold[kind]))
        precision = share(group, kind, "precision", (counts.right[kind], counts.said[kind]))
        yield from (recall, precision, f1(precision, recall))


def _name_figures(cases: Sequence[Case]) -> tuple[Figure, ...]:
    total: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for case in cases:
        for gold in case.golds:
            if gold.type == _PERSON:
                shape = name_shape(_text(case.row, gold))
                total[shape] += 1
                hits[shape] += _is_found(gold, case.counted, _MAIN)
    return tuple(share("name", shape, "recall", (hits[shape], total[shape])) for shape in NAME_SHAPES if total[shape])


def _misses(case: Case, *, show_text: bool) -> Iterator[Miss]:
    row = case.row
    for gold in case.golds:
        if not _is_found(gold, case.counted, _MAIN):
            yield _miss(row, gold.type, _near(case, gold), gold.places[0], show_text=show_text)
    for found in case.counted:
        if not _is_right(found, case.golds, _MAIN):
            kind = "edge" if _is_right(found, case.golds, CRITERIA[-1]) else "alarm"
            yield alarm(row, found, str(found.entity), kind=kind, show_text=show_text)


def alarm(row: Row, found: Judged, what: str, *, kind: str = "alarm", show_text: bool) -> Miss:
    """Point at a finding that is wrong."""
    miss = _miss(row, what, found.rule, Span(found.start, found.end), show_text=show_text)
    return msgspec.structs.replace(miss, kind=kind)


def _miss(row: Row, what: str, rule: str | None, place: Span, *, show_text: bool) -> Miss:
    text = row.text[place.start : place.end]
    shown = text if show_text else None
    return Miss(row.id, "miss", what, rule, place.start, place.end, hint(text), shown)


def _near(case: Case, gold: Gold) -> str | None:
    """Name the rule that saw the place of a missed item, but called it something else or only noted it."""
    seen = (found for found in case.judgement.spans for place in gold.places if covers(place, found))
    return next((found.rule for found in seen), None)


def _text(row: Row, gold: Gold) -> str:
    place = gold.places[0]
    return row.text[place.start : place.end]
