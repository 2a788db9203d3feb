"""Tell what differs between two packs, and what of a configuration or a baseline speaks of what is gone or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

from aiguard.policy import section_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aiguard.model import Config, Pack, Rule, Section

_SECTION = {
    "title": "題名", "kind": "種類", "coverage": "確認のしかた", "asks": "求めること", "reason": "確認の限り",
    "todo": "人がすること",
}  # fmt: skip
_RULE = {
    "sections": "当たる節", "tiers": "重さ", "kind": "検出の種類", "spec": "見つけ方", "title": "題名", "message": "内容",
    "why": "理由", "advice": "修正", "entity": "情報の種類", "category": "区分", "view": "読み方", "when": "働くとき",
}  # fmt: skip
_ORGANISATION = {
    "name": "名前", "aliases": "別の名前", "phones": "電話", "addresses": "住所", "corporate_numbers": "法人番号",
    "domains": "ドメイン", "public_figures": "公人",
}  # fmt: skip
_CALLS = {"block": "禁止", "warn": "注意", "none": "入力してよい", None: "調べない"}
_STATEMENT = ("section", "form", "also", "required", "documents", "use", "name", "wording", "brackets")
_SHOWN = 60
_SEVERAL = 3  # changes alike that stand together


class Change(NamedTuple):
    """Say of a section or a rule how it differs: "+" new, "-" gone, "~" changed, and in what."""

    sign: str
    id: str
    title: str
    what: tuple[str, ...] = ()


class Reference(NamedTuple):
    """Say which entry of which file speaks of a rule or a section that is gone or changed."""

    file: str
    entry: str
    why: str
    broken: bool


class Differences(Struct, frozen=True):
    """Hold what differs between two packs."""

    sections: tuple[Change, ...]
    rules: tuple[Change, ...]
    marks: tuple[str, ...]
    statement: tuple[str, ...]
    organisation: tuple[str, ...]
    services: tuple[Change, ...]

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return any((self.sections, self.rules, self.marks, self.statement, self.organisation, self.services))


def compare(old: Pack, new: Pack) -> Differences:
    """Return what differs between two packs, in the order of the new one, and what is gone behind it."""
    return Differences(
        _changes(old.guideline.section, new.guideline.section, _in_section, lambda each: each.title),
        _changes(old.rules, new.rules, _in_rule, lambda each: each.title),
        _marks(old, new),
        _values(old.attribution, new.attribution, dict(zip(_STATEMENT, _STATEMENT, strict=True))),
        _values(old.organisation, new.organisation, _ORGANISATION),
        _changes(old.attribution.services, new.attribution.services, lambda *_: (), lambda _: "", "name"),
    )


def _changes(
    old: Sequence[Any], new: Sequence[Any], inside: Callable[[Any, Any], tuple[str, ...]], title: Callable[[Any], str],
    key: str = "id",
) -> tuple[Change, ...]:  # fmt: skip
    before, after = ({getattr(each, key): each for each in group} for group in (old, new))
    found = [
        Change("~", name, title(each), what) if name in before else Change("+", name, title(each), _cited(each))
        for name, each in after.items()
        if name not in before or (what := inside(before[name], each))
    ]
    gone = [Change("-", name, title(each), _cited(each)) for name, each in before.items() if name not in after]
    return (*found, *gone)


def _cited(each: Any) -> tuple[str, ...]:  # noqa: ANN401 - a rule has sections, others have none
    sections = getattr(each, "sections", None)
    return (_sections(each),) if sections else ()


def _sections(rule: Rule) -> str:
    return "、".join(dict.fromkeys(rule.sections.prompt + rule.sections.document)) or "なし"


def _in_section(old: Section, new: Section) -> tuple[str, ...]:
    return tuple(words for key, words in _SECTION.items() if getattr(old, key) != getattr(new, key))


def _in_rule(old: Rule, new: Rule) -> tuple[str, ...]:
    differing = [key for key in _RULE if getattr(old, key) != getattr(new, key)]
    return tuple(f"{_RULE[key]} {_step(key, old, new)}".strip() for key in differing)


def _step(key: str, old: Rule, new: Rule) -> str:
    if key == "sections":
        return f"{_sections(old)} → {_sections(new)}"
    if key == "tiers":
        return f"{_grades(old)} → {_grades(new)}"
    return f"「{old.title}」" if key == "title" else ""


def _grades(rule: Rule) -> str:
    return "・".join(tier.severity.label for tier in rule.tiers)


def _marks(old: Pack, new: Pack) -> tuple[str, ...]:
    """Say which marks of classification call for something else."""
    before, after = (
        {word: label.severity for label in each.classification.label for word in label.words} for each in (old, new)
    )
    return tuple(
        f"{word}: {_CALLS[before.get(word)]} → {_CALLS[after.get(word)]}"
        for word in dict.fromkeys((*before, *after))
        if before.get(word) != after.get(word)
    )


def _values(old: Struct, new: Struct, names: dict[str, str]) -> tuple[str, ...]:
    before, after = asdict(old), asdict(new)
    return tuple(
        f"{words}: {_short(before[key])} → {_short(after[key])}"
        for key, words in names.items()
        if before[key] != after[key]
    )


def _short(value: Any) -> str:  # noqa: ANN401 - a text or a tuple of them
    text = "、".join(value) if isinstance(value, tuple) else str(value)
    return (text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…") or "なし"


def references(found: Differences, config: Config, baseline: Iterable[tuple[str, str]] = ()) -> tuple[Reference, ...]:
    """List what of a configuration, and of a baseline as (file, rule) pairs, speaks of what is gone or changed."""
    rules = {change.id: change for change in found.rules if change.sign != "+"}
    sections = {section_key(change.id): change for change in found.sections if change.sign != "+"}
    listed: list[Reference] = []
    for key in ("select", "ignore"):
        for item, name in enumerate(getattr(config, key)):
            change = rules.get(name) or sections.get(section_key(name))
            listed += _reference(change, config.origin(key, item) or "設定", f'{key} の "{name}"')
    for item, allow in enumerate(config.allow):
        change = rules.get(allow.rule or "")
        listed += _reference(
            change, config.origin("allow", item) or "設定", f'allow の rule = "{allow.rule}"（{allow.reason}）'
        )
    for file, rule in dict.fromkeys(baseline):
        listed += _reference(rules.get(rule), file, f'受け入れた指摘の rule = "{rule}"')
    return tuple(listed)


def _reference(change: Change | None, file: str, entry: str) -> list[Reference]:
    if change is None:
        return []
    why = "なくなります" if change.sign == "-" else f"変わります（{'、'.join(change.what)}）"
    return [Reference(file, entry, why, change.sign == "-")]


def to_text(old: Pack, new: Pack, found: Differences, listed: Sequence[Reference] = ()) -> str:
    """Say in words what differs; rules that differ in the same stand together."""
    lines = [f"{_name(old)} → {_name(new)}"]
    for title, changes in (("節", found.sections), ("規則", found.rules), ("生成AI", found.services)):
        lines += [f"\n{title}（{_counts(changes)}）", *_lines(changes)] if changes else []
    for title, values in (
        ("機密の区分の表示", found.marks),
        ("明示の書き方", found.statement),
        ("市の公開情報", found.organisation),
    ):
        lines += [f"\n{title}", *(f"  ~ {value}" for value in values)] if values else []
    if not found:
        lines.append("違いはありません。")
    marked = (f"  {'×' if each.broken else '！'} {each.file}: {each.entry}: {each.why}" for each in listed)
    return "\n".join([*lines, *(["\n直すか、確かめるもの", *marked] if listed else [])])


def _name(pack: Pack) -> str:
    return f"{pack.guideline.title}（{pack.guideline.edition}）"


def _counts(changes: Sequence[Change]) -> str:
    words = {"+": "増える", "-": "なくなる", "~": "変わる"}
    counts = {sign: sum(change.sign == sign for change in changes) for sign in words}
    return "、".join(f"{words[sign]} {count}" for sign, count in counts.items() if count)


def _lines(changes: Sequence[Change]) -> list[str]:
    together: dict[tuple[str, tuple[str, ...]], list[Change]] = {}
    for change in changes:
        together.setdefault((change.sign, change.what), []).append(change)
    lines: list[str] = []
    for (sign, what), alike in together.items():
        if len(alike) < _SEVERAL or not what:
            lines += [_line(change) for change in alike]
        else:
            lines += [f"  {sign} {len(alike)}件: {'；'.join(what)}", f"      {'、'.join(each.id for each in alike)}"]
    return lines


def _line(change: Change) -> str:
    what = "；".join(change.what)
    named = f"  {change.sign} {change.id} {change.title}".rstrip()
    return f"{named}: {what}" if what and change.sign == "~" else f"{named}（{what}）" if what else named
