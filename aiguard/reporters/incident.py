"""Write a report of trouble to those whom the template of the pack names: Markdown, or JSON for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import msgspec

from aiguard.model.incidents import local_time, suspension_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model.incidents import Case, Template

# What makes a line of Markdown something else than text: a rule, an underlined heading, a list, a fence.
_LEADING: Final = re.compile(r"^(\s*[0-9]*)([-+=~.)])")


def to_markdown(case: Case, template: Template) -> str:
    """Return the report as Markdown; times are those of the clerk's own zone."""
    return "\n".join(_lines(case, template)) + "\n"


def to_json(case: Case, template: Template) -> str:
    """Return the report as JSON (tests/incident.schema.json); times of entries are UTC."""
    closings = [{"time": time, "by": by, "measures": closing.measures} for time, by, closing in case.closings]
    value = {
        "schema": 1,
        "kind": "aiguard incident",
        "number": case.number,
        "time": case.time,
        "by": case.by,
        "state": "closed" if closings else "open",
        "recipients": template.recipients,
        **msgspec.to_builtins(case.incident),
        "closings": closings,
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _lines(case: Case, template: Template) -> Iterator[str]:
    yield from (f"# {template.title}", "", f"宛先: {'、'.join(template.recipients)}", "")
    if case.number:  # a draft has none yet
        yield from (f"記録の番号: {case.number}（{local_time(case.time)}）", "")
    yield from (f"記録者: {_plain(case.by)}", "") if case.by else ()
    yield from (template.opening, "")
    for field in template.fields:
        text = case.incident.fields.get(field.name) or "（なし）"
        yield from (f"## {field.label}", "", _quoted(local_time(text) if field.name == "when" else text), "")
    if case.incident.suspended is not None:
        yield from (f"## {template.suspended}", "", _quoted(suspension_told(case.incident.suspended)), "")
    if case.incident.found:
        yield from (f"## {template.found}", "", *(f"- {_plain(each)}" for each in case.incident.found), "")
    for time, by, closing in case.closings:
        when = f"（{local_time(time)}）" if time else ""
        yield from (f"## {template.closed}{when}", "", _quoted(closing.measures), "")
        yield from (f"記録者: {_plain(by)}", "") if by else ()
    yield template.closing


def _quoted(text: str) -> str:
    """Return free text as a quotation that keeps its lines, none of which can pass for a heading, a rule or a list."""
    return "  \n".join(f"> {_LEADING.sub(_escaped, _plain(line))}" for line in text.splitlines())


def _escaped(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}"


def _plain(text: str) -> str:
    escaped = "".join(f"\\{each}" if each in "\\`*_[]<>#|&" else each for each in text)
    return "".join(each if each.isprintable() or each == "\u3000" else "\ufffd" for each in escaped)
