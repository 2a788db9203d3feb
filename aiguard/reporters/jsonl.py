"""Render a report as JSON Lines: a header, a line for each document as it is done, a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from aiguard.model import SCHEMA
from aiguard.reporters import json_report
from aiguard.reporters.summary import summarise

if TYPE_CHECKING:
    from aiguard.model import DocumentReport, GuidelineName, NotChecked, Report, Summary
    from aiguard.reporters.options import Options


def render(report: Report, _options: Options) -> str:
    """Render a whole report."""
    first = header(report.guideline, report.not_checked, report.version, report.schema)
    return (
        first
        + "".join(map(document, report.documents))
        + summary(summarise(report.documents, report.left), report.notices)
    )


def header(guideline: GuidelineName, not_checked: tuple[NotChecked, ...], version: str, schema: int = SCHEMA) -> str:
    """Return the first line: what made the report, and what it leaves to people."""
    return _line("header", {**json_report.head(guideline, version, schema), **json_report.tail(not_checked)})


def document(report: DocumentReport) -> str:
    """Return the line of a document."""
    return _line("document", json_report.body(report))


def summary(counted: Summary, notices: tuple[str, ...] = ()) -> str:
    """Return the last line: without it a result is incomplete."""
    return _line("summary", {**msgspec.to_builtins(counted), **json_report.noted(notices)})


def _line(kind: str, fields: dict[str, object]) -> str:
    return json_report.encode({"type": kind, **fields}).decode() + "\n"
