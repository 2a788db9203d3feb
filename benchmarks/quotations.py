"""Hash the text of a guideline for its pack, so that quoting the guideline is not taken for breaking it.

python benchmarks/quotations.py GUIDELINE.txt patterns/nagareyama
"""

from __future__ import annotations

import sys
from pathlib import Path

from aiguard.quotation import hashed


def main(text: Path, pack: Path) -> None:
    """Write the hashes; `aiguard pack quote` does the same for a guideline in any format."""
    (pack / "quotations.bin").write_bytes(hashed(text.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
