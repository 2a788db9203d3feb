"""Lay out what a cluster is to check in parts, the same for the same inputs, and read what a part names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from aiguard.datasets import Rows, named, read
from aiguard.readers.given import Input
from aiguard.storage import is_remote, opened, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_FILES: Final = 16  # of a part
_FETCHED: Final = 4  # of a part on a storage, since a worker may hold them all at once
_CLOSED: Final = "ファイルを開けません"


class Files(Struct, frozen=True):
    """Hold inputs that are checked one after the other."""

    inputs: tuple[Input, ...]


Part: TypeAlias = Files | Rows


def parts_of(inputs: Sequence[Input], rows: Mapping[str, Sequence[Rows]]) -> Iterator[Part]:
    """Yield parts in the order of the inputs: some files together, or each part of the datasets that `rows` has."""
    waiting: list[Input] = []
    for each in inputs:
        known = rows.get(each.path, ()) if each.problem is None else ()
        if waiting and (known or len(waiting) >= (_FETCHED if is_remote(waiting[0].path) else _FILES)):
            yield Files(tuple(waiting))
            waiting = []
        if known:
            yield from known
        else:
            waiting.append(each)
    if waiting:
        yield Files(tuple(waiting))


def inputs_in(part: Part, column: str | None, limit: int) -> Iterator[Input]:
    """Yield the inputs of a part; of a file on a storage with its bytes, `limit` and one more at most."""
    if isinstance(part, Files):
        return (_fetched(each, limit) for each in part.inputs)
    return read(part, column or "")


def names_in(part: Part, reason: str) -> Iterator[Input]:
    """Yield the inputs of a part as what was not checked, for a reason, without looking into any."""
    if isinstance(part, Rows):
        return named(part, reason)
    return (each if each.problem is not None else Input(each.path, reason) for each in part.inputs)


def _fetched(each: Input, limit: int) -> Input:
    if each.problem is not None or not is_remote(each.path):
        return each
    try:
        with opened(each.path) as file:
            return Input(each.path, data=file.read(limit + 1))
    except (OSError, ValueError):
        return Input(each.path, _CLOSED)


def identity(inputs: Sequence[Input]) -> bytes:
    """Return what changes with any of the inputs: names, and sizes and times of files of this computer."""
    return repr([(each.path, each.problem, _state(each.path)) for each in inputs]).encode(errors="backslashreplace")


def _state(path: str) -> tuple[int, int] | None:
    try:
        return state_of(path)
    except (OSError, ValueError):
        return None
