"""A conditional random field is labelled as all of its paths together say, and as CRFsuite, which trains it, says."""

from __future__ import annotations

from itertools import pairwise, product
from math import exp, fsum
from typing import TYPE_CHECKING

import marisa_trie
import pycrfsuite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiguard.crf import REMEMBERED, STEPS, Field, Weights, chances, field_of, open_field, written

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = Weights(None, [], b"")
LABELS = ("O", "B", "L")
STEP = st.integers(-3 * STEPS, 3 * STEPS)
TRANSITIONS = st.dictionaries(st.tuples(st.sampled_from(range(3)), st.sampled_from(range(3))), STEP, max_size=9)


def _field(transitions: dict[tuple[int, int], int], features: dict[str, dict[int, int]], folder: Path) -> Field:
    trie, table = written(LABELS, [(*pair, weight) for pair, weight in transitions.items()], features)
    trie.save(str(folder / "field.marisa"))
    (folder / "field.weights").write_bytes(table)
    return open_field(str(folder / "field.marisa"), str(folder / "field.weights"))


@settings(max_examples=80, deadline=None)
@given(
    TRANSITIONS, st.lists(st.tuples(STEP, STEP, STEP), min_size=1, max_size=5), st.tuples(st.booleans(), st.booleans())
)
def test_the_chance_of_a_label_is_the_share_of_the_paths_through_it(
    transitions: dict[tuple[int, int], int], items: list[tuple[int, int, int]], cut: tuple[bool, bool]
) -> None:
    before, after = cut
    field = field_of(LABELS, [(*pair, weight) for pair, weight in transitions.items()], NOTHING)

    def weight(path: tuple[int, ...]) -> float:
        own = sum(item[label] for item, label in zip(items, path, strict=True))
        return exp(
            (own + sum(transitions.get(step, 0) for step in pairwise((0,) * before + path + (0,) * after))) / STEPS
        )

    weighed = {path: weight(path) for path in product(range(3), repeat=len(items))}
    total = fsum(weighed.values())
    for at, row in enumerate(chances(field, items, before=before, after=after)):
        for label, chance in enumerate(row):
            assert chance == pytest.approx(
                fsum(w for path, w in weighed.items() if path[at] == label) / total, abs=1e-9
            )


def test_a_very_long_sequence_neither_overflows_nor_vanishes() -> None:
    field = field_of(LABELS, [(0, 0, 9 * STEPS), (1, 2, -9 * STEPS)], NOTHING)
    rows = chances(field, [(0, 300 * STEPS, -300 * STEPS)] * 20_000)
    assert all(sum(row) == pytest.approx(1) for row in rows)
    assert rows[10_000][1] == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-(2**15), 2**15 - 1)), max_size=100))
def test_added_weights_of_all_labels_stay_apart(weights: list[tuple[int, int]]) -> None:
    trie, table = written(LABELS, [], {str(i): {label: weight} for i, (label, weight) in enumerate(weights)})
    assert len(table) > len(weights) * 3
    sums = [sum(weight for label, weight in weights if label == at) for at in range(3)]
    total = sum(weight << (32 * label) for label, weight in weights)
    scores = field_of(LABELS, [], NOTHING).scores(total)
    assert [score - scores[0] for score in scores] == [each - sums[0] for each in sums]
    assert len(trie) == len(weights)


def test_features_without_weights_say_nothing_and_do_not_pile_up(tmp_path: Path) -> None:
    field = _field({}, {"w=小暮": {1: 5, 2: -7}, "w=課": {0: 3}}, tmp_path)
    assert field.weights.total("w=小暮\nw=課\nw=無") == (5 << 32) - (7 << 64) + 3
    for number in range(2 * REMEMBERED):
        assert field.weights[f"w={number}"] == 0
    assert len(field.weights) <= REMEMBERED
    assert field.weights["w=課"] == 3


def test_the_chances_are_those_of_crfsuite(tmp_path: Path) -> None:
    rows = [["a=x", "b"], ["a=y", "c"], ["a=x", "c"], ["a=z"]]
    labels = ["O", "B", "L", "O"]
    trainer = pycrfsuite.Trainer(verbose=False)
    for shift in range(4):
        trainer.append(rows[shift:] + rows[:shift], labels[shift:] + labels[:shift])
    trainer.train(str(tmp_path / "model"))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(tmp_path / "model"))
    info = tagger.info()
    order = sorted(info.labels, key=lambda label: int(info.labels[label]))
    features: dict[str, dict[int, int]] = {}
    for (feature, label), weight in info.state_features.items():
        features.setdefault(feature, {})[order.index(label)] = round(weight * STEPS)
    steps = [
        (order.index(one), order.index(to), round(weight * STEPS)) for (one, to), weight in info.transitions.items()
    ]
    trie, table = written(order, steps, features)
    trie.save(str(tmp_path / "trie"))
    (tmp_path / "table").write_bytes(table)
    field = open_field(str(tmp_path / "trie"), str(tmp_path / "table"))
    seen = chances(field, [field.scores(field.weights.total("\n".join(row))) for row in rows])
    tagger.set(rows)
    for at, row in enumerate(seen):
        assert row == pytest.approx([tagger.marginal(label, at) for label in order], abs=0.001)


def test_the_table_does_not_depend_on_the_order_of_the_features() -> None:
    features = {"b": {1: 2, 0: -1}, "a": {2: 9}, "ab": {0: 1}}
    trie, table = written(LABELS, [(0, 1, 4)], features)
    again, same = written(LABELS, [(0, 1, 4)], dict(reversed(features.items())))
    assert table == same
    assert isinstance(trie, marisa_trie.Trie)
    assert trie.tobytes() == again.tobytes()
