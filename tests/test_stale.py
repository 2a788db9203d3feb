"""What lets findings pass and has nothing left to do is named: stale acceptances, idle ignores, allows that are over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Call: TypeAlias = Callable[..., CompletedProcess[str]]

FILE = "aiguard-baseline.toml"
PHONE, OTHER = "090-7361-8245", "090-7361-8246"
STALE = "受け入れた指摘が、もう当てはまりません"


@pytest.fixture
def texts(desk: Path) -> Path:
    """Return a folder with two texts that hold a number each."""
    folder = desk / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text(f"電話は{PHONE}です。\n", encoding="utf-8")
    (folder / "b.txt").write_text(f"電話は{OTHER}です。\n", encoding="utf-8")
    return folder


@pytest.fixture
def accepted(texts: Path, call: Call) -> Path:
    """Return that folder with all it holds accepted."""
    assert call("baseline", "create", "texts", "--reason", "公表済み", "--accept-block").returncode == 0
    return texts


def scan(call: Call, *arguments: object) -> CompletedProcess[str]:
    return call("scan", "texts", "--baseline", FILE, *arguments)


def test_an_accepted_finding_that_is_gone_is_named(accepted: Path, call: Call) -> None:
    assert STALE not in scan(call).stderr
    (accepted / "a.txt").write_text("電話はありません。\n", encoding="utf-8")
    done = scan(call)
    assert done.returncode == 0
    assert done.stderr.count(STALE) == 1
    assert "texts/a.txt  phone-mobile 1件（理由: 公表済み）" in done.stderr
    assert "aiguard baseline update" in done.stderr
    assert PHONE not in done.stderr + done.stdout


def test_an_update_drops_what_is_named(accepted: Path, call: Call) -> None:
    (accepted / "a.txt").write_text("電話はありません。\n", encoding="utf-8")
    assert "- texts/a.txt  phone-mobile" in call("baseline", "update", "texts").stdout
    assert STALE not in scan(call).stderr


def test_a_state_names_the_same(accepted: Path, call: Call) -> None:
    for _ in range(2):
        assert STALE not in scan(call, "--state", "s.sqlite3").stderr
    (accepted / "a.txt").write_text("電話はありません。\n", encoding="utf-8")
    told = [scan(call, "--state", "s.sqlite3").stderr for _ in range(2)]
    assert [one.count(STALE) for one in told] == [1, 1]
    assert "texts/b.txt" not in "".join(told)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--exclude", "a.txt"),
        ("--ignore", "phone-mobile"),
        ("--select", "my-number"),
        ("--use", "prompt", "--include", "b.txt"),
    ],
)
def test_nothing_is_stale_that_was_not_looked_at(accepted: Path, call: Call, arguments: tuple[str, ...]) -> None:
    (accepted / "a.txt").write_text("電話はありません。\n", encoding="utf-8")
    assert STALE not in scan(call, *arguments).stderr


def test_nothing_is_stale_in_a_file_that_was_not_read_whole(accepted: Path, call: Call) -> None:
    (accepted / "a.txt").write_bytes(b"\x00\xff\xfe\xfd\x00\x01\x02" * 50)
    (accepted / "b.txt").unlink()
    done = scan(call)
    assert done.returncode == 3
    assert STALE not in done.stderr


def test_a_finding_that_became_worse_is_new_but_not_stale(accepted: Path, call: Call) -> None:
    text = (accepted.parent / FILE).read_text(encoding="utf-8")
    (accepted.parent / FILE).write_text(re.sub('severity = "[a-z]+"', 'severity = "note"', text), encoding="utf-8")
    done = scan(call)
    assert done.returncode == 1
    assert STALE not in done.stderr


def test_an_update_keeps_what_a_rule_that_is_off_did_not_look_for(accepted: Path, call: Call) -> None:
    before = (accepted.parent / FILE).read_bytes()
    done = call("baseline", "update", "texts", "--ignore", "phone-mobile")
    assert (done.returncode, done.stdout) == (0, "")
    assert (accepted.parent / FILE).read_bytes() == before


def test_a_copy_of_an_accepted_file_is_not_accepted_with_it(accepted: Path, call: Call) -> None:
    (accepted / "c.txt").write_bytes((accepted / "a.txt").read_bytes())
    (accepted / "0.txt").write_bytes((accepted / "b.txt").read_bytes())
    documents = json.loads(scan(call, "--format", "json").stdout)["documents"]
    passed = {each["path"]: {one["suppressed"] is not None for one in each["findings"]} for each in documents}
    assert passed == {"texts/0.txt": {False}, "texts/a.txt": {True}, "texts/b.txt": {True}, "texts/c.txt": {False}}


# ---- In every format's place


@pytest.fixture
def idle(accepted: Path) -> Path:
    """Return the folder with a stale acceptance, an idle allow, one that is over, and an idle ignore."""
    (accepted / "a.txt").write_text("会議です。 <!-- aiguard:ignore[phone-mobile] 公表済み -->\n", encoding="utf-8")
    (accepted.parent / "aiguard.toml").write_text(
        '[[allow]]\ntext = "090-9999-0000"\nreason = "もう使わない番号"\n'
        '[[allow]]\ntext = "090-9999-0001"\nreason = "去年の番号"\nexpires = 2020-01-01\n',
        encoding="utf-8",
    )
    return accepted


SAID = ("理由: もう使わない番号", "去年の番号", "もう当てはまりません", "aiguard:ignore")


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("form", ["json", "jsonl", "html", "markdown", "sarif"])
@pytest.mark.parametrize("state", [(), ("--state", "s.sqlite3")])
def test_a_report_says_what_has_nothing_left_to_do(call: Call, form: str, state: tuple[str, ...]) -> None:
    for _ in range(1 + bool(state)):
        told = scan(call, "--format", form, *state).stdout.replace("\\", "")
    assert [said for said in SAID if said not in told] == []


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("form", ["text", "markdown", "html", "jsonl"])
def test_a_saved_report_says_it_again(call: Call, form: str) -> None:
    for kept in ("json", "jsonl"):
        scan(call, "--format", kept, "-o", f"r.{kept}")
        told = call("report", f"r.{kept}", "--format", form).stdout.replace("\\", "").replace("\n    ", "")
        assert [said for said in SAID if said not in told] == []


def test_on_a_terminal_it_stands_once_and_in_a_file_too(idle: Path, call: Call) -> None:
    done = scan(call)
    assert "もう使わない番号" not in done.stdout
    assert done.stderr.count("もう使わない番号") == 1
    scan(call, "-o", "r.txt")
    assert "もう使わない番号" in (idle.parent / "r.txt").read_text(encoding="utf-8")
