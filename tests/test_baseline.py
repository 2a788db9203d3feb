"""What was accepted passes, with its reason; all else is new, and nothing that was accepted tells a value."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import pytest

from aiguard.detectors.checks import my_number
from aiguard.store.baseline import read

Call: TypeAlias = Callable[..., CompletedProcess[str]]

NUMBER = next(f"70518293641{digit}" for digit in "0123456789" if my_number(f"70518293641{digit}"))
OTHER = next(f"81629304752{digit}" for digit in "0123456789" if my_number(f"81629304752{digit}"))
PHONE, NAME = "090-7361-8245", "早乙女 詩織"
CANARIES = ("早乙女", "詩織", "7361", "8245", NUMBER[:6], NUMBER[6:])
FILE = "aiguard-baseline.toml"
PROMPT = ("--use", "prompt")


@pytest.fixture
def texts(desk: Path) -> Path:
    """Return a folder with a text that holds three values at block, and one with a word at warn."""
    folder = desk / "texts"
    folder.mkdir()
    write(folder, f"担当は{NAME}さん（{PHONE}）です。\n個人番号は{NUMBER}です。\n")
    (folder / "draft.txt").write_text("この内容は検討中です。要約してください。\n", encoding="utf-8")
    return folder


def write(folder: Path, text: str, name: str = "mail.txt") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def create(call: Call, *arguments: object) -> CompletedProcess[str]:
    return call("baseline", "create", "texts", *PROMPT, "--reason", "公表済みのため", "--accept-block", *arguments)


def checked(call: Call, *arguments: object) -> list[dict[str, Any]]:
    done = call("check", "texts", "--baseline", FILE, "--format", "json", *arguments)
    assert done.returncode in {0, 1}, done.stderr
    documents = json.loads(done.stdout)["documents"]
    return [finding for document in documents for finding in document["findings"]]


def new(findings: list[dict[str, Any]]) -> list[str]:
    return sorted(one["rule"] for one in findings if one["suppressed"] is None and one["severity"] != "note")


def test_what_was_accepted_passes_with_its_reason_and_stays_in_the_report(call: Call, texts: Path) -> None:
    assert call("check", "texts").returncode == 1
    assert create(call).returncode == 0
    findings = checked(call)
    assert new(findings) == []
    assert {"by": "baseline", "reason": "公表済みのため"} in [one["suppressed"] for one in findings]
    assert call("check", texts, "--baseline", FILE).returncode == 0
    assert "公表済みのため" in call("check", "texts", "--baseline", FILE).stdout


def test_what_is_new_fails(call: Call, texts: Path) -> None:
    create(call)
    write(texts, f"担当は{NAME}さん（{PHONE}）です。\n個人番号は{NUMBER}です。\n個人番号は{OTHER}です。\n")
    assert call("check", "texts", "--baseline", FILE).returncode == 1
    assert new(checked(call)) == ["my-number"]


def test_a_new_value_on_an_accepted_line_is_new(call: Call, texts: Path) -> None:
    create(call)
    write(texts, f"担当は{NAME}さん（{PHONE}）です。\n個人番号は{NUMBER}、個人番号は{OTHER}です。\n")
    assert new(checked(call)) == ["my-number"]


@pytest.mark.parametrize(
    "text",
    [
        f"一行\n\n二行\n個人番号は{NUMBER}です。\n担当は{NAME}さん（{PHONE}）です。\n",
        f"担当は{NAME}さん\n（０９０ー７３６１\nー８２４５）です。\n個人番号は{NUMBER[:4]} {NUMBER[4:8]} {NUMBER[8:]}です。\n",
        f"担当は{NAME.replace(' ', '　')}さん（{PHONE}）です。個人番号は{NUMBER}です。個人番号は{NUMBER}です。\n",
    ],
    ids=["other lines", "written otherwise", "twice"],
)
def test_a_value_is_the_same_wherever_and_however_it_is_written(call: Call, texts: Path, text: str) -> None:
    create(call)
    write(texts, text)
    assert new(checked(call)) == []


def test_the_same_value_in_another_file_is_new(call: Call, texts: Path) -> None:
    create(call)
    shutil.copy(texts / "mail.txt", texts / "copy.txt")
    assert len(new(checked(call))) == 3


def test_a_value_is_new_to_another_rule_and_at_a_worse_severity(call: Call, texts: Path) -> None:
    write(texts, f"{NUMBER}を確認してください。\n")
    assert call("baseline", "create", "texts", *PROMPT, "--reason", "番号ではない").returncode == 0
    assert new(checked(call)) == []
    write(texts, f"個人番号は{NUMBER}です。\n")
    assert new(checked(call)) == ["my-number"]


def test_block_is_accepted_only_when_that_is_said(call: Call, texts: Path) -> None:
    done = call("baseline", "create", texts, *PROMPT, "--reason", "公表済みのため")
    assert done.returncode == 1
    assert "禁止の指摘3件は受け入れていません" in done.stderr
    entries = read(Path(FILE)).accepted
    assert {entry.severity.value for entry in entries} <= {"warn"}
    assert new(checked(call)) == ["my-number", "person-name", "phone-mobile"]


def test_paths_count_from_the_folder_of_the_baseline(call: Call, texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create(call)
    assert call("check", texts.resolve(), "--baseline", FILE).returncode == 0
    monkeypatch.chdir(texts)
    assert call("check", "mail.txt", "--baseline", f"../{FILE}").returncode == 0
    shutil.copytree(texts.parent, texts.parent.parent / "elsewhere")
    monkeypatch.chdir(texts.parent.parent / "elsewhere")
    assert call("check", "texts", "--baseline", FILE).returncode == 0


# ---- What is written


def test_the_file_is_for_people_and_tells_no_value(call: Call, texts: Path, home: Path) -> None:
    create(call, "--by", "情報政策係", "--exclude", texts / "none.txt")
    written = Path(FILE).read_text(encoding="utf-8")
    assert not [canary for canary in CANARIES if canary in written]
    for words in ('path = "texts/mail.txt"', 'rule = "my-number"', 'by = "情報政策係"', 'severity = "block"'):
        assert words in written
    key = next(home.rglob("key.txt")).read_text(encoding="ascii").split()[-1]
    assert key not in written
    hashes = set(re.findall("[0-9a-f]{32,}", written))
    assert (
        not {
            digest(value.encode()).hexdigest()[:length]
            for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5)
            for value in (NUMBER, PHONE, NAME)
            for length in (32, 40, 64)
        }
        & hashes
    )


def test_no_line_or_column_is_kept(call: Call, texts: Path) -> None:
    create(call)
    before = Path(FILE).read_bytes()
    write(texts, "\n\n\n" + (texts / "mail.txt").read_text(encoding="utf-8"))
    assert call("baseline", "update", "texts", *PROMPT, "--accept-block").returncode == 0
    assert Path(FILE).read_bytes() == before


def test_a_path_that_holds_a_value_is_not_shown(call: Call, texts: Path) -> None:
    write(texts, f"個人番号は{NUMBER}です。\n", "早乙女詩織様からの相談.txt")
    create(call)
    written = Path(FILE).read_text(encoding="utf-8")
    assert "早乙女" not in written
    assert 'path = "●●●●.txt"' in written
    assert new(checked(call)) == []
    assert "早乙女" not in call("baseline", "show").stdout
    assert call("baseline", "update", "texts", *PROMPT, "--accept-block").returncode == 0


def test_what_is_allowed_or_public_already_is_not_accepted_again(call: Call, texts: Path) -> None:
    write(texts, f"個人番号は{NUMBER}です。\n")
    Path("aiguard.toml").write_text(f'[[allow]]\ntext = "{NUMBER}"\nreason = "見本"\n', encoding="utf-8")
    create(call)
    assert "my-number" not in {entry.rule for entry in read(Path(FILE)).accepted}


def test_no_report_shows_a_keyed_hash(call: Call, texts: Path) -> None:
    create(call)
    said = call("check", texts, "--baseline", FILE, "--format", "json").stdout
    assert '"key"' not in said
    assert not [key for entry in read(Path(FILE)).accepted for key in entry.keys if key in said]


# ---- What is refused


@pytest.mark.parametrize("command", ["create", "update"])
def test_an_incomplete_scan_writes_nothing(call: Call, texts: Path, command: str) -> None:
    if command == "update":
        create(call)
    before = Path(FILE).read_bytes() if command == "update" else None
    (texts / "old.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    done = call("baseline", command, "texts", *PROMPT, "--reason", "公表済みのため", "--accept-block")
    assert done.returncode == 3
    assert "old.doc" in done.stderr
    assert "書いていません" in done.stderr
    assert (Path(FILE).read_bytes() if Path(FILE).exists() else None) == before


@pytest.mark.parametrize("reason", [[], ["--reason", "  "]])
def test_a_reason_is_asked_for(call: Call, texts: Path, reason: list[str]) -> None:
    done = call("baseline", "create", texts, *reason)
    assert (done.returncode, Path(FILE).exists()) == (2, False)
    assert "--reason" in done.stderr


def test_a_baseline_is_never_made_over_a_file(call: Call, texts: Path) -> None:
    Path(FILE).write_text("大切な文章\n", encoding="utf-8")
    assert create(call).returncode == 2
    assert Path(FILE).read_text(encoding="utf-8") == "大切な文章\n"
    assert texts.exists()


def test_another_key_is_refused(call: Call, texts: Path, tmp_path: Path) -> None:
    create(call)
    other = tmp_path / "other.txt"
    other.write_text(f"aiguard key 1\n{'ab' * 32}\n", encoding="ascii")
    for command in (("check", texts, "--baseline", FILE), ("baseline", "update", texts), ("baseline", "show", texts)):
        done = call(*command, "--key", other)
        assert done.returncode == 2, command
        assert "鍵が違う" in done.stderr
        assert "ab" * 8 not in done.stderr


def test_a_missing_key_is_refused_and_none_is_made(call: Call, texts: Path, home: Path) -> None:
    create(call)
    next(home.rglob("key.txt")).unlink()
    done = call("check", texts, "--baseline", FILE)
    assert done.returncode == 2
    assert "鍵のファイルがありません" in done.stderr
    assert not list(home.rglob("key.txt"))


BROKEN = {
    "no TOML": "[[accepted\n",
    "a value of another type": 'schema = 1\nguideline = "nagareyama"\nkey-check = 3\n',
    "an unknown field": 'schema = 1\nguideline = "nagareyama"\nkey-check = "x"\n早乙女 = 1\n',
    "a later version": "schema = 2\n",
    "no baseline": 'title = "早乙女"\n',
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_baseline_is_refused_by_name(call: Call, texts: Path, broken: str) -> None:
    create(call)
    Path(FILE).write_text(BROKEN[broken], encoding="utf-8")
    for command in (("check", texts, "--baseline", FILE), ("baseline", "show"), ("baseline", "update", texts)):
        done = call(*command)
        assert done.returncode == 2, command
        assert FILE in done.stderr
        assert "早乙女" not in done.stderr
        assert "内部エラー" not in done.stderr


def test_a_missing_baseline_is_refused(call: Call, texts: Path) -> None:
    create(call)
    done = call("check", texts, "--baseline", "nothing.toml")
    assert done.returncode == 2
    assert "nothing.toml" in done.stderr


# ---- The key and git


def _git(folder: Path, *arguments: str) -> None:
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=environ)  # noqa: S607


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_key_that_git_tracks_is_refused(call: Call, texts: Path, desk: Path, tmp_path: Path) -> None:
    _git(desk, "init", "-q")
    done = create(call, "--key", desk / "key.txt")
    assert done.returncode == 0
    assert "作業フォルダーの中" in done.stderr
    _git(desk, "add", "-f", "key.txt")
    link = tmp_path / "link.txt"
    link.symlink_to(desk / "key.txt")
    for key in (desk / "key.txt", link):
        done = call("check", texts, "--baseline", FILE, "--key", key)
        assert done.returncode == 2
        assert "gitに登録されています" in done.stderr
    _git(desk, "rm", "-q", "--cached", "key.txt")
    assert call("check", texts, "--baseline", FILE, "--key", desk / "key.txt").returncode == 0


# ---- update and show


def test_update_drops_what_is_gone_and_adds_what_is_new(call: Call, texts: Path) -> None:
    create(call)
    write(texts, f"担当は{NAME}さん（{PHONE}）です。\n個人番号は{OTHER}です。\n")
    done = call("baseline", "update", "texts", *PROMPT, "--accept-block")
    assert done.returncode == 2
    assert "--reason" in done.stderr
    shown = call("baseline", "update", "texts", *PROMPT, "--accept-block", "--dry-run")
    assert shown.stdout.splitlines() == [
        "- texts/mail.txt  my-number  禁止 1件",
        "+ texts/mail.txt  my-number  禁止 1件",
    ]
    assert new(checked(call)) == ["my-number"]
    done = call("baseline", "update", "texts", *PROMPT, "--accept-block", "--reason", "二度目")
    assert (done.returncode, done.stdout) == (0, shown.stdout)
    assert new(checked(call)) == []
    assert {entry.reason for entry in read(Path(FILE)).accepted} == {"公表済みのため", "二度目"}
    again = Path(FILE).read_bytes()
    assert call("baseline", "update", "texts", *PROMPT, "--accept-block").returncode == 0
    assert Path(FILE).read_bytes() == again


def test_update_keeps_what_it_did_not_look_at(call: Call, texts: Path) -> None:
    write(texts, f"個人番号は{OTHER}です。\n", "second.txt")
    create(call)
    write(texts, "何もありません。\n")
    assert call("baseline", "update", "texts/mail.txt", *PROMPT).returncode == 0
    assert {entry.path for entry in read(Path(FILE)).accepted} >= {"texts/second.txt"}
    assert "texts/mail.txt" not in {entry.path for entry in read(Path(FILE)).accepted}
    (texts / "second.txt").unlink()
    assert call("baseline", "update", "texts/mail.txt", *PROMPT).returncode == 0
    assert "texts/second.txt" not in {entry.path for entry in read(Path(FILE)).accepted}


def test_show_counts_and_names_what_matches_nothing_any_more(call: Call, texts: Path) -> None:
    create(call)
    assert "texts/mail.txt  my-number  禁止 1件  公表済みのため" in call("baseline", "show").stdout
    assert "もう当てはまらないものはありません" in call("baseline", "show", "texts", *PROMPT).stdout
    write(texts, f"担当は{NAME}さん（{PHONE}）です。\n")
    told = call("baseline", "show", "texts", *PROMPT).stdout.partition("もう当てはまらないもの: ")[2]
    assert told.splitlines() == ["1文書の1件", "- texts/mail.txt  my-number  禁止 1件"]


def test_the_baseline_itself_is_not_among_what_is_checked(call: Call, texts: Path) -> None:
    create(call)
    done = call("check", ".", "--baseline", FILE, "--format", "json")
    assert {each["path"] for each in json.loads(done.stdout)["documents"]} == {
        f"texts/{file.name}" for file in texts.iterdir()
    }


def test_many_files_in_other_processes_accept_alike(call: Call, texts: Path) -> None:
    for number in range(30):
        write(texts, f"{number}件目。個人番号は{NUMBER}です。\n", f"{number}.txt")
    create(call, "--jobs", "2")
    assert new(checked(call, "--jobs", "2")) == []


def test_a_missing_statement_of_ai_use_can_be_accepted(call: Call, texts: Path) -> None:
    write(texts, "お知らせです。図書館の開館時間が変わります。\n")
    options = ("texts/mail.txt", "--ai", "ChatGPT")
    assert call("review", *options).returncode == 1
    done = call("baseline", "create", *options, "--use", "document", "--reason", "内部の試作のため", "--accept-block")
    assert done.returncode == 0
    assert call("review", *options, "--baseline", FILE).returncode == 0


# ---- Directives that come to nothing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("検討中の案です。公表前です aiguard:ignore[undecided-declared] 係の例文\n", None),
        ("よい天気です aiguard:ignore[my-number] 見本\n", "aiguard:ignore[my-number] に当たる指摘は、今はありません"),
        ("aiguard:ignore[早乙女] 見本\n", "規則の名前が違います"),
        (f"個人番号は{NUMBER}です aiguard:ignore[my-number] 急ぎ\n", "禁止の個人情報には効きません"),
        ("aiguard:ignore[attribution-missing] 試作\n", None),
    ],
)
def test_a_directive_that_comes_to_nothing_is_named(call: Call, desk: Path, text: str, said: str | None) -> None:
    write(desk, text, "a.txt")
    done = call("check", "a.txt", "--format", "json")
    notices = json.loads(done.stdout)["documents"][0]["facts"]["notices"]
    assert "早乙女" not in "".join(notices)
    assert len(notices) == bool(said)
    assert all(notice.startswith("1行目: ") and said in notice for notice in notices if said)


def test_a_directive_for_a_rule_that_is_switched_off_is_not_blamed(call: Call, desk: Path) -> None:
    write(desk, "よい天気です aiguard:ignore[my-number] 見本\n", "a.txt")
    done = call("check", "a.txt", "--format", "json", "--ignore", "my-number")
    assert json.loads(done.stdout)["documents"][0]["facts"]["notices"] == []


def test_what_was_entered_in_a_chat_is_accepted_like_the_rest(call: Call, texts: Path) -> None:
    turns = [
        {"role": "user", "content": f"個人番号は{NUMBER}です。"},
        {"role": "assistant", "content": f"{NAME}様（{PHONE}）"},
    ]
    write(texts, json.dumps({"messages": turns}, ensure_ascii=False) + "\n", "chat.jsonl")
    assert call("baseline", "create", "texts", "--reason", "公表済みのため", "--accept-block").returncode == 0
    assert call("scan", "texts", "--baseline", FILE, "--fail-on", "warn").returncode == 0
