"""LibreOffice opens what was mended and shows the statement: nothing of a document it wrote is lost."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import planted_office
import pytest

from aiguard.attribution import Declared
from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.model import Config, Use
from aiguard.readers import read, read_bytes
from aiguard.writers.statement import At, insert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

STATEMENT = "【ChatGPT】により作成"
CHECKER = prepare(Config(), Use.DOCUMENT, declared=Declared(("ChatGPT",), used=True))
SOURCES = {"docx": "text", "odt": "text", "html": "text", "xlsx": "sheet", "pptx": "slides"}
FLAT = {"text": "fodt", "sheet": "fods", "slides": "fodp"}
BARE_IN = ("docx", "odt")  # a document with nothing but a line: no header, no footer
OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "style")
)
BARE = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document {OPEN} office:version="1.3" '
    'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>秋のお知らせです。</text:p>'
    "</office:text></office:body></office:document>"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of drafts that LibreOffice wrote; skip where there is none, fail where CI=true."""
    if shutil.which("soffice") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    made = tmp_path_factory.mktemp("drafts")
    for kind, flat in FLAT.items():
        (made / f"{kind}.{flat}").write_text(getattr(planted_office, kind)(), encoding="utf-8")
    (made / "bare.fodt").write_text(BARE, encoding="utf-8")
    for suffix, kind in SOURCES.items():
        sources = [made / f"{kind}.{FLAT[kind]}", *([made / "bare.fodt"] if suffix in BARE_IN else [])]
        convert(sources, suffix, made)
    return made


def convert(sources: Iterable[Path], suffix: str, folder: Path) -> None:
    """Convert files into a folder with a profile of its own."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", suffix, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=300)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def drafts(folder: Path) -> list[Path]:
    planted = (folder / f"{kind}.{suffix}" for suffix, kind in SOURCES.items())
    return [*planted, *(folder / f"bare.{suffix}" for suffix in BARE_IN)]


def texts(path: Path) -> str:
    """Return what a file shows and what is aside, without spaces, which pages set where they like."""
    return "".join("".join(segment.source.split()) for segment in read(path, Use.DOCUMENT).segments)


def shown(path: Path) -> str:
    segments = (segment for segment in read(path, Use.DOCUMENT).segments if not segment.aside)
    return "".join("".join(segment.source.split()) for segment in segments)


@pytest.mark.parametrize("at", list(At))
def test_every_part_is_kept_and_the_draft_is_in_order(folder: Path, at: At) -> None:
    for path in drafts(folder):
        data = path.read_bytes()
        done = insert(data, path.name, STATEMENT, at)
        report = report_document(read_bytes(done, path.name, Use.DOCUMENT), CHECKER)
        assert report.attribution is not None
        assert report.attribution.status == "ok", path.name
        if path.suffix == ".html":
            assert done.replace(f"<p>{STATEMENT}</p>".encode(), b"") == data
            continue
        before, after = members(data), members(done)
        changed = [name for name in before if before[name] != after[name]]
        fresh = after.keys() - before.keys()
        assert list(after)[: len(before)] == list(before)
        assert fresh <= {"word/footer1.xml"}
        assert len(changed) <= 3
        assert not any(name.startswith(("docProps", "meta", "settings")) for name in changed)


@pytest.mark.parametrize("at", list(At))
def test_libreoffice_prints_the_statement(folder: Path, tmp_path: Path, at: At) -> None:
    for source in drafts(folder):
        target = tmp_path / f"{source.stem}-{source.suffix[1:]}{source.suffix}"
        target.write_bytes(insert(source.read_bytes(), source.name, STATEMENT, at))
    targets = sorted(each for each in tmp_path.iterdir() if each.is_file())
    convert(targets, "pdf", tmp_path)
    for target in targets:
        assert STATEMENT in shown(target.with_suffix(".pdf")), target.name


def test_libreoffice_saves_it_again_with_all_that_was_there(folder: Path, tmp_path: Path) -> None:
    for path in drafts(folder):
        if path.suffix == ".html" or path.stem == "bare":
            continue
        target = tmp_path / path.name
        target.write_bytes(insert(path.read_bytes(), path.name, STATEMENT, At.END))
        again, plain = tmp_path / "again", tmp_path / "plain"
        for source, out in ((target, again), (path, plain)):
            out.mkdir(exist_ok=True)
            convert([source], path.suffix[1:], out)
        assert STATEMENT in shown(again / path.name)
        planted = "植込ヘッダー 植込コメント 植込枠 植込隠し行 植込図形 植込ノート 植込隠しスライド 植込表の名".split()
        kept = {word for word in planted if word in texts(plain / path.name)}
        assert kept
        assert kept == {word for word in planted if word in texts(again / path.name)}
