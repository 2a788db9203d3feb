"""Render a report as JUnit XML, which build servers show: a suite a document, a case a finding.

The form is that of Jenkins (junit-10.xsd of its xUnit plugin): counts on every suite, `failure`, `error`, `skipped`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiguard.model import Severity
from aiguard.reporters import grouping, words
from aiguard.reporters.plain import excerpt, line_of, markup, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import DocumentReport, Finding, Report
    from aiguard.reporters.options import Options


class _Case(NamedTuple):
    """Hold a case: `outcome` is failure, error, skipped or passed."""

    outcome: str
    xml: str


def render(report: Report, options: Options) -> str:
    """Render what may not pass as failures, what was not checked as errors, and the rest as cases that passed."""
    suites = [(document, list(_cases(document, options))) for document in report.documents]
    every = [case for _, cases in suites for case in cases]
    head = f'<testsuites name="aiguard" {_counts(every)}>'
    body = "".join(_suite(document, cases) for document, cases in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}</testsuites>\n'


def _suite(document: DocumentReport, cases: list[_Case]) -> str:
    skipped = sum(case.outcome == "skipped" for case in cases)
    head = f'<testsuite name="{_name(document.path)}" {_counts(cases)} skipped="{skipped}">'
    return f"  {head}\n{''.join(case.xml for case in cases)}  </testsuite>\n"


def _counts(cases: list[_Case]) -> str:
    failed, broken = (sum(case.outcome == kind for case in cases) for kind in ("failure", "error"))
    return f'tests="{len(cases)}" failures="{failed}" errors="{broken}" time="0"'


def _cases(document: DocumentReport, options: Options) -> Iterator[_Case]:
    found = False
    for item in document.unchecked:
        found = True
        where = _name(item.label or document.path)
        inner = f'<error type="unchecked" message="{markup(item.reason)}"/>'
        yield _Case("error", _case(f"{words.UNCHECKED}：{where}", document.path, inner))
    shown = set(grouping.counted(document, options.minimum))
    for finding in document.findings:
        if finding in shown or finding.suppressed:
            found = True
            yield _finding(document.path, finding)
    if not found:
        yield _Case("passed", _case(markup(words.verdict(document)), document.path, ""))


def _finding(path: str, finding: Finding) -> _Case:
    title = markup(f"{finding.severity.label} {finding.title}：") + _name(words.spot(finding.location))
    line = line_of(path, finding.location)
    if finding.suppressed:
        outcome, inner = "skipped", f'<skipped message="{markup(words.suppression(finding.suppressed))}"/>'
    elif finding.severity is Severity.NOTE:
        outcome, inner = "passed", f"<system-out>{_told(finding)}</system-out>"
    else:
        outcome = "failure"
        inner = f'<failure type="{markup(finding.rule)}" message="{markup(finding.message)}">{_told(finding)}</failure>'
    return _Case(outcome, _case(title, path, inner, line))


def _case(title: str, path: str, inner: str, line: int | None = None) -> str:
    at = f' line="{line}"' if line else ""
    head = f'<testcase classname="{_name(path)}" name="{title}" file="{_name(path)}"{at} time="0"'
    return f"    {head}>{inner}</testcase>\n" if inner else f"    {head}/>\n"


def _told(finding: Finding) -> str:
    rows = (
        ("根拠", "、".join(finding.sections)),
        ("内容", excerpt(finding)),
        ("理由", finding.why),
        ("修正", finding.advice),
    )
    return "\n".join(f"{label}：{markup(text)}" for label, text in rows if text)


def _name(text: str) -> str:
    return markup(name(text))
