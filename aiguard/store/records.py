"""Keep the chats that a guideline asks to be recorded (8.4), as a log to which entries are only added.

Whoever may write the file may write it anew from end to end; that, and the loss of the last entries together with the
copy of the head, show only against a head that was kept elsewhere (`verify --head`).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from aiguard.errors import UsageError
from aiguard.store.chain import (
    CHAT,
    GENESIS,
    PURGE,
    UNREADABLE,
    Document,
    Entry,
    Head,
    canonical,
    digest,
    key_of,
    parsed,
    sound,
)
from aiguard.store.database import holds_something, make_search, reading, transaction, writing
from aiguard.store.heads import read_head, write_head
from aiguard.store.lookup import counted, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from sqlite3 import Connection


class Copy(StrEnum):
    """Tell what became of the copy of the head beside the records."""

    WRITTEN = "written"
    FAILED = "failed"
    DISPUTED = "disputed"  # what is there does not fit the chain: it is left as evidence


class Link(StrEnum):
    """Tell what the records hold of a document: these bytes, other bytes under its name, or nothing."""

    RECORDED = "recorded"
    CHANGED = "changed"
    NONE = "none"


class Linked(NamedTuple):
    """Hold what the records know of a document, and the numbers of the entries."""

    state: Link
    numbers: tuple[int, ...] = ()


class Chat(NamedTuple):
    """Hold what is recorded: the text, the SHA-256 of the bytes it was read from, and what it was for."""

    text: str
    original: str
    ai: tuple[str, ...]
    documents: tuple[Document, ...] = ()
    by: str | None = None
    note: str | None = None


class Added(NamedTuple):
    """Hold the entry that was added, the head of the chain with it, and what became of the copy of the head."""

    entry: Entry
    head: Head
    copy: Copy


class Kept(NamedTuple):
    """Hold an entry with its hash and, where it was asked for and has not been purged, its text."""

    entry: Entry
    hash: str
    text: str | None
    has_text: bool


class Hit(NamedTuple):
    """Hold an entry in whose text all words are, and how often they are."""

    kept: Kept
    times: int


class Purged(NamedTuple):
    """Hold the numbers whose text was taken, the entry that says so, and whether nothing of them is left in the file."""

    numbers: tuple[int, ...]
    added: Added | None
    clean: bool


def utc_now() -> str:
    """Return the time as it is recorded: UTC, ISO 8601, seconds."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add(store: Path, chat: Chat, clock: Callable[[], str] = utc_now) -> Added:
    """Record a chat; it is on the disk when this returns. StoreError."""
    text = sound(chat.text)
    return keep(store, _entry(chat, text), text, clock)


def keep(
    store: Path,
    told: Entry,
    text: str,
    clock: Callable[[], str] = utc_now,
    *,
    allowed: Callable[[Iterator[Kept]], object] = lambda _: None,
) -> Added:
    """Add an entry of any kind with its text, whose hash it bears; it is on the disk when this returns. StoreError.

    `allowed` is called with the entries that are there, and their texts, while nobody else can add one: what it raises
    goes on, and nothing is added.
    """
    with writing(store) as connection:
        with transaction(connection):
            allowed(_kept(connection, "1 = 1 ORDER BY number", (), texts=True))
            entry, head = _append(connection, told, clock)
            connection.execute("INSERT INTO texts VALUES (?, ?)", (entry.number, text))
            connection.execute("INSERT INTO search (rowid, folded) VALUES (?, ?)", (entry.number, folded(text)))
        return Added(entry, head, _copy_head(connection, store))


def listed(store: Path, *, texts: bool = False) -> tuple[Kept, ...]:
    """Return all entries in their order, with their texts on request; StoreError."""
    with reading(store) as connection:
        return tuple(_kept(connection, "1 = 1 ORDER BY number", (), texts=texts))


def shown(store: Path, number: int) -> Kept:
    """Return an entry with its text; UsageError where there is none of this number, StoreError."""
    with reading(store) as connection:
        for kept in _kept(connection, "number = ?", (number,), texts=True):
            return kept
    raise UsageError(f"{number}番の記録はありません。", "番号は「aiguard record list」で確かめてください。")


def search(store: Path, words: Sequence[str]) -> tuple[Hit, ...]:
    """Return the entries whose text holds every word; letters that differ in width or case alone are the same."""
    wanted = tuple(dict.fromkeys(filter(None, (folded(word).strip() for word in words))))
    if not wanted:
        raise UsageError("探す言葉がありません。", "探す言葉を1つ以上書いてください。")
    with reading(store) as connection:
        counts = dict(counted(connection, wanted))
        kept = [one for number in counts for one in _kept(connection, "number = ?", (number,), texts=False)]
    return tuple(Hit(one, counts[one.entry.number]) for one in kept)


def purgeable(store: Path, before: str) -> tuple[int, ...]:
    """Return the numbers of the entries older than a time (or a date, `2025-04-01`) that have their text; StoreError."""
    with reading(store) as connection:
        return _older(connection, before)


def purge(
    store: Path, before: str, by: str | None = None, reason: str | None = None, clock: Callable[[], str] = utc_now
) -> Purged:
    """Take the texts of the entries older than a date for good, and record that; the entries stay. StoreError."""
    with writing(store) as connection:
        with transaction(connection):
            numbers = _older(connection, before)
            if numbers:
                _take(connection, numbers)
                told = Entry(kind=PURGE, purged=numbers, by=_sound(by), note=_sound(reason))
                entry, head = _append(connection, told, clock)
        clean = _wipe(connection)
        added = Added(entry, head, _copy_head(connection, store)) if numbers else None
    return Purged(numbers, added, clean)


def find_document(store: Path, digest: str, name: str) -> Linked:
    """Tell whether a document was recorded with a chat: these bytes, or others under its name. StoreError.

    `digest` is the SHA-256 of its bytes in hexadecimal; of the name the folder does not count. Nothing is written, and
    no store is made.
    """
    if not holds_something(store):
        return Linked(Link.NONE)
    with reading(store) as connection:
        for state, column, value in ((Link.RECORDED, "sha256", digest), (Link.CHANGED, "key", key_of(name))):
            query = f"SELECT DISTINCT number FROM documents WHERE {column} = ? ORDER BY number"  # noqa: S608 - no input
            numbers = tuple(number for (number,) in connection.execute(query, (value,)))
            if numbers:
                return Linked(state, numbers)
    return Linked(Link.NONE)


def _entry(chat: Chat, text: str) -> Entry:
    """Return the entry of a chat; its place in the chain is not known yet."""
    documents = tuple(Document(sound(each.name), each.sha256) for each in chat.documents)
    return Entry(
        ai=tuple(map(sound, chat.ai)),
        documents=documents,
        by=_sound(chat.by),
        note=_sound(chat.note),
        text=digest(text),
        original=chat.original,
    )


def _sound(text: str | None) -> str | None:
    return None if text is None else sound(text)


def _append(connection: Connection, told: Entry, clock: Callable[[], str]) -> tuple[Entry, Head]:
    """Add an entry to the end of the chain, which nobody else can do before the transaction ends."""
    _, previous = _last(connection)
    entry = replace(told, number=_unused(connection), previous=previous, time=clock())
    body = canonical(entry)
    connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (entry.number, body, digest(body)))
    places = [(entry.number, place, each.sha256, key_of(each.name)) for place, each in enumerate(entry.documents)]
    connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?)", places)
    return entry, Head(entry.number, digest(body))


def _last(connection: Connection) -> tuple[int, str]:
    last = connection.execute("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1").fetchone()
    return (0, GENESIS) if last is None else last


def _unused(connection: Connection) -> int:
    """Return the number after all that were used: what is left of an entry that was taken away keeps its place empty."""
    columns = (("entries", "number"), ("texts", "number"), ("documents", "number"), ("search", "rowid"))
    queries = (f"SELECT {column} FROM {table} ORDER BY {column} DESC LIMIT 1" for table, column in columns)  # noqa: S608
    found = (connection.execute(query).fetchone() for query in queries)
    return 1 + max((row[0] for row in found if row is not None and isinstance(row[0], int)), default=0)


def _copy_head(connection: Connection, store: Path) -> Copy:
    """Write the head beside the records, under the lock so that no process puts an older one over a newer."""
    from sqlite3 import Error

    try:
        with transaction(connection):
            copy = read_head(store)
            if copy is not None and copy.count:
                query = "SELECT hash FROM entries WHERE number = ?"
                if connection.execute(query, (copy.count,)).fetchone() != (copy.hash,):
                    return Copy.DISPUTED
            write_head(store, Head(*_last(connection)))
    except (Error, UsageError, OSError):  # the entry is kept all the same
        return Copy.FAILED
    return Copy.WRITTEN


def _kept(connection: Connection, where: str, values: tuple[object, ...], *, texts: bool) -> Iterator[Kept]:
    """Yield entries; one that cannot be read is there as such."""
    column = "text" if texts else "NULL"
    query = f"SELECT number, body, hash, {column}, text IS NOT NULL FROM entries LEFT JOIN texts USING (number)"  # noqa: S608
    for number, body, hashed, text, has_text in connection.execute(f"{query} WHERE {where}", values):
        entry = parsed(body) or Entry(number=number, kind=UNREADABLE)
        yield Kept(entry, str(hashed), text if isinstance(text, str) else None, bool(has_text))


def _older(connection: Connection, before: str) -> tuple[int, ...]:
    kept = _kept(connection, "text IS NOT NULL ORDER BY number", (), texts=False)
    return tuple(one.entry.number for one in kept if one.entry.kind == CHAT and one.entry.time < before)


def _take(connection: Connection, numbers: Sequence[int]) -> None:
    """Delete texts, and make anew what they are searched by: an index keeps what is deleted from it for a while."""
    connection.executemany("DELETE FROM texts WHERE number = ?", ((number,) for number in numbers))
    connection.execute("DROP TABLE search")
    make_search(connection)
    for number, text in connection.execute("SELECT number, text FROM texts"):
        connection.execute("INSERT INTO search (rowid, folded) VALUES (?, ?)", (number, folded(text)))


def _wipe(connection: Connection) -> bool:
    """Rewrite the file without what was deleted, and empty the log; tell whether nothing hindered that."""
    from sqlite3 import OperationalError

    try:
        connection.execute("VACUUM")
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except OperationalError:
        return False
    return not busy
