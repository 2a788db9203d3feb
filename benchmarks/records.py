"""Add to the records from many processes, kill one every second, and count what was lost: python benchmarks/records.py.

An entry is confirmed when its process printed its number and hash; lost when the store then has no such entry.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from aiguard.store.records import Chat, add, listed
from aiguard.store.verification import verify

PROCESSES, ADDS = 20, 200
TEXT = "利用者: 図書館だよりの案を考えてください。\n生成AI: 次の案はいかがでしょうか。\n" * 20


class Outcome(NamedTuple):
    """Hold what happened: processes killed and failed, entries confirmed, lost and kept, problems found, seconds."""

    killed: int
    failed: int
    confirmed: int
    lost: int
    kept: int
    problems: int
    seconds: float


class Worker(NamedTuple):
    """Hold a process and where its confirmations go."""

    process: subprocess.Popen[bytes]
    told: Path


def work(store: Path, count: int) -> None:
    """Add so many chats, and confirm each on standard output once it is kept."""
    for number in range(count):
        added = add(store, Chat(f"{TEXT}{number}", "0" * 64, ("ChatGPT",)))
        print(added.head, flush=True)


def measure(processes: int, adds: int, pause: float, folder: Path) -> Outcome:
    """Run the processes in a folder; a killed one is replaced by one that adds what is left."""
    store = folder / "records.sqlite3"
    began = monotonic()
    running = [_start(store, folder / f"{number}-0", adds) for number in range(processes)]
    ended: list[Worker] = []
    killed = 0
    while any(worker.process.poll() is None for worker in running):
        sleep(pause)
        alive = [place for place, worker in enumerate(running) if worker.process.poll() is None]
        if alive:
            place = random.choice(alive)
            _kill(running[place])
            killed += 1
            ended.append(running[place])
            left = adds - sum(len(confirmed(worker)) for worker in ended if _place(worker) == place)
            running[place] = _start(store, folder / f"{place}-{killed}", left)
    seconds = monotonic() - began
    heads = {head for worker in (*ended, *running) for head in confirmed(worker)}
    kept = {f"{one.entry.number}:{one.hash}" for one in listed(store)}
    failed = sum(worker.process.returncode != 0 for worker in running)
    return Outcome(killed, failed, len(heads), len(heads - kept), len(kept), len(verify(store).problems), seconds)


def confirmed(worker: Worker) -> list[str]:
    """Return what a process has printed to the end of the line."""
    return [
        line.strip()
        for line in worker.told.read_text(encoding="ascii").splitlines(keepends=True)
        if line.endswith("\n")
    ]


def _place(worker: Worker) -> int:
    return int(worker.told.name.split("-")[0])


def _start(store: Path, told: Path, adds: int) -> Worker:
    with told.open("wb") as file:
        command = (sys.executable, __file__, "work", str(store), str(adds))
        return Worker(subprocess.Popen(command, stdout=file), told)


def _kill(worker: Worker) -> None:
    worker.process.kill()
    worker.process.wait()


def main() -> None:
    """Measure, or be one of the processes that are measured."""
    if sys.argv[1:2] == ["work"]:
        work(Path(sys.argv[2]), int(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory() as name:
        outcome = measure(PROCESSES, ADDS, 1, Path(name))
    print(
        f"{PROCESSES} processes x {ADDS} adds, {outcome.killed} killed, {outcome.failed} failed, {outcome.seconds:.1f} s"
    )
    print(f"confirmed {outcome.confirmed}, lost {outcome.lost}, kept {outcome.kept}, problems {outcome.problems}")
    sys.exit(1 if outcome.lost or outcome.problems or outcome.failed else 0)


if __name__ == "__main__":
    main()
