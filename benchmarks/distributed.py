"""Measure what a million prompts cost on a cluster of this machine: python benchmarks/distributed.py [WORKERS].

Invented prompts of one size each, as JSON Lines, scanned at three sizes. What grows with the number of prompts is told
apart from what a run costs at all (Ray, its actors, their rules). Needs the extra `ray`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final

SIZES: Final = (10_000, 20_000, 40_000)
TEXTS: Final = (
    "次の会議の議事録を、見出しをつけて三百字ほどにまとめてください。出席者は五名で、議題は駅前の駐輪場の使い方です。",
    "市民からの問い合わせへの返事の案を作ってください。連絡先は090-7361-{:04}です。道路の補修の時期を聞かれています。",
    "防災訓練のお知らせの文章を、子どもにも分かる言葉に直してください。日時と場所は変えないでください。",
    "図書館の来館者数の表から、月ごとの増え方を説明する文章を作ってください。",
)


def write(file: Path, count: int) -> None:
    """Write so many prompts, a quarter of them with a telephone number."""
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            text = TEXTS[number % len(TEXTS)].format(number % 10_000)
            lines.write(json.dumps({"text": f"{number}件目。{text}"}, ensure_ascii=False) + "\n")


def seconds(file: Path, *engine: str) -> float:
    """Return how long the scan of a file takes, start to end."""
    arguments = ("--column", "text", "--use", "prompt", "--format", "jsonl", "-o", os.devnull, "--quiet")
    begun = perf_counter()
    done = subprocess.run([sys.executable, "-m", "aiguard", "scan", str(file), *arguments, *engine], check=False)
    if done.returncode != 1:
        raise SystemExit(done.returncode)
    return perf_counter() - begun


def main() -> None:
    """Measure and print a line a size."""
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    engines = {"local": ("--jobs", str(workers)), "ray": ("--engine", "ray", "--jobs", str(workers))}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{count}.jsonl" for count in SIZES]
        for file, count in zip(files, SIZES, strict=True):
            write(file, count)
        for name, options in engines.items():
            taken = [seconds(file, *options) for file in files]
            for count, each in zip(SIZES, taken, strict=True):
                print(f"{name} x{workers}: {count:,} prompts {each:.1f} s")
            for at in (0, 1):
                rate = (taken[at + 1] - taken[at]) / (SIZES[at + 1] - SIZES[at])
                core = rate * workers * 1e6 / 3600
                print(f"{name}: from {SIZES[at]:,} to {SIZES[at + 1]:,}: {core:.2f} core hours a million prompts")


if __name__ == "__main__":
    main()
