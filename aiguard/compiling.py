"""Compile a pack for one use: one automaton over all of its words, and who looks for which of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import count
from operator import add
from typing import TYPE_CHECKING, Any

from msgspec import Struct, msgpack
from msgspec.structs import asdict, replace

from aiguard import regexes, stored
from aiguard.detectors import DETECTORS
from aiguard.model import Pack, Rule, Tier, Use
from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiguard.classifier import Classifier
    from aiguard.detectors.person_model import Model

_LONGEST = 3  # code points of a literal
_COMPANY = frozenset({"near", "beside"})
# Evidence that a class of the same name does not give alone: of company, of the grammar of addresses, of the place.
_OTHERWISE = _COMPANY | {
    *("check", "no-check", "grouped", "wrapped", "house", "plot", "area", "city", "own", "bare"),
    *("task", "material", "pasted", "asked", "how", "enough", "veto"),
}


class Tables(Struct, frozen=True):
    """Hold the words of the rules of a pack that apply to one use, and who looks for each word.

    A slot is a class of words of a rule: `slots[i]` names the slots of rule `i`. `owners[n]` lists the slots that
    look for word `n` of `words`; a word of `labels` announces values. The rules of `always` run on every text, a
    rule behind a slot of `gates` only where a word of it stands. The rules of `company` (ids) want to know who is
    near. `needs[i]` says for each tier of rule `i` of which slots a word must stand for it to hold, where that is known
    of all of them. A pattern of `literals` matches only where one of these words stands in the text view; of others nothing is
    known.
    """

    words: tuple[str, ...]
    owners: tuple[tuple[int, ...], ...]
    slots: tuple[dict[str, int], ...]
    labels: frozenset[int]
    company: frozenset[str]
    always: tuple[int, ...]
    gates: dict[int, int]
    needs: tuple[tuple[tuple[int, ...], ...], ...]
    literals: dict[str, tuple[int, ...]]


class Compiled(Tables, frozen=True):
    """Hold what a pack needs to scan for one use. `lexicon` returns the words of a named lexicon, `names` and `classifier` the models."""

    rules: tuple[Rule, ...]
    automaton: Any
    lexicon: Callable[[str], frozenset[str]]
    names: Callable[[], Any] | None
    classifier: Callable[[], Any] | None


def compile_pack(
    pack: Pack,
    use: Use,
    lexicon: Callable[[str, str], frozenset[str]],
    names: Callable[[str], Model] | None = None,
    classifier: Callable[[str], Classifier] | None = None,
) -> Compiled:
    """Prepare the rules of a pack that apply to `use`; regular expressions are compiled on first need."""
    from ahocorasick_rs import AhoCorasick

    rules = tuple(_worded(rule, pack, use) for rule in pack.rules if rule.sections.of(use))
    name, tag = f"words-{use.value}", f"{pack.digest} {' '.join(Tables.__struct_fields__)}"
    known = stored.read(name, tag) if pack.digest else None
    tables = (
        msgpack.decode(known, type=Tables) if known else _tables(rules, whole=bool(pack.digest) and stored.writable())
    )
    if pack.digest and not known:
        stored.write(name, tag, msgpack.encode(tables))
    return Compiled(
        **asdict(tables),
        rules=rules,
        automaton=AhoCorasick(tables.words),
        lexicon=partial(lexicon, pack.root),
        names=partial(names, pack.root) if names else None,
        classifier=partial(classifier, pack.root) if classifier else None,
    )


def _tables(rules: Sequence[Rule], *, whole: bool) -> Tables:
    """List the words; literals take a tenth of a second to work out, so that they are left out where nothing is kept."""
    owners: dict[str, list[int]] = defaultdict(list)
    slots: list[dict[str, int]] = []
    number = count()
    for rule in rules:
        slots.append({})
        for name, words in DETECTORS[rule.kind].classes(rule.spec).items():
            slot = slots[-1][name] = next(number)
            for word in words:
                owners[_folded(word)].append(slot)
    needed = _needed(rules) if whole else {}
    owners |= {word: [] for words in needed.values() for word in words if word not in owners}
    numbers = {word: i for i, word in enumerate(owners)}
    labels = {slot for named in slots for name, slot in named.items() if name == "label"}
    gates = [DETECTORS[rule.kind].gates(rule.spec) for rule in rules]
    return Tables(
        words=tuple(owners),
        owners=tuple(map(tuple, owners.values())),
        slots=tuple(slots),
        labels=frozenset(numbers[word] for word, owned in owners.items() if not labels.isdisjoint(owned)),
        company=frozenset(rule.id for rule in rules if any(map(_wants_company, rule.tiers))),
        always=tuple(i for i, names in enumerate(gates) if not names),
        gates={slots[i][name]: i for i, names in enumerate(gates) for name in names if name in slots[i]},
        needs=tuple(map(_slots_needed, rules, slots)),
        literals={pattern: tuple(numbers[word] for word in words) for pattern, words in needed.items()},
    )


def _slots_needed(rule: Rule, slots: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    """Return by tier the slots without a word of which it cannot hold; nothing where that is not known of a tier."""
    if not (shown := getattr(DETECTORS[rule.kind], "shown", None)):
        return ()
    classes = {name: slots[own] for name, own in shown(rule.spec).items() if own in slots and name not in _OTHERWISE}
    needed = tuple(tuple(classes[need] for need in tier.needs if need in classes) for tier in rule.tiers)
    return needed if all(needed) else ()


def _needed(rules: Sequence[Rule]) -> dict[str, tuple[str, ...]]:
    """Return the words, in lower case, of which one stands in every match of a pattern, where they are telling."""
    patterns = (each for rule in rules for each in DETECTORS[rule.kind].patterns(rule.spec))
    needed = ((pattern, regexes.needed(pattern)) for pattern in dict.fromkeys(patterns))
    return {
        pattern: tuple({_telling(word).lower(): None for word in words})
        for pattern, words in needed
        if words and all(map(_telling, words))
    }


def _telling(word: str) -> str:
    """Return the part of a word to look for everywhere: few characters, kanji first; none where all are common.

    Short parts keep the automaton small. Lower case makes of a sigma what stands around it.
    """
    if "Σ" in word or (len(word) == 1 and not _kanji(word)):
        return ""
    pair = max(map(add, word, word[1:]), key=_kanji, default=word)
    return pair if _kanji(pair) else word[:_LONGEST]


def _kanji(word: str) -> int:
    return sum("\u4e00" <= character <= "\u9fff" for character in word)


def _worded(rule: Rule, pack: Pack, use: Use) -> Rule:
    """Let a rule speak of publishing where the pack has words for its class."""
    words = pack.document.get(rule.category or "") if use is Use.DOCUMENT else None
    return replace(rule, why=words.why, advice=words.advice) if words else rule


@lru_cache(maxsize=8192)
def _folded(word: str) -> str:
    return word.lower() if word.isascii() else fold(word).lower()


def _wants_company(tier: Tier) -> bool:
    return any(need.partition(":")[0] in _COMPANY for need in tier.needs + tier.unless)
