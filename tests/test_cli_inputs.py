"""Whatever way a text comes in, it is checked, or it is said that it was not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import pytest

Call: TypeAlias = Callable[..., CompletedProcess[str]]

TINY = Path(__file__).parent / "tiny"
TEXT = "担当者へのお知らせです。登録をお願いします。\n会員番号：A-123456\n"
ENCODINGS = ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.fixture
def check(call: Call) -> Callable[..., tuple[int, list[dict[str, Any]]]]:
    """Return a function that checks with the small pack and returns the exit code and the documents."""

    def run(*arguments: object, stdin: bytes = b"") -> tuple[int, list[dict[str, Any]]]:
        done = call("check", "--pack", TINY, "--format", "json", *arguments, stdin=stdin)
        assert done.stderr == ""
        return done.returncode, json.loads(done.stdout)["documents"]

    return run


Check: TypeAlias = Callable[..., tuple[int, list[dict[str, Any]]]]


def reasons(document: dict[str, Any]) -> str:
    """Return why a document was not checked."""
    assert document["verdict"] == "unchecked"
    return " ".join(each["reason"] for each in document["unchecked"])


# ---- Encodings and formats


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_is_read_in_every_encoding_of_an_office(check: Check, desk: Path, encoding: str) -> None:
    (desk / "mail.txt").write_bytes(TEXT.encode(encoding))
    code, (document,) = check("mail.txt")
    (finding,) = document["findings"]
    assert code == 1
    assert (finding["location"]["line"], finding["location"]["column"]) == (2, 6)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_standard_input_is_read_in_every_encoding(check: Check, encoding: str) -> None:
    code, (document,) = check("-", stdin=TEXT.encode(encoding))
    assert (code, document["path"]) == (1, "-")


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", "\u3000\r\n".encode("cp932")])
def test_an_empty_text_has_nothing_to_find(check: Check, desk: Path, content: bytes) -> None:
    (desk / "empty.txt").write_bytes(content)
    code, (document,) = check("empty.txt")
    assert (code, document["verdict"], document["findings"]) == (0, "pass", [])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "画像"),
        ("scan.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        ("list.xlsx", b"PK\x03\x04", "ZIP"),
        ("list.dat", b"PK\x03\x04\x14\0\x06\0", "ZIP"),
        ("noise.txt", bytes(range(256)) * 8, ""),
        ("shell.txt", b"????? A-123456 ??????????? ????", "?"),
        ("broken.json", b'{"a": "b', "JSON"),
    ],
)
def test_what_is_no_text_is_never_a_pass(check: Check, desk: Path, name: str, content: bytes, reason: str) -> None:
    (desk / name).write_bytes(content)
    code, (document,) = check(name)
    assert code == 3
    assert reason in reasons(document)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_cell_of_a_table_is_named(check: Check, desk: Path, encoding: str) -> None:
    (desk / "list.csv").write_bytes("氏名,会員番号\n甲,A-123456\n乙,A-654321\n".encode(encoding))
    _, (document,) = check("list.csv")
    assert [finding["location"]["label"] for finding in document["findings"]] == ["B2", "B3"]


def test_a_value_in_json_is_named_and_unescaped(check: Check, desk: Path) -> None:
    (desk / "chat.json").write_text(json.dumps({"messages": [{"content": TEXT}]}), encoding="utf-8")
    _, (document,) = check("chat.json")
    assert [finding["location"]["label"] for finding in document["findings"]] == ["/messages/0/content"]


def test_standard_input_is_read_like_the_file_it_stands_for(check: Check) -> None:
    code, (document,) = check("-", "--stdin-filename", "list.csv", stdin="氏名,会員番号\n甲,A-123456\n".encode())
    assert (code, document["path"]) == (1, "list.csv")
    assert [finding["location"]["label"] for finding in document["findings"]] == ["B2"]
    code, (document,) = check("-", "--stdin-filename", "list.xlsx", stdin=b"PK\x03\x04")
    assert code == 3


# ---- Paths


@pytest.fixture
def tree(desk: Path) -> Path:
    """Lay a small tree on the desk."""
    for name in ("a.txt", "b.md", "sub/c.txt", "sub/deep/d.csv", "[1].txt", ".git/e.txt"):
        file = desk / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(TEXT, encoding="utf-8")
    return desk


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["a.txt"], ["a.txt"]),
        (["a.txt", "a.txt", "./a.txt"], ["a.txt"]),
        (["b.md", "a.txt"], ["b.md", "a.txt"]),
        (["sub"], ["sub/c.txt", "sub/deep/d.csv"]),
        (["*.md"], ["b.md"]),
        (["**/*.csv"], ["sub/deep/d.csv"]),
        (["[1].txt"], ["[1].txt"]),
        (["sub", "--exclude", "deep/"], ["sub/c.txt"]),
        (["sub/*", "--exclude", "sub/deep"], ["sub/c.txt"]),
    ],
)
@pytest.mark.usefixtures("tree")
def test_paths_are_files_folders_and_globs(check: Check, arguments: list[str], found: list[str]) -> None:
    code, documents = check(*arguments)
    assert [document["path"].replace(os.sep, "/") for document in documents] == found
    assert code == 1


@pytest.mark.usefixtures("tree")
def test_a_path_that_is_not_there_stands_in_the_report(check: Check) -> None:
    code, documents = check("a.txt", "gone.txt", "*.docx")
    assert code == 3
    assert [document["path"] for document in documents] == ["a.txt", "gone.txt", "*.docx"]
    assert "ファイルがありません" in reasons(documents[1])
    assert "一致するファイルがありません" in reasons(documents[2])


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
@pytest.mark.usefixtures("tree")
def test_a_list_names_the_files(check: Check, desk: Path, encoding: str) -> None:
    (desk / "名簿.txt").write_text(TEXT, encoding="utf-8")
    listed = "a.txt\r\n名簿.txt\r\n\r\ngone.txt\r\n"
    code, documents = check("b.md", "--files-from", "-", stdin=listed.encode(encoding))
    assert code == 3
    assert [document["path"] for document in documents] == ["b.md", "a.txt", "名簿.txt", "gone.txt"]


@pytest.mark.parametrize("name", ["名簿 (写し).txt", "-x.txt", "a'b\"c.txt", "[memo].txt", "🌸.txt"])
def test_a_file_may_have_any_name(call: Call, desk: Path, name: str) -> None:
    (desk / name).write_text(TEXT, encoding="utf-8")
    done = call("check", "--pack", TINY, "--", name)
    assert done.returncode == 1
    assert name in done.stdout


def test_a_name_of_broken_bytes_is_printed_as_far_as_it_can_be(
    spawn: Callable[..., CompletedProcess[bytes]], desk: Path
) -> None:
    (desk / os.fsdecode(b"\x96\xbc\x95\xeb.txt")).write_text(TEXT, encoding="utf-8")
    for form in ("text", "json", "jsonl"):
        done = spawn("check", "--pack", TINY, ".", "--format", form)
        assert (done.returncode, done.stderr) == (1, b"")
        assert ".txt" in done.stdout.decode()


def test_names_of_broken_bytes_reach_other_processes_and_come_back(
    spawn: Callable[..., CompletedProcess[bytes]], desk: Path
) -> None:
    for number in range(30):
        (desk / os.fsdecode(b"\x96\xbc%d.txt" % number)).write_text(TEXT, encoding="utf-8")
    (desk / "名簿.pdf").write_bytes(b"%PDF-1.7\n")
    (desk / os.fsdecode(b"\x96\xbc.csv")).write_text("番号,備考\n" + f"1,{'x' * 200}\n" * 25_000, encoding="utf-8")
    done = spawn("check", "--pack", TINY, ".", "--format", "concise", "--jobs", 2)
    assert (done.returncode, done.stderr) == (3, b"")
    assert "32件を確認" in done.stdout.decode()
    assert "名簿.pdf" in done.stdout.decode()


def test_a_link_that_leads_nowhere_is_not_a_pass(check: Check, desk: Path) -> None:
    (desk / "loop").symlink_to("loop")
    code, (document,) = check("loop")
    assert code == 3
    assert reasons(document)
