"""What is printed fits the place where it is printed: terminals, pipes, code pages, widths, shells."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypeAlias

import pytest
from rich.cells import cell_len

from aiguard.version import __version__

Spawn: TypeAlias = Callable[..., CompletedProcess[bytes]]
Call: TypeAlias = Callable[..., CompletedProcess[str]]

HERE = Path(__file__).parent
TINY = HERE / "tiny"
GOLDEN = HERE / "golden"
PROMPT = """次のメモを、お知らせの文にしてください。

登録票の受付を来月から始める（検討中）。
会員番号：A-123456、会員番号：A-654321
A-111111 も同じ。
庁内限り
"""
DRAFT = "承知しました。以下に案を示します。\n\n会員番号：A-123456\n(ChatGPT)により作成\n"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _texts(desk: Path) -> None:
    """Lay a prompt and a draft on the desk."""
    (desk / "prompt.txt").write_text(PROMPT, encoding="utf-8")
    (desk / "draft.txt").write_text(DRAFT, encoding="utf-8")


# ---- Exact pages


@pytest.mark.parametrize(
    ("line", "golden"),
    [
        ("check prompt.txt", "cli-check.txt"),
        ("check prompt.txt --by section", "cli-check-section.txt"),
        ("check prompt.txt missing.txt", "cli-check-two.txt"),
        ("check prompt.txt --format json", "cli-check.json"),
        ("review draft.txt", "cli-review.txt"),
        ("review draft.txt --by section", "cli-review-section.txt"),
        ("review draft.txt --format json", "cli-review.json"),
    ],
)
def test_the_page_is_exactly_so(call: Call, line: str, golden: str) -> None:
    command, *arguments = line.split()
    said = call(command, "--pack", TINY, *arguments).stdout.replace(f'"{__version__}"', '"VERSION"')
    if os.environ.get("AIGUARD_UPDATE_GOLDEN"):
        (GOLDEN / golden).write_text(said, encoding="utf-8")
    assert said == (GOLDEN / golden).read_text(encoding="utf-8")


def test_another_process_prints_the_same(call: Call, spawn: Spawn) -> None:
    for form in ("text", "json", "jsonl"):
        arguments = ("check", "--pack", TINY, "prompt.txt", "--format", form)
        assert spawn(*arguments).stdout.decode() == call(*arguments).stdout


# ---- Colour and width


@pytest.mark.parametrize(
    ("environ", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_and_those_who_ask(spawn: Spawn, environ: dict[str, str], coloured: bool) -> None:  # noqa: FBT001
    said = spawn("check", "--pack", TINY, "prompt.txt", **environ).stdout.decode()
    assert bool(ANSI.search(said)) is coloured
    assert "123456" not in said


def test_colour_says_nothing_that_words_do_not(spawn: Spawn) -> None:
    coloured = ANSI.sub("", spawn("check", "--pack", TINY, "prompt.txt", FORCE_COLOR="1").stdout.decode())
    for words in ("入力できません", "禁止", "注意", "prompt.txt:4:6", "●●●●"):
        assert words in coloured


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("by", ["place", "section"])
def test_lines_fit_the_width(call: Call, monkeypatch: pytest.MonkeyPatch, width: int, by: str) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for command, name in (("check", "prompt.txt"), ("review", "draft.txt")):
        lines = call(command, name, "--pack", TINY, "--by", by).stdout.splitlines()
        assert max(map(cell_len, lines)) <= width


# ---- Encodings of the console


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
@pytest.mark.parametrize(
    "line", ["check 髙橋🌸.txt", "check . --by section", "review .", "guideline", "rule", "doctor", "-h", "nope"]
)
def test_a_console_of_any_encoding_can_show_everything(spawn: Spawn, desk: Path, encoding: str, line: str) -> None:
    (desk / "髙橋🌸.txt").write_text("検討中🌸の﨑の案 — 庁内限り\n", encoding="utf-8")
    done = spawn(*line.split(), PYTHONIOENCODING=encoding)
    assert "内部エラー" not in done.stderr.decode(encoding)
    assert (done.stdout + done.stderr).decode(encoding)


def test_json_is_utf8_on_every_console(spawn: Spawn) -> None:
    arguments = ("check", "--pack", TINY, "prompt.txt", "--format", "json")
    assert spawn(*arguments, PYTHONIOENCODING="cp932").stdout == spawn(*arguments).stdout
    assert json.loads(spawn(*arguments, PYTHONIOENCODING="cp932").stdout)["summary"]["block"] == 1


def test_an_output_file_is_utf8_on_every_console(spawn: Spawn, desk: Path) -> None:
    arguments = ("check", "--pack", TINY, "prompt.txt", "-o", "out.txt")
    assert spawn(*arguments, PYTHONIOENCODING="cp932").returncode == 1
    assert "入力できません" in (desk / "out.txt").read_text(encoding="utf-8")


# ---- Terminals and shells


def test_without_a_path_on_a_terminal_an_example_is_shown(desk: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    try:
        for command in ("check", "review"):
            done = subprocess.run(
                [sys.executable, "-m", "aiguard", command],
                stdin=theirs, capture_output=True, cwd=desk, timeout=60, check=False,
            )  # fmt: skip
            said = done.stderr.decode()
            assert (done.returncode, done.stdout) == (2, b"")
            assert "点検するファイルがありません" in said
            assert f"例: aiguard {command} " in said
    finally:
        os.close(ours)
        os.close(theirs)


def test_without_a_path_a_pipe_is_read(spawn: Spawn) -> None:
    done = spawn("check", "--pack", TINY, stdin=PROMPT.encode())
    assert done.returncode == 1
    assert done.stdout.decode().startswith("■ 入力できません  標準入力")


def test_a_reader_that_leaves_early_causes_no_traceback(desk: Path) -> None:
    line = f'"{sys.executable}" -m aiguard rule | head -n 1'
    done = subprocess.run(["/bin/sh", "-c", line], cwd=desk, capture_output=True, timeout=60, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(spawn: Spawn, shell: str) -> None:
    done = spawn("--show-completion", shell)
    assert done.returncode == 0
    assert "COMP" in done.stdout.decode() or "complete" in done.stdout.decode()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("aiguard ch", "check"), ("aiguard check --form", "--format"), ("aiguard check --format js", "jsonl")],
)
def test_the_shell_completes_commands_options_and_values(desk: Path, typed: str, offered: str) -> None:
    program = "import sys; sys.argv = ['aiguard']; from aiguard.cli import main; main()"
    asked = {"_AIGUARD_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=desk, env=os.environ | asked, capture_output=True, timeout=60, check=False
    )
    assert offered in done.stdout.decode().split()
