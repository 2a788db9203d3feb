"""Find meaning by words that stand together: a cue, and what must or must not stand around it.

Each class is a list of words, of patterns, or both. The cue (`anchor`) is what is reported; each other class found in
its scope is evidence by its name, and a class of `none` found there is a veto. Further evidence says how the cue stands
in the prompt (`task`, `material`, `pasted`, `asked`, `how`).
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from aiguard.detectors import grow
from aiguard.detectors.reading import SCOPES, TIMEOUT, Reading, Word, search, standing, whole, windows
from aiguard.model import Match, Span
from aiguard.regexes import compiled, may_match

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PARTS = ("task", "material")


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a cues rule.

    `scope` is where the other classes are looked for; `scopes` sets it for single ones. `part` keeps the cue to one
    part of the prompt, the task or the material. `whole` keeps a cue in katakana or Latin letters from matching inside
    a longer word. `every` reports each cue; without, a sentence reports one for the same evidence. Where `enough` other
    classes are seen, that is evidence too, by the name "enough". The classes of `grow` are cues like `anchor`, widened
    to the names that their words are a part of, and evidence by their own name.
    """

    anchor: str = "anchor"
    words: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, tuple[str, ...]] = {}
    none: tuple[str, ...] = ()
    scope: str = "sentence"
    scopes: dict[str, str] = {}
    part: str = ""
    whole: bool = False
    every: bool = False
    enough: int = 0
    grow: dict[str, grow.Grow] = {}
    gate: tuple[str, ...] = ()


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class."""
    return spec.words | {"gate": spec.gate}


def gates(spec: Spec) -> tuple[str, ...]:
    """Return the classes of which a word must stand in the text; an anchor of patterns needs a gate to be cheap."""
    if spec.anchor not in spec.patterns:
        return (spec.anchor, *spec.grow)
    return (spec.anchor, *spec.grow, "gate") if spec.gate else ()


def shown(spec: Spec) -> Mapping[str, str]:
    """Return by evidence the class that alone gives it."""
    return {name: name for name in spec.words if name not in spec.patterns}


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    known = set(spec.words) | set(spec.patterns)
    if spec.anchor not in known:
        return "anchor", f"語の組「{spec.anchor}」が words にも patterns にもありません"
    if unknown := [name for name in (*spec.none, *spec.scopes) if name not in known]:
        return "none", f"語の組「{unknown[0]}」がありません"
    if unknown := [name for name in spec.grow if name not in spec.words]:
        return "grow", f"語の組「{unknown[0]}」が words にありません"
    if wrong := [scope for scope in (spec.scope, *spec.scopes.values()) if scope not in (*SCOPES, *PARTS)]:
        return "scope", f"「{wrong[0]}」は使えません（使えるもの: {'、'.join((*SCOPES, *PARTS))}）"
    if spec.part and spec.part not in PARTS:
        return "part", f"「{spec.part}」は使えません（使えるもの: {'、'.join(PARTS)}）"
    return None


def patterns(spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    own = tuple(pattern for group in spec.patterns.values() for pattern in group)
    return own + tuple(pattern for each in spec.grow.values() for pattern in grow.patterns(each))


def find(spec: Spec, _view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield the cues that no veto touches, in the order of the text."""
    cues = (spec.anchor, *spec.grow)
    others = [name for name in dict.fromkeys((*spec.words, *spec.patterns)) if name not in cues]
    around = _Around(spec, reading, words, {})
    done: set[tuple[int, tuple[str, ...]]] = set()
    last = 0
    for span, name in sorted(_anchors(spec, reading, words), key=lambda cue: (cue[0].start, -cue[0].end)):
        if span.start < last or (spec.part and reading.parts.place(span.start) != spec.part):
            continue
        words_by = {other: word for other in others if (word := _stands(around, other, span)) is not None}
        seen = tuple(words_by)
        if vetoes := set(seen) & set(spec.none):
            if reading.explain:
                yield Match(0, span, (name, *(f"veto:{each}" for each in sorted(vetoes))))
            continue
        last = span.end
        sentence = reading.sentence(span.start).start
        enough = ("enough",) if 0 < spec.enough <= len(seen) else ()
        evidence = (name, *seen, *enough, *standing(reading, span))
        if spec.every or (sentence, evidence) not in done:
            done.add((sentence, evidence))
            said = (f"{other}:{word}" if word else other for other, word in words_by.items())
            yield Match(0, span, (name, *said, *enough, *standing(reading, span)))


def _anchors(spec: Spec, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[tuple[Span, str]]:
    """Yield the places that may be cues, each with the class it is of; of two classes on one span the first counts."""
    for word in words.get(spec.anchor, ()) if spec.anchor not in spec.grow else ():
        if not spec.whole or whole(reading.source, word):
            yield Span(word.start, word.end), spec.anchor
    for pattern in filter(reading.may_hold, spec.patterns.get(spec.anchor, ())):
        for match in search(pattern, reading.text.text):
            group = "value" if "value" in match.re.groupindex and match.start("value") >= 0 else 0
            yield reading.text.to_source(*match.span(group)), spec.anchor
    for name, each in spec.grow.items():
        for span in grow.grown(each, reading, words.get(name, [])):
            yield span, name


class _Around(NamedTuple):
    """Hold what the classes are looked for with; `known` keeps what patterns said of the scope that begins there."""

    spec: Spec
    reading: Reading
    words: Mapping[str, list[Word]]
    known: dict[tuple[str, int], bool]


def _stands(around: _Around, name: str, anchor: Span) -> str | None:
    """Return the word of a class that stands in its scope, an empty string for one of its patterns, or None."""
    scope = around.spec.scopes.get(name, around.spec.scope)
    scopes = _scopes(scope, around.reading, anchor)
    own = around.words.get(name)
    cue = Span(anchor.start, anchor.start) if name in around.spec.none else anchor
    for each in scopes if own else ():
        if word := _word_in(own or [], cue, each):
            return word
    regular = around.spec.patterns.get(name)
    if not regular or not scopes:
        return None
    key = (name, scopes[0].start)
    if key not in around.known or scope == "near":
        around.known[key] = any(_pattern_in(regular, around.reading, each) for each in scopes)
    return "" if around.known[key] else None


def _word_in(words: list[Word], anchor: Span, scope: Span) -> str:
    """Return a word that stands in the scope beside the cue, not in it, if any; for a veto the cue given is empty."""
    inside = (words[i] for i in range(bisect_left(words, (scope.start,)), bisect_left(words, (scope.end,))))
    return next((word.word for word in inside if word.end <= anchor.start or word.start >= anchor.end), "")


def _pattern_in(regular: tuple[str, ...], reading: Reading, scope: Span) -> bool:
    """Search a stretch, window by window as `search` does, so that a long one is bounded too."""
    text = reading.text
    start, end = text.from_source(scope.start), text.from_source(scope.end)
    return any(
        compiled(pattern).search(text.text, first, last, timeout=TIMEOUT)
        for pattern in filter(reading.may_hold, regular)
        if may_match(pattern, text.text, start, end)
        for first, last in windows(text.text, start, end)
    )


def _scopes(scope: str, reading: Reading, anchor: Span) -> tuple[Span, ...]:
    """Return the stretches that a scope means."""
    if scope in PARTS:
        return reading.parts.task if scope == "task" else reading.parts.material
    return (reading.scope(scope, anchor),)
