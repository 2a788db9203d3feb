"""Show the findings of a report in an HTML page: what filters them, and the first of them for readers without a script."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aiguard.reporters import evidence, grouping, words
from aiguard.reporters.html_data import Kind, folders, kind, placed, spot
from aiguard.reporters.plain import markup, name, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiguard.model import Report, Severity
    from aiguard.reporters.grouping import Placed
    from aiguard.reporters.options import Options

WITHOUT_SCRIPT = 300
_HEADS = ("判定", "場所", "見つかったもの", "規定")


def findings(report: Report, options: Options) -> str:
    """Show the findings: the controls, and a row each for the first of them; the script shows the others."""
    found = list(placed(report, options))
    if not found:
        return '<section id="findings"><h2>指摘</h2><p class="none">指摘はありません。</p></section>\n'
    rows = "".join(map(_row, islice(found, WITHOUT_SCRIPT)))
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    return f"""<section id="findings" aria-labelledby="h-findings">
<h2 id="h-findings">指摘</h2>
{_controls(report, found, grouping.titles(report, options))}
<p id="count" class="count" role="status" aria-live="polite">{len(found):,}件</p>
<table class="rows" aria-labelledby="h-findings">
<thead><tr>{heads}</tr></thead>
<tbody id="rows">
{rows}</tbody>
</table>
<p class="more"><button type="button" id="more" hidden>続きを表示</button></p>
{_rest(len(found))}</section>
"""


def _rest(number: int) -> str:
    left = number - WITHOUT_SCRIPT
    if left <= 0:
        return ""
    return (
        f"<noscript><p>ほか{left:,}件は、JavaScriptを使えるブラウザーか、--format xlsx で見られます。</p></noscript>\n"
    )


def _controls(report: Report, found: list[Placed], titles: Mapping[str, str]) -> str:
    known = folders(report)
    cited = dict.fromkeys(section for item in found for section in item.finding.sections or ("",))
    sections = [*(section for section in titles if section in cited), *sorted(cited.keys() - titles.keys())]
    places = dict.fromkeys(known[item.path] for item in found)
    grades = sorted({item.finding.severity for item in found}, key=lambda each: -each.rank)
    checks = "".join(map(_check, grades))
    return f"""<form id="filters" class="filters" role="search" aria-label="指摘を絞り込む" hidden>
<label class="wide">言葉で探す<input type="search" id="q" autocomplete="off" spellcheck="false"></label>
<fieldset><legend>判定</legend>{checks}</fieldset>
{_select("section", "規定", ((each, each or words.NO_SECTION) for each in sections))}
{_select("folder", "フォルダー（部署）", ((each, each) for each in sorted(places)))}
<label>並べ方<select id="sort"><option value="">場所の順</option><option value="grade">重い順</option></select></label>
<button type="reset" id="clear">条件を消す</button>
</form>"""


def _check(grade: Severity) -> str:
    return (
        f'<label class="check"><input type="checkbox" name="severity" value="{grade.value}" checked>'
        f'<span class="chip {grade.value}">{grade.label}</span></label>'
    )


def _select(key: str, label: str, choices: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="={markup(value)}">{markup(said)}</option>' for value, said in choices)
    return f'<label>{label}<select id="{key}"><option value="">すべて</option>{listed}</select></label>'


def _row(item: Placed) -> str:
    like = kind(item)
    before, found, after = map(markup, parts(item.finding))
    return f"""<tr>
<td><span class="chip {like.severity}">{markup(like.label)}</span></td>
<th scope="row"><bdi class="path">{markup(name(item.path))}</bdi> <bdi class="spot">{markup(spot(item.finding.location))}</bdi></th>
<td><p class="kind">{markup(like.title)}</p><p class="excerpt"><bdi>{before}<mark>{found}</mark>{after}</bdi></p>
<details><summary>理由と直し方</summary>{_reasons(like, evidence.sentence(item.finding))}</details></td>
<td class="cited">{"、".join(map(markup, like.sections))}</td>
</tr>
"""


def _reasons(like: Kind, said: str) -> str:
    """Give the clues of a finding, and what it shares with its kind: on paper that stands in `reasons`, once."""
    clues = f"<dt>{words.EVIDENCE}</dt><dd>{markup(said)}</dd>" if said else ""
    rows = (*_texts(like), ("規則", like.rule))
    shared = (f'<dt class="shared">{label}</dt><dd class="shared">{markup(text)}</dd>' for label, text in rows)
    return f"<dl>{clues}{''.join(shared)}</dl>"


def reasons(report: Report, options: Options) -> str:
    """Give reason and mend of each kind of finding once, folded on a screen and open on paper."""
    kinds = dict.fromkeys(map(kind, placed(report, options)))
    if not kinds:
        return ""
    ordered = sorted(kinds, key=lambda like: (like.sections, like.rule))
    body = "".join(map(_why, {(like.rule, like.why, like.advice): like for like in ordered}.values()))
    title = f"<summary><h2>{words.REASONS}（規則ごと）</h2></summary>"
    return f'<section><details class="part">{title}{body}</details></section>\n'


def _why(like: Kind) -> str:
    texts = "".join(f"<dt>{label}</dt><dd>{markup(text)}</dd>" for label, text in _texts(like))
    cited = "、".join(map(markup, like.sections))
    return f'<div class="why"><h3>{markup(like.title)} <small>{cited}　{markup(like.rule)}</small></h3><dl>{texts}</dl></div>'


def _texts(like: Kind) -> list[tuple[str, str]]:
    return [(label, text) for label, text in (("理由", like.why), ("修正", like.advice)) if text]
