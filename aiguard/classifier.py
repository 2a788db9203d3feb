"""Weigh what a prompt is about: a linear classifier over its letters and its words.

A score is the sum of what each run of one to three letters and each word adds, for the whole prompt and once more for
its task alone; the logistic function makes it a probability (Cox 1958). The weights stand in a trie that is mapped
into memory, with a small head beside it; `benchmarks/train_meaning.py` makes both. A record is the inverse document
frequency of a run of letters, and its weights: a signed byte for each view and class.

In memory a record is one integer, with 32 bits for the square of the frequency and for each weight, so that adding
integers adds all of them at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import exp, sqrt
from operator import add
from struct import pack, unpack
from typing import TYPE_CHECKING, Any, NamedTuple

from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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



_FIELD = 32  # bits: the squares of all runs there are (30,000 of a byte each) fit
_FIELDS = 1 + VIEWS * len(CLASSES)
_MIDDLE = 1 << (_FIELD - 1)
_LIFT = sum(_MIDDLE << (_FIELD * at) for at in range(_FIELDS))  # makes every field positive


class Records(dict[str, int]):
    """Look records up once, each as one integer; 0 for what is not known."""

    def __init__(self, trie: Any, lead: str) -> None:  # noqa: ANN401 - no stubs are published
        super().__init__()
        self._trie, self._lead = trie, lead

    def __missing__(self, key: str) -> int:
        """Read a record from the trie."""
        if len(self) >= REMEMBERED:
            self.clear()
        row = next(iter(self._trie.get(self._lead + key, ())), None)
        record = self[key] = packed((row[0] * row[0], *row[1:])) if row else 0
        return record


def packed(fields: Sequence[int]) -> int:
    """Return numbers as one integer."""
    lifted = pack(f"<{_FIELDS}I", *[number + _MIDDLE for number in fields])
    return int.from_bytes(lifted, "little") - _LIFT


def unpacked(total: int) -> tuple[int, ...]:
    """Return the numbers that a sum of such integers holds: the squares, then the weights of each view."""
    lifted = unpack(f"<{_FIELDS}I", (total + _LIFT).to_bytes(_FIELDS * _FIELD // 8, "little"))
    return tuple([number - _MIDDLE for number in lifted])


class Classifier(NamedTuple):
    """Hold the weights of runs and of words; a weight is its byte times the scale of its kind."""

    of_runs: Records
    of_words: Records
    bias: tuple[float, ...]
    runs: float
    words: float
    frequency: float


class Weighed(NamedTuple):
    """Hold the probability of each class, and the words of each view that can tell something."""

    chances: tuple[float, ...]
    words: tuple[frozenset[str], ...]


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
    return {*text, *map(add, text, text[1:]), *map("".join, zip(text, text[1:], text[2:], strict=False))}


def telling(words: Iterable[str]) -> set[str]:
    """Return the words that can tell something: no numbers, no marks, no particles."""
    return set(filter(_tells, words))


@lru_cache(maxsize=REMEMBERED)
def _tells(word: str) -> bool:
    return _TELLING.search(word) is not None and not _HIRAGANA.fullmatch(word)


def weigh(known: Classifier, views: Sequence[tuple[str, Iterable[str]]]) -> Weighed:
    """Return the chances of each class for the views of a prompt, each a plain text and its words."""
    scores = known.bias
    spoken = []
    for view, (text, words) in enumerate(views):
        own = frozenset(telling(words))
        spoken.append(own)
        told, squares = _summed(known.of_runs, runs(text), view)
        norm = known.runs / (known.frequency * sqrt(squares) or 1.0)
        said, _ = _summed(known.of_words, own, view)
        share = _share(known, own)
        scores = tuple([score + a * norm + b * share for score, a, b in zip(scores, told, said, strict=True)])
    return Weighed(tuple([1 / (1 + exp(-max(-30.0, min(30.0, score)))) for score in scores]), tuple(spoken))


def speaking(known: Classifier, weighed: Weighed, number: int) -> dict[str, float]:
    """Return what each word of a prompt adds to the score of a class."""
    added: dict[str, float] = {}
    for view, own in enumerate(weighed.words):
        share = _share(known, own)
        for word in own:
            if record := known.of_words[word]:
                added[word] = added.get(word, 0.0) + share * _weights(unpacked(record), view)[number]
    return added


def _share(known: Classifier, own: frozenset[str]) -> float:
    """Return what the weight of a word counts for among the words of a view."""
    return known.words / (len(own) + FEW)


def _summed(records: Records, keys: Iterable[str], view: int) -> tuple[tuple[int, ...], int]:
    """Return the sum of the weights of what is found, for each class, and that of the squares of its frequencies."""
    total = unpacked(sum(map(records.__getitem__, keys)))
    return _weights(total, view), total[0]


def _weights(fields: tuple[int, ...], view: int) -> tuple[int, ...]:
    return fields[1 + view * len(CLASSES) : 1 + (view + 1) * len(CLASSES)]
