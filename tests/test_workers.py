"""What kills a child, or never ends, costs the one thing it held; everything else comes, in order."""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from aiguard.checker import prepare
from aiguard.model import Config, Use, Verdict
from aiguard.readers.inputs import Input, expand
from aiguard.spread import report_all, report_held
from aiguard.workers import Lost, Task, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiguard.checker import Checker
    from aiguard.model import Document
    from aiguard.workers import Work

MEMORY = 4_000_000_000


def obedient() -> Work:
    return obey


def obey(data: bytes) -> bytes:
    if data == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    if data == b"sleep":
        time.sleep(60)
    if data == b"raise":
        raise ValueError(data)
    if data == b"eat":
        return b"x" * len(bytearray(3_000_000_000))
    return data.upper()


def results(*tasks: bytes, jobs: int = 2, seconds: float = 20, memory: int = MEMORY) -> list[bytes | Lost | None]:
    return list(run((Task(task, seconds) for task in tasks), obedient, jobs, memory))


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    tasks = [f"task {number}".encode() for number in range(60)]
    assert results(*tasks, jobs=jobs) == [task.upper() for task in tasks]


def test_no_tasks_need_no_children() -> None:
    assert results() == []


@pytest.mark.parametrize("fault", [b"die", b"raise"])
def test_a_child_that_ends_costs_what_it_held(fault: bytes) -> None:
    assert results(b"a", fault, b"b", fault, b"c") == [b"A", Lost(late=False), b"B", Lost(late=False), b"C"]


def test_a_child_that_does_not_end_is_ended() -> None:
    started = time.monotonic()
    assert results(b"a", b"sleep", b"b", seconds=1) == [b"A", Lost(late=True), b"B"]
    assert time.monotonic() - started < 30


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds the memory of a process")
def test_a_child_that_eats_the_memory_is_stopped() -> None:
    assert results(b"a", b"eat", b"b", memory=2_000_000_000) == [b"A", Lost(late=False), b"B"]


def test_no_child_outlives_a_run_that_is_given_up() -> None:
    import multiprocessing

    running = run((Task(b"a", 20) for _ in range(50)), obedient, 3, MEMORY)
    assert next(running) == b"A"
    running.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        while True:
            taken += 1
            yield Task(b"a", 20)

    running = run(endless(), obedient, 2, MEMORY)
    for _ in range(5):
        next(running)
    running.close()  # type: ignore[attr-defined]
    assert taken < 60


def fill(folder: Path, number: int) -> None:
    for at in range(number):
        text = f"個人番号は1234 5678 9018です。{at}" if at % 10 == 0 else f"会議の準備の手順を教えて。{at}"
        (folder / f"{at:03}.txt").write_text(text, encoding="utf-8")


def test_many_files_are_reported_as_one_after_the_other(tmp_path: Path) -> None:
    fill(tmp_path, 70)
    inputs = (*expand([str(tmp_path)]), Input("gone.txt", "ファイルがありません"))
    checker = prepare(Config(), Use.PROMPT)
    spread = tuple(report_all(inputs, checker, jobs=3))
    assert spread == tuple(report_all(inputs, checker, jobs=1))
    assert [report.path for report in spread] == [each.path for each in inputs]
    assert [report.verdict for report in spread[:2]] == [Verdict.BLOCK, Verdict.PASS]
    assert spread[-1].verdict == Verdict.UNCHECKED


@pytest.mark.parametrize(("fault", "reason"), [(b"die", "止まりました"), (b"sleep", "時間内に")])
def test_a_document_that_stops_its_process_is_unchecked_and_its_neighbours_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: bytes, reason: str
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("a child that starts afresh does not know the stand-in")
    from aiguard import batch, spread

    fill(tmp_path, 40)
    real = batch.report_document

    def deadly(document: Document, checker: Checker) -> object:
        if document.path.endswith("007.txt"):
            obey(fault)
        return real(document, checker)

    monkeypatch.setattr(batch, "report_document", deadly)
    monkeypatch.setattr(spread, "_seconds", lambda *_: 3.0)
    reports = tuple(report_all(expand([str(tmp_path)]), prepare(Config(), Use.PROMPT), jobs=2))
    unchecked = [report.path[-7:] for report in reports if report.verdict == Verdict.UNCHECKED]
    assert unchecked == ["007.txt"]
    assert reason in reports[7].unchecked[0].reason
    assert len(reports) == 40


def test_a_single_archive_goes_to_a_child(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b.txt", "個人番号は1234 5678 9018です。")
    checker = prepare(Config(), Use.PROMPT)
    (report,) = report_all((Input(str(path)),), checker)
    (held,) = report_held(path.read_bytes(), "a.zip", checker)
    for each in (report, held):
        assert [finding.rule for finding in each.findings] == ["my-number"]
        assert each.findings[0].location.label == "b.txt"


def test_what_a_child_needs_can_travel_to_one_that_starts_afresh(tmp_path: Path) -> None:
    from msgspec import msgpack

    from aiguard.attribution import Declared
    from aiguard.task import Item, fresh_worker, recipe, worker

    (tmp_path / "a.txt").write_text("【ChatGPT】により作成", encoding="utf-8")
    checker = prepare(Config(), Use.DOCUMENT, declared=Declared(("Claude",), used=True))
    task = msgpack.encode([Item(Input(str(tmp_path / "a.txt")))])
    assert fresh_worker(recipe(checker))(task) == partial(worker, checker)()(task)
