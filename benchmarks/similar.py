"""Measure the search for similar works: 2,000 texts of 5,000 letters, drafts that hold an edited copy of one.

python benchmarks/similar.py [WORKS]
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from stocks import SURNAMES

from aiguard.similarity import fingerprints, letters_of, passages
from aiguard.store.works import refresh, shared_with

LENGTH = 5_000
DRAFTS = 60
CLOSING = "お問い合わせは市役所の担当課までお願いします。開庁時間は平日の午前8時30分から午後5時15分までです。"
PARTICLES = "のはをにがとでもへや"


def prose(rng: random.Random, length: int) -> str:
    """Return sentences of words drawn at random."""
    text = ""
    while len(text) < length:
        words = (rng.choice(SURNAMES) + rng.choice(PARTICLES) for _ in range(rng.randint(4, 12)))
        text += "".join(words) + "。"
    return text[:length]


def edited(rng: random.Random, text: str, every: int) -> str:
    """Change a letter in every so many."""
    letters = list(text)
    for at in range(every // 2, len(letters), every):
        letters[at] = rng.choice(PARTICLES)
    return "".join(letters)


def found(index: Path, draft: str, work: Path) -> tuple[bool, int, float]:
    """Tell whether a copy was found, how many other works were named, and the seconds it took."""
    begin = perf_counter()
    letters = letters_of(draft)
    named = [
        Path(shared.path)
        for shared in shared_with(index, fingerprints(letters.text), 0.01)[:20]
        if passages(letters, letters_of(Path(shared.path).read_text(encoding="utf-8")), shared.grams, 40, 0.75)
    ]
    return work in named, sum(path != work for path in named), perf_counter() - begin


def main(count: int) -> None:
    """Index the works, look drafts up, and print a table."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        works = [Path(folder) / "works" / f"{number}.txt" for number in range(count)]
        works[0].parent.mkdir()
        for work in works:
            work.write_text(prose(rng, LENGTH - len(CLOSING)) + CLOSING, encoding="utf-8")
        index = Path(folder) / "index.sqlite3"
        begin = perf_counter()
        refresh(index, works, lambda path: path.read_text(encoding="utf-8"))
        print(f"索引: {count}件 {perf_counter() - begin:.1f}秒 {index.stat().st_size / 1e6:.0f}MB\n")
        print("| 写しの長さ | 何字に1字の手直し | 見つけた | ほかの誤り | 1件の最長(秒) |\n|--:|--:|--:|--:|--:|")
        for length, every in ((60, 1000), (60, 15), (60, 12), (60, 10), (120, 10)):
            outcomes = []
            for _ in range(DRAFTS):
                work = rng.choice(works)
                at = rng.randrange(LENGTH - len(CLOSING) - length)
                copy = edited(rng, work.read_text(encoding="utf-8")[at : at + length], every)
                outcomes.append(found(index, prose(rng, 2_500) + copy + prose(rng, 2_400) + CLOSING, work))
            right, wrong, slowest = (
                sum(o[0] for o in outcomes),
                sum(o[1] for o in outcomes),
                max(o[2] for o in outcomes),
            )
            print(f"| {length} | {every} | {right}/{DRAFTS} | {wrong} | {slowest:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
