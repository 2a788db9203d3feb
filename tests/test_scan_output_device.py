"""A place that takes no more is named to the user, and a device can be written to like a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def _scan(source: Path, output: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aiguard", "scan", "--quiet", "--format", "jsonl", "-o", output, str(source)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_and_is_no_internal_error(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("電話 090-1234-5678\n", encoding="utf-8")
    ended = _scan(source, "/dev/full")
    assert ended.returncode == 2
    assert "内部エラー" not in ended.stderr
    assert "結果を書き込めませんでした" in ended.stderr


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs a device for the standard output")
def test_a_report_can_go_to_a_device(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("電話 090-1234-5678\n", encoding="utf-8")
    ended = _scan(source, "/dev/stdout")
    assert ended.returncode == 1
    assert '"type":"summary"' in ended.stdout
