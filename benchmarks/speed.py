"""Measure aiguard against the least that its work can cost, in pairs run in turn, on Linux.

Usage: python benchmarks/speed.py [--pairs N]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PYTHON = sys.executable
AIGUARD = str(Path(sys.executable).with_name("aiguard"))
BARE = str(Path(__file__).with_name("bare.py"))
FOUND = (0, 1)  # exit codes of a check that worked
HEAD = "| 測るもの / 相手 | aiguard | 相手 | 時間の比 | CPU の比 | 上限 | 結果 |\n|---|---|---|---|---|---|---|"
MEMORY_LIMIT = 60.0
MEMORY_RUNS = 5


class Times(NamedTuple):
    """Hold what a process took, in seconds: on the clock, and of the processors by it and its children."""

    wall: float
    cpu: float


class Comparison(NamedTuple):
    """Name two commands to run in turn, and the greatest quotient wanted of their times."""

    name: str
    command: tuple[str, ...]
    base: tuple[str, ...]
    limit: float


class Outcome(NamedTuple):
    """Hold a comparison's medians: seconds on the clock, and quotients of the pairs."""

    name: str
    wall: float
    base_wall: float
    wall_ratio: float
    cpu_ratio: float
    limit: float


def comparisons(page: str, folder: str) -> tuple[Comparison, ...]:
    """List what is compared: start-up, one page, a folder of pages."""
    typer, libraries = "import typer", "import typer, rich.console, regex, fugashi"
    return (
        Comparison("`--version` / typer の読み込み", (AIGUARD, "--version"), (PYTHON, "-c", typer), 2.0),
        Comparison("1 ページ / 4 ライブラリの読み込み", (AIGUARD, "check", page), (PYTHON, "-c", libraries), 1.8),
        Comparison("フォルダー / 形態素解析だけ", (AIGUARD, "check", folder), (PYTHON, BARE, folder), 1.5),
    )


@contextlib.contextmanager
def _started(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command with nothing to read and nobody listening; refuse a failure.

    Settings of Python in the environment are left out, but for where it finds modules: without stored bytecode an
    installed aiguard would be compiled anew in each run, and the libraries it is compared with would not.
    """
    silent = subprocess.DEVNULL
    plain = {name: value for name, value in os.environ.items() if name == "PYTHONPATH" or not name.startswith("PYTHON")}
    with subprocess.Popen(command, cwd=folder, env=plain, stdin=silent, stdout=silent, stderr=silent) as process:
        yield process
    if process.returncode not in FOUND:
        message = f"{' '.join(command)}: exit {process.returncode}"
        raise RuntimeError(message)


def times(command: Sequence[str], folder: Path) -> Times:
    """Run a command to its end in a folder."""
    begin = time.perf_counter()
    with _started(command, folder) as process:
        _, status, usage = os.wait4(process.pid, 0)
        end = time.perf_counter()
        process.returncode = os.waitstatus_to_exitcode(status)
    return Times(end - begin, usage.ru_utime + usage.ru_stime)


def _private(pid: int) -> int:
    """Return the anonymous resident memory of a process and its children, in KiB; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    own = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:"))
    return own + sum(_private(int(child)) for child in children)


def peak_memory(command: Sequence[str], folder: Path) -> float:
    """Run a command and return the most private memory seen, looking every half millisecond, in MB (10^6 bytes)."""
    most = 0
    with _started(command, folder) as process:
        while process.poll() is None:
            most = max(most, _private(process.pid))
            time.sleep(0.0005)
    return most * 1024 / 1e6


def compare(comparison: Comparison, pairs: int, folder: Path) -> Outcome:
    """Run both commands in turn, once unmeasured to fill the caches, and take medians over the pairs."""
    name, command, base, limit = comparison
    runs = [(times(command, folder), times(base, folder)) for _ in range(pairs + 1)][1:]
    return Outcome(
        name,
        median(ours.wall for ours, _ in runs),
        median(theirs.wall for _, theirs in runs),
        median(ours.wall / theirs.wall for ours, theirs in runs),
        median(ours.cpu / theirs.cpu for ours, theirs in runs),
        limit,
    )


def line(outcome: Outcome) -> str:
    """Write an outcome as a row of a Markdown table."""
    name, wall, base_wall, wall_ratio, cpu_ratio, limit = outcome
    result = "超過" if max(wall_ratio, cpu_ratio) > limit else "達成"
    return f"| {name} | {wall:.3f} 秒 | {base_wall:.3f} 秒 | {wall_ratio:.2f} | {cpu_ratio:.2f} | {limit} | {result} |"


def main() -> None:
    """Write the texts, measure, and print a table."""
    parser = argparse.ArgumentParser(description="aiguard の速さを測ります")
    parser.add_argument("--pairs", type=int, default=15, help="交互に測る回数(既定 15)")
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page, pages = folder / "page.txt", folder / "pages"
        page.write_text(corpus.page(), encoding="utf-8")
        corpus.write(pages)
        print(HEAD)
        for comparison in comparisons(str(page), str(pages)):
            print(line(compare(comparison, pairs, folder)), flush=True)
        most = max(peak_memory((AIGUARD, "check", str(page)), folder) for _ in range(MEMORY_RUNS))
    print(f"\n固有メモリ(RssAnon)の最大: {most:.1f} MB(上限 {MEMORY_LIMIT:.0f} MB)")


if __name__ == "__main__":
    main()
