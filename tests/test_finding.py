"""Hits become findings: places that people can look up, and nothing personal in what is shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins

from aiguard.finding import MASK, locate, mask
from aiguard.location import column_letters
from aiguard.model import (
    Document,
    Examples,
    Finding,
    Hit,
    Location,
    Part,
    Rule,
    SectionsByUse,
    Segment,
    Severity,
    Span,
    Suppression,
    Use,
)


def _rule(name: str, entity: str | None = None) -> Rule:
    return Rule(
        id=name,
        title=f"{name} の題",
        kind="terms",
        spec=None,
        sections=SectionsByUse(),
        message="説明です。",
        why="理由です。",
        advice="修正です。",
        tiers=(),
        examples=Examples((), ()),
        file="rules/test.toml",
        entity=entity,
    )


NAME = _rule("person-name", "PERSON")
PHONE = _rule("phone", "PHONE")
MARKING = _rule("internal-marking")


def _hit(source: str, words: str, rule: Rule = NAME, severity: Severity = Severity.BLOCK, **more: object) -> Hit:
    start = source.index(words)
    given_ = {"segment": 0, "evidence": (), "sections": ("5(1)",), **more}
    return Hit(rule=rule, span=Span(start, start + len(words)), severity=severity, **given_)  # type: ignore[arg-type]


def _mask(source: str, *hits: Hit, path: str = "prompt.txt") -> tuple[Finding, ...]:
    return mask(Document(path, Use.PROMPT, (Segment(source),)), hits)


def _marked(finding: Finding) -> str:
    return finding.excerpt[finding.mark.start : finding.mark.end]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_and_columns_are_counted_from_one_whatever_the_line_break(newline: str) -> None:
    source = newline.join(["一行目", "", "氏名 𠮷田花子です"])
    start = source.index("𠮷田花子")
    place = locate(Segment(source), Span(start, start + 4))
    assert place == Location(None, 3, 4, 3, 8, start, start + 4)


def test_a_span_over_lines_ends_after_its_last_character() -> None:
    place = locate(Segment("前\n住所は流山市\n平和台です"), Span(5, 12))
    assert (place.line, place.column, place.end_line, place.end_column) == (2, 4, 3, 4)


def test_an_empty_span_has_a_place() -> None:
    assert locate(Segment("a\n"), Span(2, 2)) == Location(None, 2, 1, 2, 1, 2, 2)


@given(st.text(alphabet="a\r\nあ", max_size=30), st.data())
def test_places_agree_with_counting_character_by_character(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source)))
    line = column = 1
    for before, char in zip(source[:start], source[1 : start + 1] + "\0", strict=False):
        is_break = before == "\n" or (before == "\r" and char != "\n")
        line, column = (line + 1, 1) if is_break else (line, column + 1)
    place = locate(Segment(source), Span(start, start))
    assert (place.line, place.column) == (line, column)


def test_a_part_names_the_place_and_the_line_of_the_file() -> None:
    source = "name: 流山花子\nnote: 電話は\n明日\n"
    segment = Segment(source, parts=(Part(0, "/0/name", 2), Part(11, "/0/note", 7)))
    start = source.index("明日")
    assert locate(segment, Span(6, 10)) == Location("/0/name", 2, 7, 2, 11, 6, 10)
    assert locate(segment, Span(start, start + 2)) == Location("/0/note", 7, 11, 7, 13, 10, 12)


def test_text_before_the_first_part_is_counted_in_lines() -> None:
    segment = Segment("a\nbc\ndef", label="本文", parts=(Part(5, "添付", 9),))
    assert locate(segment, Span(3, 4)) == Location("本文", 2, 2, 2, 3, 3, 4)


def test_a_part_without_a_label_counts_in_the_whole_text() -> None:
    segment = Segment("abcdef", parts=(Part(0, None, 1), Part(3, None, 8)))
    assert locate(segment, Span(4, 6)) == Location(None, 8, 2, 8, 4, 4, 6)


def test_cells_of_a_table_are_named_as_in_a_spreadsheet() -> None:
    source = '氏名,備考\r\n流山花子,"改行\nと""引用""、山田"\r\n\r\n,江戸川太郎'
    segment = Segment(source, delimiter=",")

    def place(words: str) -> tuple[str | None, int, int, int, int]:
        start = source.index(words)
        found = locate(segment, Span(start, start + len(words)))
        assert (found.column, found.end_column) == (found.start + 1, found.end + 1)
        return found.label, found.line, found.end_line, found.start, found.end

    assert place("備考") == ("B1", 1, 1, 0, 2)
    assert place("流山花子") == ("A2", 2, 2, 0, 4)
    assert place("改行") == ("B2", 2, 2, 0, 2)
    assert place("山田") == ("B2", 3, 3, 9, 11)  # the value is 改行⏎と"引用"、山田
    assert place("江戸川太郎") == ("B4", 5, 5, 0, 5)


def test_a_quote_that_is_never_closed_ends_with_the_table() -> None:
    assert locate(Segment('a,"b\nc,d', delimiter=","), Span(7, 8)).label == "B1"
    assert locate(Segment("a\tb\tc", label="Sheet1", delimiter="\t"), Span(4, 5)).label == "Sheet1!C1"


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_are_lettered(column: int, letters: str) -> None:
    assert column_letters(column) == letters


def test_one_long_line_with_many_hits_is_masked_like_a_short_one() -> None:
    line = "氏名 流山花子 電話 0471234567、"
    hits = [
        Hit(NAME, 0, Span(number * len(line) + 3, number * len(line) + 7), (), Severity.BLOCK, ())
        for number in range(20_000)
    ]
    findings = _mask(line * 20_000, *hits)
    assert findings[-1].location.column == 19_999 * len(line) + 4
    assert findings[-1].excerpt == f"…234567、氏名 {MASK} 電話 047123…"


def test_a_personal_value_is_masked_whole_at_a_fixed_length() -> None:
    short, long = "氏名は林です", "氏名は勅使河原小百合子です"
    assert _mask(short, _hit(short, "林"))[0].excerpt == f"氏名は{MASK}です"
    found = _mask(long, _hit(long, "勅使河原小百合子"))[0]
    assert (found.excerpt, _marked(found)) == (f"氏名は{MASK}です", MASK)


def test_an_excerpt_shows_ten_characters_on_either_side() -> None:
    source = "あいうえおかきくけこさしすせそ流山花子なにぬねのはひふへほまみむめも"
    assert _mask(source, _hit(source, "流山花子"))[0].excerpt == f"…かきくけこさしすせそ{MASK}なにぬねのはひふへほ…"


def test_neighbours_are_masked_also_where_the_window_cuts_them_and_where_they_do_not_count() -> None:
    source = "担当は江戸川太郎左衛門で、庁内限り、電話は04-7158-1111です"
    number = _hit(source, "04-7158-1111", PHONE, suppressed=Suppression("organisation", "代表電話です"))
    findings = _mask(source, _hit(source, "江戸川太郎左衛門"), _hit(source, "庁内限り", MARKING), number)
    marking = findings[1]
    assert marking.excerpt == f"…{MASK}で、庁内限り、電話は{MASK}…"
    assert _marked(marking) == "庁内限り"
    assert findings[2].suppressed == Suppression("organisation", "代表電話です")
    assert findings[2].excerpt.endswith(f"電話は{MASK}です")


def test_values_that_overlap_are_masked_as_one() -> None:
    source = "宛先 流山市平和台一丁目 流山花子 様"
    whole, part = _hit(source, "流山市平和台一丁目 流山花子"), _hit(source, "一丁目", PHONE)
    for found in _mask(source, whole, part):
        assert (found.excerpt, _marked(found)) == (f"宛先 {MASK} 様", MASK)


def test_a_marking_shows_its_words_but_no_person_in_them() -> None:
    source = "生活保護を受けている流山花子さんの件"
    found = _mask(source, _hit(source, source, MARKING), _hit(source, "流山花子"))[0]
    assert found.excerpt == _marked(found) == f"生活保護を受けている{MASK}さんの件"


def test_a_long_marking_is_shortened_in_the_middle() -> None:
    source = "始" + "あ" * 18 + "い" * 30 + "う" * 18 + "終"
    found = _mask(source, _hit(source, source, MARKING))[0]
    assert found.excerpt == "始" + "あ" * 18 + "…" + "う" * 18 + "終"


def test_a_person_in_both_halves_of_a_long_marking_stays_masked() -> None:
    source = "始まり" + "流山花子" * 12 + "終わり"
    found = _mask(source, _hit(source, source, MARKING), _hit(source, "流山花子" * 12))[0]
    assert found.excerpt == f"始まり{MASK}…{MASK}終わり"


def test_an_excerpt_stays_in_its_line_and_invisible_characters_show_as_one_space() -> None:
    source = "甲\r\n\t氏名\u202e\x1b[31m\u200b流山花子\n\n以上"
    assert _mask(source, _hit(source, "流山花子"))[0].excerpt == f"氏名 [31m {MASK}"


def test_evidence_keeps_the_words_of_the_pack_and_drops_what_is_personal() -> None:
    source = "氏名 流山花子 と 流山"
    evidence = ("label:氏名", "mention:流山", "near:流山花子さん", "cue:市の流山", "honorific:様", "check")
    found = _mask(source, _hit(source, "流山花子", evidence=evidence))[0]
    assert found.evidence == ("label:氏名", "mention", "near", "cue", "honorific:様", "check")


def test_keys_and_sheets_named_after_a_person_are_masked_in_labels() -> None:
    source = "流山花子: 04-7158-1111\n"
    segment = Segment(source, parts=(Part(0, "/12/流山花子/phone", 1),))
    findings = mask(Document("a.json", Use.PROMPT, (segment,)), (_hit(source, "流山花子"), _hit(source, "1111", PHONE)))
    assert {found.location.label for found in findings} == {f"/12/{MASK}/phone"}
    sheet = Segment("流山花子,1", label="流山花子", delimiter=",")
    assert mask(Document("a.xlsx", Use.PROMPT, (sheet,)), (_hit(sheet.source, "流山花子"),))[0].location.label == (
        f"{MASK}!A1"
    )


def test_findings_come_in_the_order_of_the_text_the_worst_first() -> None:
    source = "流山花子 0471581111"
    document = Document("p", Use.PROMPT, (Segment("庁内限り"), Segment(source)))
    hits = (
        _hit(source, "0471581111", PHONE, segment=1),
        _hit(source, "流山花子", MARKING, Severity.WARN, segment=1),
        _hit(source, "流山花子", segment=1),
        _hit("庁内限り", "庁内限り", MARKING, Severity.NOTE),
    )
    assert [(found.rule, found.severity.value) for found in mask(document, hits)] == [
        ("internal-marking", "note"),
        ("person-name", "block"),
        ("internal-marking", "warn"),
        ("phone", "block"),
    ]


def test_a_fingerprint_tells_places_apart_and_knows_no_value() -> None:
    one, other = "氏名 流山花子、江戸川太郎", "氏名 江戸川太郎、流山花子"
    first = [found.fingerprint for found in _mask(one, _hit(one, "流山花子"), _hit(one, "江戸川太郎"))]
    second = [found.fingerprint for found in _mask(other, _hit(other, "流山花子"), _hit(other, "江戸川太郎"))]
    assert first == second
    assert len(set(first)) == 2
    assert all(len(mark) == 32 and int(mark, 16) >= 0 for mark in first)
    assert _mask(one, _hit(one, "流山花子"), path="\udce3.txt")[0].fingerprint not in first


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.booleans()), max_size=6))
def test_nothing_personal_is_shown(around: str, places: list[tuple[int, int, bool]]) -> None:
    hidden = "\U000f0000"  # stands for every personal character: nothing else uses it
    chars = list(around.replace(hidden, ""))
    spans = [(Span(start, min(start + length, len(chars))), personal) for start, length, personal in places]
    spans = [(span, personal) for span, personal in spans if span.start < span.end]
    for span, personal in spans:
        if personal:
            chars[span.start : span.end] = hidden * (span.end - span.start)
    source = "".join(chars)
    hits = [
        Hit(NAME if personal else MARKING, 0, span, (f"near:{source[span.start : span.end]}",), Severity.WARN, ())
        for span, personal in spans
    ]
    findings = _mask(source, *hits)
    assert len(findings) == len(hits)
    assert hidden not in json.dumps(to_builtins(findings), ensure_ascii=False)
    assert all(MASK in _marked(found) for found in findings if found.entity)
