"""Weigh the statements and traces of a draft against what was declared (8.4).

A statement in the city's form, filled with the AI declared, is ok; one that tries is malformed; none, where an AI
was used, is missing. Use is declared, or evident from the traces that an AI leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.attribution.forms import brackets
from aiguard.attribution.names import Kind, canonical, lexicon, names_in
from aiguard.attribution.statements import Statement, find_statements, meet
from aiguard.attribution.traces import Found, find_traces
from aiguard.attribution.values import Declared, Judged
from aiguard.model import Attribution, AttributionRule, Severity, Span
from aiguard.text import text_view

if TYPE_CHECKING:
    from collections.abc import Iterable

MISSING, MALFORMED, PLACEHOLDER = "attribution-missing", "attribution-malformed", "attribution-placeholder"
_SEVERITIES = {MISSING: Severity.BLOCK, MALFORMED: Severity.WARN, PLACEHOLDER: Severity.BLOCK}


class Draft(Struct, frozen=True):
    """Hold what is known of a draft: AIs declared, statements, traces, and the places of the traces."""

    declared: tuple[str, ...]
    used: bool | None
    statements: tuple[Statement, ...]
    traces: tuple[str, ...]
    traced: tuple[str, ...]
    trace: Span | None
    rule: AttributionRule


def judge(text: str, declared: Declared, rule: AttributionRule) -> Judged:
    """Judge `text` against what was declared; spans count in `text`."""
    draft = _read(text, declared, rule)
    spared = _spared(declared, rule)
    if draft.used is False or spared:
        return _not_needed(draft, spared if draft.used is not False else "")
    evident = draft.trace is not None and rule.required != "declared"
    used = draft.used or evident or rule.required == "always"
    standing = [statement for statement in draft.statements if statement.sure or draft.used]
    blank = [statement for statement in standing if statement.slot.kind is Kind.BLANK]
    exact = [statement for statement in standing if _is_right(statement, rule)]
    if blank:
        return _judged(draft, PLACEHOLDER, blank[0], f"{_slot_words(rule)}が埋まっていません。")
    if exact:
        return _exact(draft, exact, standing)
    if standing:
        return _judged(draft, MALFORMED, standing[0], _fault(standing[0], rule))
    if used:
        return _judged(draft, MISSING, None, "" if draft.used else "AIの出力と見られる文字列があります。")
    return _not_needed(draft)


def _spared(declared: Declared, rule: AttributionRule) -> str:
    """Say why a draft needs no statement whatever stands in it, or nothing."""
    if rule.required == "never":
        return "このガイドラインは、生成AIの利用の明示を求めていません。"
    if declared.internal and rule.documents == "published":
        return "公表しない資料なので、明示は要りません。公表するときは、明示してください。"
    if declared.minor and rule.use == "substantial":
        return "生成AIの文をそのまま使っていないので、明示は要りません。"
    return ""


def _is_right(statement: Statement, rule: AttributionRule) -> bool:
    """Say whether a statement is as the city wants it, in its form or where it leaves the wording free, in another."""
    if statement.exact or rule.wording == "exact":
        return statement.exact
    kinds = {Kind.NAMED, Kind.MIXED} if rule.asks_for_name else {Kind.NAMED, Kind.MIXED, Kind.GENERIC}
    return statement.slot.kind in kinds


def _slot_words(rule: AttributionRule) -> str:
    around = brackets(rule.form)
    return f"{around}の中" if around else "AIの名前の所"


def _wanted(names: tuple[str, ...], rule: AttributionRule) -> str:
    """Return the statement a draft should carry: one for each AI, or the form with its slot open."""
    if "{name}" not in rule.form:
        return rule.form
    open_slot = rule.placeholders[:1] if rule.asks_for_name else ("生成AI",)
    return "、".join(rule.form.format(name=name) for name in names or open_slot)


def _read(text: str, declared: Declared, rule: AttributionRule) -> Draft:
    words = lexicon(rule, declared.ai_names)
    view = text_view(text)
    statements = find_statements(text, view, words, rule)
    found = find_traces(view, words, rule.traces)
    if sum(trace.weight for trace in found) < rule.evident:
        found = ()
    return Draft(
        declared=_distinct(canonical(words, name) for name in declared.ai_names),
        used=True if declared.ai_names else declared.used,
        statements=_apart(statements, found),
        traces=tuple(dict.fromkeys(trace.label for trace in found)),
        traced=_distinct(names_in(words, text[trace.span.start : trace.span.end]) for trace in found),
        trace=min(found, key=lambda trace: (-trace.weight, trace.span.start)).span if found else None,
        rule=rule,
    )


def _apart(statements: tuple[Statement, ...], found: tuple[Found, ...]) -> tuple[Statement, ...]:
    """Leave out what may be a statement and is a trace (ChatGPTの回答 as a heading)."""
    traced = [trace.span for trace in found]
    return tuple(one for one in statements if one.sure or not any(meet(one.span, span) for span in traced))


def _exact(draft: Draft, exact: list[Statement], standing: list[Statement]) -> Judged:
    """Judge statements in the right form by their names."""
    names = _distinct(statement.slot.names for statement in exact)
    lacking = tuple(name for name in draft.declared if name not in names) if draft.rule.asks_for_name else ()
    if lacking:
        some = len(lacking) < len(draft.declared)
        note = "申告されたAIのうち、書かれていないものがあります。" if some else "申告されたAIの名前と違います。"
        return _judged(draft, MALFORMED, exact[0], note)
    for statement in standing if draft.rule.asks_for_name else ():
        if not set(statement.slot.names) <= set(names):
            return _judged(draft, MALFORMED, statement, _fault(statement, draft.rule))
    unknown = any(statement.slot.kind is Kind.UNKNOWN for statement in exact)
    note = "登録されていない名前です。AIの正しい名前か確かめてください。" if unknown else ""
    attribution = Attribution(
        "ok",
        _distinct((draft.declared, names)),
        None,
        _wanted(names, draft.rule) if names or not draft.rule.asks_for_name else "",
        note,
    )
    return Judged(attribution, exact[0].span, traces=draft.traces)


def _fault(statement: Statement, rule: AttributionRule) -> str:
    """Say what is wrong with a statement that tries."""
    if not rule.asks_for_name:
        return "決められた書き方と違います。"
    return {
        Kind.GENERIC: "AIの名前がありません。",
        Kind.NOT_AI: "AIの名前ではありません。",
        Kind.UNKNOWN: "登録されていない名前です。決められた書き方でもありません。",
    }.get(statement.slot.kind, "決められた書き方と違います。")


def _judged(draft: Draft, rule_id: str, statement: Statement | None, note: str) -> Judged:
    stated = statement.slot.names if statement else ()
    names = _distinct((draft.declared, stated)) or draft.traced
    form = _wanted(draft.declared or stated or draft.traced, draft.rule)
    if not names and draft.rule.asks_for_name:
        note += f"{_slot_words(draft.rule)}には、使ったAIの名前（ChatGPTなど）を書いてください。"
    status = "missing" if rule_id == MISSING else "malformed"
    span = statement.span if statement else draft.trace
    return Judged(Attribution(status, names, None, form, note), span, _SEVERITIES[rule_id], rule_id, draft.traces)


def _not_needed(draft: Draft, spared: str = "") -> Judged:
    note = spared or "AI利用の申告なし"
    if draft.used is False:
        contrary = draft.trace or any(statement.sure for statement in draft.statements)
        note = "AIを使っていないとの申告ですが、AIを使ったと見られる記載があります。" if contrary else ""
    return Judged(Attribution("not_needed", (), None, "", note), draft.trace, traces=draft.traces)


def _distinct(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))
