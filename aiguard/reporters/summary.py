"""Count what a run found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aiguard.model import DocumentReport, Summary, Use, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable


class Tally:
    """Count documents by verdict as they come, and findings that are not suppressed.

    A report that continues another is no document of its own: the worse of their verdicts counts, once.
    """

    def __init__(self) -> None:
        self._verdicts: Counter[Verdict] = Counter()
        self._findings = 0
        self._path: str | None = None
        self._open: dict[Use, Verdict] = {}

    @property
    def count(self) -> int:
        """How many documents came so far."""
        return self._verdicts.total()

    def add(self, document: DocumentReport) -> None:
        """Count a report."""
        if document.path != self._path:
            self._path, self._open = document.path, {}
        verdict = document.verdict
        before = self._open.get(document.use) if document.continues else None
        if before is not None:
            self._verdicts[before] -= 1
            verdict = max(before, verdict, key=lambda one: one.rank)
        self._open[document.use] = verdict
        self._verdicts[verdict] += 1
        self._findings += sum(finding.suppressed is None for finding in document.findings)

    def summary(self, left: int | None = None) -> Summary:
        """Return the counts; `left` is how many inputs a run that was stopped did not come to."""
        verdicts = self._verdicts
        return Summary(
            documents=verdicts.total(),
            block=verdicts[Verdict.BLOCK],
            warn=verdicts[Verdict.WARN],
            passed=verdicts[Verdict.PASS],
            unchecked=verdicts[Verdict.UNCHECKED],
            findings=self._findings,
            interrupted=left is not None,
            left=left or 0,
        )


def summarise(documents: Iterable[DocumentReport], left: int | None = None) -> Summary:
    """Count documents by verdict, and findings that are not suppressed."""
    tally = Tally()
    for document in documents:
        tally.add(document)
    return tally.summary(left)
