"""Find names with a model: a linear-chain conditional random field over the words of a sentence.

It only adds to what the rules find, and sees only the sentences that may hold a name no rule is sure of; of these, the
words near those that may be names.
`benchmarks/train_names.py` trains it. Labels: U a name of one word, B, I, L the parts of a longer one, O none; P a
person, Q one in public (history, arts, offices), X what else is named: places, groups, things.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from aiguard.crf import chances, open_field
from aiguard.detectors.person import KANJI, Found
from aiguard.detectors.person_features import features
from aiguard.lexicon import COMMON, FOREIGN, GIVEN, PLACE, SURNAME, WordFacts, open_words
from aiguard.morph import PERSON_TAGS, UNKNOWN, Token, tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aiguard.crf import Field

_KATAKANA = re.compile("[ァ-ヶー]{2,}")
_KANJI_RUN = re.compile(rf"{KANJI}{{2,}}")
_NAME, _THING = SURNAME | GIVEN | FOREIGN, COMMON | PLACE
_SHORT = 2
_NAMING = {"名詞", "固有", UNKNOWN}
UNIT = re.compile(r"[^\n。]*(?:\n|。|\Z)")
PERSONS = "PQ"
REACH = 3  # words on both sides of a likely one that the model sees
LEAST = 0.4  # the probability from which a name counts
SURE = 0.97  # ... and from which it counts as that of a person
PUBLIC = 0.95  # ... and of one in public


class Person(NamedTuple):
    """Hold the numbers of the labels for a kind of person: a name of one word, the first and the last of more."""

    one: int
    first: int
    last: int


class Model(NamedTuple):
    """Hold what the model needs: the words it knows, the field with its weights, and its labels for persons."""

    facts: Callable[[str], WordFacts]
    field: Field
    persons: tuple[Person, ...]


def open_model(words: str, features: str, weights: str) -> Model:
    """Open the lexicon, the trie of the features and the table of their weights by their paths."""
    field = open_field(features, weights)
    persons = [Person(*[field.labels.index(part + kind) for part in "UBL"]) for kind in PERSONS]
    return Model(open_words(words), field, tuple(persons))


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


def modelled_names(model: Model, text: str, places: Sequence[int]) -> Iterator[Found]:
    """Yield the names that the model sees near the places (ascending), in the sentences that hold them."""
    stretches = list(units(text, places))
    for words in by_unit(tokens_in(text, stretches), stretches):
        first, last = words[0][0], words[-1][1]
        inside = sorted(
            {*places[bisect_left(places, first) : bisect_left(places, last)], *_telling(model, text, words)}
        )
        yield from _labelled(model, text, words, inside)


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


def _labelled(model: Model, text: str, words: Sequence[Token], places: Sequence[int]) -> Iterator[Found]:
    first, last = words[0][0], words[-1][1]
    shifted = [(start - first, end - first, tag) for start, end, tag in words]
    parts = list(_near(words, places))
    wanted = [i for part in parts for i in part]
    totals = features(text[first:last], shifted, model.facts, model.field.weights.total, wanted)
    for part in parts:
        items = [model.field.scores(totals[i]) for i in part]
        likely = chances(model.field, items, before=part.start > 0, after=part.stop < len(words))
        for begin, end in _spans(model, likely):
            private, public = (_chance(kind, likely, begin, end) for kind in model.persons)
            yield Found(words[part[begin]][0], words[part[end]][1], (_evidence(private, public),))


def _telling(model: Model, text: str, words: Iterable[Token]) -> Iterator[int]:
    """Yield where words begin that are names for the tokenizer, or for the lexicon and nothing else."""
    for start, end, tag in words:
        if tag in PERSON_TAGS:
            yield start
        elif tag in _NAMING:
            flags = model.facts(text[start:end]).flags
            if not flags & _THING and (flags & _NAME or "ァ" <= text[start] <= "ヿ"):
                yield start


def _near(words: Sequence[Token], places: Iterable[int]) -> Iterator[range]:
    """Yield the words near the places, as ranges of their numbers that do not touch."""
    ends = [end for _, end, _ in words]
    begin = end = 0
    for at in places:
        here = bisect_right(ends, at)
        if here - REACH > end:
            if end:
                yield range(begin, end)
            begin = here - REACH
        end = min(here + REACH + 1, len(words))
    yield range(begin, end)


def _spans(model: Model, likely: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last word of each name of a person; of those that end in a word, the likeliest."""
    begun, free = [-1] * len(model.persons), 0
    for i, row in enumerate(likely):
        ends = [(row[kind.one], i) for kind in model.persons]
        for at, kind in enumerate(model.persons):
            if row[kind.last] >= LEAST and begun[at] >= free:
                ends.append((min(row[kind.last], likely[begun[at]][kind.first]), begun[at]))
            if row[kind.first] >= LEAST:
                begun[at] = i
        chance, begin = max(ends)
        if chance >= LEAST:
            yield begin, i
            free = i + 1


def _evidence(private: float, public: float) -> str:
    """Name what was seen: somebody in public, a person, or something that may be one."""
    if public >= PUBLIC:
        return "famous"
    return "model" if private + public >= SURE else "seen"


def _chance(kind: Person, likely: Sequence[Sequence[float]], begin: int, end: int) -> float:
    """Return how sure the model is of a name: the least probability of its first and last word."""
    return likely[begin][kind.one] if begin == end else min(likely[begin][kind.first], likely[end][kind.last])
