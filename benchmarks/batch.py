"""Measure `aiguard scan` on many files and on large ones, in pairs with what it is compared with.

Usage: python benchmarks/batch.py [--quick] [--json FILE] [--plots FOLDER] [--presidio PYTHON]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

import bare_presidio
import corpus
import resume
import speed
import trees
from lines import Fit, fit
from plots import Plot, draw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PYTHON: Final = sys.executable
BARE: Final = str(Path(__file__).with_name("bare.py"))
PRESIDIO: Final = str(Path(bare_presidio.__file__))
HEAD: Final = "| 測るもの | 分子 | 分母 | 比 | 目標 | 結果 |\n|---|---|---|---|---|---|"
MEGABYTE: Final = 1_000_000
SMALL: Final = "small"
FEW: Final = "few"  # a twentieth of them, for what takes so long
PROCESSES: Final = (1, 2)


class Sizes(NamedTuple):
    """Hold how much is written and how often it is measured.

    `steps` are the sizes of a growing JSONL in MB; `pairs` counts the runs of small files, `rounds` those of the rest,
    `kills` the scans that are killed (none: left out).
    """

    files: int
    jsonl: float
    mixed: int
    steps: tuple[float, ...]
    pairs: int
    rounds: int
    kills: int


FULL: Final = Sizes(1_000, 100, 10_000, (1, 10, 100), 5, 1, 20)
QUICK: Final = Sizes(200, 5, 500, (0.25, 0.5, 1, 2), 3, 1, 3)


class Row(NamedTuple):
    """Hold one figure: medians in seconds of what is divided, the median of the quotients, and what is wanted of it.

    A figure that is no quotient of two times has no such seconds.
    """

    name: str
    over: float | None
    under: float | None
    ratio: float
    limit: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Tell whether the figure is as wanted."""
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


class Result(NamedTuple):
    """Hold all figures of a run; `times` are by MB of a JSONL, `line` is of seconds, `left_out` was not installed."""

    rows: tuple[Row, ...]
    times: dict[float, speed.Times]
    line: Fit
    speedups: dict[int, float]
    killed: resume.Outcome
    left_out: tuple[str, ...]


class Peer(NamedTuple):
    """Name a command that goes through the files of a folder, and how many processes of ours it is compared with."""

    name: str
    command: tuple[str, ...]
    jobs: int
    folder: str = SMALL


def peers(presidio: str) -> tuple[tuple[Peer, ...], tuple[str, ...]]:
    """Return the other tools that are installed, and the names of those that are not; Presidio by its Python."""
    secrets = shutil.which("detect-secrets")
    asked = subprocess.run((presidio, PRESIDIO, "--model"), capture_output=True, text=True, check=False)
    found = {
        # Without asking the services that secrets belong to; it takes as many processes as there are processors.
        "detect-secrets": (secrets, "scan", "--no-verify", "--all-files", SMALL) if secrets else None,
        f"Presidio（{asked.stdout.strip()}）": (presidio, PRESIDIO, FEW) if not asked.returncode else None,
    }
    known = [Peer(name, command, 1 if FEW in command else 2, command[-1]) for name, command in found.items() if command]
    return tuple(known), tuple(name for name, command in found.items() if not command)


def scan(folder: Path, target: str, jobs: int, state: str = "") -> tuple[str, ...]:
    """Return the command of a scan by all rules for texts that go into an AI, its report written to a file."""
    kept = ("--state", state) if state else ()
    report = str(folder / "report.jsonl")
    options = ("--use", "prompt", "--format", "jsonl", "-o", report, "--quiet", "--key", str(folder / "key.txt"))
    return (PYTHON, "-m", "aiguard", "scan", target, "--jobs", str(jobs), *options, *kept)


def paired(name: str, runs: Iterable[tuple[float, float]], limit: float, *, at_least: bool = False) -> Row:
    """Take medians over pairs of seconds."""
    pairs = list(runs)
    over, under = median(over for over, _ in pairs), median(under for _, under in pairs)
    return Row(name, over, under, median(over / under for over, under in pairs), limit, at_least)


def in_turn(folder: Path, pairs: int, over: Sequence[str], under: Sequence[str]) -> list[tuple[float, float]]:
    """Run two commands in turn, in the other order every second time; return seconds on the clock."""
    runs: list[tuple[float, float]] = []
    for number in range(pairs):
        commands = (over, under) if number % 2 else (under, over)
        first, second = (speed.times(command, folder).wall for command in commands)
        runs.append((first, second) if number % 2 else (second, first))
    return runs


def small(folder: Path, sizes: Sizes, others: Sequence[Peer]) -> list[Row]:
    """Compare scans of small files with the least they could cost, and with other tools that are installed."""
    counts = {SMALL: sizes.files, FEW: sizes.files // 20}
    for name, count in counts.items():
        corpus.write(folder / name, count)
    bare = (PYTHON, BARE, SMALL)
    for command in (bare, scan(folder, SMALL, 2)):
        speed.times(command, folder)  # fills the caches
    least = [(Peer("形態素解析だけ", bare, 2), 1.0), (Peer("形態素解析だけ", bare, 1), 1.5)]
    return [
        paired(
            f"小さなファイル{counts[peer.folder]:,}件、{peer.jobs}つの処理 ÷ {peer.name}",
            in_turn(folder, sizes.pairs, scan(folder, peer.folder, peer.jobs), peer.command),
            limit,
        )
        for peer, limit in (*least, *((peer, 1.0) for peer in others))
    ]


def large(folder: Path, sizes: Sizes) -> list[Row]:
    """Compare scans of a large JSONL by one process and by two."""
    trees.jsonl(folder / "large.jsonl", int(sizes.jsonl * MEGABYTE))
    one, two = (scan(folder, "large.jsonl", jobs) for jobs in PROCESSES)
    name = f"JSONL {sizes.jsonl:g} MB、1つの処理 ÷ 2つの処理"
    return [paired(name, in_turn(folder, sizes.rounds, one, two), 1.8, at_least=True)]


def growing(folder: Path, sizes: Sizes) -> dict[float, speed.Times]:
    """Scan JSONL of growing sizes by one process, all sizes in each round; return medians by MB."""
    for size in sizes.steps:
        trees.jsonl(folder / f"{size:g}.jsonl", int(size * MEGABYTE))
    rounds = [
        {size: speed.times(scan(folder, f"{size:g}.jsonl", 1), folder) for size in sizes.steps}
        for _ in range(sizes.rounds)
    ]
    return {
        size: speed.Times(median(one[size].wall for one in rounds), median(one[size].cpu for one in rounds))
        for size in sizes.steps
    }


def straight(times: dict[float, speed.Times]) -> tuple[Fit, list[Row]]:
    """Fit lines to the seconds on the clock and of the processors; on a busy machine the latter tell more."""
    by_clock, by_cpu = fit({size: one.wall for size, one in times.items()}), fit({s: t.cpu for s, t in times.items()})
    name = f"JSONL {min(times):g}–{max(times):g} MB、直線からのずれ（最大）"
    return by_clock, [
        Row(f"{name}、1 MB あたり {line.slope:.1f} 秒{unit}", None, None, line.deviation, 0.1)
        for line, unit in ((by_clock, ""), (by_cpu, "（CPU時間）"))
    ]


def again(folder: Path, sizes: Sizes) -> list[Row]:
    """Compare a second scan of an unchanged tree of mixed formats with the first."""
    trees.mixed(folder / "mixed", sizes.mixed)

    def pair(number: int) -> tuple[float, float]:
        command = scan(folder, "mixed", 2, f"{number}.sqlite3")
        first, second = (speed.times(command, folder).wall for _ in range(2))
        return second, first

    return [paired(f"{sizes.mixed:,}件（10の形式）、2回目 ÷ 1回目", map(pair, range(sizes.rounds)), 0.1)]


def measure(folder: Path, sizes: Sizes, presidio: str = PYTHON, tell: Callable[[str], None] = print) -> Result:
    """Measure everything in a folder, and tell each figure as soon as it is known."""
    rows: list[Row] = []
    others, left_out = peers(presidio)
    for part in (partial(small, others=others), large, again):
        known = part(folder, sizes)
        rows += known
        tell("\n".join(map(line, known)))
    times = growing(folder, sizes)
    by_clock, linear = straight(times)
    tell("\n".join(map(line, linear)))
    home = folder / "kills"
    home.mkdir()
    killed = resume.measure(sizes.kills, home) if sizes.kills else resume.Outcome(0, 0)
    speedups = {1: 1.0, 2: next(row.ratio for row in rows if row.at_least)}
    return Result((*rows, *linear), times, by_clock, speedups, killed, left_out)


def line(row: Row) -> str:
    """Write a figure as a row of a Markdown table."""
    wanted = f"{row.limit:g} 以上" if row.at_least else f"{row.limit:g} 以下"
    result = "達成" if row.reached else "未達"
    over, under = ("–" if seconds is None else f"{seconds:.2f} 秒" for seconds in (row.over, row.under))
    return f"| {row.name} | {over} | {under} | {row.ratio:.3g} | {wanted} | {result} |"


def save(result: Result, sizes: Sizes, load: Sequence[tuple[float, ...]], path: Path) -> None:
    """Write all figures as JSON, with what the machine is and how much else it had to do before and after."""
    machine = {"processors": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}
    content = {
        "machine": machine | {"load_before": load[0], "load_after": load[-1]},
        "sizes": sizes._asdict(),
        "rows": [row._asdict() | {"reached": row.reached} for row in result.rows],
        "times_by_megabytes": {size: one._asdict() for size, one in result.times.items()},
        "line": result.line._asdict(),
        "speedup_by_processes": result.speedups,
        "kills": result.killed._asdict() | {"wanted": sizes.kills},
        "left_out": result.left_out,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def plot(result: Result, folder: Path) -> None:
    """Draw time against size, and speed-up against processes."""
    folder.mkdir(parents=True, exist_ok=True)
    times = [(size, one.wall) for size, one in result.times.items()]
    ideal = [(size, result.line.start + result.line.slope * size) for size in (0, max(result.times))]
    size = Plot("時間と大きさ（1つの処理）", "JSONLの大きさ MB", "秒", times, ideal, "直線の当てはめ")
    ideal = [(jobs, float(jobs)) for jobs in result.speedups]
    jobs = Plot("処理の数と速さ", "処理の数", "倍", [*result.speedups.items()], ideal, "比例")
    for name, drawn in (("size", size), ("jobs", jobs)):
        folder.joinpath(f"{name}.svg").write_text(draw(drawn), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="aiguard scan の速さを測ります")
    parser.add_argument("--quick", action="store_true", help="小さな大きさで測ります")
    parser.add_argument("--jsonl", type=float, help="大きなJSONLの大きさ（MB）")
    parser.add_argument("--files", type=int, help="小さなファイルの数")
    parser.add_argument("--mixed", type=int, help="いろいろな形式のファイルの数")
    parser.add_argument("--steps", type=float, nargs="+", help="時間と大きさを測るJSONLの大きさ（MB）")
    parser.add_argument("--pairs", type=int, help="小さなファイルを交互に測る回数")
    parser.add_argument("--rounds", type=int, help="ほかを測る回数")
    parser.add_argument("--kills", type=int, help="強制終了する回数")
    parser.add_argument(
        "--presidio", default=PYTHON, metavar="PYTHON", help="Presidio を入れた環境のPython（既定はこのPython）"
    )
    parser.add_argument("--json", type=Path, default=Path("batch.json"), help="結果を書くファイル（既定 batch.json）")
    parser.add_argument("--plots", type=Path, help="図（SVG）を書くフォルダー")
    return parser.parse_args()


def main() -> None:
    """Measure, print a table, and write JSON and plots."""
    asked = _arguments()
    given = {name: getattr(asked, name) for name in Sizes._fields if getattr(asked, name, None) is not None}
    sizes = (QUICK if asked.quick else FULL)._replace(**given)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else tables and bytecode would be made anew in each run
    load = [os.getloadavg()]
    print(HEAD)
    with tempfile.TemporaryDirectory() as name:
        result = measure(Path(name), sizes, asked.presidio, lambda text: print(text, flush=True))
    load.append(os.getloadavg())
    save(result, sizes, load, asked.json)
    if asked.plots:
        plot(result, asked.plots)
    if sizes.kills:
        killed, same = result.killed
        print(f"\n強制終了{sizes.kills}回（途中で{killed}回）：続きからの報告が同じ {same}/{sizes.kills}")
    print(f"\n負荷（1分平均、{os.cpu_count()}コア）：初め {load[0][0]:.1f}、終わり {load[1][0]:.1f}")
    for tool in result.left_out:
        print(f"{tool} は入っていないため、比べていません。")


if __name__ == "__main__":
    main()
