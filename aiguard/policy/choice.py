"""Keep the hits that the user asked for: `select` and `ignore`, by rule, entity or section."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from aiguard.errors import ConfigError, suggest
from aiguard.model import Hit, Severity, Span, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.model import Config, Pack, Rule

_ARTICLE = re.compile("第|[条項号]")
_ASKED = frozenset({"attribution", "similarity", "verify"})  # kinds that run on what the user gives them
_STEP = re.compile(r"\d+|[^\W\d_]+")


class _Names(Struct, frozen=True):
    """Hold what a user named: as written, in capitals as entities are, and as sections."""

    written: frozenset[str]
    entities: frozenset[str]
    sections: frozenset[tuple[str, ...]]

    def names(self, rule: Rule) -> bool:
        """Say whether the rule or its entity is named."""
        return rule.id in self.written or rule.entity in self.entities

    def covers(self, section: str) -> bool:
        """Say whether the section is named, or one that it is part of."""
        key = section_key(section)
        return any(key[:length] in self.sections for length in range(1, len(key) + 1))


def section_key(name: str) -> tuple[str, ...]:
    """Split the id of a section into its steps.

    "5(1)", "５（１）", "5-1" and "第5条第1項" are ("5", "1"), "注3" is ("注", "3").
    """
    return tuple(_STEP.findall(_ARTICLE.sub(" ", unicodedata.normalize("NFKC", name))))


def switched_off(rules: Iterable[Rule], config: Config, use: Use) -> tuple[str, ...]:
    """Return the sections that no rule checks any more since the user selected or ignored some."""
    hits = tuple(Hit(rule, 0, Span(0, 0), (), Severity.NOTE, rule.sections.of(use)) for rule in rules)
    left = {section for hit in chosen(hits, config) for section in hit.sections}
    return tuple(dict.fromkeys(section for hit in hits for section in hit.sections if section not in left))


def looking(rules: Iterable[Rule], config: Config, use: Use) -> frozenset[str]:
    """Return the rules that look for something in every document of a use: selected, not ignored, and on no condition."""
    hits = tuple(Hit(rule, 0, Span(0, 0), (), Severity.NOTE, rule.sections.of(use)) for rule in rules)
    left = chosen(tuple(hit for hit in hits if hit.sections), config)
    return frozenset(hit.rule.id for hit in left if hit.rule.when is None and hit.rule.kind not in _ASKED)


def chooses(rules: Sequence[Rule], config: Config) -> frozenset[str]:
    """Return the rules that are selected and not ignored for any use, also those that look on a condition."""
    ids = set()
    for use in Use:
        hits = tuple(Hit(rule, 0, Span(0, 0), (), Severity.NOTE, rule.sections.of(use)) for rule in rules)
        ids |= {hit.rule.id for hit in chosen(tuple(hit for hit in hits if hit.sections), config)}
    return frozenset(ids)


def only_with_service(rules: Iterable[Rule], use: Use) -> tuple[str, ...]:
    """Return the sections that only rules on the AI itself speak of: nothing checks them until an AI is named."""
    kinds = [(rule.kind == "service", section) for rule in rules for section in rule.sections.of(use)]
    others = {section for of_service, section in kinds if not of_service}
    return tuple(dict.fromkeys(section for of_service, section in kinds if of_service and section not in others))


def chosen(hits: Sequence[Hit], config: Config) -> tuple[Hit, ...]:
    """Return the hits whose rule, entity or section is selected and not ignored.

    A hit that cites several sections is selected by any of them. One ignored section does not speak for the others:
    it is taken off the hit, and the hit goes when none is left.
    """
    kept = tuple(hits)
    if config.select:
        selected = _read(config.select)
        kept = tuple(hit for hit in kept if selected.names(hit.rule) or any(map(selected.covers, hit.sections)))
    if config.ignore:
        ignored = _read(config.ignore)
        kept = tuple(left for hit in kept if (left := _without(hit, ignored)))
    return kept


def check_names(config: Config, pack: Pack) -> None:
    """Raise `ConfigError` for the first rule, entity or section of the configuration that the pack does not know."""
    rules = {rule.id for rule in pack.rules}
    entities = {rule.entity for rule in pack.rules if rule.entity}
    sections = {section.id for section in pack.guideline.section}
    keys = {key[:length] for key in map(section_key, sections) for length in range(1, len(key) + 1)}
    for key in ("select", "ignore"):
        for item, name in enumerate(getattr(config, key)):
            if name not in rules and name.upper() not in entities and section_key(name) not in keys:
                raise _unknown(config, key, item, name, rules | entities | sections)
    for item, entry in enumerate(config.allow):
        if entry.rule is not None and entry.rule not in rules:
            raise _unknown(config, "allow", item, entry.rule, rules)


def _read(names: Iterable[str]) -> _Names:
    written = frozenset(names)
    keys = (section_key(name) for name in written)
    return _Names(written, frozenset(name.upper() for name in written), frozenset(key for key in keys if key))


def _without(hit: Hit, ignored: _Names) -> Hit | None:
    if ignored.names(hit.rule):
        return None
    left = tuple(section for section in hit.sections if not ignored.covers(section))
    if left == hit.sections:
        return hit
    return replace(hit, sections=left) if left else None


def _unknown(config: Config, key: str, item: int, name: str, known: Iterable[str]) -> ConfigError:
    problem = (
        f"「{name}」という規則はありません。" if key == "allow" else f"「{name}」という規則、種類、条項はありません。"
    )
    hint = suggest(name, known) or "「aiguard rule」で規則の、「aiguard guideline」で条項の一覧を見られます。"
    return ConfigError(problem, file=config.origin(key, item) or "設定", key=key, hint=hint)
