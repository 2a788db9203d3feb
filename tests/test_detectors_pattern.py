"""Numbers, places and facts of persons are found as a whole, and what only looks like them is left alone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard import pack as packs
from aiguard import resources
from aiguard.compiling import compile_pack
from aiguard.detectors import address, pattern
from aiguard.detectors.reading import Reading, Word
from aiguard.model import Document, Segment, Severity, Span, Use
from aiguard.policy.overlaps import settle
from aiguard.scanner import scan

if TYPE_CHECKING:
    from aiguard.compiling import Compiled

NAME = "森本 彩"


class Found(NamedTuple):
    """Hold a finding by its words."""

    entity: str | None
    text: str
    severity: Severity


@lru_cache(maxsize=1)
def _compiled() -> Compiled:
    return compile_pack(packs.load(packs.find(None)), Use.PROMPT, resources.lexicon)


def _found(text: str, *, delimiter: str | None = None) -> list[Found]:
    """Return what the shipped pack finds of personal information but names, from a warning up."""
    document = Document("x", Use.PROMPT, (Segment(text, delimiter=delimiter),))
    hits, unchecked = scan(document, _compiled())
    assert not unchecked
    found = {
        Found(hit.rule.entity, text[hit.span.start : hit.span.end], hit.severity)
        for hit in settle(document, hits)
        if hit.rule.file.startswith("common/rules/personal-") and hit.rule.entity != "PERSON" and hit.severity.rank > 1
    }
    return sorted(found)


def _entities(text: str, *, delimiter: str | None = None) -> list[tuple[str | None, str]]:
    return [(found.entity, found.text) for found in _found(text, delimiter=delimiter)]


def _digit(digits: str, weights: tuple[int, ...]) -> str:
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return str(0 if rest <= 1 else 11 - rest)


def _my_number(digits: str) -> str:
    return digits + _digit(digits, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))


def _resident_code(digits: str) -> str:
    return digits + _digit(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))


def _license(digits: str) -> str:
    rest = sum(int(digit) * weight for digit, weight in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return f"{digits}{(11 - rest) % 10}0"


def _card(digits: str) -> str:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return digits + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


MINE = _my_number("86420975310")
LICENSE = _license("4412345678")
CARD = _card("453912345678901")


@given(st.text("0123456789", min_size=10, max_size=10))
def test_a_labelled_my_number_is_found_whatever_its_digits(digits: str) -> None:
    number = _my_number(f"3{digits}")
    assert Found("MY_NUMBER", number, Severity.BLOCK) in _found(f"個人番号は{number}です")


@pytest.mark.parametrize(
    "text",
    [
        "個人番号：«{}»",
        "マイナンバー«{}»です",
        "«{}»（個人番号）",
        '{{"my_number": "«{}»"}}',
        "氏名\t個人番号\n森本 彩\t«{}»",
        "|氏名|個人番号|\n|---|---|\n|森本 彩|«{}»|",
        "個人番号,氏名カナ,区分\n«{}»,ﾓﾘﾓﾄ ｱﾔ,1",
        "1,森本 彩,«{}»,000",
    ],
)
def test_a_my_number_is_found_by_its_label_its_heading_and_its_company(text: str) -> None:
    filled = text.format(MINE)
    bare = filled.replace("«", "").replace("»", "")
    assert ("MY_NUMBER", MINE) in _entities(bare)


@pytest.mark.parametrize(
    "written",
    [
        f"{MINE[:4]} {MINE[4:8]} {MINE[8:]}",
        f"{MINE[:4]} - {MINE[4:8]} - {MINE[8:]}",
        f"{MINE[:4]}ー{MINE[4:8]}−{MINE[8:]}",
        f"{MINE[:4]}・{MINE[4:8]}・{MINE[8:]}",
        MINE.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        MINE.translate(str.maketrans("0123456789", "〇一二三四五六七八九")),
        " ".join(MINE),
    ],
)
def test_disguised_digits_are_read(written: str) -> None:
    assert _found(f"個人番号　{written}") == [Found("MY_NUMBER", written, Severity.BLOCK)]


def test_numbers_without_a_label_are_graded_by_what_stands_around() -> None:
    grouped = f"{MINE[:4]} {MINE[4:8]} {MINE[8:]}"
    assert [found.severity for found in _found(f"この {grouped} は何ですか")] == [Severity.WARN]
    assert [found.severity for found in _found(f"住民から聞いた {grouped} は正しいですか")] == [Severity.BLOCK]
    assert _found(f"注文番号 {MINE} を取り消す") == []
    assert _found(f"この {MINE} は何ですか") == []


@pytest.mark.parametrize(
    "text",
    [
        f"予算は{MINE}円",
        f"マイナンバー: {MINE}9",
        f"0{MINE}",
        f"{MINE}-1",
        f"1-{MINE}",
        f"A{MINE}",
        f"{MINE}kg",
        "ログの時刻は 202604010006",
        "法人番号 1000020122203、登録番号 T1000020122203",
        "1,234,567,890,123円と12,345,678",
        "記入例　個人番号 " + MINE,
    ],
)
def test_parts_of_other_numbers_and_amounts_are_no_identifiers(text: str) -> None:
    assert _entities(text) == []


def test_a_comma_parts_cells_but_not_thousands() -> None:
    rule = pattern.Spec(patterns=(r"\d{3,12}",), boundary="number")

    def values(text: str) -> list[str]:
        spans = [match.span for match in pattern.find(rule, "text", Reading(Segment(text)), {})]
        return [text[span.start : span.end] for span in spans]

    assert values("1,123456,7000") == ["123456", "7000"]
    assert values("123,456") == values("1,234,567") == []
    assert values("TEL123456 XX123456 1-234567") == ["123456"]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        (f"住民票コードは«{_resident_code('1234509876')}»", "RESIDENT_CODE"),
        (f'{{"juki_code":"«{_resident_code("2017345754")}»"}}', "RESIDENT_CODE"),
        (f"免許証番号«{LICENSE}»", "DRIVER_LICENSE"),
        (f"免許の更新：{NAME}　«第{LICENSE}号»", "DRIVER_LICENSE"),
        ("国保の記号番号 «流３１４－２０８（枝番０１）»", "HEALTH_INSURANCE"),
        ("後期高齢者医療 被保険者番号 «00507336»", "HEALTH_INSURANCE"),
        ("基礎年金番号«6740-551236»", "PENSION_NUMBER"),
        ("介護保険被保険者証番号：«0000123456»", "CARE_INSURANCE"),
        ("宛名番号 «0077238416»", "ADDRESSEE_NUMBER"),
        ("在留カードの番号は«UJ12345678EA»", "RESIDENCE_CARD"),
        ("旅券番号«ＴＲ１２３４５６７»", "PASSPORT"),
        ("京葉銀行 流山支店 普通 «5187777»", "BANK_ACCOUNT"),
        (f"カードは «{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}»", "CREDIT_CARD"),
        ("職員番号 «104587»", "EMPLOYEE_ID"),
        (f"{NAME}様（利用者番号 «20087451»）", "OTHER_ID"),
        (f"{NAME}（«04-7144-1234»）", "PHONE"),
        ("携帯 «090 1234 5678»", "PHONE"),
        ("携帯は«０９０（１２３４）５６７８»", "PHONE"),
        ("tel «+81-80-1234-5678»", "PHONE"),
        ("番号は «ゼロ九ゼロの一二三四の五六七八» です", "PHONE"),
        (f"{NAME}、電話 «7144-1234»", "PHONE"),
        ("メールは«aya.m77@ezweb.ne.jp»です", "EMAIL"),
        ("«aya-m アット gmail ドット com»", "EMAIL"),
        ("«aya.m★icloud.com»（★は@）", "EMAIL"),
        ("«ａｙａ＠ｇｍａｉｌ．ｃｏｍ»へ返信", "EMAIL"),
        ("«aya.m[at]gmail.com»", "EMAIL"),
        ("車両　«春日部 300 ち ・855»", "VEHICLE_PLATE"),
        ("車は«柏500あ1234»", "VEHICLE_PLATE"),
        (f"{NAME}　«平成30年10月5日»　同居", "BIRTH_DATE"),
        ("生年月日：«3230714»", "BIRTH_DATE"),
        (f"{NAME}（«昭和8年12月25日»生）", "BIRTH_DATE"),
        (f"{NAME}さんは«統合失調症»で通院中", "SENSITIVE"),
        ("«要介護3»の母（82歳）と同居の40代女性", "SENSITIVE"),
    ],
)
def test_each_kind_is_found_as_a_whole(text: str, entity: str) -> None:
    value = text[text.index("«") + 1 : text.index("»")]
    assert _entities(text.replace("«", "").replace("»", "")) == [(entity, value)]


def test_the_parts_of_a_post_account_are_found_one_by_one() -> None:
    found = _entities("ゆうちょ銀行 記号 10530 番号 25919681")
    assert found == [("BANK_ACCOUNT", "10530"), ("BANK_ACCOUNT", "25919681")]


def test_an_insurer_counts_only_beside_the_number_of_a_person() -> None:
    assert ("HEALTH_INSURANCE", "138016") in _entities("保険者番号 138016、記号番号 流314-208")
    assert _entities("保険者番号 138016 の保険者はどこですか") == []


@pytest.mark.parametrize(
    "place",
    [
        "流山市南五丁目１１２３番地の７",
        "千葉県流山市こうのす台七百四十一番地の三",
        "流山市おおたかの森東三丁目18番地2 グランドヒルズ707",
        "宮園2-30-6",
        "名都借の八〇一の三",
        "取手市白山4-8-36 コーポ椿A102",
        "札幌市北区北七条西6丁目1-3 メゾン北大前512",
        "京都府京都市上京区丸太町通黒門東入藁屋町536-1",
        "東京都千代田区一番町10-1",
        "東京都荒川区南千住8丁目4-7",
        "つくば市研究学園１－１－１",
        "流山市大字平方123番地",
        "流山市鰭ヶ崎1234",
    ],
)
def test_an_address_is_found_from_the_first_place_to_the_room(place: str) -> None:
    assert _found(f"住所は{place}です") == [Found("ADDRESS", place, Severity.BLOCK)]
    assert _found(f"{NAME}\t{place}\t女") == [Found("ADDRESS", place, Severity.BLOCK)]


@pytest.mark.parametrize(
    "text",
    [
        "市道1-221号を補修する",
        "流山市条例第2号と流山市告示第1-23号",
        "流山市総合計画2-3章",
        "流山市では3-4人が参加",
        "流山おおたかの森駅から5-6分",
        "江戸川台東1丁目の夏祭り",
        "3年2組、小学校3-2",
        "2026-04-01から2026-04-30まで",
        "北部公民館：流山市美原1-158-2：04-7153-0567",
        "フリーダイヤル0120-444-444、0570-000-123",
        "健康増進課 電話04-7154-0331（代表）",
        "info@pref.chiba.lg.jp",
        "令和7年4月1日に採用された職員",
        "平成7年4月2日から平成16年4月1日までに生まれた方",
        "生活保護制度の説明文を作って",
        "要介護3と要介護4の違いを説明して",
        "認知症サポーター養成講座の案内",
        "65歳以上の約5人に1人が認知症になるとされています",
        "在留カードの番号は英字2文字＋数字8桁＋英字2文字です",
        "職員番号 千葉県の職員",
        "型番 AB1234567 と AB12345678CD の在庫",
        "荷物の追跡番号 4111-1111-1111-1112",
    ],
)
def test_what_only_looks_alike_is_quiet(text: str) -> None:
    assert _entities(text) == []


def test_rows_of_a_table_do_not_run_into_one_number() -> None:
    rows = "\n".join(f"{_my_number(f'2345678{n:04}')},ﾓﾘﾓﾄ ｱﾔ,S45.11.02,1,6820000" for n in range(3))
    found = _entities(f"個人番号,氏名カナ,生年月日,区分,収入\n{rows}", delimiter=",")
    assert [entity for entity, _ in found].count("MY_NUMBER") == 3


def test_a_line_wrapped_inside_a_value_is_read_through() -> None:
    head = "この文は折り返しの試験のために三十字を超えるように書いてある文で個人番号は"
    wrapped = f"{MINE[:8]}\n{MINE[8:]}"
    assert _entities(f"{head}{wrapped}です") == [("MY_NUMBER", wrapped)]


def test_a_label_in_latin_letters_is_a_word_of_its_own() -> None:
    text = "hotel: 123456, tel: 123456"
    labels = (Word(2, 5, "tel"), Word(15, 18, "tel"))
    rule = pattern.Spec(patterns=(r"\d{6}",), label=pattern.Label(words=("tel",), within=4, required=True))
    matches = list(pattern.find(rule, "text", Reading(Segment(text), labels), {"label": list(labels)}))
    assert [match.span for match in matches] == [Span(20, 26)]


def test_words_inside_a_value_say_nothing_about_it() -> None:
    words = {"context:office": [Word(1, 3, "都市")]}
    reading = Reading(Segment("京都市北区 都市計画"))
    assert list(pattern.surroundings({"office": ()}, {}, reading, words, Span(0, 5))) == []
    assert list(pattern.surroundings({"office": ()}, {}, reading, words, Span(6, 8))) == ["office"]


def test_a_spec_names_its_mistakes() -> None:
    assert pattern.problem(pattern.Spec(patterns=(), check="nothing")) is not None
    assert pattern.problem(pattern.Spec(patterns=(), context={"a": ("b",)}, scopes={"c": "line"})) is not None
    assert pattern.problem(pattern.Spec(patterns=(), context={"a": ("b",)}, scopes={"a": "moon"})) is not None
    assert pattern.problem(pattern.Spec(patterns=(), context={"a": ("b",)}, scopes={"a": "block"})) is None
    assert address.problem(address.Spec((), (), (), pattern.Label(words=()))) is not None


@given(st.text("流山市千葉県東京都区町丁目番地の一二三１23-4ー 　\n,、住所", max_size=60))
def test_any_run_of_places_and_numbers_is_read_without_failing(text: str) -> None:
    for entity, value in _entities(text):
        assert entity != "ADDRESS" or any(digit in value for digit in "一二三１234")
