"""Keep an index of works to compare drafts with: hashes of letter grams by work, never the text of a work."""

from __future__ import annotations

import os
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aiguard import folders
from aiguard.errors import StoreError
from aiguard.similarity import fingerprints, letters_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence

_SCHEMA = 1
_CHUNK = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS work (id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS gram (hash INTEGER NOT NULL, work INTEGER NOT NULL, place INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS gram_hash ON gram (hash, work, place);
CREATE INDEX IF NOT EXISTS gram_work ON gram (work);
"""
_MEND = "索引のファイルを消すと、次の実行で作り直します。"


class Changes(NamedTuple):
    """Count the works of an index, those read anew, and list those that could not be read with why."""

    total: int
    read: int
    unread: tuple[tuple[str, str], ...]


class Shared(NamedTuple):
    """Hold what a draft shares with a work: its path and the positions (draft, work) of their common fingerprints."""

    path: str
    grams: tuple[tuple[int, int], ...]


def default_index(places: Sequence[Path]) -> Path:
    """Return where the index of folders goes unless it is said: the user's cache, by the names of the folders."""
    names = "\0".join(sorted(os.path.realpath(place) for place in places))
    return folders.cache() / "works" / f"{sha256(names.encode()).hexdigest()[:16]}.sqlite3"


def refresh(index: Path, paths: Sequence[Path], read: Callable[[Path], str]) -> Changes:
    """Bring an index up to date with files: new and changed ones are read, those that are gone dropped.

    `read` returns the text of a file, or raises StoreError with the reason it cannot. StoreError names the index
    where it cannot be written or is none.
    """
    import sqlite3

    try:
        with closing(_open(index)) as database, database:
            known = dict(database.execute("SELECT path, state FROM work"))
            states = {str(path): _state(path) for path in paths}
            _drop(database, [path for path, state in known.items() if states.get(path) != state])
            wanted = [path for path, state in states.items() if known.get(path) != state]
            unread = _add(database, wanted, states, read)
            return Changes(len(states), len(wanted), unread)
    except sqlite3.Error:
        raise StoreError(f"似た著作物を調べる索引を使えません: {index}", _MEND) from None


def shared_with(index: Path, draft: Sequence[tuple[int, int]], common: float) -> tuple[Shared, ...]:
    """Return the works that share fingerprints with a draft, those that share most first.

    Fingerprints that stand in more than `common` of the works (0–1), and in four at least, are boilerplate.
    """
    import sqlite3

    where: dict[int, list[int]] = {}
    for value, place in draft:
        where.setdefault(value, []).append(place)
    try:
        with closing(_open(index)) as database:
            total = database.execute("SELECT count(*) FROM work").fetchone()[0]
            found = _lookup(database, tuple(where), max(4, round(common * total)))
            paths = dict(database.execute("SELECT id, path FROM work"))
    except sqlite3.Error:
        raise StoreError(f"似た著作物を調べる索引を使えません: {index}", _MEND) from None
    grams: dict[int, list[tuple[int, int]]] = {}
    for value, work, place in found:
        grams.setdefault(work, []).extend((mine, place) for mine in where[value])
    ranked = sorted(grams.items(), key=lambda item: (-len(item[1]), paths[item[0]]))
    return tuple(Shared(paths[work], tuple(pairs)) for work, pairs in ranked)


def _lookup(database: sqlite3.Connection, values: Sequence[int], most: int) -> list[tuple[int, int, int]]:
    rows: list[tuple[int, int, int]] = []
    for first in range(0, len(values), _CHUNK):
        chunk = values[first : first + _CHUNK]
        marks = ",".join("?" * len(chunk))
        rows += database.execute(f"SELECT hash, work, place FROM gram WHERE hash IN ({marks})", chunk)  # noqa: S608 - marks only
    works: dict[int, set[int]] = {}
    for value, work, _ in rows:
        works.setdefault(value, set()).add(work)
    return [row for row in rows if len(works[row[0]]) < most]


def _open(index: Path) -> sqlite3.Connection:
    import sqlite3

    from aiguard.store.atomic import make_private_folder

    make_private_folder(index.parent)
    if not index.exists():
        index.touch(mode=0o600)
    database = sqlite3.connect(index)
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version not in {0, _SCHEMA}:
        database.close()
        raise StoreError(f"この版のaiguardでは読めない索引です: {index}", _MEND)
    database.executescript(_TABLES)
    database.execute(f"PRAGMA user_version = {_SCHEMA}")
    return database


def _state(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}"


def _drop(database: sqlite3.Connection, paths: Iterable[str]) -> None:
    for path in paths:
        row = database.execute("SELECT id FROM work WHERE path = ?", (path,)).fetchone()
        database.execute("DELETE FROM gram WHERE work = ?", row)
        database.execute("DELETE FROM work WHERE id = ?", row)


def _add(
    database: sqlite3.Connection, paths: Sequence[str], states: Mapping[str, str], read: Callable[[Path], str]
) -> tuple[tuple[str, str], ...]:
    unread: list[tuple[str, str]] = []
    if len(paths) > _CHUNK:  # sorted once at the end is faster than kept sorted
        database.execute("DROP INDEX gram_hash")
    for path in paths:
        try:
            letters = letters_of(read(Path(path))).text
        except StoreError as error:
            unread.append((path, error.message))
            continue
        work = database.execute("INSERT INTO work (path, state) VALUES (?, ?)", (path, states[path])).lastrowid
        rows = ((value, work, place) for value, place in fingerprints(letters))
        database.executemany("INSERT INTO gram VALUES (?, ?, ?)", rows)
    database.execute("CREATE INDEX IF NOT EXISTS gram_hash ON gram (hash, work, place)")
    return tuple(unread)
