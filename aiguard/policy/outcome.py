"""Turn judged findings into a verdict, an exit code, and what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.model import Severity, Use, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.model import DocumentReport, Finding, Hit, Unchecked

_VERDICTS = {Severity.NOTE: Verdict.PASS, Severity.WARN: Verdict.WARN, Severity.BLOCK: Verdict.BLOCK}
_FAIL_ON = {Use.PROMPT: Severity.BLOCK, Use.DOCUMENT: Severity.WARN}


def verdict(judged: Iterable[Hit | Finding], unchecked: Sequence[Unchecked]) -> Verdict:
    """Return the worst of block > unchecked > warn > pass; what is suppressed does not count, notes pass."""
    verdicts = [_VERDICTS[item.severity] for item in judged if item.suppressed is None]
    verdicts.append(Verdict.UNCHECKED if unchecked else Verdict.PASS)
    return max(verdicts, key=lambda one: one.rank)


def shown(findings: Iterable[Finding], minimum: Severity) -> tuple[Finding, ...]:
    """Return the findings at or above `minimum`: for output only, never before a verdict or an exit code."""
    return tuple(finding for finding in findings if finding.severity.rank >= minimum.rank)


def fails(document: DocumentReport, fail_on: Severity | None) -> bool:
    """Say whether a finding counts and is at or above `fail_on`; None means block for prompts, warn for documents."""
    limit = (fail_on or _FAIL_ON[document.use]).rank
    return any(finding.suppressed is None and finding.severity.rank >= limit for finding in document.findings)


def exit_code(documents: Iterable[DocumentReport], fail_on: Severity | None, problems: int = 0) -> int:
    """Return 3 when anything could not be checked, else 1 when a document fails, else 0.

    `problems` counts inputs of which there is no document at all (missing paths).
    """
    failed, unchecked = False, problems > 0
    for document in documents:
        unchecked = unchecked or bool(document.unchecked) or document.verdict is Verdict.UNCHECKED
        failed = failed or fails(document, fail_on)
    return 3 if unchecked else int(failed)
