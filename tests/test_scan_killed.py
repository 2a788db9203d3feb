"""A scan that is killed at any moment goes on where it was, and ends in the report of one that never was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest
import resume

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes in another way")
def test_killed_scans_end_in_the_same_report(tmp_path: Path) -> None:
    outcome = resume.measure(5, tmp_path, files=40, rows=3_000)
    assert outcome.same == 5
    assert outcome.killed


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes in another way")
def test_what_was_done_before_the_kill_is_not_done_again(tmp_path: Path) -> None:
    texts = resume.write(tmp_path, files=120, rows=10)
    state = tmp_path / "state.sqlite3"
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path), "HOME": str(tmp_path)}
    arguments = resume.command(texts, tmp_path / "out.jsonl", state)
    process = subprocess.Popen(arguments, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ends = monotonic() + 60
    while _documents(tmp_path / "out.jsonl") < 20 and monotonic() < ends and process.poll() is None:
        sleep(0.005)
    process.kill()
    process.wait()
    done = _documents(tmp_path / "out.jsonl")
    resumed = subprocess.run(arguments, env=environ, capture_output=True, check=False)
    told = resumed.stderr.decode()
    assert "前の結果を使いました（" in told
    assert int(told.partition("使いました（")[2].partition("件")[0]) >= done >= 20
    assert _documents(tmp_path / "out.jsonl") == 121


def _documents(output: Path) -> int:
    """Count the documents of a report that may be in the writing."""
    if not output.exists():
        return 0
    return sum(line.endswith(b"}") and b'"document"' in line[:40] for line in output.read_bytes().split(b"\n"))


# ---- The command line


def scanned(done: CompletedProcess[str]) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = json.loads(done.stdout)["documents"]
    return documents


def test_a_second_scan_says_what_it_took_over(call: Callable[..., CompletedProcess[str]], desk: Path) -> None:
    (desk / "a.txt").write_text("連絡先は090-7361-8245です。\n", encoding="utf-8")
    first, second = (call("scan", ".", "--state", "s.sqlite3", "--format", "json") for _ in range(2))
    assert first.stdout == second.stdout
    assert "前の結果" not in first.stderr
    assert "前の結果を使いました（1件。新しく点検したのは0件）" in second.stderr
    assert [each["path"] for each in scanned(second)] == ["a.txt"]  # not the state, which lies beside it


@pytest.mark.parametrize("option", [("--state", "notes.txt"), ("--state", "."), ("--key", "notes.txt")])
def test_a_file_of_another_kind_is_refused(
    call: Callable[..., CompletedProcess[str]], desk: Path, option: tuple[str, str]
) -> None:
    (desk / "notes.txt").write_text("早乙女 詩織の覚え書き\n" * 99, encoding="utf-8")
    before = (desk / "notes.txt").read_bytes()
    done = call("scan", "notes.txt", "--state", "s.sqlite3", *option)
    assert done.returncode == 2
    assert "→" in done.stderr
    assert "早乙女" not in done.stderr
    assert (desk / "notes.txt").read_bytes() == before


def test_a_changed_baseline_shows_at_once(call: Callable[..., CompletedProcess[str]], desk: Path) -> None:
    (desk / "texts").mkdir()
    (desk / "texts" / "a.txt").write_text("担当は早乙女 詩織さん（090-7361-8245）です。\n", encoding="utf-8")
    options = ("scan", "texts", "--use", "prompt", "--state", "s.sqlite3")
    assert call(*options).returncode == 1
    done = call("baseline", "create", "texts", "--use", "prompt", "--reason", "公表済み", "--accept-block")
    assert done.returncode == 0
    assert call(*options, "--baseline", "aiguard-baseline.toml").returncode == 0
    assert call(*options).returncode == 1


def test_a_state_without_its_key_begins_again(
    call: Callable[..., CompletedProcess[str]], desk: Path, home: Path
) -> None:
    (desk / "a.txt").write_text("よい天気です。\n", encoding="utf-8")
    options = ("scan", "a.txt", "--state", "s.sqlite3")
    call(*options)
    next(home.rglob("key.txt")).unlink()
    done = call(*options)
    assert done.returncode == 0
    assert "前の結果" not in done.stderr


def test_allows_that_let_nothing_pass_are_named(call: Callable[..., CompletedProcess[str]], desk: Path) -> None:
    (desk / "a.txt").write_text("連絡先は090-7361-8245です。\n", encoding="utf-8")
    (desk / "aiguard.toml").write_text(
        '[[allow]]\ntext = "090-7361-8245"\nreason = "公開の番号"\n'
        '[[allow]]\ntext = "090-9999-0000"\nreason = "もう使わない番号"\n'
        '[[allow]]\ntext = "090-9999-0001"\nreason = "去年の番号"\nexpires = 2020-01-01\n',
        encoding="utf-8",
    )
    for _ in range(2):  # also where the findings come from an earlier run
        done = call("scan", "a.txt", "--state", "s.sqlite3")
        assert done.stderr.count("何にも当たらない許可があります（理由: もう使わない番号）") == 1
        assert "公開の番号" not in done.stderr
        assert "期限が切れています（2020-01-01、理由: 去年の番号）" in done.stderr


def test_a_scan_accepts_what_a_baseline_of_the_same_share_does(
    call: Callable[..., CompletedProcess[str]], desk: Path
) -> None:
    (desk / "a.txt").write_text("担当は早乙女 詩織さん（090-7361-8245）です。\n", encoding="utf-8")
    assert call("scan", "a.txt", "--fail-on", "warn").returncode == 1
    assert call("baseline", "create", "a.txt", "--reason", "公表済み", "--accept-block").returncode == 0
    assert call("scan", ".", "--fail-on", "warn", "--baseline", "aiguard-baseline.toml").returncode == 0
