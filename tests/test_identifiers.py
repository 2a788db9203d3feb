"""Identifiers are found however an office writes them, at their exact spans, and look-alikes are left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from aiguard import check_text
from aiguard.examples import plain, spans
from aiguard.model import Severity, Span

HERE = Path(__file__).parent
LINES = tomllib.loads((HERE / "identifiers.toml").read_text(encoding="utf-8"))


def _found(text: str, least: Severity = Severity.WARN) -> set[tuple[str | None, Span]]:
    findings = check_text(text).findings
    return {
        (finding.entity, Span(finding.location.start, finding.location.end))
        for finding in findings
        if finding.severity.rank >= least.rank
    }


@pytest.mark.parametrize(
    ("entity", "line"), [(entity, line) for entity, lines in LINES.items() for line in lines if entity != "nothing"]
)
def test_every_way_of_writing_is_found_at_its_span(entity: str, line: str) -> None:
    found = _found(plain(line))

    assert {(entity, span) for span in spans(line)} <= found


@pytest.mark.parametrize("line", LINES.get("nothing", ()))
def test_look_alikes_are_no_alarm(line: str) -> None:
    assert _found(line) == set()
