"""Judge whether a selection leaves a path out: its options, and the ignore files at and above the path.

`.gitignore` counts inside the work tree of a repository only, with `info/exclude` before it, as in git; `.aiguardignore`
counts everywhere below its folder. In both, a file deeper down beats those above it, and the last line the earlier ones.
"""

# ruff: noqa: PTH110, PTH113, PTH118, PTH120
# Strings throughout: a walk of a share builds one path a file.

from __future__ import annotations

import os
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.readers.given import Cause, posix
from aiguard.readers.ignore import Exclusion, decided, is_excluded, read_ignore_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_TOOLS: Final = frozenset({"__pycache__", "node_modules"})
_GIT, _GITIGNORE, _OWN = ".git", ".gitignore", ".aiguardignore"


class Rules(NamedTuple):
    """Hold what a selection asks for, its patterns compiled; `since` is a time in seconds since 1970."""

    exclude: tuple[Exclusion, ...] = ()
    include: tuple[Exclusion, ...] = ()
    since: float | None = None
    hidden: bool = False
    gitignore: bool = False
    aiguardignore: bool = False


class Layer(NamedTuple):
    """Hold an ignore file: its patterns, and how much of a path its folder takes up."""

    start: int
    exclusions: tuple[Exclusion, ...]


class Layers(NamedTuple):
    """Hold the ignore files that count in a folder, the outermost first; `git` is None outside of work trees."""

    git: tuple[Layer, ...] | None = None
    own: tuple[Layer, ...] = ()


class Standing(NamedTuple):
    """Hold the ignore files that count in a folder, and why the folder itself is left out, if it is."""

    layers: Layers
    cause: Cause | None = None


def deeper(layers: Layers, folder: str, names: Collection[str], rules: Rules) -> Layers:
    """Add what the ignore files among the names in a folder say."""
    git, own = layers
    if rules.gitignore and _GIT in names and (store := _git_folder(folder)) is not None:
        git = (_layer(folder, os.path.join(store, "info", "exclude")),)
    if git is not None and _GITIGNORE in names:
        git = (*git, _layer(folder, os.path.join(folder, _GITIGNORE)))
    if rules.aiguardignore and _OWN in names:
        own = (*own, _layer(folder, os.path.join(folder, _OWN)))
    return Layers(git, own)


def layers_above(real: str, rules: Rules) -> Layers:
    """Return the ignore files that count where an absolute path lies."""
    return _standing(os.path.dirname(real), rules, {}).layers


def cause_of(spellings: Sequence[str], real: str, layers: Layers, rules: Rules, *, folder: bool) -> Cause | None:
    """Say why a path is left out that a walk comes to; None: it is not. Patterns of options may use any spelling."""
    if is_excluded(spellings, rules.exclude, folder=folder):
        return Cause.EXCLUDED
    if rules.include and not folder and not _is_included(spellings, rules.include):
        return Cause.NOT_INCLUDED
    return _ignored(real, layers, folder=folder)


def cause_of_single(
    spellings: Sequence[str], real: str, rules: Rules, known: dict[str, Standing], *, folder: bool = False
) -> Cause | None:
    """Say why a path is left out that no walk came to: for itself, or for a folder that it is in.

    `known` keeps what was learnt of folders for the paths that follow.
    """
    above = (each for spelling in spellings for each in _upwards(spelling.rpartition("/")[0]))
    if rules.exclude and any(is_excluded((each,), rules.exclude, folder=True) for each in above):
        return Cause.EXCLUDED
    layers, cause = _standing(os.path.dirname(real), rules, known)
    return cause or cause_of(spellings, real, layers, rules, folder=folder)


def closed(name: str, rules: Rules) -> Cause | None:
    """Say why a walk does not open a folder of that name."""
    if name in _TOOLS or (rules.hidden and name == _GIT):
        return Cause.TOOLS
    return Cause.HIDDEN if name.startswith(".") and not rules.hidden else None


def is_hidden(name: str) -> bool:
    """Tell whether a name is one that a glob or a walk does not meet unless asked to."""
    return name.startswith(".") or name in _TOOLS


def _is_included(spellings: Sequence[str], include: Sequence[Exclusion]) -> bool:
    """Tell whether patterns name a file or a folder that it is in; the nearest that they speak of decides."""
    for number, level in enumerate(zip_longest(*map(_upwards, spellings))):
        verdict = decided([each for each in level if each], include, folder=number > 0)
        if verdict is not None:
            return verdict
    return False


def _upwards(spelling: str) -> Iterator[str]:
    while spelling:
        yield spelling
        spelling = spelling.rpartition("/")[0]


def _ignored(real: str, layers: Layers, *, folder: bool) -> Cause | None:
    if _is_ignored(real, layers.own, folder=folder):
        return Cause.AIGUARDIGNORE
    return Cause.GITIGNORE if layers.git and _is_ignored(real, layers.git, folder=folder) else None


def _is_ignored(real: str, layers: Sequence[Layer], *, folder: bool) -> bool:
    for layer in reversed(layers):
        verdict = decided((posix(real[layer.start :]),), layer.exclusions, folder=folder)
        if verdict is not None:
            return verdict
    return False


def _standing(folder: str, rules: Rules, known: dict[str, Standing]) -> Standing:
    """Return what the ignore files from the top down to a folder say in it and of it."""
    if not (rules.gitignore or rules.aiguardignore):
        return Standing(Layers())
    if folder not in known:
        parent = os.path.dirname(folder)
        layers, cause = _standing(parent, rules, known) if parent != folder else Standing(Layers())
        cause = cause or _ignored(folder, layers, folder=True)
        known[folder] = Standing(deeper(layers, folder, _names(folder), rules), cause)
    return known[folder]


def _layer(folder: str, file: str) -> Layer:
    return Layer(len(os.path.join(folder, "")), read_ignore_file(file))


def _names(folder: str) -> list[str]:
    return [name for name in (_GIT, _GITIGNORE, _OWN) if os.path.lexists(os.path.join(folder, name))]


def _git_folder(folder: str) -> str | None:
    """Return where the repository of a work tree keeps its settings (gitrepository-layout(5)), if it is one."""
    path = os.path.join(folder, _GIT)
    if os.path.isfile(path):  # a submodule or a further work tree
        path = os.path.join(folder, _line(path).removeprefix("gitdir: "))
        shared = _line(os.path.join(path, "commondir"))
        path = os.path.join(path, shared) if shared else path
    return path if os.path.exists(os.path.join(path, "HEAD")) else None


def _line(path: str) -> str:
    try:
        text = Path(path).read_bytes()[:4096] if os.path.isfile(path) else b""
    except OSError:
        return ""
    return text.decode("utf-8", "surrogateescape").strip()
