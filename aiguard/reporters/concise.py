"""Render a report as lines that editors and grep understand: path:line:column: what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.reporters import grouping, words
from aiguard.reporters.plain import line_of
from aiguard.reporters.printable import escaped, one_for_one
from aiguard.reporters.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import DocumentReport, Finding, Report, Summary
    from aiguard.reporters.options import Options


def render(report: Report, options: Options) -> str:
    """Render a line for each finding and for each thing that was not checked, and a last line that counts them."""
    number = sum(len(grouping.counted(each, options.minimum)) for each in report.documents)
    counted = summarise(report.documents, report.left)
    return "".join(document(each, options) for each in report.documents) + ending(counted, number, options)


def document(document: DocumentReport, options: Options) -> str:
    """Render the lines of a document."""
    return "".join(f"{line}\n" for line in _lines(document, options))


def ending(summary: Summary, number: int, options: Options) -> str:
    """Render the last line, which counts documents and findings."""
    return one_for_one(f"{words.counts(summary)}（指摘 {number}件）", options.encoding) + "\n"


def _lines(document: DocumentReport, options: Options) -> Iterator[str]:
    for item in document.unchecked:
        place = _name(f"{document.path} {item.label}" if item.label else document.path, options)
        yield f"{place}: {one_for_one(f'未確認 {item.reason}', options.encoding)}"
    for finding in grouping.counted(document, options.minimum):
        yield _finding(document.path, finding, options)


def _finding(path: str, finding: Finding, options: Options) -> str:
    """Say a finding after the line that an editor can open, and a label after it where there is one."""
    at = finding.location
    number = line_of(path, at)
    if at.label is None or number is None:
        place, label = words.place(path, at), ""
    else:
        place, label = f"{path}:{number}", f" {_name(at.label, options)}"
    return f"{_name(place, options)}: {one_for_one(_said(finding), options.encoding)}{label}"


def _said(finding: Finding) -> str:
    cited = "、".join(finding.sections)
    return " ".join(part for part in (finding.severity.label, cited, finding.title, f"[{finding.rule}]") if part)


def _name(place: str, options: Options) -> str:
    return escaped(words.named(place), options.encoding)
