"""Describe a pack in words: its guideline section by section, and its rules."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from aiguard.errors import UsageError
from aiguard.model import Coverage, Kind, Use
from aiguard.policy import section_key
from aiguard.terms import TERMS
from aiguard.text import fold
from aiguard.uses import use_titles

if TYPE_CHECKING:
    from aiguard.model import Pack, Rule, Section, Tier

_KIND = {Kind.PROHIBITION: "禁止", Kind.DUTY: "守ること", Kind.INFORMATION: "説明"}
_COVERAGE = {Coverage.CHECKED: "機械で確認", Coverage.PARTIAL: "一部を機械で確認", Coverage.HUMAN: "人が確認"}
_WORDS = {
    "label": "項目名がある", "check": "検査数字が合う", "no-check": "検査数字が合わない", "grouped": "区切りがある",
    "near": "近くにほかの個人情報がある", "sample": "見本・架空と書いてある", "full": "姓と名がそろう", "honorific": "敬称が付く",
    "title": "役職が付く", "kana": "かな・ローマ字の姓名", "kin": "続柄が付く", "public": "公の立場の人", "foreign": "外国の人名",
    "speaker": "議事録やチャットの発言者", "listed": "氏名の並びの中にある", "again": "氏名のある人の姓", "presented": "名乗っている",
    "role": "部下の、などが付く",
    "alone": "その行がほぼ表示だけ", "bracketed": "かっこ書き", "labelled": "取扱などの見出しがある", "leading": "行の先頭にある",
    "mentioned": "文中で触れただけ", "individual": "一人の人の話をしている", "around": "近くで一人の人の話をしている",
    "record": "相談や診療の記録らしい", "fiction": "架空の話である", "general": "一般の話である", "topic": "制度や案内の話である",
    "said": "話題にもなる語である", "town": "狭い地域がある", "job": "職業や学校がある", "family": "家族の構成がある",
    "matter": "事情がある", "event": "出来事や相談がある", "initial": "イニシャルがある", "enough": "手がかりが三つ以上ある",
}  # fmt: skip


def guideline_text(pack: Pack, wanted: str | None = None) -> str:
    """Describe one section, or list all; UsageError for a section that does not exist."""
    if wanted is None:
        head = f"{pack.guideline.title}（{pack.guideline.edition}）"
        return "\n".join([head, "", *(_line(section, pack) for section in pack.guideline.section)])
    section = _section(pack, wanted)
    lines = [
        f"{section.id} {section.title}",
        f"  種類　　: {_KIND[section.kind]}",
        f"  求めること: {section.asks}",
        f"  確認　　: {_COVERAGE[section.coverage]}。{section.reason}",
    ]
    if section.todo:
        lines.append(f"  人がすること: {section.todo}")
    if section.command:
        lines.append(f"  コマンド: {section.command}")
    rules = _rules(pack, section.id)
    lines += ["  規則:", *(f"    {rule.id}  {rule.title}" for rule in rules)] if rules else ["  規則: なし"]
    return "\n".join(lines)


def found_text(pack: Pack, words: str) -> str:
    """List terms, uses, sections, marks and rules that speak of a word; UsageError where none does.

    The term of that very name comes first. Width, case and spaces do not matter.
    """
    wanted = _plain(words)
    lines = [*_terms(pack, wanted)]
    lines += [
        f"{each.id} {each.title}\n  {each.asks}"
        for each in pack.guideline.section
        if wanted in _plain(f"{each.id}{each.title}{each.asks}{each.todo}")
    ]
    lines += [f"規則 {rule.id}  {rule.title}" for rule in pack.rules if wanted in _plain(rule.title + rule.why)]
    if not wanted or not lines:
        raise UsageError(f"「{words}」は見つかりません。", "短い言葉で探してください（例: 機密性）。")
    return "\n".join(lines)


def _terms(pack: Pack, wanted: str) -> list[str]:
    """Return the terms that a word is found in: that of its name, other names, then what is said of them."""
    uses = {title: f"用途「{title}」です（4）。" for title in use_titles(pack.uses).values()}
    found = [(term, said) for term, said in (TERMS | uses).items() if wanted in _plain(term + said)]
    found.sort(key=lambda each: (_plain(each[0]) != wanted, wanted not in _plain(each[0])))
    return [f"用語 {term}\n  {said}" for term, said in found]


def _plain(text: str) -> str:
    return "".join(fold(text).lower().split())


def gaps(pack: Pack) -> tuple[str, ...]:
    """Say where what the guideline says of a section and what the rules look at do not agree."""
    found = []
    for section in pack.guideline.section:
        rules, below = _rules(pack, section.id), _below(pack, section)
        if (
            section.coverage is not Coverage.HUMAN
            and not rules
            and not below
            and section.id != pack.attribution.section
        ):
            found.append(
                f"確かめてください: 節 {section.id} は「{_COVERAGE[section.coverage]}」ですが、調べる規則がありません"
            )
        if section.coverage is Coverage.HUMAN and rules:
            found.append(f"確かめてください: 節 {section.id} は「人が確認」ですが、調べる規則が{len(rules)}件あります")
    off = [topic for topic, sections in pack.guideline.topics.items() if not sections]
    return (*found, *(f"調べない話題: {topic}（topics の {topic} = []）" for topic in off))


def _below(pack: Pack, section: Section) -> bool:
    """Say whether a section has sections of its own (5 has 5(1))."""
    key = section_key(section.id)
    keys = [section_key(each.id) for each in pack.guideline.section]
    return any(each[: len(key)] == key and each != key for each in keys)


def rule_text(pack: Pack, wanted: str | None = None) -> str:
    """Describe one rule, or list all; UsageError for a rule that does not exist."""
    if wanted is None:
        return "\n".join(f"{rule.id:<28} {'、'.join(_cited(rule)):<14} {rule.title}" for rule in pack.rules)
    rule = next((rule for rule in pack.rules if rule.id == wanted), None)
    if rule is None:
        near = difflib.get_close_matches(wanted, [rule.id for rule in pack.rules], 3)
        problem = f"規則「{wanted}」はありません。"
        raise UsageError(problem, f"近いもの: {'、'.join(near)}" if near else "aiguard rule で一覧を表示します。")
    return "\n".join(
        [
            f"{rule.title}（{rule.id}）",
            f"  ガイドライン: {'、'.join(_cited(rule))}",
            f"  内容: {rule.message}",
            f"  理由: {rule.why}",
            f"  修正: {rule.advice}",
            "  重さ:",
            *(f"    {tier.severity.label}: {_tier(tier)}" for tier in rule.tiers),
            "  見つける例:",
            *(f"    {example}" for example in rule.examples.match),
            "  見つけない例:",
            *(f"    {example}" for example in rule.examples.no_match),
            f"  定義: {rule.file}",
        ]
    )


def _line(section: Section, pack: Pack) -> str:
    count = len(_rules(pack, section.id))
    rules = f"（規則{count}件）" if count else ""
    command = f"  → {section.command}" if section.command else ""
    return f"{section.id:<7}{section.title} … {_COVERAGE[section.coverage]}{rules}{command}"


def _section(pack: Pack, wanted: str) -> Section:
    """Find a section by its id, also written 5-1 or 5（1）."""
    key = section_key(wanted)
    section = next((section for section in pack.guideline.section if section_key(section.id) == key), None)
    if section is None:
        problem = f"節「{wanted}」はありません。"
        raise UsageError(problem, "aiguard guideline で一覧を表示します。")
    return section


def _rules(pack: Pack, section: str) -> list[Rule]:
    return [rule for rule in pack.rules if section in _cited(rule)]


def _cited(rule: Rule) -> tuple[str, ...]:
    return tuple(dict.fromkeys(section for use in Use for section in rule.sections.of(use)))


def _tier(tier: Tier) -> str:
    needs = "、".join(map(_word, tier.needs)) or "見つかればいつも"
    return f"{needs}（{'、'.join(map(_word, tier.unless))}のときを除く）" if tier.unless else needs


def _word(name: str) -> str:
    return _WORDS.get(name, f"「{name}」がある")
