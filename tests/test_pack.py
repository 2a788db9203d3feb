"""The pack that is shipped keeps its promises, and a mistake in a pack is named by file, rule and key."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from aiguard import pack as packs
from aiguard import resources
from aiguard.api import check_text
from aiguard.detectors import DETECTORS
from aiguard.errors import PackError
from aiguard.examples import plain, run_examples, spans
from aiguard.model import Config, Coverage, Pack, Span, Verdict

if TYPE_CHECKING:
    from pathlib import Path

DETECTOR = "[rule.pattern]\npatterns = ['zqx+']"
EXAMPLES = '[rule.examples]\nmatch = ["«zqxx»"]\nno_match = ["abc"]'
RULE = f"""\
[[rule]]
id = "made-up"
title = "題"
sections = {{ prompt = ["5(1)"] }}
message = "文"
why = "理由"
advice = "修正"
{DETECTOR}
[[rule.tier]]
severity = "note"
{EXAMPLES}
"""
SECTIONS = (
    "1 2 3 4 5 5(1) 5(2) 5(3) 5(4) 5(5) 5(6) 6 6(1) 6(2) 7 7.1 7.2 7.3 8 8.1 8.2 8.3 8.3(1) 8.3(2) 8.3(3) 8.4 9 10"
).split()
# What a machine must look at, at least in part.
WATCHED = "5(1) 5(2) 5(3) 5(4) 5(5) 5(6) 7.1 7.2 7.3 8.4".split()


@pytest.fixture(scope="module")
def shipped() -> Pack:
    """Return the pack that is shipped."""
    return packs.load(packs.find(None))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the pack that is shipped, without lexicons beside it."""
    return shutil.copytree(packs.find(None), tmp_path / "city")


def _with_rules(folder: Path, toml: str) -> Path:
    (folder / "rules" / "zz.toml").write_text(toml, encoding="utf-8")
    return folder


def _mistake(folder: Path) -> PackError:
    """Load a broken pack and return the mistake, patterns included."""
    with pytest.raises(PackError) as caught:
        packs.check_patterns(packs.load(folder))
    return caught.value


def test_every_regular_expression_compiles(shipped: Pack) -> None:
    packs.check_patterns(shipped)


def test_every_example_of_every_rule_holds(shipped: Pack) -> None:
    outcomes = run_examples(shipped)
    assert outcomes.failures == ()
    assert outcomes.total >= 2 * len(shipped.rules)


def test_ids_are_unique(shipped: Pack) -> None:
    assert [name for name, times in Counter(rule.id for rule in shipped.rules).items() if times > 1] == []


def test_every_rule_speaks_to_people(shipped: Pack) -> None:
    for rule in shipped.rules:
        assert rule.kind in DETECTORS
        assert all(text.strip() for text in (rule.title, rule.message, rule.why, rule.advice)), rule.id
        assert rule.sections.prompt or rule.sections.document, rule.id


def test_rules_on_values_show_where_a_value_begins_and_ends(shipped: Pack) -> None:
    found = [rule for rule in shipped.rules if rule.entity]
    assert [rule.id for rule in found if not any(map(spans, rule.examples.match))] == []


def test_every_section_of_the_guideline_is_described_once(shipped: Pack) -> None:
    found = [section.id for section in shipped.guideline.section]
    assert set(SECTIONS) <= set(found)
    assert len(found) == len(set(found))


def test_what_must_be_watched_is_not_left_to_people(shipped: Pack) -> None:
    coverage = {section.id: section.coverage for section in shipped.guideline.section}
    assert [name for name in WATCHED if coverage[name] is Coverage.HUMAN] == []


def test_what_must_be_watched_is_cited_by_a_rule(shipped: Pack) -> None:
    cited = {section for rule in shipped.rules for section in rule.sections.prompt + rule.sections.document}
    assert cited <= {section.id for section in shipped.guideline.section}
    assert {"5(1)", "5(2)", "5(3)", "5(4)", "7.1", "7.2", "7.3"} <= cited


def test_what_is_not_checked_says_why(shipped: Pack) -> None:
    gaps = [section for section in shipped.guideline.section if section.coverage is not Coverage.CHECKED]
    assert all(section.reason.strip() for section in gaps)
    assert all(section.title.strip() and section.asks.strip() for section in shipped.guideline.section)


def test_marks_in_examples_are_places_in_the_plain_text() -> None:
    assert plain("氏名は«架空花子»と«架空次郎»") == "氏名は架空花子と架空次郎"
    assert spans("氏名は«架空花子»と«架空次郎»") == [Span(3, 7), Span(8, 12)]
    assert spans("印のない文") == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('why = "理由"', 'wyh = "理由"', "wyh"),
        ('why = "理由"', 'why = "理由"\nextra = 1', "extra"),
        (DETECTOR, f"{DETECTOR}\nreach = 3", "pattern.reach"),
        (DETECTOR, "[rule.pattern]", "pattern.patterns"),
        ("['zqx+']", "'zqx+'", "pattern.patterns"),
        ("['zqx+']", "['zqx(+']", "pattern.patterns"),
        ("['zqx+']", "['１２zqx']", "pattern.patterns"),
        (DETECTOR, f"{DETECTOR}\ncheck = 'sum'", "pattern.check"),
        (DETECTOR, f"{DETECTOR}\nscopes = {{ near = 'line' }}", "pattern.scopes"),
        (DETECTOR, f"{DETECTOR}\ncontext = {{ goods = ['@nowhere'] }}", "pattern.context.goods"),
        (DETECTOR, f"{DETECTOR}\n[rule.terms]\nwords = ['語']", "pattern、terms"),
        (DETECTOR, "", None),
        (DETECTOR, "pattern = 3", "pattern"),
        (DETECTOR, "[rule.terms]\nwords = []", "terms.words"),
        (DETECTOR, "[rule.cues]\nwords = { other = ['語'] }", "cues.anchor"),
        ('"note"', '"error"', "tier[0].severity"),
        ('[[rule.tier]]\nseverity = "note"', "", "tier"),
        ("5(1)", "5(9)", "sections"),
        ('match = ["«zqxx»"]', "match = []", "examples"),
        ('no_match = ["abc"]', "", "examples.no_match"),
        (EXAMPLES, "", "examples"),
        ('title = "題"', 'title = "題"\nview = "upper"', "view"),
    ],
)
def test_a_mistake_in_a_rule_is_named_by_file_rule_and_key(copy: Path, old: str, new: str, key: str | None) -> None:
    assert RULE.count(old) == 1
    error = _mistake(_with_rules(copy, RULE.replace(old, new)))
    assert (error.file, error.rule, error.key) == ("rules/zz.toml", "made-up", key)
    assert error.message.startswith(":".join(part for part in ("rules/zz.toml", "made-up", key) if part) + ": ")


@pytest.mark.parametrize(
    ("toml", "rule", "key"),
    [
        (RULE.replace("made-up", "Made_Up"), "Made_Up", "id"),
        (RULE.replace('"made-up"', "7"), "7", "id"),
        (RULE.replace('id = "made-up"', ""), "?", "id"),
        (RULE + RULE, "made-up", "id"),
        (RULE.replace("title", "tit le"), None, None),
        (RULE + "[other]\na = 1", None, "other"),
        ("rule = ['words']", None, "rule"),
        ("", None, "rule"),
    ],
)
def test_a_mistake_outside_the_keys_of_a_rule_is_named_as_nearly_as_can_be(
    copy: Path, toml: str, rule: str | None, key: str | None
) -> None:
    error = _mistake(_with_rules(copy, toml))
    assert (error.file, error.rule, error.key) == ("rules/zz.toml", rule, key)


@pytest.mark.parametrize(
    ("file", "toml", "key"),
    [
        ("words.toml", "some = 1", "some"),
        ("words.toml", "some = 'word'", "some"),
        ("words.toml", "some = ", None),
        ("organisation.toml", "phone = []", "phone"),
        ("organisation.toml", "phones = '04-7100-0000'", "phones"),
        ("attribution.toml", "form = '【{name}】'", "section"),
        ("guideline.toml", "id = 'x'\ntitle = 'x'\nedition = 'x'\nsection = []\nmore = 1", "more"),
    ],
)
def test_a_mistake_in_another_file_is_named_by_file_and_key(copy: Path, file: str, toml: str, key: str | None) -> None:
    for rules in (copy / "rules").glob("*.toml"):
        rules.unlink()
    (copy / file).write_text(toml, encoding="utf-8")
    error = _mistake(copy)
    assert (error.file, error.rule, error.key) == (file, None, key)


def test_a_mistyped_key_gets_a_hint(copy: Path) -> None:
    error = _mistake(_with_rules(copy, RULE.replace("advice", "advise")))
    assert error.hint == "「advice」のことですか。"


def test_a_rule_without_a_detector_is_told_which_there_are(copy: Path) -> None:
    error = _mistake(_with_rules(copy, RULE.replace(DETECTOR, "")))
    assert all(kind in error.hint for kind in DETECTORS)


def test_a_rule_file_that_is_not_utf8_is_named_and_not_quoted(copy: Path) -> None:
    (copy / "rules" / "zz.toml").write_bytes("題".encode("shift_jis"))
    error = _mistake(copy)
    assert error.file == "rules/zz.toml"
    assert error.__cause__ is None


def test_an_id_that_comes_twice_names_the_other_file(copy: Path, shipped: Pack) -> None:
    first = shipped.rules[0]
    error = _mistake(_with_rules(copy, RULE.replace("made-up", first.id)))
    assert (error.file, error.rule, error.key) == ("rules/zz.toml", first.id, "id")
    assert first.file in error.message


@pytest.mark.parametrize("name", ["atlantis", "../nowhere", "/nowhere/at/all"])
def test_a_pack_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(PackError) as caught:
        packs.find(name)
    assert caught.value.file == name
    assert caught.value.hint


def test_a_pack_is_found_by_name_by_path_and_by_default(copy: Path) -> None:
    assert packs.find(str(copy)) == copy
    assert packs.find("nagareyama") == packs.find(None)


def test_the_mistake_is_told_before_a_text_is_read(copy: Path) -> None:
    _with_rules(copy, RULE.replace("zqx+", "zqx(+"))
    with pytest.raises(PackError):
        check_text("個人番号は123456789018です", config=Config(pack=str(copy)))


def test_a_pack_of_ones_own_works_and_reads_the_names_that_are_shipped(copy: Path) -> None:
    _with_rules(copy, RULE.replace('"note"', '"block"'))
    report = check_text("zqxxを担当の佐藤花子さんに渡す", config=Config(pack=str(copy)))
    assert report.verdict is Verdict.BLOCK
    assert {"made-up", "person-name"} <= {finding.rule for finding in report.findings}


def test_a_pack_may_bring_its_own_names(copy: Path) -> None:
    lexicons = copy.parent / "common" / "lexicons"
    lexicons.mkdir(parents=True)
    (lexicons / "surnames.txt").write_text("# 姓\n架空\n", encoding="utf-8")
    assert resources.lexicon(str(copy), "surnames") == {"架空"}
    assert "花子" in resources.lexicon(str(copy), "given-names")
