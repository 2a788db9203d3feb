"""Share fixtures, and let nothing be skipped unseen where the tests decide (CI=true)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

ABSENT = "../shared is absent"
ROOT = Path(__file__).parent.parent


@pytest.fixture
def shared() -> Path:
    """Return the folder of shared data beside the repository; skip where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(ABSENT)
    return folder


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure under CI=true; an expected failure and absent shared data may pass."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    if report.skipped and not hasattr(report, "wasxfail") and ABSENT not in reason and os.environ.get("CI") == "true":
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
