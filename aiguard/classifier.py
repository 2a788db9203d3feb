"""Weigh what a prompt is about: a linear classifier over its letters and its words.

A score is the sum of what each run of one to three letters and each word adds, for the whole prompt and once more for
its task alone; the logistic function makes it a probability (Cox 1958). The weights stand in a trie that is mapped
into memory, with a small head beside it; `benchmarks/train_meaning.py` makes both. A record is the inverse document
frequency of a run of letters, and its weights: a signed byte for each view and class.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import exp, sqrt
from typing import TYPE_CHECKING, NamedTuple

from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LONGEST = 3  # letters of a run
CLASSES = ("confidential", "undecided", "internal", "misuse", "works", "judgement", "publicity")
VIEWS = 2  # the whole prompt, its task
RECORD = f"<B{VIEWS * len(CLASSES)}b"
FEW = 2  # added to the number of words, so that few words weigh little
RUN, WORD = "r", "w"  # what keys of the trie begin with
_DIGITS = re.compile("[0-9]+")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_HIRAGANA = re.compile("[ぁ-ん]{1,2}")
_TELLING = re.compile("[ぁ-んァ-ヶ一-龥a-z]")


class Classifier(NamedTuple):
    """Hold the weights: `get` returns the records of a key; a weight is its byte times the scale of its kind."""

    get: Callable[[str], Sequence[tuple[int, ...]]]
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
    return Classifier(
        lru_cache(maxsize=50_000)(lambda key: known.get(key, ())), tuple(told["bias"]),
        told["runs"], told["words"], told["frequency"],
    )  # fmt: skip


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
    for view, (text, words) in enumerate(views):
        first, last = 1 + view * len(CLASSES), 1 + (view + 1) * len(CLASSES)
        sums, norm = _runs_of(known, text, first, last)
        scores = [score + each * norm for score, each in zip(scores, sums, strict=True)]
        own = telling(words)
        share = known.words / (len(own) + FEW)
        for word in own:
            if record := known.get(WORD + word):
                told = tuple(share * weight for weight in record[0][first:last])
                scores = [score + each for score, each in zip(scores, told, strict=True)]
                spoken[word] = tuple(map(sum, zip(spoken[word], told, strict=True))) if word in spoken else told
    return Weighed(tuple(1 / (1 + exp(-max(-30.0, min(30.0, score)))) for score in scores), spoken)


def _runs_of(known: Classifier, text: str, first: int, last: int) -> tuple[list[int], float]:
    """Sum the weights of the runs of a text; return the sums, and what scales them to unit length."""
    squares = 0
    rows: list[tuple[int, ...]] = []
    for run in runs(text):
        if record := known.get(RUN + run):
            row = record[0]
            squares += row[0] * row[0]
            rows.append(row[first:last])
    sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * len(CLASSES)
    return sums, known.runs / (known.frequency * sqrt(squares)) if squares else 0.0
