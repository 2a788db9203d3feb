"""Run the rules over a document: words first, then only the rules whose words stand there, then tiers.

One Aho-Corasick automaton over the whole text finds every word of the pack; it decides which rules run.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from aiguard.detectors import DETECTORS
from aiguard.detectors.reading import Reading, Word
from aiguard.model import Document, Hit, Match, Pack, Rule, Severity, Span, Unchecked, Use
from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aiguard.model import Segment, Tier

NEAR = 100
BESIDE = 10
_CHUNK = 500_000
_LONGEST = 64
_COMPANY = frozenset({"near", "beside"})


class Compiled(Struct, frozen=True):
    """Hold what a pack needs to scan for one use: its rules, its words, and who looks for each word.

    `owners[i]` lists (rule index, class) for word `i` of `words`; `lexicon` returns the words of a named lexicon.
    """

    rules: tuple[Rule, ...]
    words: tuple[str, ...]
    owners: tuple[tuple[tuple[int, str], ...], ...]
    gates: tuple[tuple[str, ...], ...]
    automaton: Any
    lexicon: Callable[[str], frozenset[str]]


def compile_pack(pack: Pack, use: Use, lexicon: Callable[[str, str], frozenset[str]]) -> Compiled:
    """Prepare the rules of a pack that apply to `use`; regular expressions are compiled on first need."""
    from ahocorasick_rs import AhoCorasick  # noqa: PLC0415

    rules = tuple(rule for rule in pack.rules if rule.sections.of(use))
    owners: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for i, rule in enumerate(rules):
        for name, words in DETECTORS[rule.kind].classes(rule.spec).items():
            for word in words:
                owners[_folded(word)].append((i, name))
    gates = tuple(DETECTORS[rule.kind].gates(rule.spec) for rule in rules)
    words = tuple(owners)
    return Compiled(
        rules, words, tuple(map(tuple, owners.values())), gates, AhoCorasick(words), partial(lexicon, pack.root)
    )


@lru_cache(maxsize=8192)
def _folded(word: str) -> str:
    return word.lower() if word.isascii() else fold(word).lower()


def scan(document: Document, compiled: Compiled) -> tuple[tuple[Hit, ...], tuple[Unchecked, ...]]:
    """Return the hits of a document, unmasked, and the rules that could not be finished in time."""
    hits: list[Hit] = []
    unchecked: list[Unchecked] = []
    for i, segment in enumerate(document.segments):
        found, late = scan_segment(segment, i, document.use, compiled)
        hits += found
        unchecked += late
    return tuple(hits), tuple(unchecked)


def scan_segment(segment: Segment, index: int, use: Use, compiled: Compiled) -> tuple[list[Hit], list[Unchecked]]:
    """Return the hits of one segment, and what could not be finished."""
    reading, words = read_words(segment, compiled)
    matches: list[tuple[Rule, Match]] = []
    unchecked: list[Unchecked] = []
    for i in _active(reading, words, compiled):
        rule = compiled.rules[i]
        try:
            matches += ((rule, match) for match in _find(rule, reading, words[i]))
        except TimeoutError:
            reason = f"規則「{rule.title}」の照合が時間内に終わりませんでした"
            unchecked.append(Unchecked(segment.label, reason))
    return _judged(matches, index, use), unchecked


def _find(rule: Rule, reading: Reading, words: Mapping[str, list[Word]]) -> list[Match]:
    """Run a rule; a rule that exceeds its time gets one more try."""
    find = DETECTORS[rule.kind].find
    try:
        return list(find(rule.spec, rule.view, reading, words))
    except TimeoutError:
        return list(find(rule.spec, rule.view, reading, words))


def read_words(segment: Segment, compiled: Compiled) -> tuple[Reading, Mapping[int, Mapping[str, list[Word]]]]:
    """Find every word of the pack in a segment; return its reading, and the words by rule and class."""
    reading = Reading(segment, lexicon=compiled.lexicon)
    by_rule: dict[int, dict[str, list[Word]]] = defaultdict(lambda: defaultdict(list))
    labels: list[Word] = []
    for number, start, end in _words(reading.text.text, compiled.automaton):
        span = reading.text.to_source(start, end)
        word = Word(span.start, span.end, compiled.words[number])
        is_label = False
        for rule, name in compiled.owners[number]:
            by_rule[rule][name].append(word)
            is_label = is_label or name == "label"
        if is_label:
            labels.append(word)
    reading.labels = _longest(labels)
    return reading, by_rule


def _words(text: str, automaton: Any) -> Iterator[tuple[int, int, int]]:  # noqa: ANN401 - no public type
    """Yield (word, start, end), ascending by end, in pieces that bound the memory taken."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text
    for first in range(0, max(1, len(text)), _CHUNK):
        piece = lowered[first : first + _CHUNK + _LONGEST] if len(text) > _CHUNK else lowered
        for number, start, end in automaton.find_matches_as_indexes(piece, overlapping=True):
            if start < _CHUNK:
                yield number, first + start, first + end


def _longest(words: list[Word]) -> tuple[Word, ...]:
    """Drop the words that lie inside a longer one: 番号 in 個人番号."""
    kept: list[Word] = []
    for word in sorted(words, key=lambda word: (word.start, -word.end)):
        if not kept or word.end > kept[-1].end:
            kept.append(word)
    return tuple(kept)


def _active(reading: Reading, words: Mapping[int, Mapping[str, list[Word]]], compiled: Compiled) -> Iterator[int]:
    numbers = any(character.isdecimal() or character in "〇零一二三" for character in reading.text.text)
    for i, (rule, gates) in enumerate(zip(compiled.rules, compiled.gates, strict=True)):
        if rule.view == "digits" and not numbers:
            continue
        if not gates or (i in words and any(words[i].get(gate) for gate in gates)):
            yield i


def _judged(matches: Sequence[tuple[Rule, Match]], index: int, use: Use) -> list[Hit]:
    """Give each match the severity of the first tier whose evidence is all there; drop those with none."""
    first = [_hit(rule, match, index, use, match.evidence) for rule, match in matches]
    people = sorted((hit.span.start, hit.span.end, hit.rule.entity) for hit in first if hit and _counts(hit))
    hits = []
    for (rule, match), hit in zip(matches, first, strict=True):
        if any(need.partition(":")[0] in _COMPANY for tier in rule.tiers for need in tier.needs + tier.unless):
            if company := _company(people, match.span, rule.entity):
                hit = _hit(rule, match, index, use, match.evidence + company)  # noqa: PLW2901 - judged again
        if hit:
            hits.append(hit)
    return hits


def _counts(hit: Hit) -> bool:
    return hit.rule.entity is not None and hit.severity is not Severity.NOTE


def _company(people: list[tuple[int, int, str | None]], span: Span, own: str | None) -> tuple[str, ...]:
    """Return what of others stands within `NEAR` code points (near:PERSON), and right before (beside:PERSON)."""
    from bisect import bisect_left  # noqa: PLC0415

    first = bisect_left(people, (span.start - 2 * NEAR,))
    last = bisect_left(people, (span.end + NEAR,))
    near = [(end, e) for _, end, e in people[first:last] if e and e != own and end >= span.start - NEAR]
    names = {f"near:{e}" for _, e in near}
    names |= {f"beside:{e}" for end, e in near if 0 <= span.start - end <= BESIDE}
    return tuple(sorted(names))


def _hit(rule: Rule, match: Match, index: int, use: Use, evidence: tuple[str, ...]) -> Hit | None:
    names = {each.partition(":")[0] for each in evidence} | set(evidence)
    tier = next((tier for tier in rule.tiers if _fits(tier, names)), None)
    if tier is None:
        return None
    return Hit(rule, index, match.span, evidence, tier.severity, rule.sections.of(use))


def _fits(tier: Tier, names: set[str]) -> bool:
    return names.issuperset(tier.needs) and names.isdisjoint(tier.unless)
