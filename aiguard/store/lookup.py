"""Find words in the texts of the records: by an index of three characters where SQLite has it, one by one elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiguard.store.database import has_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from sqlite3 import Connection

_INDEXED: Final = 3  # characters that a word has at least to be looked up in the index


def folded(text: str) -> str:
    """Return a text as it is searched: NFKC, without case."""
    from unicodedata import normalize

    return normalize("NFKC", normalize("NFKC", text).casefold()).replace("\0", " ")


def counted(connection: Connection, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the number of each text that holds all words, and how often it holds them."""
    long = [word for word in words if len(word) >= _INDEXED]
    short = [word for word in words if len(word) < _INDEXED]
    if not has_index(connection):
        long, short = [], list(words)
    tests = ["search MATCH ?"] * bool(long) + ["instr(folded, ?) > 0"] * len(short)
    quoted = [" AND ".join('"' + word.replace('"', '""') + '"' for word in long)] if long else []
    query = f"SELECT rowid, folded FROM search WHERE {' AND '.join(tests)} ORDER BY rowid"  # noqa: S608 - no input
    for number, text in connection.execute(query, (*quoted, *short)):
        counts = [text.count(word) for word in words]
        if all(counts):
            yield number, sum(counts)
