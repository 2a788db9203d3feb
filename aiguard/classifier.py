"""Weigh what a prompt is about: a linear classifier over its letters and its words.

A score is the sum of what each run of one to three letters and each word adds, for the whole prompt and once more for
its task alone; the logistic function makes it a probability (Cox 1958). The weights of words stand in a trie that is
mapped into memory. Those of runs stand in a table, since a text holds a thousand runs of which most are in neither: a
dictionary tells so in no time. `benchmarks/train_meaning.py` makes both, and a small head. A record is the inverse
document frequency of a run of letters, and its weights: a signed byte for each view and class.

In memory a record is one integer, with 32 bits for the square of the frequency and for each weight, so that adding
integers adds all of them at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count, groupby
from math import exp, sqrt
from operator import add
from struct import calcsize, pack, unpack, unpack_from
from typing import TYPE_CHECKING, Any, NamedTuple

from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CLASSES = ("confidential", "undecided", "internal", "misuse", "works", "judgement", "publicity")
VIEWS = 2  # the whole prompt, its task
RECORD = f"<B{VIEWS * len(CLASSES)}b"
REMEMBERED = 50_000  # records that are kept in memory
FEW = 2  # added to the number of words, so that few words weigh little
_DIGITS = re.compile("[0-9]+")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_HIRAGANA = re.compile("[ぁ-ん]{1,2}")
_TELLING = re.compile("[ぁ-んァ-ヶ一-龥a-z]")


_FIELD = 32  # bits: the squares of all runs there are (30,000 of a byte each) fit
_FIELDS = 1 + VIEWS * len(CLASSES)
_MIDDLE = 1 << (_FIELD - 1)
_LIFT = sum(_MIDDLE << (_FIELD * at) for at in range(_FIELDS))  # makes every field positive


class Words(dict[str, int]):
    """Look words up once, each as one integer; 0 for what is not known."""

    def __init__(self, trie: Any) -> None:  # noqa: ANN401 - no stubs are published
        super().__init__()
        self._trie = trie

    def __missing__(self, word: str) -> int:
        """Read a record from the trie."""
        if len(self) >= REMEMBERED:
            self.clear()
        row = next(iter(self._trie.get(word, ())), None)
        record = self[word] = packed((0, *row[1:])) if row else 0
        return record


class Runs(dict[str, int]):
    """Look known runs up once, each as one integer; `places` are those that begin with a letter seen."""

    def __init__(self, table: bytes) -> None:
        super().__init__()
        keys, _, self._rows = table.partition(b"\0")
        self.places: dict[str, int] = {}
        self._unread: dict[str, tuple[str, int]] = {}
        at = 0
        for line in keys.decode("utf-8").split("\n"):
            self._unread[line[0]] = (line, at)
            at += line.count("\t") + 1

    def __missing__(self, run: str) -> int:
        """Read a record from the table."""
        squared, *weights = unpack_from(RECORD, self._rows, self.places[run] * calcsize(RECORD))
        record = self[run] = packed((squared * squared, *weights))
        return record

    def known(self, text: str) -> Iterator[str]:
        """Return the known runs of a text, each once; what begins with a letter is read when one comes up.

        A letter counts as read only once it is, so that threads may share the table.
        """
        for letter in self._unread.keys() & set(text):
            line, at = self._unread.get(letter, ("", 0))
            if line:
                self.places.update(zip(line.split("\t"), count(at), strict=False))
                self._unread.pop(letter, None)
        return filter(self.places.__contains__, runs(text))


def table_of(rows: Iterable[tuple[str, tuple[int, ...]]]) -> bytes:
    """Write records of runs as a table: the runs, a line for each first letter, a NUL, and the records."""
    ordered = sorted(rows)
    lines = ("\t".join(run for run, _ in group) for _, group in groupby(ordered, key=lambda row: row[0][0]))
    return b"\0".join(("\n".join(lines).encode(), b"".join(pack(RECORD, *row) for _, row in ordered)))


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

    of_runs: Runs
    of_words: Words
    bias: tuple[float, ...]
    runs: float
    words: float
    frequency: float


class Weighed(NamedTuple):
    """Hold the probability of each class, and the words of each view that can tell something."""

    chances: tuple[float, ...]
    words: tuple[frozenset[str], ...]


def open_classifier(trie: str, table: str, head: str) -> Classifier:
    """Open the weights by the paths of the trie of words, of the table of runs, and of their head (JSON)."""
    from json import loads
    from pathlib import Path

    import marisa_trie

    known = marisa_trie.RecordTrie(RECORD)
    known.mmap(trie)
    told = loads(Path(head).read_text(encoding="utf-8"))
    bias = tuple(told["bias"])
    of_runs = Runs(Path(table).read_bytes())
    return Classifier(of_runs, Words(known), bias, told["runs"], told["words"], told["frequency"])


def plain(text: str) -> str:
    """Return a text as it is weighed: folded, lower case, each number one 0, each gap one space."""
    return _SPACE.sub(" ", _DIGITS.sub("0", fold(text).lower())).strip()


def runs(text: str) -> set[str]:
    """Return the runs of one to three letters of a plain text."""
    pairs = list(map(add, text, text[1:]))
    return {*text, *pairs, *map(add, pairs, text[2:])}


def telling(words: Iterable[str]) -> set[str]:
    """Return the words that can tell something: no numbers, no marks, no particles."""
    return set(filter(_tells, set(words)))


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
        found = unpacked(sum(map(known.of_runs.__getitem__, known.of_runs.known(text))))
        seen, norm = _weights(found, view), known.runs / (known.frequency * sqrt(found[0]) or 1.0)
        said = _weights(unpacked(sum(map(known.of_words.__getitem__, own))), view)
        share = _share(known, own)
        scores = tuple([score + a * norm + b * share for score, a, b in zip(scores, seen, said, strict=True)])
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


def _weights(fields: tuple[int, ...], view: int) -> tuple[int, ...]:
    return fields[1 + view * len(CLASSES) : 1 + (view + 1) * len(CLASSES)]
