"""A file whose name is in another encoding than the system's is checked like any other, in every format of a report."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from aiguard.readers.given import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems refuse such names")
@pytest.mark.parametrize("form", ["text", "concise", "json", "jsonl", "csv", "html", "markdown", "sarif", "junit"])
def test_a_share_with_names_in_cp932(call: Callable[..., CompletedProcess[str]], desk: Path, form: str) -> None:
    for number in range(30):  # enough for other processes
        name = os.fsdecode(f"名簿{number}.txt".encode("cp932"))
        (desk / name).write_text("連絡先は090-7361-8245です。\n", encoding="utf-8")
    first, second = (call("scan", ".", "--state", "../s.sqlite3", "--format", form) for _ in range(2))
    assert (first.returncode, second.returncode) == (1, 1), first.stderr
    assert first.stdout == second.stdout
    if form == "json":
        assert len(json.loads(first.stdout)["documents"]) == 30


@pytest.mark.parametrize("path", ["a/名簿.txt", os.fsdecode(b"a/\x96\xbc.txt"), ""])
def test_a_name_comes_back_as_it_was(path: str) -> None:
    assert from_wire(to_wire(path)) == path
    to_wire(path).encode()
