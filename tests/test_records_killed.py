"""Many processes record at the same time, some are killed: whatever was confirmed is there, and the chain is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest
import records

from aiguard.store import database
from aiguard.store.chain import digest
from aiguard.store.heads import read_head
from aiguard.store.records import Chat, add, listed
from aiguard.store.verification import verify

if TYPE_CHECKING:
    from pathlib import Path


def test_writers_at_the_same_time_lose_nothing_though_one_is_killed(tmp_path: Path) -> None:
    outcome = records.measure(6, 30, 0.3, tmp_path)
    assert outcome.killed
    assert (outcome.lost, outcome.problems, outcome.failed) == (0, 0, 0)
    assert outcome.confirmed == 6 * 30
    assert outcome.kept >= outcome.confirmed
    assert outcome.kept <= 6 * 30 + outcome.killed


def test_a_writer_killed_in_the_middle_leaves_a_whole_chain(tmp_path: Path) -> None:
    store = tmp_path / "records.sqlite3"
    for _ in range(4):
        told = tmp_path / "told"
        worker = records._start(store, told, 1000)
        ends = monotonic() + 60
        while len(records.confirmed(worker)) < 3 and monotonic() < ends:
            sleep(0.01)
        records._kill(worker)
        kept = {f"{one.entry.number}:{one.hash}" for one in listed(store)}
        assert len(records.confirmed(worker)) >= 3
        assert {*records.confirmed(worker)} <= kept
        assert verify(store).problems == ()


CODE = """
import os, signal, sys
from pathlib import Path
from aiguard.store import records
def stop(*_):
    os.kill(os.getpid(), signal.SIGKILL)
{where}
records.add(Path(sys.argv[1]), records.Chat("二つ目", "0" * 64, ("ChatGPT",)))
print("confirmed")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes in another way")
@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize(
    ("where", "count"),
    [("records.folded = stop", 1), ("records._copy_head = stop", 2), ("records.write_head = stop", 2)],
)
def test_a_kill_before_and_after_the_commit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    count: int,
    local: bool,  # noqa: FBT001 - a table
) -> None:
    monkeypatch.setattr(database, "is_local", lambda _: local)
    store = tmp_path / "records.sqlite3"
    first = add(store, Chat("一つ目", "0" * 64, ("ChatGPT",)))
    code = CODE.format(where=f"{where}\nfrom aiguard.store import database\ndatabase.is_local = lambda _: {local}")
    done = subprocess.run([sys.executable, "-c", code, str(store)], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"")
    verdict = verify(store)
    assert (verdict.problems, verdict.head.count, verdict.lags) == ((), count, count == 2)
    assert read_head(store) == first.head
    assert listed(store, texts=True)[0].entry.text == digest("一つ目")
