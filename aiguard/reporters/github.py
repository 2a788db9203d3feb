"""Render a report as workflow commands, which GitHub Actions shows beside the lines of a pull request.

Source of the form: GitHub Docs, Workflow commands for GitHub Actions, "Setting an error message"; of the escapes:
actions/toolkit, packages/core/src/command.ts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.model import Severity
from aiguard.reporters import grouping, words
from aiguard.reporters.plain import excerpt, line, line_of, name
from aiguard.reporters.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import DocumentReport, Finding, Report, Summary
    from aiguard.reporters.options import Options

_COMMANDS = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.NOTE: "notice"}


def render(report: Report, options: Options) -> str:
    """Render a command for each finding and for each thing that was not checked, and a last line that counts them."""
    lines = "".join(document(each, options) for each in report.documents)
    return lines + ending(summarise(report.documents, report.left))


def document(document: DocumentReport, options: Options) -> str:
    """Render the commands of a document."""
    return "".join(f"{each}\n" for each in _commands(document, options))


def ending(summary: Summary) -> str:
    """Render the last line, which counts documents."""
    return words.counts(summary) + "\n"


def _commands(document: DocumentReport, options: Options) -> Iterator[str]:
    for item in document.unchecked:
        where = f"{name(item.label)}：" if item.label else ""
        yield _command("error", {"file": name(document.path), "title": words.UNCHECKED}, where + line(item.reason))
    for notice in document.facts.notices:
        yield _command("notice", {"file": name(document.path), "title": words.NOTICES}, line(notice))
    for finding in grouping.counted(document, options.minimum):
        yield _command(_COMMANDS[finding.severity], _place(document.path, finding), _said(finding))


def _place(path: str, finding: Finding) -> dict[str, str]:
    at = finding.location
    cited = "、".join(finding.sections)
    number = line_of(path, at)
    columns = number is not None and at.label is None
    fields = {
        "file": name(path),
        "line": str(number or ""),
        "endLine": str(at.end_line if columns else number or ""),
        "col": str(at.column if columns else ""),
        "endColumn": str(at.end_column if columns and at.line == at.end_line else ""),
        "title": line(f"{finding.severity.label} {cited} {finding.title}".replace("  ", " ")),
    }
    return {key: value for key, value in fields.items() if value}


def _said(finding: Finding) -> str:
    label = f"{name(finding.location.label)}：" if finding.location.label else ""
    return f"{label}{excerpt(finding)} {line(finding.message)}\n{line(finding.advice)} [{line(finding.rule)}]"


def _command(command: str, fields: dict[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_field(value)}" for key, value in fields.items())
    return f"::{command} {listed}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _field(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
