"""Reports of trouble: what a clerk types is masked everywhere, and the chain with them holds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aiguard.errors import PackError
from aiguard.incident import FILE, load_template, template_of

CANARIES = ("山本花子", "090-1234-5678", "佐藤健太", "鈴木一郎")
PACK = Path(__file__).parent.parent / "patterns" / "nagareyama"
VALUES = {
    "when": "2025-04-01 10:30",
    "who": "広報課 佐藤健太",
    "ai": "ChatGPT",
    "entered": "山本花子さんの電話番号 090-1234-5678 を入力した",
    "spread": "公表していない",
    "measures": "履歴を削除した",
}


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aiguard", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def incident(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "incident", *args, "--store", "r.sqlite3")


def options(**changed: str) -> list[str]:
    return [part for name, value in {**VALUES, **changed}.items() for part in (f"--{name}", value)]


def assert_no_canary(folder: Path, *texts: str) -> None:
    held = b"".join(file.read_bytes() for file in folder.glob("r.*")) + "".join(texts).encode()
    assert not [value for value in CANARIES if value.encode() in held]


def test_a_report_is_masked_in_store_report_and_messages_and_the_chain_holds(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("氏名: 山本花子 電話 090-1234-5678\n", encoding="utf-8")
    checked = run(tmp_path, "check", "c.txt", "--format", "json")
    (tmp_path / "result.json").write_text(checked.stdout, encoding="utf-8")
    made = incident(tmp_path, "new", *options(), "--by", "鈴木一郎", "--result", "result.json", "-o", "報告.md")
    closed = incident(tmp_path, "close", "1", "--measures", "山本花子さんにおわびした", "--by", "鈴木一郎")
    shown = incident(tmp_path, "show", "1", "--format", "json")
    assert (made.returncode, closed.returncode, shown.returncode) == (0, 0, 0), made.stderr + closed.stderr
    report = (tmp_path / "報告.md").read_text(encoding="utf-8")
    value = json.loads(shown.stdout)
    assert value["state"] == "closed"
    assert set(value["fields"]) == set(VALUES)
    assert len(value["found"]) >= 2
    assert all(head in report for head in ("所属長", "情報政策部門", "日時", "利用者", "広がり", "とった措置"))
    exported = run(tmp_path, "record", "export", "-o", "e.jsonl", "--store", "r.sqlite3")
    texts = (tmp_path / "e.jsonl").read_text(encoding="utf-8")
    assert_no_canary(tmp_path, report, shown.stdout, texts, *(r.stdout + r.stderr for r in (made, closed, exported)))
    assert run(tmp_path, "record", "verify", "--store", "r.sqlite3").returncode == 0


def test_the_other_commands_of_records_do_not_trip_over_incidents(tmp_path: Path) -> None:
    incident(tmp_path, "new", *options())
    incident(tmp_path, "close", "1", "--measures", "済んだ")
    store = ("--store", "r.sqlite3")
    assert "1番" in run(tmp_path, "record", "search", "公表していない", *store).stdout
    assert "問題の報告" in run(tmp_path, "record", "list", *store).stdout
    assert run(tmp_path, "record", "purge", "--before", "2999-01-01", "--yes", *store).returncode == 0
    assert incident(tmp_path, "show", "1").returncode == 0  # a report is no chat: it is not purged
    assert run(tmp_path, "record", "verify", *store).returncode == 0


def test_all_missing_fields_are_named_at_once_and_nothing_is_recorded(tmp_path: Path) -> None:
    done = incident(tmp_path, "new", "--ai", "ChatGPT")
    assert done.returncode == 2
    assert all(f"--{name}" in done.stderr for name in VALUES if name != "ai")
    assert not (tmp_path / "r.sqlite3").exists()


@pytest.mark.parametrize("when", ["昨日", "2025-02-30", "2999-01-01 00:00"])
def test_a_time_that_cannot_be_is_refused(tmp_path: Path, when: str) -> None:
    done = incident(tmp_path, "new", *options(when=when))
    assert done.returncode == 2
    assert "--when" in done.stderr
    assert not (tmp_path / "r.sqlite3").exists()


def test_a_filled_form_is_reported_and_a_broken_one_is_refused_without_its_words(tmp_path: Path) -> None:
    assert run(tmp_path, "incident", "form", "-o", "f.toml").returncode == 0
    form = (tmp_path / "f.toml").read_text(encoding="utf-8")
    for name, value in VALUES.items():
        form = form.replace(f"{name} = ''''''", f"{name} = '''{value}'''")
    (tmp_path / "f.toml").write_text(form, encoding="utf-8")
    done = incident(tmp_path, "new", "--form", "f.toml")
    assert done.returncode == 0, done.stderr
    (tmp_path / "f.toml").write_text("who = 山本花子\n", encoding="utf-8")
    broken = incident(tmp_path, "new", "--form", "f.toml")
    assert broken.returncode == 2
    assert_no_canary(tmp_path, done.stdout, done.stderr, broken.stdout, broken.stderr)


def test_an_incident_is_closed_once(tmp_path: Path) -> None:
    incident(tmp_path, "new", *options())
    assert "対応中" in incident(tmp_path, "list").stdout
    assert incident(tmp_path, "close", "1", "--measures", "済んだ").returncode == 0
    assert "完了" in incident(tmp_path, "list").stdout
    assert incident(tmp_path, "close", "1", "--measures", "済んだ").returncode == 2
    assert incident(tmp_path, "close", "9", "--measures", "済んだ").returncode == 2


def test_another_city_has_its_own_form(tmp_path: Path) -> None:
    shutil.copytree(PACK.parent, tmp_path / "packs")
    file = tmp_path / "packs" / "nagareyama" / FILE
    file.write_text(file.read_text(encoding="utf-8").replace("情報政策部門", "デジタル推進室"), encoding="utf-8")
    done = incident(tmp_path, "new", *options(), "--pack", "packs/nagareyama")
    assert done.returncode == 0, done.stderr
    assert "デジタル推進室" in done.stdout
    assert "情報政策部門" not in done.stdout


def test_a_broken_template_names_file_and_key(tmp_path: Path) -> None:
    text = (PACK / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace('label = "日時"', "label = 1"), encoding="utf-8")
    with pytest.raises(PackError, match=r"incident\.toml:fields\[0\]\.label"):
        load_template(tmp_path)
    (tmp_path / FILE).write_text(text.replace('name = "spread"', 'name = "when"'), encoding="utf-8")
    with pytest.raises(PackError, match=r"incident\.toml:fields"):
        load_template(tmp_path)


def test_a_docx_opens_in_an_office_and_holds_every_field(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no office here")
    assert incident(tmp_path, "new", *options(), "--format", "docx").returncode == 2
    assert not (tmp_path / "r.sqlite3").exists()
    done = incident(tmp_path, "new", *options(), "--format", "docx", "-o", "r.docx")
    assert done.returncode == 0, done.stderr
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "r.docx"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=True)
    text = (tmp_path / "r.txt").read_text(encoding="utf-8-sig")
    assert all(field.label in text for field in load_template(PACK).fields)
    assert all(word in text for word in ("2025-04-01 10:30", "広報課", "ChatGPT", "公表していない", "履歴を削除した"))
    assert_no_canary(tmp_path, text)


def test_a_pack_that_extends_another_has_its_form_until_it_brings_its_own(tmp_path: Path) -> None:
    city = tmp_path / "city"
    city.mkdir()
    (city / "guideline.toml").write_text('extends = "nagareyama"\n', encoding="utf-8")
    assert template_of(city) == load_template(PACK)
    text = (PACK / FILE).read_text(encoding="utf-8").replace("情報政策部門", "デジタル推進室")
    (city / FILE).write_text(text, encoding="utf-8")
    assert template_of(city).recipients[-1] == "デジタル推進室"


def test_an_ai_that_is_suspended_with_the_report_blocks_the_next_check(tmp_path: Path) -> None:
    (tmp_path / "aiguard.toml").write_text('services = "services.toml"\n', encoding="utf-8")
    (tmp_path / "services.toml").write_text("# 組織の決定\n", encoding="utf-8")
    (tmp_path / "prompt.txt").write_text("公園の案内文を作ってください。\n", encoding="utf-8")
    assert run(tmp_path, "check", "--ai", "ChatGPT", "prompt.txt").returncode == 0
    why = ("--suspend", "--by", "情報政策課長", "--reason", "漏えいのおそれ（山本花子さんの件）")
    made = incident(tmp_path, "new", *options(), *why, "--format", "docx", "-o", "報告.docx")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "報告.docx").read_bytes()[:2] == b"PK"
    checked = run(tmp_path, "check", "--ai", "ChatGPT", "prompt.txt", "--format", "json")
    assert checked.returncode == 1
    assert [each["rule"] for each in json.loads(checked.stdout)["documents"][0]["findings"]] == ["service-suspended"]
    assert "漏えいのおそれ" in checked.stdout
    assert "山本花子" not in (tmp_path / "services.toml").read_text(encoding="utf-8") + checked.stdout


@pytest.mark.parametrize("options_", [(), ("--by", "課長"), ("--by", "課長", "--reason", "漏えい")])
def test_nothing_is_recorded_where_the_ai_cannot_be_suspended(tmp_path: Path, options_: tuple[str, ...]) -> None:
    done = incident(tmp_path, "new", *options(), "--suspend", *options_)
    assert done.returncode == 2
    assert not (tmp_path / "r.sqlite3").exists()


def test_stand_ins_of_a_closing_are_not_taken_for_those_of_the_report(tmp_path: Path) -> None:
    incident(tmp_path, "new", *options())
    incident(tmp_path, "close", "1", "--measures", "鈴木一郎さんに説明し、山本花子さんにおわびした")
    shown = json.loads(incident(tmp_path, "show", "1", "--format", "json").stdout)
    assert "〔氏名〕さんに説明し、〔氏名〕さんにおわびした" in json.dumps(shown, ensure_ascii=False)


def test_what_may_be_left_is_told_and_recorded_only_when_that_is_said(tmp_path: Path) -> None:
    left = options(
        who="教育委員会の職員", entered="市内の小学校で唯一の外国籍の男性教員が、うつ病で休んでいることを入力した"
    )
    refused = incident(tmp_path, "new", *left)
    assert (refused.returncode, (tmp_path / "r.sqlite3").exists()) == (1, False)
    assert "記録していません" in refused.stderr
    assert incident(tmp_path, "new", *left, "--yes").returncode == 0
