"""The evaluation itself is checked: judges with known faults must get the figures they deserve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from aiguard.evaluate import (
    Entity,
    Figures,
    Judged,
    Judgement,
    LabelledSpan,
    Options,
    Row,
    score,
)
from aiguard.model import (
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN = frozenset({"PERSON", "ADDRESS", "PHONE", "EMAIL", "MY_NUMBER", "CREDIT_CARD"})
OPTIONS = Options(KNOWN, show=True)

NAMED = "担当は架空坂真弓、電話は090-0000-0000です。"
PLACED = "見本県例示市仮町1-2-3の件です"
ROWS = (
    Row(
        "r1",
        NAMED,
        verdict="block",
        sections=("5(1)",),
        entities=(Entity("架空坂真弓", "PERSON"), Entity("090-0000-0000", "PHONE")),
    ),
    Row("r2", PLACED, verdict="warn", sections=("5(1)", "8.1"), entities=(Entity("見本県例示市仮町1-2-3", "ADDRESS"),)),
    Row("r3", "会議室の予約方法を教えて", verdict="pass", sections=(), entities=()),
    Row("r4", "注文番号123456789012", verdict="pass", sections=(), entities=(), note="[hard] 注文番号"),
)
SEVERITY = {"block": Severity.BLOCK, "warn": Severity.WARN}


def perfect(row: Row) -> Judgement:
    severity = SEVERITY.get(row.verdict or "", Severity.WARN)
    spans = [(item.type, row.text.index(item.text), len(item.text)) for item in row.entities or ()]
    spans += [(span.label, span.start, span.end - span.start) for span in row.spans or ()]
    return Judgement(
        row.verdict or "warn",
        tuple((section, severity) for section in row.sections or ()),
        tuple(Judged(start, start + length, kind, severity, kind.lower()) for kind, start, length in spans),
        row.attribution,
    )


def blind(_: Row) -> Judgement:
    return Judgement("pass")


def frightened(row: Row) -> Judgement:
    """Call the whole row everything."""
    spans = tuple(Judged(0, len(row.text), kind, Severity.BLOCK, "fear") for kind in KNOWN)
    sections = (("5(1)", Severity.BLOCK), ("8.1", Severity.WARN), ("9.9", Severity.BLOCK))
    return Judgement("block", sections, spans)


def changed(**change: Callable[[Judged], object]) -> Callable[[Row], Judgement]:
    """Make a perfect judge whose findings are all off by the same fault."""

    def judge(row: Row) -> Judgement:
        said = perfect(row)
        wrong = [{key: make(found) for key, make in change.items()} for found in said.spans]
        spans = tuple(replace(found, **fault) for found, fault in zip(said.spans, wrong, strict=True))
        return replace(said, spans=spans)

    return judge


def value(figures: Figures, key: str) -> float | None:
    (found,) = [figure for figure in figures.figures if figure.key == key]
    return found.value


def counts(figures: Figures, key: str) -> tuple[int | None, int | None]:
    (found,) = [figure for figure in figures.figures if figure.key == key]
    return found.hits, found.total


def judged(*rows: Row, say: Callable[[Row], Judgement] = perfect, options: Options = OPTIONS) -> Figures:
    return score(rows, say, options)


def finds(*spans: Judged, verdict: str = "warn") -> Callable[[Row], Judgement]:
    return lambda _: Judgement(verdict, spans=spans)


def test_a_perfect_judge_scores_full_marks_and_has_no_misses() -> None:
    figures = judged(*ROWS)
    assert {figure.value for figure in figures.figures if figure.rising} == {1.0}
    assert {figure.value for figure in figures.figures if not figure.rising and figure.metric != "precision"} == {0.0}
    assert figures.misses == ()


def test_a_blind_judge_finds_nothing_and_disturbs_nobody() -> None:
    figures = judged(*ROWS, say=blind)
    for key in (
        "block_recall",
        "section.all.recall",
        "entity.all.recall",
        "entity_overlap.all.recall",
        "entity.all.f1",
    ):
        assert value(figures, key) == 0
    assert value(figures, "alarm.pass.quiet") == 1
    assert value(figures, "entity.all.precision") is None
    assert [miss.kind for miss in figures.misses].count("miss") == 3 + 3


def test_a_judge_that_cries_at_everything_finds_all_with_poor_precision() -> None:
    figures = judged(*ROWS, say=frightened)
    for key in ("block_recall", "section.all.recall", "entity.all.recall"):
        assert value(figures, key) == 1
    assert value(figures, "block_precision") == 1 / 4
    assert value(figures, "section.5(1).precision") == 2 / 4
    assert value(figures, "entity.all.precision") == 0
    assert value(figures, "alarm.pass.quiet") == value(figures, "alarm.pass_hard.quiet") == 0
    assert not any("9.9" in figure.key for figure in figures.figures)


@pytest.mark.parametrize(
    ("fault", "recall", "precision", "exact", "touched"),
    [
        # Of the three items a name and an address have soft edges; the phone number must be exact.
        (changed(start=lambda found: found.start + 1), 3, 2, 0, 3),
        (changed(end=lambda found: found.end - 1), 3, 2, 0, 3),
        (changed(end=lambda found: found.end + 2), 3, 2, 0, 3),
        (changed(end=lambda found: found.end + 3), 3, 0, 0, 3),
        (changed(start=lambda found: found.start - 1, end=lambda found: found.end + 1), 3, 2, 0, 3),
        (changed(start=lambda found: (found.start + found.end) // 2), 3, 2, 0, 3),
        (changed(start=lambda found: (found.start + found.end) // 2 + 1), 0, 0, 0, 3),
        (changed(start=lambda found: found.end, end=lambda found: found.end + 1), 0, 0, 0, 0),
        (changed(entity=lambda found: "EMAIL" if found else None), 0, 0, 0, 0),
        (changed(entity=lambda found: None if found else ""), 0, None, 0, 0),
    ],
)
def test_a_fault_costs_what_the_criterion_says(
    fault: Callable[[Row], Judgement], recall: int, precision: int | None, exact: int, touched: int
) -> None:
    figures = judged(*ROWS, say=fault)
    assert counts(figures, "entity.all.recall") == (recall, 3)
    assert counts(figures, "entity.all.precision") == ((0, 0) if precision is None else (precision, 3))
    assert counts(figures, "entity_exact.all.recall") == (exact, 3)
    assert counts(figures, "entity_overlap.all.recall") == (touched, 3)


def test_half_of_an_item_of_even_length_is_enough() -> None:
    row = Row("r", "見本太郎が来た", entities=(Entity("見本太郎", "PERSON"),))
    half, less = (Judged(start, 4, "PERSON", Severity.WARN, "name") for start in (2, 3))
    assert counts(judged(row, say=finds(half)), "entity.PERSON.recall") == (1, 1)
    assert counts(judged(row, say=finds(less)), "entity.PERSON.recall") == (0, 1)


def test_an_item_is_found_in_any_of_its_places_and_each_finding_is_judged() -> None:
    row = Row("r", "見本太郎と見本太郎", entities=(Entity("見本太郎", "PERSON"),))
    second, between = (Judged(start, end, "PERSON", Severity.WARN, "name") for start, end in ((5, 9), (3, 6)))
    figures = judged(row, say=finds(second, between))
    assert counts(figures, "entity.PERSON.recall") == (1, 1)
    assert counts(figures, "entity.PERSON.precision") == (1, 2)


def test_the_same_place_found_by_two_rules_counts_once() -> None:
    row = Row("r", "見本太郎", entities=(Entity("見本太郎", "PERSON"),))
    twins = [Judged(0, 4, "PERSON", severity, severity.value) for severity in (Severity.WARN, Severity.NOTE)]
    assert counts(judged(row, say=finds(*twins)), "entity.PERSON.precision") == (1, 1)
    spanned = judged(replace(row, entities=None, spans=(LabelledSpan(0, 4, "PERSON"),)), say=finds(*twins))
    assert counts(spanned, "entity_warn.PERSON.recall") == (1, 1)


@pytest.mark.parametrize(
    ("text", "entities", "rule", "found"),
    [
        ("見本太郎", {"見本太郎": "PERSON"}, "person-name", 0),
        ("見本太郎", {"見本太郎": "PERSON"}, "public-figure", 1),
        ("仮町1-2-3", {"仮町1-2-3": "ADDRESS"}, "address", 1),
        ("仮町1-2-3の見本太郎", {"仮町1-2-3": "ADDRESS", "見本太郎": "PERSON"}, "address", 0),
        ("090-0000-0000", {"090-0000-0000": "PHONE"}, "phone", 0),
    ],
)
def test_a_note_is_enough_for_an_address_alone_and_a_public_figure(
    text: str, entities: dict[str, str], rule: str, found: int
) -> None:
    row = Row("r", text, entities=tuple(Entity(item, kind) for item, kind in entities.items()))
    kind, item = next((kind, item) for item, kind in entities.items())
    note = Judged(text.index(item), len(item), kind, Severity.NOTE, rule)
    figures = judged(row, say=finds(note), options=replace(OPTIONS, public_rules=frozenset({"public-figure"})))
    assert counts(figures, f"entity.{kind}.recall") == (found, 1)


def test_a_note_that_is_no_item_is_no_fault() -> None:
    row = Row("r", "仮町1-2-3", entities=(), sections=("5(1)",))
    say = replace(finds(Judged(0, 5, "ADDRESS", Severity.NOTE, "a"))(row), sections=(("5(1)", Severity.NOTE),))
    figures = judged(row, say=lambda _: say)
    assert [miss.what for miss in figures.misses] == ["5(1)"]
    assert value(figures, "section.5(1).recall") == 0


def test_rows_with_spans_count_every_severity_and_only_labelled_types() -> None:
    row = Row("r", "見本太郎は仮会社へ", spans=(LabelledSpan(0, 4, "PERSON"), LabelledSpan(5, 8, "ORGANIZATION")))
    note = Judged(0, 4, "PERSON", Severity.NOTE, "name")
    company = Judged(5, 8, "PERSON", Severity.WARN, "name")
    unlabelled = Judged(5, 8, "ADDRESS", Severity.WARN, "address")
    figures = judged(row, say=finds(note, company, unlabelled))
    assert counts(figures, "entity.PERSON.recall") == (1, 1)
    assert counts(figures, "entity.PERSON.precision") == (1, 2)
    assert counts(figures, "entity_warn.PERSON.recall") == (0, 1)
    assert {figure.item for figure in figures.figures if figure.group == "entity"} == {"all", "PERSON"}


def test_types_that_the_pack_or_the_labels_lack_are_not_scored() -> None:
    row = Row("r", "券番号A1と見本太郎", entities=(Entity("A1", "OTHER_ID"), Entity("見本太郎", "PERSON")))
    odd = Judged(0, 3, "POSTAL_CODE", Severity.WARN, "postal")
    figures = judged(row, say=finds(odd), options=replace(OPTIONS, entities=KNOWN | {"POSTAL_CODE"}))
    assert counts(figures, "entity.all.recall") == (0, 1)
    assert counts(figures, "entity.all.precision") == (0, 0)


def test_a_type_that_no_row_has_still_costs_precision_where_all_are_labelled() -> None:
    figures = judged(ROWS[0], say=finds(Judged(0, 3, "EMAIL", Severity.WARN, "email")))
    assert counts(figures, "entity.EMAIL.precision") == (0, 1)


def test_names_are_counted_by_how_they_are_written() -> None:
    names = {"見本": "kanji_1_2", "架空坂真弓": "kanji_3_5", "みほん": "hiragana", "ミホン・タロウ": "katakana"}
    rows = [Row(name, f"{name}です", entities=(Entity(name, "PERSON"),)) for name in names]
    figures = judged(*rows, say=lambda row: perfect(row) if row.id == "見本" else blind(row))
    assert {figure.key: figure.hits for figure in figures.figures if figure.group == "name"} == {
        f"name.{shape}.recall": int(name == "見本") for name, shape in names.items()
    }


def test_misses_point_at_the_place_and_hide_the_words() -> None:
    wide = judged(ROWS[0], say=changed(end=lambda found: found.end + 3)).misses
    assert [(miss.kind, miss.what, miss.rule, miss.start, miss.end, miss.hint) for miss in wide] == [
        ("edge", "PERSON", "person", 3, 11, "漢字・記号8字"),
        ("edge", "PHONE", "phone", 12, 28, "数字・記号・ひらがな16字"),
    ]
    missed = judged(ROWS[0], say=blind).misses
    assert [miss.kind for miss in missed] == ["wrong", "miss", "miss", "miss"]
    assert "架空坂真弓" not in repr((wide, missed))
    shown = judged(ROWS[0], say=blind, options=replace(OPTIONS, show_text=True)).misses
    assert [miss.text for miss in shown if miss.what == "PERSON"] == ["架空坂真弓"]


def test_a_missed_item_names_the_rule_that_called_it_something_else() -> None:
    row = Row("r", "見本太郎", entities=(Entity("見本太郎", "PERSON"),))
    (miss,) = judged(row, say=finds(Judged(0, 4, "PERSON", Severity.NOTE, "weak-name"))).misses
    assert (miss.kind, miss.rule, miss.hint) == ("miss", "weak-name", "漢字4字")


def test_a_false_alarm_on_a_clean_row_is_listed_once() -> None:
    misses = judged(ROWS[2], say=finds(Judged(0, 3, "PERSON", Severity.WARN, "n"), verdict="pass")).misses
    assert [(miss.kind, miss.what, miss.start, miss.end) for miss in misses] == [("alarm", "PERSON", 0, 3)]


def test_misses_are_collected_only_when_asked_for() -> None:
    assert judged(*ROWS, say=blind, options=Options(KNOWN)).misses == ()
