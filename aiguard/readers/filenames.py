"""Read the names of files and folders: 【機密性2】職員名簿.xlsx tells before it is opened."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiguard.model import FILE_NAME, Segment, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# A name of Latin letters and a few digits tells nothing, and most are such.
_TELLING: Final = re.compile(r"[^\x00-\x7f]|@|[0-9][0-9 _-]{8,}")
_HOMES: Final = frozenset({"Users", "home"})
PLACE: Final = FILE_NAME


def name_of(path: Path) -> Segment | None:
    """Return the name of a file and of its folders as a segment; None where they could not tell anything.

    Of an absolute path the folders of a user (Users, home and the next) are left out: they name whose computer it
    is. Underscores become spaces and folders lines, one character for one.
    """
    *folders, name = _steps(path) or ("",)
    text = "\n".join((*folders, Path(name).stem or name)).replace("_", " ").replace("＿", "\u3000")
    if not _TELLING.search(text):
        return None
    return Segment(text.encode("utf-8", "replace").decode(), label=PLACE, aside=True)


def in_path(path: str, span: Span) -> Iterator[Span]:
    """Yield where a span of the segment of `name_of` stands in the path itself, a part for each step that it touches."""
    at = begun = 0
    for step in _steps(Path(path)):
        at = path.find(step, at)
        start, end = max(span.start, begun), min(span.end, begun + len(step))
        if start < end:
            yield Span(at + start - begun, at + end - begun)
        at += len(step)
        begun += len(step) + 1


def _steps(path: Path) -> tuple[str, ...]:
    """Return the names that a path is made of, without the root and whose home it is in."""
    parts = path.parts[1:] if path.is_absolute() else path.parts
    return parts[2:] if path.is_absolute() and parts and parts[0] in _HOMES else parts
