"""Notices: a stamp marks a text, a word that is talked about does not."""

from __future__ import annotations

import pytest

from aiguard.detectors import notice
from aiguard.detectors.reading import Reading, Word
from aiguard.model import Segment


def _evidence(text: str, word: str) -> tuple[str, ...]:
    words = {"word": [Word(start, start + len(word), word) for start in [text.index(word)]]}
    (match,) = notice.find(notice.Spec(words=(word,)), "text", Reading(Segment(text)), words)
    assert text[match.span.start : match.span.end] == word
    return match.evidence


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("部外秘\n来月の体制\n要約して", "alone"),
        ("【部外秘】\n来月の体制", "alone"),
        ("※ 部外秘です\n来月の体制", "alone"),
        ("表を整えて下さい。部外秘。", "alone"),
        ("【部外秘】来月の応援体制についての案です", "bracketed"),
        ("応援の表（部外秘・転送不可）を五十音順に", "bracketed"),
        ("■取扱：部外秘（市民への提供は不可とします）", "labelled"),
        ("取扱区分：部外秘とする資料の一覧はこちら", "labelled"),
        ("部外秘　来月の応援体制についての案です", "leading"),
        ("この表は部外秘だと聞きましたが本当ですか", "mentioned"),
        ("「部外秘」を自然な英語にしてください", "mentioned"),
    ],
)
def test_the_form_says_how_a_word_stands(text: str, form: str) -> None:
    assert form in _evidence(text, "部外秘")


@pytest.mark.parametrize("text", ["（報道解禁前、知っているのは秘書と一部だけ）", "秘書課", "成功の秘けつ"])
def test_a_part_of_a_longer_word_is_no_stamp(text: str) -> None:
    assert "mentioned" in _evidence(text, "秘")


def test_a_stamp_is_not_asked_about_because_its_title_speaks_of_a_way() -> None:
    assert "asked" not in _evidence("【部外秘】応援体制の考え方\n上を箇条書きに", "部外秘")


@pytest.mark.parametrize("text", ["部外秘とは？", "部外秘と社外秘の違いは？", "部外秘の資料を入力してはいけない理由"])
def test_a_question_about_the_word_is_seen(text: str) -> None:
    assert "asked" in _evidence(text, "部外秘")


def test_the_part_of_the_prompt_is_evidence() -> None:
    assert "material" in _evidence("要約して\n部外秘\n来月の応援は月曜が2名、火曜が3名です。", "部外秘")
    assert "pasted" in _evidence("要約して\n部外秘\n来月の応援は月曜が2名、火曜が3名です。", "部外秘")
    assert "task" in _evidence("部外秘のしおりを作る", "部外秘")


def test_the_longest_word_is_reported_once() -> None:
    text = "【庁内限り】"
    words = {"word": [Word(1, 4, "庁内限"), Word(1, 5, "庁内限り")]}
    found = list(notice.find(notice.Spec(words=("庁内限", "庁内限り")), "text", Reading(Segment(text)), words))
    assert [text[match.span.start : match.span.end] for match in found] == ["庁内限り"]
