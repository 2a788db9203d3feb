"""Count what a run found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aiguard.model import DocumentReport, Summary, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable


def summarise(documents: Iterable[DocumentReport]) -> Summary:
    """Count documents by verdict, and findings that are not suppressed."""
    verdicts: Counter[Verdict] = Counter()
    findings = 0
    for document in documents:
        verdicts[document.verdict] += 1
        findings += sum(finding.suppressed is None for finding in document.findings)
    return Summary(
        documents=verdicts.total(),
        block=verdicts[Verdict.BLOCK],
        warn=verdicts[Verdict.WARN],
        passed=verdicts[Verdict.PASS],
        unchecked=verdicts[Verdict.UNCHECKED],
        findings=findings,
    )
