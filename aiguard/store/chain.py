"""Chain the entries of the records by their hashes, so that no one of them can be changed, moved or left out unseen.

An entry names the hash of the one before it; its own hash is SHA-256 over its canonical JSON. The text of a chat is in
the chain by its hash alone, so that it can be taken away later without breaking anything.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

GENESIS: Final = "0" * 64
CHAT: Final = "chat"
PURGE: Final = "purge"
INCIDENT: Final = "incident"
CLOSED: Final = "incident-closed"
UNREADABLE: Final = "unreadable"  # stands for what is no entry any more; never written
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """Name a document that was made with a chat, and the SHA-256 of its bytes in hexadecimal."""

    name: str
    sha256: str


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Hold one entry as it is hashed; every key is always written.

    `time` is UTC, `2025-04-01T01:23:45Z`. `text` is the SHA-256 of the text in UTF-8, `original` that of the bytes it
    was read from. A purge holds the numbers of the entries whose text it took, and its reason as `note`.
    """

    number: int = 0
    previous: str = GENESIS
    time: str = ""
    kind: str = CHAT
    ai: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    by: str | None = None
    note: str | None = None
    text: str | None = None
    original: str | None = None
    purged: tuple[int, ...] = ()


class Row(NamedTuple):
    """Hold what the store has of an entry: the canonical JSON, the hash, the text if any, and (hash, key) of documents."""

    number: object
    body: object
    hash: object
    text: object = None
    documents: tuple[tuple[object, object], ...] = ()


class Head(Struct, frozen=True):
    """Hold how many entries there were, and the hash of the last."""

    count: int
    hash: str

    def __str__(self) -> str:
        """Return the spelling that `verify --head` takes."""
        return f"{self.count}:{self.hash}"


class Problem(NamedTuple):
    """Say what is wrong with which entry."""

    number: int | None
    reason: str


class Checked(NamedTuple):
    """Hold what a walk along the chain found: the hash of each entry by its number, and the problems."""

    hashes: Mapping[int, str]
    problems: tuple[Problem, ...]

    @property
    def head(self) -> Head:
        """Return the end of the chain."""
        last = max(self.hashes, default=0)
        return Head(last, self.hashes.get(last, GENESIS))


def canonical(entry: Entry) -> str:
    """Return the JSON of an entry: keys sorted, no spaces, characters as they are; UTF-8 of it is what is hashed."""
    return json.dumps(msgspec.to_builtins(entry), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8; bytes that were not UTF-8 count as they were."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def sound(text: str) -> str:
    """Return a text that UTF-8 can hold: half a surrogate pair becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def parsed(body: object) -> Entry | None:
    """Return the entry that canonical JSON stands for; None for what is no entry."""
    if not isinstance(body, str):
        return None
    try:
        return msgspec.json.decode(body.encode("utf-8", "surrogateescape"), type=Entry)
    except (msgspec.DecodeError, ValueError):
        return None


def key_of(name: str) -> str:
    """Return what two spellings of the name of one file have in common, whatever folder it lies in."""
    from unicodedata import normalize

    return normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1]).casefold()


def check(rows: Iterable[Row]) -> Checked:
    """Walk along the rows, in the order of their numbers, and return every problem with its number."""
    hashes: dict[int, str] = {}
    problems: list[Problem] = []
    texts: dict[int, bool] = {}
    purged: set[int] = set()
    before = Row(0, "", GENESIS)
    for row in rows:
        entry = parsed(row.body)
        problems += (*_row(row, entry), *_link(before, row, entry))
        hashes[_number(row)] = _hash_of(row)
        if entry is not None:
            purged.update(each for each in entry.purged if each < _number(row))
            texts.update({_number(row): row.text is not None} if entry.text is not None else {})
        before = row
    problems += _purges(texts, purged)
    return Checked(hashes, tuple(sorted(problems, key=lambda each: each.number or 0)))


def against(checked: Checked, head: Head) -> Problem | None:
    """Compare a chain with the head it had before; a chain that has grown since is whole."""
    last = checked.head.count
    if head.count > last:
        return Problem(last + 1, _gone(last + 1, head.count))
    known = checked.hashes.get(head.count) if head.count else GENESIS
    if known != head.hash:
        return Problem(head.count, "控えた照合値と違います。この番号か、それより前が書き換えられています")
    return None


def _gone(first: int, last: int) -> str:
    return "記録が消されています" + (f"（{first}番から{last}番まで）" if last > first else "")


def _number(row: Row) -> int:
    return row.number if isinstance(row.number, int) else 0


def _hash_of(row: Row) -> str:
    return digest(row.body) if isinstance(row.body, str) else ""


def _row(row: Row, entry: Entry | None) -> Iterator[Problem]:
    """Yield what is wrong with an entry alone."""
    if entry is None or _hash_of(row) != row.hash:
        yield Problem(_number(row), "記録が書き換えられています")
    if entry is None:
        return
    if entry.number != row.number:
        yield Problem(_number(row), f"{entry.number}番の記録が入っています")
    if row.text is not None and (not isinstance(row.text, str) or digest(row.text) != entry.text):
        yield Problem(_number(row), "チャットの文章が書き換えられています")
    if row.documents != tuple((each.sha256, key_of(each.name)) for each in entry.documents):
        yield Problem(_number(row), "文書との結び付きが書き換えられています")


def _link(before: Row, row: Row, entry: Entry | None) -> Iterator[Problem]:
    """Yield what is wrong between an entry and the one before it."""
    last, number = _number(before), _number(row)
    if number <= last:
        yield Problem(number, "余分な記録が入っています")
    elif number > last + 1:
        yield Problem(last + 1, _gone(last + 1, number - 1))
    # The hash that an entry bears may be all that was changed: then what follows it is still whole.
    elif entry is not None and entry.previous not in ({before.hash, _hash_of(before)} if last else {GENESIS}):
        yield Problem(number, f"前の記録（{last}番）とつながりません。どちらかが書き換えられています")


def _purges(texts: Mapping[int, bool], purged: AbstractSet[int]) -> Iterator[Problem]:
    """Yield the texts that are not there though nobody purged them, and those that are there all the same."""
    for number, there in texts.items():
        if there and number in purged:
            yield Problem(number, "消したはずの文章があります")
        if not there and number not in purged:
            yield Problem(number, "チャットの文章がありません")
