"""Open what earlier runs have done: `scan --state`."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.checker import Checker
    from aiguard.remembered import Memory


def own_files(state: Path | None, *others: Path | None) -> tuple[Path, ...]:
    """Return the files of aiguard's own that a folder may hold, which are not checked."""
    from aiguard.store.database import SIDES

    sides = tuple(Path(f"{state}{side}") for side in SIDES) if state else ()
    return tuple(file for file in (*others, *sides) if file is not None)


@contextmanager
def memory_of(file: Path | None, key_file: Path | None, checker: Checker, *, quiet: bool) -> Iterator[Memory | None]:
    """Open what earlier runs have done, where that is asked for, and say how much of it served; StoreError."""
    if file is None:
        yield None
        return
    from aiguard.remembered import Memory
    from aiguard.store.keys import default_key, make_key
    from aiguard.store.state import opened

    key = make_key(key_file or default_key())
    with opened(file, key) as state:
        memory = Memory(state, checker, key)
        yield memory
        state.tidy()
    if memory.found and not quiet:
        typer.echo(
            f"aiguard: 前の結果を使いました（{memory.found:,}件。新しく点検したのは{memory.kept:,}件）", err=True
        )
