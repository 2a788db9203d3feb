"""A pack has what it extends, but for what it says itself; each mistake is named in the file of the layer that has it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from made_packs import TOPICS, make, rule, write

from aiguard import pack as packs
from aiguard.api import check_text, review_text
from aiguard.describe import gaps
from aiguard.errors import PackError
from aiguard.examples import run_examples
from aiguard.model import Config, Pack, Severity, Verdict
from aiguard.resources import root

if TYPE_CHECKING:
    from pathlib import Path


def mistake(pack: Path) -> PackError:
    with pytest.raises(PackError) as caught:
        packs.load(pack)
    return caught.value


def place(pack: Path) -> tuple[str, str | None, str | None]:
    error = mistake(pack)
    return error.file, error.rule, error.key


def ids(pack: Pack) -> set[str]:
    return {each.id for each in pack.rules}


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Return a pack that extends what cities share."""
    return make(tmp_path, "city")


@pytest.mark.parametrize("name", ["nagareyama", "template"])
def test_packs_that_are_shipped_keep_their_examples(name: str) -> None:
    pack = packs.load(packs.find(name))
    packs.check_patterns(pack)
    outcomes = run_examples(pack)
    assert outcomes.failures == ()
    assert outcomes.total > 800


def test_shared_rules_cite_the_sections_that_the_pack_gives_their_topics(city: Path) -> None:
    pack = packs.load(city)
    cited = {each.id: each.sections for each in pack.rules}
    assert cited["my-number"].prompt == ("A",)
    assert cited["my-number"].document == ("C",)
    assert cited["evaluation-result"].prompt == ("B",)
    assert "catch-copy" not in cited
    finding = check_text("個人番号は1234 5678 9018です", config=Config(pack=str(city))).findings[0]
    assert finding.sections == ("A",)


@pytest.mark.parametrize(
    ("topics", "statement"),
    [
        ({topic: ["A"] for topic in TOPICS}, 'section = "A"'),
        (
            TOPICS | {"personal": [], "secrets": [], "works": []},
            'section = "C"\nrequired = "declared"\nwording = "free"',
        ),
        (
            TOPICS | {"personal-published": [], "facts": []},
            'section = "C"\nrequired = "always"\nform = "※（{name}で作成）"',
        ),
        (TOPICS, 'section = "C"\nname = "optional"\nform = "この資料は{name}を使って作りました。"'),
        (TOPICS, 'section = "C"\nname = "optional"\nwording = "free"'),
        (TOPICS, 'section = "C"\nform = "※この文章は生成AIを使用して作成しました"\nalso = ["AI使用"]'),
    ],
)
def test_examples_of_shared_rules_hold_in_whatever_pack(
    tmp_path: Path, topics: dict[str, list[str]], statement: str
) -> None:
    city = make(tmp_path, "city", topics=topics)
    write(city, "attribution.toml", statement)
    write(city, "classification.toml", '[[label]]\nseverity = "warn"\nwords = ["甲種"]\n')
    write(city, "words.toml", 'towns = ["星見台"]\nshort_towns = ["中"]')
    assert run_examples(packs.load(city)).failures == ()


def test_a_rule_of_two_topics_cites_their_sections_in_the_order_of_the_guideline() -> None:
    pack = packs.load(packs.find("nagareyama"))
    found = next(each for each in pack.rules if each.id == "evaluation-result")
    assert found.sections.prompt == ("5(2)", "5(3)", "7.3")


def test_a_topic_that_is_not_mapped_is_named_with_the_mend(tmp_path: Path) -> None:
    error = mistake(make(tmp_path, "city", topics={key: at for key, at in TOPICS.items() if key != "misuse"}))
    assert (error.file, error.rule, error.key) == ("guideline.toml", None, "topics.misuse")
    assert "misuse = []" in error.hint


def test_an_optional_topic_that_is_not_mapped_is_not_looked_at_and_said(tmp_path: Path) -> None:
    city = make(tmp_path, "city")
    write(city, "topics.toml", '[later]\ntitle = "題"\nabout = "文"\noptional = true')
    write(city, "rules/own.toml", rule("word", "合言葉").replace('"secrets"', '"later"'))
    pack = packs.load(city)
    assert "word" not in ids(pack)
    assert "調べない話題: later（topics の later = []）" in gaps(pack)


@pytest.mark.parametrize(
    ("topics", "key", "hint"),
    [({"misues": ["A"]}, "topics.misues", "misuse"), ({"misuse": ["AA"]}, "topics.misuse", "「A」")],
)
def test_a_mistaken_topic_or_section_gets_a_hint(
    tmp_path: Path, topics: dict[str, list[str]], key: str, hint: str
) -> None:
    error = mistake(make(tmp_path, "city", topics=TOPICS | topics))
    assert (error.file, error.key) == ("guideline.toml", key)
    assert hint in error.hint


def test_packs_extend_packs_by_name_and_by_path(tmp_path: Path) -> None:
    county = make(tmp_path, "county")
    write(county, "rules/own.toml", rule("county-word", "県の合言葉"))
    city = make(tmp_path / "cities", "city", "../../county")
    write(city, "rules/own.toml", rule("city-word", "市の合言葉"))
    ward = make(tmp_path / "cities", "ward", "city")
    assert ids(packs.load(county)) - ids(packs.load(ward)) == set()
    assert ids(packs.load(ward)) - ids(packs.load(county)) == {"city-word"}
    report = check_text("県の合言葉と市の合言葉", config=Config(pack=str(ward)))
    assert {each.rule for each in report.findings} == {"county-word", "city-word"}
    assert packs.load(ward).layers == tuple(str(each.resolve()) for each in (ward, city, county, root() / "common"))


def test_a_pack_may_leave_sections_and_topics_to_the_one_below(tmp_path: Path) -> None:
    make(tmp_path, "city")
    later = tmp_path / "later"
    later.mkdir()
    write(
        later, "guideline.toml",
        'id = "city"\ntitle = "city"\nedition = "2"\nextends = "city"\n[topics]\nmisuse = ["C"]\n',
    )  # fmt: skip
    pack = packs.load(later)
    assert [section.id for section in pack.guideline.section] == ["A", "B", "C"]
    cited = {each.id: each.sections.prompt for each in pack.rules}
    assert (cited["malware"], cited["my-number"]) == (("C",), ("A",))
    assert pack.attribution.section == "C"


def test_a_pack_that_extends_nothing_has_its_own_rules_alone(tmp_path: Path) -> None:
    alone = make(tmp_path, "alone", None, {})
    write(
        alone,
        "rules/own.toml",
        rule("word", "合言葉").replace('topics = { prompt = ["secrets"] }', 'sections = { prompt = ["A"] }'),
    )
    assert ids(packs.load(alone)) == {"word"}


def test_a_base_that_is_missing_is_named_and_the_nearest_suggested(tmp_path: Path) -> None:
    error = mistake(make(tmp_path, "city", "nagareyma"))
    assert (error.file, error.key) == ("guideline.toml", "extends")
    assert "nagareyama" in error.hint


def test_a_cycle_is_shown_and_named_in_the_layer_that_closes_it(tmp_path: Path) -> None:
    one = make(tmp_path, "one", "two")
    make(tmp_path, "two", "three")
    make(tmp_path, "three", "one")
    error = mistake(one)
    assert (error.file, error.key) == ("three/guideline.toml", "extends")
    assert "one → two → three → one" in error.message


def test_a_pack_that_extends_itself_is_refused(tmp_path: Path) -> None:
    assert place(make(tmp_path, "city", "city")) == ("guideline.toml", None, "extends")


@pytest.mark.parametrize(
    ("file", "text", "rule_id", "key"),
    [
        ("rules/own.toml", rule("word", "合言葉").replace("why", "wyh"), "word", "wyh"),
        ("words.toml", "towns = 'word'", None, "towns"),
        ("organisation.toml", "phone = []", None, "phone"),
        ("attribution.toml", "requires = 'always'", None, "requires"),
        ("attribution.toml", "section = 'C'\nrequired = 'never'", None, "required"),
        ("attribution.toml", "section = 'C'\nform = '{name}{name}'", None, "form"),
        ("attribution.toml", "section = 'C'\nalso = ['{mane}で作成']", None, "also"),
        ("classification.toml", "[[label]]\nseverity = 'high'\nwords = ['甲']", None, "label[0].severity"),
        ("classification.toml", "[[label]]\nseverity = 'warn'\nwords = []", None, "label[0].words"),
        ("changes.toml", "remove = ['nothing-like-it']", None, "remove"),
        ("topics.toml", "[mine]\ntitle = '題'", None, "mine.about"),
        ("document.toml", "[personal]\nwhy = '文'", None, "personal.advice"),
    ],
)
def test_a_mistake_is_named_in_the_layer_that_has_it(
    tmp_path: Path, file: str, text: str, rule_id: str | None, key: str
) -> None:
    county = make(tmp_path, "county")
    city = make(tmp_path, "city", "county")
    write(county, file, text)
    assert place(county) == (file, rule_id, key)
    assert place(city) == (f"county/{file}", rule_id, key)


def test_a_mistake_in_the_head_of_a_layer_below_is_its_own(tmp_path: Path) -> None:
    county = make(tmp_path, "county")
    city = make(tmp_path, "city", "county")
    head = (county / "guideline.toml").read_text(encoding="utf-8")
    write(county, "guideline.toml", head.replace('kind = "prohibition"', 'kind = "rule"', 1))
    assert place(city) == ("county/guideline.toml", None, "section[0].kind")


def test_a_statement_belongs_to_a_section_of_the_guideline(city: Path) -> None:
    write(city, "attribution.toml", 'section = "Z"')
    assert place(city) == ("attribution.toml", None, "section")


def test_a_guideline_that_wants_no_statement_never_misses_one(tmp_path: Path) -> None:
    city = make(tmp_path, "city", topics=TOPICS | {"attribution": []})
    (city / "attribution.toml").unlink()
    report = review_text("図書館だより\n", ai_used=True, config=Config(pack=str(city)))
    assert report.attribution is not None
    assert (report.attribution.status, report.verdict) == ("not_needed", Verdict.PASS)
    assert not {"attribution-missing", "attribution-malformed"} & ids(packs.load(city))


def test_a_pack_adds_services_to_those_that_all_know(city: Path) -> None:
    write(city, "attribution.toml", 'section = "C"\n[[services]]\nname = "星見AI"\naliases = ["ほしみ"]\n')
    services = [each.name for each in packs.load(city).attribution.services]
    assert {"星見AI", "ChatGPT", "QommonsAI"} <= set(services)
    report = review_text("図書館だより\n【ほしみ】により作成", ai_used=True, config=Config(pack=str(city)))
    assert report.attribution is not None
    assert (report.attribution.status, report.attribution.ai_names) == ("ok", ("星見AI",))


def test_files_may_begin_with_the_mark_that_editors_put_there(city: Path) -> None:
    for file in city.glob("*.toml"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert len(packs.load(city).rules) > 100


@pytest.mark.parametrize("text", ['form = "閉じない', 'form ＝ "全角"', "form = ”全角”", 'form = "a"\nform = "b"'])
def test_a_file_that_is_no_toml_is_named_with_the_line_and_a_mend(city: Path, text: str) -> None:
    write(city, "attribution.toml", f'section = "C"\n{text}')
    error = mistake(city)
    assert (error.file, "全角" in error.hint) == ("attribution.toml", True)
    assert re.search("[23]行目の", error.message)


def test_a_rule_that_is_removed_is_gone(city: Path) -> None:
    write(city, "changes.toml", 'remove = ["email", "my-number"]')
    assert not ids(packs.load(city)) & {"email", "my-number"}
    assert check_text("連絡は hanako@example-mail.jp へ", config=Config(pack=str(city))).findings == ()


def test_removing_a_rule_that_is_not_there_suggests_the_nearest(city: Path) -> None:
    write(city, "changes.toml", 'remove = ["my-numbr"]')
    error = mistake(city)
    assert (error.file, error.rule, error.key) == ("changes.toml", None, "remove")
    assert "my-number" in error.hint


def test_changing_a_rule_that_is_not_there_suggests_the_nearest(city: Path) -> None:
    write(city, "changes.toml", '[rule.my-numbr]\nwhy = "理由"')
    error = mistake(city)
    assert (error.file, error.rule) == ("changes.toml", "my-numbr")
    assert "my-number" in error.hint


@pytest.mark.parametrize(
    ("severity", "verdict"),
    [('"warn"', Verdict.WARN), ('{ block = "warn" }', Verdict.WARN), ('{ warn = "note" }', Verdict.BLOCK)],
)
def test_severities_are_changed(city: Path, severity: str, verdict: Verdict) -> None:
    write(city, "changes.toml", f"[rule.my-number]\nseverity = {severity}")
    assert check_text("個人番号は1234 5678 9018です", config=Config(pack=str(city))).verdict is verdict


def test_what_a_rule_says_is_changed_and_the_rest_stays(city: Path) -> None:
    write(city, "changes.toml", '[rule.my-number]\nadvice = "情報政策課へ"\ntitle = "番号"')
    before, after = (
        {each.id: each for each in packs.load(pack).rules}["my-number"] for pack in (packs.find(None), city)
    )
    assert (after.title, after.advice) == ("番号", "情報政策課へ")
    assert (after.why, after.spec, after.tiers) == (before.why, before.spec, before.tiers)


def test_tables_within_a_rule_are_changed_key_by_key(city: Path) -> None:
    write(city, "changes.toml", '[rule.portal.terms]\nwords = ["新しい名"]')
    write(make(city.parent, "base"), "rules/own.toml", rule("portal", "古い名"))
    text = (city / "guideline.toml").read_text(encoding="utf-8").replace('"common"', '"base"')
    write(city, "guideline.toml", text)
    report = check_text("新しい名と古い名", config=Config(pack=str(city)))
    assert [each.rule for each in report.findings] == ["portal"]


def test_a_section_of_a_shared_rule_may_be_named_outright(city: Path) -> None:
    write(city, "changes.toml", '[rule.my-number]\nsections = { prompt = ["C"] }')
    changed = {each.id: each for each in packs.load(city).rules}["my-number"]
    assert (changed.sections.prompt, changed.sections.document) == (("C",), ())


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ('severity = "high"', "severity"),
        ('severity = { high = "warn" }', "severity"),
        ('id = "other"', "id"),
        ("why = 3", "why"),
        ("extra = 3", "extra"),
        ('pattern = { patterns = ["(a"], check = "sum" }', "pattern.check"),
        ('sections = { prompt = ["Z"] }', "sections"),
    ],
)
def test_a_mistake_in_a_change_is_that_of_the_file_with_the_change(city: Path, change: str, key: str) -> None:
    write(city, "changes.toml", f"[rule.my-number]\n{change}")
    assert place(city) == ("changes.toml", "my-number", key)


def test_an_id_of_a_rule_below_is_refused_unless_it_is_to_be_replaced(city: Path) -> None:
    write(city, "rules/own.toml", rule("my-number", "合言葉"))
    error = mistake(city)
    assert (error.file, error.rule, error.key) == ("rules/own.toml", "my-number", "id")
    assert "common/rules/personal-numbers.toml" in error.message
    assert "replaces = true" in error.hint
    write(city, "rules/own.toml", rule("my-number", "合言葉", "replaces = true"))
    assert {each.id: each for each in packs.load(city).rules}["my-number"].kind == "terms"


def test_a_list_of_words_may_take_up_the_one_below(city: Path) -> None:
    text = "練習用の記載です。住所は千葉県流山市平和台2丁目3番地の4"
    assert check_text(text, config=Config(pack=str(city))).verdict is Verdict.BLOCK
    write(city, "words.toml", 'sample = ["@sample", "練習用の記載"]')
    assert check_text(text, config=Config(pack=f"{city}/")).verdict is Verdict.PASS
    assert check_text(text.replace("練習用", "記入例"), config=Config(pack=f"{city}/")).verdict is Verdict.PASS
    write(city, "words.toml", 'sample = ["@smaple"]')
    assert place(city) == ("words.toml", None, "sample")


def test_texts_of_rules_say_what_the_pack_calls_it(city: Path) -> None:
    write(city, "classification.toml", 'phrase = "甲種の情報"')
    write(city, "rules/own.toml", rule("word", "合言葉"))
    assert {each.id: each for each in packs.load(city).rules}["word"].why == "甲種の情報は入力できません。"


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("【等級甲】\n清掃の分担", Severity.BLOCK),
        ("【等級甲の2】\n清掃の分担", Severity.WARN),
        ("【等級丙】\n清掃の分担", None),
        (
            "等級甲の資料です。次を要約して。\n・保守切れのスイッチは6台、更新は令和9年3月まで受けられない",
            Severity.BLOCK,
        ),
        (
            "等級甲の2の資料です。次を要約して。\n・保守切れのスイッチは6台、更新は令和9年3月まで受けられない",
            Severity.WARN,
        ),
        ("等級丙の資料です。次を要約して。\n・保守切れのスイッチは6台、更新は令和9年3月まで受けられない", None),
        (
            "等級 3の資料です。次を要約して。\n・保守切れのスイッチは6台、更新は令和9年3月まで受けられない",
            Severity.BLOCK,
        ),
        ("等級３Cの資料です。次を要約して。\n・保守切れのスイッチは6台、更新は令和9年3月まで受けられない", None),
        ("【機密性2】\n清掃の分担", None),
    ],
)
def test_marks_of_classification_call_for_what_the_pack_says(city: Path, text: str, severity: Severity | None) -> None:
    labels = {"block": "等級甲", "warn": "等級甲の2", "none": "等級丙"}
    toml = "".join(f'[[label]]\nseverity = "{key}"\nwords = ["{word}"]\n' for key, word in labels.items())
    toml += '[[label]]\nseverity = "block"\nwords = ["等級3"]\n[[label]]\nseverity = "none"\nwords = ["等級3C"]\n'
    write(city, "classification.toml", toml)
    found = check_text(text, config=Config(pack=str(city))).findings
    assert max((each.severity for each in found), key=lambda each: each.rank, default=None) == severity


def test_the_organisation_of_the_pack_is_passed_over(city: Path) -> None:
    text = "窓口は04-0000-1111です"
    config = Config(pack=str(city))
    assert check_text(text, config=config).findings[0].suppressed is None
    write(city, "organisation.toml", 'name = "架空市"\nphones = ["04-0000-1111"]')
    assert all(each.suppressed for each in check_text(text, config=Config(pack=f"{city}/")).findings)


def _run(folder: Path, cache: Path, text: str) -> str:
    """Check a text under a pack in a process of its own that keeps what it makes in `cache`."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-m", "aiguard", "check", "--format", "json", "--pack", str(folder), "-"],
        input=text, env={**environment, "PYTHONPYCACHEPREFIX": str(cache), "PYTHONUTF8": "1"}, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def test_what_is_kept_is_made_anew_when_a_file_of_any_layer_changes(tmp_path: Path) -> None:
    county = make(tmp_path, "county")
    city = make(tmp_path, "city", "county")
    cache, text = tmp_path / "cache", "県の合言葉"
    before = _run(city, cache, text)
    assert before == _run(city, cache, text)
    assert "pack-other" in {file.name.partition(".")[0] for file in cache.rglob("*.bin")}
    write(county, "rules/own.toml", rule("county-word", "県の合言葉"))
    assert '"county-word"' in _run(city, cache, text)
    write(county, "words.toml", 'goods = ["品"]')
    assert '"county-word"' in _run(city, cache, text)


@pytest.mark.parametrize(
    ("name", "hint"), [("classfication.toml", "classification.toml"), ("rule/own.toml", "rules"), ("メモ.toml", "")]
)
def test_a_file_that_nothing_reads_is_a_mistake(city: Path, name: str, hint: str) -> None:
    write(city, name, "")
    error = mistake(city)
    assert error.file == name.partition("/")[0]
    assert hint in (error.hint or "")


def test_a_section_that_stands_twice_is_a_mistake(city: Path) -> None:
    head = (city / "guideline.toml").read_text(encoding="utf-8")
    write(city, "guideline.toml", head + head[head.rindex("[[section]]") :])
    assert "二度" in mistake(city).message


def test_braces_of_full_width_in_the_form_of_a_statement_are_a_mistake(city: Path) -> None:
    write(city, "attribution.toml", 'section = "C"\nform = "※｛name｝を使いました"')
    assert mistake(city).key == "form"


@pytest.mark.parametrize("mark", ["機密性4", "機密性 4", "機密性　４"])
def test_marks_may_have_a_space_before_their_digit(city: Path, mark: str) -> None:
    write(city, "classification.toml", 'phrase = "機密性4"\n[[label]]\nseverity = "block"\nwords = ["機密性4"]')
    report = check_text(f"【{mark}】\n要約してください。", config=Config(pack=str(city)))
    assert report.verdict is Verdict.BLOCK
