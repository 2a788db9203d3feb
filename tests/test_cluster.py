"""A cluster finds what this computer finds, also when a worker and the process of a document are killed in the middle."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("ray", reason="only with the extra `ray`")

# Put before every process of a run: one document ends its process each time, another its worker once, a third each time.
HOOK = """
import os, signal
from aiguard import task
plain = task.reply_to
def reply_to(item, checker):
    name = item.input.path
    if name.endswith("ends.csv") or name.endswith("a.jsonl#40"):
        os._exit(1)
    if os.environ.get("CLUSTER") and name.endswith("always.txt"):
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(1)
    if os.environ.get("CLUSTER") and (name.endswith("worker.txt") or name.endswith("a.jsonl#1500")):
        try:
            os.close(os.open(os.environ["CLUSTER"], os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            pass
        else:
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(1)
    return plain(item, checker)
task.reply_to = reply_to
from aiguard import datasets, parts
datasets.BYTES = 40_000
datasets.rows_of.__defaults__ = (40_000,)
parts._FILES = 4
"""
CLUSTER = """
import sys
from ray.cluster_utils import Cluster
made = Cluster()
for node in range(2):
    made.add_node(wait=False, num_cpus=1, include_dashboard=False)
made.wait_for_nodes(timeout=120)
print(made.address, flush=True)
sys.stdin.read()
made.shutdown()
"""
DOCUMENTS = 40
RECORDS = 2_000
ROOT = Path(__file__).parent.parent


def environ(folder: Path) -> dict[str, str]:
    path = os.pathsep.join((str(folder / "hook"), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, "XDG_DATA_HOME": str(folder)}


def aiguard(folder: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run a command in a folder and return its exit code and what it said."""
    command = [sys.executable, "-m", "aiguard", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environ(folder) | more, capture_output=True, timeout=300, check=False, encoding="utf-8"
    )
    assert "7361" not in done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout or done.stderr


def here(folder: Path, *arguments: str) -> tuple[int, bytes]:
    code, _ = aiguard(folder, "scan", *arguments, "--format", "jsonl", "-o", "here.jsonl", "--quiet")
    return code, (folder / "here.jsonl").read_bytes()


def told(folder: Path, results: str) -> bytes:
    """Return the one report that the files of a cluster make."""
    code, said = aiguard(folder, "report", results, "--format", "jsonl", "-o", "there.jsonl")
    assert code == 0, said
    return (folder / "there.jsonl").read_bytes()


def documents(report: bytes) -> list[dict[str, Any]]:
    return [each for each in map(json.loads, report.splitlines()) if each["type"] == "document"]


def without_place(report: bytes) -> bytes:
    """Leave out the fingerprints, which tell places apart."""
    return re.sub(rb'"fingerprint":"[^"]+"', b"", report)


def unchecked(report: bytes) -> list[str]:
    return [Path(each["path"]).name for each in documents(report) if each["verdict"] == "unchecked"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make texts and records."""
    made = tmp_path_factory.mktemp("cluster")
    (made / "hook").mkdir()
    (made / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    (made / "texts").mkdir()
    for number in range(DOCUMENTS):
        text = f"{number}番の連絡先は090-7361-{number:04}です。\n" + "会議の予定を確認しました。\n" * 20
        (made / "texts" / f"{number:02}.txt").write_text(text, encoding="utf-8")
    for name in ("10_worker.txt", "20_ends.csv"):
        (made / "texts" / name).write_text("連絡先は090-7361-8245です。\n", encoding="utf-8")
    lines = [json.dumps({"text": f"連絡先は090-7361-{number:04}です。"}) for number in range(RECORDS)]
    lines[100:100] = ['{"text": 090-7361-8245', "", '{"words": ""}']
    (made / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Begin a cluster of two nodes with one worker each, and yield its address."""
    command = [sys.executable, "-c", CLUSTER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    env = environ(folder) | {"CLUSTER": str(folder / "killed"), "RAY_USAGE_STATS_ENABLED": "0"}
    with subprocess.Popen(command, env=env, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield next(line.strip() for line in process.stdout if ":" in line)
        process.communicate("")


def test_a_killed_worker_and_a_killed_process_leave_the_report_as_it_is_here(folder: Path, address: str) -> None:
    (folder / "killed").unlink(missing_ok=True)
    code, said = aiguard(folder, "scan", "texts", "--engine", "ray", "--address", address, "--results", "of-texts")
    assert (folder / "killed").exists()
    report = told(folder, "of-texts")
    assert (code, report) == here(folder, "texts")
    assert code == 3
    assert len(documents(report)) == DOCUMENTS + 2
    assert unchecked(report) == ["20_ends.csv"]
    assert f"点検した件数: {DOCUMENTS + 2}（" in said


def test_records_on_a_storage_are_the_same_here_and_there(folder: Path, address: str) -> None:
    (folder / "killed").unlink(missing_ok=True)
    command = ("--column", "text", "--use", "prompt")
    place, target = (folder / "a.jsonl").as_uri(), (folder / "of-records").as_uri()
    ray = ("--engine", "ray", "--address", address, "--results", target)
    code, _ = aiguard(folder, "scan", place, *command, *ray)
    assert (folder / "killed").exists()
    assert len([*(folder / "of-records").glob("part-*.jsonl")]) > 1
    report = told(folder, "of-records")
    local = here(folder, str(folder / "a.jsonl"), *command)
    assert code == local[0]
    assert without_place(report.replace(b"file://", b"")) == without_place(local[1])
    assert sum(bool(each["findings"]) for each in documents(report)) == RECORDS - 1
    assert unchecked(report) == ["a.jsonl#40", "a.jsonl#101", "a.jsonl#103"]


def test_parquet_in_and_out_and_the_same_command_goes_on(folder: Path, address: str) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    texts = [f"連絡先は090-7361-{number:04}です。" for number in range(300)]
    parquet.write_table(pa.table({"text": [*texts, None]}), folder / "b.parquet", row_group_size=100)
    command = ("b.parquet", "--column", "text", "--use", "prompt", "--fail-on", "warn")
    ray = ("--engine", "ray", "--address", address, "--results", "rows", "--results-format", "parquet")
    first = aiguard(folder, "scan", *command, *ray)
    assert (first[0], told(folder, "rows")) == here(folder, *command)
    files = sorted((folder / "rows").glob("part-*.parquet"))
    assert len(files) == 4
    rows = parquet.read_table(files[0])
    assert rows["verdict"].to_pylist() == ["warn"] * 100
    assert b"7361" not in files[0].read_bytes()
    times = {each: each.stat().st_mtime_ns for each in files[1:]}
    files[0].unlink()
    assert aiguard(folder, "report", "rows")[0] == 2
    assert aiguard(folder, "scan", *command, *ray) == first
    assert {each: each.stat().st_mtime_ns for each in files[1:]} == times
    code, said = aiguard(folder, "scan", *command, *ray, "--select", "phone")
    assert code == 2
    assert "別の点検の結果" in said


def test_what_kills_its_worker_each_time_is_unchecked_in_the_end(folder: Path, address: str) -> None:
    (folder / "poison").mkdir()
    for name in ("a.txt", "always.txt", *(f"b{number}.txt" for number in range(10))):
        (folder / "poison" / name).write_text("連絡先は090-7361-8245です。\n", encoding="utf-8")
    ray = ("--engine", "ray", "--address", address, "--results", "of-poison")
    code, _ = aiguard(folder, "scan", "poison", *ray)
    report = told(folder, "of-poison")
    assert code == 3
    assert len(documents(report)) == 12
    lost = unchecked(report)  # what its part holds, and at most the part that waited with it at the same worker
    assert lost[:4] == ["a.txt", "always.txt", "b0.txt", "b1.txt"]
    assert len(lost) in {4, 8}
    assert sum(bool(each["findings"]) for each in documents(report)) == len(documents(report)) - len(lost)


def test_a_cluster_that_is_not_there_is_said_in_a_sentence(folder: Path) -> None:
    code, said = aiguard(folder, "scan", "texts", "--engine", "ray", "--address", "127.0.0.1:1", "--results", "nothing")
    assert code == 2
    assert "クラスターにつながりません" in said
