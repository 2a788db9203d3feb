"""A path becomes a document; what cannot be read says so and never raises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aiguard.model import Limits, Segment, Use
from aiguard.readers import read, read_bytes, read_text
from aiguard.readers.filenames import name_of
from aiguard.readers.refusals import REFUSALS
from aiguard.readers.table import delimiter_of
from aiguard.readers.texts import PARSERS


def reasons(path: Path, limit: int = 1000) -> list[str]:
    """Return why a path is unchecked."""
    document = read(path, Use.PROMPT, Limits(bytes=limit))
    assert document.path == str(path)
    return [note.reason for note in document.unchecked]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.log", "a", "a.unknown", "A.TXT"])
def test_plain_text_is_one_segment_unchanged(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("一行目\r\n二行目".encode("cp932"))
    document = read(path, Use.DOCUMENT)
    assert (document.use, document.unchecked) == (Use.DOCUMENT, ())
    assert document.segments == (Segment("一行目\r\n二行目"),)


@pytest.mark.parametrize(
    ("name", "text", "delimiter"),
    [
        ("a.csv", "氏名,年齢\n山田,42\n", ","),
        ("a.CSV", "氏名,年齢\n", ","),
        ("a.tsv", "氏名\t年齢\n山田\t42\n", "\t"),
        ("a.csv", "氏名\t金額\n山田\t1,000\n田中\t2,000\n", "\t"),
        ("a.csv", "氏名;年齢\n山田;42\n", ";"),
        ("a.csv", '"一;二",三\n"四;五;六",七\n', ","),
        ("a.csv", "一列だけ\n", ","),
        ("a.tsv", "", "\t"),
        ("a.csv", "表題\n氏名,年齢\n山田,42\n", ","),
    ],
)
def test_a_table_is_one_segment_with_its_delimiter(name: str, text: str, delimiter: str) -> None:
    document = read_text(text, name, Use.PROMPT)
    assert document.segments == (Segment(text, delimiter=delimiter),)
    assert document.unchecked == ()


def test_the_delimiter_survives_an_open_quotation_mark() -> None:
    assert delimiter_of('a,b\n"c,d\n' * 10, ",") == ","


def test_empty_files_are_sound(tmp_path: Path) -> None:
    for suffix in PARSERS:
        path = tmp_path / f"a{suffix}"
        path.write_bytes(b"")
        assert reasons(path) == []


def test_missing_files_folders_and_huge_files_are_unchecked(tmp_path: Path) -> None:
    assert reasons(tmp_path / "none.txt") == ["ファイルがありません"]
    assert reasons(tmp_path / "none.docx") == ["ファイルがありません"]
    assert len(reasons(tmp_path)) == 1
    assert len(reasons(Path("a\0b"))) == 1
    (tmp_path / "big.txt").write_bytes(b"x" * 1001)
    assert reasons(tmp_path / "big.txt")[0].startswith("大きすぎて読めません")
    assert reasons(tmp_path / "big.txt", 1001) == []


def test_files_that_may_not_be_read_are_unchecked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "秘密")

    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    assert reasons(tmp_path / "a.txt") == ["読む権限がないか、ほかのソフトで使用中です"]


@pytest.mark.parametrize("suffix", sorted(REFUSALS))
def test_formats_without_a_reader_say_what_to_do(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix.upper()}"
    path.write_bytes(b"text")
    assert reasons(path) == [REFUSALS[suffix]]
    assert REFUSALS[suffix].endswith(("ください", "ありません"))
    assert read_bytes(b"text", path.name, Use.PROMPT).segments == ()


def test_a_picture_called_text_is_unchecked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert "画像" in reasons(path)[0]


def test_reasons_never_show_the_text() -> None:
    canary = "カナリア"
    for data in (
        canary.encode("cp932") + b"\xff\x80",
        canary.encode() + b"\xff",
        canary.encode("utf-16-le") + b"\0\xd8\0",
    ):
        assert canary not in repr(read_bytes(data, "a.txt", Use.PROMPT))


@pytest.mark.parametrize(
    "text", ["????????? 1234", "??????\n????\n", "Tel: ?? ???-1234 ???", "\ufffd\ufffd\ufffd12345678"]
)
def test_text_that_a_shell_could_not_encode_is_unchecked_yet_read(text: str) -> None:
    document = read_text(text, "-", Use.PROMPT)
    assert "「?」" in document.unchecked[0].reason
    assert document.segments[0].source == text


@pytest.mark.parametrize("text", ["????", "本当??????????", "What is this? Is it a test?", "ﾎﾝﾄ??????????", ""])
def test_honest_question_marks_pass(text: str) -> None:
    assert read_text(text, "-", Use.PROMPT).unchecked == ()


def test_half_surrogate_pairs_become_harmless() -> None:
    document = read_text("山\ud800田", "a.txt", Use.PROMPT)
    assert document.segments[0].source == "山\ufffd田"


def test_xml_tells_what_is_encoded() -> None:
    assert read_text("<p>山田</p>", "a.xml", Use.PROMPT).unchecked == ()
    assert len(read_text("<p>&#x5c71;&#30000;</p>", "a.xml", Use.PROMPT).unchecked) == 1


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("【機密性2】職員名簿.xlsx", "【機密性2】職員名簿"),
        ("人事課/異動_内示前.docx", "人事課\n異動 内示前"),
        ("/home/山田太郎/文書/回答.txt", "文書\n回答"),
        ("/Users/山田太郎/reply.txt", None),
        ("drafts/prompt_0001.txt", None),
        ("090-1234-5678.txt", "090-1234-5678"),
    ],
)
def test_names_of_files_and_folders_are_read(path: str, told: str | None) -> None:
    segment = name_of(Path(path))
    assert (segment.source if segment else None) == told
    assert segment is None or (segment.label, segment.aside) == ("ファイル名", True)


def test_the_name_of_a_file_is_read_with_it(tmp_path: Path) -> None:
    path = tmp_path / "庁内限り.txt"
    path.write_bytes(b"text")
    assert [segment.label for segment in read(path, Use.PROMPT).segments] == [None, "ファイル名"]


def test_a_name_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("山.txt".encode("cp932"))
    try:
        path.write_bytes("本文".encode())
    except OSError:  # file systems of macOS take UTF-8 only
        return
    assert read(path, Use.PROMPT).segments[0].source == "本文"
