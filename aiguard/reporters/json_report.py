"""Render a report as one JSON value (schema 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from aiguard.reporters import evidence
from aiguard.reporters.summary import summarise

if TYPE_CHECKING:
    from aiguard.model import DocumentReport, Finding, GuidelineName, NotChecked, Report
    from aiguard.reporters.options import Options


def render(report: Report, _options: Options) -> str:
    """Render a report, with all of its findings, as JSON indented by two spaces."""
    value = {
        **head(report.guideline, report.version, report.schema),
        "documents": [body(document) for document in report.documents],
        **tail(report.not_checked, report.notices),
        "summary": msgspec.to_builtins(summarise(report.documents, report.left)),
    }
    return msgspec.json.format(encode(value), indent=2).decode() + "\n"


def head(guideline: GuidelineName, version: str, schema: int) -> dict[str, Any]:
    """Return the fields that say what made a report."""
    return {"schema": schema, "version": version, "guideline": msgspec.to_builtins(guideline)}


def body(document: DocumentReport) -> dict[str, Any]:
    """Return the fields of a document, its findings last: they are the longest."""
    fields = msgspec.to_builtins(document)
    if not document.continues:
        del fields["continues"]
    hidden = fields.pop("hidden")
    if hidden:
        fields["hidden"] = [{key: len(_said(document.path[:at])) for key, at in span.items()} for span in hidden]
    found = zip(fields.pop("findings"), document.findings, strict=True)
    fields["findings"] = [_finding(plain, finding) for plain, finding in found]
    return dict(fields)


def _finding(plain: dict[str, Any], finding: Finding) -> dict[str, Any]:
    """Return the fields of a finding: its keyed hash is for a baseline alone."""
    del plain["key"]
    return {**plain, "evidence_text": evidence.sentence(finding)}


def tail(not_checked: tuple[NotChecked, ...], notices: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the fields that say what was not checked, and what is to be said of the run."""
    return {"not_checked": msgspec.to_builtins(not_checked), **noted(notices)}


def noted(notices: tuple[str, ...]) -> dict[str, Any]:
    """Return the field of the notices of a run, where there are any."""
    return {"notices": list(notices)} if notices else {}


def encode(value: object) -> bytes:
    r"""Encode plain values as JSON; what UTF-8 cannot hold (a path with a lone surrogate) is written as "\udc80"."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(value))


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return _said(value)
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    return value


def _said(text: str) -> str:
    """Return a text as JSON says it, which is longer where UTF-8 cannot hold it: a span in it has to follow."""
    return text.encode("utf-8", "backslashreplace").decode()
