"""The accuracy on the project's own labelled sets holds its floors: a figure may rise, never fall."""

from __future__ import annotations

from pathlib import Path

from aiguard.cli.scoring import figures
from aiguard.evaluate import check_floors, read_floors

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "corpus"


def test_no_figure_falls_below_its_floor() -> None:
    scored = figures(
        (CORPUS / "dev", CORPUS / "office", CORPUS / "people", CORPUS / "meaning", CORPUS / "drafts"), None, "all"
    )
    assert check_floors(scored, read_floors(ROOT / "benchmarks" / "floors.toml")) == ()
