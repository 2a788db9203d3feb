"""A scan as its user sees it: the bar on a terminal and nowhere else, Ctrl-C once and twice, and streams that are gone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

pty = pytest.importorskip("pty", reason="Windows has no such terminals")

# What `aiguard` runs, with a bar or a line at once instead of after a second or thirty.
AT_ONCE = """
from functools import partial
from aiguard.cli import main, progress
progress.Progress = partial(progress.Progress, every=0, patience=0)
main()
"""
PROGRAM = (sys.executable, "-m", "aiguard")
HURRIED = (sys.executable, "-c", AT_ONCE)
STOPPING = "止めています"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Ended(NamedTuple):
    """Hold how a process ended: its exit code, what the terminal showed, and what came on its standard output."""

    code: int
    screen: str
    out: bytes = b""

    @property
    def shown(self) -> str:
        """Return what the screen showed without what styles it and moves on it."""
        return ESCAPE.sub("", self.screen)


class Terminal:
    """Run a command whose standard error, and where `out` says nothing else its output, is a terminal of its own."""

    def __init__(self, command: Sequence[str], home: Path, out: int | None = None, **environ: str) -> None:
        self.screen = b""
        self.ours, theirs = pty.openpty()
        kept = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "HOME": str(home), "TMPDIR": str(home)}
        kept |= {"XDG_DATA_HOME": str(home), "XDG_CACHE_HOME": str(home), **environ}
        for name in ("NO_COLOR", "FORCE_COLOR"):
            kept.pop(name, None)
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs if out is None else out, stderr=theirs, env=kept,
            start_new_session=True, preexec_fn=_own_terminal,  # noqa: PLW1509 - no threads here
        )  # fmt: skip
        os.close(theirs)

    def until(self, wanted: Callable[[str], bool], seconds: float = 90) -> str:
        """Read until the screen shows what is wanted."""
        ends = time.monotonic() + seconds
        while not wanted(text := self.screen.decode("utf-8", "replace")):
            assert time.monotonic() < ends, text[-500:]
            assert self._read() or wanted(self.screen.decode("utf-8", "replace")), text[-500:]
        return text

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.ours, keys)

    def end(self) -> Ended:
        """Read the rest and wait for the end."""
        while self._read():
            pass
        os.close(self.ours)
        return Ended(self.process.wait(60), self.screen.decode("utf-8", "replace"))

    def _read(self) -> bool:
        try:
            data = os.read(self.ours, 65536)
        except OSError:  # what Linux says when nobody holds the other end
            return False
        self.screen += data
        return bool(data)


def _own_terminal() -> None:
    """Make the terminal on standard error that of this session, so that Ctrl-C is sent to it."""
    import fcntl
    import termios

    fcntl.ioctl(2, termios.TIOCSCTTY, 0)


@pytest.fixture
def share(desk: Path) -> Path:
    """Return a folder of a few files."""
    return _filled(desk / "share", 40)


@pytest.fixture
def large(desk: Path) -> Path:
    """Return a folder that takes seconds to scan."""
    return _filled(desk / "large", 4_000)


def _filled(folder: Path, number: int) -> Path:
    folder.mkdir()
    for at in range(number):
        text = f"電話は090-1234-5678です。{at}\n" if at % 10 == 0 else f"会議の準備の手順を教えて。{at}\n" * 40
        (folder / f"{at:04}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def left_behind(home: Path) -> Iterator[None]:
    """Hold that neither children nor temporary files are left."""
    yield
    ends = time.monotonic() + 20
    while _processes(home) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not _processes(home)
    assert [file for file in home.rglob("*") if file.is_file() and file.suffix not in {".txt", ".sqlite3"}] == []


def _processes(home: Path) -> list[str]:
    """Name the processes that have a home of ours: those that a test began, and their children."""
    mark = f"HOME={home}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in entry.read_bytes().split(b"\0"):
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


# ---- The bar


def test_the_bar_shows_rate_and_remaining_time_and_leaves_nothing(share: Path, home: Path) -> None:
    out = share.parent / "out.jsonl"
    ended = Terminal([*HURRIED, "scan", str(share), "--format", "jsonl", "-o", str(out)], home).end()
    assert ended.code == 1
    assert "━" in ended.shown
    assert re.search(r"\d+/40件　\d+\.\d\dMB/秒　残り(約\d+秒|時間は計算中)", ended.shown)
    assert ended.screen.rstrip("\r\n").endswith("\x1b[2K")  # the line is wiped
    assert json.loads(out.read_bytes().splitlines()[-1])["documents"] == 40


def test_the_bar_is_not_in_a_report_on_standard_output(share: Path, home: Path, desk: Path) -> None:
    with (desk / "piped").open("wb") as piped:
        ended = Terminal([*HURRIED, "scan", str(share), "--format", "json"], home, piped.fileno()).end()
    assert "━" in ended.shown
    assert json.loads((desk / "piped").read_bytes())["summary"]["documents"] == 40


def test_the_bar_is_hidden_where_the_report_is_shown(share: Path, home: Path) -> None:
    ended = Terminal([*HURRIED, "scan", str(share), "--format", "concise"], home).end()
    found = [line for line in ended.shown.replace("\r", "\n").splitlines() if "phone-mobile" in line]
    assert len(found) == 4
    assert not [line for line in found if "━" in line]


@pytest.mark.parametrize("quiet", [("--quiet",), ("-q",)])
def test_quiet_shows_no_bar(share: Path, home: Path, quiet: tuple[str, ...]) -> None:
    ended = Terminal([*HURRIED, "scan", str(share), "--format", "jsonl", "-o", os.devnull, *quiet], home).end()
    assert (ended.code, ended.screen) == (1, "")


def test_a_run_that_is_soon_over_shows_no_bar(desk: Path, home: Path) -> None:
    (desk / "a.txt").write_text("会議です。\n", encoding="utf-8")
    ended = Terminal([*PROGRAM, "scan", str(desk / "a.txt"), "-o", os.devnull], home).end()
    assert (ended.code, ended.screen) == (0, "")


@pytest.mark.parametrize(("options", "told"), [((), True), (("--quiet",), False)])
def test_elsewhere_a_line_now_and_then_has_no_control_characters(
    share: Path, home: Path, options: tuple[str, ...], *, told: bool
) -> None:
    done = subprocess.run(
        [*HURRIED, "scan", str(share), "-o", os.devnull, *options], capture_output=True, check=False, timeout=120,
        env={**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home)},
    )  # fmt: skip
    said = done.stderr.decode()
    assert bool(re.search(r"aiguard: \d+/40件、\d+\.\d/\d+\.\dMB（毎秒\d+\.\d\dMB、残り.+）\n", said)) is told
    assert "\x1b" not in said
    assert "━" not in said


# ---- To stop


@pytest.mark.usefixtures("left_behind")
@pytest.mark.parametrize("form", ["json", "html"])
def test_ctrl_c_ends_with_what_is_done(large: Path, home: Path, desk: Path, form: str) -> None:
    out = desk / f"out.{form}"
    terminal = Terminal([*HURRIED, "scan", str(large), "--format", form, "-o", str(out)], home)
    terminal.until(lambda screen: re.search(r"[1-9]\d*/4,000件", screen) is not None)
    terminal.type(b"\x03")
    ended = terminal.end()
    assert ended.code == 3
    assert STOPPING in ended.shown
    if form == "html":
        assert "途中で止めました" in out.read_text(encoding="utf-8")
        return
    report = json.loads(out.read_bytes())
    assert report["summary"]["interrupted"] is True
    assert report["summary"]["left"] == 4_000 - len(report["documents"]) > 0


@pytest.mark.usefixtures("left_behind")
@pytest.mark.parametrize("form", ["jsonl", "html"])
def test_ctrl_c_twice_ends_at_once(large: Path, home: Path, desk: Path, form: str) -> None:
    out = desk / f"out.{form}"
    terminal = Terminal([*HURRIED, "scan", str(large), "--format", form, "-o", str(out)], home)
    terminal.until(lambda screen: re.search(r"[1-9]\d*/4,000件", screen) is not None)
    terminal.type(b"\x03")
    terminal.until(lambda screen: STOPPING in screen)
    terminal.type(b"\x03")
    ended = terminal.end()
    assert ended.code in {130, 3}  # 3 where the first was done with by then
    assert "Traceback" not in ended.shown
    assert "\x1b[?25h" in ended.screen  # the cursor is back


@pytest.mark.usefixtures("left_behind")
def test_a_request_to_end_is_like_ctrl_c(large: Path, home: Path, desk: Path) -> None:
    out = desk / "out.jsonl"
    terminal = Terminal([*HURRIED, "scan", str(large), "--format", "jsonl", "-o", str(out)], home)
    terminal.until(lambda screen: re.search(r"[1-9]\d*/4,000件", screen) is not None)
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end().code == 3
    assert json.loads(out.read_bytes().splitlines()[-1])["interrupted"] is True


# ---- Streams that are gone


def _shell(line: str, home: Path, desk: Path) -> subprocess.CompletedProcess[bytes]:
    program = f'"{sys.executable}" -m aiguard'
    kept = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "TMPDIR": str(home)}
    return subprocess.run(
        ["/bin/sh", "-c", line.replace("aiguard", program, 1)],
        cwd=desk, env=kept, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.usefixtures("left_behind")
@pytest.mark.parametrize("form", ["text", "jsonl", "csv", "html"])
def test_a_reader_that_leaves_early_is_no_fault(large: Path, home: Path, desk: Path, form: str) -> None:
    done = _shell(f"aiguard scan {large.name} --format {form} | head -n 1", home, desk)
    assert len(done.stdout.splitlines()) == 1
    assert b"Traceback" not in done.stderr
    assert "内部エラー" not in done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("form", ["text", "concise", "json", "html", "xlsx"])
@pytest.mark.parametrize("closed", [">/dev/full", ">&-"])
def test_a_report_that_cannot_be_written_is_told(share: Path, home: Path, desk: Path, form: str, closed: str) -> None:
    done = _shell(f"aiguard scan {share.name} --format {form} {closed}", home, desk)
    assert done.returncode == 2
    assert "結果を書き込めませんでした" in done.stderr.decode()
    assert b"Exception ignored" not in done.stderr


@pytest.mark.usefixtures("left_behind")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_report_in_a_file_needs_no_streams(share: Path, home: Path, desk: Path, closed: str) -> None:
    done = _shell(f"aiguard scan {share.name} --format json -o out.json {closed}", home, desk)
    assert done.returncode == 1
    report = json.loads((desk / "out.json").read_bytes())
    assert (report["summary"]["documents"], report["summary"]["unchecked"]) == (40, 0)


def test_closed_input_is_not_empty_input(home: Path, desk: Path) -> None:
    done = _shell("aiguard scan - <&-", home, desk)
    assert done.returncode == 2
    assert "標準入力が閉じています" in done.stderr.decode()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_that_leads_to_itself_does_not_stop_a_scan_into_a_file(share: Path, home: Path, desk: Path) -> None:
    (share / "loop").symlink_to("loop")
    done = _shell(f"aiguard scan {share.name} --format json -o out.json", home, desk)
    assert done.returncode == 3
    assert json.loads((desk / "out.json").read_bytes())["summary"]["unchecked"] == 1
