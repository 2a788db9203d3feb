"""The strongest claim stands, what does not count says why, and nothing at `block` is lost on the way."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aiguard import policy
from aiguard.errors import ConfigError
from aiguard.model import (
    Allow,
    AttributionRule,
    Config,
    Coverage,
    Document,
    DocumentReport,
    Examples,
    Facts,
    Finding,
    Guideline,
    Hit,
    Kind,
    Location,
    Organisation,
    Pack,
    Part,
    Rule,
    Section,
    SectionsByUse,
    Segment,
    Severity,
    Span,
    Suppression,
    Unchecked,
    Use,
    Verdict,
)

NOTE, WARN, BLOCK = Severity
TODAY = dt.date(2027, 1, 15)
CITY = Organisation(
    phones=("04-7150-0000",),
    addresses=("〒270-0000 千葉県流山市架空町1丁目2番地の3",),
    corporate_numbers=("1-2345-6789-0123",),
    domains=("city.example.lg.jp",),
    public_figures=("架空 市長郎",),
)


def _rule(name: str, entity: str | None = None) -> Rule:
    return Rule(
        id=name,
        title=name,
        kind="terms",
        spec=None,
        sections=SectionsByUse(),
        message="",
        why="",
        advice="",
        tiers=(),
        examples=Examples((), ()),
        file="rules.toml",
        entity=entity,
    )


def _hit(  # noqa: PLR0913, PLR0917 - what a hit is made of
    span: tuple[int, int],
    rule: str = "rule",
    entity: str | None = None,
    severity: Severity = WARN,
    evidence: tuple[str, ...] = (),
    sections: tuple[str, ...] = ("5(1)",),
    segment: int = 0,
) -> Hit:
    return Hit(_rule(rule, entity), segment, Span(*span), evidence, severity, sections)


def _at(text: str, words: str, **given: object) -> Hit:
    """Make a hit of words where they stand in a text."""
    start = text.index(words)
    return _hit((start, start + len(words)), **given)  # type: ignore[arg-type]


def _document(*sources: str, path: str = "prompt.txt") -> Document:
    return Document(path, Use.PROMPT, tuple(Segment(source) for source in sources))


def _apply(
    document: Document | str, *hits: Hit, config: Config | None = None, city: Organisation = CITY
) -> tuple[Hit, ...]:
    document = _document(document) if isinstance(document, str) else document
    return policy.apply(document, hits, config=config or Config(), organisation=city, today=TODAY)


def _by(hit: Hit | Finding) -> str | None:
    return hit.suppressed.by if hit.suppressed else None


DIGITS = "0123 4567 8901 2345"


# --- select and ignore ---


@pytest.mark.parametrize("name", ["5(1)", "5-1", "５（１）", "5", "rule", "MY_NUMBER", "my_number"])
def test_a_hit_is_named_by_rule_entity_or_section(name: str) -> None:
    hit = _hit((0, 4), entity="MY_NUMBER", sections=("5(1)",))
    assert _apply(DIGITS, hit, config=Config(select=(name,))) == (hit,)
    assert _apply(DIGITS, hit, config=Config(ignore=(name,))) == ()


@pytest.mark.parametrize("name", ["5(10)", "51", "7", "1", "rul", "PHONE", "-", ""])
def test_a_hit_is_not_named_by_its_neighbour(name: str) -> None:
    hit = _hit((0, 4), entity="MY_NUMBER", sections=("5(1)",))
    assert _apply(DIGITS, hit, config=Config(select=(name,))) == ()
    assert _apply(DIGITS, hit, config=Config(ignore=(name,))) == (hit,)


def test_an_ignored_section_does_not_speak_for_the_others() -> None:
    hit = _hit((0, 4), sections=("5(1)", "7.1"))
    (left,) = _apply(DIGITS, hit, config=Config(ignore=("7",)))
    assert left.sections == ("5(1)",)
    assert _apply(DIGITS, hit, config=Config(ignore=("7-1", "5"))) == ()


def test_notes_of_the_guideline_are_sections_too() -> None:
    assert policy.section_key("注3") == ("注", "3")
    assert policy.section_key("8.3(2)") == policy.section_key("8-3-2") == ("8", "3", "2")


def test_names_that_the_pack_does_not_know_are_mistakes() -> None:
    section = Section("8.3(2)", "", Kind.DUTY, Coverage.PARTIAL, "", "")
    guideline = Guideline("town", "", "", (section,))
    pack = Pack(guideline, (_rule("my-number", "MY_NUMBER"),), Organisation(), AttributionRule("8.4"), "")
    known = ("my-number", "MY_NUMBER", "8", "8-3", "8.3(2)")
    policy.check_names(Config(select=known, ignore=known, allow=(Allow("例", rule="my-number"),)), pack)
    for wrong in (
        Config(select=("8", "my-nubmer"), origins=(("select", "a.toml"), ("select", "b.toml"))),
        Config(ignore=("8", "my-nubmer"), origins=(("ignore", "a.toml"), ("ignore", "b.toml"))),
        Config(allow=(Allow("例", rule="my-nubmer"),), origins=(("allow", "b.toml"),)),
    ):
        with pytest.raises(ConfigError, match=r"^b\.toml:(select|ignore|allow): 「my-nubmer」") as caught:
            policy.check_names(wrong, pack)
        assert caught.value.hint == "「my-number」のことですか。"
    with pytest.raises(ConfigError, match=r"8\.4"):
        policy.check_names(Config(ignore=("8.4",)), pack)


# --- overlaps ---


@pytest.mark.parametrize(
    ("strong", "weak"),
    [
        (_hit((0, 14), "a", "MY_NUMBER", BLOCK), _hit((0, 14), "b", "DRIVER_LICENSE", WARN, ("label:免許", "check"))),
        (_hit((0, 14), "a", "MY_NUMBER", WARN, ("label:番号",)), _hit((0, 14), "b", "RESIDENT_CODE", WARN, ("check",))),
        (_hit((0, 14), "a", "MY_NUMBER", WARN, ("check",)), _hit((0, 14), "b", "PHONE", WARN, ("grouped",))),
        (_hit((0, 19), "a", "CREDIT_CARD"), _hit((5, 19), "b", "PENSION_NUMBER")),
    ],
)
def test_the_strongest_claim_to_the_same_digits_stands(strong: Hit, weak: Hit) -> None:
    assert _apply(DIGITS, strong, weak) == (strong,)
    assert _apply(DIGITS, weak, strong) == (strong,)


def test_of_equal_claims_the_first_rule_stands() -> None:
    first, second = _hit((0, 4), "a", "PHONE"), _hit((0, 4), "b", "PASSPORT")
    assert _apply(DIGITS, first, second) == (first,)
    assert _apply(DIGITS, second, first) == (second,)


def test_a_weaker_claim_that_reaches_further_stands() -> None:
    strong, weak = _hit((5, 19), "a", "MY_NUMBER", BLOCK), _hit((0, 19), "b", "CREDIT_CARD", NOTE)
    assert _apply(DIGITS, strong, weak) == (weak, strong)


def test_numbers_side_by_side_both_stand() -> None:
    left, right = _hit((0, 9), "a", "PHONE", BLOCK), _hit((9, 19), "b", "MY_NUMBER", NOTE)
    assert _apply(DIGITS, right, left) == (left, right)


def test_claims_of_one_entity_become_one() -> None:
    """The worst severity over all characters, with all sections and evidence."""
    named = _hit((3, 8), "labelled", "PERSON", BLOCK, ("label:氏名",), ("5(1)",))
    long = _hit((5, 12), "dictionary", "PERSON", WARN, ("dictionary", "label:氏名"), ("5(1)", "7.1"))
    (joined,) = _apply("a" * 20, long, named)
    assert joined == replace(named, span=Span(3, 12), evidence=("label:氏名", "dictionary"), sections=("5(1)", "7.1"))


def test_the_same_value_found_by_two_rules_is_one() -> None:
    worse, other = _hit((0, 4), "b", "PHONE", BLOCK, ("label",)), _hit((0, 4), "a", "PHONE", NOTE, ("grouped",))
    assert _apply(DIGITS, other, worse) == (replace(worse, evidence=("label", "grouped")),)


def test_claims_that_only_touch_stay_two() -> None:
    hits = (_hit((0, 4), entity="PERSON"), _hit((4, 8), entity="PERSON"))
    assert _apply("佐藤花子田中一郎", *hits) == hits


def test_a_name_in_a_place_yields_to_the_address() -> None:
    text = "流山市おおたかの森1-2-3"
    name, address = _at(text, "おおたか", entity="PERSON", severity=BLOCK), _at(text, text, rule="a", entity="ADDRESS")
    assert _apply(text, name, address) == (address,)


@pytest.mark.parametrize("text", ["流山市おおたかの森", "流山市架空町1-2 おおたか様方", "流山市架空町1-2 おおたか方"])
def test_a_name_in_an_address_without_a_house_or_with_care_of_stands(text: str) -> None:
    name, address = _at(text, "おおたか", entity="PERSON"), _at(text, text, rule="a", entity="ADDRESS")
    assert {*_apply(text, name, address)} == {name, address}


def test_a_name_in_a_mail_address_yields() -> None:
    text = "sato.hanako@example.com"
    name, mail = _at(text, "sato", entity="PERSON", severity=BLOCK), _at(text, text, rule="a", entity="EMAIL")
    assert _apply(text, name, mail) == (mail,)


def test_a_marking_neither_drops_nor_is_dropped() -> None:
    number, marking = _hit((0, 9), "a", "MY_NUMBER", BLOCK), _hit((0, 9), "b", None, NOTE)
    inside = _hit((2, 4), "c", "PHONE", NOTE)
    assert _apply(DIGITS, marking, number, inside) == (marking, number)


def test_segments_are_told_apart() -> None:
    hits = (_hit((0, 4), "a", "PHONE", segment=0), _hit((0, 4), "b", "PASSPORT", segment=1))
    assert _apply(_document(DIGITS, DIGITS), *hits) == hits


def test_markings_of_the_same_words_are_one() -> None:
    weak = _hit((0, 4), "a", None, WARN, ("word",), ("5(4)",))
    strong = _hit((0, 4), "b", None, BLOCK, ("mark",), ("5(2)",))
    assert _apply("庁内限り", weak, strong) == (replace(strong, evidence=("mark", "word"), sections=("5(2)", "5(4)")),)


def test_letting_one_rule_pass_does_not_let_its_twin_pass() -> None:
    config = Config(allow=(Allow("確認済み", rule="b"),))
    judged = _apply("庁内限り", _hit((0, 4), "a", None, WARN), _hit((0, 4), "b", None, BLOCK), config=config)
    assert {hit.rule.id: _by(hit) for hit in judged} == {"a": None, "b": "allow"}


# --- own organisation ---


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ("04-7150-0000", "PHONE"),
        ("０４（７１５０）００００", "PHONE"),
        ("0471500000", "PHONE"),
        ("+81-4-7150-0000", "PHONE"),
        ("零四－七一五〇－〇〇〇〇", "PHONE"),
        ("流山市架空町1-2-3", "ADDRESS"),
        ("千葉県流山市架空町１丁目２番３号", "ADDRESS"),
        ("流山市 架空町一丁目2番地の3", "ADDRESS"),
        ("270-0000千葉県流山市架空町1－2－3", "ADDRESS"),
        ("1234567890123", "CORPORATE_NUMBER"),
        ("Ｔ1234567890123", "CORPORATE_NUMBER"),
        ("info@city.example.lg.jp", "EMAIL"),
        ("Info@Sub.City.Example.LG.JP", "EMAIL"),
        ("info＠city.example.lg.jp", "EMAIL"),
        ("info[at]city.example.lg.jp", "EMAIL"),
        ("架空市長郎", "PERSON"),
        ("架空　市長郎", "PERSON"),
    ],
)
def test_what_is_public_of_the_city_is_listed_and_does_not_count(value: str, entity: str) -> None:
    (hit,) = _apply(value, _hit((0, len(value)), entity=entity, severity=BLOCK))
    assert hit.suppressed == Suppression("organisation", "公開情報または例示用")


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ("04-7150-0001", "PHONE"),
        ("90471500000", "PHONE"),
        ("流山市架空町12-3", "ADDRESS"),
        ("流山市架空町1-23", "ADDRESS"),
        ("流山市架空町1-2-3-405", "ADDRESS"),
        ("流山市架空町十十丁目", "ADDRESS"),
        ("info@evilcity.example.lg.jp", "EMAIL"),
        ("info@city.example.lg.jp.example.com", "EMAIL"),
        ("架空", "PERSON"),
        ("架空市長郎", "SENSITIVE"),
        ("0471500000", "BANK_ACCOUNT"),
        ("架空市長郎", None),
        ("-", "PHONE"),
    ],
)
def test_what_only_resembles_it_counts(value: str, entity: str | None) -> None:
    (hit,) = _apply(value, _hit((0, len(value)), entity=entity))
    assert hit.suppressed is None


def test_the_configuration_adds_to_the_organisation() -> None:
    config = Config(organisation=Organisation(phones=("04-7150-9999",), domains=("@example.org",)))
    assert _by(_apply("04-7150-9999", _hit((0, 12), entity="PHONE"), config=config)[0]) == "organisation"
    assert _by(_apply("04-7150-0000", _hit((0, 12), entity="PHONE"), config=config)[0]) == "organisation"
    assert _by(_apply("a@example.org", _hit((0, 13), entity="EMAIL"), config=config)[0]) == "organisation"


def test_an_empty_entry_lets_nothing_pass() -> None:
    empty = Organisation(phones=("-",), addresses=("",), domains=("", "@"), public_figures=(" ",))
    for value, entity in (("-", "PHONE"), ("a@b.example", "EMAIL"), ("架空", "PERSON"), ("架空町", "ADDRESS")):
        assert _by(_apply(value, _hit((0, len(value)), entity=entity), city=empty)[0]) is None


# --- allow ---


@pytest.mark.parametrize(
    ("entry", "by"),
    [
        (Allow("例", text="090 0000 0000"), "allow"),
        (Allow("例", text="090-0000-0001"), None),
        (Allow("例", text="090"), None),
        (Allow("例", rule="rule"), "allow"),
        (Allow("例", rule="other"), None),
        (Allow("例", path="a/*.txt"), "allow"),
        (Allow("例", path="*.txt"), "allow"),
        (Allow("例", path="docs\\a\\*.txt"), "allow"),
        (Allow("例", path="docs/**"), "allow"),
        (Allow("例", path="docs/**/b.txt"), "allow"),
        (Allow("例", path="**/docs/a/b.t?t"), "allow"),
        (Allow("例", path="docs/"), "allow"),
        (Allow("例", path="docs/*.txt"), None),
        (Allow("例", path="b"), None),
        (Allow("例", path="/docs/a/b.txt"), None),
        (Allow("例", path="[ab].txt"), None),
        (Allow("例", text="09000000000", rule="rule", path="*.txt"), "allow"),
        (Allow("例", text="09000000000", rule="other", path="*.txt"), None),
        (Allow("例", text="09000000000", rule="rule", path="*.md"), None),
        (Allow("例", rule="rule", expires=TODAY), "allow"),
        (Allow("例", rule="rule", expires=TODAY - dt.timedelta(1)), None),
    ],
)
def test_an_entry_lets_pass_what_agrees_with_all_of_it(entry: Allow, by: str | None) -> None:
    document = _document("090-0000-0000", path=".\\docs\\a\\b.txt")
    (hit,) = _apply(document, _hit((0, 13), entity="PHONE", severity=BLOCK), config=Config(allow=(entry,)))
    assert _by(hit) == by


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("庁内限り", "allow"),
        ("限り", "allow"),
        ("庁内限り表示の手引", "allow"),
        ("庁内限り表示", "allow"),
        ("手引", None),
        ("-", None),
    ],
)
def test_a_marking_is_let_pass_by_its_words_or_the_words_around(text: str, by: str | None) -> None:
    source = "庁内限り表示の手引"
    (hit,) = _apply(source, _at(source, "庁内限り"), config=Config(allow=(Allow("例", text=text),)))
    assert _by(hit) == by


def test_the_words_around_must_stand_around() -> None:
    source = "庁内限り。庁内限り表示の手引"
    config = Config(allow=(Allow("例", text="庁内限り表示の手引"),))
    hits = (_hit((0, 4)), _hit((5, 9)))
    assert [_by(hit) for hit in _apply(source, *hits, config=config)] == [None, "allow"]


def test_the_first_entry_gives_its_reason() -> None:
    config = Config(allow=(Allow("違う", rule="x"), Allow("一", text="限り"), Allow("二", rule="rule")))
    (hit,) = _apply("庁内限り", _hit((0, 4)), config=config)
    assert hit.suppressed == Suppression("allow", "一")


def test_entries_that_do_nothing_are_named() -> None:
    used, idle = Allow("使用", rule="rule"), Allow("不使用", rule="other")
    over = Allow("期限切れ", rule="rule", expires=TODAY - dt.timedelta(1))
    config = Config(allow=(over, used, idle))
    hits = _apply("庁内限り", _hit((0, 4)), config=config)
    assert policy.unused(config, hits, TODAY) == (idle,)
    assert policy.unused(config, (), TODAY) == (used, idle)
    assert policy.expired(config, TODAY) == (over,)


# --- inline ---


def _inline(text: str, words: str = "庁内限り", **given: object) -> str | None:
    (hit,) = _apply(text, _at(text, words, **given))
    return hit.suppressed.reason if hit.suppressed else None


@pytest.mark.parametrize(
    "text",
    [
        "庁内限り aiguard:ignore[rule] 例示です",
        "aiguard:ignore[rule] 例示です\n庁内限り",
        "aiguard:ignore[rule] 例示です\r\n庁内限り",
        "<!-- aiguard:ignore[other, rule] 例示です -->\n庁内限りの表示",
        "# aiguard:ignore[other、rule] 例示です\n庁内限り",
        "庁内限り aiguard：ignore［rule］　例示です",
        "庁内限り aiguard:ignore[other] 別 aiguard:ignore[rule] 例示です",
        "前\n\n庁内限り // aiguard:ignore[rule] 例示です\n後",
    ],
)
def test_a_directive_reaches_its_line_or_the_one_below(text: str) -> None:
    assert _inline(text) == "例示です"


@pytest.mark.parametrize(
    "text",
    [
        "庁内限り aiguard:ignore[rule]",
        "庁内限り aiguard:ignore[rule]   \n例示です",
        "庁内限り aiguard:ignore 例示です",
        "庁内限り aiguard:ignore[] 例示です",
        "庁内限り aiguard:ignore[other] 例示です",
        "庁内限り aiguard:ignore[rule aiguard:ignore[ 例示です",
        "庁内限り ignore[rule] 例示です",
        "庁内限り\naiguard:ignore[rule] 例示です",
        "前 aiguard:ignore[rule] 例示です\n庁内限り",
        "aiguard:ignore[rule] 例示です\n\n庁内限り",
        "aiguard:ignore[rule] 例示です\t後\n庁内限り",
    ],
)
def test_a_directive_reaches_no_further(text: str) -> None:
    assert _inline(text) is None


@pytest.mark.parametrize(
    ("entity", "severity", "passes"),
    [("MY_NUMBER", BLOCK, False), ("MY_NUMBER", WARN, True), (None, BLOCK, True)],
)
def test_an_identifier_at_block_is_never_let_pass(entity: str | None, severity: Severity, passes: bool) -> None:  # noqa: FBT001
    reason = _inline("庁内限り aiguard:ignore[rule] 例示です", entity=entity, severity=severity)
    assert (reason is not None) is passes


def test_a_reason_shows_nothing_that_was_found_and_is_short() -> None:
    text = "庁内限り aiguard:ignore[rule] 架空花子さんの件" + "あ" * 50
    person = _at(text, "架空花子", rule="person", entity="PERSON", severity=BLOCK)
    config = Config(select=("rule",))
    (hit,) = _apply(text, _at(text, "庁内限り"), person, config=config)
    assert hit.suppressed
    assert hit.suppressed.reason.startswith("●●●●さんの件あ")
    assert len(hit.suppressed.reason) == 40


def test_a_value_that_begins_before_the_reason_is_masked_in_it() -> None:
    text = "庁内限り aiguard:ignore[rule] 架空花子の件"
    start = text.index("[rule]")
    person = _hit((start, text.index("の件")), "person", "PERSON", BLOCK)
    marking = _apply(text, _at(text, "庁内限り"), person)[0]
    assert marking.suppressed == Suppression("inline", "●●●●の件")


def test_a_row_of_a_table_is_a_line_and_a_cell_ends_the_reason() -> None:
    source = '架空花子,"aiguard:ignore[rule] 記入例",非公開の値\r\n架空花子'
    document = Document("a.csv", Use.PROMPT, (Segment(source, delimiter=","),))
    first, second = _apply(document, _hit((0, 4)), _hit((len(source) - 4, len(source))))
    assert first.suppressed == Suppression("inline", "記入例")
    assert second.suppressed is None


def test_a_directive_stays_in_its_value() -> None:
    source = "aiguard:ignore[rule] 例示です\n庁内限り\nnote: aiguard:ignore[rule] 例示です\n庁内限り\n"
    second, third = source.index("庁内限り"), source.index("note")
    document = Document("a.json", Use.PROMPT, (Segment(source, parts=(Part(0), Part(second), Part(third, line=7))),))
    hits = (_hit((second, second + 4)), _hit((len(source) - 5, len(source) - 1)))
    assert [_by(hit) for hit in _apply(document, *hits)] == [None, "inline"]


def test_directives_that_do_not_work_are_named_by_line() -> None:
    text = "一\naiguard:ignore[rule]\r\n三\raiguard:ignore 架空花子\naiguard:ignore[rule] 良い"
    first, second = policy.inline_problems(_document(text))
    assert first.startswith("2行目: aiguard:ignore に理由がありません。")
    assert second.startswith("4行目: aiguard:ignore に規則の名前がありません。")
    assert "架空花子" not in second


def test_lines_of_parts_and_pages_are_those_of_the_file() -> None:
    parts = (Part(0, "/架空花子", 3), Part(2, "/b", 8))
    document = Document(
        "a.json", Use.PROMPT, (Segment("a\naiguard:ignore[x]\n", parts=parts), Segment("aiguard:ignore"))
    )
    first, second = policy.inline_problems(document)
    assert first.startswith("1番目の部分の8行目: ")
    assert second.startswith("2番目の部分の1行目: ")


# --- verdicts and exit codes ---


def _finding(severity: Severity, *, suppressed: bool = False) -> Finding:
    return Finding(
        rule="rule",
        title="",
        sections=(),
        severity=severity,
        entity=None,
        location=Location(None, 1, 1, 1, 1, 0, 0),
        evidence=(),
        message="",
        why="",
        advice="",
        excerpt="",
        mark=Span(0, 0),
        fingerprint="",
        suppressed=Suppression("allow", "例") if suppressed else None,
    )


def _report(*findings: Finding, unread: bool = False, use: Use = Use.PROMPT) -> DocumentReport:
    unchecked = (Unchecked(None, "例"),) if unread else ()
    return DocumentReport("a", use, policy.verdict(findings, unchecked), findings, unchecked, Facts())


@pytest.mark.parametrize(
    ("severities", "unread", "verdict"),
    [
        ((), False, Verdict.PASS),
        ((NOTE,), False, Verdict.PASS),
        ((NOTE, WARN), False, Verdict.WARN),
        ((), True, Verdict.UNCHECKED),
        ((WARN,), True, Verdict.UNCHECKED),
        ((BLOCK, NOTE), True, Verdict.BLOCK),
    ],
)
def test_the_verdict_is_the_worst(severities: tuple[Severity, ...], unread: bool, verdict: Verdict) -> None:  # noqa: FBT001
    assert _report(*map(_finding, severities), unread=unread).verdict is verdict


def test_what_is_suppressed_does_not_count() -> None:
    report = _report(_finding(BLOCK, suppressed=True))
    assert (report.verdict, policy.exit_code([report], NOTE)) == (Verdict.PASS, 0)


@pytest.mark.parametrize(
    ("severity", "use", "fail_on", "code"),
    [
        (BLOCK, Use.PROMPT, None, 1),
        (WARN, Use.PROMPT, None, 0),
        (WARN, Use.DOCUMENT, None, 1),
        (NOTE, Use.DOCUMENT, None, 0),
        (WARN, Use.PROMPT, WARN, 1),
        (WARN, Use.DOCUMENT, BLOCK, 0),
        (NOTE, Use.PROMPT, NOTE, 1),
    ],
)
def test_the_exit_code_says_whether_a_document_fails(
    severity: Severity, use: Use, fail_on: Severity | None, code: int
) -> None:
    assert policy.exit_code([_report(use=use), _report(_finding(severity), use=use)], fail_on) == code


def test_unchecked_outranks_findings() -> None:
    assert policy.exit_code([_report(unread=True)], None) == 3
    assert policy.exit_code([_report(_finding(BLOCK)), _report(unread=True)], None) == 3
    assert policy.exit_code([_report(_finding(BLOCK), unread=True)], None) == 3
    assert policy.exit_code([_report(_finding(BLOCK))], None, problems=1) == 3
    assert policy.exit_code([], None) == 0


def test_the_least_severity_shown_is_for_output_only() -> None:
    findings = tuple(map(_finding, Severity))
    assert [finding.severity for finding in policy.shown(findings, WARN)] == [WARN, BLOCK]
    assert policy.shown(findings, NOTE) == findings


# --- for texts nobody thought of ---

LENGTH = 30
NUMBERS = ("MY_NUMBER", "PHONE", "PASSPORT")
ENTITIES = (*NUMBERS, "PERSON", "ADDRESS", "EMAIL", "SENSITIVE", None)


@st.composite
def _hits(draw: st.DrawFn, entities: tuple[str | None, ...] = ENTITIES) -> list[Hit]:
    def one() -> Hit:
        entity, number = draw(st.sampled_from(entities)), draw(st.integers(0, 1))
        start = draw(st.integers(0, LENGTH - 1))
        return _hit(
            (start, draw(st.integers(start + 1, LENGTH))),
            f"{entity}-{number}",
            entity,
            draw(st.sampled_from(Severity)),
            draw(st.sampled_from([(), ("label:あ",), ("check",), ("label:い", "check")])),
            draw(st.sampled_from([("5(1)",), ("7.1", "5(1)"), ("5(4)",)])),
            draw(st.integers(0, 1)),
        )

    return [one() for _ in range(draw(st.integers(0, 12)))]


def _worst(hits: tuple[Hit, ...] | list[Hit]) -> dict[tuple[int, int], int]:
    """Map each covered character to the rank of the worst severity over it."""
    worst: dict[tuple[int, int], int] = {}
    for hit in hits:
        for place in range(hit.span.start, hit.span.end):
            key = (hit.segment, place)
            worst[key] = max(worst.get(key, 0), hit.severity.rank)
    return worst


TEXT = _document("あ" * LENGTH, "い" * LENGTH)  # without digits, so that no address has a house number


@settings(deadline=None)
@given(_hits(tuple(entity for entity in ENTITIES if entity != "EMAIL")))
def test_the_worst_severity_over_a_character_never_falls(hits: list[Hit]) -> None:
    before, after = _worst(hits), _worst(_apply(TEXT, *hits))
    assert before.keys() == after.keys()
    assert all(after[place] >= rank for place, rank in before.items())


@settings(deadline=None)
@given(_hits())
def test_only_names_in_mail_addresses_lose_severity(hits: list[Hit]) -> None:
    judged = _apply(TEXT, *hits)
    others = [hit for hit in hits if hit.rule.entity != "PERSON"]
    after = _worst(judged)
    assert all(after[place] >= rank for place, rank in _worst(others).items())
    assert after.keys() == _worst(hits).keys()


@settings(deadline=None)
@given(_hits(), st.randoms(use_true_random=False))
def test_the_order_of_hits_matters_to_ties_only(hits: list[Hit], random: object) -> None:
    """With the rules in the same order, the hits may come in any."""
    by_rule = sorted(hits, key=lambda hit: hit.rule.id)
    shuffled = [
        hit
        for _, group in groupby(by_rule, key=lambda hit: hit.rule.id)
        for hit in sorted(group, key=lambda _: random.random())  # type: ignore[attr-defined]
    ]

    def seen(given: list[Hit]) -> list[tuple[object, ...]]:
        parts = _apply(TEXT, *given)
        return sorted((h.segment, h.span, h.rule.id, h.severity, sorted(h.evidence), sorted(h.sections)) for h in parts)

    assert seen(by_rule) == seen(shuffled)


@settings(deadline=None)
@given(_hits())
def test_judging_twice_changes_nothing(hits: list[Hit]) -> None:
    once = _apply(TEXT, *hits)
    assert {*_apply(TEXT, *once)} == {*once}


@settings(deadline=None)
@given(_hits())
def test_nothing_is_invented(hits: list[Hit]) -> None:
    judged = _apply(TEXT, *hits)
    assert list(judged) == sorted(judged, key=lambda hit: (hit.segment, hit.span.start, -hit.span.end))
    for hit in judged:
        like = [other for other in hits if other.rule.entity == hit.rule.entity and other.segment == hit.segment]
        assert {hit.rule.id} <= {other.rule.id for other in like}
        assert {*hit.evidence} <= {name for other in like for name in other.evidence}
        assert hit.severity in {other.severity for other in like}


def test_many_hits_are_judged_in_one_go() -> None:
    """Also where everything overlaps and every line carries a directive."""
    count = 20_000
    line = "0123456789 aiguard:ignore[PHONE-0] 例示です\n"
    source = line * (count // 10)
    hits = [
        _hit((start := len(line) * (n // 10) + n % 10, start + 10), f"{NUMBERS[n % 3]}-0", NUMBERS[n % 3])
        for n in range(count)
    ]
    whole = _hit((0, len(source)), "CREDIT_CARD-0", "CREDIT_CARD", NOTE)
    config = Config(allow=tuple(Allow("例", text=str(n)) for n in range(1_000)))
    judged = _apply(source, whole, *hits, config=config)
    assert {_by(hit) for hit in judged if hit.rule.entity == "PHONE"} == {"inline"}
    assert judged[0] == whole


@settings(deadline=None)
@given(st.text(alphabet="aiguard:ignore[x] \n\r\t,#-理由", max_size=80), st.integers(0, 79))
def test_no_text_breaks_a_directive(text: str, place: int) -> None:
    source = f"{text}aiguard:ignore[x] 理由 {text}"
    place = min(place, len(source) - 1)
    document = Document("a", Use.PROMPT, (Segment(source, delimiter=","),))
    (hit,) = _apply(document, _hit((place, place + 1), "x"))
    assert _by(hit) in {None, "inline"}
    policy.inline_problems(document)


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from([*ENTITIES, "CORPORATE_NUMBER"]))
def test_no_value_breaks_a_comparison(value: str, entry: str, entity: str | None) -> None:
    everything = Organisation("", (entry,), (entry,), (entry,), (entry,), (entry,))
    source = f"{value}x"
    config = Config(allow=(Allow("例", text=entry), Allow("例", path=entry, rule="other")))
    (hit,) = _apply(source, _hit((0, len(source)), entity=entity), config=config, city=everything)
    assert hit.span == Span(0, len(source))
