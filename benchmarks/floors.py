"""Raise the floors of accuracy to what is measured now, less half a point; a floor never falls.

python benchmarks/floors.py
"""

from __future__ import annotations

from pathlib import Path

from aiguard.cli.scoring import figures
from aiguard.evaluate import write_floors

ROOT = Path(__file__).parent.parent

if __name__ == "__main__":
    corpus = ROOT / "tests" / "corpus"
    write_floors(
        ROOT / "benchmarks" / "floors.toml",
        figures(
            (corpus / "dev", corpus / "office", corpus / "people", corpus / "meaning", corpus / "drafts"), None, "all"
        ),
    )
