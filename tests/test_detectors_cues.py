"""Cues: words that mean something together, in the part of the prompt where they mean it."""

from __future__ import annotations

import pytest

from aiguard.detectors import cues, terms
from aiguard.detectors.grow import Grow
from aiguard.detectors.reading import Reading, Word
from aiguard.model import Segment


def _words(text: str, **classes: tuple[str, ...]) -> dict[str, list[Word]]:
    """Find words as the scanner does: every place, ascending."""
    return {
        name: sorted(
            Word(start, start + len(word), word)
            for word in group
            for start in range(len(text))
            if text.startswith(word, start)
        )
        for name, group in classes.items()
    }


def _found(text: str, spec: cues.Spec) -> list[tuple[str, tuple[str, ...]]]:
    matches = cues.find(spec, "text", Reading(Segment(text)), _words(text, **spec.words))
    return [(text[match.span.start : match.span.end], match.evidence) for match in matches]


# The parts of a prompt


def test_what_a_quotation_says_is_no_question_of_the_prompt() -> None:
    text = "社外秘の本から抜き出した文です「信頼とは、約束を守った回数の積み重ねで、言葉ではない。」"
    assert "asked" not in _found(text, cues.Spec(words={"anchor": ("社外秘",)}))[0][1]


# Cues


def test_a_cue_is_reported_with_the_classes_in_its_sentence() -> None:
    spec = cues.Spec(words={"anchor": ("愛称",), "want": ("考えて",)})
    assert _found("バスの愛称を考えて", spec) == [("愛称", ("anchor", "want:考えて", "task"))]
    assert _found("愛称が決まった。文を考えて", spec) == [("愛称", ("anchor", "task"))]


def test_a_veto_silences_a_cue_even_inside_it() -> None:
    anchor = ("改ざんを防ぐ方法|改ざんする方法",)
    spec = cues.Spec(words={"veto": ("防ぐ",)}, patterns={"anchor": anchor}, none=("veto",))
    assert _found("改ざんを防ぐ方法を教えて", spec) == []
    assert [found for found, _ in _found("改ざんする方法を教えて", spec)] == ["改ざんする方法"]


def test_a_class_is_not_seen_in_the_cue_itself() -> None:
    spec = cues.Spec(words={"anchor": ("要求額",), "amount": ("額",)})
    assert _found("要求額を書いて", spec)[0][1] == ("anchor", "task")


def test_a_cue_can_be_kept_to_the_task() -> None:
    spec = cues.Spec(words={"anchor": ("脅して",)}, part="task")
    assert _found("要約して。\n手口は、電話で脅してお金を払わせるものです。", spec) == []
    assert len(_found("町会長を脅して辞めさせる文を書いて", spec)) == 1


def test_a_class_can_be_looked_for_in_the_material_alone() -> None:
    spec = cues.Spec(
        words={"anchor": ("予定価格",)}, patterns={"amount": ("[0-9]{5,}",)}, scopes={"amount": "material"}
    )
    assert "amount" in _found("予定価格の表を直して。\n予定価格 1234567円", spec)[0][1]
    assert "amount" not in _found("予定価格が1234567円のときの式を教えて", spec)[0][1]


def test_a_sentence_reports_the_same_evidence_once_unless_every_cue_counts() -> None:
    once = cues.Spec(patterns={"anchor": (r"10\.[0-9.]+",)})
    every = cues.Spec(patterns={"anchor": (r"10\.[0-9.]+",)}, every=True)
    text = "10.1.2.3 と 10.1.2.4 を確認"
    assert len(_found(text, once)) == 1
    assert [found for found, _ in _found(text, every)] == ["10.1.2.3", "10.1.2.4"]


def test_classes_that_are_seen_count_together() -> None:
    spec = cues.Spec(words={"anchor": ("男性",), "age": ("50代",), "town": ("大畔",), "work": ("理髪店",)}, enough=2)
    assert "enough" in _found("50代の男性、大畔に在住", spec)[0][1]
    assert "enough" not in _found("50代の男性", spec)[0][1]


def test_the_value_of_a_cue_is_its_named_group() -> None:
    spec = cues.Spec(patterns={"anchor": ("合言葉「(?<value>[^」]+)」",)})
    assert _found("合言葉「みかんの箱」を言う", spec)[0][0] == "みかんの箱"


def test_a_whole_word_is_not_found_inside_a_longer_one_of_its_script() -> None:
    spec = cues.Spec(words={"anchor": ("ルフィ", "ado")}, whole=True)
    assert _found("フィラデルフィアとtornadoの説明", spec) == []
    assert [found for found, _ in _found("ルフィの絵", spec)] == ["ルフィ"]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("機密性3とは何ですか", "asked"),
        ("機密性3と機密性2の違いは", "asked"),
        ("機密性3の情報を入力してはいけない理由", "asked"),
        ("機密性3の文書の書き方を教えて", "how"),
    ],
)
def test_a_question_about_a_word_is_told_from_its_use(text: str, evidence: str) -> None:
    assert evidence in _found(text, cues.Spec(words={"anchor": ("機密性3",)}))[0][1]


def test_a_use_of_a_word_is_no_question_about_it() -> None:
    seen = _found("機密性3の資料です。要約して", cues.Spec(words={"anchor": ("機密性3",)}))[0][1]
    assert not {"asked", "how"} & set(seen)


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        (cues.Spec(anchor="gone", words={"anchor": ("x",)}), "anchor"),
        (cues.Spec(words={"anchor": ("x",)}, none=("gone",)), "none"),
        (cues.Spec(words={"anchor": ("x",)}, scope="page"), "scope"),
        (cues.Spec(words={"anchor": ("x",)}, part="page"), "part"),
    ],
)
def test_a_wrong_spec_names_its_key(spec: cues.Spec, key: str) -> None:
    problem = cues.problem(spec)
    assert problem is not None
    assert problem[0] == key


def test_positions_are_those_of_the_source_where_folding_changes_lengths() -> None:
    text = "㈱ミドリの予定価格は１２３４５６円"
    spec = cues.Spec(patterns={"anchor": ("予定価格は[0-9]+円",)})
    assert _found(text, spec)[0][0] == "予定価格は１２３４５６円"


# Terms


def test_the_longest_term_is_found_with_how_it_stands() -> None:
    text = "高橋留美子の絵をまねて"
    spec = terms.Spec(words=("高橋", "高橋留美子"))
    found = list(terms.find(spec, "text", Reading(Segment(text)), _words(text, word=spec.words)))
    assert [(text[m.span.start : m.span.end], m.evidence) for m in found] == [
        ("高橋留美子", ("word:高橋留美子", "task"))
    ]


# Names that are put together


def _grown(text: str, each: Grow, *heads: str) -> list[str]:
    spec = cues.Spec(anchor="head", words={"head": heads}, grow={"head": each})
    return [cue for cue, _ in _found(text, spec)]


def test_a_head_grows_to_the_name_it_ends() -> None:
    assert _grown("既往に誤嚥性肺炎あり", Grow(before="[一-龥]{1,8}"), "炎") == ["誤嚥性肺炎"]


def test_a_head_without_what_it_needs_before_it_is_no_cue() -> None:
    assert _grown("ろうそくの炎", Grow(before="[肺胃]"), "炎") == []


def test_the_person_is_cut_off_the_front_of_a_name() -> None:
    assert _grown("本人糖尿病", Grow(before="[一-龥]{1,8}", cut="本人"), "病") == ["糖尿病"]


def test_a_name_that_is_something_else_in_whole_is_dropped() -> None:
    each = Grow(before="[一-龥]{1,8}", unlike="感染症", not_after="対策")
    assert _grown("感染症と敗血症、熱中症対策", each, "症") == ["敗血症"]


def test_a_listed_word_takes_its_stage_with_it_in_any_width() -> None:
    text = "２型糖尿病で服薬"
    assert _grown(text, Grow(before="(?:[12]型)?"), "糖尿病") == ["２型糖尿病"]


def test_of_two_classes_on_one_span_the_pattern_counts() -> None:
    spec = cues.Spec(anchor="fact", words={"said": ("透析",)}, patterns={"fact": ("透析",)}, grow={"said": Grow()})
    assert [evidence[0] for _, evidence in _found("家内が透析してる", spec)] == ["fact"]


def test_a_class_that_grows_must_have_words() -> None:
    assert cues.problem(cues.Spec(words={"anchor": ("病",)}, grow={"head": Grow()})) == (
        "grow",
        "語の組「head」が words にありません",
    )
