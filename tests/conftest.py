"""Share fixtures, and let nothing be skipped unseen where the tests decide (CI=true)."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

ABSENT = "../shared is absent"
APART = "only with the extra `ray`"  # in an environment of its own: a step of `.ci/run`
ROOT = Path(__file__).parent.parent


@pytest.fixture
def shared() -> Path:
    """Return the folder of shared data beside the repository; skip where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(ABSENT)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the empty folder that is the user's own in `call` and `spawn`, and takes their temporary files."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return the empty folder where `call` and `spawn` work."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def _environment(home: Path) -> dict[str, str]:
    """Return what a command line sees: a folder for the user, 80 columns, and nothing that styles the output."""
    folders = ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "TMPDIR", "TEMP", "TMP")
    cached = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
    return {"COLUMNS": "80", "TERM": "xterm", **dict.fromkeys((*folders, *cached), str(home))}


@pytest.fixture
def call(home: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., CompletedProcess[str]]:
    """Return a function that runs a command line in this process, with the bytes of its standard input."""
    from aiguard.cli import main

    monkeypatch.chdir(desk)
    for name, value in _environment(home).items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object, stdin: bytes = b"") -> CompletedProcess[str]:
        out, err = BytesIO(), BytesIO()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["aiguard", *map(str, arguments)])
            patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), encoding="utf-8"))
            patch.setattr(sys, "stdout", TextIOWrapper(out, encoding="utf-8", newline="\n"))
            patch.setattr(sys, "stderr", TextIOWrapper(err, encoding="utf-8", newline="\n"))
            with pytest.raises(SystemExit) as ended:
                main()
            sys.stdout.flush()
            sys.stderr.flush()
            code = int(ended.value.code or 0)
            return CompletedProcess([*map(str, arguments)], code, out.getvalue().decode(), err.getvalue().decode())

    return run


@pytest.fixture
def spawn(home: Path, desk: Path) -> Callable[..., CompletedProcess[bytes]]:
    """Return a function that runs a command line in a process of its own; `environ` adds to its environment."""
    inherited = {"NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONUTF8"}

    def run(
        *arguments: object, stdin: bytes = b"", before: tuple[str, ...] = (), timeout: float = 120, **environ: str
    ) -> CompletedProcess[bytes]:
        kept = {name: value for name, value in os.environ.items() if name not in inherited}
        return subprocess.run(
            [*before, sys.executable, "-m", "aiguard", *map(str, arguments)],
            cwd=desk, env=kept | _environment(home) | environ, input=stdin, capture_output=True, timeout=timeout,
            check=False,
        )  # fmt: skip

    return run


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure under CI=true; an expected failure, absent shared data and what runs apart may pass."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    passes = hasattr(report, "wasxfail") or ABSENT in reason or APART in reason
    if report.skipped and not passes and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge a skip of a test."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge a skip of a whole file."""
    report = yield
    _refuse_skip(report)
    return report
