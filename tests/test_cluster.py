"""A cluster finds what this computer finds, also when a worker and the process of a document are killed in the middle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="only with the extra `ray`")

# Put before every process of a run: one document ends its process each time, another once the worker that has it.
HOOK = """
import os, signal
from aiguard import task
plain = task.reply_to
def reply_to(item, checker):
    if item.input.path.endswith("ends.csv"):
        os._exit(1)
    if item.input.path.endswith("worker.txt"):
        try:
            os.close(os.open(os.environ["ONCE"], os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            pass
        else:
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(1)
    return plain(item, checker)
task.reply_to = reply_to
"""
DOCUMENTS = 60


def scan(folder: Path, *arguments: str, once: str = "once") -> tuple[int, bytes, bytes]:
    """Run a scan in a folder, with the hook, and return its exit code, its report and what it said."""
    root = Path(__file__).parent.parent
    path = os.pathsep.join((str(folder / "hook"), str(root)))
    environ = {**os.environ, "PYTHONPATH": path, "ONCE": str(folder / once), "XDG_DATA_HOME": str(folder)}
    command = [sys.executable, "-m", "aiguard", "scan", *arguments, "--format", "jsonl", "-o", "out", "--quiet"]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, timeout=300, check=False)
    return done.returncode, (folder / "out").read_bytes() if (folder / "out").exists() else b"", done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    (tmp_path / "texts").mkdir()
    for number in range(DOCUMENTS):
        text = f"{number}番の連絡先は090-7361-{number:04}です。\n" + "会議の予定を確認しました。\n" * 400
        (tmp_path / "texts" / f"{number:02}.txt").write_text(text, encoding="utf-8")
    for name in ("20_worker.txt", "40_ends.csv"):
        (tmp_path / "texts" / name).write_text("連絡先は090-7361-8245です。\n", encoding="utf-8")
    return tmp_path


def test_a_killed_worker_and_a_killed_process_leave_the_report_as_it_is_here(folder: Path) -> None:
    (folder / "here").touch()  # nobody kills the run of this computer
    here = scan(folder, "texts", once="here")
    there = scan(folder, "texts", "--engine", "ray", "--jobs", "2")
    assert (folder / "once").exists()  # the worker was killed
    assert there[:2] == here[:2]
    assert there[0] == 3
    documents = [each for each in map(json.loads, there[1].splitlines()) if each["type"] == "document"]
    assert len(documents) == DOCUMENTS + 2
    assert [Path(each["path"]).name for each in documents if each["verdict"] == "unchecked"] == ["40_ends.csv"]
    assert "7361" not in there[2].decode()


def test_records_of_datasets_are_the_same_here_and_there(folder: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    texts = [f"連絡先は090-7361-{number:04}です。" for number in range(200)]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    (folder / "a.jsonl").write_text(lines + '\n{"text": 090-7361-8245\n', encoding="utf-8")
    parquet.write_table(pa.table({"text": [*texts, None]}), folder / "b.parquet")
    arguments = ("a.jsonl", "b.parquet", "--column", "text", "--use", "prompt")
    here, there = scan(folder, *arguments), scan(folder, *arguments, "--engine", "ray", "--jobs", "2")
    assert there[:2] == here[:2]
    documents = [each for each in map(json.loads, there[1].splitlines()) if each["type"] == "document"]
    assert [each["path"] for each in documents][199:202] == ["a.jsonl#200", "a.jsonl#202", "b.parquet#1"]
    assert sum(bool(each["findings"]) for each in documents) == 400
    assert [each["path"] for each in documents if each["verdict"] == "unchecked"] == ["a.jsonl#202"]
    assert b"8245" not in there[2]


def test_a_cluster_that_is_not_there_is_said_in_a_sentence(folder: Path) -> None:
    code, _, said = scan(folder, "texts", "--engine", "ray", "--address", "127.0.0.1:1")
    assert code == 2
    assert "クラスターにつながりません" in said.decode()
    assert "Traceback" not in said.decode()
