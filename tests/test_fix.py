"""A draft gets its statement where its format has room for one, and loses nothing: every other byte stays."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import planted_office
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from aiguard.attribution import Declared
from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.cli import app
from aiguard.errors import ReadError
from aiguard.model import Config, Document, Use
from aiguard.readers import read
from aiguard.writers.statement import state
from aiguard.writers.zipsplice import replaced

STATEMENT = "【ChatGPT】により作成"
CHECKER = prepare(Config(ignore=("8.2", "8.3(3)")), Use.DOCUMENT, declared=Declared(("ChatGPT",), used=True))
FORMATS = {"docx": "text", "odt": "text", "xlsx": "sheet", "pptx": "slides"}


@pytest.fixture(scope="session")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with drafts that LibreOffice wrote."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("drafts")
    for suffix, kind in FORMATS.items():
        source = folder / f"{kind}.{'fodt' if kind == 'text' else 'fods' if kind == 'sheet' else 'fodp'}"
        source.write_text(getattr(planted_office, kind)(), encoding="utf-8")
        convert(source, suffix, folder)
    return folder


def convert(source: Path, suffix: str, folder: Path) -> Path:
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder / 'profile'}", "--convert-to", suffix]
    subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=240)
    return folder / f"{source.stem}.{suffix}"


def status(path: Path) -> str | None:
    report = report_document(read(path, Use.DOCUMENT), CHECKER)
    return report.attribution.status if report.attribution else None


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(document: Document) -> set[str]:
    return {line.strip() for segment in document.segments for line in segment.source.splitlines() if line.strip()}


@pytest.mark.parametrize("at", ["end", "start", "footer"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_package_gets_its_statement_and_keeps_every_other_part(
    drafts: Path, tmp_path: Path, suffix: str, at: str
) -> None:
    source = drafts / f"{FORMATS[suffix]}.{suffix}"
    data = source.read_bytes()
    done = state(data, source, STATEMENT, at)
    if done.beside:  # a format says where it has no room
        assert (suffix, at) == ("xlsx", "start")
        assert STATEMENT in done.beside
        return
    before, after = members(data), members(done.data)
    changed = [name for name in before if before[name] != after[name]]
    assert before.keys() == after.keys()
    assert 1 <= len(changed) <= 3
    assert all(STATEMENT.encode() in after[name] for name in changed)
    target = tmp_path / source.name
    target.write_bytes(done.data)
    assert status(target) == "ok"
    assert texts(read(source, Use.DOCUMENT)) <= {
        text.replace(STATEMENT, "").strip() for text in texts(read(target, Use.DOCUMENT))
    } | {""}


@pytest.mark.parametrize("suffix", FORMATS)
def test_libreoffice_opens_a_mended_draft_and_shows_the_statement(drafts: Path, tmp_path: Path, suffix: str) -> None:
    source = drafts / f"{FORMATS[suffix]}.{suffix}"
    target = tmp_path / source.name
    target.write_bytes(state(source.read_bytes(), source, STATEMENT, "end").data)
    made = read(convert(target, "pdf", tmp_path), Use.DOCUMENT)
    assert any(STATEMENT in segment.source.replace(" ", "") for segment in made.segments)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
@pytest.mark.parametrize(
    "text", ["秋のお知らせ\r\n本文です。\r\n", "秋のお知らせ\n本文です。", "一行だけのお知らせです\n\n\n"]
)
def test_a_text_keeps_its_encoding_and_its_end(tmp_path: Path, codec: str, text: str) -> None:
    data = text.encode(codec)
    done = state(data, Path("a.txt"), STATEMENT, "end").data
    line = "\r\n" if "\r\n" in text else "\n"
    body = text.rstrip()
    assert done == (body + line + line + STATEMENT + text[len(body) :]).encode(codec)
    target = tmp_path / "a.txt"
    target.write_bytes(done)
    assert status(target) == "ok"


@pytest.mark.parametrize(
    ("name", "text", "at", "wanted"),
    [
        ("a.html", "<html><body><p>本文</p></body></html>", "end", "<html><body><p>本文</p><p>{}</p></body></html>"),
        ("a.html", "<body class=x>本文</body>", "start", "<body class=x><p>{}</p>本文</body>"),
        ("a.html", "<p>本文です</p>", "end", "<p>本文です</p><p>{}</p>"),
        ("a.md", "---\ntitle: x\n---\n# 題\n", "start", "---\ntitle: x\n---\n{}\n\n# 題\n"),
    ],
)
def test_pages_and_notes_get_it_inside(name: str, text: str, at: str, wanted: str) -> None:
    assert state(text.encode(), Path(name), STATEMENT, at).data.decode() == wanted.format(STATEMENT)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["review", "--ai", "ChatGPT", "--ignore", "8.2", *arguments])
    return result.exit_code, result.output


def test_fix_writes_beside_the_draft_and_twice_changes_nothing(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("秋のお知らせです。\n", encoding="utf-8")
    run(str(draft), "--fix")
    mended = tmp_path / "draft.attributed.txt"
    assert mended.read_text(encoding="utf-8") == f"秋のお知らせです。\n\n{STATEMENT}\n"
    assert draft.read_text(encoding="utf-8") == "秋のお知らせです。\n"
    run(str(mended), "--fix")
    run(str(draft), "--fix")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draft.attributed.txt", "draft.txt"]
    assert run(str(mended))[0] == 0


def test_fix_in_place_and_a_wrong_form_is_replaced(tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("# 題\n\nChatGPTにより作成\n\n本文\n", encoding="utf-8")
    run(str(draft), "--fix", "--in-place")
    assert draft.read_text(encoding="utf-8") == f"# 題\n\n{STATEMENT}\n\n本文\n"


def test_diff_shows_and_writes_nothing(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("秋のお知らせです。\n", encoding="utf-8")
    output = run(str(draft), "--diff")[1]
    assert f"+{STATEMENT}" in output
    assert [path.name for path in tmp_path.iterdir()] == ["draft.txt"]


def test_what_cannot_hold_a_statement_gets_a_file_beside_it(tmp_path: Path) -> None:
    draft = tmp_path / "draft.csv"
    draft.write_text("項目,内容\n秋,お知らせ\n", encoding="utf-8")
    run(str(draft), "--fix")
    assert STATEMENT in (tmp_path / "draft.csv.attribution.txt").read_text(encoding="utf-8")


def test_another_file_is_not_replaced_and_an_unnamed_ai_is_asked_for(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("秋のお知らせです。\n", encoding="utf-8")
    (tmp_path / "draft.attributed.txt").write_text("別の文章", encoding="utf-8")
    assert run(str(draft), "--fix")[0] != 0
    assert (tmp_path / "draft.attributed.txt").read_text(encoding="utf-8") == "別の文章"
    result = CliRunner().invoke(app, ["review", "--ai-used", "--fix", str(draft)])
    assert result.exit_code != 0


@given(
    st.dictionaries(st.text("abc/.", min_size=1, max_size=6), st.binary(max_size=80), min_size=1, max_size=6),
    st.integers(0, 5),
    st.binary(max_size=60),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    st.binary(max_size=20),
)
def test_splicing_changes_one_member_only(
    files: dict[str, bytes], number: int, content: bytes, packing: int, note: bytes
) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.comment = note.replace(b"PK", b"")
    name = sorted(files)[number % len(files)]
    done = replaced(held.getvalue(), {name: content})
    assert members(done) == {**files, name: content}
    with zipfile.ZipFile(io.BytesIO(done)) as archive:
        assert archive.namelist() == list(files)
        assert archive.comment == note.replace(b"PK", b"")
        assert archive.testzip() is None


@given(st.binary(max_size=200), st.integers(0, 400))
def test_what_is_no_package_is_refused(noise: bytes, cut: int) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a", b"x" * 50)
    whole = held.getvalue()
    for data in (noise, whole[:cut] + noise, whole[cut:]):
        try:
            done = replaced(data, {"a": b"y"})
        except ReadError:
            continue
        assert members(done)["a"] == b"y"


def test_random_bytes_never_raise_anything_else() -> None:
    rng = random.Random(1)  # noqa: S311 - repeatable, not secret
    for _ in range(300):
        data = b"PK\x03\x04" + rng.randbytes(60) + b"PK\x05\x06" + rng.randbytes(18)
        with pytest.raises(ReadError):
            replaced(data, {"a": b"y"})
