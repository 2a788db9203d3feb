"""Tell names of AIs from generic words, unfilled slots, other products and other makers."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.text import View, fold, rewrite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.model import AttributionRule

MARK = "\ue000"  # stands for a name; private use, so that a character of a text that looks like it names no AI
# Signs that stand for "to be filled in"; as letters they are only read so where nothing else stands.
BLANKS = "○〇◯●◎△▲×✕*_□■"
_BLANK = re.compile("[xo×〇零ー〜?]+")
_FILL_IN = re.compile(r"(?:を|に|ここ|要)(?:記入|入力|記載|入れ|書)|名称?$|name$")
_TO_FILL = re.compile(f"[{BLANKS}]{{2}}")
_EXAMPLES = re.compile("など|等|例")
_NAME = re.compile("(?=.*[a-z]{2})[^をがはにで]{2,30}")
_TOKEN = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|\d+|[^\W\da-zA-Z_]+")
_EDITION = r"v?\d[\d.]{0,5}[a-z]?|pro|plus|mini|turbo|flash|team|enterprise|sonnet|opus|haiku|gpt"
_VERSION = rf"(?:[ -]?(?:{_EDITION})(?![A-Za-z])){{0,3}}(?:\([^()\n]{{1,40}}\))?"
_NUMBER = r"v?\d+(?:[okb](?=mini|turbo|pro|$|[^a-z]))?"
_NO_KEY = re.compile(r"[\W_]+")


class Kind(StrEnum):
    """Say what fills a slot."""

    NAMED = "named"  # an AI we know
    UNKNOWN = "unknown"  # what may be an AI we do not know
    MIXED = "mixed"  # an AI we know among other words
    GENERIC = "generic"  # "an AI"
    BLANK = "blank"  # nothing, or a placeholder
    NOT_AI = "not-ai"  # a product that is mistaken for an AI
    OTHER = "other"  # an office, a firm, a person, a heading


class Slot(Struct, frozen=True):
    """Hold what a slot was read as, and the AIs named in it, each by its one name."""

    kind: Kind
    names: tuple[str, ...] = ()


class Lexicon(Struct, frozen=True):
    """Hold the words of a pack as keys (see `key`), longest first, and patterns made from them.

    `mention` finds a name, a generic word or a placeholder in running text, whatever stands between its letters.
    """

    services: dict[str, str]
    models: dict[str, str]
    generic: frozenset[str]
    placeholders: frozenset[str]
    not_ai: tuple[str, ...]
    tools: frozenset[str]
    organisations: tuple[str, ...]
    alias: re.Pattern[str]
    model: re.Pattern[str]
    qualifier: re.Pattern[str]
    mention: re.Pattern[str]


def key(text: str) -> str:
    """Reduce a name to what counts when names are compared: no width, case, spaces, punctuation."""
    return _NO_KEY.sub("", fold(text).casefold())


@lru_cache(maxsize=32)
def lexicon(rule: AttributionRule, declared: tuple[str, ...] = ()) -> Lexicon:
    """Prepare the words of `rule`; declared names that it lacks are names of AIs as well."""
    services = {key(alias): service.name for service in rule.services for alias in (service.name, *service.aliases)}
    models = {key(model): service.name for service in rule.services for model in service.models}
    common = {key(word) for word in (*rule.generic, *rule.placeholders, *rule.not_ai, *rule.tools)} | {""}
    for name in declared:
        known = _take(_alternatives(services), services, key(name))[0] or models.get(key(name))
        if not known and key(name) not in common:
            services[key(name)] = fold(name).strip()
    names = [name for one in rule.services for name in (one.name, *one.aliases, *one.models)] + list(declared)
    words = (*rule.generic, *rule.not_ai, *(word for word in (*rule.placeholders, *rule.tools) if "AI" in word))
    return Lexicon(
        services=services,
        models=models,
        generic=frozenset(map(key, rule.generic)),
        placeholders=frozenset(map(key, rule.placeholders)),
        not_ai=tuple(map(key, rule.not_ai)),
        tools=frozenset(map(key, rule.tools)),
        organisations=tuple(map(key, rule.organisations)),
        alias=_alternatives(services),
        model=_alternatives(models),
        qualifier=re.compile(f"{_alternatives(map(key, rule.qualifiers)).pattern}|{_NUMBER}"),
        mention=_in_text((*names, *words)),
    )


def read_slot(words: Lexicon, content: str) -> Slot:
    """Say what `content`, which stands in the place of a name, is."""
    whole = key(content)
    if not whole or _BLANK.fullmatch(whole):
        return Slot(Kind.BLANK)
    names, rest = _names(words, whole)
    if names:
        return _named(words, names, rest)
    if _TO_FILL.search(content) and not whole.endswith(words.organisations):
        return Slot(Kind.BLANK)
    return Slot(_unnamed(words, whole))


def names_in(words: Lexicon, text: str) -> tuple[str, ...]:
    """List the AIs named in a short text, each by its one name, in order."""
    return _names(words, key(text))[0]


def mark_names(view: View, words: Lexicon) -> View:
    """Put one mark in the place of each name of an AI, generic ones and placeholders too."""
    return rewrite(view, words.mention, _mark)


def canonical(words: Lexicon, name: str) -> tuple[str, ...]:
    """Return the names that a declared name means; none where it names no AI."""
    return names_in(words, name) if key(name) else ()


def _mark(_match: re.Match[str]) -> str:
    return MARK


def _named(words: Lexicon, names: tuple[str, ...], rest: str) -> Slot:
    extra = words.qualifier.sub("", rest)
    if not extra:
        return Slot(Kind.NAMED, names)
    if _EXAMPLES.search(extra):
        return Slot(Kind.BLANK)
    return Slot(Kind.OTHER) if extra.endswith(words.organisations) else Slot(Kind.MIXED, names)


def _unnamed(words: Lexicon, whole: str) -> Kind:
    if whole in words.generic or words.qualifier.sub("", whole) in words.generic:
        return Kind.GENERIC
    if whole in words.placeholders or _FILL_IN.search(whole):
        return Kind.BLANK
    if any(product in whole for product in words.not_ai):
        return Kind.NOT_AI
    if whole in words.tools or whole.endswith(words.organisations) or not _NAME.fullmatch(whole):
        return Kind.OTHER
    return Kind.UNKNOWN


def _names(words: Lexicon, whole: str) -> tuple[tuple[str, ...], str]:
    """Take the names out of a key; models count as a name only where no service stands."""
    names, rest = _take(words.alias, words.services, whole)
    models, rest = _take(words.model, words.models, rest)
    return names or models, rest


def _take(pattern: re.Pattern[str], meaning: dict[str, str], whole: str) -> tuple[tuple[str, ...], str]:
    names = dict.fromkeys(meaning[match.group()] for match in pattern.finditer(whole))
    return tuple(names), pattern.sub("", whole)


def _alternatives(keys: Iterable[str]) -> re.Pattern[str]:
    """Match any of the keys, the longest first; nothing where there are none."""
    return re.compile("|".join(map(re.escape, sorted({*keys} - {""}, key=len, reverse=True))) or r"(?!)")


def _in_text(words: Iterable[str]) -> re.Pattern[str]:
    """Match words in running text, with the version behind them: spaces and hyphens may part them where they join."""
    tokens = {tuple(_TOKEN.findall(fold(word))) for word in words} - {()}
    longest_first = sorted(tokens, key=lambda parts: (-len("".join(parts)), parts))
    either = "|".join(r"[ \n・._-]?".join(map(re.escape, parts)) for parts in longest_first)
    starts = re.escape("".join(sorted({parts[0][0] for parts in tokens})))
    if not either:
        return re.compile(r"(?!)")
    return re.compile(rf"(?=[{starts}])(?<![A-Za-z])(?:{either})(?![A-Za-z]){_VERSION}", re.IGNORECASE)
