"""Find files of the same content, so that a copy need not be checked again."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiguard.readers.given import Input

_CHUNK: Final = 1 << 20


class _State(NamedTuple):
    """Hold by what a file is known to be unchanged."""

    size: int
    time: int


class _Met(NamedTuple):
    """Hold a file that nothing was compared with yet: its path, its state, and its hash where the bytes were at hand."""

    path: str
    state: _State
    digest: bytes | None = None


_Kind: TypeAlias = tuple[int, str]  # size, suffix


def with_twins(inputs: Iterable[Input]) -> Iterator[tuple[Input, str | None]]:
    """Yield each input with the path of the first one of the same content and the same suffix, None where it is new.

    Inputs are taken one at a time. Only files of a size that was met before are read, and then hashed (SHA-256) in
    pieces; hashes never leave this function. A file that changed since it was met has no twins. Memory grows by a path
    for each size and by a hash for each file that shares its size.
    """
    met: dict[_Kind, _Met] = {}
    known: dict[_Kind, dict[bytes, str]] = {}
    for item in inputs:
        state = _state(item)
        yield item, None if state is None else _first(item, state, met, known)


def _first(item: Input, state: _State, met: dict[_Kind, _Met], known: dict[_Kind, dict[bytes, str]]) -> str | None:
    kind = (state.size, PurePath(item.path).suffix.lower())
    if kind not in met:
        met[kind] = _Met(item.path, state, None if item.data is None else hashlib.sha256(item.data).digest())
        return None
    if kind not in known:
        earlier = met[kind]
        digest = earlier.digest or _hashed(earlier.path, earlier.state)
        known[kind] = {} if digest is None else {digest: earlier.path}
    digest = hashlib.sha256(item.data).digest() if item.data is not None else _hashed(item.path, state)
    if digest is None:
        return None
    first = known[kind].setdefault(digest, item.path)
    return None if first == item.path else first


def _state(item: Input) -> _State | None:
    """Return the state of what is to be read; None for what is no content: a problem, standard input, nothing at all."""
    if item.problem is not None or item.stdin:
        return None
    if item.data is not None:
        return _State(len(item.data), 0) if item.data else None
    try:
        status = Path(item.path).stat()
    except (OSError, ValueError):
        return None
    return _of(status) if stat.S_ISREG(status.st_mode) and status.st_size else None


def _hashed(path: str, state: _State) -> bytes | None:
    """Return the hash of a file; None where it cannot be read or is not what it was."""
    hashed = hashlib.sha256()
    try:
        with Path(path).open("rb") as file:
            if _of(os.fstat(file.fileno())) != state:
                return None
            while chunk := file.read(_CHUNK):
                hashed.update(chunk)
            return hashed.digest() if _of(os.fstat(file.fileno())) == state else None
    except (OSError, ValueError):
        return None


def _of(status: os.stat_result) -> _State:
    return _State(status.st_size, status.st_mtime_ns)
