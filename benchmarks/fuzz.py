"""Read thousands of damaged documents, each format in a process of its own, and count what goes wrong.

Usage: python benchmarks/fuzz.py [--count N] [--first N] [--keep FOLDER] [format ...]
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from fuzzed import mutant
from judged import lost
from planted import seeds

from aiguard.model import Limits, Use
from aiguard.readers import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planted import Seed

HEAD: Final = "| 形式 | ファイル | 未点検あり | 例外 | 停止・異常終了 | 遅い | 見落とし | 最長(秒) |\n|---|--:|--:|--:|--:|--:|--:|--:|"
_LIMITS: Final = Limits(seconds=5)
_SLOW: Final = 10.0  # seconds: twice what the limit allows
_STUCK: Final = 60.0  # seconds after which a process is ended
_MEMORY: Final = 4 << 30  # bytes of address space
_SHOWN: Final = 8


class Outcome(NamedTuple):
    """Hold what became of a mutant: the kind of trouble, or none, and what is known of it."""

    number: int
    trouble: str
    detail: str
    unchecked: bool
    seconds: float


def judge(seed: Seed, number: int) -> Outcome:
    """Read a mutant and compare what was found with what stands in it."""
    data = mutant(seed, number)
    begin = time.perf_counter()
    try:
        document = read_bytes(data, seed.name, Use.PROMPT, _LIMITS)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        frames = traceback.extract_tb(error.__traceback__)
        frame = next(each for each in reversed(frames) if "aiguard" in each.filename)
        where = f"{type(error).__name__} {Path(frame.filename).name}:{frame.lineno}"
        return Outcome(number, "例外", where, unchecked=False, seconds=time.perf_counter() - begin)
    seconds = time.perf_counter() - begin
    missing = lost(seed, data, document)
    trouble, detail = ("見落とし", "、".join(missing)) if missing else ("", "")
    if not missing and seconds > _SLOW:
        trouble, detail = "遅い", f"{seconds:.0f} 秒"
    return Outcome(number, trouble, detail, bool(document.unchecked), seconds)


def work(kind: str, first: int, end: int) -> None:
    """Judge mutants one after the other and print a line for each; memory is bounded where the system can."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    seed = seeds()[kind]
    for number in range(first, end):
        print(json.dumps(judge(seed, number)), flush=True)


def outcomes(kind: str, first: int, end: int) -> Iterator[Outcome]:
    """Judge mutants in child processes; one that is stuck or dies is replaced, and its mutant noted."""
    while first < end:
        command = (sys.executable, __file__, "--work", kind, str(first), str(end))
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            for line in _lines(process):
                outcome = Outcome(*json.loads(line))
                first = outcome.number + 1
                yield outcome
            process.kill()
        if first < end:
            yield Outcome(first, "停止・異常終了", f"終了コード {process.returncode}", unchecked=False, seconds=_STUCK)
            first += 1


def _lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Yield the lines of a process until it ends or is silent for too long."""
    heard: queue.Queue[bytes] = queue.Queue()
    assert process.stdout is not None  # noqa: S101 - asked for
    threading.Thread(target=_hear, args=(process.stdout, heard), daemon=True).start()
    while True:
        try:
            line = heard.get(timeout=_STUCK)
        except queue.Empty:
            return
        if not line:
            return
        yield line


def _hear(stream: IO[bytes], heard: queue.Queue[bytes]) -> None:
    for line in stream:
        heard.put(line)
    heard.put(b"")


def row(kind: str, seen: Sequence[Outcome]) -> str:
    """Write what became of the mutants of a format as a row of a Markdown table."""
    troubles = [sum(each.trouble == name for each in seen) for name in ("例外", "停止・異常終了", "遅い", "見落とし")]
    unchecked, longest = sum(each.unchecked for each in seen), max(each.seconds for each in seen)
    return f"| {kind} | {len(seen):,} | {unchecked:,} | {' | '.join(map(str, troubles))} | {longest:.1f} |"


def main() -> None:
    """Judge the mutants of all formats, print a table, then where to look."""
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description="壊れた文書を大量に読ませ、例外・停止・見落としを数えます")
    parser.add_argument("formats", nargs="*", help="形式(既定はすべて)")
    parser.add_argument("--count", type=int, default=1_000, help="形式ごとの数(既定 1,000)")
    parser.add_argument("--first", type=int, default=0, help="最初の番号(既定 0)")
    parser.add_argument("--keep", type=Path, help="問題のあったファイルを残すフォルダー")
    asked = parser.parse_args()
    troubles: list[tuple[str, Outcome]] = []
    known = seeds()
    print(HEAD)
    for kind in asked.formats or known:
        seen = list(outcomes(kind, asked.first, asked.first + asked.count))
        troubles += [(kind, each) for each in seen if each.trouble]
        print(row(kind, seen), flush=True)
    _explain(troubles)
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        for kind, each in troubles:
            (asked.keep / f"{each.number}.{kind}").write_bytes(mutant(known[kind], each.number))
    sys.exit(bool(troubles))


def _explain(troubles: Sequence[tuple[str, Outcome]]) -> None:
    """Print each trouble once, with the numbers of the first mutants that have it."""
    numbers: dict[tuple[str, str, str], list[int]] = {}
    for kind, each in troubles:
        numbers.setdefault((kind, each.trouble, each.detail), []).append(each.number)
    for (kind, trouble, detail), found in numbers.items():
        more = " …" if len(found) > _SHOWN else ""
        print(f"\n{kind} {trouble} {detail}: {' '.join(map(str, found[:_SHOWN]))}{more}", end="")
    print()


if __name__ == "__main__":
    main()
