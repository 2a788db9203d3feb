"""Find what a file holds and its reader did not take up: the last guard against content in an unheard-of place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# Letters beyond ASCII, with the digits between them, or four digits.
_RUN: Final = re.compile("[0-9]{0,8}[^\x00-\x7f\xa0\u3000][^\x00-/:-\x7f\xa0\u3000]{1,200}|[0-9]{4,}")
_MOST_LOOKS: Final = 5_000


def passed_over(lines: Iterable[tuple[str, str]], read: str) -> list[str]:
    """Return the lines that hold letters beyond ASCII, or numbers, which do not stand in what was read.

    A line is what is to be shown, and what of it counts. What counts may be part of a longer word of what was read; to
    look for that takes time, so that after some thousand looks a line that differs is taken as lost.
    """
    known = set(_RUN.findall(read))
    looked = 0
    lost = []
    for shown, counted in lines:
        missing = set(_RUN.findall(counted)) - known
        looked += len(missing)
        if missing and (looked > _MOST_LOOKS or any(each not in read for each in missing)):
            lost.append(shown)
    return lost
