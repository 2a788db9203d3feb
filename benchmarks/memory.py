"""Measure the private memory of a scan of one large chat export: python benchmarks/memory.py [--megabytes N…].

A JSONL of so many megabytes (a finding in every two hundred rows) is scanned with a report that is written as it
comes. Ten times a second RssAnon of all processes of the run together is read (Linux, proc_pid_status(5)): what is
theirs alone, without files that are mapped. Pages that children share with their parent count for each.
Of several sizes it also says how far the seconds of the processors are off a straight line.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

import corpus
from lines import fit

LIMIT: Final = 300  # MB that are wanted at most
_MEGA: Final = 1_000_000
_EVERY: Final = 0.1  # seconds between two looks
_RARE: Final = 200  # rows of which one holds a telephone
_POINTS: Final = 2  # through which a line always goes


def write(path: Path, megabytes: float) -> None:
    """Write a chat export of so many megabytes, the same each time."""
    sentences = [each for page in corpus.pages()[:300] for each in corpus.sentences(page.text)]
    number = size = 0
    with path.open("w", encoding="utf-8") as file:
        while size < megabytes * _MEGA:
            said = sentences[number % len(sentences)]
            contact = f"連絡先は090-7361-{number % 10_000:04}です。" if number % _RARE == 0 else ""
            row = json.dumps({"id": number, "role": "user", "content": f"{contact}{said}"}, ensure_ascii=False)
            size += len(row.encode()) + 1
            file.write(f"{row}\n")
            number += 1


def private(process: int) -> int:
    """Return the bytes of private memory of a process and of all below it."""
    total = 0
    waiting = [process]
    while waiting:
        number = waiting.pop()
        try:
            status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
            below = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii")
        except OSError:
            continue
        total += next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon")), 0)
        waiting += map(int, below.split())
    return total


class Measured(NamedTuple):
    """Hold the largest memory seen, in megabytes, and the seconds on the clock and of the processors."""

    most: float
    wall: float
    cpu: float


def measure(megabytes: float, jobs: int) -> Measured:
    """Scan an export of so many megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "chat.jsonl"
        write(export, megabytes)
        output = Path(folder) / "result.jsonl"
        command = [sys.executable, "-m", "aiguard", "scan", str(export), "--quiet", "--jobs", str(jobs)]
        begin, before, most = time.monotonic(), _of_children(), 0
        with subprocess.Popen([*command, "--format", "jsonl", "-o", str(output)]) as run:
            while run.poll() is None:
                most = max(most, private(run.pid))
                time.sleep(_EVERY)
        if run.returncode != 1:  # telephones are found
            sys.exit(f"aiguard scan: exit {run.returncode}")
        return Measured(most / _MEGA, time.monotonic() - begin, _of_children() - before)


def _of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measure and print a row for each size; exit 1 above the limit."""
    parser = argparse.ArgumentParser(description="大きなチャットの書き出しを点検するときの固有メモリを測ります")
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1_000], help="書き出しの大きさ(既定 1,000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="処理の数(既定 CPUの数)")
    asked = parser.parse_args()
    measured: dict[float, Measured] = {}
    for size in asked.megabytes:
        one = measured[size] = measure(size, asked.jobs)
        print(
            f"{size:,.0f} MB, {asked.jobs} 処理: 固有メモリ最大 {one.most:.0f} MB(上限 {LIMIT}), "
            f"{one.wall:.0f} 秒, CPU {one.cpu:.0f} 秒",
            flush=True,
        )
    if len(measured) > _POINTS:
        off = fit({size: one.cpu for size, one in measured.items()}).deviation
        print(f"CPU時間の、直線からのずれ(最大): {off:.1%}")
    sys.exit(any(one.most > LIMIT for one in measured.values()))


if __name__ == "__main__":
    main()
