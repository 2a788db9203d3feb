"""`review --fix` writes the statement that a draft lacks, says what it did, and touches nothing else."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from aiguard.attribution import Declared
from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.cli.fix import Fix, fix_all
from aiguard.errors import UsageError
from aiguard.model import Config, Use
from aiguard.readers import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Call = Callable[..., CompletedProcess[str]]

STATEMENT = "【ChatGPT】により作成"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CHECKER = prepare(Config(), Use.DOCUMENT, declared=Declared(("ChatGPT",), used=True))
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def word(*paragraphs: str, more: dict[str, str] | None = None) -> bytes:
    held = io.BytesIO()
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return held.getvalue()


def mend(*paths: Path, fix: Fix | None = None) -> int:
    """Mend as the command line does, with what it was checked with."""
    reports = [report_document(read(path, Use.DOCUMENT), CHECKER) for path in paths]
    return fix_all(reports, fix or Fix(), CHECKER)


def status(path: Path) -> str | None:
    report = report_document(read(path, Use.DOCUMENT), CHECKER)
    return report.attribution.status if report.attribution else None


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_draft_gets_a_copy_with_its_statement_and_says_so(call: Call, desk: Path) -> None:
    (desk / "draft.txt").write_text("秋のお知らせです。\n", encoding="utf-8")
    ran = call("review", "--ai", "ChatGPT", "--fix", "draft.txt")
    assert (desk / "draft.attributed.txt").read_text(encoding="utf-8") == f"秋のお知らせです。\n\n{STATEMENT}\n"
    assert "明示を書きました: draft.attributed.txt" in ran.stderr
    assert call("review", "--ai", "ChatGPT", "draft.attributed.txt").returncode == 0


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("draft.txt", "秋のお知らせです。\r\n".encode("cp932")),
        ("draft.md", "# 秋\n\nChatGPTにより作成\n\n【生成AI名】により作成\n".encode()),
        ("draft.html", "<html><body><p>秋</p><p>ChatGPTにより作成</p></body></html>".encode()),
        ("draft.docx", word("秋のお知らせです。")),
        ("left.docx", word("秋のお知らせです。", "【生成AI名】により作成")),
        ("draft.csv", "項目,内容\n秋,お知らせ\n".encode()),
    ],
)
def test_a_second_run_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, *, in_place: bool
) -> None:
    draft = tmp_path / name
    draft.write_bytes(data)
    mend(draft, fix=Fix(in_place=in_place))
    first = {path: path.read_bytes() for path in tmp_path.iterdir()}
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(first) == (1 if in_place and name != "draft.csv" else 2)
    capsys.readouterr()
    mend(*sorted(first), fix=Fix(in_place=in_place))
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == stamps
    assert "変えていません" in capsys.readouterr().err


def test_every_wrong_statement_of_a_text_is_replaced_where_it_stands(tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_bytes("# 秋\r\n\r\nChatGPTにより作成\r\n\r\n本文\r\n\r\n【生成AI名】により作成\r\n".encode("cp932"))
    mend(draft, fix=Fix(in_place=True))
    wanted = f"# 秋\r\n\r\nChatGPTにより作成\r\n\r\n本文\r\n\r\n{STATEMENT}\r\n"
    assert draft.read_bytes().decode("cp932") == wanted
    assert status(draft) == "ok"


def test_a_wrong_statement_of_a_page_is_replaced_and_the_page_stays_whole(call: Call, desk: Path) -> None:
    page = "<html><body><p>秋</p><p>ChatGPTにより作成</p></body></html>"
    (desk / "a.html").write_text(page, encoding="utf-8")
    (desk / "b.html").write_text(page.replace("ChatGPTに", "<b>ChatGPT</b>に"), encoding="utf-8")
    ran = call("review", "--ai", "ChatGPT", "--fix", "--in-place", ".")
    assert (desk / "a.html").read_text(encoding="utf-8") == page.replace("ChatGPTにより作成", STATEMENT)
    split = page.replace("ChatGPTに", "<b>ChatGPT</b>に").replace("</body>", f"<p>{STATEMENT}</p></body>")
    assert (desk / "b.html").read_text(encoding="utf-8") == split
    assert ran.returncode in {0, 1}
    assert status(desk / "a.html") == status(desk / "b.html") == "ok"


def test_a_placeholder_of_a_package_is_left_to_a_person_who_is_told_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.docx"
    draft.write_bytes(word("秋のお知らせです。", "【生成AI名】により作成"))
    mend(draft)
    assert "手で直すか、消してください" in (said := capsys.readouterr().err)
    assert "本文 2段落目" in said
    done = read(tmp_path / "draft.attributed.docx", Use.DOCUMENT)
    assert done.segments[0].source.count(STATEMENT) == 1


def test_several_ais_are_joined(call: Call, desk: Path) -> None:
    (desk / "draft.txt").write_text("秋のお知らせです。\n", encoding="utf-8")
    call("review", "--ai", "ChatGPT", "--ai", "Gemini", "--fix", "draft.txt")
    text = (desk / "draft.attributed.txt").read_text(encoding="utf-8")
    assert text.endswith("\n\n【ChatGPT】により作成、【Gemini】により作成\n")


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (f"秋のお知らせです。\n\n{STATEMENT}\n", ("--ai", "ChatGPT"), "明示はすでにあります"),
        ("秋のお知らせです。\n", ("--no-ai",), "明示は要りません"),
        ("秋のお知らせです。\n", (), "明示は要りません"),
    ],
)
def test_a_draft_that_lacks_nothing_is_left_alone_and_that_is_said(
    call: Call, desk: Path, text: str, arguments: tuple[str, ...], said: str
) -> None:
    (desk / "draft.txt").write_text(text, encoding="utf-8")
    assert said in call("review", *arguments, "--fix", "draft.txt").stderr
    assert names(desk) == ["draft.txt"]


def test_an_ai_without_a_name_is_asked_for_before_anything_is_written(call: Call, desk: Path) -> None:
    (desk / "a.txt").write_text("ChatGPTにより作成。秋のお知らせです。\n", encoding="utf-8")
    (desk / "b.txt").write_text("秋のお知らせです。\n", encoding="utf-8")
    ran = call("review", "--ai-used", "--fix", "a.txt", "b.txt")
    assert ran.returncode == 2
    assert "--ai" in ran.stderr
    assert names(desk) == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "項目,内容\n秋,お知らせ\n".encode()),
        ("a.json", '{"題": "秋のお知らせ"}'.encode()),
        ("a.rtf", rb"{\rtf1\ansi autumn news}"),
        ("a.eml", "Subject: news\nContent-Type: text/plain; charset=utf-8\n\n秋のお知らせ\n".encode()),
        ("a.png", PIXEL),
        ("a.docx", word("秋のお知らせです。", more={"_xmlsignatures/origin.sigs": ""})),
    ],
)
def test_what_has_no_room_gets_a_file_beside_it_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    assert mend(tmp_path / name) == 0
    beside = tmp_path / f"{name}.attribution.txt"
    assert beside.read_text(encoding="utf-8") == f"{name} の生成AI利用の明示\n{STATEMENT}\n"
    assert (tmp_path / name).read_bytes() == data
    assert ("署名" if name == "a.docx" else "この形式") in capsys.readouterr().err


def test_diff_shows_lines_and_parts_and_writes_nothing(call: Call, desk: Path) -> None:
    (desk / "a.txt").write_text("題\n\n秋の\x1b[31mお知らせです。\n", encoding="utf-8")
    (desk / "b.docx").write_bytes(word("秋のお知らせです。"))
    (desk / "c.csv").write_text("項目,内容\n", encoding="utf-8")
    ran = call("review", "--ai", "ChatGPT", "--diff", "a.txt", "b.docx", "c.csv")
    assert "--- a.txt\n+++ a.attributed.txt\n" in ran.stdout
    assert f"\n+{STATEMENT}\n" in ran.stdout
    assert "\x1b[31m" not in ran.stdout
    assert f"+ b.docx の word/document.xml: 「{STATEMENT}」を書き足します" in ran.stdout
    assert f"+ c.csv.attribution.txt: {STATEMENT}" in ran.stdout
    assert names(desk) == ["a.txt", "b.docx", "c.csv"]


def test_another_file_is_not_replaced_and_the_other_drafts_are_mended(call: Call, desk: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (desk / name).write_text("秋のお知らせです。\n", encoding="utf-8")
    (desk / "a.attributed.txt").write_text("別の文章", encoding="utf-8")
    ran = call("review", "--ai", "ChatGPT", "--fix", "a.txt", "b.txt")
    assert ran.returncode == 2
    assert "すでにファイルがあります: a.attributed.txt" in ran.stderr
    assert (desk / "a.attributed.txt").read_text(encoding="utf-8") == "別の文章"
    assert status(desk / "b.attributed.txt") == "ok"


def test_a_file_that_is_read_only_is_not_written_in_place(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("秋のお知らせです。\n", encoding="utf-8")
    draft.chmod(0o444)
    with pytest.raises(UsageError) as error:
        mend(draft, fix=Fix(in_place=True))
    assert "読み取り専用" in error.value.message
    assert draft.read_text(encoding="utf-8") == "秋のお知らせです。\n"
    mend(draft)
    assert status(tmp_path / "draft.attributed.txt") == "ok"


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        word("秋のお知らせです。")[:-40],
        word("秋</w:p>のお知らせです。"),
        word("秋</w:p>のお知らせです。", more={"word/footer1.xml": f'<w:ftr xmlns:w="{W}"><w:p><w:r><w:t>春日市</w:t></w:r></w:p></w:ftr>'}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_unchecked_and_nothing_is_written(call: Call, desk: Path, data: bytes) -> None:
    (desk / "draft.docx").write_bytes(data)
    ran = call("review", "--ai", "ChatGPT", "--fix", "draft.docx")
    assert ran.returncode == 3
    assert "明示を書けません: draft.docx" in ran.stderr
    assert names(desk) == ["draft.docx"]


def test_an_encoding_that_cannot_hold_it_is_said_and_nothing_is_written(call: Call, desk: Path) -> None:
    (desk / "draft.txt").write_bytes("秋のお知らせです。\n".encode("cp932"))
    ran = call("review", "--ai", "Ünïquë", "--fix", "draft.txt")
    assert ran.returncode == 2
    assert "文字コード" in ran.stderr
    assert names(desk) == ["draft.txt"]
