"""Render a report as Markdown (CommonMark with GitHub's tables), by place or by section."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.model import Coverage, Use
from aiguard.reporters import evidence, grouping, words
from aiguard.reporters.claims import by_kind, said
from aiguard.reporters.printable import escaped
from aiguard.reporters.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiguard.model import DocumentReport, Finding, NotChecked, Report
    from aiguard.reporters.grouping import Group, SectionGroup
    from aiguard.reporters.options import Options

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$])")


def render(report: Report, options: Options) -> str:
    """Render a report, with every place, for reading and filing."""
    body = _by_section(report, options) if options.by == "section" else _by_place(report, options)
    return "\n\n".join([*_top(report), *body, *_notices(report), *_checklist(report, options)]) + "\n"


def escape(text: str) -> str:
    """Take their meaning in Markdown from characters of a text, and put it on one line."""
    return _SPECIAL.sub(r"\\\1", escaped(text, "utf-8"))


def _top(report: Report) -> Iterable[str]:
    yield "# 生成AI利用ガイドラインの点検結果"
    guideline = report.guideline
    yield _bullets(
        (
            f"ガイドライン：{escape(guideline.title)}（{escape(guideline.edition)}）",
            words.counts(summarise(report.documents, report.left)),
            f"aiguard {escape(report.version)}",
        )
    )


def _by_place(report: Report, options: Options) -> Iterable[str]:
    known = grouping.titles(report, options)
    for document in grouping.listed(report, options):
        yield from _document(document, known, options)
    if report.not_checked:
        yield f"## {words.GAPS}"
        yield _gaps(report.not_checked)
    yield from _notes(report, options)


def _document(document: DocumentReport, known: Mapping[str, str], options: Options) -> Iterable[str]:
    yield f"## {words.verdict(document)}：{escape(document.path)}"
    if said := words.use(document, options.uses):
        yield _bullets((f"{words.USE}：{escape(said)}",))
    yield from _declarations((document,), options)
    for group in grouping.grouped(grouping.placed(document, options.minimum)):
        yield from _group(group, 3)
        yield _bullets((*(f"根拠：{_cited(section, known)}" for section in group.like.sections), *_reasons(group)))
    yield from _claims(document)
    yield from _rest((document,), 3)


def _notices(report: Report) -> Iterable[str]:
    """Name the directives in texts that do not work, and what else lets findings pass and has nothing to do."""
    rows = [(escape(each.path), escape(notice)) for each in report.documents for notice in each.facts.notices]
    if rows:
        yield f"## {words.NOTICES}"
        yield _table(("ファイル", "理由"), rows)
    if report.notices:
        yield f"## {words.RUN_NOTICES}"
        yield _bullets(map(escape, report.notices))


def _claims(document: DocumentReport) -> Iterable[str]:
    """List what a person has to verify, to be ticked and signed."""
    if not document.claims:
        return
    yield f"### {escape(document.claims[0].section)} {words.CLAIMS}"
    for claims in by_kind(document.claims):
        yield f"**{escape(claims[0].title)}**：{escape(claims[0].todo)}"
        yield "\n".join(f"- [ ] {escape(said(claim))}" for claim in claims)
    if any(claim.new for claim in document.claims):
        yield words.NEW_MEANS


def _checklist(report: Report, options: Options) -> Iterable[str]:
    """End with what only people can do before a draft is published, and a place to sign."""
    if all(document.use is not Use.DOCUMENT for document in report.documents):
        return
    chapter = options.attribution.partition(".")[0]
    todo = [gap for gap in report.not_checked if gap.todo and gap.section.startswith(chapter)]
    if todo:
        yield f"## {words.CHECKLIST}"
        yield "\n".join(f"- [ ] {escape(f'{gap.section} {gap.title}')}：{escape(gap.todo)}" for gap in todo)
    yield words.SIGNATURE


def _by_section(report: Report, options: Options) -> Iterable[str]:
    listed = grouping.listed(report, options)
    if listed:
        yield f"## {words.VERDICTS}"
        yield _bullets(_line(document, options) for document in listed)
    yield from _declarations(listed, options)
    sections = grouping.by_section(report, options)
    explained: dict[Group, str] = {}
    for section in sections:
        if section.groups or section.gap:
            yield from _section(section, explained)
            explained = {**dict.fromkeys(section.groups, section.section), **explained}
    empty = "、".join(escape(section.section) for section in sections if not section.groups and not section.gap)
    if empty:
        yield f"## {words.NOTHING}"
        yield empty
    yield from _rest(report.documents, 2)
    yield from _notes(report, options)


def _line(document: DocumentReport, options: Options) -> str:
    use = words.use(document, options.uses)
    return f"{words.verdict(document)}：{escape(document.path)}" + (f"（{words.USE}：{escape(use)}）" if use else "")


def _section(section: SectionGroup, explained: Mapping[Group, str]) -> Iterable[str]:
    yield f"## {escape(f'{section.section} {section.title}'.strip() or words.NO_SECTION)}"
    for group in section.groups:
        yield from _group(group, 3)
        reasons = (escape(words.as_above(explained[group])),) if group in explained else _reasons(group)
        yield _bullets(reasons)
    if section.gap:
        todo = (f"{words.BY_PERSON}：{escape(section.gap.todo)}",) if section.gap.todo else ()
        yield _bullets((f"{words.BY_MACHINE}：{escape(section.gap.reason)}", *todo))


def _group(group: Group, level: int) -> Iterable[str]:
    like = group.like
    yield f"{'#' * level} {like.severity.label}：{escape(like.title)}"
    rows = ((words.place(item.path, item.finding.location), _excerpt(item.finding)) for item in group.places)
    yield _table(("場所", "見つかったもの"), ((escape(place), excerpt) for place, excerpt in rows))


def _reasons(group: Group) -> tuple[str, ...]:
    finding, findings = group.like, (item.finding for item in group.places)
    rows = (
        *((words.EVIDENCE, said) for said in evidence.sentences(findings)),
        ("理由", finding.why),
        ("修正", finding.advice),
    )
    return tuple(f"{name}：{escape(text)}" for name, text in rows if text)


def _cited(section: str, known: Mapping[str, str]) -> str:
    return escape(f"ガイドライン {section} {known.get(section, '')}".rstrip())


def _excerpt(finding: Finding) -> str:
    start, end = finding.mark.start, finding.mark.end
    shown = finding.excerpt
    return f"{escape(shown[:start])}《{escape(shown[start:end])}》{escape(shown[end:])}"


def _declarations(documents: Iterable[DocumentReport], options: Options) -> Iterable[str]:
    lines = []
    for document in documents:
        if document.attribution:
            location = document.attribution.location
            where = words.place(document.path, location) if location else document.path
            said = f"{options.attribution} AI利用の明示：{words.declaration(document.attribution)}"
            lines.append(f"{escape(said)}（{escape(where)}）")
    if lines:
        yield _bullets(lines)


def _rest(documents: Sequence[DocumentReport], level: int) -> Iterable[str]:
    unchecked = [
        (escape(f"{document.path} {item.label or ''}".rstrip()), escape(item.reason))
        for document in documents
        for item in document.unchecked
    ]
    if unchecked:
        yield f"{'#' * level} {words.UNCHECKED}"
        yield _table(("場所", "理由"), unchecked)
    suppressed = [
        (
            escape(words.place(document.path, item.location)),
            escape(item.title),
            escape(words.suppression(item.suppressed)),
        )
        for document in documents
        for item in document.findings
        if item.suppressed
    ]
    if suppressed:
        yield f"{'#' * level} {words.SUPPRESSED}"
        yield _table(("場所", "内容", "理由"), suppressed)


def _gaps(gaps: Iterable[NotChecked]) -> str:
    partly = {Coverage.PARTIAL: "（一部は機械が確認）"}
    rows = (
        (escape(f"{gap.section} {gap.title}") + partly.get(gap.coverage, ""), escape(gap.reason), escape(gap.todo))
        for gap in gaps
    )
    return _table(("規定", words.BY_MACHINE, words.BY_PERSON), rows)


def _notes(report: Report, options: Options) -> Iterable[str]:
    number = grouping.hidden(report.documents, options.minimum)
    if number:
        yield f"参考 {number}件（{words.ALL}）"


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
