"""Write the parts of an HTML page around its findings: the verdict, what was not checked, and what is left to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.model import Coverage, Use, Verdict
from aiguard.reporters import grouping, words
from aiguard.reporters.claims import by_kind
from aiguard.reporters.html_data import spot
from aiguard.reporters.plain import markup, name
from aiguard.reporters.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiguard.model import Claim, DocumentReport, Report
    from aiguard.reporters.options import Options

_SIGN = '<p class="sign"><span>確認した人</span><i></i><span>確認日</span><i></i></p>'
_DECLARED = {"ok", "not_needed"}


def top(report: Report, options: Options) -> str:
    """Say what was checked against what, the verdict of a single document, and the counts of all."""
    guideline = report.guideline
    only = report.documents[0] if len(report.documents) == 1 else None
    verdict = (
        f'<p class="verdict {only.verdict.value}">{_verdict(only)}<bdi>{_name(only.path)}</bdi></p>' if only else ""
    )
    notes = grouping.hidden(report.documents, options.minimum)
    left = f"<p>このほかに参考が{notes:,}件あります（--min-severity note を付けると出ます）。</p>" if notes else ""
    return f"""<main>
<header>
<h1>生成AI利用ガイドラインの点検結果</h1>
<p class="made">{markup(guideline.title)}（{markup(guideline.edition)}）　aiguard {markup(report.version)}</p>
<p class="care">個人情報は伏せていますが、この結果も庁内の文書として扱ってください。</p>
{verdict}{_tiles(report)}{left}</header>
"""


def _tiles(report: Report) -> str:
    counted = summarise(report.documents, report.left)
    tiles = (
        ("", "確認した文書", counted.documents),
        ("unchecked", "未確認", counted.unchecked),
        ("block", "禁止", counted.block),
        ("warn", "注意", counted.warn),
        ("pass", "問題なし", counted.passed),
    )
    shown = "".join(
        f'<li class="tile {kind if number else "zero"}"><b>{number:,}</b><span>{label}</span></li>'
        for kind, label, number in tiles
    )
    return f'<ul class="tiles" aria-label="文書の数">{shown}</ul>'


def unchecked(report: Report) -> str:
    """Warn of everything that was not checked, before anything else."""
    items = [(document.path, item) for document in report.documents for item in document.unchecked]
    if not items:
        return ""
    rows = (
        (f'<bdi class="path">{_name(path)}</bdi>', f"<bdi>{_name(item.label or '全体')}</bdi>", markup(item.reason))
        for path, item in items
    )
    return f"""<section class="alarm" aria-labelledby="h-unchecked">
<h2 id="h-unchecked">{words.UNCHECKED}：{len(items):,}件</h2>
<p>次のものは中を見ていません。<strong>問題がないという意味ではありません。</strong>人の目で確かめてください。</p>
{_table(("ファイル", "場所", "理由と、すること"), rows)}</section>
"""


def documents(report: Report, options: Options) -> str:
    """List the documents that have something to look at, and count the others."""
    listed = grouping.listed(report, options)
    if not listed or (len(report.documents) == 1 and report.documents[0].attribution is None):
        return ""
    clean = len(report.documents) - len(listed)
    rest = f"<p>ほかの{clean:,}件の文書に、問題は見つかりませんでした。</p>" if clean else ""
    rows = (_document(document, options) for document in listed)
    body = _table(("ファイル", "判定", "指摘", "AI利用の明示"), rows)
    return f"<section><h2>{words.VERDICTS}</h2>{body}{rest}</section>\n"


def _document(document: DocumentReport, options: Options) -> tuple[str, ...]:
    found = words.severities(grouping.counted(document, options.minimum))
    declared = document.attribution
    said = f"{options.attribution} {words.declaration(declared)}" if declared else ""
    mark = '<span class="chip warn">要確認</span> ' if declared and declared.status not in _DECLARED else ""
    return f'<bdi class="path">{_name(document.path)}</bdi>', _verdict(document), markup(found), mark + markup(said)


def uses(report: Report, options: Options) -> str:
    """Say what the prompts ask an AI to do."""
    listed = report.documents if len(report.documents) == 1 else grouping.listed(report, options)
    rows = [(f'<bdi class="path">{_name(each.path)}</bdi>', markup(words.use(each, options.uses))) for each in listed]
    shown = [row for row in rows if row[1]]
    return _folded(words.USE, _table(("ファイル", words.USE), shown)) if shown else ""


def claims(report: Report) -> str:
    """List what a person has to verify in drafts, to be ticked and signed, draft by draft."""
    drafts = [document for document in report.documents if document.claims]
    if not drafts:
        return ""
    body = "".join(map(_claims, drafts))
    new = f"<p>{words.NEW_MEANS}</p>" if any(claim.new for each in drafts for claim in each.claims) else ""
    return f'<section class="paper"><h2>{words.CLAIMS}</h2>{new}{body}</section>\n'


def _claims(document: DocumentReport) -> str:
    kinds = "".join(
        f"<h4>{markup(each[0].title)}（{len(each)}か所）</h4><p>{markup(each[0].todo)}</p>"
        f'<ul class="ticks">{"".join(map(_claim, each))}</ul>'
        for each in by_kind(document.claims)
    )
    section = markup(document.claims[0].section)
    return (
        f'<article><h3><bdi class="path">{_name(document.path)}</bdi>'
        f"<small>{section}　{len(document.claims)}か所</small></h3>{kinds}{_SIGN}</article>"
    )


def _claim(claim: Claim) -> str:
    mark = f'<b class="new">{words.NEW}</b>' if claim.new else ""
    odd = f'<em class="odd">{markup(claim.odd)}</em>' if claim.odd else ""
    place = f"<bdi>{markup(spot(claim.location))}</bdi>"
    return _tick(f"{mark}<bdi>{markup(claim.excerpt)}</bdi>{odd}<small>{place}</small>")


def checklist(report: Report, options: Options) -> str:
    """End drafts with what only people can do before they are published."""
    if all(document.use is not Use.DOCUMENT for document in report.documents):
        return ""
    chapter = options.attribution.partition(".")[0]
    todo = [gap for gap in report.not_checked if gap.todo and gap.section.startswith(chapter)]
    ticks = "".join(_tick(f"<b>{markup(f'{gap.section} {gap.title}')}</b> {markup(gap.todo)}") for gap in todo)
    return f'<section class="paper"><h2>{words.CHECKLIST}</h2><ul class="ticks long">{ticks}</ul>{_SIGN}</section>\n'


def suppressed(report: Report) -> str:
    """List what does not count, and who let it pass."""
    items = [(each.path, item) for each in report.documents for item in each.findings if item.suppressed]
    rows = (
        (
            f'<bdi class="path">{_name(path)}</bdi> <bdi class="spot">{markup(spot(item.location))}</bdi>',
            markup(item.title),
            markup(words.suppression(item.suppressed) if item.suppressed else ""),
        )
        for path, item in items
    )
    return _folded(f"{words.SUPPRESSED}（{len(items):,}件）", _table(("場所", "内容", "理由"), rows)) if items else ""


def notices(report: Report) -> str:
    """List the directives in texts that do not work, and what else lets findings pass and has nothing to do."""
    rows = [(_name(each.path), markup(notice)) for each in report.documents for notice in each.facts.notices]
    inline = _folded(words.NOTICES, _table(("ファイル", "理由"), rows)) if rows else ""
    listed = "".join(f"<li>{markup(notice)}</li>" for notice in report.notices)
    return inline + (_folded(words.RUN_NOTICES, f"<ul>{listed}</ul>") if listed else "")


def gaps(report: Report) -> str:
    """Say what a machine did not check, and what a person has to do about it."""
    if not report.not_checked:
        return ""
    partly = {Coverage.PARTIAL: "（一部は機械が確認）"}
    rows = (
        (markup(f"{gap.section} {gap.title}") + partly.get(gap.coverage, ""), markup(gap.reason), markup(gap.todo))
        for gap in report.not_checked
    )
    return f"<section><h2>{words.GAPS}</h2>{_table(('規定', words.BY_MACHINE, words.BY_PERSON), rows)}</section>\n"


def _verdict(document: DocumentReport) -> str:
    kind = "block" if document.verdict is Verdict.BLOCK else document.verdict.value
    return f'<span class="chip {kind}">{words.verdict(document)}</span>'


def _folded(title: str, body: str) -> str:
    return f'<section><details class="part"><summary><h2>{title}</h2></summary>{body}</details></section>\n'


def _tick(inner: str) -> str:
    return f'<li><label><input type="checkbox"><span>{inner}</span></label></li>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return f'<table class="plain"><thead><tr>{head}</tr></thead><tbody>{"".join(_rows(heads, rows))}</tbody></table>'


def _rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for first, *others in rows:
        cells = "".join(f'<td data-head="{head}">{each}</td>' for head, each in zip(heads[1:], others, strict=True))
        yield f'<tr><th scope="row">{first}</th>{cells}</tr>'


def _name(text: str) -> str:
    return markup(name(text))
