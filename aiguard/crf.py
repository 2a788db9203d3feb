"""Label the items of a sequence with a linear-chain conditional random field (Lafferty, McCallum, Pereira 2001).

CRFsuite trains it (`benchmarks/train_names.py`); here it is only applied: what CRFsuite asks for, all features of all
items as strings, costs several times the labelling. The weights of a feature for all labels are one integer with 32
bits each, so that adding integers adds all of them at once, and what a word says wherever it stands is added up once.

The weights stand in a trie of the features and a table: a head of one line (JSON: the labels, the transitions, how many
features), where the weights of each feature begin, and pairs of a label and a weight. Weights are in `STEPS` to one.
"""

from __future__ import annotations

import json
from array import array
from itertools import accumulate, starmap
from math import exp
from operator import mul
from pathlib import Path
from struct import iter_unpack, pack, unpack
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STEPS: Final = 8_192
REMEMBERED: Final = 40_000  # features whose weights are kept in memory, known or not
OUTSIDE: Final = "O"
_FIELD: Final = 32  # bits for a label: the sum of a hundred features fits
_MIDDLE: Final = 1 << (_FIELD - 1)
_WEIGHT: Final = "<Bh"
_PLACE: Final = "I"  # of an array: 32 bits
_LARGE: Final = 1e100  # sums beyond are scaled down before they overflow

Scores: TypeAlias = tuple[int, ...]  # of each label, in steps, all moved by the same number
Transition: TypeAlias = tuple[int, int, int]  # from a label, to a label, its weight in steps
Gain: TypeAlias = tuple[int, int, float]  # ... and what it multiplies the share of paths with, less one


class Weights(dict[str, int]):
    """Look features up once, each as one integer; 0 for what has no weight."""

    def __init__(self, trie: Any, starts: Sequence[int], rows: bytes) -> None:  # noqa: ANN401 - no stubs are published
        super().__init__()
        self._trie, self._starts, self._rows = trie, starts, rows

    def __missing__(self, feature: str) -> int:
        """Read the weights of a feature."""
        if len(self) >= REMEMBERED:
            self.clear()
        at = self._trie.get(feature, -1)
        row = self._rows[self._starts[at] : self._starts[at + 1]] if at >= 0 else b""
        weights = self[feature] = sum(weight << (_FIELD * label) for label, weight in iter_unpack(_WEIGHT, row))
        return weights

    def __repr__(self) -> str:
        """Say how many there are: what is remembered is long, and is what texts are made of."""
        return f"<weights of {len(self._starts) - 1} features>"

    def total(self, features: str) -> int:
        """Return the sum of the weights of features, one a line."""
        return sum(map(self.__getitem__, features.split("\n")))


class Field(NamedTuple):
    """Hold a trained field; transitions that are not named weigh nothing.

    `onward` and `back` say what transitions add, forwards and backwards. `lift` makes every part of a sum of weights
    positive.
    """

    labels: tuple[str, ...]
    weights: Weights
    onward: tuple[Gain, ...]
    back: tuple[Gain, ...]
    lift: int

    def edge(self, *, cut: bool) -> list[float]:
        """Return the shares of the labels beyond the first or the last item: outside, or none at all."""
        return [float(cut and label == OUTSIDE) for label in self.labels]

    def scores(self, total: int) -> Scores:
        """Return the score of each label that a sum of weights holds."""
        size = len(self.labels)
        return unpack(f"<{size}{_PLACE}", (total + self.lift).to_bytes(size * _FIELD // 8, "little"))


def open_field(trie: str, table: str) -> Field:
    """Open a field by the paths of the trie of its features and of the table of their weights."""
    import marisa_trie

    head, _, rest = Path(table).read_bytes().partition(b"\n")
    told = json.loads(head)
    starts = array(_PLACE, rest[: 4 * (told["features"] + 1)])
    weights = Weights(marisa_trie.Trie().mmap(trie), starts, rest[4 * len(starts) :])
    return field_of(told["labels"], [(one, other, weight) for one, other, weight in told["transitions"]], weights)


def field_of(labels: Sequence[str], transitions: Sequence[Transition], weights: Weights) -> Field:
    """Return the field of labels, of transitions between them, and of the weights of features."""
    onward = tuple((one, to, exp(weight / STEPS) - 1) for one, to, weight in transitions)
    lift = sum(_MIDDLE << (_FIELD * at) for at in range(len(labels)))
    return Field(tuple(labels), weights, onward, tuple((to, one, gain) for one, to, gain in onward), lift)


def written(
    labels: Sequence[str], transitions: Sequence[Transition], features: Mapping[str, Mapping[int, int]]
) -> tuple[Any, bytes]:
    """Return the trie and the table of a field: of its features, the weights in steps by label."""
    import marisa_trie

    trie = marisa_trie.Trie(features)
    rows = [b"".join(starmap(_packed, sorted(features[trie.restore_key(at)].items()))) for at in range(len(trie))]
    head = json.dumps({"labels": labels, "transitions": transitions, "features": len(rows)}, separators=(",", ":"))
    starts = array(_PLACE, accumulate(map(len, rows), initial=0))
    return trie, b"".join((head.encode(), b"\n", starts.tobytes(), *rows))


def _packed(label: int, weight: int) -> bytes:
    return pack(_WEIGHT, label, weight)


def chances(field: Field, items: Sequence[Scores], *, before: bool = False, after: bool = False) -> list[list[float]]:
    """Return the probability of each label at each item, over all paths (forward-backward, Rabiner 1989).

    Where others stand before or after the items, they are taken to be outside of all that is looked for.
    """
    shares = [_shares(item) for item in items]
    forward = [list(map(mul, shares[0], _passed(field.onward, field.edge(cut=before))))]
    behind = [_passed(field.back, field.edge(cut=after))]
    for share in shares[1:]:
        forward.append(list(map(mul, share, _passed(field.onward, forward[-1]))))
    for share in shares[:0:-1]:
        behind.append(_passed(field.back, list(map(mul, share, behind[-1]))))
    return [_normal(map(mul, one, other)) for one, other in zip(forward, reversed(behind), strict=True)]


def _shares(item: Scores) -> list[float]:
    best = max(item)
    return [exp((score - best) / STEPS) for score in item]


def _passed(gains: Sequence[Gain], shares: Sequence[float]) -> list[float]:
    """Return what reaches each label: all there is, and what transitions add to it or take away.

    The best label of each item has the share 1, so that sums can only grow.
    """
    total = sum(shares) or 1.0
    if total > _LARGE:
        shares, total = [share / total for share in shares], 1.0
    reached = [total] * len(shares)
    for one, to, gain in gains:
        reached[to] += shares[one] * gain
    return reached


def _normal(shares: Iterable[float]) -> list[float]:
    shares = list(shares)
    total = sum(shares)
    return [share / total for share in shares]
