"""Reports for other programs: CSV, Excel, SARIF, JUnit, GitHub, lines for editors, and what changed between two."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from aiguard.errors import UsageError
from aiguard.model import (
    Coverage,
    DocumentReport,
    Finding,
    GuidelineName,
    Location,
    NotChecked,
    Report,
    Severity,
    Span,
    Suppression,
    Unchecked,
    Use,
    Verdict,
)
from aiguard.readers import read_bytes
from aiguard.reporters import BINARY, REPORTERS, Options
from aiguard.reporters.compare import compare
from aiguard.reporters.compare_report import render as render_comparison
from aiguard.reporters.csv_report import defused
from aiguard.reporters.sarif import uri
from aiguard.reporters.saved import load

HERE = Path(__file__).parent
SARIF = json.loads((HERE / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
OPTIONS = Options(titles={"5(1)": "個人情報を取り扱う業務", "5(4)": "市内部での情報共有に留める内容"})
NOTES = replace(OPTIONS, minimum=Severity.NOTE)
ODD = "=cmd|'/c calc'!A1,\"改行\n::error::\u202e%2C<b>&]]></script>\x00\u2028\ufffe"


def _at(line: int, column: int, label: str | None = None) -> Location:
    return Location(label, line, column, line, column + 4, 40, 44)


NAME = Finding(
    rule="person-name",
    title="個人の氏名",
    sections=("5(1)", "7.1"),
    severity=Severity.BLOCK,
    entity="PERSON",
    location=_at(3, 6),
    evidence=("full",),
    message="個人の氏名があります。",
    why="氏名は個人を特定できる情報です。",
    advice="「A様」のように置き換えてください。",
    excerpt="担当は●●●●さん",
    mark=Span(3, 7),
    fingerprint="a" * 32,
)
MARKING = replace(
    NAME,
    rule="internal-mark",
    title="内部に留める表示",
    sections=("5(4)",),
    severity=Severity.WARN,
    entity=None,
    location=_at(1, 2, "本文 3段落目"),
    message="庁内限りと書かれています。",
    excerpt="【庁内限り】",
    mark=Span(1, 5),
    fingerprint="b" * 32,
)
NOTE = replace(MARKING, severity=Severity.NOTE, location=_at(9, 1), fingerprint="c" * 32)
PASSED = replace(NAME, location=_at(20, 1), fingerprint="d" * 32, suppressed=Suppression("inline", "確認済み"))
PROMPT = DocumentReport("人事課/相談.txt", Use.PROMPT, Verdict.BLOCK, (NAME, NOTE, PASSED))
LETTER = DocumentReport("広報課/案内.docx", Use.PROMPT, Verdict.WARN, (MARKING,))
TABLE = DocumentReport("名簿.csv", Use.PROMPT, Verdict.BLOCK, (replace(NAME, location=_at(7, 1, "B7")),))
SCANNED = DocumentReport(
    "市民課/申請書.pdf",
    Use.PROMPT,
    Verdict.UNCHECKED,
    (),
    (Unchecked("3ページ", "画像です。文字に起こしてください。"),),
)
CLEAN = DocumentReport("メモ.txt", Use.PROMPT, Verdict.PASS)
HOSTILE = DocumentReport(
    ODD,
    Use.DOCUMENT,
    Verdict.BLOCK,
    (replace(NAME, title=ODD, excerpt=ODD, mark=Span(2, 500), why=ODD, advice=ODD, message=ODD, sections=(ODD,)),),
    (Unchecked(ODD, ODD),),
)


def _report(*documents: DocumentReport) -> Report:
    gaps = (NotChecked("8.1", "判断の責任", Coverage.HUMAN, "機械にはできません。", "読み直してください。"),)
    return Report(GuidelineName("aoba", "あおば市生成AI利用ガイドライン", "第1版"), documents, gaps, "0.1.0")


EVERY = _report(PROMPT, LETTER, TABLE, SCANNED, CLEAN)
HARD = _report(HOSTILE, replace(CLEAN, path="\udce3.txt"), replace(CLEAN, path="-"))
TEXTS = ["concise", "csv", "sarif", "junit", "github", "html"]


@pytest.mark.parametrize("form", TEXTS)
def test_any_report_is_rendered_as_utf_8(form: str) -> None:
    for report in (EVERY, HARD, _report()):
        assert REPORTERS[form](report, NOTES).encode()


# --- lines for editors and grep


def test_each_finding_is_a_line_that_an_editor_can_open() -> None:
    assert REPORTERS["concise"](EVERY, OPTIONS).splitlines() == [
        "人事課/相談.txt:3:6: 禁止 5(1)、7.1 個人の氏名 [person-name]",
        "広報課/案内.docx 本文 3段落目: 注意 5(4) 内部に留める表示 [internal-mark]",
        "名簿.csv:7: 禁止 5(1)、7.1 個人の氏名 [person-name] B7",
        "市民課/申請書.pdf 3ページ: 未確認 画像です。文字に起こしてください。",
        "5件を確認：禁止 2件、注意 1件、未確認 1件、問題なし 1件（指摘 3件）",
    ]


def test_a_hostile_name_stays_on_its_line() -> None:
    assert len(REPORTERS["concise"](HARD, OPTIONS).splitlines()) == 3
    REPORTERS["concise"](HARD, replace(OPTIONS, encoding="cp932")).encode("cp932")


# --- CSV


def _csv(report: Report, options: Options = OPTIONS) -> list[dict[str, str]]:
    page = REPORTERS["csv"](report, options)
    return list(csv.DictReader(StringIO(page.removeprefix("\ufeff"), newline="")))


def test_csv_is_what_excel_opens() -> None:
    page = REPORTERS["csv"](EVERY, OPTIONS)
    head = "ファイル,場所,行,列,判定,規定,種類,内容,理由,修正,規則"
    assert page.encode().startswith(b"\xef\xbb\xbf" + head.encode() + b"\r\n")
    assert page.count("\n") == page.count("\r\n") == 5


def test_csv_has_a_row_for_each_finding_and_for_what_was_not_checked() -> None:
    first, second, third, last = _csv(EVERY)
    assert list(first.values()) == [
        "人事課/相談.txt", "", "3", "6", "禁止", "5(1)、7.1", "個人の氏名", "担当は《●●●●》さん",
        NAME.why, NAME.advice, "person-name",
    ]  # fmt: skip
    assert [second[key] for key in ("場所", "行", "列")] == ["本文 3段落目", "", ""]
    assert [third[key] for key in ("場所", "行", "列")] == ["B7", "7", ""]
    assert [last[key] for key in ("判定", "場所", "理由")] == [
        "未確認",
        "3ページ",
        "画像です。文字に起こしてください。",
    ]
    assert [row["判定"] for row in _csv(_report(PROMPT), NOTES)] == ["禁止", "参考"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "＠A1", "\n=1"])
def test_what_could_be_a_formula_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@given(st.text(max_size=20))
def test_no_cell_begins_with_a_formula(text: str) -> None:
    document = replace(TABLE, path=f"={text}", findings=(replace(NAME, title=text, why=f"@{text}", excerpt=text),))
    for row in _csv(_report(document)):
        assert not any(cell.lstrip().startswith(tuple("=+-@＝＋－＠")) for cell in row.values())


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [defused(cell) for cell in ("5(1)、7.1", "", "人事課/a.txt", 3)] == ["5(1)、7.1", "", "人事課/a.txt", 3]


# --- Excel


def _sheets(report: Report, options: Options = OPTIONS) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(BINARY["xlsx"](report, options)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_workbook_has_the_findings_and_the_documents() -> None:
    sheets = _sheets(EVERY)
    assert list(sheets) == ["指摘", "文書"]
    assert sheets["指摘"][0] == "ファイル 場所 行 列 判定 規定 種類 内容 理由 修正 規則".split()
    assert sheets["指摘"][1][:8] == [
        "人事課/相談.txt",
        "",
        3,
        6,
        "禁止",
        "5(1)、7.1",
        "個人の氏名",
        "担当は《●●●●》さん",
    ]
    assert [row[4] for row in sheets["指摘"][1:]] == ["禁止", "注意", "禁止", "未確認"]
    assert sheets["文書"][1] == ["人事課/相談.txt", "入力できません", 1, 0, 1, 1, 0, ""]
    assert [row[6] for row in sheets["文書"][1:]] == [0, 0, 0, 1, 0]


def test_a_workbook_keeps_its_head_in_sight_and_can_be_filtered() -> None:
    with zipfile.ZipFile(BytesIO(BINARY["xlsx"](EVERY, OPTIONS))) as package:
        assert package.testzip() is None
        for part in package.namelist():
            etree.fromstring(package.read(part))
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        book = package.read("xl/workbook.xml").decode()
    assert ">指摘!$A$1:$K$5<" in book
    assert ">文書!$A$1:$H$6<" in book
    assert 'ySplit="1"' in sheet
    assert '<autoFilter ref="A1:K5"/>' in sheet
    assert sheet.count("<col ") == 11
    assert "<f" not in sheet


def test_the_parts_of_a_sheet_stand_in_the_order_that_excel_asks_for() -> None:
    with zipfile.ZipFile(BytesIO(BINARY["xlsx"](EVERY, OPTIONS))) as package:
        sheet = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    wanted = "sheetPr dimension sheetViews sheetFormatPr cols sheetData autoFilter pageMargins pageSetup ignoredErrors"
    assert [etree.QName(part).localname for part in sheet] == wanted.split()


def test_nothing_in_a_workbook_is_a_formula_or_breaks_it() -> None:
    row = _sheets(HARD)["指摘"][2]
    assert row[6].startswith("=cmd|'/c calc'!A1")
    long = replace(NAME, why="𠮷" * 40_000, title="_x0041_")
    shown = _sheets(_report(replace(PROMPT, findings=(long,))))["指摘"][1]
    assert shown[6] == "_x0041_"
    assert len(shown[8].encode("utf-16-le")) // 2 <= 32_767


def test_a_workbook_is_the_same_for_the_same_report() -> None:
    assert BINARY["xlsx"](EVERY, OPTIONS) == BINARY["xlsx"](EVERY, OPTIONS)


def test_a_workbook_of_findings_can_be_checked_itself() -> None:
    document = read_bytes(BINARY["xlsx"](EVERY, OPTIONS), "結果.xlsx", Use.PROMPT)
    assert "担当は《●●●●》さん" in "".join(segment.source for segment in document.segments)


# --- SARIF


def _sarif(report: Report) -> dict[str, Any]:
    value = json.loads(REPORTERS["sarif"](report, OPTIONS))
    jsonschema.Draft4Validator(SARIF).validate(value)
    (run,) = value["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_follows_its_schema() -> None:
    jsonschema.Draft4Validator.check_schema(SARIF)
    for report in (EVERY, HARD, _report()):
        _sarif(report)


def test_sarif_says_where_and_how_grave() -> None:
    run = _sarif(EVERY)
    assert run["columnKind"] == "unicodeCodePoints"
    first, note, passed, letter, table = run["results"]
    assert [each["level"] for each in run["results"]] == ["error", "note", "error", "warning", "error"]
    place = first["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 6, "endLine": 3, "endColumn": 10}
    assert place["artifactLocation"]["uri"] == "%E4%BA%BA%E4%BA%8B%E8%AA%B2/%E7%9B%B8%E8%AB%87.txt"
    assert run["artifacts"][place["artifactLocation"]["index"]]["location"]["uri"] == uri("人事課/相談.txt")
    assert letter["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "本文 3段落目"
    assert "region" not in letter["locations"][0]["physicalLocation"]
    assert table["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}
    assert first["partialFingerprints"] == {"aiguard/v1": "a" * 32}
    assert first["suppressions"] == note["suppressions"] == []
    assert passed["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "文中の指定：確認済み"}
    ]


def test_sarif_rules_help_in_japanese() -> None:
    run = _sarif(EVERY)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["person-name", "internal-mark"]
    assert rules[0]["help"]["text"] == f"理由：{NAME.why}\n修正：{NAME.advice}"
    assert rules[1]["defaultConfiguration"] == {"level": "warning"}
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])


def test_sarif_tells_that_a_file_was_not_read() -> None:
    (run,) = _sarif(EVERY)["invocations"]
    assert run["executionSuccessful"] is False
    (told,) = run["toolExecutionNotifications"]
    assert (told["level"], told["message"]["text"]) == ("error", "画像です。文字に起こしてください。")
    assert _sarif(_report(CLEAN))["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("a b/#1?.txt", "a%20b/%231%3F.txt"),
        ("/home/a.txt", "file:///home/a.txt"),
        (r"C:\共有\a.txt", "file:///C:/%E5%85%B1%E6%9C%89/a.txt"),
        (r"\\server\share\a.txt", "file://server/share/a.txt"),
        ("a:b.txt", "a%3Ab.txt"),
        ("\udce3.txt", "%E3.txt"),
        ("\ud83d.txt", "%ED%A0%BD.txt"),
        ("-", "stdin"),
    ],
)
def test_paths_become_references(path: str, said: str) -> None:
    assert uri(path) == said


# --- JUnit


def _junit(report: Report, options: Options = OPTIONS) -> etree._Element:
    return etree.fromstring(REPORTERS["junit"](report, options).encode())


def test_junit_has_a_suite_for_each_document() -> None:
    root = _junit(EVERY)
    suites = root.findall("testsuite")
    assert [suite.get("name") for suite in suites] == [each.path for each in EVERY.documents]
    assert [(suite.get("failures"), suite.get("errors"), suite.get("skipped")) for suite in suites] == [
        ("1", "0", "1"), ("1", "0", "0"), ("1", "0", "0"), ("0", "1", "0"), ("0", "0", "0"),
    ]  # fmt: skip
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("6", "3", "1")


def test_junit_fails_for_findings_and_errs_for_what_was_not_checked() -> None:
    root = _junit(EVERY)
    case = root.find("testsuite/testcase")
    assert case is not None
    assert (case.get("name"), case.get("file"), case.get("line")) == ("禁止 個人の氏名：3:6", "人事課/相談.txt", "3")
    assert "修正：「A様」" in (case.findtext("failure") or "")
    assert [each.get("message") for each in root.iter("error")] == ["画像です。文字に起こしてください。"]
    assert [each.get("message") for each in root.iter("skipped")] == ["文中の指定：確認済み"]
    assert root.findall("testsuite/testcase")[-1].get("name") == "問題は見つかりませんでした"
    assert [len(_junit(_report(PROMPT), each).findall(".//system-out")) for each in (OPTIONS, NOTES)] == [0, 1]


@given(st.text(max_size=30))
def test_junit_is_xml_whatever_it_says(text: str) -> None:
    document = replace(HOSTILE, path=text, findings=(replace(NAME, title=text, why=text, excerpt=text, message=text),))
    _junit(_report(document))


# --- GitHub


def test_github_gets_a_command_for_each_finding() -> None:
    lines = REPORTERS["github"](EVERY, NOTES).splitlines()
    assert lines[0] == (
        "::error file=人事課/相談.txt,line=3,endLine=3,col=6,endColumn=10,title=禁止 5(1)、7.1 個人の氏名"
        "::担当は《●●●●》さん 個人の氏名があります。%0A「A様」のように置き換えてください。 [person-name]"
    )
    assert lines[1].startswith("::notice file=人事課/相談.txt,line=9,")
    assert lines[2].startswith("::warning file=広報課/案内.docx,title=注意 5(4) 内部に留める表示::本文 3段落目：")
    assert lines[3].startswith("::error file=名簿.csv,line=7,endLine=7,title=")
    assert lines[4] == (
        "::error file=市民課/申請書.pdf,title=確認できなかったもの::3ページ：画像です。文字に起こしてください。"
    )


def test_no_text_can_give_github_a_command_of_its_own() -> None:
    lines = REPORTERS["github"](HARD, OPTIONS).splitlines()
    assert len(lines) == 3
    for line in lines[:-1]:
        fields = re.fullmatch(r"::error ((?:\w+=[^:,\n]*,?)+)::.*", line)
        assert fields
        assert "%3A%3Aerror%3A%3A" in fields[1]
        assert "%252C" in line


# --- what changed


def _changed(form: str) -> str:
    old = _report(PROMPT, LETTER, TABLE, replace(SCANNED, verdict=Verdict.BLOCK, unchecked=(), findings=(NAME,)))
    fixed = replace(PROMPT, findings=(replace(NAME, fingerprint="e" * 32, location=_at(5, 1)),))
    new = _report(fixed, LETTER, SCANNED)
    return render_comparison(compare(old, new, Severity.WARN), new, form, OPTIONS)


def test_a_comparison_tells_new_gone_same_and_what_cannot_be_told() -> None:
    assert _changed("text").splitlines() == [
        "前の結果と比べて：新しい 1件、なくなった 1件、同じ 1件、分からない 2件",
        "",
        "新しく出たもの（1件）",
        "  人事課/相談.txt:5:1: 禁止 5(1)、7.1 個人の氏名 [person-name] 担当は《●●●●》さん",
        "",
        "なくなったもの（1件）",
        "  人事課/相談.txt:3:6: 禁止 5(1)、7.1 個人の氏名 [person-name] 担当は《●●●●》さん",
        "",
        "なくなったか分からないもの（今回の結果にないか、読めていない文書）（2件）",
        "  名簿.csv B7: 禁止 5(1)、7.1 個人の氏名 [person-name] 担当は《●●●●》さん",
        "  市民課/申請書.pdf:3:6: 禁止 5(1)、7.1 個人の氏名 [person-name] 担当は《●●●●》さん",
        "",
        "確認できなかったもの（1件）",
        "  市民課/申請書.pdf 3ページ: 画像です。文字に起こしてください。",
    ]


def test_a_comparison_is_for_programs_and_for_filing_too() -> None:
    value = json.loads(_changed("json"))
    assert value["summary"] == {"new": 1, "gone": 1, "unknown": 2, "same": 1}
    assert value["comparison"]["new"][0]["fingerprint"] == "e" * 32
    assert value["unchecked"] == [
        {"path": "市民課/申請書.pdf", "label": "3ページ", "reason": SCANNED.unchecked[0].reason}
    ]
    page = _changed("markdown")
    assert "## 新しく出たもの（1件）" in page
    assert r"| 人事課/相談.txt:5:1 | 禁止 | 5(1)、7.1 個人の氏名 | 担当は《●●●●》さん |" in page
    with pytest.raises(UsageError, match="csv"):
        _changed("csv")


def test_the_same_result_has_not_changed() -> None:
    twice = _report(replace(PROMPT, findings=(NAME, NAME)))
    same = compare(twice, twice, Severity.NOTE)
    assert (len(same.new), len(same.gone), len(same.same), len(same.unknown)) == (0, 0, 2, 0)
    once = compare(twice, _report(replace(PROMPT, findings=(NAME,))), Severity.NOTE)
    assert (len(once.new), len(once.gone), len(once.same)) == (0, 1, 1)
    more = compare(_report(replace(PROMPT, findings=(NAME,))), twice, Severity.NOTE)
    assert (len(more.new), len(more.gone), len(more.same)) == (1, 0, 1)


# --- the command line

Call: TypeAlias = Callable[..., CompletedProcess[str]]


@pytest.fixture
def result(call: Call, desk: Path) -> Path:
    """Return a saved result of a text with two findings and of a file that nobody can read."""
    (desk / "block.txt").write_text("会員番号：A-123456\n庁内限り\n", encoding="utf-8")
    (desk / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    call("check", "--pack", HERE / "tiny", "block.txt", "photo.txt", "--format", "json", "-o", "old.json")
    return desk / "old.json"


@pytest.mark.parametrize("form", [*REPORTERS, *BINARY])
def test_check_and_report_write_every_format_alike(call: Call, result: Path, form: str) -> None:
    pack = ("--pack", HERE / "tiny")
    assert call("check", *pack, "block.txt", "photo.txt", "--format", form, "-o", "1").returncode == 3
    assert call("report", *pack, result, "--format", form, "-o", "2").returncode == 0
    made = (result.parent / "1").read_bytes()
    assert made == (result.parent / "2").read_bytes()
    assert b"123456" not in made


def test_results_are_merged_into_any_format(call: Call, result: Path) -> None:
    call("check", "--pack", HERE / "tiny", "block.txt", "--format", "jsonl", "-o", "more.jsonl")
    call("report", "--pack", HERE / "tiny", result, "more.jsonl", "--format", "json", "-o", "both.json")
    both = load([result.parent / "both.json"])
    assert len(both.documents) == 3
    # Only who made the results knows whether that is the same document.
    assert both.notices == ("同じ名前の文書が複数の結果にあります（1件）。別の文書として、それぞれ数えています。",)


def test_report_shows_what_changed(call: Call, result: Path, desk: Path) -> None:
    (desk / "block.txt").write_text("庁内限り\n", encoding="utf-8")
    call("check", "--pack", HERE / "tiny", "block.txt", "photo.txt", "--format", "json", "-o", "new.json")
    done = call("report", "--pack", HERE / "tiny", "new.json", "--compare", result)
    assert done.returncode == 0
    assert done.stdout.startswith("前の結果と比べて：新しい 0件、なくなった 1件、")
    assert "photo.txt" in done.stdout
    refused = call("report", "--pack", HERE / "tiny", "new.json", "--compare", result, "--format", "html")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--format text" in refused.stderr
    assert call("report", "new.json", "--compare", result, "-o", result).returncode == 2


def test_notes_are_shown_when_asked_for(call: Call, desk: Path) -> None:
    (desk / "note.txt").write_text("登録票の書き方を教えて\n", encoding="utf-8")
    call("check", "--pack", HERE / "tiny", "note.txt", "--format", "json", "-o", "saved.json")
    shown = [
        call("report", "--pack", HERE / "tiny", "saved.json", "--format", "concise", *more).stdout.count("\n")
        for more in ((), ("--min-severity", "note"))
    ]
    assert shown == [1, 2]
