"""Find meaning by words that stand together: a cue, and what must or must not stand around it.

Each class is a list of words, of patterns, or both. The cue (`anchor`) is what is reported, once a sentence; each
other class found in its scope is evidence by its name, and a class of `none` found there is a veto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.detectors.reading import SCOPES, Reading, Word, compiled, search, within
from aiguard.model import Match, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping



class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a cues rule. `scope` is where the other classes are looked for; `scopes` sets it for single ones."""

    anchor: str = "anchor"
    words: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, tuple[str, ...]] = {}
    none: tuple[str, ...] = ()
    scope: str = "sentence"
    scopes: dict[str, str] = {}
    gate: tuple[str, ...] = ()


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class."""
    return spec.words | {"gate": spec.gate}


def gates(spec: Spec) -> tuple[str, ...]:
    """Return the classes of which a word must stand in the text; an anchor of patterns needs a gate to be cheap."""
    if spec.anchor not in spec.patterns:
        return (spec.anchor,)
    return (spec.anchor, "gate") if spec.gate else ()


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    known = set(spec.words) | set(spec.patterns)
    if spec.anchor not in known:
        return "anchor", f"語の組「{spec.anchor}」が words にも patterns にもありません"
    unknown = [name for name in (*spec.none, *spec.scopes) if name not in known]
    if unknown:
        return "none", f"語の組「{unknown[0]}」がありません"
    if wrong := [scope for scope in (spec.scope, *spec.scopes.values()) if scope not in SCOPES]:
        return "scope", f"「{wrong[0]}」は使えません（使えるもの: {'、'.join(SCOPES)}）"
    return None


def patterns(spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return tuple(pattern for group in spec.patterns.values() for pattern in group)


def find(spec: Spec, _view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield one match a sentence: its first cue that no veto touches."""
    others = [name for name in dict.fromkeys((*spec.words, *spec.patterns)) if name != spec.anchor]
    done = -1
    for span in sorted(_anchors(spec, reading, words)):
        sentence = reading.sentence(span.start)
        if sentence.start == done:
            continue
        seen = [name for name in others if _stands(spec, name, reading, words, span)]
        if not set(seen) & set(spec.none):
            done = sentence.start
            yield Match(0, span, (spec.anchor, *seen))


def _anchors(spec: Spec, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Span]:
    for word in words.get(spec.anchor, ()):
        yield Span(word.start, word.end)
    for pattern in spec.patterns.get(spec.anchor, ()):
        for match in search(pattern, reading.text.text):
            group = "value" if "value" in match.re.groupindex and match.start("value") >= 0 else 0
            yield reading.text.to_source(*match.span(group))


def _stands(spec: Spec, name: str, reading: Reading, words: Mapping[str, list[Word]], anchor: Span) -> bool:
    scope = reading.scope(spec.scopes.get(name, spec.scope), anchor)
    if any(not _overlap(word, anchor) for word in within(words.get(name, []), scope.start, scope.end)):
        return True
    start, end = reading.text.from_source(scope.start), reading.text.from_source(scope.end)
    return any(compiled(p).search(reading.text.text, start, end, timeout=2.0) for p in spec.patterns.get(name, ()))


def _overlap(word: Word, span: Span) -> bool:
    return word.start < span.end and span.start < word.end
