"""Measure what a million prompts cost on a cluster of this machine: python benchmarks/distributed.py [WORKERS].

Invented prompts of one size each, as JSON Lines in eight files, scanned at three sizes. Told are seconds from start to end,
and those of processors, of all processes that the command began (Linux), which hold also where others share the machine.
What grows with the number of prompts is told apart from what a run costs at all. Needs the extra `ray`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Final

SIZES: Final = (2_000, 4_000, 8_000)
FILES: Final = 8
TEXTS: Final = (
    "次の会議の議事録を、見出しをつけて三百字ほどにまとめてください。出席者は五名で、議題は駅前の駐輪場の使い方です。",
    "市民からの問い合わせへの返事の案を作ってください。連絡先は090-7361-{:04}です。道路の補修の時期を聞かれています。",
    "防災訓練のお知らせの文章を、子どもにも分かる言葉に直してください。日時と場所は変えないでください。",
    "図書館の来館者数の表から、月ごとの増え方を説明する文章を作ってください。",
)
_TICK: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_EVERY: Final = 0.3  # seconds between looks at the processes


def write(folder: Path, count: int) -> None:
    """Write so many prompts, a quarter of them with a telephone number."""
    folder.mkdir()
    for part in range(FILES):
        with (folder / f"{part}.jsonl").open("w", encoding="utf-8") as lines:
            for number in range(part, count, FILES):
                text = TEXTS[number // FILES % len(TEXTS)].format(number % 10_000)
                lines.write(json.dumps({"text": f"{number}件目。{text}"}, ensure_ascii=False) + "\n")


def measured(folder: Path, *engine: str) -> tuple[float, float]:
    """Return how long the scan of a folder takes, start to end, and the seconds of processors that it takes."""
    command = [sys.executable, "-m", "aiguard", "scan", ".", "--column", "text", "--use", "prompt", "--quiet", *engine]
    mark = f"AIGUARD_BENCHMARK={folder.name}{engine[1]}"
    name, _, value = mark.partition("=")
    begun, used = perf_counter(), dict[int, float]()
    with subprocess.Popen(command, cwd=folder, env=os.environ | {name: value}, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            look(mark.encode(), used)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_EVERY)
    if process.returncode > 1:
        raise SystemExit(process.returncode)
    return perf_counter() - begun, sum(used.values())


def look(mark: bytes, used: dict[int, float]) -> None:
    """Note what each process whose environment has a mark has used of processors so far."""
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(each.name) in used or mark in (each / "environ").read_bytes():
                fields = (each / "stat").read_text().rpartition(")")[2].split()
                used[int(each.name)] = (int(fields[11]) + int(fields[12])) / _TICK


def main() -> None:
    """Measure and print a line a size."""
    workers = sys.argv[1] if len(sys.argv) > 1 else "2"
    with tempfile.TemporaryDirectory() as place:
        engines = {
            "local": ("--jobs", workers, "--format", "jsonl", "-o", os.devnull),
            "ray": ("--jobs", workers, "--engine", "ray", "--results"),
        }
        for count in SIZES:
            write(Path(place, str(count)), count)
        for name, options in engines.items():
            taken = []
            for count in SIZES:
                target = (str(Path(place, f"of-{count}")),) if name == "ray" else ()
                wall, used = measured(Path(place, str(count)), *options, *target)
                taken.append(used)
                print(f"{name} x{workers}: {count:,} prompts {wall:.1f} s, processors {used:.1f} s", flush=True)
            for at in (0, 1):
                rate = (taken[at + 1] - taken[at]) / (SIZES[at + 1] - SIZES[at])
                print(f"{name}: from {SIZES[at]:,} to {SIZES[at + 1]:,}: {rate * 1e6 / 3600:.2f} core hours a million")


if __name__ == "__main__":
    main()
