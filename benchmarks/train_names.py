"""Train the model of names.

Usage: python benchmarks/train_names.py [--wikipedia FILE] [--copies N] [--without N] [--out FOLDER]

It learns from the texts of `benchmarks/names/` and, where given, from the tuned rows of ner_wikipedia. Every text is
also seen in copies with other names, and in those some names are hidden from the lexicon, so that the context is
learnt. `--without N` leaves every text out whose hash leaves N when divided by 5, and prints the score on those.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import marisa_trie
import pycrfsuite
from marked import Marked, Sample, marked, sample, texts
from renaming import Stock, renamer

from aiguard.crf import STEPS, written
from aiguard.detectors.person_features import each, features
from aiguard.detectors.person_model import PERSONS, UNIT, by_unit
from aiguard.lexicon import COMMON, PLACE, RECORD, SIGNS, WordFacts, open_words
from aiguard.morph import tokens_in
from aiguard.text import text_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aiguard.morph import Token

HERE = Path(__file__).parent
FOLDS = 5
HELD_OUT = 0
COMMON_PATH = HERE.parent / "patterns" / "common"
WORDS = COMMON_PATH / "lexicons" / "words.marisa"
LONGER = 2  # code points by which a name that is right may be too long
HIDDEN = 0.15  # share of the names that a copy hides from the lexicon
PARAMETERS = {
    "c1": 0.15,
    "c2": 0.3,
    "max_iterations": 140,
    "feature.possible_transitions": True,
    "feature.minfreq": 2,
}
CLASSES = {"PERSON": "P", "LOCATION": "L", "ORGANIZATION": "G", "FACILITY": "C", "PRODUCT": "D", "EVENT": "E"}


class Row(NamedTuple):
    """Hold the features and the labels of a text, and what is needed to score it."""

    features: list[list[bytes]]
    labels: list[str]
    words: list[Token]
    spans: tuple[tuple[int, int, str], ...]
    fold: int
    kind: str


def fold_of(name: str) -> int:
    """Return the fold of a text: the SHA-256 of its name modulo the number of folds."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % FOLDS


def sources(wikipedia: Path | None) -> Iterator[tuple[str, str, Marked]]:
    """Yield (kind, name, text) of all there is to learn from."""
    for file in sorted((HERE / "names").glob("*.txt")):
        if file.stem.startswith("public"):
            lines = filter(None, file.read_text(encoding="utf-8").splitlines())
            yield from (("public", line, marked(line, public=True)) for line in lines)
        elif file.stem.startswith("office"):
            yield from (("office", str(text), text) for text in texts(file.read_text(encoding="utf-8")))
    for folder in ("dev", "office"):
        for line in (HERE.parent / "tests" / "corpus" / folder / "prompts.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            if fold_of(row["id"]) != HELD_OUT:
                yield "office row", row["id"], _labelled(row["text"], row["entities"])
    for line in wikipedia.open(encoding="utf-8") if wikipedia else ():
        row = json.loads(line)
        if fold_of(row["id"]) != HELD_OUT:
            yield "wikipedia", row["id"], _wikipedia(row)


def _labelled(text: str, entities: Sequence[dict[str, str]]) -> Marked:
    """Mark every place where a labelled name stands."""
    names = sorted({one["text"] for one in entities if one["type"] == "PERSON"}, key=len, reverse=True)
    if not names:
        return marked(text)
    return marked(re.sub("|".join(map(re.escape, names)), lambda match: f"[[~{match.group()}]]", text))


def _wikipedia(row: dict[str, object]) -> Marked:
    text, spans = str(row["text"]), row["spans"]
    for start, end, label in sorted(spans, reverse=True):  # type: ignore[call-overload]
        text = f"{text[:start]}[[{CLASSES[label]}:{text[start:end]}]]{text[end:]}"
    return marked(text, public=True)


def rows_of(kind: str, name: str, one: Sample, facts: Callable[[str], WordFacts]) -> Iterator[Row]:
    """Describe the sentences of a text, as the detector cuts them; places in the text view, from the sentence on."""
    view = text_view(one.text)
    spans = [(view.from_source(start), view.from_source(end), label) for start, end, label in one.spans]
    stretches = [match.span() for match in UNIT.finditer(view.text) if match.group().strip()]
    for words in by_unit(tokens_in(view.text, stretches), stretches):
        first, last = words[0][0], words[-1][1]
        inside = tuple(
            (start - first, end - first, label) for start, end, label in spans if first <= start and end <= last
        )
        shifted = [(start - first, end - first, tag) for start, end, tag in words]
        described = features(view.text[first:last], shifted, facts, each)
        yield Row(described, labels(shifted, inside), shifted, inside, fold_of(name), kind)


def labels(words: Sequence[Token], spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """Label each word: U for a name of one word, B, I and L for the parts of a longer one, O outside."""
    found = ["O"] * len(words)
    for start, end, label in spans:
        inside = [i for i, word in enumerate(words) if word[0] < end and word[1] > start]
        for i in inside:
            found[i] = ("B" if i == inside[0] else "L" if i == inside[-1] else "I") + label
        if len(inside) == 1:
            found[inside[0]] = "U" + label
    return found


def hiding(facts: Callable[[str], WordFacts], draw: random.Random) -> Callable[[str], WordFacts]:
    """Return a look-up that does not know some of the names."""
    hidden: dict[str, bool] = {}
    kept = "".join(SIGNS[bit.bit_length() - 1] for bit in (PLACE, COMMON))

    def look(word: str) -> WordFacts:
        known = facts(word)
        if not known.signs or not hidden.setdefault(word, draw.random() < HIDDEN):
            return known
        return WordFacts("".join(sign for sign in known.signs if sign in kept), 0, 0, 0)

    return look


def prepared(job: tuple[list[tuple[str, str, Marked]], int, int]) -> list[Row]:
    """Describe texts, and copies of those that hold a person."""
    items, copies, seed = job
    draw = random.Random(seed)
    facts = open_words(str(WORDS))
    stock = _stock()
    rows = []
    for kind, name, text in items:
        own = list(rows_of(kind, name, sample(text), facts))
        rows += own
        if any(label in PERSONS for row in own for _, _, label in row.spans):
            for _ in range(copies if "office" in kind else 1):
                copy = rows_of(f"{kind} copy", name, sample(text, renamer(stock, draw)), hiding(facts, draw))
                rows += (row for row in copy if any(label in PERSONS for _, _, label in row.spans))
    return rows


def _stock() -> Stock:
    trie = marisa_trie.RecordTrie(RECORD).mmap(str(WORDS))
    common = (HERE / "names" / "common-families.txt").read_text(encoding="utf-8").split()
    return Stock(trie.items(), common)


def train(rows: Sequence[Row], path: Path) -> None:
    """Train a model and write it."""
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(PARAMETERS)
    for row in rows:
        trainer.append(row.features, row.labels)
    trainer.train(str(path))


def write(path: Path, folder: Path) -> None:
    """Write the weights of a model as `aiguard.crf` reads them."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    info = tagger.info()
    labels = sorted(info.labels, key=lambda label: int(info.labels[label]))
    features: dict[str, dict[int, int]] = defaultdict(dict)
    for (feature, label), weight in info.state_features.items():
        if steps := round(weight * STEPS):
            features[feature][labels.index(label)] = steps
    transitions = [
        (labels.index(one), labels.index(other), round(weight * STEPS))
        for (one, other), weight in sorted(info.transitions.items())
    ]
    trie, table = written(labels, transitions, features)
    trie.save(str(folder / "names.marisa"))
    (folder / "names.weights").write_bytes(table)


def silver(rows: list[Row], path: Path) -> list[Row]:
    """Label the places, groups and products of the office's texts with a model of the others, so that all agree."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    return [
        row._replace(labels=_completed(row.labels, tagger.tag(row.features))) if "office" in row.kind else row
        for row in rows
    ]


def _completed(own: list[str], seen: list[str]) -> list[str]:
    done = list(own)
    at = 0
    for match in re.finditer(r"U[LGCDE]|B([LGCDE])(?:I\1)*L\1", "".join(label.ljust(2) for label in seen)):
        first, last = match.start() // 2, match.end() // 2
        if at <= first and all(label == "O" for label in own[first:last]):
            done[first:last] = seen[first:last]
            at = last
    return done


def spans_of(words: Sequence[Token], seen: Sequence[str]) -> list[tuple[int, int]]:
    """Return the spans of persons in a sequence of labels."""
    found = []
    start = None
    for (first, last, _), label in zip(words, seen, strict=True):
        if label[0] in "UB" and label[1] in PERSONS:
            start = first
        if label[0] in "UL" and label[1] in PERSONS and start is not None:
            found.append((start, last))
            start = None
        elif label == "O":
            start = None
    return found


def score(rows: Sequence[Row], path: Path) -> None:
    """Print recall and precision of persons by kind of text, by half of the characters."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    count: Counter[tuple[str, str]] = Counter()
    for row in rows:
        gold = [(start, end) for start, end, label in row.spans if label in PERSONS]
        seen = spans_of(row.words, tagger.tag(row.features))
        count[row.kind, "gold"] += len(gold)
        count[row.kind, "seen"] += len(seen)
        count[row.kind, "found"] += sum(any(_meets(one, other) for other in seen) for one in gold)
        count[row.kind, "right"] += sum(
            any(_meets(other, one) and one[1] - one[0] - other[1] + other[0] <= LONGER for other in gold)
            for one in seen
        )
    for kind in sorted({kind for kind, _ in count}):
        named, told, found, right = (count[kind, name] for name in ("gold", "seen", "found", "right"))
        r, p = found / max(named, 1), right / max(told, 1)
        print(
            f"{kind}: recall {r:.3f} ({found}/{named}), precision {p:.3f} ({right}/{told}), F1 {2 * r * p / max(r + p, 1e-9):.3f}"
        )


def _meets(gold: tuple[int, int], seen: tuple[int, int]) -> bool:
    return 2 * (min(gold[1], seen[1]) - max(gold[0], seen[0])) >= gold[1] - gold[0]


def main() -> None:
    """Train, write the model, and score what was left out."""
    parser = argparse.ArgumentParser(description="氏名のモデルを学習します")
    parser.add_argument("--wikipedia", type=Path)
    parser.add_argument("--copies", type=int, default=3)
    parser.add_argument("--without", type=int, default=None)
    parser.add_argument("--out", type=Path, default=COMMON_PATH)
    options = parser.parse_args()
    items = list(sources(options.wikipedia))
    jobs = [(items[i::8], options.copies, i) for i in range(8)]
    with ProcessPoolExecutor(2) as pool:
        rows = [row for part in pool.map(prepared, jobs) for row in part]
    kept = [row for row in rows if row.fold != options.without]
    with tempfile.TemporaryDirectory() as folder:
        first, last = Path(folder) / "first", Path(folder) / "last"
        train([row for row in kept if "office" not in row.kind and "copy" not in row.kind], first)
        train(silver(kept, first), last)
        write(last, options.out)
        print(f"{options.out}: {len(kept)} texts")
        if options.without is not None:
            score([row for row in rows if row.fold == options.without and "copy" not in row.kind], last)


if __name__ == "__main__":
    main()
