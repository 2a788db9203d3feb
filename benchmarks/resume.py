"""Kill scans at random moments and resume each: python benchmarks/resume.py [KILLS].

A resumed scan has to end in the very report of one that was never disturbed, byte for byte. Then the share of the
first run that a second one over the same files takes, start-up and report included.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import corpus

KILLS, FILES, ROWS, SEED = 20, 120, 4_000, 20260401
FORMATS = ("json", "jsonl")
# The command line, with tables cut into pieces of 20 kB, so that kills fall into their middle without gigabytes.
CODE = """
from aiguard import cli, task
from aiguard.readers import pieces
pieces.SIZE, task.LARGE = 20_000, 40_000
task.cut = lambda path: pieces.cut(path, 20_000)
cli.main()
"""


class Outcome(NamedTuple):
    """Hold how many scans were killed in their middle, and how many ended in the same report when resumed."""

    killed: int
    same: int


def write(folder: Path, files: int, rows: int) -> Path:
    """Write small texts, and a table that is read in several pieces."""
    texts = folder / "texts"
    corpus.write(texts, files)
    with (texts / "large.csv").open("w", encoding="utf-8") as table:
        table.write("番号,件名,備考\n")
        for number in range(rows):
            contact = f"連絡先は090-7361-{number % 10_000:04}です" if number % 50 == 0 else "電話で回答しました"
            table.write(f"{number},道路の補修についての問い合わせ,{contact}\n")
    return texts


def command(texts: Path, output: Path, state: Path | None) -> list[str]:
    """Return the command of a scan whose report goes to a file, in the format of its suffix."""
    kept = ["--state", str(state)] if state else []
    form = output.suffix.removeprefix(".")
    return [
        *(sys.executable, "-c", CODE, "scan", str(texts)),
        *("--use", "prompt", "--format", form, "-o", str(output), *kept),
    ]


def measure(kills: int, folder: Path, files: int = FILES, rows: int = ROWS) -> Outcome:
    """Kill so many scans, each at its own moment, and resume them."""
    rng = random.Random(SEED)
    texts = write(folder, files, rows)
    environ = _environ(folder)
    wanted: dict[str, bytes] = {}
    for form in FORMATS:
        output = folder / f"whole.{form}"
        seconds = _timed(command(texts, output, None), environ)
        wanted[form] = output.read_bytes()
    killed = same = 0
    for number in range(kills):
        form = FORMATS[number % len(FORMATS)]
        output, state = folder / f"{number}.{form}", folder / f"{number}.sqlite3"
        killed += _killed(command(texts, output, state), environ, rng.uniform(0.05, 0.95) * seconds)
        _timed(command(texts, output, state), environ)
        same += output.read_bytes() == wanted[form]
    return Outcome(killed, same)


def compare(folder: Path) -> tuple[float, float]:
    """Return the seconds of a first and of a second scan of a thousand small files."""
    corpus.write(folder / "small")
    environ = _environ(folder)
    state, output = folder / "small.sqlite3", folder / "small.jsonl"
    first, second = (_timed(command(folder / "small", output, state), environ) for _ in range(2))
    return first, second


def _environ(folder: Path) -> dict[str, str]:
    """Return an environment in which the key lies in the folder."""
    return {**os.environ, **dict.fromkeys(("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"), str(folder))}


def _timed(arguments: list[str], environ: dict[str, str]) -> float:
    began = monotonic()
    done = subprocess.run(arguments, env=environ, capture_output=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(done.stderr.decode())
    return monotonic() - began


def _killed(arguments: list[str], environ: dict[str, str], seconds: float) -> bool:
    """Kill a scan after so many seconds; tell whether it was still running."""
    process = subprocess.Popen(arguments, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sleep(seconds)
    running = process.poll() is None
    process.kill()
    process.wait()
    return running


def main() -> None:
    """Measure with as many kills as are asked for."""
    kills = int(sys.argv[1]) if sys.argv[1:] else KILLS
    with tempfile.TemporaryDirectory() as name:
        outcome = measure(kills, Path(name))
        first, second = compare(Path(name))
    print(f"{outcome.killed} of {kills} killed in the middle, {outcome.same}/{kills} resumed to the same report")
    print(f"{corpus.COUNT} small files: first run {first:.1f} s, second {second:.1f} s: {second / first:.3f}")
    sys.exit(0 if outcome.same == kills else 1)


if __name__ == "__main__":
    main()
