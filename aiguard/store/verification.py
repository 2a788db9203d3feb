"""Verify that the records are as they were written, and say which are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiguard.store.chain import Checked, Head, Problem, Row, against, check
from aiguard.store.database import reading
from aiguard.store.heads import read_head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from sqlite3 import Connection


class Verdict(NamedTuple):
    """Hold what was found: an empty `problems` means that all entries up to `head` are as they were written."""

    head: Head
    problems: tuple[Problem, ...]
    copy: Head | None
    lags: bool


def verify(store: Path, head: Head | None = None) -> Verdict:
    """Walk along the chain and compare it with the copy of the head and with a head that was kept; StoreError."""
    copy = read_head(store)  # before the chain, which may grow meanwhile
    with reading(store) as connection:
        connection.execute("BEGIN")
        checked = check(_rows(connection))
        problems = [*checked.problems, *_strays(connection, checked)]
    heads = [each for each in (copy, head) if each is not None]
    problems += dict.fromkeys(problem for each in heads if (problem := against(checked, each)) is not None)
    return Verdict(checked.head, tuple(problems), copy, copy is not None and copy.count < checked.head.count)


def _rows(connection: Connection) -> Iterator[Row]:
    query = "SELECT number, body, hash, text FROM entries LEFT JOIN texts USING (number) ORDER BY number"
    linked = "SELECT sha256, key FROM documents WHERE number = ? ORDER BY place"
    for row in connection.execute(query):
        number, body, hashed, text = row
        yield Row(number, body, hashed, text, tuple(connection.execute(linked, (number,))))


def _strays(connection: Connection, checked: Checked) -> Iterator[Problem]:
    """Yield what belongs to no entry, and damage that the entries do not show."""
    for table, what in (("texts", "チャットの文章"), ("documents", "文書との結び付き")):
        for (number,) in connection.execute(f"SELECT DISTINCT number FROM {table}"):  # noqa: S608 - no input
            if number not in checked.hashes:
                yield Problem(number, f"記録のない{what}が入っています")
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        yield Problem(None, "記録のファイルが傷んでいます。複製してから、バックアップのものに戻してください")
