"""The check-list for building with an AI (6(2)) is made as Markdown and as Word, filled from the options."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from aiguard.model import Use
from aiguard.readers import read
from aiguard.writers.docx_report import Checkbox, Heading, Paragraph, Table, docx_of

ROOT = Path(__file__).parent.parent


def build(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "aiguard", "checklist", "build", *words]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def test_markdown_holds_what_was_given_and_what_to_confirm(tmp_path: Path) -> None:
    result = build(tmp_path, "--system", "問合せ|案内", "--section", "市民課")
    assert result.returncode == 0
    assert "| 仕組み | 問合せ\\|案内 |" in result.stdout
    assert all(word in result.stdout for word in ("市民課", "学習", "監査", "所属長"))


def test_word_is_read_back_whole_and_nothing_is_overwritten(tmp_path: Path) -> None:
    assert build(tmp_path, "--system", "問合せ", "-o", "a.docx").returncode == 0
    document = read(tmp_path / "a.docx", Use.PROMPT)
    text = "\n".join(segment.source for segment in document.segments)
    assert document.unchecked == ()
    assert all(word in text for word in ("問合せ", "☐ 入力した情報が", "所属長"))
    assert build(tmp_path, "-o", "a.docx").returncode == 2
    assert build(tmp_path, "-o", "a.pdf").returncode == 2


def test_any_text_makes_a_document_and_the_same_blocks_the_same_bytes(tmp_path: Path) -> None:
    odd = "a<b>&\x00\x0b\ud800\ufffe\n「二行目」"
    blocks = (Heading(odd, 2), Paragraph(odd), Checkbox(odd, checked=True), Table(((odd, "x"),)), Table(()))
    (tmp_path / "odd.docx").write_bytes(docx_of(blocks))
    assert docx_of(blocks) == docx_of(blocks)
    document = read(tmp_path / "odd.docx", Use.PROMPT)
    assert document.unchecked == ()
    assert "a<b>&" in "\n".join(segment.source for segment in document.segments)
