"""The three functions that Python callers use do what the command line does."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

import aiguard
from aiguard import check_path, check_text, pack, report, review_text
from aiguard.detectors.checks import verify
from aiguard.errors import ConfigError, PackError
from aiguard.model import Allow, Config, Coverage, Severity, Use, Verdict

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = "架空公園の改修についてお知らせします。工事は来月から始まります。\n"


def _my_number() -> str:
    return next(number for last in range(10) if verify("my-number", number := f"98320567321{last}"))


def test_the_examples_of_the_package_hold() -> None:
    results = doctest.testmod(aiguard)
    assert results.attempted > 0
    assert results.failed == 0


def test_the_package_offers_what_it_names_and_nothing_else() -> None:
    assert all(getattr(aiguard, name) for name in aiguard.__all__)
    with pytest.raises(AttributeError):
        aiguard.check_everything  # noqa: B018 - the look-up is the test


def test_a_text_with_a_number_is_blocked_and_the_number_is_not_shown() -> None:
    number = _my_number()
    report = check_text(f"個人番号は{number}です")
    assert (report.path, report.use, report.verdict) == ("-", Use.PROMPT, Verdict.BLOCK)
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("my-number", Severity.BLOCK)
    assert (finding.location.line, finding.location.column) == (1, 6)
    assert "5(1)" in finding.sections
    assert number not in repr(report)


def test_a_clean_text_passes() -> None:
    report = check_text("広報の見出しを三つ考えてください。")
    assert (report.verdict, report.findings, report.unchecked) == (Verdict.PASS, (), ())


@pytest.mark.parametrize("text", ["", "\n", " ", "\u200b"])
def test_an_empty_text_passes(text: str) -> None:
    assert check_text(text).verdict is Verdict.PASS


def test_a_text_about_to_be_published_is_told_the_sections_on_publishing() -> None:
    report = check_text(f"個人番号は{_my_number()}です", use="document")
    assert report.use is Use.DOCUMENT
    assert {section for finding in report.findings for section in finding.sections if finding.entity} == {"8.3(3)"}


def test_a_use_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="publish"):
        check_text("文", use="publish")


def test_a_configuration_counts() -> None:
    text = f"個人番号は{_my_number()}です"
    ignored = check_text(text, config=Config(ignore=("my-number",)))
    assert [finding.rule for finding in ignored.findings] == []
    allowed = check_text(text, config=Config(allow=(Allow(reason="研修用の番号", rule="my-number"),)))
    assert [finding.suppressed is not None for finding in allowed.findings] == [True]
    assert allowed.verdict is Verdict.PASS


def test_a_configuration_that_names_what_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError):
        check_text("文", config=Config(ignore=("no-such-rule",)))
    with pytest.raises(PackError):
        check_text("文", config=Config(pack="atlantis"))


def test_a_file_is_checked_under_its_path(tmp_path: Path) -> None:
    path = tmp_path / "prompt.txt"
    path.write_text(f"前文\n個人番号は{_my_number()}です\n", encoding="utf-8")
    report = check_path(path)
    assert (report.path, report.verdict) == (str(path), Verdict.BLOCK)
    assert [finding.location.line for finding in report.findings] == [2]
    assert check_path(str(path)) == report


def test_a_file_and_its_text_are_judged_alike(tmp_path: Path) -> None:
    text = f"担当は佐藤花子さん、個人番号は{_my_number()}です\n"
    path = tmp_path / "prompt.txt"
    path.write_text(text, encoding="cp932")
    assert [(each.rule, each.location) for each in check_path(path).findings] == [
        (each.rule, each.location) for each in check_text(text).findings
    ]


def test_the_configuration_nearest_to_a_file_counts(tmp_path: Path) -> None:
    (tmp_path / "aiguard.toml").write_text('ignore = ["my-number"]\n', encoding="utf-8")
    path = tmp_path / "prompt.txt"
    path.write_text(f"個人番号は{_my_number()}です", encoding="utf-8")
    assert check_path(path).verdict is Verdict.PASS
    assert check_path(path, config=Config()).verdict is Verdict.BLOCK


@pytest.mark.parametrize("content", [None, b"\x89PNG\r\n\x1a\n\0\0\0", b"PK\x03\x04rest"])
def test_what_cannot_be_read_is_unchecked_and_not_clean(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "prompt.bin"
    if content is not None:
        path.write_bytes(content)
    report = check_path(path)
    assert report.verdict is Verdict.UNCHECKED
    assert report.unchecked


def test_a_draft_with_its_statement_is_in_order() -> None:
    report = review_text(f"{DRAFT}\n【ChatGPT】により作成\n", ai_names=["ChatGPT"])
    assert report.use is Use.DOCUMENT
    assert report.attribution is not None
    assert (report.attribution.status, report.attribution.ai_names) == ("ok", ("ChatGPT",))
    assert report.verdict is Verdict.PASS


def test_a_draft_without_the_statement_that_is_wanted_is_not(tmp_path: Path) -> None:
    report = review_text(DRAFT, ai_names=["ChatGPT"])
    assert report.attribution is not None
    assert (report.attribution.status, report.attribution.wanted) == ("missing", "【ChatGPT】により作成")
    path = tmp_path / "draft.txt"
    path.write_text(DRAFT, encoding="utf-8")
    assert check_path(path, "document").use is Use.DOCUMENT


def test_a_draft_made_without_an_ai_needs_no_statement() -> None:
    report = review_text(DRAFT, ai_used=False)
    assert report.attribution is not None
    assert report.attribution.status == "not_needed"


def test_a_prompt_has_no_statement() -> None:
    assert check_text(DRAFT).attribution is None


def test_a_section_that_the_user_switched_off_is_named_even_where_a_machine_checks_it_wholly() -> None:
    loaded = pack.load(pack.find(None))
    whole = [replace(section, coverage=Coverage.CHECKED) for section in loaded.guideline.section]
    checked = replace(loaded, guideline=replace(loaded.guideline, section=tuple(whole)))
    assert [gap.section for gap in report.not_checked(checked, ("5(1)",))] == ["5(1)"]
