"""Hold what a checker says of a row, whatever the checker is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.model import DocumentReport, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiguard.evaluate.rows import Row


class Judged(Struct, frozen=True):
    """State a finding: half-open, in code points of the row's text; `entity` is `None` for cues and markings."""

    start: int
    end: int
    entity: str | None
    severity: Severity
    rule: str

    @property
    def alarming(self) -> bool:
        """Tell whether a reader is stopped by it: `warn` and up."""
        return self.severity.rank >= Severity.WARN.rank


class Judgement(Struct, frozen=True):
    """State what a checker made of a row; `sections` pairs each cited section with a severity."""

    verdict: str
    sections: tuple[tuple[str, Severity], ...] = ()
    spans: tuple[Judged, ...] = ()
    attribution: str | None = None
    use: str | None = None

    def cites(self, section: str, least: Severity = Severity.WARN) -> bool:
        """Tell whether a section is cited at `least` or above."""
        return any(cited == section and severity.rank >= least.rank for cited, severity in self.sections)

    def alarms(self) -> tuple[Judged, ...]:
        """Return the findings of `warn` and up."""
        return tuple(found for found in self.spans if found.alarming)


def judge_with(
    check: Callable[[str], DocumentReport],
    review: Callable[[str, bool | None], DocumentReport] | None = None,
) -> Callable[[Row], Judgement]:
    """Make a judge of `check(text)`; rows labelled with an attribution go to `review(text, ai_used)` where given."""

    def judge(row: Row) -> Judgement:
        if review is not None and row.attribution is not None:
            return judgement(review(row.text, row.ai_used))
        return judgement(check(row.text))

    return judge


def judgement(report: DocumentReport) -> Judgement:
    """Take over what counts of a report on a plain text: its findings without the suppressed ones."""
    findings = tuple(finding for finding in report.findings if finding.suppressed is None)
    return Judgement(
        verdict=report.verdict.value,
        sections=tuple((section, finding.severity) for finding in findings for section in finding.sections),
        spans=tuple(
            Judged(
                finding.location.start, finding.location.end, finding.entity, Severity(finding.severity), finding.rule
            )
            for finding in findings
        ),
        attribution=report.attribution.status if report.attribution else None,
        use=report.facts.task,
    )
