"""What of an incident is kept: whole entries whoever is killed, one closing, masked words, all formats or a clear word."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import jsonschema
import pytest

from aiguard.errors import UsageError
from aiguard.model.incidents import Closing, Incident
from aiguard.store import incidents
from aiguard.store.verification import verify

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = json.loads((Path(__file__).parent / "incident.schema.json").read_text(encoding="utf-8"))
VALUES = {
    "when": "2025-04-01 10:30",
    "who": "高齢者支援課 渡辺誠",
    "ai": "ChatGPT",
    "entered": "山本花子さんの電話番号 090-1234-5678 を入力した",
    "spread": "公表していない",
    "measures": "履歴を削除した",
}


def options(changed: Mapping[str, str] = {}) -> list[str]:
    return [part for name, value in {**VALUES, **changed}.items() for part in (f"--{name}", value)]


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "aiguard", *args]


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*args), cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False
    )


def incident(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "incident", *args, "--store", "r.sqlite3")


def shown(folder: Path, number: int = 1) -> dict[str, object]:
    value = json.loads(incident(folder, "show", str(number), "--format", "json").stdout)
    jsonschema.validate(value, SCHEMA)
    assert isinstance(value, dict)
    return value


def register_of(folder: Path) -> None:
    (folder / "aiguard.toml").write_text('services = "services.toml"\n', encoding="utf-8")
    (folder / "services.toml").write_text("# 組織の決定\n", encoding="utf-8")


def test_all_formats_are_written_at_once_and_tell_of_the_suspension_whose_reason_is_masked(tmp_path: Path) -> None:
    register_of(tmp_path)
    why = ("--suspend", "--by", "情報政策課長", "--reason", "山本花子さんの電話番号 090-1234-5678 が入ったため")
    made = incident(tmp_path, "new", *options(), *why, "--format", "all", "-o", "報告")
    assert made.returncode == 0, made.stderr
    markdown = (tmp_path / "報告.md").read_text(encoding="utf-8")
    value = json.loads((tmp_path / "報告.json").read_text(encoding="utf-8"))
    with ZipFile(tmp_path / "報告.docx") as package:
        word = package.read("word/document.xml").decode()
    register = (tmp_path / "services.toml").read_text(encoding="utf-8")
    assert value == shown(tmp_path)
    assert value["by"] == "情報政策課長"
    assert all("利用の停止" in text and "が入ったため" in text for text in (markdown, word))
    for text in (markdown, word, json.dumps(value, ensure_ascii=False), register, made.stderr):
        assert not [each for each in ("山本", "花子", "090-1234", "渡辺") if each in text]
    assert "〔氏名〕さん" in register


def test_a_name_in_the_register_of_ais_has_to_be_asked_for(tmp_path: Path) -> None:
    register_of(tmp_path)
    why = ("--suspend", "--by", "情報政策課 鈴木一郎", "--reason", "漏えいのおそれ")
    refused = incident(tmp_path, "new", *options(), *why)
    assert (refused.returncode, "--keep-staff" in refused.stderr, "鈴木" in refused.stderr) == (2, True, False)
    assert (tmp_path / "services.toml").read_text(encoding="utf-8") == "# 組織の決定\n"
    assert not (tmp_path / "r.sqlite3").exists()
    kept = incident(tmp_path, "new", *options(), *why, "--keep-staff")
    assert kept.returncode == 0, kept.stderr
    assert "鈴木一郎" in (tmp_path / "services.toml").read_text(encoding="utf-8")


def test_names_of_staff_stay_on_request_and_those_concerned_never(tmp_path: Path) -> None:
    changed = {"who": "高齢者支援課 渡辺誠（080-2345-6789）", "measures": "渡辺誠が山本花子さんにおわびした"}
    incident(tmp_path, "new", *options(changed), "--by", "鈴木一郎", "--keep-staff")
    value = shown(tmp_path)
    fields = value["fields"]
    assert isinstance(fields, dict)
    assert value["by"] == "鈴木一郎"
    assert "渡辺誠" in fields["who"]
    told = json.dumps(value, ensure_ascii=False)
    assert not [each for each in ("山本", "花子", "080-2345", "渡辺誠が") if each in told]


def test_the_suffix_of_the_file_says_the_format(tmp_path: Path) -> None:
    assert incident(tmp_path, "new", *options(), "-o", "r.docx").returncode == 0
    assert (tmp_path / "r.docx").read_bytes()[:2] == b"PK"
    assert incident(tmp_path, "show", "1", "-o", "r.json").returncode == 0
    jsonschema.validate(json.loads((tmp_path / "r.json").read_text(encoding="utf-8")), SCHEMA)
    assert incident(tmp_path, "show", "1", "--format", "all").returncode == 2


def test_nothing_is_recorded_where_the_report_cannot_be_written_or_would_replace_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "ordner.md").mkdir()
    assert run(tmp_path, "incident", "form", "-o", "f.md").returncode == 0
    for output in ("ない/報告.md", "ordner.md", "f.md"):
        done = incident(tmp_path, "new", *options(), "--form", "f.md", "-o", output)
        assert done.returncode == 2
    assert not (tmp_path / "r.sqlite3").exists()


def test_a_report_that_could_not_be_written_after_all_is_not_recorded_twice(tmp_path: Path) -> None:
    code = (
        "import sys; from aiguard.store import atomic; from aiguard.errors import UsageError\n"
        "def fail(*_): raise UsageError('書けません: r.md')\n"
        "atomic.write_all = fail\n"
        "from aiguard.__main__ import main; main()\n"
    )
    words = ["incident", "new", *options(), "--store", "r.sqlite3", "-o", "r.md"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "1番として記録しました" in done.stderr
    assert "incident show 1" in done.stderr
    assert incident(tmp_path, "show", "1", "-o", "r.md").returncode == 0


def test_a_saved_result_that_was_edited_by_hand_is_masked_again(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("氏名: 山本花子\n", encoding="utf-8")
    value = json.loads(run(tmp_path, "check", "c.txt", "--format", "json").stdout)
    finding = value["documents"][0]["findings"][0]
    finding["excerpt"] = "氏名: 山本花子 電話 090-1234-5678\n========== 佐藤健太さん"
    finding["title"] = "鈴木一郎さんの件"
    (tmp_path / "r.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    made = incident(tmp_path, "new", *options(), "--result", "r.json")
    assert made.returncode == 0, made.stderr
    found = shown(tmp_path)["found"]
    assert found
    held = b"".join(file.read_bytes() for file in tmp_path.glob("r.*") if file.name != "r.json")
    for name in ("山本花子", "090-1234-5678", "佐藤健太", "鈴木一郎"):
        assert name not in json.dumps(found, ensure_ascii=False) + made.stdout + made.stderr
        assert name.encode() not in held


def test_a_stand_in_of_the_report_may_be_quoted_where_it_is_closed_and_others_have_no_number(tmp_path: Path) -> None:
    report = incident(tmp_path, "new", *options()).stdout
    assert "〔氏名2〕さんの電話番号" in report
    incident(tmp_path, "close", "1", "--measures", "〔氏名2〕さんと鈴木一郎さんに説明した。〔氏名9〕さんは不在")
    told = json.dumps(shown(tmp_path)["closings"], ensure_ascii=False)
    assert "〔氏名2〕さんと〔氏名〕さんに説明した" in told
    assert "氏名9" not in told


def test_a_mail_pasted_into_a_report_is_masked_to_its_own_addresses_and_makes_no_headings(tmp_path: Path) -> None:
    mail = """次のメールを貼りつけた。
---
From: 小林 美咲 <m-kobayashi@city.kakuu.lg.jp>
件名: 高橋トメ様の区分変更について
1. 高橋トメ様（要介護4）の娘の高橋由美子様（電話 03-5555-0123）に連絡する。
==="""
    made = incident(tmp_path, "new", *options({"entered": mail}))
    assert made.returncode == 0, made.stderr
    for each in ("小林", "美咲", "kobayashi", "高橋", "トメ", "由美子", "5555", "要介護4"):
        assert each not in made.stdout
    lines = [line.rstrip() for line in made.stdout.splitlines() if line.startswith("> ")]
    assert "> \\---" in lines
    assert "> \\===" in lines
    assert any(line.startswith("> 1\\.") for line in lines)
    assert all(line.endswith("  ") for line in made.stdout.splitlines() if line.startswith(("> 次の", "> From")))


def test_what_may_be_left_in_a_closing_is_told_before_it_is_recorded(tmp_path: Path) -> None:
    incident(tmp_path, "new", *options())
    left = ("--measures", "市内の小学校で唯一の外国籍の男性教員が、うつ病で休んでいることを校長に説明した")
    assert incident(tmp_path, "close", "1", *left).returncode == 1
    assert shown(tmp_path)["state"] == "open"
    assert incident(tmp_path, "close", "1", *left, "--yes").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(("answer", "kept"), [(b"n\n", False), (b"y\n", True)])
def test_at_a_terminal_the_masked_report_is_shown_and_asked_about(tmp_path: Path, answer: bytes, kept: bool) -> None:  # noqa: FBT001 - a table
    import os
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("incident", "new", *options(), "--store", "r.sqlite3"),
        cwd=tmp_path, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.write(ours, answer)
    _, told = process.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    assert "〔氏名2〕さんの電話番号" in told.decode()
    assert "このまま記録しますか" in told.decode()
    assert "山本花子" not in told.decode()
    assert (process.returncode, (tmp_path / "r.sqlite3").exists()) == ((0, True) if kept else (1, False))


def test_of_many_who_close_one_incident_at_the_same_moment_one_does(tmp_path: Path) -> None:
    incident(tmp_path, "new", *options())
    closing = command("incident", "close", "1", "--measures", "済んだ", "--store", "r.sqlite3")
    running = [
        subprocess.Popen(
            closing, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in running:
        process.communicate(timeout=120)
    assert sorted(process.returncode for process in running) == [0, 2, 2]
    closings = shown(tmp_path)["closings"]
    assert isinstance(closings, list)
    assert len(closings) == 1


def test_a_closing_that_came_between_is_seen_inside_the_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "r.sqlite3"
    incidents.add_incident(store, Incident({"ai": "ChatGPT"}), "ChatGPT", None)
    incidents.close_incident(store, Closing(1, "済んだ"), None)
    seen = incidents.case(store, 1)
    monkeypatch.setattr(incidents, "case", lambda *_: seen._replace(closings=()))
    with pytest.raises(UsageError):
        incidents.close_incident(store, Closing(1, "済んだ"), None)
    assert verify(store).head.count == 2


CODE = """
import os, signal, sys
def stop(*_):
    os.kill(os.getpid(), signal.SIGKILL)
{where} = stop
from aiguard.__main__ import main
main()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes in another way")
@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("from aiguard.store import records; records.folded", 1),
        ("from aiguard.store import records; records._copy_head", 2),
        ("from aiguard.cli import incident_new; incident_new.write_report", 2),
    ],
)
def test_a_kill_loses_nothing_that_was_confirmed_and_half_keeps_nothing(tmp_path: Path, where: str, count: int) -> None:
    first = incident(tmp_path, "new", *options())
    assert "記録の番号: 1" in first.stdout
    words = ["incident", "new", *options(), "--store", "r.sqlite3"]
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(where=where), *words],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"")
    verdict = verify(tmp_path / "r.sqlite3")
    assert (verdict.problems, verdict.head.count) == ((), count)
    assert [each.number for each in incidents.cases(tmp_path / "r.sqlite3")] == [*range(1, count + 1)]
    assert "記録の番号: 1" in incident(tmp_path, "show", "1").stdout
