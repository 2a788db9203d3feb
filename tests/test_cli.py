"""The commands do what they say: exit codes, options, configuration, saved results, and help in a mistake."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import jsonschema
import pytest

from aiguard.version import __version__

Call: TypeAlias = Callable[..., CompletedProcess[str]]

HERE = Path(__file__).parent
TINY = HERE / "tiny"
SCHEMA = json.loads((HERE / "report.schema.json").read_text(encoding="utf-8"))

TEXTS = {
    "pass.txt": "会議の案内を直して\n",
    "note.txt": "登録票の書き方を教えて\n",
    "warn.txt": "検討中の案を直して\n",
    "block.txt": "会員番号：A-123456\n庁内限り\n",
    "ok.txt": "案内です。\n【ChatGPT】により作成\n",
    "malformed.txt": "案内です。\n(ChatGPT)により作成\n",
    "trace.txt": "承知しました。以下に案を示します。\n案内です。\n",
}
BROKEN = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture(autouse=True)
def _texts(desk: Path) -> None:
    """Lay the texts on the desk, and a file that nobody can read as text."""
    for name, text in TEXTS.items():
        (desk / name).write_text(text, encoding="utf-8")
    (desk / "photo.txt").write_bytes(BROKEN)
    (desk / "empty").mkdir()


@pytest.fixture
def tiny(call: Call) -> Call:
    """Return a function that runs `check`, `review` or `report` with the small pack."""

    def run(command: str, *arguments: object, stdin: bytes = b"") -> CompletedProcess[str]:
        return call(command, "--pack", TINY, *arguments, stdin=stdin)

    return run


def document(done: CompletedProcess[str]) -> dict[str, Any]:
    """Return the only document of a JSON report, which holds to its schema."""
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    (only,) = report["documents"]
    return dict(only)


def rules(done: CompletedProcess[str]) -> list[str]:
    """Return the rules that found something in the only document of a JSON report, and count."""
    return [finding["rule"] for finding in document(done)["findings"] if finding["suppressed"] is None]


def mistake(done: CompletedProcess[str]) -> tuple[str, str]:
    """Return the two lines that a mistake prints: what is wrong, and the mend. Both are Japanese."""
    assert (done.returncode, done.stdout) == (2, "")
    problem, mend = done.stderr.splitlines()
    assert mend.startswith("aiguard: → ")
    for line in (problem, mend):
        assert line.startswith("aiguard: ")
        assert any("\u3040" <= character <= "\u9fff" for character in line)
        assert "Error" not in line
    return problem, mend


# ---- Exit codes


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("check pass.txt", 0),
        ("check note.txt", 0),
        ("check warn.txt", 0),
        ("check block.txt", 1),
        ("check pass.txt block.txt", 1),
        ("check warn.txt --fail-on warn", 1),
        ("check note.txt --fail-on note", 1),
        ("check note.txt --fail-on warn", 0),
        ("check warn.txt --fail-on warn --min-severity block", 1),
        ("check block.txt --min-severity block", 1),
        ("check block.txt --ignore 2", 0),
        ("check block.txt --select undecided-word", 0),
        ("review pass.txt", 0),
        ("review note.txt", 0),
        ("review warn.txt", 1),
        ("review warn.txt --fail-on block", 0),
        ("review ok.txt", 0),
        ("review malformed.txt", 1),
        ("review trace.txt", 1),
        ("check missing.txt", 3),
        ("check photo.txt", 3),
        ("check empty", 3),
        ("check *.none", 3),
        ("check .", 3),
        ("check block.txt photo.txt", 3),
        ("check missing.txt block.txt", 3),
        ("review photo.txt trace.txt", 3),
        ("check block.txt --nope", 2),
        ("check block.txt --format xml", 2),
        ("check block.txt --today tomorrow", 2),
        ("check block.txt --select no-such-rule", 2),
        ("check block.txt --config missing.toml", 2),
        ("check photo.txt --pack nowhere", 2),
        ("check missing.txt -o no/such/folder.json", 2),
        ("review ok.txt --no-ai --ai ChatGPT", 2),
        ("check --files-from missing.txt", 2),
    ],
)
def test_exit_code(tiny: Call, line: str, code: int) -> None:
    command, *arguments = line.split()
    assert tiny(command, *arguments).returncode == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("--version", 0),
        ("--help", 0),
        ("check --help", 0),
        ("guideline", 0),
        ("rule", 0),
        ("config", 0),
        ("doctor", 0),
        ("", 2),
        ("pack", 2),
        ("nope", 2),
        ("report", 2),
        ("report block.txt", 2),
        ("eval missing.jsonl", 2),
        ("rule no-such-rule", 2),
        ("guideline 99", 2),
        ("config a b", 2),
    ],
)
def test_exit_code_of_the_other_commands(call: Call, line: str, code: int) -> None:
    assert call(*line.split()).returncode == code


# ---- Wrong usage


@pytest.mark.parametrize(
    ("line", "problem", "mend"),
    [
        ("nope", "コマンドはありません", "check、review"),
        ("check block.txt --selct a", "--selct", "--select"),
        ("check block.txt --zzz", "--zzz", "check --help"),
        ("check block.txt --format xml", "--format", "text、concise、json、jsonl、csv"),
        ("check block.txt --fail-on", "--fail-on", "--help"),
        ("check block.txt --fail-on red", "--fail-on", "note、warn、block"),
        ("report", "RESULT...", "report --help"),
        ("config a b", "指定", "config --help"),
        ("check --files-from missing.txt", "missing.txt", "1行に1つ"),
        ("check --files-from photo.txt", "photo.txt", "1行に1つ"),
        ("check block.txt --today 2026-13-01", "--today", "2026-04-01"),
        ("check block.txt --select zzzzz", "zzzzz", "aiguard guideline"),
        ("check block.txt --select my-numbr", "my-numbr", "my-number"),
        ("check block.txt -o no/such/folder.json", "no/such/folder.json", "フォルダー"),
        ("check block.txt -o empty", "empty", "フォルダー"),
        ("check block.txt --config missing.toml", "missing.toml", "場所"),
        ("check block.txt --pack nowhere", "nowhere", "guideline.toml"),
        ("review ok.txt --no-ai --ai-used", "--no-ai", "どちらか"),
        ("rule my-numbr", "my-numbr", "my-number"),
        ("guideline 99", "99", "aiguard guideline"),
        ("report block.txt", "block.txt", "--format json"),
        ("eval missing.jsonl", "missing.jsonl", "JSON"),
    ],
)
def test_a_mistake_is_told_in_japanese_with_a_mend(call: Call, line: str, problem: str, mend: str) -> None:
    told, way_out = mistake(call(*line.split()))
    assert problem in told
    assert mend in way_out


@pytest.mark.parametrize("line", ["", "pack"])
def test_a_command_without_its_part_shows_the_help(call: Call, line: str) -> None:
    done = call(*line.split())
    assert done.returncode == 2
    assert "Usage: " in done.stderr
    assert "内部エラー" not in done.stderr


def test_a_value_that_is_refused_is_not_repeated(call: Call) -> None:
    done = call("check", "--format", "早乙女詩織", "block.txt")
    assert "早乙女" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('needs = ["label"]', 'needs = ["label"]\nnede = 1', "rules/tiny.toml:member-number:tier"),
        (r"'A-\d{6}'", "'A-('", "rules/tiny.toml:member-number:pattern"),
        ('id = "internal-word"', 'id = "member-number"', "rules/tiny.toml:member-number:id"),
        ('prompt = ["2(1)"]', 'prompt = ["9"]', "rules/tiny.toml:member-number:sections"),
        ('no_match = ["品番はB-123456です"]', "no_match = []", "rules/tiny.toml:member-number:examples"),
        ("[[rule]]", "[[rule", "rules/tiny.toml"),
    ],
)
def test_a_broken_pack_is_refused_before_any_input_is_read(
    call: Call, desk: Path, old: str, new: str, place: str
) -> None:
    broken = _copy(TINY, desk / "broken")
    file = broken / "rules" / "tiny.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    for done in (call("check", "--pack", broken, "missing.txt"), call("pack", "test", broken)):
        assert (done.returncode, done.stdout) == (2, "")
        assert place.rpartition("/")[2].split(":")[0] in done.stderr
        assert all(part in done.stderr for part in place.split(":")[1:])


def _copy(folder: Path, to: Path) -> Path:
    """Copy a folder of text files."""
    for file in folder.rglob("*.toml"):
        copy = to / file.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    return to


# ---- Output


def test_json_holds_to_its_schema_and_counts_every_finding(tiny: Call) -> None:
    done = tiny("check", "block.txt", "pass.txt", "missing.txt", "--format", "json")
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    assert [each["verdict"] for each in report["documents"]] == ["block", "pass", "unchecked"]
    assert report["summary"] == {
        "documents": 3, "block": 1, "warn": 0, "pass": 1, "unchecked": 1, "findings": 2,
    }  # fmt: skip
    assert [gap["section"] for gap in report["not_checked"]] == ["2(2)", "3"]


def test_json_lines_begin_with_a_header_and_end_with_a_summary(tiny: Call) -> None:
    lines = [
        json.loads(line) for line in tiny("check", "block.txt", "pass.txt", "--format", "jsonl").stdout.splitlines()
    ]
    assert [line["type"] for line in lines] == ["header", "document", "document", "summary"]
    assert [line["path"] for line in lines[1:3]] == ["block.txt", "pass.txt"]


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_an_output_file_holds_what_would_be_printed(tiny: Call, desk: Path, form: str) -> None:
    printed = tiny("check", "block.txt", "--format", form)
    saved = tiny("check", "block.txt", "--format", form, "-o", "out")
    assert (saved.returncode, saved.stdout, saved.stderr) == (printed.returncode, "", "")
    assert (desk / "out").read_text(encoding="utf-8") == printed.stdout


def test_a_finding_is_masked_and_explained(tiny: Call) -> None:
    said = tiny("check", "block.txt").stdout
    assert said.startswith("■ 入力できません  block.txt")
    for words in ("block.txt:1:6", "2(1) 個人情報", "会員番号は、一人を特定できる番号です。", "《庁内限り》"):
        assert words in said
    assert "123456" not in said


def test_by_section_follows_the_guideline(tiny: Call) -> None:
    said = tiny("check", "block.txt", "--by", "section").stdout
    places = [said.index(title) for title in ("2(1)  個人情報", "2(2)  庁内の資料", "3  事実の確認")]
    assert places == sorted(places)


def test_a_section_that_only_explains_is_not_called_free_of_findings(tiny: Call) -> None:
    said = tiny("check", "pass.txt", "--by", "section").stdout
    assert "見つかったものがない規定\n  2(1)、4\n" in said
    assert "目的" not in said


def test_notes_are_counted_on_a_terminal_and_listed_in_json(tiny: Call) -> None:
    assert "参考 1件" in tiny("check", "note.txt").stdout
    assert rules(tiny("check", "note.txt", "--format", "json")) == ["number-word"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", ["member-number", "internal-word"]),
        ("--select 2(1)", ["member-number"]),
        ("--select 2-1", ["member-number"]),
        ("--select MEMBER_NUMBER,internal-word", ["member-number", "internal-word"]),
        ("--select internal-word", ["internal-word"]),
        ("--ignore 2(1)", ["internal-word"]),
        ("--ignore member-number --ignore internal-word", []),
        ("--select 2 --ignore internal-word", ["member-number"]),
        ("--min-severity block", ["member-number", "internal-word"]),
    ],
)
def test_rules_are_chosen_by_name_entity_and_section(tiny: Call, options: str, found: list[str]) -> None:
    assert rules(tiny("check", "block.txt", "--format", "json", *options.split())) == found


def test_a_severity_filters_the_output_but_not_the_verdict(tiny: Call) -> None:
    done = tiny("check", "warn.txt", "--min-severity", "block", "--format", "json")
    assert document(done)["findings"] == []
    assert document(done)["verdict"] == "warn"


def test_what_is_excluded_is_not_read(tiny: Call) -> None:
    done = tiny("check", ".", "--exclude", "*.txt", "--exclude", "empty", "--format", "json")
    assert document(done)["path"] == "."
    names = tiny("check", ".", "--exclude", "b*.txt", "--exclude", "photo.txt", "--format", "json").stdout
    assert "warn.txt" in names
    assert "block.txt" not in names
    assert "photo.txt" not in names


# ---- Configuration and exceptions


def test_an_allowed_text_does_not_count_and_is_listed_with_its_reason(tiny: Call, desk: Path) -> None:
    number = '[[allow]]\ntext = "A-123456"\nreason = "見本の番号"\n'
    word = '[[allow]]\nrule = "internal-word"\nreason = "公表済み"\n'
    _configure(desk, number + word)
    done = tiny("check", "block.txt")
    assert done.returncode == 0
    assert "指摘から外したもの（2件）" in done.stdout
    assert "許可リスト：見本の番号" in done.stdout
    assert "許可リスト：公表済み" in done.stdout


@pytest.mark.parametrize(("today", "code"), [("2026-03-31", 0), ("2026-04-01", 1)])
def test_an_allow_ends_after_its_last_day(tiny: Call, desk: Path, today: str, code: int) -> None:
    _configure(desk, '[[allow]]\nrule = "internal-word"\nreason = "年度内"\nexpires = 2026-03-31\n')
    done = tiny("check", "block.txt", "--select", "internal-word", "--today", today)
    assert done.returncode == code
    assert ("期限が切れています" in done.stderr) is bool(code)


def test_an_allow_needs_a_reason(tiny: Call, desk: Path) -> None:
    _configure(desk, '[[allow]]\ntext = "A-123456"\n')
    problem, mend = mistake(tiny("check", "block.txt"))
    assert "allow（1番目）.reason" in problem
    assert "理由" in mend


def test_the_configuration_nearest_to_the_text_holds(tiny: Call, desk: Path) -> None:
    _configure(desk, 'fail-on = "note"\n')
    (desk / "empty" / "note.txt").write_text(TEXTS["note.txt"], encoding="utf-8")
    assert tiny("check", "empty/note.txt").returncode == 1
    _configure(desk / "empty", 'fail-on = "block"\n')
    assert tiny("check", "empty/note.txt").returncode == 0
    assert tiny("check", "empty/note.txt", "--config", "aiguard.toml").returncode == 1
    assert tiny("check", "empty/note.txt", "--config", "aiguard.toml", "--fail-on", "warn").returncode == 0


def test_config_tells_each_value_with_its_file_and_masks_what_is_allowed(call: Call, desk: Path) -> None:
    _configure(desk, 'fail-on = "warn"\n[[allow]]\ntext = "A-123456"\nreason = "見本の番号"\n')
    said = call("config").stdout
    assert f'fail-on = "warn"  # {desk / "aiguard.toml"}' in said
    assert "見本の番号" in said
    assert "123456" not in said


def test_an_inline_reason_lets_pass_and_is_listed(tiny: Call) -> None:
    text = "検討中の案を直して aiguard:ignore[undecided-word] 会議で公表済み\n"
    done = tiny("check", "-", "--fail-on", "warn", stdin=text.encode())
    assert done.returncode == 0
    assert "文中の指定：会議で公表済み" in done.stdout


def test_an_inline_reason_never_lets_an_identifier_pass(tiny: Call) -> None:
    text = "会員番号：A-123456 aiguard:ignore[member-number] 急ぎのため\n"
    done = tiny("check", "-", "--format", "json", stdin=text.encode())
    assert done.returncode == 1
    assert rules(done) == ["member-number"]


def test_an_inline_exception_without_a_reason_does_not_work(tiny: Call) -> None:
    text = "検討中の案を直して aiguard:ignore[undecided-word]\n"
    assert tiny("check", "-", "--fail-on", "warn", stdin=text.encode()).returncode == 1


def _configure(folder: Path, text: str) -> None:
    (folder / "aiguard.toml").write_text(text, encoding="utf-8")


# ---- review


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("ok.txt", "ok", 0),
        ("ok.txt --ai ChatGPT", "ok", 0),
        ("ok.txt --ai-used", "ok", 0),
        ("ok.txt --ai LoGoAIアシスタント", "malformed", 1),
        ("malformed.txt", "malformed", 1),
        ("malformed.txt --ai-used", "malformed", 1),
        ("trace.txt", "missing", 1),
        ("pass.txt --ai ChatGPT", "missing", 1),
        ("pass.txt --ai-used", "missing", 1),
        ("pass.txt", "not_needed", 0),
        ("pass.txt --no-ai", "not_needed", 0),
    ],
)
def test_review_judges_the_declaration(tiny: Call, line: str, status: str, code: int) -> None:
    done = tiny("review", *line.split(), "--format", "json")
    assert document(done)["attribution"]["status"] == status
    assert done.returncode == code


def test_review_shows_what_to_write(tiny: Call) -> None:
    said = tiny("review", "pass.txt", "--ai", "ChatGPT").stdout
    assert said.startswith("■ 公表できません")
    assert "明示がありません" in said
    assert "【ChatGPT】により作成" in said


def test_check_does_not_ask_for_a_declaration(tiny: Call) -> None:
    assert document(tiny("check", "trace.txt", "--format", "json"))["attribution"] is None


# ---- report


@pytest.mark.parametrize("by", ["place", "section"])
def test_a_saved_result_is_shown_as_it_was(tiny: Call, by: str) -> None:
    shown = tiny("check", "block.txt", "warn.txt", "--by", by)
    for form in ("json", "jsonl"):
        tiny("check", "block.txt", "warn.txt", "--format", form, "-o", f"saved.{form}")
        again = tiny("report", f"saved.{form}", "--by", by)
        assert (again.returncode, again.stdout) == (0, shown.stdout)


@pytest.mark.parametrize("by", ["place", "section"])
def test_results_are_joined_as_markdown(tiny: Call, desk: Path, by: str) -> None:
    tiny("check", "block.txt", "--format", "json", "-o", "one.json")
    tiny("review", "ok.txt", "--format", "jsonl", "-o", "two.jsonl")
    done = tiny("report", "one.json", "two.jsonl", "--format", "markdown", "--by", by, "-o", "report.md")
    page = (desk / "report.md").read_text(encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "")
    assert page.startswith("# 生成AI利用ガイドラインの点検結果")
    assert "2件を確認：禁止 1件、問題なし 1件" in page
    assert "| block.txt:1:6 |" in page
    assert ("## 2(1) 個人情報" in page) is (by == "section")
    assert "123456" not in page


def test_a_result_cut_short_is_refused(tiny: Call, desk: Path) -> None:
    tiny("check", "block.txt", "--format", "jsonl", "-o", "saved.jsonl")
    whole = (desk / "saved.jsonl").read_text(encoding="utf-8")
    (desk / "saved.jsonl").write_text("".join(whole.splitlines(keepends=True)[:-1]), encoding="utf-8")
    problem, _ = mistake(tiny("report", "saved.jsonl"))
    assert "途中で切れています" in problem


# ---- The commands that explain, and those that measure


def test_guideline_lists_and_explains_sections(call: Call) -> None:
    said = call("guideline", "--pack", TINY).stdout
    assert said.startswith("あおば市生成AI利用ガイドライン（2026")
    assert "2(1)" in said
    for name in ("2(1)", "2-1", "２（１）"):
        one = call("guideline", name, "--pack", TINY).stdout
        assert "番号の形で確かめます。" in one
        assert "member-number" in one


def test_rule_lists_and_explains_rules(call: Call) -> None:
    assert "member-number" in call("rule", "--pack", TINY).stdout
    said = call("rule", "member-number", "--pack", TINY).stdout
    for words in ("会員番号（member-number）", "理由: ", "修正: ", "禁止: 項目名がある", "«A-123456»"):
        assert words in said


def test_pack_test_runs_the_examples(call: Call, desk: Path) -> None:
    done = call("pack", "test", TINY)
    assert (done.returncode, done.stdout) == (0, "規則 6件、例 12件、失敗 0件\n")
    wrong = _copy(TINY, desk / "wrong")
    file = wrong / "rules" / "tiny.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("庁内放送", "庁内限り"), encoding="utf-8")
    done = call("pack", "test", wrong)
    assert done.returncode == 1
    assert "rules/tiny.toml:internal-word" in done.stdout
    assert "失敗 1件" in done.stdout


def test_doctor_finds_everything_in_order(call: Call) -> None:
    done = call("doctor")
    assert done.returncode == 0
    assert {line[0] for line in done.stdout.splitlines()} == {"○"}
    assert "通信なしの点検" in done.stdout


def test_doctor_tells_what_is_broken(call: Call) -> None:
    done = call("doctor", "--pack", "nowhere")
    assert done.returncode == 2
    assert "× ルールパック" in done.stdout


def test_eval_scores_a_labelled_set(call: Call, desk: Path) -> None:
    rows = [
        {"id": "a", "text": TEXTS["block.txt"], "verdict": "block", "sections": ["2(1)", "2(2)"],
         "entities": [{"text": "A-123456", "type": "MEMBER_NUMBER"}]},
        {"id": "b", "text": TEXTS["pass.txt"], "verdict": "pass", "sections": [], "entities": []},
    ]  # fmt: skip
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (desk / "set.jsonl").write_text(lines, encoding="utf-8")
    text = call("eval", "set.jsonl", "--pack", TINY)
    assert text.returncode == 0
    assert "MEMBER_NUMBER" in text.stdout
    assert "123456" not in text.stdout
    figures = call("eval", "set.jsonl", "--pack", TINY, "--format", "json")
    assert figures.returncode == 0
    assert "MEMBER_NUMBER" in json.dumps(json.loads(figures.stdout))


def test_eval_names_the_line_that_is_wrong(call: Call, desk: Path) -> None:
    (desk / "set.jsonl").write_text('{"id": "a", "text": "早乙女"}\n', encoding="utf-8")
    problem, _ = mistake(call("eval", "set.jsonl"))
    assert "set.jsonl:1" in problem
    assert "早乙女" not in problem


def test_the_version_is_that_of_the_package(call: Call) -> None:
    assert call("--version").stdout == f"aiguard {__version__}\n"


def test_help_names_every_command(call: Call) -> None:
    said = call("--help").stdout
    for command in "check review report guideline rule config doctor eval pack".split():
        assert f"  {command} " in said


# ---- The examples that ship


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("check prompt.txt", 1),
        ("check list.csv", 1),
        ("check safe-prompt.txt", 0),
        ("review draft.txt", 1),
        ("review draft.txt --ai ChatGPT", 1),
        ("review draft-ok.txt --ai ChatGPT", 0),
    ],
)
def test_the_examples_show_what_they_are_for(call: Call, line: str, code: int) -> None:
    command, name, *options = line.split()
    done = call(command, HERE.parent / "examples" / name, *options)
    assert done.returncode == code
    for value in ("早乙女", "7361", "8765"):
        assert value not in done.stdout
