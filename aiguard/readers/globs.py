"""Expand `*`, `?`, `[...]` and `**` where the shell did not."""

# ruff: noqa: PTH118, PTH208
# A path stays as its author wrote it, which pathlib would not let it.

from __future__ import annotations

import fnmatch
import os
import re
from typing import TYPE_CHECKING, Final

from aiguard.readers.given import is_folder
from aiguard.readers.rules import is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC: Final = re.compile(r"[*?\[]")


def is_glob(argument: str) -> bool:
    """Tell whether an argument could be a glob."""
    return _MAGIC.search(argument) is not None


def root_of(pattern: str) -> str:
    """Return where a glob starts: the root of a drive, or "" for the folder one is in."""
    drive, rest = os.path.splitdrive(pattern)
    return drive + os.sep if rest[:1] in {os.sep, "/"} else drive


def matching(pattern: str) -> tuple[str, ...]:
    """Return the paths that match a glob, part by part; a folder stands for all that is in it."""
    rest = os.path.splitdrive(pattern)[1]
    parts = [part for part in re.split(r"[/\\]" if os.sep == "\\" else "/", rest) if part]
    paths: tuple[str, ...] = (root_of(pattern),)
    for part in parts[:-1] if parts[-1] == "**" else parts:
        paths = tuple(dict.fromkeys(found for path in paths for found in _step(path, part)))
    return tuple(path or os.curdir for path in paths)


def _step(folder: str, part: str) -> Iterator[str]:
    """Yield what matches one part of a glob inside a folder."""
    if part == "**":
        yield from _folders_below(folder)
    elif not is_glob(part):
        path = os.path.join(folder, part)
        if os.path.lexists(path):
            yield path
    else:
        pattern = re.compile(fnmatch.translate(part.replace("[^", "[!")), re.IGNORECASE if os.name == "nt" else 0)
        for name in _listed(folder):
            if pattern.match(name) and (part.startswith(".") or not is_hidden(name)):
                yield os.path.join(folder, name)


def _folders_below(root: str) -> Iterator[str]:
    """Yield a folder and the folders in it, each real folder once."""
    walked: set[str] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        real = os.path.realpath(folder or os.curdir)
        if real in walked:
            continue
        walked.add(real)
        yield folder
        below = (os.path.join(folder, name) for name in _listed(folder) if not is_hidden(name))
        waiting.extend(sorted(filter(is_folder, below), reverse=True))


def _listed(folder: str) -> list[str]:
    """Return the sorted names in a folder, none when it may not be read."""
    try:
        return sorted(os.listdir(folder or os.curdir))
    except (OSError, ValueError):
        return []
