"""Lay out a report of trouble as blocks of a Word document: what was filled in is a table, as on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.model.incidents import local_time, suspension_told
from aiguard.writers.docx_report import Heading, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model.incidents import Case, Template
    from aiguard.writers.docx_report import Block


def blocks(case: Case, template: Template) -> tuple[Block, ...]:
    """Return a report in its order; times are those of the clerk's own zone."""
    return tuple(_blocks(case, template))


def _blocks(case: Case, template: Template) -> Iterator[Block]:
    yield Heading(template.title)
    yield Paragraph(f"宛先: {'、'.join(template.recipients)}")
    by = f"　記録者: {_clean(case.by)}" if case.by else ""
    yield Paragraph(f"記録の番号: {case.number}（{local_time(case.time)}）{by}")
    yield Paragraph(template.opening)
    yield Table(tuple(_rows(case, template)), (40, 120))
    if case.incident.found:
        yield Heading(template.found, 2)
        yield Paragraph("\n".join(f"・{_clean(each)}" for each in case.incident.found))
    for time, by_, closing in case.closings:
        yield Heading(f"{template.closed}（{local_time(time)}）", 2)
        yield Paragraph(_clean(closing.measures))
        yield from (Paragraph(f"記録者: {_clean(by_)}"),) if by_ else ()
    yield Paragraph(template.closing)


def _rows(case: Case, template: Template) -> Iterator[tuple[str, str]]:
    values = case.incident.fields
    for field in template.fields:
        text = values.get(field.name) or "（なし）"
        yield field.label, _clean(local_time(text) if field.name == "when" else text)
    if case.incident.suspended is not None:
        yield template.suspended, _clean(suspension_told(case.incident.suspended))


def _clean(text: str) -> str:
    """Return a text without what is not to be seen and may turn its direction."""
    lines = text.splitlines()
    return "\n".join(
        "".join(each if each.isprintable() or each == "\u3000" else "\ufffd" for each in one) for one in lines
    )
