"""Walk a folder in order of names, one folder at a time, so that a share of millions of files takes no memory."""

# ruff: noqa: PTH118, PTH120
# Strings throughout: a walk of a share builds one path a file.

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aiguard.readers.given import BROKEN_LINK, CLOSED, FORBIDDEN, MISSING, SPECIAL, Cause, Input, posix
from aiguard.readers.rules import Layers, Rules, cause_of, closed, deeper, layers_above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.readers.given import LeftOut


class Found(NamedTuple):
    """Hold an input and the real path by which it is known, however one comes to it."""

    item: Input
    real: str


class _Place(NamedTuple):
    """Hold a path that waits for its turn: a folder with the ignore files around it, or a file, or a problem."""

    path: str
    real: str
    around: Layers | None = None
    problem: str | None = None


def walk(root: str, rules: Rules, left: LeftOut, below: str | None = None) -> Iterator[Found]:
    """Yield the files in a folder, each real folder once, so that links in a circle end.

    `below` is the folder that the patterns of options count from, `root` itself unless given. What is left out is
    counted in `left`.
    """
    start = len(os.path.join(root if below is None else below, ""))
    real = os.path.realpath(root)
    walked: set[str] = set()
    waiting = [_Place(root, real, layers_above(real, rules))]
    while waiting:
        place = waiting.pop()
        if place.around is None:
            yield Found(Input(place.path, place.problem), place.real)
        elif place.real in walked:
            left[Cause.AGAIN, True] += 1
        else:
            walked.add(place.real)
            entries = _entries(place.path)
            if entries is None:
                yield Found(Input(place.path, CLOSED), place.real)
            layers = deeper(place.around, place.real, {entry.name for entry in entries or ()}, rules)
            waiting.extend(_Walk(place, layers, start, rules, left).places(entries or []))


def _entries(folder: str) -> list[os.DirEntry[str]] | None:
    """Return what is in a folder, by name; `None` when it may not be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (OSError, ValueError):
        return None


class _Walk(NamedTuple):
    """Hold what the entries of one folder are judged by."""

    place: _Place
    layers: Layers
    start: int
    rules: Rules
    left: LeftOut

    def places(self, entries: list[os.DirEntry[str]]) -> Iterator[_Place]:
        """Yield the entries that are wanted, the last first, as a stack takes them."""
        for entry in reversed(entries):
            folder = _is_folder(entry)
            path = os.path.join(self.place.path, entry.name)
            cause = self._cause(entry, path, folder=folder)
            if cause is not None:
                self.left[cause, folder] += 1
            elif folder:
                yield self._folder(entry, path)
            else:
                real = os.path.realpath(path) if entry.is_symlink() else os.path.join(self.place.real, entry.name)
                yield _Place(path, real, problem=_problem(entry))

    def _cause(self, entry: os.DirEntry[str], path: str, *, folder: bool) -> Cause | None:
        rules = self.rules
        if folder and (cause := closed(entry.name, rules)):
            return cause
        spellings = (posix(path[self.start :]), posix(os.path.normpath(path))) if rules.exclude or rules.include else ()
        cause = cause_of(spellings, os.path.join(self.place.real, entry.name), self.layers, rules, folder=folder)
        if cause is None and not folder and rules.since is not None and _is_older(entry, rules.since):
            return Cause.OLD
        return cause

    def _folder(self, entry: os.DirEntry[str], path: str) -> _Place:
        if not entry.is_symlink() and os.name != "nt":  # Windows has junctions, which are no links to Python 3.11
            return _Place(path, os.path.join(self.place.real, entry.name), self.layers)
        real = os.path.realpath(path)
        beside = os.path.dirname(real) == self.place.real
        return _Place(path, real, self.layers if beside else layers_above(real, self.rules))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_older(entry: os.DirEntry[str], since: float) -> bool:
    """Tell whether a file was last changed before a time; one that does not say is not."""
    try:
        return entry.stat().st_mtime < since
    except OSError:
        return False


def _problem(entry: os.DirEntry[str]) -> str | None:
    """Say why an entry is no file to open: a link to nowhere or in a circle, a pipe, no permission."""
    try:
        if entry.is_file():
            return None
        entry.stat()
    except PermissionError:
        return FORBIDDEN
    except OSError:
        return BROKEN_LINK if entry.is_symlink() else MISSING
    return SPECIAL
