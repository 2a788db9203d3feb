"""Keep what a scan has done, so that a killed one goes on where it was and unchanged files are not scanned again.

A row is a masked report under a name: a keyed hash of all that the report hangs on (`aiguard.remembered`). There are
no paths and no plain hashes: a hash of a short text could be tried out, a keyed one only by whoever has the key.
Nothing is ever wrong in here, only missing: rows that were damaged or written without the key are taken for missing,
those of old rules are never asked for. So scans may share a file, and any of them may be killed at any moment.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from hashlib import blake2b
from time import time
from typing import TYPE_CHECKING, Final

from aiguard.store.database import Schema, told, transaction, writing
from aiguard.store.wording import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from sqlite3 import Connection

_SEAL: Final = 16
_DAY: Final = 86_400
_KEPT: Final = 60  # days since a row was last asked for
_MANY: Final = 500


class State:
    """Hold an open file of state, and what was asked for since it was last written."""

    def __init__(self, connection: Connection, path: Path, key: bytes) -> None:
        self._connection, self._path, self._key = connection, path, key
        self._today = int(time() // _DAY)
        self._asked: list[bytes] = []

    def has(self, name: bytes) -> bool:
        """Tell whether something is kept under a name. StoreError."""
        with told(self._path, STATE):
            return self._connection.execute("SELECT 1 FROM done WHERE name = ?", (name,)).fetchone() is not None

    def get(self, name: bytes) -> bytes | None:
        """Return what is kept under a name; None where there is nothing, or not what was put there. StoreError."""
        with told(self._path, STATE):
            row = self._connection.execute("SELECT body, used FROM done WHERE name = ?", (name,)).fetchone()
        body = self._opened(name, row[0]) if row else None
        if body is not None and row[1] != self._today:
            self._asked.append(name)
            if len(self._asked) >= _MANY:
                self.note()
        return body

    def put(self, rows: Mapping[bytes, bytes]) -> None:
        """Keep rows, all or none: when this returns, no kill takes them away. StoreError."""
        sealed = [(name, self._sealed(name, body), self._today) for name, body in rows.items()]
        with told(self._path, STATE), transaction(self._connection):
            self._connection.executemany("INSERT OR REPLACE INTO done VALUES (?, ?, ?)", sealed)
            self._connection.executemany(
                "UPDATE done SET used = ? WHERE name = ?", ((self._today, name) for name in self._asked)
            )
        self._asked.clear()

    def note(self) -> None:
        """Write down what was asked for. StoreError."""
        if self._asked:
            self.put({})

    def tidy(self) -> None:
        """Drop what nobody has asked for in two months; at the end of a whole run. StoreError."""
        self.note()
        with told(self._path, STATE):
            self._connection.execute("DELETE FROM done WHERE used < ?", (self._today - _KEPT,))

    def _sealed(self, name: bytes, body: bytes) -> bytes:
        packed = zlib.compress(body, 1)
        return self._seal(name, packed) + packed

    def _opened(self, name: bytes, kept: object) -> bytes | None:
        if not isinstance(kept, bytes) or kept[:_SEAL] != self._seal(name, kept[_SEAL:]):
            return None
        return zlib.decompress(kept[_SEAL:])

    def _seal(self, name: bytes, packed: bytes) -> bytes:
        return blake2b(name + packed, digest_size=_SEAL, key=self._key, person=b"aiguard state").digest()


@contextmanager
def opened(path: Path, key: bytes) -> Iterator[State]:
    """Open a file of state, made where there is none; StoreError, also for a file of another kind, left as it is."""
    with writing(path, _SCHEMA) as connection:
        # A kill takes no commit away in this mode either; a power cut may, and then some files are scanned again.
        connection.execute("PRAGMA synchronous=NORMAL")
        state = State(connection, path, key)
        yield state
        state.note()


def _first(connection: Connection) -> None:
    connection.execute("CREATE TABLE done (name BLOB PRIMARY KEY, body BLOB NOT NULL, used INTEGER NOT NULL)")
    connection.execute("CREATE INDEX done_by_use ON done (used)")


_SCHEMA: Final = Schema(0x61694773, (_first,), STATE)  # "aiGs"
