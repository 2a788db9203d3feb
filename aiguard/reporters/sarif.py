"""Render a report as SARIF 2.1.0 (OASIS Standard), which code hosts and editors show beside a file.

Columns count code points (3.14.17 columnKind); what is suppressed stays in, with its reason (3.27.23, 3.35).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiguard.model import Severity
from aiguard.reporters import evidence, words
from aiguard.reporters.json_report import encode
from aiguard.reporters.plain import excerpt, line, line_of, name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiguard.model import DocumentReport, Finding, Location, Report, Suppression
    from aiguard.reporters.options import Options

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.NOTE: "note"}
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_UNCHECKED = "unchecked"


def render(report: Report, _options: Options) -> str:
    """Render a report with all of its findings as one run."""
    rules = _rules(report)
    numbers = {rule: number for number, rule in enumerate(rules)}
    notifications = [each for document in report.documents for each in _notifications(document)]
    configured = list(_configured(report))
    run = {
        "tool": {"driver": _driver(report, rules)},
        "language": "ja",
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not notifications,
                "toolExecutionNotifications": notifications,
                **({"toolConfigurationNotifications": configured} if configured else {}),
            }
        ],
        "artifacts": [{"location": {"uri": uri(each.path)}, "roles": ["analysisTarget"]} for each in report.documents],
        "results": [
            _result(document.path, at, finding, numbers)
            for at, document in enumerate(report.documents)
            for finding in document.findings
        ],
        "properties": {"guideline": f"{report.guideline.title}（{report.guideline.edition}）"},
    }
    return encode({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}).decode() + "\n"


def uri(path: str) -> str:
    """Return a path as the reference of RFC 3986 that SARIF asks for: relative as it is, absolute with its scheme."""
    if path == "-":
        return "stdin"
    plain = path.replace("\\", "/") if _DRIVE.match(path) or path.startswith("\\\\") else path
    quoted = quote(_bytes(plain), safe="/")
    if _DRIVE.match(path):
        return f"file:///{plain[0]}:{quoted.partition('%3A')[2]}"
    if plain.startswith("//"):
        return f"file:{quoted}"
    return f"file://{quoted}" if plain.startswith("/") else quoted


def _bytes(path: str) -> bytes:
    """Return the bytes of a path, also of one that is no Unicode: on POSIX its own, on Windows their like."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def _driver(report: Report, rules: Mapping[str, Finding]) -> dict[str, Any]:
    return {
        "name": "aiguard",
        "version": line(report.version),
        "language": "ja",
        "rules": [_rule(finding) for finding in rules.values()],
        "notifications": [{"id": _UNCHECKED, "shortDescription": {"text": words.UNCHECKED}}],
    }


def _rules(report: Report) -> dict[str, Finding]:
    """Return for each rule the first of its gravest findings: what a rule says is the same in all of them."""
    gravest: dict[str, Finding] = {}
    for document in report.documents:
        for finding in document.findings:
            known = gravest.get(finding.rule)
            if known is None or finding.severity.rank > known.severity.rank:
                gravest[finding.rule] = finding
    return gravest


def _rule(finding: Finding) -> dict[str, Any]:
    told = [(label, text) for label, text in (("理由", finding.why), ("修正", finding.advice)) if text]
    sections = "、".join(finding.sections)
    return {
        "id": finding.rule,
        "shortDescription": {"text": _text(finding.title)},
        "fullDescription": {"text": _text(finding.message or finding.title)},
        "help": {"text": "\n".join(f"{label}：{_text(text)}" for label, text in told) or _text(finding.title)},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"sections": sections, "tags": list(finding.sections)},
    }


def _result(path: str, at: int, finding: Finding, numbers: Mapping[str, int]) -> dict[str, Any]:
    told = {"sections": list(finding.sections), "excerpt": excerpt(finding), "evidence": evidence.sentence(finding)}
    cited = f"（ガイドライン {'、'.join(finding.sections)}）" if finding.sections else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": _text(finding.message or finding.title) + _text(cited)},
        "locations": [_location(path, at, finding.location)],
        "partialFingerprints": {"aiguard/v1": finding.fingerprint},
        "suppressions": list(_suppressions(finding.suppressed)),
        "properties": told,
    }


def _suppressions(suppressed: Suppression | None) -> Iterable[dict[str, Any]]:
    if suppressed is not None:
        kind = "inSource" if suppressed.by == "inline" else "external"
        yield {"kind": kind, "status": "accepted", "justification": line(words.suppression(suppressed))}


def _location(path: str, at: int, location: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(path), "index": at}}
    number = line_of(path, location)
    if number is not None and location.label is None:
        physical["region"] = {
            "startLine": location.line,
            "startColumn": location.column,
            "endLine": location.end_line,
            "endColumn": location.end_column,
        }
    elif number is not None:
        physical["region"] = {"startLine": number}
    return {"physicalLocation": physical, **_labelled(location.label)}


def _labelled(label: str | None) -> dict[str, Any]:
    if label is None:
        return {}
    return {"logicalLocations": [{"name": name(label), "fullyQualifiedName": name(label), "kind": "element"}]}


def _notifications(document: DocumentReport) -> Iterable[dict[str, Any]]:
    for item in document.unchecked:
        place = {"physicalLocation": {"artifactLocation": {"uri": uri(document.path)}}, **_labelled(item.label)}
        yield {
            "descriptor": {"id": _UNCHECKED, "index": 0},
            "level": "error",
            "message": {"text": _text(item.reason)},
            "locations": [place],
        }


def _configured(report: Report) -> Iterable[dict[str, Any]]:
    """Yield what lets findings pass and does not work, is over, or has nothing left to do (3.20.22)."""
    for notice in report.notices:
        yield {"level": "note", "message": {"text": _text(notice)}}
    for document in report.documents:
        place = {"physicalLocation": {"artifactLocation": {"uri": uri(document.path)}}}
        for notice in document.facts.notices:
            yield {"level": "note", "message": {"text": _text(notice)}, "locations": [place]}


def _text(text: str) -> str:
    """Write a text as the plain message that it is: braces hold places, brackets links (3.11.5, 3.11.6)."""
    return re.sub(r"([\\\[\]])", r"\\\1", line(text)).replace("{", "{{").replace("}", "}}")
