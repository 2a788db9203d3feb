"""Whole rows are scored: verdict, alarms, sections, attribution, labels; reports are taken over as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.evaluate import Figures, Judged, Judgement, LabelledSpan, Options, Row, judge_with, judgement, score
from aiguard.model import (
    Attribution,
    DocumentReport,
    Finding,
    Location,
    Severity,
    Span,
    Suppression,
    Use,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = Options(frozenset({"PERSON", "ADDRESS", "PHONE", "MY_NUMBER"}), show=True)
ROWS = (
    Row("r1", "滞納者の一覧を要約して", verdict="block", sections=("5(1)",)),
    Row("r2", "弔辞を書いて", verdict="warn", sections=("8.1",)),
    Row("r3", "会議室の予約方法を教えて", verdict="pass", sections=()),
    Row("r4", "注文番号123456789012", verdict="pass", sections=(), note="[hard] 注文番号"),
)


def silent(_: Row) -> Judgement:
    return Judgement("pass")


def finds(*spans: Judged) -> Callable[[Row], Judgement]:
    return lambda _: Judgement("warn", spans=spans)


def judged(*rows: Row, say: Callable[[Row], Judgement]) -> Figures:
    return score(rows, say, OPTIONS)


def value(figures: Figures, key: str) -> float | None:
    (found,) = [figure for figure in figures.figures if figure.key == key]
    return found.value


def counts(figures: Figures, key: str) -> tuple[int | None, int | None]:
    (found,) = [figure for figure in figures.figures if figure.key == key]
    return found.hits, found.total


def test_verdicts_are_counted_with_unchecked_in_its_own_column() -> None:
    answers = {"r1": "unchecked", "r2": "block", "r3": "pass", "r4": "warn"}
    figures = judged(*ROWS, say=lambda row: Judgement(answers[row.id]))
    (table,) = figures.confusions
    assert table.said == ("block", "warn", "pass", "unchecked")
    assert table.counts == ((0, 0, 0, 1), (1, 0, 0, 0), (0, 1, 1, 0))
    assert counts(figures, "block_recall") == (0, 1)
    assert counts(figures, "block_precision") == (0, 1)
    assert counts(figures, "verdict_accuracy") == (1, 4)


def test_alarms_on_clean_rows_count_by_row_and_by_character() -> None:
    found = (Judged(0, 2, None, Severity.WARN, "cue"), Judged(2, 4, None, Severity.BLOCK, "cue"))
    noted = (Judged(0, 2, None, Severity.NOTE, "cue"),)
    figures = judged(*ROWS, say=lambda row: Judgement("pass", spans=found if row.id == "r3" else noted))
    characters = len(ROWS[2].text) + len(ROWS[3].text)
    assert counts(figures, "alarm.pass.quiet") == (1, 2)
    assert counts(figures, "alarm.pass.rows_per_1000") == (1, 2)
    assert counts(figures, "alarm.pass.alarms_per_10000_characters") == (2, characters)
    assert counts(figures, "alarm.pass_hard.quiet") == (1, 1)


def test_more_alarms_than_characters_are_counted_without_a_wider_claim() -> None:
    found = tuple(Judged(0, 1, None, Severity.WARN, rule) for rule in ("cue", "mark", "term"))
    figures = judged(Row("r", "x", label="benign"), say=finds(*found))
    assert counts(figures, "alarm.benign.alarms_per_10000_characters") == (3, 1)


def test_sections_are_scored_one_by_one_in_the_order_of_the_guideline() -> None:
    rows = (Row("a", "x", sections=("5(2)", "5(10)")), Row("b", "x", sections=("5(2)",)), Row("c", "x", sections=()))
    figures = judged(*rows, say=lambda row: Judgement("warn", (("5(2)", Severity.BLOCK),) if row.id != "b" else ()))
    assert counts(figures, "section.5(2).recall") == counts(figures, "section.5(2).precision") == (1, 2)
    assert counts(figures, "section.5(10).recall") == (0, 1)
    assert counts(figures, "section.all.recall") == (1, 3)
    assert list(dict.fromkeys(figure.item for figure in figures.figures)) == ["all", "5(2)", "5(10)"]


def test_attributions_are_scored_by_status() -> None:
    rows = tuple(Row(word, "x", attribution=word) for word in ("ok", "malformed", "missing", "not_needed"))
    says = {"ok": "ok", "malformed": "ok", "missing": None, "not_needed": "not_needed"}
    figures = judged(*rows, say=lambda row: Judgement("pass", attribution=says[row.id]))
    (table,) = figures.confusions
    assert table.counts == ((1, 0, 0, 0, 0), (1, 0, 0, 0, 0), (0, 0, 0, 0, 1), (0, 0, 0, 1, 0))
    assert counts(figures, "attribution.accuracy") == (2, 4)
    assert counts(figures, "attribution.ok.precision") == (1, 2)
    assert counts(figures, "attribution.missing.recall") == (0, 1)


def test_labels_say_what_should_be_found_and_what_should_stay_quiet() -> None:
    misuse = Judgement("warn", (("5(5)", Severity.WARN),), (Judged(0, 1, None, Severity.WARN, "misuse"),))
    labels = ("benign", "malicious", "look_alike", "injection", "positive", "negative")
    rows = tuple(Row(label, "x", label=label) for label in labels)
    loud, calm = judged(*rows, say=lambda _: misuse), judged(*rows, say=silent)
    for key in ("malicious.recall", "injection.recall", "positive.recall", "positive.warn_recall"):
        assert (value(loud, f"label.{key}"), value(calm, f"label.{key}")) == (1, 0)
    for key in (
        "alarm.benign.quiet",
        "alarm.negative.quiet",
        "alarm.look_alike.quiet",
        "label.look_alike.misuse_quiet",
    ):
        assert (value(loud, key), value(calm, key)) == (0, 1)
    assert value(loud, "label.malicious.block_recall") == 0
    assert value(loud, "label.look_alike.unblocked") == 1


def test_a_label_beside_spans_only_says_where_an_alarm_is_false() -> None:
    row = Row("r", "仮町1-2-3", spans=(LabelledSpan(0, 7, "ADDRESS"),), label="address")
    assert not any(figure.group == "label" for figure in judged(row, say=silent).figures)
    figures = judged(replace(row, spans=None), say=finds(Judged(0, 2, "ADDRESS", Severity.NOTE, "a")))
    assert counts(figures, "label.address.recall") == (1, 1)


def test_a_company_number_must_not_pass_for_a_private_one() -> None:
    rows = [Row(kind, "1234567890123", spans=(), label="organisation") for kind in ("MY_NUMBER", "PERSON", "PHONE")]
    figures = judged(*rows, say=lambda row: Judgement("warn", spans=(Judged(0, 13, row.id, Severity.WARN, "n"),)))
    assert counts(figures, "alarm.organisation.quiet") == (1, 3)


def finding(start: int, end: int, severity: Severity, *, suppressed: bool = False) -> Finding:
    place = Location(None, 1, start + 1, 1, end + 1, start, end)
    reason = Suppression("allow", "見本") if suppressed else None
    sections, nothing = ("5(1)", "7.1"), ("",) * 4
    return Finding(
        "name", "氏名", sections, severity, "PERSON", place, (), *nothing, Span(0, 4), "0", suppressed=reason
    )


def test_a_report_is_taken_over_without_what_is_suppressed() -> None:
    report = DocumentReport(
        "-",
        Use.PROMPT,
        Verdict.WARN,
        (finding(0, 4, Severity.WARN), finding(5, 9, Severity.BLOCK, suppressed=True)),
        attribution=Attribution("ok", (), None, ""),
    )
    said = judgement(report)
    assert said.spans == (Judged(0, 4, "PERSON", Severity.WARN, "name"),)
    assert said.sections == (("5(1)", Severity.WARN), ("7.1", Severity.WARN))
    assert (said.verdict, said.attribution) == ("warn", "ok")


def test_drafts_go_to_the_review_with_what_was_declared() -> None:
    calls: list[tuple[object, ...]] = []

    def check(*given: object) -> DocumentReport:
        calls.append(given)
        return DocumentReport("-", Use.PROMPT, Verdict.PASS)

    judge = judge_with(check, check)
    judge(Row("p", "依頼", verdict="pass"))
    judge(Row("d", "原稿", attribution="ok", ai_used=True))
    judge_with(check)(Row("d", "原稿", attribution="ok"))
    assert calls == [("依頼",), ("原稿", True), ("原稿",)]


def test_rows_with_a_use_are_scored_by_it() -> None:
    from aiguard.evaluate import judge_with, render_text
    from aiguard.model import DocumentReport, Facts, Use, Verdict

    def check(text: str) -> DocumentReport:
        return DocumentReport("-", Use.PROMPT, Verdict.PASS, facts=Facts(task="mail" if "メール" in text else "other"))

    rows = (Row("a", "メールを書いて", use="mail"), Row("b", "メールを英訳して", use="translation"))
    scored = score(rows, judge_with(check), Options(frozenset(), show=True))
    found = {figure.key: (figure.hits, figure.total) for figure in scored.figures}
    assert found == {"use.accuracy": (1, 2), "use.mail.recall": (1, 1), "use.translation.recall": (0, 1)}
    assert [(miss.id, miss.hint) for miss in scored.misses] == [("b", "translation -> mail")]
    assert "正解率" in render_text((scored,))
