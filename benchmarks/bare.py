"""Tokenize every file of a folder and do nothing else: the least that finding names costs.

Usage: python benchmarks/bare.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import fugashi


def main(folder: Path) -> int:
    """Read each token's features, and return the number of tokens that have some."""
    tagger = fugashi.Tagger()
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))
    return sum(bool(token.feature_raw) for text in texts for token in tagger(text))


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
