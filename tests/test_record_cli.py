"""`aiguard record` does what it says: files, exit codes, and no words of a chat but where they are asked for."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from aiguard.readers.chats import read_chat
from aiguard.store import database
from aiguard.store.heads import read_head
from aiguard.store.records import Chat, add, shown

if TYPE_CHECKING:
    from pathlib import Path

Call: TypeAlias = Callable[..., CompletedProcess[str]]
Spawn: TypeAlias = Callable[..., CompletedProcess[bytes]]

TEXT = "利用者: 早乙女 詩織さん（090-7361-8245）への返事を考えてください。\r\n生成AI: 承知しました。\r\n"
CANARIES = ("早乙女", "詩織", "7361", "8245", "返事を考えて")


@pytest.fixture(autouse=True)
def _files(desk: Path) -> None:
    (desk / "chat.txt").write_bytes(TEXT.encode())
    (desk / "draft.docx").write_bytes(b"draft")


@pytest.fixture
def quiet(call: Call) -> Call:
    """Return a function that runs `aiguard record` and finds nothing of the chat in what it says of itself."""

    def run(command: str, *arguments: object, stdin: bytes = b"") -> CompletedProcess[str]:
        done = call("record", command, *arguments, stdin=stdin)
        said = done.stderr + ("" if command == "show" else done.stdout)
        assert [canary for canary in CANARIES if canary in said] == []
        assert "Traceback" not in done.stderr
        assert "内部エラー" not in done.stderr
        return done

    return run


@pytest.fixture
def store(home: Path) -> Path:
    """Return where the records are unless it is said."""
    return home / "aiguard" / "records.sqlite3"


def test_a_chat_is_recorded_and_shown_on_request(quiet: Call, desk: Path, store: Path) -> None:
    done = quiet("add", "--ai", "ChatGPT", "--ai", "Gemini", "--document", "draft.docx", "chat.txt", "--by", "総務課")
    assert done.returncode == 0
    first, second = done.stdout.splitlines()
    assert first.startswith("記録しました: 1番（")
    head = read_head(store)
    assert second == f"照合値: {head}"
    kept = shown(store, 1)
    assert (kept.text, kept.entry.ai, kept.entry.by) == (TEXT, ("ChatGPT", "Gemini"), "総務課")
    assert kept.entry.original == sha256(TEXT.encode()).hexdigest()
    assert [(each.name, each.sha256) for each in kept.entry.documents] == [("draft.docx", sha256(b"draft").hexdigest())]
    assert kept.entry.note is None
    listed = quiet("list")
    assert listed.stdout == f"1番  {kept.entry.time}  ChatGPT、Gemini  draft.docx\n"
    held = json.loads(quiet("list", "--format", "json").stdout)
    assert [(each["number"], each["hash"], each["has_text"]) for each in held] == [(1, kept.hash, True)]
    assert quiet("show", "1").stdout == TEXT
    assert quiet("show", "1", "-o", "out.txt").stdout == ""
    assert (desk / "out.txt").read_bytes() == TEXT.encode()
    assert stat.S_IMODE((desk / "out.txt").stat().st_mode) in {0o600, 0o666}  # the latter on Windows


@pytest.mark.parametrize("codec", ["utf-8-sig", "cp932", "utf-16"])
def test_standard_input_in_any_encoding(quiet: Call, store: Path, codec: str) -> None:
    data = TEXT.encode(codec)
    assert quiet("add", "--ai", "ChatGPT", "-", stdin=data).returncode == 0
    assert (shown(store, 1).text, shown(store, 1).entry.original) == (TEXT, sha256(data).hexdigest())


def test_the_name_of_a_document_tells_no_folder_of_this_computer(quiet: Call, desk: Path, store: Path) -> None:
    quiet("add", "--ai", "ChatGPT", "--document", desk / "draft.docx", "--document", "../desk/draft.docx", "chat.txt")
    assert [each.name for each in shown(store, 1).entry.documents] == ["draft.docx", "../desk/draft.docx"]
    assert shown(store, 1).entry.by is None
    assert str(desk).encode() not in store.read_bytes()


def test_another_place(quiet: Call, desk: Path, store: Path) -> None:
    for _ in range(2):
        assert quiet("add", "--ai", "ChatGPT", "chat.txt", "--store", "課/台帳.db").returncode == 0
    assert sorted(path.name for path in (desk / "課").iterdir()) == ["台帳.db", "台帳.db.head.json"]
    assert quiet("verify", "--store", "課/台帳.db").returncode == 0
    assert not store.parent.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("chat.txt",), "--ai の指定がありません"),
        (("chat.txt", "--ai", " "), "--ai が空です"),
        (("empty.txt", "--ai", "ChatGPT"), "空です"),
        (("chat.txt", "--ai", "ChatGPT", "--document", "none.docx"), "資料を読めません: none.docx"),
        (("chat.txt", "--ai", "ChatGPT", "--conversation", "1"), "conversations.json にだけ"),
        (("chat.txt", "--ai", "ChatGPT", "--store", "chat.txt"), "記録のファイルです"),
        (("chat.txt", "--ai", "ChatGPT", "--store", "draft.docx", "--document", "chat.txt"), "壊れているか"),
    ],
)
def test_what_cannot_be_recorded(quiet: Call, desk: Path, store: Path, arguments: tuple[str, ...], words: str) -> None:
    (desk / "empty.txt").write_bytes(b" \n")
    (desk / "draft.docx").write_bytes(b"draft" * 1000)
    done = quiet("add", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert not store.exists()
    assert (desk / "chat.txt").read_bytes() == TEXT.encode()
    assert (desk / "draft.docx").read_bytes() == b"draft" * 1000


@pytest.mark.parametrize("name", ["none.txt", "picture.bin"])
def test_what_cannot_be_read(quiet: Call, desk: Path, store: Path, name: str) -> None:
    (desk / "picture.bin").write_bytes(bytes(range(256)) * 10)
    done = quiet("add", name, "--ai", "ChatGPT")
    assert (done.returncode, done.stdout) == (3, "")
    assert f"記録しませんでした: {name}" in done.stderr
    assert not store.exists()


def test_search_tells_the_place_and_not_the_words_around(quiet: Call) -> None:
    quiet("add", "chat.txt", "--ai", "ChatGPT")
    quiet("add", "-", "--ai", "LoGoAIアシスタント", stdin="ＡＩの研修の案".encode())
    done = quiet("search", "090-7361")
    assert (done.returncode, done.stdout.split()[0], done.stdout.split()[-1]) == (0, "1番", "1か所")
    assert quiet("search", "ai", "研修").stdout.startswith("2番")
    assert quiet("search", "ない言葉").stdout == ""
    (hit,) = json.loads(quiet("search", "早乙女", "--format", "json").stdout)
    assert (hit["number"], hit["hits"]) == (1, 1)


# ---- Verification


def test_verify_says_what_changed(quiet: Call, store: Path) -> None:
    heads = [quiet("add", "chat.txt", "--ai", "ChatGPT").stdout.splitlines()[1].removeprefix("照合値: ") for _ in "123"]
    whole = quiet("verify")
    assert (whole.returncode, whole.stdout) == (0, f"3件の記録は、書き込まれたときのままです。\n照合値: {heads[2]}\n")
    assert quiet("verify", "--head", heads[1]).returncode == 0
    assert quiet("verify", "--head", heads[0].replace("1:", "2:")).returncode == 1
    assert quiet("verify", "--head", "x").returncode == 2
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE texts SET text = '差し替え' WHERE number = 2")
    done = quiet("verify")
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "2番: チャットの文章が書き換えられています")
    assert quiet("show", "2").returncode == 1
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE entries SET body = 'x' WHERE number = 3")
    assert "3番: 記録が書き換えられています" in quiet("verify").stdout
    assert "読めない記録" in quiet("list").stdout


def test_verify_where_there_is_nothing_to_read(quiet: Call, store: Path) -> None:
    done = quiet("verify")
    assert (done.returncode, done.stdout) == (3, "")
    assert "まだありません" in done.stderr
    store.parent.mkdir()
    store.write_bytes(TEXT.encode() * 200)
    done = quiet("verify")
    assert (done.returncode, done.stdout) == (3, "")
    assert "壊れているか" in done.stderr
    assert quiet("list").returncode == 2


def test_verify_without_a_copy_says_what_it_could_not_see(quiet: Call, store: Path) -> None:
    quiet("add", "chat.txt", "--ai", "ChatGPT")
    (store.parent / "records.head.json").unlink()
    done = quiet("verify")
    assert done.returncode == 0
    assert "末尾の記録が消されていないかは確かめていません" in done.stderr


# ---- Export


def test_jsonl_and_csv(quiet: Call, desk: Path) -> None:
    quiet("add", "chat.txt", "--ai", "=1+1", "--document", "draft.docx", "--note", "@x")
    quiet("add", "-", "--ai", "ChatGPT", stdin='=HYPERLINK("http://example.com")\n2行目'.encode())
    quiet("export", "-o", "all.jsonl")
    held = [json.loads(line) for line in (desk / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (len(held), held[0]["number"], held[0]["text"], held[0]["ai"]) == (2, 1, TEXT, ["=1+1"])
    assert quiet("export", "--format", "csv", "-o", "all.csv").returncode == 0
    data = (desk / "all.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [(row["番号"], row["生成AI"], row["添え書き"]) for row in rows] == [
        ("1", "'=1+1", "'@x"),
        ("2", "ChatGPT", ""),
    ]
    assert rows[1]["文章"] == '\'=HYPERLINK("http://example.com")\n2行目'
    assert rows[0]["文章"] == TEXT
    for name in ("all.jsonl", "all.csv"):
        assert stat.S_IMODE((desk / name).stat().st_mode) in {0o600, 0o666}


@pytest.mark.parametrize("name", ["records.sqlite3", "records.sqlite3-wal", "records.head.json", "link"])
@pytest.mark.parametrize("command", [("show", "1"), ("export",)])
def test_nothing_is_written_over_the_records(quiet: Call, store: Path, name: str, command: tuple[str, ...]) -> None:
    quiet("add", "chat.txt", "--ai", "ChatGPT")
    (store.parent / "link").symlink_to(store)
    done = quiet(*command, "-o", store.parent / name)
    assert done.returncode == 2
    assert "記録のファイルです" in done.stderr
    assert quiet("verify").returncode == 0


# ---- Purge


def test_purge_asks_and_then_takes_the_texts(quiet: Call, store: Path) -> None:
    for time in ("2025-03-31T23:59:59Z", "2025-04-01T00:00:00Z"):
        add(store, Chat(TEXT, "0" * 64, ("ChatGPT",)), lambda time=time: time)  # type: ignore[misc]
    asked = quiet("purge", "--before", "2025-04-01")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "--yes" in asked.stderr
    assert shown(store, 1).text == TEXT
    done = quiet("purge", "--before", "2025-04-01", "--yes", "--by", "総務課長", "--reason", "保存期間")
    assert done.returncode == 0
    assert done.stdout.startswith("文章を消しました: 1件（1番）\n消したことを記録しました: 3番")
    assert "文章は消去済み" in quiet("list").stdout.splitlines()[0]
    assert quiet("list").stdout.splitlines()[2].endswith("文章の消去 1件（1番）")
    gone = quiet("show", "1")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert quiet("show", "3").returncode == 1
    assert quiet("verify").returncode == 0
    assert quiet("purge", "--before", "2025-04-01").returncode == 0
    assert quiet("purge", "--before", "昨日").returncode == 2
    assert quiet("show", "4").returncode == 2


# ---- Troubles


def test_a_full_disk_and_a_locked_store(quiet: Call, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet("add", "chat.txt", "--ai", "ChatGPT")

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("aiguard.store.records._append", full)
        done = quiet("add", "chat.txt", "--ai", "ChatGPT")
    assert (done.returncode, done.stdout) == (2, "")
    assert "空きがない" in done.stderr
    assert str(store) in done.stderr
    monkeypatch.setattr(database, "WAIT", 0.1)
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = quiet("add", "chat.txt", "--ai", "ChatGPT")
    assert (done.returncode, done.stdout) == (2, "")
    assert "使っている" in done.stderr
    assert quiet("verify").stdout.startswith("1件の記録は")


def test_a_process_of_its_own(spawn: Spawn) -> None:
    done = spawn("record", "add", "chat.txt", "--ai", "ChatGPT")
    assert (done.returncode, done.stdout.decode().splitlines()[0][:9]) == (0, "記録しました: 1")
    assert spawn("record", "show", "1").stdout == TEXT.encode()


# ---- Exports of ChatGPT


def node(key: str, parent: str | None, role: str, *parts: object, **content: object) -> dict[str, Any]:
    held = {"content_type": "text", "parts": [*parts], **content}
    return {"id": key, "parent": parent, "children": [], "message": {"author": {"role": role}, "content": held}}


def conversation(title: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    root: dict[str, Any] = {"id": "root", "parent": None, "children": [], "message": None}
    mapping = {each["id"]: each for each in (root, *nodes)}
    return {"title": title, "mapping": mapping, "current_node": nodes[-1]["id"] if nodes else "root"}


ASKED = node("a", "root", "user", "広報紙の見出しを考えて")
EXPORT = [
    conversation(
        "広報の見出し",
        ASKED,
        node("b", "a", "assistant", "「春のおたより」"),
        node("c", "a", "assistant", "「花だより」"),
    ),
    conversation("会議の案内", node("d", "root", "user", "案内文を作って", {"content_type": "image_asset_pointer"})),
]


def as_bytes(value: object) -> bytes:
    return json.dumps(value).encode()


def test_an_export_is_recorded_by_title_or_number(quiet: Call, desk: Path, store: Path) -> None:
    (desk / "conversations.json").write_bytes(as_bytes(EXPORT))
    done = quiet("add", "conversations.json", "--ai", "ChatGPT")
    assert done.returncode == 2
    assert "会話が2件あり" in done.stderr
    assert "会議" not in done.stderr
    for pick in ("会議の案内", "2", " 会議の案内 "):
        assert quiet("add", "conversations.json", "--ai", "ChatGPT", "--conversation", pick).returncode == 0
    assert {shown(store, number).text for number in (1, 2, 3)} == {
        "# 会議の案内\n\n## 利用者\n\n案内文を作って\n\n（画像）\n"
    }
    for pick in ("3", "0", "見出し", "９９９９９９９９９９９９", "²"):
        assert quiet("add", "conversations.json", "--ai", "ChatGPT", "--conversation", pick).returncode == 2


def test_what_was_written_anew_is_recorded_too() -> None:
    assert read_chat(as_bytes(EXPORT), "1") == (
        "# 広報の見出し\n\n## 利用者\n\n広報紙の見出しを考えて\n\n## 生成AI\n\n「花だより」\n\n"
        "## 書き直す前のやり取り\n\n## 生成AI\n\n「春のおたより」\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"content_type": "code", "text": "print(1)"}, "print(1)"),
        ({"content_type": "execution_output", "text": "1"}, "1"),
        ({"content_type": "thoughts", "thoughts": [{"summary": "考え", "content": "まず調べる"}]}, "考え\nまず調べる"),
        ({"content_type": "multimodal_text", "parts": [{"content_type": "audio_transcription", "text": "声"}]}, "声"),
        ({"content_type": "multimodal_text", "parts": [{"content_type": "real_time_audio"}]}, "（音声など）"),
        ({"content_type": "new_kind", "x": 1}, "（取り出せない種類の内容: new_kind）"),
    ],
)
def test_the_kinds_of_content(content: dict[str, Any], words: str) -> None:
    one = {"parent": None, "message": {"author": {"role": "assistant"}, "content": content}}
    assert read_chat(as_bytes({"mapping": {"a": one}})) == f"## 生成AI\n\n{words}\n"


@pytest.mark.parametrize(
    "mapping",
    [
        {"a": node("a", "b", "user", "文"), "b": node("b", "a", "user", "別")},
        {"a": None, "b": 3, "c": {"message": [], "parent": 4}, "d": node("d", "c", "user", "文", None, 3, [], {})},
        {
            "a": {
                "parent": {},
                "message": {"author": [], "content": "文", "metadata": {"attachments": [1, {"name": 2}]}},
            }
        },
    ],
)
def test_an_export_that_is_not_sound_is_read_all_the_same(mapping: dict[str, Any]) -> None:
    for current in ("a", "d", None, 3, "none"):
        held = {"mapping": mapping, "current_node": current, "title": None}
        assert "文" in read_chat(as_bytes([held]))


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"mapping": 3}]', "{}", "[1, 2", '{"messages": []}', "[案] 返事"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert read_chat(text.encode()) == text
