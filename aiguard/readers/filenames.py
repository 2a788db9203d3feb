"""Read the names of files and folders: 【機密性2】職員名簿.xlsx tells before it is opened."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from aiguard.model import Segment

# A name of Latin letters and a few digits tells nothing, and most are such.
_TELLING: Final = re.compile(r"[^\x00-\x7f]|@|[0-9][0-9 _-]{8,}")
_HOMES: Final = frozenset({"Users", "home"})
_PLACE: Final = "ファイル名"


def name_of(path: Path) -> Segment | None:
    """Return the name of a file and of its folders as a segment; None where they could not tell anything.

    Of an absolute path the folders of a user (Users, home and the next) are left out: they name whose computer it
    is. Underscores become spaces and folders lines, one character for one.
    """
    parts = path.parts[1:] if path.is_absolute() else path.parts
    if path.is_absolute() and parts and parts[0] in _HOMES:
        parts = parts[2:]
    *folders, name = parts or ("",)
    text = "\n".join((*folders, Path(name).stem or name)).replace("_", " ").replace("＿", "\u3000")
    if not _TELLING.search(text):
        return None
    return Segment(text.encode("utf-8", "replace").decode(), label=_PLACE, aside=True)
