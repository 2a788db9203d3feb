"""Rules run where their words stand, see the whole text, judge by evidence, and never fail unseen."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from ahocorasick_rs import AhoCorasick
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from aiguard import pack as packs
from aiguard import resources
from aiguard.api import check_text
from aiguard.compiling import Compiled, _tables, compile_pack
from aiguard.detectors import pattern, reading
from aiguard.model import Config, Document, Hit, Segment, Severity, Unchecked, Use, Verdict
from aiguard.readers import read_text
from aiguard.scanner import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    class City(Protocol):
        """Write a pack of the rules given, and return its folder."""

        def __call__(self, *rules: str) -> str:
            """Write the rules."""


GUIDELINE = """\
id = "made-up"
title = "架空市のガイドライン"
edition = "1"
[[section]]
id = "1"
title = "節"
kind = "prohibition"
coverage = "partial"
asks = "求めること"
reason = "理由"
"""
RULE = """\
[[rule]]
id = "{id}"
title = "題"
sections = {{ {use} = ["1"] }}
message = "文"
why = "理由"
advice = "修正"
{head}
[rule.pattern]
{spec}
{tiers}
[rule.examples]
match = ["例"]
no_match = ["例"]
"""
BLOCK = '[[rule.tier]]\nseverity = "block"\n'
WARN = '[[rule.tier]]\nseverity = "warn"\n'
NOTE = '[[rule.tier]]\nseverity = "note"\n'
# A pattern that tries every way to part a run of x, and a text that makes it.
SLOW, ENDLESS = r"patterns = ['(?:x|xx|x.)+\d']", "x" * 500  # a last word would tell at once that nothing matches


def _rule(name: str, spec: str, *, tiers: str = BLOCK, head: str = "", use: str = "prompt") -> str:
    return RULE.format(id=name, spec=spec, tiers=tiers, head=head, use=use)


@pytest.fixture
def city(tmp_path: Path) -> City:
    """Return a function that writes a pack."""

    def write(*rules: str) -> str:
        (tmp_path / "rules").mkdir()
        (tmp_path / "guideline.toml").write_text(GUIDELINE, encoding="utf-8")
        (tmp_path / "attribution.toml").write_text('section = "1"', encoding="utf-8")
        (tmp_path / "rules" / "rules.toml").write_text("\n".join(rules), encoding="utf-8")
        return str(tmp_path)

    return write


def _compiled(folder: str, use: Use = Use.PROMPT) -> Compiled:
    return compile_pack(packs.load(packs.find(folder)), use, resources.lexicon)


def _scan(compiled: Compiled, *sources: str, use: Use = Use.PROMPT) -> tuple[tuple[Hit, ...], tuple[Unchecked, ...]]:
    return scan(Document("-", use, tuple(Segment(source, label=source[:2]) for source in sources)), compiled)


def _found(compiled: Compiled, source: str) -> list[str]:
    hits, unchecked = _scan(compiled, source)
    assert unchecked == ()
    return [source[hit.span.start : hit.span.end] for hit in hits]


def test_a_rule_that_exceeds_its_time_leaves_the_document_unchecked(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "TIMEOUT", 0.01)
    folder = city(_rule("slow", SLOW), _rule("quick", "patterns = ['z{3}']", tiers=WARN))
    report = check_text(f"{ENDLESS}zzz", config=Config(pack=folder))
    assert report.verdict is Verdict.UNCHECKED
    assert [each.reason for each in report.unchecked] == ["規則「題」の照合が時間内に終わりませんでした"]
    assert [finding.rule for finding in report.findings] == ["quick"]


def test_what_a_tier_needs_may_be_company_where_no_word_of_that_name_stands(city: City) -> None:
    near = '[[rule.tier]]\nseverity = "block"\nneeds = ["near"]\n'
    person = _rule("person", "patterns = ['q{3}']", head='entity = "PERSON"')
    number = _rule("number", "patterns = ['z{3}']\ncontext = { near = ['本人'] }", tiers=near, head='entity = "OTHER"')
    compiled = _compiled(city(person, number))
    assert _found(compiled, "qqq zzz") == ["qqq", "zzz"]
    assert _found(compiled, "本人は zzz") == ["zzz"]
    assert _found(compiled, "zzz") == []


def test_what_was_not_checked_is_named(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TIMEOUT", 0.01)
    _, unchecked = _scan(_compiled(city(_rule("slow", SLOW))), "速い", ENDLESS)
    assert [each.label for each in unchecked] == ["xx"]


def test_a_rule_that_exceeds_its_time_gets_one_more_try(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    late = iter([True, False])
    find = pattern.find

    def hesitant(*arguments: Any) -> Iterator[Any]:  # noqa: ANN401 - handed on as they are
        if next(late):
            raise TimeoutError
        return find(*arguments)

    monkeypatch.setattr(pattern, "find", hesitant)
    assert _found(_compiled(city(_rule("quick", "patterns = ['z{3}']"))), "zzz") == ["zzz"]


@pytest.mark.parametrize("filler", ["あ", "文です。", "１", "あ" * 49 + "\n"])
def test_a_value_across_the_border_of_two_windows_is_found_once(city: City, filler: str) -> None:
    spec = r"patterns = ['zx[0-9]{2}\s?-?[0-9]{4}(?![0-9])', '[a-z]+@[a-z]+\.[a-z]+']"
    compiled = _compiled(city(_rule("value", spec)))
    for value in ("zx01-2345", "zx01\n2345", "taro@made.example"):
        for before in range(reading.WINDOW - len(value) - 1, reading.WINDOW + 2, 3):
            source = (filler * before)[:before] + value + "。" * 300
            assert _found(compiled, source) == [value]


def test_what_follows_the_border_of_a_window_counts(city: City) -> None:
    compiled = _compiled(city(_rule("number", "patterns = ['[0-9]{12}']\nboundary = 'number'")))
    for before in range(reading.WINDOW - 14, reading.WINDOW + 1):
        assert _found(compiled, "あ" * before + "1234567890123" + "あ" * 300) == []


@given(st.text("ab\n", max_size=100).map(lambda text: text * 900))
def test_windows_cover_a_text_and_none_is_too_long(text: str) -> None:
    ranges = list(reading.windows(text))
    assert (ranges[0][0], ranges[-1][1]) == (0, len(text))
    assert all(end - start <= reading.WINDOW for start, end in ranges)
    assert all(start < end for (_, end), (start, _) in pairwise(ranges))


@settings(deadline=None)
@given(st.integers(0, 45_000), st.sampled_from(["あ", "あ\n", "あ" * 9_000 + "\n"]))
def test_windows_find_what_one_search_would_find(before: int, filler: str) -> None:
    text = (filler * (before // len(filler) + 1))[:before] + "q1q22q333" + "あ" * 300
    assert [match.group() for match in reading.search("q[0-9]+", text)] == ["q1", "q22", "q333"]


def test_a_rule_whose_label_is_required_does_not_run_without_it(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TIMEOUT", 0.01)
    compiled = _compiled(city(_rule("slow", f"{SLOW}\nlabel = {{ words = ['整理番号'], required = true }}")))
    assert _scan(compiled, ENDLESS) == ((), ())
    assert len(_scan(compiled, f"整理番号{ENDLESS}")[1]) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("整理番号 1234", ["1234"]),
        ("整理\u200b番号 1234", ["1234"]),
        ("ＩＤ：１２３４", ["１２３４"]),
        ("id 1234", ["1234"]),
        ("\u0130 と Id 1234", ["1234"]),
        ("1234", []),
        ("番号 1234", []),
        ("hid 1234", []),
        ("整理番号は三十字も離れていて、この番号とは何のかかわりもありません 1234", []),
    ],
)
def test_a_label_is_found_however_it_is_written(city: City, text: str, found: list[str]) -> None:
    spec = "patterns = ['[0-9]{4}']\nlabel = { words = ['整理番号', 'ID'], required = true }"
    assert _found(_compiled(city(_rule("labelled", spec))), text) == found


def test_a_rule_behind_a_gate_runs_only_where_its_words_stand(city: City) -> None:
    compiled = _compiled(city(_rule("gated", "patterns = ['[0-9]{4}']\ngate = ['合図']")))
    assert _found(compiled, "1234") == []
    assert _found(compiled, "1234 合図") == ["1234"]


@pytest.mark.parametrize("text", ["1234", "１２３４", "一二三四", "五六七八", "ゼロ五六七", "1 2 3 4 5 6 7 8"])
def test_a_rule_on_digits_runs_wherever_a_number_is_written(city: City, text: str) -> None:
    assert _found(_compiled(city(_rule("digits", "patterns = ['[0-9]{4,}']", head='view = "digits"'))), text) == [text]


def test_a_label_belongs_to_the_value_that_follows_it(city: City) -> None:
    tiers = f'{BLOCK}needs = ["label"]\n{NOTE}'
    compiled = _compiled(
        city(
            _rule("own", "patterns = ['[0-9]{4}']\nlabel = { words = ['整理番号'] }", tiers=tiers),
            _rule("other", "patterns = ['never']\nlabel = { words = ['品番'] }"),
        )
    )
    text = "整理番号と品番 1234、整理番号 5678"
    hits, _ = _scan(compiled, text)
    assert [(text[hit.span.start : hit.span.end], hit.severity) for hit in hits] == [
        ("1234", Severity.NOTE),
        ("5678", Severity.BLOCK),
    ]


@pytest.mark.parametrize(
    ("text", "severities"),
    [("見本 整理番号 1234", ["note"]), ("整理番号 1234", ["block"]), ("1234", ["warn"]), ("12-34", [])],
)
def test_the_first_tier_whose_evidence_is_all_there_decides(city: City, text: str, severities: list[str]) -> None:
    tiers = f'{NOTE}needs = ["sample"]\n{BLOCK}needs = ["label:整理番号"]\n{WARN}unless = ["grouped"]'
    spec = "patterns = ['[0-9]{2}-?[0-9]{2}']\nlabel = { words = ['整理番号'] }\ncontext = { sample = ['見本'] }"
    hits, _ = _scan(_compiled(city(_rule("tiered", spec, tiers=tiers))), text)
    assert [hit.severity.value for hit in hits] == severities


@pytest.mark.parametrize(("gap", "severity"), [(5, Severity.BLOCK), (500, Severity.NOTE)])
def test_company_counts_where_it_is_near(city: City, gap: int, severity: Severity) -> None:
    folder = city(
        _rule("one", "patterns = ['q[0-9]+']", head='entity = "ONE"'),
        _rule("two", "patterns = ['w[0-9]+']", head='entity = "TWO"', tiers=f'{BLOCK}needs = ["near:ONE"]\n{NOTE}'),
    )
    hits, _ = _scan(_compiled(folder), f"q1{'あ' * gap}w2")
    assert {hit.rule.id: hit.severity for hit in hits} == {"one": Severity.BLOCK, "two": severity}


def test_a_rule_runs_for_the_use_it_cites_sections_for(city: City) -> None:
    folder = city(_rule("draft", "patterns = ['zzz']", use="document"))
    assert _scan(_compiled(folder), "zzz") == ((), ())
    (hit,), _ = _scan(_compiled(folder, Use.DOCUMENT), "zzz", use=Use.DOCUMENT)
    assert hit.sections == ("1",)


def test_hits_name_their_segment(city: City) -> None:
    hits, _ = _scan(_compiled(city(_rule("quick", "patterns = ['z{3}']"))), "なし", "zzz", "あzzz")
    assert [(hit.segment, hit.span.start) for hit in hits] == [(1, 0), (2, 1)]


@pytest.mark.parametrize("before", [499_996, 499_998, 500_000])
def test_words_are_found_beyond_half_a_million_characters(city: City, before: int) -> None:
    spec = "patterns = ['q[0-9]{4}']\nlabel = { words = ['整理番号'], required = true }"
    source = "あ\n" * (before // 2) + "整理番号 q1234" + "\n" * 90
    assert _found(_compiled(city(_rule("labelled", spec))), source) == ["q1234"]


@settings(deadline=None)
@given(
    st.text(
        st.one_of(st.sampled_from("\0\ud800\u200b\u0130佐藤花子様㈱12-　\n,|電話:@."), st.characters()), max_size=60
    )
)
def test_no_text_breaks_the_rules_that_are_shipped(text: str) -> None:
    report = check_text(text)
    assert report.unchecked == ()
    assert all(finding.location.start <= finding.location.end <= len(text) for finding in report.findings)


def test_patterns_that_the_automaton_passes_over_hold_nothing() -> None:
    pack = packs.load(packs.find("nagareyama"))
    compiled = compile_pack(pack, Use.PROMPT, resources.lexicon)
    tables = _tables(compiled.rules, whole=True)
    full = replace(compiled, **asdict(tables), automaton=AhoCorasick(tables.words))
    assert len(full.literals) > len(compiled.rules)
    corpus = Path(__file__).parent / "corpus" / "dev" / "prompts.jsonl"
    for row in corpus.read_text(encoding="utf-8").splitlines():
        document = read_text(json.loads(row)["text"], "-", Use.PROMPT)
        assert scan(document, full) == scan(document, replace(full, literals={}))
