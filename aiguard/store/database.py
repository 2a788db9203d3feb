"""Open files of SQLite, those of the records first: schema and migrations, journal, and what errors mean."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from aiguard import folders
from aiguard.errors import StoreError
from aiguard.store.volumes import is_local
from aiguard.store.wording import CANTOPEN, FULL, READONLY, RECORDS, TOOBIG, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from sqlite3 import Connection, Error

WAIT: Final = 30.0  # seconds for which a writer waits for the others
SIDES: Final = ("", "-wal", "-shm", "-journal")
# One statement, so that another process cannot make the tables between two answers.
_ABOUT: Final = """
    SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)
    FROM pragma_application_id, pragma_user_version
"""


class Schema(NamedTuple):
    """Hold what tells a kind of file apart (PRAGMA application_id), how it is made, and what is said of it.

    The n-th migration brings a file of schema n to n + 1; what has been released is never changed.
    """

    application: int
    migrations: tuple[Callable[[Connection], None], ...]
    words: Words


def default_path() -> Path:
    """Return where the records are unless it is said: the user's own folder."""
    return folders.data() / "records.sqlite3"


@contextmanager
def writing(store: Path, schema: Schema | None = None) -> Iterator[Connection]:
    """Open a file (of the records unless said) to write, made and brought to its present schema; StoreError."""
    schema = schema or _of_records()
    with told(store, schema.words):
        _create(store)
    with told(store, schema.words), closing(_connect(store, "rw")) as connection:
        _upgrade(connection, store, schema)
        _choose_journal(connection, store)
        yield connection


@contextmanager
def reading(store: Path) -> Iterator[Connection]:
    """Open records that exist to read; StoreError, also where there are none."""
    schema = _of_records()
    with told(store):
        if not store.is_file():
            raise refusal(RECORDS.open if store.exists() else RECORDS.none, store)
    with told(store), closing(_connect_to_read(store)) as connection:
        version = _version(connection, store, schema)
        if version == 0:
            raise refusal(RECORDS.none, store)
        if version < len(schema.migrations):
            _upgrade(connection, store, schema)
        connection.execute("PRAGMA query_only=ON")
        yield connection


def holds_something(store: Path) -> bool:
    """Tell whether there is a file that is not empty; StoreError where that may not be known."""
    with told(store):
        return store.is_file() and store.stat().st_size > 0


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Hold the one lock for writing, all or nothing; what is read inside cannot change before the commit."""
    from sqlite3 import Error

    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(Error):
            connection.execute("ROLLBACK")
        raise


@contextmanager
def told(store: Path, words: Words = RECORDS) -> Iterator[None]:
    """Turn errors of SQLite, whose messages may hold content, into StoreError with the mend."""
    from sqlite3 import Error

    try:
        yield
    except Error as error:
        raise refusal(words.of(_code(error)), store) from None
    except OSError:
        raise refusal(words.open, store) from None


def refusal(words: tuple[str, str], store: Path) -> StoreError:
    """Return the error that names the file and the mend."""
    return StoreError(f"{words[0]}: {store}", words[1])


def has_index(connection: Connection) -> bool:
    """Tell whether the texts are indexed by three characters (FTS5, since SQLite 3.34), or only listed."""
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'search'").fetchone()
    return str(sql).upper().startswith("CREATE VIRTUAL")


def make_search(connection: Connection) -> None:
    """Make the table of the folded texts, indexed where SQLite can."""
    from sqlite3 import OperationalError

    try:
        connection.execute("CREATE VIRTUAL TABLE search USING fts5(folded, tokenize = 'trigram')")
    except OperationalError:
        connection.execute("CREATE TABLE search (folded TEXT NOT NULL)")


def _first(connection: Connection) -> None:
    """Make the tables: entries as hashed, what may be purged apart from them, and what is looked up by."""
    connection.execute("CREATE TABLE entries (number INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL)")
    connection.execute("CREATE TABLE texts (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection.execute(
        "CREATE TABLE documents (number INTEGER, place INTEGER, sha256 TEXT, key TEXT, PRIMARY KEY (number, place))"
    )
    connection.execute("CREATE INDEX documents_by_sha256 ON documents (sha256)")
    connection.execute("CREATE INDEX documents_by_key ON documents (key)")
    make_search(connection)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_first,)


def _of_records() -> Schema:
    return Schema(0x61694764, MIGRATIONS, RECORDS)  # "aiGd"


def _create(store: Path) -> None:
    """Make an empty file that nobody else may read, and its folder; SQLite gives the files beside it the same mode."""
    from aiguard.store.atomic import make_private_folder

    if store.exists():
        return
    make_private_folder(store.parent)
    try:
        os.close(os.open(store, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return  # another process was faster


def _connect(store: Path, mode: str) -> Connection:
    import sqlite3

    path = store.absolute().as_posix()
    # Four slashes for \\server\share, three for a drive (https://sqlite.org/uri.html).
    name = f"file://{'' if path.startswith('/') else '/'}{quote(os.fsencode(path))}?{_mode(mode)}"
    connection = sqlite3.connect(name, uri=True, timeout=WAIT, isolation_level=None)
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        for setting in ("synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def _mode(mode: str) -> str:
    return "immutable=1" if mode == "immutable" else f"mode={mode}"


def _connect_to_read(store: Path) -> Connection:
    """Connect to read and write: alone that clears the log away; where nothing may be written, to read.

    A file in a folder that may not be written cannot have the files of its log beside it: then nobody writes to it.
    """
    for mode in ("rw", "ro"):
        connection = _tried(store, mode)
        if connection is not None:
            return connection
    frozen = not any(Path(f"{store}{side}").exists() for side in SIDES[1:])
    return _connect(store, "immutable" if frozen else "ro")


def _tried(store: Path, mode: str) -> Connection | None:
    """Connect and read something; None where the mode is refused."""
    from sqlite3 import OperationalError

    connection = None
    try:
        connection = _connect(store, mode)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except OperationalError as error:
        if connection is not None:
            connection.close()
        if _code(error) not in {CANTOPEN, READONLY}:
            raise
        return None
    return connection


def _version(connection: Connection, store: Path, schema: Schema) -> int:
    """Return the version of the schema, 0 for an empty file; StoreError for another's file, or a later version."""
    application, version, tables = connection.execute(_ABOUT).fetchone()
    if (application, version, tables) == (0, 0, 0):
        return 0
    if application != schema.application or version < 1:
        raise refusal(schema.words.other, store)
    if version > len(schema.migrations):
        raise refusal(schema.words.newer, store)
    return int(version)


def _upgrade(connection: Connection, store: Path, schema: Schema) -> None:
    """Run the migrations that are missing, all or none, once however many processes come at the same time."""
    if _version(connection, store, schema) == len(schema.migrations):
        return
    with transaction(connection):
        for migrate in schema.migrations[_version(connection, store, schema) :]:
            migrate(connection)
        connection.execute(f"PRAGMA application_id={schema.application}")
        connection.execute(f"PRAGMA user_version={len(schema.migrations)}")


def _choose_journal(connection: Connection, store: Path) -> None:
    """Log ahead on a local disk, where readers and writers do not wait for each other; roll back everywhere else."""
    from sqlite3 import OperationalError

    wanted = "wal" if is_local(store.parent) else "delete"
    (now,) = connection.execute("PRAGMA journal_mode").fetchone()
    if now == wanted:
        return
    try:
        connection.execute(f"PRAGMA journal_mode={wanted}")
    except OperationalError:
        if wanted == "delete":  # a log on a share loses entries; to roll back on a local disk is only slower
            raise


def _code(error: Error) -> int:
    """Return the primary result code (https://sqlite.org/rescode.html)."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return int(code) & 0xFF
    return FULL if "full" in str(error) else TOOBIG if "too big" in str(error) else 0
