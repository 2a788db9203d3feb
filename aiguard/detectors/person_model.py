"""Find names with a model: a linear-chain conditional random field (CRFsuite) over the words of a sentence.

It only adds to what the rules find, and sees only the sentences that may hold a name no rule is sure of.
`benchmarks/train_names.py` trains it. Labels: U a name of one word, B, I, L the parts of a longer one, O none; P a
person, Q one in public (history, arts, offices), the other letters places and things.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from aiguard.detectors.person import KANJI, Found
from aiguard.detectors.person_features import features
from aiguard.lexicon import COMMON, FOREIGN, GIVEN, PLACE, SURNAME, WordFacts, open_words
from aiguard.morph import Token, tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_KATAKANA = re.compile("[ァ-ヶー]{2,}")
_KANJI_RUN = re.compile(rf"{KANJI}{{2,}}")
_NAME, _THING = SURNAME | GIVEN | FOREIGN, COMMON | PLACE
_SHORT = 2
UNIT = re.compile(r"[^\n。]*(?:\n|。|\Z)")
PERSONS = "PQ"
LEAST = 0.4  # the probability from which a name counts
SURE = 0.97  # ... and from which it counts as that of a person
PUBLIC = 0.95  # ... and of one in public


class Model(NamedTuple):
    """Hold what the model needs: the words it knows, and the tagger with its weights."""

    facts: Callable[[str], WordFacts]
    tagger: Any


def open_model(words: str, weights: str) -> Model:
    """Open the lexicon and the weights by their paths."""
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    tagger.open(weights)
    return Model(open_words(words), tagger)


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
    model.tagger.set(features(text[first:last], shifted, model.facts))
    begin = 0
    for i, label in enumerate(model.tagger.tag()):
        if label[0] in "UB":
            begin = i
        if label[0] in "UL" and label[1] in PERSONS:
            chances = {kind: _chance(model.tagger, kind, begin, i) for kind in PERSONS}
            if chances[label[1]] >= LEAST:
                yield Found(words[begin][0], words[i][1], (_evidence(chances["P"], chances["Q"]),))


def _evidence(private: float, public: float) -> str:
    """Name what was seen: somebody in public, a person, or something that may be one."""
    if public >= PUBLIC:
        return "famous"
    return "model" if private + public >= SURE else "seen"


def _chance(tagger: Any, kind: str, begin: int, end: int) -> float:  # noqa: ANN401 - no stubs are published
    """Return how sure the model is of a name: the least probability of its first and last word."""
    if begin == end:
        return float(tagger.marginal(f"U{kind}", begin))
    return float(min(tagger.marginal(f"B{kind}", begin), tagger.marginal(f"L{kind}", end)))
