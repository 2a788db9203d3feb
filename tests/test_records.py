"""The records: nothing changes unseen, nothing is lost, what is purged is gone, and every trouble is told with its mend."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aiguard.errors import StoreError, UsageError
from aiguard.store import database
from aiguard.store.chain import GENESIS, Document, Entry, Head, Row, against, canonical, check, digest, key_of, parsed
from aiguard.store.heads import head_path, parse_head, read_head, write_head
from aiguard.store.records import (
    Added,
    Chat,
    Copy,
    Link,
    add,
    find_document,
    listed,
    purge,
    purgeable,
    search,
    shown,
)
from aiguard.store.verification import verify
from aiguard.store.volumes import is_local, is_share_name, system_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CANARIES = ("早乙女", "詩織", "7361", "8245")
TEXT = "利用者: 早乙女 詩織さん（090-7361-8245）への返事を考えてください。\n生成AI: 承知しました。"
DRAFT = Document("案/返事.docx", sha256(b"draft").hexdigest())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return where the records will be."""
    return tmp_path / "記録 1" / "records.sqlite3"


def put(store: Path, text: str = TEXT, time: str = "2025-04-01T00:00:00Z", *documents: Document) -> Added:
    chat = Chat(text, sha256(text.encode("utf-8", "replace")).hexdigest(), ("ChatGPT",), documents)
    return add(store, chat, lambda: time)


def run(store: Path, *statements: str) -> None:
    with closing(sqlite3.connect(store)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def numbers(store: Path, head: Head | None = None) -> list[int | None]:
    return [problem.number for problem in verify(store, head).problems]


# ---- The chain


def chain(texts: list[str]) -> list[Row]:
    rows: list[Row] = []
    previous = GENESIS
    for number, text in enumerate(texts, 1):
        entry = Entry(
            number=number, previous=previous, time="2025-04-01T00:00:00Z", ai=("ChatGPT",), documents=(DRAFT,),
            text=digest(text), original=digest(text),
        )  # fmt: skip
        body = canonical(entry)
        previous = digest(body)
        rows.append(Row(number, body, previous, text, ((DRAFT.sha256, key_of(DRAFT.name)),)))
    return rows


TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=2, max_size=6)


@given(texts=TEXTS, data=st.data())
def test_any_change_of_a_row_is_found_with_its_number(texts: list[str], data: st.DataObject) -> None:
    rows = chain(texts)
    assert check(rows).problems == ()
    place = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(["body", "hash", "text"]))
    old = str(getattr(rows[place], column))
    at = data.draw(st.integers(0, len(old)))
    width = data.draw(st.integers(0, 2))
    new = old[:at] + data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=3)) + old[at + width :]
    changed = data.draw(st.sampled_from([new, None, 3, new.encode()]))
    if changed == old:
        return
    rows[place] = Row(**{**rows[place]._asdict(), column: changed})
    assert place + 1 in [problem.number for problem in check(rows).problems]


FIELDS: dict[str, Any] = {
    "number": 7, "previous": "1" * 64, "time": "2024-01-01T00:00:00Z", "kind": "purge", "ai": ("Gemini",),
    "documents": (), "by": "別の人", "note": "添え書き", "text": "2" * 64, "original": "3" * 64, "purged": (1,),
}  # fmt: skip


@given(texts=TEXTS, data=st.data())
def test_a_change_whose_own_hash_was_made_anew_is_found(texts: list[str], data: st.DataObject) -> None:
    rows = chain(texts)
    head = check(rows).head
    place = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(sorted(FIELDS)))
    entry = parsed(rows[place].body)
    assert entry is not None
    body = canonical(replace(entry, **{field: FIELDS[field]}))
    rows[place] = rows[place]._replace(body=body, hash=digest(body))
    checked = check(rows)
    found = {problem.number for problem in checked.problems} | {getattr(against(checked, head), "number", None)}
    assert found & {place + 1, place + 2}


@given(texts=TEXTS, data=st.data())
def test_a_deletion_a_swap_and_an_insertion_are_found(texts: list[str], data: st.DataObject) -> None:
    rows = chain(texts)
    head = check(rows).head
    one = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(st.integers(0, len(rows) - 1).filter(lambda place: place != one))
    fewer = check([*rows[:one], *rows[one + 1 :]])
    last = against(fewer, head)
    assert one + 1 in {problem.number for problem in fewer.problems} | {last.number if last else None}
    swapped = list(rows)
    swapped[one], swapped[other] = rows[other]._replace(number=one + 1), rows[one]._replace(number=other + 1)
    assert {one + 1, other + 1} <= {problem.number for problem in check(swapped).problems}
    shifted = [row._replace(number=int(str(row.number)) + 1) for row in rows[one:]]
    more = check([*rows[:one], rows[other]._replace(number=one + 1), *shifted])
    assert min(problem.number or 0 for problem in more.problems) in {one + 1, one + 2}


def test_a_row_before_the_first_is_found() -> None:
    rows = chain(["a", "b"])
    assert 0 in [problem.number for problem in check([rows[0]._replace(number=0), *rows]).problems]


def test_a_chain_that_grew_is_whole_and_one_that_shrank_is_not() -> None:
    rows = chain(["a", "b", "c"])
    checked = check(rows)
    assert against(checked, Head(2, str(rows[1].hash))) is None
    assert against(checked, Head(0, GENESIS)) is None
    assert against(checked, Head(2, str(rows[2].hash))) is not None
    shorter = against(check(rows[:1]), checked.head)
    assert shorter is not None
    assert shorter == (2, "記録が消されています（2番から3番まで）")


def test_the_canonical_form_stays() -> None:
    entry = Entry(number=1, previous=GENESIS, time="2025-04-01T00:00:00Z", ai=("ChatGPT",), documents=(DRAFT,))
    assert canonical(entry) == (
        '{"ai":["ChatGPT"],"by":null,"documents":[{"name":"案/返事.docx","sha256":"' + DRAFT.sha256 + '"}],'
        '"kind":"chat","note":null,"number":1,"original":null,"previous":"' + GENESIS + '","purged":[],"text":null,'
        '"time":"2025-04-01T00:00:00Z"}'
    )  # fmt: skip


# ---- The store


def test_what_was_added_is_there(store: Path) -> None:
    added = put(store, TEXT, "2025-04-01T01:02:03Z", DRAFT)
    assert (added.entry.number, added.entry.time, added.copy) == (1, "2025-04-01T01:02:03Z", Copy.WRITTEN)
    assert put(store, "次のチャット").head.count == 2
    kept = shown(store, 1)
    assert (kept.text, kept.entry, kept.hash) == (TEXT, added.entry, added.head.hash)
    assert [one.text for one in listed(store)] == [None, None]
    assert read_head(store) == verify(store).head == Head(2, listed(store)[1].hash)
    with pytest.raises(UsageError, match="3番の記録はありません"):
        shown(store, 3)


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d pair", "\r\n", "'); DROP TABLE entries; --", "𠮷野家 🙂"])
def test_any_text_can_be_kept(store: Path, text: str) -> None:
    put(store, text, "2025-04-01T00:00:00Z", Document(text, DRAFT.sha256))
    assert shown(store, 1).text == text.replace("\ud83d", "\ufffd")
    assert verify(store).problems == ()


def test_nobody_else_may_read_it(store: Path) -> None:
    with database.writing(store) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE other (x)")
        for path in store.parent.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) in {0o600, 0o666}  # the latter on Windows
        assert len(list(store.parent.iterdir())) > 1
    put(store)
    assert stat.S_IMODE(head_path(store).stat().st_mode) in {0o600, 0o666}
    assert stat.S_IMODE(store.parent.stat().st_mode) in {0o700, 0o777}


TAMPERINGS = {
    "UPDATE entries SET body = replace(body, 'ChatGPT', 'Gemini') WHERE number = 2": 2,
    "UPDATE entries SET body = CAST(body AS BLOB) WHERE number = 2": 2,
    "UPDATE entries SET body = '{}' WHERE number = 4": 4,
    "UPDATE entries SET hash = lower(hex(zeroblob(32))) WHERE number = 3": 3,
    "UPDATE entries SET number = 9 WHERE number = 3": 3,
    "UPDATE texts SET text = text || '。' WHERE number = 1": 1,
    "UPDATE texts SET number = 17 WHERE number = 2": 2,
    "DELETE FROM texts WHERE number = 4": 4,
    "DELETE FROM entries WHERE number = 2": 2,
    "DELETE FROM entries WHERE number >= 4": 4,
    "DELETE FROM documents WHERE number = 1": 1,
    "UPDATE documents SET sha256 = 'x' WHERE number = 1": 1,
    "INSERT INTO documents VALUES (3, 0, 'x', 'y')": 3,
    "INSERT INTO texts VALUES (30, 'x')": 30,
    "INSERT INTO entries SELECT 5, body, hash FROM entries WHERE number = 4": 5,
    "INSERT INTO entries SELECT -5, body, hash FROM entries WHERE number = 4": 0,
}


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_tampering_with_the_file_is_found(store: Path, statement: str) -> None:
    for number in range(4):
        put(store, f"{TEXT}{number}", "2025-04-01T00:00:00Z", *([DRAFT] if number == 0 else []))
    assert numbers(store) == []
    run(store, statement)
    found = numbers(store)
    assert TAMPERINGS[statement] in found or -5 in found
    assert listed(store)  # what is left can still be looked at


def test_the_last_entries_are_missed_by_the_copy_and_by_a_head_that_was_kept(store: Path) -> None:
    heads = [put(store, f"チャット{number}").head for number in range(3)]
    run(store, "DELETE FROM entries WHERE number = 3", "DELETE FROM texts WHERE number = 3")
    assert numbers(store) == [3]
    head_path(store).unlink()
    assert numbers(store) == []
    assert verify(store).copy is None
    assert numbers(store, heads[2]) == [3]
    assert numbers(store, heads[1]) == []


@pytest.mark.parametrize("tables", [("entries",), ("entries", "texts"), ("entries", "texts", "search")])
def test_an_entry_after_a_loss_does_not_hide_it(store: Path, tables: tuple[str, ...]) -> None:
    for number in range(3):
        put(store, f"チャット{number}")
    run(store, *(f"DELETE FROM {table} WHERE rowid > 1" for table in tables))  # noqa: S608 - names of tables
    assert [put(store, "新しいチャット").copy for _ in range(3)] == [Copy.DISPUTED] * 3
    assert 3 in numbers(store)


def test_a_copy_that_lags_behind_is_no_problem(store: Path) -> None:
    first = put(store).head
    put(store, "次")
    write_head(store, first)
    verdict = verify(store)
    assert (verdict.problems, verdict.lags) == ((), True)
    assert put(store, "その次").copy is Copy.WRITTEN
    assert not verify(store).lags


def test_an_entry_counts_where_the_copy_cannot_be_written(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise UsageError("no room")

    monkeypatch.setattr("aiguard.store.records.write_head", fail)
    assert put(store).copy is Copy.FAILED
    assert (numbers(store), verify(store).copy) == ([], None)


@pytest.mark.parametrize("text", ["", "12", "x:" + "0" * 64, "1:" + "g" * 64, "9" * 30 + ":" + "0" * 64])
def test_a_head_that_is_none(text: str) -> None:
    with pytest.raises(UsageError, match="照合値が読めません"):
        parse_head(text)


# ---- Search


def test_search_knows_width_case_and_short_words(store: Path) -> None:
    put(store, "ＱｏｍｍｏｎｓＡＩで、ﾁﾗｼの案を作った。市の広報。")
    put(store, "qommonsAIの案。案は3つ。")
    found = {
        word: [(hit.kept.entry.number, hit.times) for hit in search(store, [word])]
        for word in ("QommonsAI", "チラシ", "案", "広報", "ない言葉", '"', "%", "_", "案は3", "AND")
    }
    assert found == {
        "QommonsAI": [(1, 1), (2, 1)], "チラシ": [(1, 1)], "案": [(1, 1), (2, 2)], "広報": [(1, 1)], "ない言葉": [],
        '"': [], "%": [], "_": [], "案は3": [(2, 1)], "AND": [],
    }  # fmt: skip
    assert [hit.kept.entry.number for hit in search(store, ["案", "qommons"])] == [1, 2]
    assert [hit.kept.entry.number for hit in search(store, ["案", "チラシ"])] == [1]
    with pytest.raises(UsageError, match="探す言葉"):
        search(store, ["　", ""])


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), data=st.data())
def test_every_part_of_a_text_is_found(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    from aiguard.store.lookup import folded

    store = tmp_path_factory.mktemp("search") / "records.sqlite3"
    put(store, text)
    held = folded(text)
    start = data.draw(st.integers(0, len(held) - 1)) if held else 0
    word = held[start : data.draw(st.integers(start + 1, start + 8))]
    if folded(word).strip() and folded(word) in held:
        assert [hit.kept.entry.number for hit in search(store, [word])] == [1]


def test_a_sqlite_without_the_index_searches_all_the_same(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(connection: sqlite3.Connection) -> None:
        first(connection)
        connection.execute("DROP TABLE search")
        connection.execute("CREATE TABLE search (folded TEXT NOT NULL)")

    (first,) = database.MIGRATIONS
    monkeypatch.setattr(database, "MIGRATIONS", (plain,))
    put(store, "ＱｏｍｍｏｎｓＡＩの案")
    assert [hit.times for hit in search(store, ["qommons", "案"])] == [1 + 1]
    assert purge(store, "2026-01-01").clean
    assert search(store, ["qommons"]) == ()


# ---- Purge


def test_what_is_purged_is_gone_and_the_rest_stays(store: Path) -> None:
    old = [put(store, TEXT * (40 if number == 1 else 1), "2025-03-31T23:59:59Z", DRAFT) for number in range(3)]
    put(store, "残すチャット", "2025-04-01T00:00:00Z")
    assert b"7361-8245" in store.read_bytes()
    assert purgeable(store, "2025-04-01") == (1, 2, 3)
    done = purge(store, "2025-04-01", "総務課長", "保存期間を過ぎた", lambda: "2026-04-01T00:00:00Z")
    assert (done.numbers, done.clean) == ((1, 2, 3), True)
    files = {path.name: path.read_bytes() for path in store.parent.iterdir()}
    assert set(files) == {"records.sqlite3", "records.head.json"}
    held = b"".join(files.values())
    for canary in CANARIES:
        assert canary.encode() not in held
    assert "乙女".encode() not in held  # nor what the index made of it
    assert numbers(store) == []
    one = shown(store, 1)
    assert (one.text, one.has_text, one.entry) == (None, False, old[0].entry)
    assert shown(store, 4).text == "残すチャット"
    said = shown(store, 5).entry
    assert (said.kind, said.purged, said.by, said.note) == ("purge", (1, 2, 3), "総務課長", "保存期間を過ぎた")
    assert search(store, ["早乙女"]) == ()
    assert find_document(store, DRAFT.sha256, "返事.docx").numbers == (1, 2, 3)
    again = purge(store, "2025-04-01")
    assert (again.numbers, again.added, verify(store).head.count) == ((), None, 5)


def test_a_purge_says_when_another_looks_at_what_it_takes(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "is_local", lambda _: True)
    monkeypatch.setattr(database, "WAIT", 0.1)
    put(store)
    with database.reading(store) as looking:
        looking.execute("BEGIN")
        looking.execute("SELECT count(*) FROM texts").fetchone()
        assert not purge(store, "2026-01-01").clean
    assert purge(store, "2026-01-01").clean
    assert "早乙女".encode() not in b"".join(path.read_bytes() for path in store.parent.iterdir())


@pytest.mark.parametrize("statement", ["INSERT INTO texts VALUES (1, 'x')", "DELETE FROM entries WHERE number = 2"])
def test_tampering_with_a_purge_is_found(store: Path, statement: str) -> None:
    put(store)
    purge(store, "2026-01-01")
    run(store, statement)
    assert numbers(store)


# ---- Documents


def test_a_document_is_known_by_its_bytes_and_then_by_its_name(store: Path) -> None:
    assert find_document(store, DRAFT.sha256, "返事.docx").state is Link.NONE
    assert not store.parent.exists()
    put(store, TEXT, "2025-04-01T00:00:00Z", DRAFT)
    put(store, "次", "2025-04-01T00:00:00Z", DRAFT, Document("別.txt", "1" * 64))
    assert find_document(store, DRAFT.sha256, "改名.docx") == (Link.RECORDED, (1, 2))
    assert find_document(store, "0" * 64, r"C:\机\返事.DOCX") == (Link.CHANGED, (1, 2))
    assert find_document(store, "0" * 64, "ほか.docx") == (Link.NONE, ())
    assert len(listed(store)) == 2


# ---- Troubles


class Trouble(NamedTuple):
    """Name what is done to a store, and the words that tell it."""

    make: Callable[[Path], object]
    words: str


def _garbled(store: Path) -> None:
    store.write_bytes(store.read_bytes()[:4096] + bytes(range(256)) * 64)


def _folder(store: Path) -> None:
    store.unlink()
    store.mkdir()


TROUBLES = {
    "no database": Trouble(lambda store: store.write_bytes("早乙女 詩織\n".encode() * 400), "壊れている"),
    "pages overwritten": Trouble(_garbled, "壊れている"),
    "cut off": Trouble(lambda store: store.write_bytes(store.read_bytes()[:5000]), "壊れている"),
    "newer": Trouble(lambda store: run(store, "PRAGMA user_version = 99"), "この版"),
    "another's": Trouble(lambda store: run(store, "PRAGMA application_id = 7"), "aiguardの記録ではありません"),
    "a table less": Trouble(lambda store: run(store, "DROP TABLE texts"), "壊れている"),
    "a folder": Trouble(_folder, "開けません"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_told_with_the_file_and_the_mend(store: Path, trouble: str) -> None:
    put(store)
    TROUBLES[trouble].make(store)
    held = store.read_bytes() if store.is_file() else None
    for act in (
        lambda: put(store),
        lambda: verify(store),
        lambda: listed(store, texts=True),
        lambda: search(store, ["詩"]),
    ):
        with pytest.raises(StoreError, match=TROUBLES[trouble].words) as told:
            act()
        assert str(store) in told.value.message
        assert told.value.hint
        assert told.value.__cause__ is None
        assert not any(canary in str(told.value) for canary in CANARIES)
    assert held is None or store.read_bytes() == held  # nothing was made worse


def test_no_records_yet(store: Path) -> None:
    for act in (lambda: verify(store), lambda: listed(store), lambda: search(store, ["案"])):
        with pytest.raises(StoreError, match="まだありません"):
            act()
    assert not store.parent.exists()
    store.parent.mkdir()
    store.touch()
    with pytest.raises(StoreError, match="まだありません"):
        listed(store)
    assert find_document(store, "0" * 64, "x").state is Link.NONE
    assert put(store).entry.number == 1  # left by a process that was killed as it began


def test_a_store_that_is_locked(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store)
    monkeypatch.setattr(database, "WAIT", 0.1)
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="使っている"):
            put(store)
    assert put(store).entry.number == 2


def test_a_store_that_may_only_be_read(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store)
    monkeypatch.setattr(database, "_mode", lambda _: "mode=ro")
    with pytest.raises(StoreError, match="書き込めません"):
        put(store)
    assert (shown(store, 1).text, numbers(store)) == (TEXT, [])
    monkeypatch.setattr(database, "_mode", lambda _: "immutable=1")
    assert shown(store, 1).text == TEXT


def test_a_full_disk_leaves_the_records_whole(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store)
    connect = sqlite3.connect

    def small(name: str, *, uri: bool, timeout: float, isolation_level: None) -> sqlite3.Connection:
        connection = connect(name, uri=uri, timeout=timeout, isolation_level=isolation_level)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", small)
        with pytest.raises(StoreError, match="空きがない") as told:
            put(store, TEXT * 1000)
        assert not any(canary in str(told.value) for canary in CANARIES)
    assert (numbers(store), len(listed(store))) == ([], 1)
    assert put(store, "次").entry.number == 2


def test_a_later_schema_is_reached_from_an_earlier_one(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store)
    steps = (*database.MIGRATIONS, lambda connection: connection.execute("CREATE TABLE later (x)"))
    monkeypatch.setattr(database, "MIGRATIONS", steps)
    assert len(listed(store)) == 1  # looking is enough
    assert put(store).entry.number == 2
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert numbers(store) == []


def test_a_migration_that_fails_changes_nothing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE texts")
        connection.execute("no such statement")

    put(store)
    with monkeypatch.context() as patch:
        patch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, broken))
        with pytest.raises(StoreError):
            put(store)
    assert shown(store, 1).text == TEXT


# ---- The journal


MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
server:/home /mnt nfs4 rw 0 0
//server/共有 /mnt/共有\040フォルダー cifs rw 0 0
/dev/sdb1 /mnt/disk xfs rw 0 0
me@host: /mnt/ssh fuse.sshfs rw 0 0
C: /mnt/c 9p rw 0 0
tmpfs /mnt/disk/over tmpfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "system"),
    [
        ("/home/a", "ext4"), ("/mnt/a", "nfs4"), ("/mnt/共有 フォルダー/a", "cifs"), ("/mnt/disk/a", "xfs"),
        ("/mnt/ssh/a", "fuse.sshfs"), ("/mnt/c/a", "9p"), ("/mnt/disk/over/a", "tmpfs"), ("/mnt/diskette", "nfs4"),
    ],
)  # fmt: skip
def test_the_file_system_of_a_path(path: str, system: str) -> None:
    from pathlib import PurePosixPath

    assert system_of(PurePosixPath(path), MOUNTS) == system


def test_what_is_not_known_is_no_local_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import PurePosixPath

    assert system_of(PurePosixPath("/a"), "") is None
    monkeypatch.setattr("aiguard.store.volumes.system_of", lambda *_: "fuse.unknown")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("pathlib.Path.read_text", lambda *_, **__: "")
    assert not is_local(tmp_path)


@pytest.mark.parametrize(
    ("anchor", "share"),
    [("\\\\server\\share\\", True), ("//server/share/", True), ("\\\\?\\UNC\\server\\share\\", True),
     ("C:\\", False), ("\\\\?\\C:\\", False), ("\\\\.\\C:\\", False)],
)  # fmt: skip
def test_the_name_of_a_share(anchor: str, share: bool) -> None:  # noqa: FBT001 - a table
    assert is_share_name(anchor) is share


@pytest.mark.parametrize(("local", "journal"), [(True, "wal"), (False, "delete")])
def test_the_journal_fits_the_disk(store: Path, monkeypatch: pytest.MonkeyPatch, local: bool, journal: str) -> None:  # noqa: FBT001 - a table
    for now in (not local, local):  # the folder may have moved
        monkeypatch.setattr(database, "is_local", lambda _, now=now: now)
        put(store)
    with database.reading(store) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == (journal,)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert numbers(store) == []
    assert purge(store, "2026-01-01").clean
    assert sorted(path.name for path in store.parent.iterdir()) == ["records.head.json", "records.sqlite3"]
