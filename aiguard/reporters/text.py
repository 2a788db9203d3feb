"""Render a report for a terminal: the verdict first, then what was found, why, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from rich.text import Text

from aiguard.model import Finding, Severity, Verdict
from aiguard.reporters import grouping, words
from aiguard.reporters.blocks import (
    PLACES,
    Page,
    explanation_lines,
    finding_lines,
    hanging,
    heading,
    notice_lines,
    rest,
    run_lines,
    suppressed_lines,
    unchecked_lines,
)
from aiguard.reporters.claims import claim_lines
from aiguard.reporters.layout import cells
from aiguard.reporters.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiguard.model import DocumentReport, NotChecked, Report, Summary
    from aiguard.reporters.grouping import Group, SectionGroup
    from aiguard.reporters.options import Options

DETAILED = 20  # documents shown in full; more of them get a few lines each
_SPOTS = 5
_LABEL = 12  # the cells of the longer of the two labels of a section
_CHIPS = {
    Verdict.BLOCK: "bold white on red",
    Verdict.WARN: "bold black on yellow",
    Verdict.UNCHECKED: "bold white on magenta",
    Verdict.PASS: "bold black on green",
}


class Counts(NamedTuple):
    """Hold what the end of a report counts: documents, findings below the minimum, and suppressed ones not listed."""

    summary: Summary
    notes: int
    suppressed: int = 0


def render(report: Report, options: Options) -> str:
    """Render a report by place or by section, as plain text or, with `options.colour`, with ANSI colours."""
    counts = Counts(summarise(report.documents, report.left), grouping.hidden(report.documents, options.minimum))
    if options.by != "section":
        return render_few(replace(report, documents=grouping.listed(report, options)), options, counts)
    return _encode(_separated(_by_section(report, _page(report, options), counts)), colour=options.colour)


def render_few(report: Report, options: Options, counts: Counts) -> str:
    """Render by place a report of the documents that are to be listed; `counts` are those of all."""
    page = _page(report, options)
    blocks = list(_listed(report.documents, page))
    blocks += [run_lines(report.notices, page), _gaps(report.not_checked, page), _ending(counts, page)]
    return _encode(_separated(blocks), colour=options.colour)


def render_overview(document: DocumentReport, empty: Report, options: Options) -> str:
    """Render one of many documents."""
    return _encode(_brief(document, _page(empty, options)), colour=options.colour)


def render_rest(report: Report, options: Options, counts: Counts, kinds: Mapping[tuple[str, Severity], Finding]) -> str:
    """Render what stands below many documents; those of the report hold only what is to be said of them here."""
    page = _page(report, options)
    blocks = [*_below(report.documents, page, kinds, counts.suppressed)]
    blocks += [run_lines(report.notices, page), _gaps(report.not_checked, page), _ending(counts, page)]
    return _encode(_separated(blocks), colour=options.colour)


def _page(report: Report, options: Options) -> Page:
    return Page(options, grouping.titles(report, options))


def _listed(listed: Sequence[DocumentReport], page: Page) -> Iterable[list[Text]]:
    if len(listed) <= DETAILED or page.options.show_all:
        for document in listed:
            yield from _document(document, page)
    else:
        yield from _overview(listed, page)


def _document(document: DocumentReport, page: Page) -> Iterable[list[Text]]:
    shown = grouping.placed(document, page.options.minimum)
    yield _verdict(document, page) + _use(document, page)
    yield _declaration(document, page)
    for group in grouping.grouped(shown):
        yield finding_lines(group, page)
    yield claim_lines((document,), page)
    yield unchecked_lines((document,), page)
    yield suppressed_lines((document,), page)
    yield notice_lines((document,), page)
    yield explanation_lines(document, page)


def _overview(documents: Sequence[DocumentReport], page: Page) -> Iterable[list[Text]]:
    """List many documents, a few lines each, and give reason and advice of each kind of finding once, at the end."""
    kinds: dict[tuple[str, Severity], Finding] = {}
    for document in documents:
        yield _brief(document, page)
        gather_kinds(document, page.options, kinds)
    yield from _below(documents, page, kinds)


def gather_kinds(document: DocumentReport, options: Options, kinds: dict[tuple[str, Severity], Finding]) -> None:
    """Keep a finding of each kind that was not seen before."""
    for group in grouping.grouped(grouping.placed(document, options.minimum)):
        kinds.setdefault((group.like.rule, group.like.severity), group.like)


def _brief(document: DocumentReport, page: Page) -> list[Text]:
    lines = _verdict(document, page) + _declaration(document, page)
    groups = grouping.grouped(grouping.placed(document, page.options.minimum))
    return lines + [_spots(group, page) for group in groups]


def _below(
    documents: Sequence[DocumentReport],
    page: Page,
    kinds: Mapping[tuple[str, Severity], Finding],
    suppressed: int = 0,
) -> Iterable[list[Text]]:
    yield unchecked_lines(documents, page)
    yield suppressed_lines(documents, page, suppressed)
    yield notice_lines(documents, page)
    explained = {finding.rule: finding for finding in reversed([*kinds.values()])}
    if explained:
        yield heading(words.REASONS, page)
    for finding in reversed(explained.values()):
        yield finding_lines(grouping.Group((grouping.Placed("", finding),)), page, places=False)


def _spots(group: Group, page: Page) -> Text:
    """Show one kind of finding in one line: 「禁止 個人の氏名 3か所（1:4、5:2、7:1）」."""
    spots = "、".join(words.spot(item.finding.location) for item in group.places[:_SPOTS])
    more = "…" if len(group.places) > _SPOTS else ""
    line = f"  {group.like.severity.label} {group.like.title} {len(group.places)}か所（{spots}{more}）"
    return page.say(line)


def _verdict(document: DocumentReport, page: Page) -> list[Text]:
    chip = page.chip(words.verdict(document), _CHIPS[document.verdict], plain="■ {}")
    found = words.severities(grouping.counted(document, page.options.minimum))
    path = page.path(document.path, "bold")
    return hanging(chip, Text.assemble(path, f"　{found}") if found else path, page)


def _use(document: DocumentReport, page: Page) -> list[Text]:
    said = words.use(document, page.options.uses)
    return hanging(page.say(words.USE, "dim"), page.say(said), page, indent=2) if said else []


def _declaration(document: DocumentReport, page: Page) -> list[Text]:
    attribution = document.attribution
    if attribution is None:
        return []
    label = page.say(f"{page.options.attribution} AI利用の明示：", "bold")
    body = page.say(words.declaration(attribution))
    lines = hanging(Text(), Text.assemble(label, body), page, indent=2)
    if attribution.location:
        place = page.path(words.place(document.path, attribution.location), "cyan")
        lines += hanging(Text(), place, page, indent=4)
    return lines


def _gaps(gaps: tuple[NotChecked, ...], page: Page) -> list[Text]:
    """Show what is left to people, in short: what to do where nothing is checked, and only the ids of the rest."""
    whole, partly, nothing = grouping.shares(gaps)
    lines = heading(words.GAPS, page) if gaps else []
    column = max((cells(gap.section) for gap in whole), default=0)
    for gap in whole:
        lines += hanging(page.say(gap.section), page.say(gap.todo), page, indent=2, column=column)
    for name, rest_ in ((words.PARTLY, partly), (words.NOTHING_TO_CHECK, nothing)):
        lines += _ids(name, rest_, page)
    return lines + (hanging(Text(), page.say(words.MORE_BY_SECTION, "dim"), page, indent=2) if gaps else [])


def _ids(name: str, gaps: tuple[NotChecked, ...], page: Page) -> list[Text]:
    ids = "、".join(gap.section for gap in gaps)
    return hanging(page.say(name, "dim"), page.say(ids), page, indent=2) if gaps else []


def _ending(counts: Counts, page: Page) -> list[Text]:
    lines = hanging(Text(), page.say(f"参考 {counts.notes}件（{words.ALL}）", "dim"), page) if counts.notes else []
    if counts.summary.documents != 1 or counts.summary.interrupted:
        lines += hanging(Text(), page.say(words.counts(counts.summary), "bold"), page)
    return lines


def _by_section(report: Report, page: Page, counts: Counts) -> Iterable[list[Text]]:
    listed = grouping.listed(report, page.options)
    yield _verdicts(listed, page)
    for document in listed:
        yield _declaration(document, page)
    sections = grouping.by_section(report, page.options)
    explained: dict[Group, str] = {}
    nothing = grouping.shares(report.not_checked).nothing
    for section in sections:
        if section.groups or (section.gap and section.gap not in nothing):
            yield _section(section, explained, page)
            explained = {**dict.fromkeys(section.groups, section.section), **explained}
    yield _without_finding(sections, page)
    yield _ids(words.NOTHING_TO_CHECK, nothing, page)
    yield unchecked_lines(report.documents, page)
    yield suppressed_lines(report.documents, page)
    yield notice_lines(report.documents, page)
    yield run_lines(report.notices, page)
    yield _ending(counts, page)


def _verdicts(documents: Sequence[DocumentReport], page: Page) -> list[Text]:
    shown = documents if page.options.show_all else documents[:PLACES]
    lines = (line for document in shown for line in (*_verdict(document, page), *_use(document, page)))
    return [*lines, *rest(len(documents), page, 0)]


def _section(section: SectionGroup, explained: Mapping[Group, str], page: Page) -> list[Text]:
    title = page.say(section.title if section.section else words.NO_SECTION, "bold")
    lines = hanging(page.say(section.section, "bold"), title, page)
    for group in section.groups:
        lines += finding_lines(group, page, indent=2, cites=False, explains=group not in explained)
        if group in explained:
            lines += hanging(Text(), page.say(words.as_above(explained[group]), "dim"), page, indent=4)
    if section.gap:
        lines += hanging(page.say(words.BY_MACHINE, "dim"), page.say(section.gap.reason), page, 2, _LABEL)
        if section.gap.todo:
            lines += hanging(page.say(words.BY_PERSON, "dim"), page.say(section.gap.todo), page, 2, _LABEL)
    return lines


def _without_finding(sections: tuple[SectionGroup, ...], page: Page) -> list[Text]:
    names = "、".join(section.section for section in sections if not section.groups and not section.gap)
    return heading(words.NOTHING, page) + hanging(Text(), page.say(names), page, indent=2) if names else []


def _separated(blocks: Iterable[list[Text]]) -> list[Text]:
    lines: list[Text] = []
    for block in blocks:
        if block:
            lines += [Text(), *block] if lines else block
    return lines


def _encode(lines: list[Text], *, colour: bool) -> str:
    if not colour:
        return "".join(f"{line.plain.rstrip()}\n" for line in lines)
    from io import StringIO

    from rich.console import Console

    stream = StringIO()
    console = Console(file=stream, force_terminal=True, color_system="standard", no_color=False, legacy_windows=False)
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False)
    return stream.getvalue()
