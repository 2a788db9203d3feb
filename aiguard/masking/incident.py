"""Mask what a clerk writes of a trouble with a generative AI, before any of it is recorded.

Numbers of stand-ins hold within one report. What speaks elsewhere of the same trouble (what closes it, the reason in
the register of AIs) has no numbers of its own, so that nobody takes 〔氏名1〕 there for 〔氏名1〕 in the report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.mask import AS_WRITTEN, mentions
from aiguard.masking.fields import mask_fields
from aiguard.model import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiguard.checker import Checker
    from aiguard.model import Report
    from aiguard.model.incidents import Incident
    from aiguard.model.standins import StandIn

# What the rules are told of a value. The time is no text: it was read as one.
_LABELS: Final = {"who": "氏名", "ai": "生成AI", "entered": "内容", "spread": "広がり", "measures": "措置"}
_BY, _REASON, _FOUND = "記録者の氏名", "理由", "点検の抜粋"
_HIDDEN: Final = "●●●●"
_NUMBERED: Final = re.compile(r"〔([^〔〕0-9]+)[0-9]+([^〔〕]*)〕")


class MaskedReport(NamedTuple):
    """Hold a report that may be recorded, and what may be left in it (titles of findings)."""

    fields: dict[str, str]
    by: str | None
    reason: str
    found: tuple[str, ...]
    remaining: tuple[str, ...]


class Excerpt(NamedTuple):
    """Hold what a saved result says of one finding: in words of the pack, and in words of the file."""

    told: str
    text: str


def mask_report(
    values: Mapping[str, str],
    said: tuple[str | None, str | None],
    found: Sequence[Excerpt],
    checker: Checker,
    *,
    keeps_staff: bool = False,
) -> MaskedReport:
    """Mask the fields, who reports and why an AI is suspended (`said`), and the excerpts of results; UsageError.

    With `keeps_staff` the names of those who report and who used the AI stay where they are told as such; every other
    value, and the same names elsewhere, go.
    """
    by, reason = said
    texts = {_LABELS[name]: value for name, value in values.items() if name in _LABELS}
    texts |= {_BY: by} if by else {}
    texts |= {_REASON: reason} if reason else {}
    texts |= {_FOUND: "\n".join(_one_line(each.text) for each in found)} if found else {}
    masked = mask_fields(texts, checker)
    shown = masked.texts
    for label in (_LABELS["who"], _BY) if keeps_staff else ():
        shown |= {label: _named(shown[label], masked.standins)} if label in shown else {}
    lines = shown.get(_FOUND, "").split("\n") if found else []
    if len(lines) != len(found):  # a value went over the end of a line
        lines = [_HIDDEN] * len(found)
    return MaskedReport(
        {name: shown[_LABELS[name]] if name in _LABELS else value for name, value in values.items()},
        shown.get(_BY),
        _unnumbered(shown.get(_REASON, "")),
        tuple(f"{each.told}{line}" for each, line in zip(found, lines, strict=True)),
        masked.remaining,
    )


def mask_closing(
    measures: str, by: str | None, report: Incident, checker: Checker, *, keeps_staff: bool = False
) -> MaskedReport:
    """Mask what closes a report; a stand-in of the report that is written in it stays and means what it means there."""
    label = _LABELS["measures"]
    masked = mask_fields({label: measures, **({_BY: by} if by else {})}, checker)
    known = {text[each.start : each.end] for text in _texts(report) for each in mentions(text)}
    quoted = {each.name: each.text for each in masked.standins if each.entity == AS_WRITTEN and each.text in known}
    shown = {
        name: _named(text, masked.standins) if keeps_staff and name == _BY else _unnumbered(text, quoted)
        for name, text in masked.texts.items()
    }
    return MaskedReport({"measures": shown[label]}, shown.get(_BY), "", (), masked.remaining)


def excerpts(report: Report, checker: Checker) -> tuple[Excerpt, ...]:
    """Return what a saved result says; only what the pack itself calls a rule is trusted: a file can be edited."""
    titles = {rule.id: rule.title for rule in checker.pack.rules}
    made = []
    for document in report.documents:
        for each in (each for each in document.findings if each.suppressed is None):
            title, own = titles.get(each.rule), "" if each.rule in titles else f"{each.title} "
            # Of the labels only this one is said: the others are words of the text, or of who edited the result.
            place = f"{FILE_NAME} " if each.location.label == FILE_NAME else f"{each.location.line}行目 "
            made.append(Excerpt(f"{title}: {place}" if title else place, f"{own}{each.excerpt}"))
        made += [Excerpt("点検できなかったところ: ", each.reason) for each in document.unchecked]
    return tuple(made)


def _texts(report: Incident) -> Iterable[str]:
    return (*report.fields.values(), *report.found)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _named(text: str, standins: Iterable[StandIn]) -> str:
    """Put names back where a member of staff is told as such."""
    for each in standins:
        if each.entity == "PERSON":
            text = text.replace(each.name, each.text)
    return text


def _unnumbered(text: str, quoted: Mapping[str, str] | None = None) -> str:
    return _NUMBERED.sub(lambda each: (quoted or {}).get(each[0]) or f"〔{each[1]}{each[2]}〕", text)
