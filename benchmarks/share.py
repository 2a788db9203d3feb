"""Print which share of an office's texts the model of names sees: python benchmarks/share.py [FOLDER]."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import corpus

import aiguard
from aiguard.detectors import person_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNITS = person_model.units


def share(folder: Path) -> float:
    """Check every file of a folder; return the characters in the sentences that the model saw, by all characters."""
    seen = 0

    def counted(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
        nonlocal seen
        for start, end in UNITS(text, places):
            seen += end - start
            yield start, end

    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())]
    with patch.object(person_model, "units", counted):
        for text in texts:
            aiguard.check_text(text)
    return seen / sum(map(len, texts))


def main() -> None:
    """Measure the folder named, or the texts of the benchmark of speed."""
    if sys.argv[1:]:
        print(f"{share(Path(sys.argv[1])):.1%}")
        return
    with tempfile.TemporaryDirectory() as name:
        corpus.write(Path(name) / "pages")
        print(f"{share(Path(name) / 'pages'):.1%}")


if __name__ == "__main__":
    main()
