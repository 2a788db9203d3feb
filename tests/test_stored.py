"""What is kept between runs is made of the rules alone, changes nothing that is found, and is never needed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from aiguard import stored

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ("個人番号は1234 5678 9018です。担当は猪狩蔦恵さん、電話は090-8317-2946。", "庁内限り。来週公表の予定です。")


def _run(folder: Path, text: str, *options: str, **extra: str) -> str:
    """Check a text in a new process that keeps its bytecode in a folder; return the report."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-m", "aiguard", "check", "--format", "json", *options, "-"],
        input=text, env={**environment, "PYTHONPYCACHEPREFIX": str(folder), "PYTHONUTF8": "1", **extra},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def _kept(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.rglob("*.bin")}


def _sizes(folder: Path) -> dict[str, int]:
    return {name: len(data) for name, data in _kept(folder).items()}


def _about(sizes: dict[str, int]) -> dict[str, object]:
    """Allow some bytes more or less: sets are kept in an order of their own each time, and share more or fewer objects."""
    return {name: pytest.approx(size, rel=0.001) for name, size in sizes.items()}


def test_later_runs_find_the_same_and_what_is_kept_does_not_depend_on_the_text(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert [_run(first, text) for text in TEXTS] == [_run(second, text) for text in reversed(TEXTS)][::-1]
    kept = _kept(first)
    assert {name.partition(".")[0] for name in kept} >= {"patterns", "pack-nagareyama", "words-prompt"}
    assert _sizes(first) == _about(_sizes(second))
    assert not any(value.encode() in data for value in ("猪狩蔦恵", "090-8317-2946") for data in kept.values())


def test_packs_that_take_turns_do_not_take_what_was_made_of_another(tmp_path: Path) -> None:
    other = _run(tmp_path / "alone", TEXTS[1], "--pack", "template")
    own = _run(tmp_path / "turns", TEXTS[1])
    assert _run(tmp_path / "turns", TEXTS[1], "--pack", "template") == other
    assert _run(tmp_path / "turns", TEXTS[1]) == own


@pytest.mark.parametrize("damage", [b"", b"\0" * 64, b"half"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    report = _run(tmp_path, TEXTS[0])
    sizes = _sizes(tmp_path)
    for file in tmp_path.rglob("*.bin"):
        file.write_bytes(file.read_bytes()[:100] if damage == b"half" else damage)
    assert _run(tmp_path, TEXTS[0]) == report
    assert _sizes(tmp_path) == _about(sizes)


def test_nothing_is_kept_where_python_keeps_no_bytecode(tmp_path: Path) -> None:
    assert _run(tmp_path, TEXTS[0], PYTHONDONTWRITEBYTECODE="1")
    assert _kept(tmp_path) == {}


def test_what_was_kept_for_another_tag_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_file", lambda name: tmp_path / name)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    stored.write("words", "one", b"body")
    assert stored.read("words", "one") == b"body"
    assert stored.read("words", "two") == b""
    assert stored.read("other", "one") == b""
