"""Measure the private memory of a scan of one large chat export: python benchmarks/memory.py [--megabytes N].

A JSONL of so many megabytes (a finding in every two hundred rows) is scanned with a report that is written as it
comes. Ten times a second RssAnon of all processes of the run together is read (Linux, proc_pid_status(5)): what is
theirs alone, without files that are mapped. Pages that children share with their parent count for each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import corpus

LIMIT: Final = 300  # MB that are wanted at most
_MEGA: Final = 1_000_000
_EVERY: Final = 0.1  # seconds between two looks
_RARE: Final = 200  # rows of which one holds a telephone


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


def measure(megabytes: float, jobs: int) -> tuple[float, float]:
    """Scan an export; return the largest memory seen, in megabytes, and the seconds that it took."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "chat.jsonl"
        write(export, megabytes)
        output = Path(folder) / "result.jsonl"
        command = [sys.executable, "-m", "aiguard", "scan", str(export), "--quiet", "--jobs", str(jobs)]
        begin, most = time.monotonic(), 0
        with subprocess.Popen([*command, "--format", "jsonl", "-o", str(output)]) as run:
            while run.poll() is None:
                most = max(most, private(run.pid))
                time.sleep(_EVERY)
        if run.returncode != 1:  # telephones are found
            sys.exit(f"aiguard scan: exit {run.returncode}")
        return most / _MEGA, time.monotonic() - begin


def main() -> None:
    """Measure and print a row; exit 1 above the limit."""
    parser = argparse.ArgumentParser(description="大きなチャットの書き出しを点検するときの固有メモリを測ります")
    parser.add_argument("--megabytes", type=float, default=1_000, help="書き出しの大きさ(既定 1,000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="処理の数(既定 CPUの数)")
    asked = parser.parse_args()
    most, seconds = measure(asked.megabytes, asked.jobs)
    print(f"{asked.megabytes:,.0f} MB, {asked.jobs} 処理: 固有メモリ最大 {most:.0f} MB(上限 {LIMIT}), {seconds:.0f} 秒")
    sys.exit(most > LIMIT)


if __name__ == "__main__":
    main()
