"""Lay out a report as the rows of a sheet: a finding or something unchecked each, under Japanese headings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiguard.reporters import grouping, words
from aiguard.reporters.plain import excerpt, line, line_of, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import DocumentReport, Finding, Report, Unchecked
    from aiguard.reporters.options import Options

COLUMNS = ("ファイル", "場所", "行", "列", "判定", "規定", "種類", "内容", "理由", "修正", "規則")
UNCHECKED = "未確認"


class Row(NamedTuple):
    """Hold the cells of a row, in the order of `COLUMNS`; `line` and `column` are empty where a label says the place."""

    path: str
    label: str
    line: int | str
    column: int | str
    grade: str
    sections: str
    kind: str
    excerpt: str
    why: str
    advice: str
    rule: str


def rows(report: Report, options: Options) -> Iterator[Row]:
    """Yield the rows of a report, document by document, what was not checked first."""
    for document in report.documents:
        yield from rows_of(document, options)


def rows_of(document: DocumentReport, options: Options) -> Iterator[Row]:
    """Yield the rows of a document."""
    for item in document.unchecked:
        yield _unchecked(document, item)
    for finding in grouping.counted(document, options.minimum):
        yield _finding(document.path, finding)


def _unchecked(document: DocumentReport, item: Unchecked) -> Row:
    label = name(item.label or "")
    return Row(name(document.path), label, "", "", UNCHECKED, "", words.UNCHECKED, "", line(item.reason), "", "")


def _finding(path: str, finding: Finding) -> Row:
    place = finding.location
    return Row(
        path=name(path),
        label=name(place.label or ""),
        line=line_of(path, place) or "",
        column="" if place.label else place.column,
        grade=finding.severity.label,
        sections=line("、".join(finding.sections)),
        kind=line(finding.title),
        excerpt=excerpt(finding),
        why=line(finding.why),
        advice=line(finding.advice),
        rule=line(finding.rule),
    )
