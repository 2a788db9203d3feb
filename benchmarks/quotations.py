"""Hash the text of a guideline for its pack, so that quoting the guideline is not taken for breaking it.

python benchmarks/quotations.py GUIDELINE.txt patterns/nagareyama
"""

from __future__ import annotations

import sys
from array import array
from pathlib import Path

from aiguard.quotation import grams


def main(text: Path, pack: Path) -> None:
    """Write the hashes in ascending order, four bytes each, little-endian."""
    hashes = array("I", sorted(set(grams(text.read_text(encoding="utf-8")))))
    if sys.byteorder == "big":
        hashes.byteswap()
    (pack / "quotations.bin").write_bytes(hashes.tobytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
