"""The AI that a prompt is meant for is judged by the register, which one command edits."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aiguard import pack as packs
from aiguard.errors import ConfigError
from aiguard.services import judge, register

ROOT = Path(__file__).parent.parent
MARKED = "次の資料を要約してください。\n\n【機密性2】\n来年の研修の進め方を庁内で検討している資料です。\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "aiguard.toml").write_text('services = "services.toml"\n', encoding="utf-8")
    (tmp_path / "services.toml").write_text("# 担当の覚え書き\n", encoding="utf-8")
    (tmp_path / "p.txt").write_text("春祭りのあいさつ文を作ってください。\n", encoding="utf-8")
    return tmp_path


def run(desk: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "aiguard", *words]
    return subprocess.run(command, cwd=desk, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def rules(result: subprocess.CompletedProcess[str]) -> dict[str, str]:
    findings = json.loads(result.stdout)["documents"][0]["findings"]
    return {finding["rule"]: finding["severity"] for finding in findings}


def test_a_suspended_ai_blocks_with_day_and_reason_until_it_is_resumed(desk: Path) -> None:
    said = ("--by", "情報政策課長", "--reason", "規約の変更", "--date", "2026-04-01")
    assert run(desk, "services", "suspend", "チャットGPT", *said).returncode == 0
    result = run(desk, "check", "--ai", "ＣｈａｔＧＰＴ", "p.txt", "--format", "json")
    assert (result.returncode, rules(result)) == (1, {"service-suspended": "block"})
    assert "2026-04-01から" in result.stdout
    assert "規約の変更" in result.stdout
    assert run(desk, "services", "resume", "ChatGPT", "--by", "同", "--reason", "確認").returncode == 0
    assert run(desk, "check", "--ai", "ChatGPT", "p.txt").returncode == 0
    assert (desk / "services.toml").read_text(encoding="utf-8").startswith("# 担当の覚え書き\n")


def test_an_unlisted_ai_is_pointed_at_and_no_ai_says_nothing(desk: Path) -> None:
    result = run(desk, "check", "--ai", "そらAI", "p.txt", "--format", "json")
    assert (result.returncode, rules(result)) == (0, {"service-unlisted": "warn"})
    assert rules(run(desk, "check", "p.txt", "--format", "json")) == {}


def test_resuming_does_not_approve_what_was_never_approved(desk: Path) -> None:
    (desk / "services.toml").write_text('[[service]]\nname = "そらAI"\nstatus = "not-approved"\n', encoding="utf-8")
    assert run(desk, "services", "resume", "そらAI", "--by", "同", "--reason", "確認").returncode == 0
    result = run(desk, "check", "--ai", "そらAI", "p.txt", "--format", "json")
    assert (result.returncode, rules(result)) == (1, {"service-not-approved": "block"})


def test_only_the_organisation_opens_a_class_and_never_a_secret_one(desk: Path) -> None:
    (desk / "p.txt").write_text(MARKED, encoding="utf-8")
    closed = run(desk, "check", "--ai", "QommonsAI", "p.txt", "--format", "json")
    assert "block" in rules(closed).values()
    own = '[[service]]\nname = "QommonsAI"\nclasses = ["confidential-2"]\n'
    (desk / "services.toml").write_text(own, encoding="utf-8")
    opened = run(desk, "check", "--ai", "QommonsAI", "p.txt", "--format", "json")
    assert set(rules(opened).values()) == {"note"}
    both = run(desk, "check", "--ai", "QommonsAI", "--ai", "ChatGPT", "p.txt", "--format", "json")
    assert "block" in rules(both).values()
    for name in ("personal", "confidential-3"):
        (desk / "services.toml").write_text(own.replace("confidential-2", name), encoding="utf-8")
        refused = run(desk, "check", "--ai", "QommonsAI", "p.txt")
        assert (refused.returncode, name in refused.stderr) == (2, True)


def test_a_register_that_cannot_be_read_stops_the_check(desk: Path) -> None:
    (desk / "services.toml").unlink()
    assert run(desk, "check", "--ai", "ChatGPT", "p.txt").returncode == 2
    (desk / "services.toml").write_text("[[service", encoding="utf-8")
    assert run(desk, "check", "--ai", "ChatGPT", "p.txt").returncode == 2


def test_a_decision_needs_a_listed_ai_and_leaves_the_file_as_it_was_otherwise(desk: Path) -> None:
    before = (desk / "services.toml").read_bytes()
    assert run(desk, "services", "suspend", "そらAI", "--by", "同", "--reason", "確認").returncode == 2
    assert (desk / "services.toml").read_bytes() == before
    assert sorted(each.name for each in desk.iterdir()) == ["aiguard.toml", "p.txt", "services.toml"]


def test_outside_its_days_an_ai_is_not_approved(desk: Path) -> None:
    own = desk / "services.toml"
    own.write_text('[[service]]\nname = "ChatGPT"\nvalid_until = 2026-03-31\n', encoding="utf-8")
    known = register(packs.load(packs.find(None)), str(own))
    assert judge(known, "ChatGPT", dt.date(2026, 3, 31)).status == "approved"
    assert judge(known, "ChatGPT", dt.date(2026, 4, 1)).status == "not-approved"


def test_two_entries_of_one_name_are_refused(desk: Path) -> None:
    own = desk / "services.toml"
    own.write_text('[[service]]\nname = "A"\n[[service]]\nname = "ａ"\n', encoding="utf-8")
    with pytest.raises(ConfigError):
        register(packs.load(packs.find(None)), str(own))


def test_every_section_names_a_command_and_every_note_can_be_looked_up(desk: Path) -> None:
    sections = packs.load(packs.find(None)).guideline.section
    assert [section.id for section in sections if not section.command] == []
    for words in (["注3"], ["--search", "機密性"], ["--search", "未検査"]):
        assert run(desk, "guideline", *words).returncode == 0
    assert run(desk, "guideline", "--search", "ありえない語").returncode == 2


@pytest.mark.parametrize("mark", ["機密性3", "機密性３", "極秘", "社外秘", "庁内限り"])
def test_what_is_opened_opens_nothing_above_or_beside_it(desk: Path, mark: str) -> None:
    (desk / "p.txt").write_text(MARKED.replace("機密性2", mark), encoding="utf-8")
    own = '[[service]]\nname = "QommonsAI"\nclasses = ["confidential", "confidential-2"]\n'
    (desk / "services.toml").write_text(own, encoding="utf-8")
    assert run(desk, "check", "--ai", "QommonsAI", "p.txt").returncode == 1


def test_sections_on_the_ai_itself_are_left_to_people_until_one_is_named(desk: Path) -> None:
    def coverage(*options: str) -> dict[str, str]:
        report = json.loads(run(desk, "check", "p.txt", "--format", "json", *options).stdout)
        return {each["section"]: each["coverage"] for each in report["not_checked"]}

    asked, unasked = coverage("--ai", "ChatGPT"), coverage()
    assert [asked[each] for each in ("2", "6(1)", "9")] == ["partial"] * 3
    assert [unasked[each] for each in ("2", "6(1)", "9")] == ["human"] * 3


def test_the_use_of_a_prompt_is_shown_where_people_read(desk: Path) -> None:
    for form in ("text", "markdown", "html"):
        for order in ("place", "section"):
            shown = run(desk, "check", "p.txt", "--format", form, "--by", order).stdout
            assert "用途" in shown
            assert "あいさつ文" in shown


def test_the_next_edition_of_a_pack_has_the_register_and_the_list_of_the_one_before(desk: Path) -> None:
    assert run(desk, "pack", "new", "次の版", "--from", "nagareyama").returncode == 0
    assert "ChatGPT" in run(desk, "services", "list", "--pack", "./次の版").stdout
    assert run(desk, "checklist", "build", "--pack", "./次の版").returncode == 0
    assert run(desk, "check", "--ai", "ChatGPT", "--pack", "./次の版", "p.txt").returncode == 0


def test_a_new_pack_of_another_city_judges_an_ai_by_its_own_section(desk: Path) -> None:
    assert run(desk, "pack", "new", "架空市").returncode == 0
    result = run(desk, "check", "--ai", "そらAI", "--pack", "./架空市", "p.txt", "--format", "json")
    assert (result.returncode, rules(result)) == (0, {"service-unlisted": "warn"})
    assert json.loads(result.stdout)["documents"][0]["findings"][0]["sections"] == ["1"]


def test_an_own_entry_keeps_the_other_ways_to_write_the_name(desk: Path) -> None:
    (desk / "services.toml").write_text('[[service]]\nname = "ChatGPT"\nstatus = "not-approved"\n', encoding="utf-8")
    for name in ("チャットGPT", "chat gpt", "チャットジーピーティー"):
        result = run(desk, "check", "--ai", name, "p.txt", "--format", "json")
        assert rules(result) == {"service-not-approved": "block"}
    assert "OpenAI" in run(desk, "services", "show", "チャットGPT").stdout
    assert run(desk, "check", "--ai", "ロゴAI", "p.txt").returncode == 0
