"""Gather the rules of all layers of a pack, and make a value of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from aiguard.detectors import DETECTORS
from aiguard.errors import PackError, suggest
from aiguard.model import Examples, Guideline, Rule, SectionsByUse, Tier, When
from aiguard.pack import changes, source
from aiguard.pack.changes import Raw
from aiguard.pack.words import Place, is_idle, spread
from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aiguard.pack.layers import Layer

VIEWS = ("text", "digits")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TEXTS = ("title", "message", "why", "advice")
_UNMAPPED = "このパックで調べないときは {topic} = [] と書いてください。調べるときは、節を書いてください。"


class Around(Struct, frozen=True):
    """Hold what the rules of a pack are read with: the guideline, its lists, its topics, what fills their texts."""

    guideline: Guideline
    words: dict[str, tuple[str, ...]]
    topics: frozenset[str]
    fills: dict[str, str | None]
    head: str

    def order(self, section: str) -> int:
        """Return the place of a section in the guideline."""
        return next(i for i, each in enumerate(self.guideline.section) if each.id == section)


class _Head(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe the keys that every rule has."""

    id: str
    title: str
    message: str
    why: str
    advice: str
    tier: tuple[Tier, ...]
    examples: Examples
    sections: SectionsByUse | None = None
    topics: SectionsByUse | None = None
    entity: str | None = None
    category: str | None = msgspec.field(name="class", default=None)
    view: str = "text"
    when: When | None = None
    replaces: bool = False


def gather(layers: Sequence[Layer]) -> list[Raw]:
    """Return the rules of all layers, as changed by those above them, by file and place; PackError."""
    known: dict[str, Raw] = {}
    for level, layer in enumerate(layers):
        known = changes.apply(known, layer)
        below = frozenset(known)
        for raw in _of_layer(layer, level):
            name = str(raw.table.get("id", "?"))
            if name in known and not (name in below and raw.table.get("replaces") is True):
                hint = "基の規則に代えるときは replaces = true と、一部を変えるときは changes.toml に書いてください。"
                problem = f"同じ id が {known[name].file} にもあります"
                raise PackError(problem, file=raw.file, rule=name, key="id", hint=hint if name in below else "")
            known[name] = raw
    return sorted(known.values(), key=lambda raw: raw.order)


def _of_layer(layer: Layer, level: int) -> Iterator[Raw]:
    hint = "規則は [[rule]] で書きます"
    for path in sorted((layer.folder / "rules").glob("*.toml")):
        file = layer.label(f"rules/{path.name}")
        raw = source.read(path, file)
        if other := next((key for key in raw if key != "rule"), None):
            raise PackError("[[rule]] のほかの表があります", file=file, key=other, hint=hint)
        rules = raw.get("rule")
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            raise PackError("[[rule]] がありません", file=file, key="rule", hint=hint)
        yield from (Raw(rule, file, (path.name, level, place)) for place, rule in enumerate(rules))


def make(raws: Sequence[Raw], around: Around) -> tuple[Rule, ...]:
    """Return the rules that look for something and cite a section of the guideline; PackError."""
    made = (_make(raw, around) for raw in raws)
    return tuple(rule for rule in made if rule and (rule.sections.prompt or rule.sections.document))


def _make(raw: Raw, around: Around) -> Rule | None:
    """Make a rule; a mistake that a change brought into it is that of the file with the change."""
    try:
        return _rule(raw.table, raw.file, around)
    except PackError as error:
        if not raw.changed:
            raise
        _rule(raw.before, raw.file, around)
        raise error.moved(raw.changed) from None


def _rule(raw: Mapping[str, Any], file: str, around: Around) -> Rule | None:
    name = str(raw.get("id", "?"))
    kind = _kind(raw, file, name)
    head: _Head = source.convert({key: value for key, value in raw.items() if key != kind}, _Head, file, name)
    _check_head(head, file)
    sections = _sections(head, file, around)
    if is_idle(raw[kind], around.words):
        return None
    spec = spread(raw[kind], around.words, Place(file, name, kind))
    spec = source.convert(spec, DETECTORS[kind].Spec, file, name, kind)
    if wrong := DETECTORS[kind].problem(spec):
        raise PackError(wrong[1], file=file, rule=name, key=f"{kind}.{wrong[0]}")
    _check_folded(DETECTORS[kind].patterns(spec), file, name, kind)
    title, message, why, advice = (_filled(getattr(head, key), around.fills) for key in _TEXTS)
    return Rule(
        head.id, title, kind, spec, sections, message, why, advice, head.tier,
        _examples(head.examples, around.fills), file, head.entity, head.category, head.view, head.when,
    )  # fmt: skip


def _kind(raw: Mapping[str, Any], file: str, name: str) -> str:
    kinds = [key for key in raw if key in DETECTORS]
    if len(kinds) != 1:
        raise PackError(
            f"検出の表が{len(kinds)}つあります", file=file, rule=name, key="、".join(kinds) or None,
            hint=f"次のうち一つだけ書いてください: {'、'.join(DETECTORS)}",
        )  # fmt: skip
    return kinds[0]


def _check_head(head: _Head, file: str) -> None:
    if not _ID.fullmatch(head.id):
        raise PackError("id は英小文字と数字とハイフンです", file=file, rule=head.id, key="id")
    if head.view not in VIEWS:
        raise PackError(f"使えるもの: {'、'.join(VIEWS)}", file=file, rule=head.id, key="view")
    if head.when and head.when.ai != "used":
        raise PackError("使えるもの: used", file=file, rule=head.id, key="when.ai")
    if not head.tier:
        raise PackError("[[rule.tier]] が一つもありません", file=file, rule=head.id, key="tier")
    if not head.examples.match or not head.examples.no_match:
        raise PackError(
            "例がありません", file=file, rule=head.id, key="examples", hint="match と no_match を書いてください"
        )


def _sections(head: _Head, file: str, around: Around) -> SectionsByUse:
    """Return what a rule cites: the sections it names, or those that the pack gives its topics."""
    if (head.sections is None) == (head.topics is None):
        problem = "このキーがありません" if head.sections is None else "sections と topics は、どちらか一つです"
        hint = 'sections = { prompt = ["5(1)"] } か topics = { prompt = ["personal"] } のように書いてください。'
        raise PackError(problem, file=file, rule=head.id, key="sections", hint=hint)
    if head.sections is None:
        topics = head.topics or SectionsByUse()
        return SectionsByUse(*(_cited(each, head.id, file, around) for each in (topics.prompt, topics.document)))
    known = {section.id for section in around.guideline.section}
    for section in head.sections.prompt + head.sections.document:
        if section not in known:
            raise PackError(f"節「{section}」は guideline.toml にありません", file=file, rule=head.id, key="sections")
    return head.sections


def _cited(topics: Sequence[str], rule: str, file: str, around: Around) -> tuple[str, ...]:
    given = around.guideline.topics
    for topic in topics:
        if topic not in around.topics:
            problem = f"話題「{topic}」は topics.toml にありません"
            raise PackError(problem, file=file, rule=rule, key="topics", hint=suggest(topic, around.topics))
        if topic not in given:
            problem, hint = "どの節に当たるかが書かれていません", _UNMAPPED.format(topic=topic)
            raise PackError(problem, file=around.head, key=f"topics.{topic}", hint=hint)
    return tuple(sorted({section for topic in topics for section in given[topic]}, key=around.order))


def _filled(text: str, fills: Mapping[str, str | None]) -> str:
    for key, words in fills.items():
        if key in text:
            text = text.replace(key, words or "")
    return text


def _examples(examples: Examples, fills: Mapping[str, str | None]) -> Examples:
    """Fill examples in; one that asks for what the pack lacks is left out."""
    lacking = [key for key, words in fills.items() if words is None]
    groups = (
        tuple(_filled(each, fills) for each in group if not any(key in each for key in lacking))
        for group in (examples.match, examples.no_match)
    )
    return Examples(*groups)


def _check_folded(patterns: Sequence[str], file: str, rule: str, kind: str) -> None:
    """Refuse a pattern with characters that never stand in a view: full-width digits, （ and the like."""
    for pattern in patterns:
        if (folded := fold(pattern)) != pattern:
            odd = next(a for a, b in zip(pattern, folded + "\0", strict=False) if a != b)
            raise PackError(
                f"文字「{odd}」はたたんだ文には現れません", file=file, rule=rule, key=f"{kind}.patterns",
                hint="全角の英数字・記号は半角で書いてください",
            )  # fmt: skip
