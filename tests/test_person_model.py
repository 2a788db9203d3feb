"""The model of names adds what only the context tells, and leaves alone what is no name."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aiguard
from aiguard import resources
from aiguard.detectors import person_features
from aiguard.detectors.person_model import Model, likely_places, modelled_names, units
from aiguard.morph import tokens


@pytest.fixture(scope="module")
def model() -> Model:
    return resources.name_model(str(resources.root() / "nagareyama"))


def _names(text: str, *, least: tuple[str, ...] = ("warn", "block")) -> set[str]:
    findings = aiguard.check_text(text).findings
    spans = [one.location for one in findings if one.rule == "person-name" and one.severity in least]
    return {text[span.start : span.end] for span in spans}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("明日の窓口は小暮が休みなので、代わりを立ててください。", "小暮"),
        ("本件、柏木より折り返し回答します。", "柏木"),
        ("先日の打合せで、経理の三枝が資料を回すと言っていました。", "三枝"),
        ("議事の記録は榛葉、写真は大場が担当します。", "榛葉"),
    ],
)
def test_a_name_without_honorific_or_label_is_found(text: str, name: str) -> None:
    assert name in _names(text)


@pytest.mark.parametrize(
    "text",
    [
        "1885年、ヴィクトル・ユーゴーが死去すると、パリで国葬が営まれた。",
        "同年、作曲家のモーリス・ラヴェルは渡米し、各地で指揮をした。",
    ],
)
def test_people_of_an_encyclopaedia_are_no_more_than_a_note(text: str) -> None:
    assert _names(text) == set()
    assert _names(text, least=("note",))


@pytest.mark.parametrize(
    "text",
    [
        "渡辺建設から工期を延ばしたいと連絡がありました。",
        "流山おおたかの森駅から野田市、吉川市、柏市へ向かうバスの時刻表を作って。",
        "お客様、患者様、店員さん、大家さんへの案内文を作って。",
        "生活保護制度と障害者手帳の申請方法を、やさしい日本語で説明して。",
        "森の図書館の前の泉と桜の並木を紹介する文を、光と緑という言葉を入れて作って。",
    ],
)
def test_what_only_looks_like_a_name_is_left_alone(text: str) -> None:
    assert _names(text) == set()


def test_a_word_is_described_alike_whether_it_is_remembered_or_not(model: Model) -> None:
    text = "総務課の三枝が、佐藤 花子さんに電話した。"
    first = person_features.features(text, tokens(text), model.facts, person_features.each)
    again = person_features.features(text, tokens(text), model.facts, person_features.each)
    person_features._described.cache_clear()
    person_features._paired.cache_clear()
    assert first == again == person_features.features(text, tokens(text), model.facts, person_features.each)
    row = next(row for row in first if "w=三枝".encode() in row)
    assert {"a=の", "b=が", "aa=課", "ab=の|が", "aab=課|の", "g=|"} <= {each.decode() for each in row}


def test_the_model_is_deterministic(model: Model) -> None:
    text = "経理の小暮が休みます。議事の記録は榛葉が担当します。"
    places = list(likely_places(text, model.facts))
    assert list(modelled_names(model, text, places)) == list(modelled_names(model, text, places))


def test_a_sentence_without_a_likely_word_is_not_seen(model: Model) -> None:
    text = "今日は寒いです。\n小暮が休みます。\n明日も寒いでしょう。"
    seen = [text[start:end] for start, end in units(text, sorted(likely_places(text, model.facts)))]
    assert seen == ["小暮が休みます。"]


def test_a_name_is_seen_alike_however_long_the_sentence_around_it_is(model: Model) -> None:
    plain = "、".join(["書類を机の上に置いて"] * 20)
    for text in ("経理の小暮が休みます。", f"{plain}経理の小暮が休み、{plain}帰ります。"):
        assert [
            text[one.start : one.end] for one in modelled_names(model, text, sorted(likely_places(text, model.facts)))
        ] == ["小暮"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="小暮柏木が休む。、\n\t 　・アンドレ太郎さん様1０A-「」\u200b𠮷々ー", max_size=120))
def test_any_text_is_labelled_inside_its_bounds(model: Model, text: str) -> None:
    places = sorted(likely_places(text, model.facts))
    found = list(modelled_names(model, text, places))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
    stretches = list(units(text, places))
    assert all(one[1] <= other[0] for one, other in pairwise(stretches))
