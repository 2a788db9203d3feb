"""Train the classifier of meaning, and say how well it does on texts of writers it has not seen.

It learns from `benchmarks/meaning/*.jsonl` and the tuned rows of the corpora. The weight of a word comes from its
vector in chiVe (Apache-2.0, as ja_ginza, MIT, ships it), so that words which occur in like places weigh alike.

Usage, in an environment of its own (the vectors are large):
    pip install marisa-trie msgpack numpy scipy scikit-learn fugashi unidic-lite msgspec regex
    pip download --no-deps ja-ginza && unzip -q ja_ginza-*.whl -d ginza
    PYTHONPATH=. python benchmarks/train_meaning.py ginza/ja_ginza/ja_ginza-*/vocab [FOLDER of the public sets]
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import marisa_trie
import msgpack
import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from words import murmur

from aiguard.classifier import CLASSES, FEW, RECORD, VIEWS, plain, runs, table_of, telling
from aiguard.lexicon import COMMON, GIVEN, SURNAME, open_words
from aiguard.morph import tokens
from aiguard.structure import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HERE = Path(__file__).parent
COMMON_PATH = HERE.parent / "patterns" / "common"
SECTIONS = dict(zip(("5(2)", "5(3)", "5(4)", "5(5)", "5(6)", "8.1", "8.3(2)"), CLASSES, strict=True))
FOLDS, HELD_OUT = 5, 0
PUBLIC = {
    "ordinances": 2,
    "ner_wikipedia": 2,
    "corporate_numbers": 4,
    "peer_pii_lines": 1,
    "prompts_office": 1,
    "xsafety_ja": 1,
}
RARE = 2  # texts that a run of letters must stand in
RUNS = 30_000  # runs that are kept: those that weigh most
SHARE = 1.5  # of the words beside the runs
STRENGTH = 10.0  # C of the regularisation
LONGEST_WORD = 8


class Text(NamedTuple):
    """Hold a text as it is weighed: for each view its runs and its words."""

    source: str
    sections: frozenset[str]
    views: tuple[tuple[set[str], set[str]], ...]


def main(vocabulary: Path, public: Path | None = None) -> None:
    """Print the scores of each writer left out, and write the weights made of all."""
    texts = [_read(*row) for row in (*rows(), *(public_rows(public) if public else ()))]
    vectors = Vectors(vocabulary)
    for source in sorted({text.source for text in texts} - {"peer_pii_lines"}):
        seen = [text for text in texts if text.source != source]
        print(source, _scored(seen, [text for text in texts if text.source == source], vectors))
    vocabulary_of_runs = strongest(texts, vectors)
    fitted = fit(texts, vocabulary_of_runs, vectors)
    print(len(texts), "texts,", write(fitted, vocabulary_of_runs, vectors, texts), "bytes")


def rows() -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield (writer, text, sections)."""
    for file in sorted((HERE / "meaning").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield file.stem, row["text"], row["sections"]
    for folder in ("dev", "office", "people"):
        for row in _tuned(HERE.parent / "tests" / "corpus" / folder / "prompts.jsonl"):
            yield folder, row["text"], row["sections"]


def public_rows(folder: Path) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield rows of the public sets: what breaches nothing, and requests for misuse; never those held out."""
    for name, step in PUBLIC.items():
        for row in _tuned(folder / f"{name}.jsonl")[::step]:
            yield name, row["text"], ("5(5)",) if row.get("label") in {"malicious", "injection"} else ()


def _tuned(file: Path) -> list[dict[str, Any]]:
    known = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    return [row for row in known if int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % FOLDS != HELD_OUT]


def _read(source: str, text: str, sections: Iterable[str]) -> Text:
    task = "\n".join(text[span.start : span.end] for span in parts(text).task)
    views = tuple((runs(view), telling(_words(view))) for view in (plain(text), plain(task)))
    return Text(source, frozenset(sections), views)


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in tokens(text)]


class Vectors:
    """Look the vectors of words up, of unit length."""

    def __init__(self, vocabulary: Path) -> None:
        self.strings = json.loads((vocabulary / "strings.json").read_text(encoding="utf-8"))
        rows_ = msgpack.unpackb((vocabulary / "key2row").read_bytes(), strict_map_key=False)
        table = np.load(vocabulary / "vectors").astype(np.float32)
        self.table = table / np.maximum(1e-6, np.linalg.norm(table, axis=1, keepdims=True))
        self.row = {word: row for word in self.strings if (row := rows_.get(murmur(word.encode()))) is not None}

    def mean(self, words: Iterable[str]) -> np.ndarray:
        """Return the sum of the vectors of words, by their number and a few more."""
        known = [self.row[word] for word in sorted(words) if word in self.row]
        return SHARE * self.table[known].sum(0) / (len(known) + FEW) if known else np.zeros(self.table.shape[1])


def table_of_runs(texts: Sequence[Text], known: dict[str, int], frequency: np.ndarray) -> sp.csr_matrix:
    """Return the runs of each view, weighed by frequency, of unit length."""
    width = len(known)
    data, column, start = [], [], [0]
    for text in texts:
        for view, (own, _) in enumerate(text.views):
            here = sorted(known[run] for run in own if run in known)
            weights = frequency[here]
            norm = np.sqrt((weights**2).sum()) or 1.0
            data.append(weights / norm)
            column.append(np.array(here, dtype=np.int64) + view * width)
        start.append(sum(map(len, column[-VIEWS:])) + start[-1])
    return sp.csr_matrix((np.concatenate(data), np.concatenate(column), start), (len(texts), VIEWS * width))


def vocabulary_of(texts: Sequence[Text]) -> tuple[dict[str, int], np.ndarray]:
    """Return the runs of the texts by number, and their inverse document frequencies (as scikit-learn smooths them)."""
    count = Counter(run for text in texts for run in text.views[0][0])
    known = {run: number for number, run in enumerate(sorted(run for run, n in count.items() if n >= RARE))}
    return known, np.array([1 + np.log((1 + len(texts)) / (1 + count[run])) for run in known])


class Fitted(NamedTuple):
    """Hold the weights of runs (view, run, class), of the dimensions of vectors (view, dimension, class), and the bias."""

    runs: np.ndarray
    words: np.ndarray
    bias: np.ndarray


Vocabulary = tuple[dict[str, int], np.ndarray]


def _design(texts: Sequence[Text], vocabulary: Vocabulary, vectors: Vectors) -> sp.csr_matrix:
    means = np.array([np.concatenate([vectors.mean(words) for _, words in text.views]) for text in texts])
    return sp.hstack([table_of_runs(texts, *vocabulary), sp.csr_matrix(means)]).tocsr()


def fit(texts: Sequence[Text], vocabulary: Vocabulary, vectors: Vectors) -> Fitted:
    """Fit a logistic regression for each class."""
    design, width = _design(texts, vocabulary, vectors), len(vocabulary[0])
    models = []
    for section in SECTIONS:
        wanted = np.array([section in text.sections for text in texts])
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500)
        models.append(model.fit(design, wanted))
    weights = np.array([model.coef_[0] for model in models]).T
    return Fitted(
        weights[: VIEWS * width].reshape(VIEWS, width, -1),
        weights[VIEWS * width :].reshape(VIEWS, -1, len(CLASSES)),
        np.array([model.intercept_[0] for model in models]),
    )


def strongest(texts: Sequence[Text], vectors: Vectors) -> Vocabulary:
    """Return the runs that weigh most."""
    known, frequency = vocabulary_of(texts)
    weight = np.abs(fit(texts, (known, frequency), vectors).runs).max(axis=(0, 2)) * frequency
    kept = set(np.argsort(-weight, kind="stable")[:RUNS].tolist())
    chosen = [run for run, number in known.items() if number in kept]
    return {run: number for number, run in enumerate(chosen)}, np.array([frequency[known[run]] for run in chosen])


def _scored(seen: Sequence[Text], unseen: Sequence[Text], vectors: Vectors) -> str:
    vocabulary = vocabulary_of(seen)
    fitted = fit(seen, vocabulary, vectors)
    design = _design(unseen, vocabulary, vectors)
    weights = np.concatenate([fitted.runs.reshape(-1, len(CLASSES)), fitted.words.reshape(-1, len(CLASSES))])
    chances = 1 / (1 + np.exp(-(design @ weights + fitted.bias)))
    wanted = np.array([[section in text.sections for section in SECTIONS] for text in unseen])
    lines = [f"AP {average_precision_score(wanted.ravel(), chances.ravel()):.3f}"] if wanted.any() else []
    for least in (0.5, 0.65, 0.8, 0.9):
        hit = chances >= least
        right = (hit & wanted).sum()
        clean = ~wanted.any(1)
        lines.append(
            f">={least}: R {right / max(1, wanted.sum()):.3f} P {right / max(1, hit.sum()):.3f} alarms {hit[clean].any(1).mean():.3f}"
        )
    return ", ".join(lines)


def write(fitted: Fitted, vocabulary: Vocabulary, vectors: Vectors, texts: Sequence[Text]) -> int:
    """Write the trie of words, the table of runs and their head; return their size in bytes."""
    known, frequency = vocabulary
    step = float(frequency.max() / 255)
    runs_ = fitted.runs * frequency[None, :, None]
    words = vocabulary_of_words(vectors, texts)
    spoken = np.einsum("nd,vdc->vnc", vectors.table[[vectors.row[word] for word in words]], fitted.words) * SHARE
    scale_runs, scale_words = (float(np.quantile(np.abs(each), 0.9999) / 127) for each in (runs_, spoken))
    table = COMMON_PATH / "meaning.runs"
    rows_ = ((run, _record(frequency[n] / step, runs_[:, n] / scale_runs)) for run, n in known.items())
    table.write_bytes(table_of(rows_))
    trie = COMMON_PATH / "meaning.marisa"
    said = [(word, _record(0, spoken[:, n] / scale_words)) for n, word in enumerate(words)]
    marisa_trie.RecordTrie(RECORD, said).save(str(trie))
    head = {"bias": [round(float(each), 6) for each in fitted.bias], "runs": scale_runs, "words": scale_words}
    file = COMMON_PATH / "meaning.json"
    file.write_text(json.dumps(head | {"frequency": step}, indent=1) + "\n", encoding="utf-8")
    return sum(each.stat().st_size for each in (trie, table, file))


def _record(frequency: float, weights: np.ndarray) -> tuple[int, ...]:
    return (round(frequency), *(int(each) for each in np.clip(np.round(weights), -127, 127).ravel()))


def vocabulary_of_words(vectors: Vectors, texts: Sequence[Text]) -> list[str]:
    """Return the words to keep: common nouns of the lexicon and those of the texts; none that is a person's name only."""
    facts = open_words(str(COMMON_PATH / "lexicons" / "words.marisa"))
    used = {word for text in texts for _, own in text.views for word in own}
    kept = []
    for word in telling(vectors.row):
        flags = facts(word).flags
        common = bool(flags & COMMON) and len(word) <= LONGEST_WORD
        if (common or word in used) and not (flags & (SURNAME | GIVEN) and not flags & COMMON):
            kept.append(word)
    return sorted(kept)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
