"""A scan writes as it goes, in one order whatever the jobs, and ends cleanly when it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from aiguard.cli.progress import Progress
from aiguard.readers.inputs import Input

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "aiguard", "scan", "--format"]


def share(folder: Path, number: int) -> Path:
    for at in range(number):
        text = f"個人番号は1234 5678 9018です。{at}" if at % 10 == 0 else f"会議の準備の手順を教えて。{at}\n" * 40
        (folder / f"{at:04}.txt").write_text(text, encoding="utf-8")
    return folder


def scanned(folder: Path, form: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, form, str(folder), *options], capture_output=True, check=False, timeout=300)


def lines(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "concise", "text"])
def test_the_order_is_one_whatever_the_jobs(tmp_path: Path, form: str) -> None:
    share(tmp_path, 60)
    outputs = {scanned(tmp_path, form, "--jobs", jobs).stdout for jobs in ("1", "2", "4")}
    assert len(outputs) == 1
    assert outputs.pop()


def test_json_that_is_written_as_it_comes_is_whole(tmp_path: Path) -> None:
    result = json.loads(scanned(share(tmp_path, 30), "json").stdout)
    assert [document["path"][-8:] for document in result["documents"]] == [f"{at:04}.txt" for at in range(30)]
    assert result["summary"]["block"] == 3


@pytest.mark.skipif(os.name == "nt", reason="there is no Ctrl-C to be sent to one process")
@pytest.mark.parametrize("form", ["jsonl", "text"])
def test_a_scan_that_is_stopped_says_what_it_left(tmp_path: Path, form: str) -> None:
    folder, out = share(tmp_path, 3000), tmp_path.parent / f"out-{form}"
    with subprocess.Popen([*COMMAND, form, str(folder), "-o", str(out)], stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 60
        shown = 20 if form == "jsonl" else 1
        while time.monotonic() < until and (not out.exists() or out.read_bytes().count(b"\n") < shown):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 3
    if form == "text":
        assert "途中で止めました" in out.read_text(encoding="utf-8")
        return
    header, *documents, summary = lines(out.read_bytes())
    assert header["type"] == "header"
    assert summary["interrupted"] is True
    assert summary["left"] == 3000 - len(documents) > 0
    assert not any(document["unchecked"] for document in documents)


@pytest.mark.parametrize("quiet", [False, True])
def test_a_line_now_and_then_says_how_far_a_run_is(tmp_path: Path, *, quiet: bool) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 2_000_000)
    stream, now = StringIO(), [0.0]
    progress = Progress((Input(str(path)),), stream, lambda: now[0], 30, quiet=quiet)
    progress.done(500_000)
    assert not stream.getvalue()
    now[0] = 40
    progress.done(500_000)
    assert stream.getvalue() == ("" if quiet else "aiguard: 0/1件、1.0/2.0MB（毎秒0.03MB、残り約40秒）\n")
