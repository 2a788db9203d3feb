"""Open what a pack brings besides its rules: lexicons, the model of names, the hashes of the guideline's words.

Each is opened when first asked for, once a process.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiguard.classifier import Classifier
    from aiguard.detectors.person_model import Model

QUOTATIONS = "quotations.bin"


def root() -> Path:
    """Return the folder that holds the packs: inside the installed package, else beside it (editable install)."""
    inside = Path(__file__).parent / "patterns"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "patterns"


@lru_cache(maxsize=16)
def lexicon(folder: str, name: str) -> frozenset[str]:
    """Return the words of a lexicon, one a line; it may begin with comments, lines that start with #.

    A pack outside the package may bring lexicons of its own beside it.
    """
    text = common(folder, f"lexicons/{name}.txt").read_text(encoding="utf-8")
    while text.startswith("#"):
        text = text.partition("\n")[2]
    return frozenset(text.strip("\n").split("\n"))


@lru_cache(maxsize=4)
def name_model(folder: str) -> Model:
    """Open the model of names and the lexicon it knows; a pack outside the package may bring its own beside it."""
    from aiguard.detectors.person_model import open_model

    return open_model(
        *(str(common(folder, file)) for file in ("lexicons/words.marisa", "names.marisa", "names.weights"))
    )


@lru_cache(maxsize=4)
def classifier(folder: str) -> Classifier:
    """Open the weights of the classifier of meaning; a pack outside the package may bring its own beside it."""
    from aiguard.classifier import open_classifier

    return open_classifier(*(str(common(folder, file)) for file in ("meaning.marisa", "meaning.runs", "meaning.json")))


def common(folder: str, file: str) -> Path:
    """Return a file that packs share; a pack outside the package may bring its own beside it."""
    beside = Path(folder).parent / "common" / file
    return beside if beside.is_file() else root() / "common" / file


@lru_cache(maxsize=4)
def quotations(*folders: str) -> frozenset[int]:
    """Return the hashes of the guideline's own words (see `quotation`) in the first of a pack's folders that has them."""
    files = (Path(folder) / QUOTATIONS for folder in folders)
    data = next((file.read_bytes() for file in files if file.is_file()), b"")
    return frozenset(int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4))
