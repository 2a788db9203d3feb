"""Hold what the reading of one file may cost."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True):
    """Bound what one file may cost, with all that is inside it; what lies beyond is reported as unchecked.

    `bytes` is the size of the file, `unpacked` what it may hold when unpacked, `ratio` how many times its size that
    may be (above 20 MB), `members` the files inside it, `depth` how deep they may be nested, `cells` those of its
    sheets that hold something, `pages` those of a PDF, `seconds` the time to read it.
    """

    bytes: int = 200_000_000
    unpacked: int = 1_000_000_000
    ratio: int = 100
    members: int = 10_000
    depth: int = 8
    cells: int = 2_000_000
    pages: int = 3_000
    seconds: int = 120
