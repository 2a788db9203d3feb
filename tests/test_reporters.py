"""Reports as people see them: exact pages, and what must hold for every page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import replace
from rich.cells import cell_len

from aiguard.errors import ResultError
from aiguard.model import (
    Attribution,
    Coverage,
    DocumentReport,
    Facts,
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
from aiguard.reporters import REPORTERS, Options, for_stream, jsonl, words
from aiguard.reporters.layout import breaks, cells
from aiguard.reporters.markdown import escape
from aiguard.reporters.plain import line_of
from aiguard.reporters.printable import escaped, one_for_one
from aiguard.reporters.saved import load
from aiguard.reporters.summary import summarise

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
SCHEMA = json.loads((HERE / "report.schema.json").read_text(encoding="utf-8"))
ANSI = re.compile(r"\x1b\[[0-9;]*m")

TITLES = {
    "5(1)": "個人情報、特定個人情報（個人番号を含む個人情報）、その他個人を特定できる情報を取り扱う業務",
    "5(2)": "機密情報を取り扱う業務",
    "5(4)": "市内部での情報共有に留める内容",
    "7.1": "個人情報",
    "8.1": "判断の責任は人間である職員自身にある",
    "8.3(1)": "著作権侵害",
    "8.4": "生成AIのポリシー上の制限に注意する",
}
GAPS = (
    NotChecked("1", "本ガイドラインの目的", Coverage.HUMAN, "心構えを述べる節です。"),
    NotChecked(
        "8.1", TITLES["8.1"], Coverage.HUMAN, "判断は機械にはできません。", "自分の判断で読み直し、直してください。"
    ),
    NotChecked(
        "8.3(1)",
        TITLES["8.3(1)"],
        Coverage.PARTIAL,
        "似た著作物があるかどうかは調べていません。",
        "公表する前に、似た表現がないか検索してください。",
    ),
)


def _at(line: int, column: int, label: str | None = None) -> Location:
    return Location(label, line, column, line, column + 4, 40, 44)


NUMBER = Finding(
    rule="my-number",
    title="個人番号（マイナンバー）",
    sections=("5(1)", "7.1"),
    severity=Severity.BLOCK,
    entity="MY_NUMBER",
    location=_at(3, 6),
    evidence=("label:個人番号", "check"),
    message="個人番号が書かれています。",
    why="法律で定めた事務のほかでは、個人番号を集めることも残すこともできません。",
    advice="番号を消すか、「個人番号（省略）」のように書きかえてから入力してください。",
    excerpt="…お客さまの個人番号は●●●●です。住所は●●●●…",
    mark=Span(11, 15),
    fingerprint="0123456789abcdef" * 2,
)
MARKING = replace(
    NUMBER,
    rule="internal-marking",
    title="庁内限りの表示",
    sections=("5(4)",),
    severity=Severity.WARN,
    entity=None,
    location=_at(1, 1),
    evidence=(),
    message="庁内限りと書かれています。",
    why="庁内だけで共有する文書は、外部のサービスに渡せません。",
    advice="公表してよい内容かどうかを、文書を作った課に確かめてください。",
    excerpt="【庁内限り】定例会議の…",
    mark=Span(0, 6),
)
NOTE = replace(MARKING, rule="address", title="住所", severity=Severity.NOTE, location=_at(9, 1))
OWN_PHONE = replace(
    NUMBER,
    rule="phone",
    title="電話番号",
    location=_at(20, 4),
    excerpt="電話●●●●まで",
    mark=Span(2, 6),
    suppressed=Suppression("organisation", "市役所の代表電話です"),
)
BLOCKED = DocumentReport(
    "prompt.txt",
    Use.PROMPT,
    Verdict.BLOCK,
    (MARKING, NUMBER, NOTE, replace(NUMBER, location=_at(12, 1), excerpt="●●●●", mark=Span(0, 4)), OWN_PHONE),
    facts=Facts("summary"),
)
UNREADABLE = DocumentReport(
    "共有/名簿.pdf",
    Use.PROMPT,
    Verdict.UNCHECKED,
    unchecked=(
        Unchecked("3ページ", "文字として読める内容がありません（画像です）。文字に起こしてから確認してください。"),
        Unchecked(None, "パスワードがかかっています。"),
    ),
)
UNDECLARED = DocumentReport(
    "広報案.md",
    Use.DOCUMENT,
    Verdict.WARN,
    (replace(NUMBER, sections=("8.3(3)",), location=_at(1, 1, "B3")), MARKING),
    attribution=Attribution("missing", ("ChatGPT",), _at(40, 1), "【ChatGPT】により作成"),
)
CLEAN = DocumentReport("メモ.txt", Use.PROMPT, Verdict.PASS)
TABLE = DocumentReport("[red]名簿.csv", Use.PROMPT, Verdict.WARN, (replace(MARKING, location=_at(4, 2, "B3")),))


def _report(*documents: DocumentReport) -> Report:
    name = GuidelineName("nagareyama", "流山市生成AI利用ガイドライン概要", "第1版")
    return Report(name, documents, GAPS, "0.1.0")


MANY = _report(BLOCKED, TABLE, UNREADABLE, *(replace(CLEAN, path=f"{number}.txt") for number in range(12)))
OPTIONS = Options(titles=TITLES, uses={"summary": "要約"})
BY_SECTION = replace(OPTIONS, by="section")
EVERY = (_report(BLOCKED), _report(CLEAN), _report(UNREADABLE), _report(UNDECLARED), MANY, _report())
PAGES = {
    "block": (_report(BLOCKED), OPTIONS),
    "clean": (_report(CLEAN), OPTIONS),
    "unchecked": (_report(UNREADABLE), OPTIONS),
    "review": (_report(UNDECLARED), OPTIONS),
    "many": (MANY, OPTIONS),
    "section": (MANY, BY_SECTION),
    "width-60": (_report(BLOCKED), replace(OPTIONS, width=60)),
    "width-40": (_report(BLOCKED), replace(OPTIONS, width=40)),
    "colour": (_report(BLOCKED), replace(OPTIONS, colour=True)),
}
MARKDOWN = {"place": OPTIONS, "section": BY_SECTION}


def _approved(name: str, page: str) -> str:
    """Return the page kept under `name`; with AIGUARD_UPDATE_GOLDEN set, keep this one first."""
    golden = GOLDEN / name
    if os.environ.get("AIGUARD_UPDATE_GOLDEN"):
        golden.write_text(page, encoding="utf-8", newline="\n")
    return golden.read_bytes().decode("utf-8")


def _text(report: Report, options: Options = OPTIONS) -> str:
    return REPORTERS["text"](report, options)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_those_that_were_approved(name: str) -> None:
    page = _text(*PAGES[name])
    assert page == _approved(f"{name}.txt", page)


@pytest.mark.parametrize("by", MARKDOWN)
def test_markdown_pages_are_those_that_were_approved(by: str) -> None:
    page = REPORTERS["markdown"](MANY, MARKDOWN[by])
    assert page == _approved(f"{by}.md", page)


# --- the terminal


@pytest.mark.parametrize("by", MARKDOWN)
@pytest.mark.parametrize("width", [20, 40, 60, 80, 133])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_cut(width: int, by: str) -> None:
    def said(options: Options) -> str:
        return re.sub(r"\s", "", _text(report, options))

    for report in EVERY:
        options = replace(OPTIONS, width=width, by=by)
        assert max(map(cells, _text(report, options).split("\n"))) <= width
        assert said(options) == said(replace(options, width=1000))


@pytest.mark.parametrize("by", MARKDOWN)
def test_colour_changes_the_looks_and_not_the_words(by: str) -> None:
    for report in EVERY:
        plain, colour = (_text(report, replace(OPTIONS, by=by, width=200, colour=on)) for on in (False, True))
        assert "\x1b" not in plain
        assert re.sub(r"[\s【】《》■]", "", ANSI.sub("", colour)) == re.sub(r"[\s【】《》■]", "", plain)


def test_the_found_part_is_underlined_with_colour_and_bracketed_without() -> None:
    assert "個人番号は《●●●●》です。住所は●●●●…" in _text(_report(BLOCKED))
    assert "個人番号は\x1b[1;4;31m●●●●\x1b[0mです。住所は●●●●…" in _text(
        _report(BLOCKED), replace(OPTIONS, colour=True)
    )


@pytest.mark.parametrize(
    ("use", "verdict", "said"),
    [
        (Use.PROMPT, Verdict.BLOCK, "入力できません"),
        (Use.PROMPT, Verdict.WARN, "注意して入力"),
        (Use.PROMPT, Verdict.PASS, "問題は見つかりませんでした"),
        (Use.PROMPT, Verdict.UNCHECKED, "確認できていない内容があります"),
        (Use.DOCUMENT, Verdict.BLOCK, "公表できません"),
        (Use.DOCUMENT, Verdict.WARN, "注意して公表"),
        (Use.DOCUMENT, Verdict.PASS, "問題は見つかりませんでした"),
        (Use.DOCUMENT, Verdict.UNCHECKED, "確認できていない内容があります"),
    ],
)
def test_the_verdict_comes_first(use: Use, verdict: Verdict, said: str) -> None:
    page = _text(_report(DocumentReport("a.txt", use, verdict)))
    assert page.splitlines()[0] == f"■ {said}  a.txt"


@pytest.mark.parametrize(
    ("attribution", "said"),
    [
        (Attribution("ok", ("ChatGPT",), _at(2, 1), ""), "8.4 AI利用の明示：明示されています（ChatGPT）"),
        (
            Attribution("malformed", ("ChatGPT",), _at(2, 1), "【ChatGPT】により作成"),
            "8.4 AI利用の明示：書き方が決まりと違います（ChatGPT）。書き方：【ChatGPT】により作成",
        ),
        (
            Attribution("missing", (), None, "【生成AI名】により作成", "AIの名前が分かりません。"),
            "8.4 AI利用の明示：明示がありません。書き方：【生成AI名】により作成。AIの名前が分かりません。",
        ),
        (Attribution("not_needed", (), None, ""), "8.4 AI利用の明示：明示は要りません"),
    ],
)
def test_the_declaration_is_told_in_words(attribution: Attribution, said: str) -> None:
    document = DocumentReport("a.md", Use.DOCUMENT, Verdict.PASS, attribution=attribution)
    page = _text(_report(document), replace(OPTIONS, width=200))
    assert f"  {said}\n" in page
    assert ("a.md:2:1" in page) == (attribution.location is not None)


def test_a_missing_declaration_is_listed_among_many_files() -> None:
    undeclared = replace(UNDECLARED, verdict=Verdict.PASS, findings=())
    assert "明示がありません" in _text(_report(CLEAN, undeclared))


def test_more_than_ten_places_are_counted_unless_all_are_wanted() -> None:
    findings = tuple(replace(NUMBER, location=_at(line, 1)) for line in range(1, 31))
    report = _report(DocumentReport("a.txt", Use.PROMPT, Verdict.BLOCK, findings))
    page = _text(report)
    assert "a.txt:10:1 " in page
    assert "a.txt:11:1 " not in page
    assert "ほか 20件（--format json で全件）" in page
    assert "a.txt:30:1 " in _text(report, replace(OPTIONS, show_all=True))


def test_notes_are_counted_and_shown_when_asked_for() -> None:
    assert "参考 1件（--format json で全件）" in _text(_report(BLOCKED))
    page = _text(_report(BLOCKED), replace(OPTIONS, minimum=Severity.NOTE))
    assert "【参考】住所" in page
    assert "--format json" not in page


def test_clean_files_are_counted_among_many_and_listed_when_asked_for() -> None:
    page = _text(MANY)
    assert "11.txt" not in page
    assert page.endswith("15件を確認：禁止 1件、注意 1件、未確認 1件、問題なし 12件\n")
    assert "11.txt" in _text(MANY, replace(OPTIONS, show_all=True))


def test_a_finding_without_a_section_is_not_lost_by_section() -> None:
    document = replace(BLOCKED, findings=(replace(NUMBER, sections=()), replace(MARKING, sections=("99",))))
    page = _text(_report(document), BY_SECTION)
    assert "規定を示していないもの\n  【禁止】個人番号" in page
    assert "99\n  【注意】庁内限り" in page


def test_names_are_text_and_never_markup_or_commands_to_the_terminal() -> None:
    name = "[bold red]x[/]\x1b[2J\u202e\n😀{警}.txt"
    document = replace(BLOCKED, path=name, unchecked=(Unchecked("[link=a]", "[/red] だめ"),))
    for options in (replace(OPTIONS, width=300), replace(OPTIONS, width=300, colour=True)):
        page = _text(_report(document), options)
        assert "[bold red]x[/]\\x1b[2J\\u202e\\x0a😀{警}.txt" in page
        assert "[link=a]" in page
        assert "[/red] だめ" in page
        assert "\x1b" not in ANSI.sub("", page)


def test_a_saved_excerpt_with_a_control_character_keeps_its_mark() -> None:
    odd = replace(NUMBER, excerpt="\x1b\u202e●●●●です", mark=Span(2, 6))
    assert "??《●●●●》です" in _text(_report(replace(BLOCKED, findings=(odd,))))


def test_every_character_of_the_reports_own_exists_in_cp932() -> None:
    for report in EVERY:
        for options in (OPTIONS, BY_SECTION, replace(OPTIONS, colour=True)):
            _text(report, options).encode("cp932")
            REPORTERS["markdown"](report, options).encode("cp932")


def test_what_a_console_cannot_show_is_replaced() -> None:
    odd = replace(
        NUMBER,
        title="値\u301c\u2212\u2014①✔\xa5•",
        advice="©👍",
        excerpt="髙田\u301c𠮷野家👍●●●●",
        mark=Span(7, 11),
        location=_at(1, 1, "𠮷"),
    )
    report = _report(replace(BLOCKED, path="名簿👍\uff5e.txt", findings=(odd,)))
    page = _text(report, replace(OPTIONS, encoding="cp932", width=200))
    page.encode("cp932")
    assert "値\u301c\u2212\u2015①○￥・" in page
    assert "髙田\u301c?野家?《●●●●》" in page
    assert "名簿\\U0001f44d\uff5e.txt \\U00020bb7" in page
    assert "??" in page


def test_a_path_that_is_no_unicode_is_shown_escaped() -> None:
    report = _report(replace(CLEAN, path="\udce3.txt"))
    assert "\\udce3.txt" in _text(report)
    assert "\\\\udce3.txt" in REPORTERS["markdown"](report, OPTIONS)
    assert json.loads(REPORTERS["json"](report, OPTIONS))["documents"][0]["path"] == "\\udce3.txt"


# --- what a stream can show


class _Terminal(StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


TERM = {"TERM": "xterm-256color", "COLUMNS": "72"}


@pytest.mark.parametrize(
    ("stream", "environ", "colour"),
    [
        (_Terminal(), TERM, True),
        (_Terminal(), {**TERM, "NO_COLOR": "1"}, False),
        (_Terminal(), {**TERM, "NO_COLOR": ""}, True),
        (_Terminal(), {**TERM, "TERM": "dumb"}, False),
        (StringIO(), TERM, False),
        (StringIO(), {**TERM, "FORCE_COLOR": "1"}, True),
        (StringIO(), {**TERM, "FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_follows_the_stream_and_the_wishes_of_the_user(
    stream: StringIO, environ: dict[str, str], *, colour: bool
) -> None:
    options = for_stream(OPTIONS, stream, environ)
    assert (options.colour, options.width, options.titles) == (colour, 72, TITLES)


def test_the_encoding_is_that_of_the_stream() -> None:
    assert for_stream(OPTIONS, TextIOWrapper(BytesIO(), encoding="cp932"), {}).encoding == "cp932"
    assert for_stream(OPTIONS, StringIO(), {}).encoding == "utf-8"


# --- line breaking


def test_lines_break_where_japanese_lines_may_break() -> None:
    text = "これは「括弧」と、句読点。ABC defghij"
    places = (0, *breaks(text, 8), len(text))
    lines = [text[start:end].rstrip() for start, end in pairwise(places)]
    assert lines == ["これは", "「括弧」", "と、句読", "点。ABC", "defghij"]
    assert breaks("文書は12件です", 8) == (3,)  # a number stays with what it counts


@given(st.text(max_size=80), st.integers(2, 30))
def test_broken_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    places = (0, *breaks(text, width), len(text))
    lines = [text[start:end] for start, end in pairwise(places)]
    assert "".join(lines) == text
    assert all(cells(line.rstrip(" ")) <= width for line in lines)
    assert all(lines[:-1])


@given(st.text(max_size=20))
def test_cells_are_never_fewer_than_rich_counts(text: str) -> None:
    shown = one_for_one(text, "utf-8")
    assert len(shown) == len(text)
    assert cells(shown) >= cell_len(shown) - sum(char.isspace() or not char.isprintable() for char in shown) * 2


@given(st.text(st.characters(), max_size=20), st.sampled_from(["cp932", "shift_jis", "euc_jp", "ascii", "utf-8"]))
def test_any_text_can_be_printed_anywhere(text: str, encoding: str) -> None:
    for shown in (escaped(text, encoding), one_for_one(text, encoding)):
        shown.encode(encoding)
        assert "\x1b" not in shown
        assert "\n" not in shown


# --- JSON and JSON Lines


def test_json_follows_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for report in EVERY:
        jsonschema.validate(json.loads(REPORTERS["json"](report, OPTIONS)), SCHEMA)


@pytest.mark.parametrize("where", [[], ["documents", 0], ["documents", 0, "findings", 0], ["summary"], ["guideline"]])
def test_the_schema_is_strict(where: list[str | int]) -> None:
    value = inner = json.loads(REPORTERS["json"](_report(BLOCKED), OPTIONS))
    for key in where:
        inner = inner[key]
    inner["value"] = "流山花子"
    with pytest.raises(jsonschema.ValidationError, match="value"):
        jsonschema.validate(value, SCHEMA)


def test_json_is_for_people_too() -> None:
    page = REPORTERS["json"](_report(BLOCKED), OPTIONS)
    assert page.startswith('{\n  "schema": 1,\n  "version": "0.1.0",\n  "guideline": {\n    "id": "nagareyama"')
    assert '"excerpt": "…お客さまの個人番号は●●●●です。住所は●●●●…"' in page
    assert page.endswith("}\n")
    assert list(json.loads(page)) == ["schema", "version", "guideline", "documents", "not_checked", "summary"]
    assert json.loads(page)["summary"] == {
        "documents": 1,
        "block": 1,
        "warn": 0,
        "pass": 0,
        "unchecked": 0,
        "findings": 4,
    }


def test_json_lines_can_be_written_line_by_line() -> None:
    lines = [
        jsonl.header(MANY.guideline, MANY.not_checked, MANY.version),
        *map(jsonl.document, MANY.documents),
        jsonl.summary(summarise(MANY.documents)),
    ]
    assert "".join(lines) == REPORTERS["jsonl"](MANY, OPTIONS)
    assert [json.loads(line)["type"] for line in lines] == ["header", *["document"] * 15, "summary"]
    for line in lines:
        assert line.count("\n") == 1
        jsonschema.validate(json.loads(line), {**SCHEMA["$defs"]["line"], "$defs": SCHEMA["$defs"]})


# --- Markdown


def test_names_mean_nothing_in_markdown() -> None:
    document = replace(BLOCKED, path="a|b[c](d)`e`*f*<g>\n# h.txt")
    page = REPORTERS["markdown"](_report(document), OPTIONS)
    assert r"a\|b\[c\](d)\`e\`\*f\*\<g\>\\x0a\# h.txt" in page
    assert "《●●●●》" in page


@given(st.text(max_size=30))
def test_escaped_markdown_is_one_line_without_live_characters(text: str) -> None:
    shown = escape(text)
    assert "\n" not in shown
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|~&$]", shown)


# --- saved results


def _save(path: Path, report: Report, form: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(REPORTERS[form](report, OPTIONS).encode(encoding))
    return path


@pytest.mark.parametrize("form", ["json", "jsonl"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_saved_result_is_read_back_whole(tmp_path: Path, form: str, encoding: str) -> None:
    for report in EVERY:
        assert load([_save(tmp_path / "r", report, form, encoding)]) == report


def test_saved_results_are_merged_in_order(tmp_path: Path) -> None:
    first = _save(tmp_path / "1.json", _report(BLOCKED), "json")
    second = _save(tmp_path / "2.jsonl", replace(_report(CLEAN), version="0.2.0"), "jsonl")
    merged = load([first, second])
    assert merged.documents == (BLOCKED, CLEAN)
    assert (merged.not_checked, merged.version) == (GAPS, "0.1.0, 0.2.0")


def _problem(path: Path) -> str:
    with pytest.raises(ResultError) as caught:
        load([path])
    assert caught.value.message.startswith(f"{path}: ")
    assert caught.value.hint
    return caught.value.message.removeprefix(f"{path}: ")


def test_a_truncated_result_is_never_passed_over(tmp_path: Path) -> None:
    for form in ("json", "jsonl"):
        whole = _save(tmp_path / form, MANY, form).read_bytes()
        for end in {*range(0, len(whole) - 1, 97), *(at for at, byte in enumerate(whole[:-1]) if byte == ord("\n"))}:
            path = tmp_path / "cut"
            path.write_bytes(whole[:end])
            if whole[:end].rstrip() != whole.rstrip():
                assert "切れて" in _problem(path)


def test_a_lost_line_is_noticed(tmp_path: Path) -> None:
    path = _save(tmp_path / "r.jsonl", MANY, "jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert "集計と合いません" in _problem(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSON として読めません"),
        (b"\x83\x8a", "UTF-8 として読めません"),
        (b"[]", "aiguard の結果ではありません"),
        (b'{"schema": true}', "aiguard の結果ではありません"),
        (b'{"schema": 2}', "第2版"),
        (b'{"type": "header", "schema": 2}\n{"type": "summary"}', "第2版"),
        (b'{"schema": 1}', "$ が aiguard の結果の形ではありません"),
        (b'{"type": "header", "schema": 1}', "最後の集計の行がありません"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "r"
    path.write_bytes(content)
    assert said in _problem(path)


def test_a_wrong_value_is_named_by_its_key_and_not_repeated(tmp_path: Path) -> None:
    for form, place in (("json", "$.documents[0].findings[0].severity"), ("jsonl", "2行目 $.findings[0].severity")):
        path = _save(tmp_path / form, _report(BLOCKED), form)
        text = re.sub('"severity": ?"warn"', '"severity":"流山花子"', path.read_text(encoding="utf-8"), count=1)
        path.write_text(text, encoding="utf-8")
        assert _problem(path) == f"{place} が aiguard の結果の形ではありません。"


def test_a_line_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = _save(tmp_path / "r.jsonl", _report(CLEAN), "jsonl")
    path.write_text(path.read_text(encoding="utf-8").replace('"document"', '"other"'), encoding="utf-8")
    assert _problem(path) == "2行目が文書の結果ではありません。"


def test_results_of_different_guidelines_are_not_mixed(tmp_path: Path) -> None:
    other = replace(_report(CLEAN), guideline=GuidelineName("other", "別の市", "第1版"))
    paths = [_save(tmp_path / "1", _report(CLEAN), "json"), _save(tmp_path / "2", other, "json")]
    with pytest.raises(ResultError, match="別のガイドライン"):
        load(paths)


def test_missing_files_are_named(tmp_path: Path) -> None:
    assert "開けません" in _problem(tmp_path / "nowhere.json")
    with pytest.raises(ResultError, match="結果のファイルがありません"):
        load([])


# --- the whole


def test_suppressions_say_who_and_why() -> None:
    assert words.suppression(Suppression("allow", "公開済み")) == "許可リスト：公開済み"
    assert words.suppression(Suppression("inline", "確認済み")) == "文中の指定：確認済み"


def test_a_summary_counts_what_is_not_suppressed() -> None:
    counted = summarise((BLOCKED, CLEAN, CLEAN))
    assert to_builtins(counted) == {"documents": 3, "block": 1, "warn": 0, "pass": 2, "unchecked": 0, "findings": 4}


def test_a_format_is_imported_when_it_is_used() -> None:
    code = "import sys, aiguard.reporters; print({'rich', 'aiguard.reporters.text'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, cwd=HERE.parent)
    assert done.stdout == "set()\n"


def test_what_a_file_is_named_stands_on_no_line_of_it() -> None:
    cell, named = (Location(label, 3, 1, 3, 5, 0, 4) for label in ("B3", "ファイル名"))
    assert line_of("名簿.csv", cell) == 3
    assert line_of("名簿.csv", named) is None
