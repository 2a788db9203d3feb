"""Draw the sums of a report for an HTML page: tables with bars, which read well without seeing the bars."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiguard.model import Severity
from aiguard.reporters import grouping, words
from aiguard.reporters.html_data import folders, placed
from aiguard.reporters.plain import line, markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiguard.model import Report
    from aiguard.reporters.options import Options

_GRADES = tuple(sorted(Severity, key=lambda each: -each.rank))
_MOST = 12
_WIDE = 200  # units of the drawing, whatever its size on the page


def charts(report: Report, options: Options) -> str:
    """Draw the findings by severity, by section of the guideline and by top folder."""
    found = list(placed(report, options))
    if not found:
        return ""
    by_folder: dict[str, Counter[Severity]] = defaultdict(Counter)
    by_section: dict[str, Counter[Severity]] = defaultdict(Counter)
    grades: dict[str, Counter[Severity]] = {grade.value: Counter() for grade in _GRADES}
    known, titles = folders(report), grouping.titles(report, options)
    for item in found:
        grade = item.finding.severity
        grades[grade.value][grade] += 1
        by_folder[known[item.path]][grade] += 1
        for section in item.finding.sections or ("",):
            by_section[section][grade] += 1
    labels = {grade.value: grade.label for grade in _GRADES}
    named = {key: f"{key} {titles.get(key, '')}".strip() or words.NO_SECTION for key in by_section}
    drawn = (
        _chart("判定ごと", "severity", "判定", _counted(grades), labels),
        _chart("規定ごと", "section", "規定", by_section, named),
        _chart("フォルダー（部署）ごと", "folder", "フォルダー", by_folder, {key: key for key in by_folder}),
    )
    return f'<section aria-label="集計"><h2>集計</h2><div class="charts">{"".join(drawn)}</div></section>\n'


def _counted(counts: Mapping[str, Counter[Severity]]) -> dict[str, Counter[Severity]]:
    return {key: count for key, count in counts.items() if count}


def _chart(title: str, key: str, head: str, counts: Mapping[str, Counter[Severity]], names: Mapping[str, str]) -> str:
    ordered = sorted(counts, key=lambda each: -counts[each].total()) if key != "severity" else list(counts)
    longest = max(count.total() for count in counts.values())
    rows = [_row(key, each, names[each], counts[each], longest) for each in ordered]
    rest = f"<details><summary>ほか{len(rows) - _MOST}</summary>{_table(title, head, rows[_MOST:])}</details>"
    return f'<div class="chart"><h3>{title}</h3>{_table(title, head, rows[:_MOST])}{rest if len(rows) > _MOST else ""}</div>'


def _table(title: str, head: str, rows: Iterable[str]) -> str:
    heads = f'<th scope="col">{head}</th><th scope="col">件数</th>'
    return (
        f'<table><caption class="unseen">{title}</caption>'
        f'<thead class="unseen"><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _row(key: str, value: str, said: str, count: Counter[Severity], longest: int) -> str:
    link = f"#{key}={quote(line(value), safe='()')}"
    parts = "、".join(f"{grade.label}{count[grade]:,}" for grade in _GRADES if count[grade])
    return (
        f'<tr><th scope="row"><a href="{markup(link)}">{markup(said)}</a>{_bar(count, longest)}</th>'
        f'<td title="{parts}">{count.total():,}<span class="unseen">（{parts}）</span></td></tr>'
    )


def _bar(count: Counter[Severity], longest: int) -> str:
    at = 0.0
    drawn = []
    for grade in _GRADES:
        width = _WIDE * count[grade] / longest
        if width:
            drawn.append(f'<rect class="{grade.value}" x="{at:.1f}" width="{max(width, 1):.1f}" height="10"/>')
        at += width
    return (
        f'<svg class="bar" viewBox="0 0 {_WIDE} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{''.join(drawn)}</svg>"
    )
