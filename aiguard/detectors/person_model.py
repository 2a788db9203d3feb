"""Find names with a model: a linear-chain conditional random field over the words of a sentence.

It only adds to what the rules find, and sees only the sentences that may hold a name no rule is sure of.
`benchmarks/train_names.py` trains it. Labels: U a name of one word, B, I, L the parts of a longer one, O none; P a
person, Q one in public (history, arts, offices), the other letters places and things.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from aiguard.crf import OUTSIDE, STEPS, chances, open_field
from aiguard.detectors.person import KANJI, Found
from aiguard.detectors.person_features import features
from aiguard.lexicon import COMMON, FOREIGN, GIVEN, PLACE, SURNAME, WordFacts, open_words
from aiguard.morph import Token, tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aiguard.crf import Field, Scores

_KATAKANA = re.compile("[ァ-ヶー]{2,}")
_KANJI_RUN = re.compile(rf"{KANJI}{{2,}}")
_NAME, _THING = SURNAME | GIVEN | FOREIGN, COMMON | PLACE
_SHORT = 2
UNIT = re.compile(r"[^\n。]*(?:\n|。|\Z)")
PERSONS = "PQ"
REACH = 3  # words on both sides of one that may be of a name, with which paths are followed
COLD = 2 * STEPS  # by which being outside outweighs all labels of persons, for a word to be of no name
LEAST = 0.4  # the probability from which a name counts
SURE = 0.97  # ... and from which it counts as that of a person
PUBLIC = 0.95  # ... and of one in public


class Person(NamedTuple):
    """Hold the numbers of the labels for a kind of person: a name of one word, the parts of a longer one."""

    one: int
    first: int
    last: int
    inner: int


class Model(NamedTuple):
    """Hold what the model needs: the words it knows, the field with its weights, and its labels for persons."""

    facts: Callable[[str], WordFacts]
    field: Field
    persons: tuple[Person, ...]
    own: tuple[int, ...]
    outside: int


def open_model(words: str, features: str, weights: str) -> Model:
    """Open the lexicon, the trie of the features and the table of their weights by their paths."""
    field = open_field(features, weights)
    persons = tuple(Person(*[field.labels.index(part + kind) for part in "UBLI"]) for kind in PERSONS)
    own = tuple(label for person in persons for label in person)
    return Model(open_words(words), field, persons, own, field.labels.index(OUTSIDE))


def likely_places(text: str, facts: Callable[[str], WordFacts]) -> Iterator[int]:
    """Yield where words begin that only the context tells from names: kanji that names have, unknown katakana.

    This is the cheap test that spares the model most sentences of an office: it looks words up and cuts nothing.
    """
    for match in _KATAKANA.finditer(text):
        flags = facts(match.group()).flags
        joined = "・" in (text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1])
        if (flags & _NAME and (joined or not flags & COMMON)) or (not flags & _THING and len(match.group()) > _SHORT):
            yield match.start()
    for match in _KANJI_RUN.finditer(text):
        flags = facts(text[match.start() : match.start() + _SHORT]).flags
        if flags & _NAME and not flags & (COMMON if flags & SURNAME else _THING):
            yield match.start()


def modelled_names(model: Model, text: str, places: Iterable[int]) -> Iterator[Found]:
    """Yield the names that the model sees in the sentences that hold one of the places (ascending)."""
    stretches = list(units(text, places))
    for words in by_unit(tokens_in(text, stretches), stretches):
        yield from _labelled(model, text, words)


def units(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the sentences and lines that hold one of the places."""
    done = 0
    for at in places:
        if at >= done:
            start = max(done, *(text.rfind(mark, done, at) + 1 for mark in "\n。"))
            match = UNIT.match(text, at)
            done = match.end() if match else len(text)
            yield start, done


def by_unit(words: Sequence[Token], stretches: Sequence[tuple[int, int]]) -> Iterator[list[Token]]:
    """Yield the words of each stretch."""
    starts = [start for start, _ in stretches]
    rows: list[list[Token]] = [[] for _ in stretches]
    for word in words:
        rows[bisect_right(starts, word[0]) - 1].append(word)
    return (row for row in rows if row)


def _labelled(model: Model, text: str, words: Sequence[Token]) -> Iterator[Found]:
    first, last = words[0][0], words[-1][1]
    shifted = [(start - first, end - first, tag) for start, end, tag in words]
    items = [
        model.field.scores(total)
        for total in features(text[first:last], shifted, model.facts, model.field.weights.total)
    ]
    for part in _warm(model, items):
        likely = chances(
            model.field, items[part.start : part.stop], before=part.start > 0, after=part.stop < len(items)
        )
        for begin, end in _spans(model, likely):
            private, public = (_chance(kind, likely, begin, end) for kind in model.persons)
            yield Found(words[part[begin]][0], words[part[end]][1], (_evidence(private, public),))


def _warm(model: Model, items: Sequence[Scores]) -> Iterator[range]:
    """Yield the words near those that may be of a name, as ranges of their numbers that do not touch."""
    begin = end = 0
    for i, item in enumerate(items):
        if max([item[label] for label in model.own]) < item[model.outside] - COLD:
            continue
        if i - REACH > end:
            if end:
                yield range(begin, end)
            begin = i - REACH
        end = min(i + REACH + 1, len(items))
    if end:
        yield range(begin, end)


def _spans(model: Model, likely: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last word of each name of a person, where nothing else is likelier of a word."""
    begin = -1
    for i, row in enumerate(likely):
        best = max(row)
        if best < LEAST:
            continue
        for kind in model.persons:
            if row[kind.one] == best:
                yield i, i
            elif row[kind.last] == best and begin >= 0 and likely[begin][kind.first] >= LEAST:
                yield begin, i
            elif row[kind.first] == best:
                begin = i
                break
        else:
            if all(row[kind.inner] != best for kind in model.persons):
                begin = -1


def _evidence(private: float, public: float) -> str:
    """Name what was seen: somebody in public, a person, or something that may be one."""
    if public >= PUBLIC:
        return "famous"
    return "model" if private + public >= SURE else "seen"


def _chance(kind: Person, likely: Sequence[Sequence[float]], begin: int, end: int) -> float:
    """Return how sure the model is of a name: the least probability of its first and last word."""
    return likely[begin][kind.one] if begin == end else min(likely[begin][kind.first], likely[end][kind.last])
