"""Weigh what a prompt is about: a linear classifier over its letters and its words.

A score is the sum of what each run of one to three letters and each word adds, for the whole prompt and once more for
its task alone; the logistic function makes it a probability (Cox 1958). The weights stand in a trie that is mapped
into memory, with a small head beside it; `benchmarks/train_meaning.py` makes both. A record is the inverse document
frequency of a run of letters, and its weights: a signed byte for each view and class.
"""

from __future__ import annotations

import re
from math import exp, sqrt
from operator import add, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 3  # letters of a run
CLASSES = ("confidential", "undecided", "internal", "misuse", "works", "judgement", "publicity")
VIEWS = 2  # the whole prompt, its task
RECORD = f"<B{VIEWS * len(CLASSES)}b"
REMEMBERED = 50_000  # records that are kept in memory
FEW = 2  # added to the number of words, so that few words weigh little
RUN, WORD = "r", "w"  # what keys of the trie begin with
_DIGITS = re.compile("[0-9]+")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_HIRAGANA = re.compile("[ぁ-ん]{1,2}")
_TELLING = re.compile("[ぁ-んァ-ヶ一-龥a-z]")


Record = tuple[Any, ...]


class Records(dict[str, "Record | None"]):
    """Look records up once: the square of the frequency, then the weights of each view; None for what is not known."""

    def __init__(self, trie: Any, lead: str) -> None:  # noqa: ANN401 - no stubs are published
        super().__init__()
        self._trie, self._lead = trie, lead

    def __missing__(self, key: str) -> Record | None:
        """Read a record from the trie."""
        if len(self) >= REMEMBERED:
            self.clear()
        row = next(iter(self._trie.get(self._lead + key, ())), None)
        size = len(CLASSES)
        record = row and (row[0] * row[0], *(row[1 + view * size : 1 + (view + 1) * size] for view in range(VIEWS)))
        self[key] = record
        return record


class Classifier(NamedTuple):
    """Hold the weights of runs and of words; a weight is its byte times the scale of its kind."""

    of_runs: Records
    of_words: Records
    bias: tuple[float, ...]
    runs: float
    words: float
    frequency: float


class Weighed(NamedTuple):
    """Hold the probability of each class, and for a class the words that speak for it most."""

    chances: tuple[float, ...]
    words: dict[str, tuple[float, ...]]


def open_classifier(trie: str, head: str) -> Classifier:
    """Open the weights by the paths of the trie and of its head (JSON)."""
    from json import loads
    from pathlib import Path

    import marisa_trie

    known = marisa_trie.RecordTrie(RECORD)
    known.mmap(trie)
    told = loads(Path(head).read_text(encoding="utf-8"))
    bias = tuple(told["bias"])
    return Classifier(Records(known, RUN), Records(known, WORD), bias, told["runs"], told["words"], told["frequency"])


def plain(text: str) -> str:
    """Return a text as it is weighed: folded, lower case, each number one 0, each gap one space."""
    return _SPACE.sub(" ", _DIGITS.sub("0", fold(text).lower())).strip()


def runs(text: str) -> set[str]:
    """Return the runs of one to three letters of a plain text."""
    return {text[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(text) - size + 1)}


def telling(words: Iterable[str]) -> set[str]:
    """Return the words that can tell something: no numbers, no marks, no particles."""
    return {word for word in words if _TELLING.search(word) and not _HIRAGANA.fullmatch(word)}


def weigh(known: Classifier, views: Sequence[tuple[str, Iterable[str]]]) -> Weighed:
    """Return the chances of each class for the views of a prompt, each a plain text and its words."""
    scores = list(known.bias)
    spoken: dict[str, tuple[float, ...]] = {}
    for view, (text, words) in enumerate(views, start=1):
        sums, norm = _runs_of(known, text, view)
        scores = [score + each * norm for score, each in zip(scores, sums, strict=True)]
        own = telling(words)
        share = known.words / (len(own) + FEW)
        for word in own:
            if record := known.of_words[word]:
                told = tuple([share * weight for weight in record[view]])
                scores = [score + each for score, each in zip(scores, told, strict=True)]
                spoken[word] = tuple(map(add, spoken[word], told)) if word in spoken else told
    return Weighed(tuple([1 / (1 + exp(-max(-30.0, min(30.0, score)))) for score in scores]), spoken)


def _runs_of(known: Classifier, text: str, view: int) -> tuple[list[int], float]:
    """Sum the weights of the runs of a text; return the sums, and what scales them to unit length."""
    found = list(filter(None, map(known.of_runs.__getitem__, runs(text))))
    if not found:
        return [0] * len(CLASSES), 0.0
    sums = [sum(column) for column in zip(*map(itemgetter(view), found), strict=True)]
    return sums, known.runs / (known.frequency * sqrt(sum(map(itemgetter(0), found))) or 1.0)
