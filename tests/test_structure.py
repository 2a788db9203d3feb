"""A prompt is read as a task and its material."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiguard.structure import parts

if TYPE_CHECKING:
    from aiguard.model import Span


def _taken(text: str, spans: tuple[Span, ...]) -> str:
    return "|".join(text[span.start : span.end] for span in spans)


def test_a_lone_line_is_all_task() -> None:
    text = "予定価格とは何か、新人に説明して"
    assert _taken(text, parts(text).task) == text
    assert parts(text).material == ()


def test_lines_below_a_request_are_material() -> None:
    text = "次の表を並べ替えて。\n舗装 120\n電気 340"
    assert _taken(text, parts(text).task) == "次の表を並べ替えて。"
    assert _taken(text, parts(text).material) == "舗装 120|電気 340"


def test_a_request_at_the_foot_is_the_task() -> None:
    text = "■取扱：庁内限り\n各所属は光熱費を1割減とする。\nこの通知をやわらかい口調に変えて"
    assert _taken(text, parts(text).task) == "この通知をやわらかい口調に変えて"


def test_a_request_between_the_materials_is_found_by_what_it_points_at() -> None:
    text = "機密性2\n再構築の検討\n上の資料を要約してください。\n・スイッチは3台\n・保守は来年まで"
    assert _taken(text, parts(text).task) == "上の資料を要約してください。"


def test_a_long_quotation_is_material_and_a_short_one_is_not() -> None:
    long = "「隣の家の木の枝がうちの屋根にかかっています。切ってもいいですか。」への返事を書いて"
    assert _taken(long, parts(long).material).startswith("隣の家の木")
    short = "「庁内限り」を英語にして"
    assert parts(short).material == ()


def test_a_letter_that_closes_with_a_request_stays_material() -> None:
    text = "下のメールを要約して\n\n書類をそろえて来週うかがいます。\nどうぞよろしくお願いいたします。"
    assert "よろしく" in _taken(text, parts(text).material)


def test_the_text_behind_a_colon_is_material() -> None:
    text = "次を英語に翻訳して：本日は大雪のため、窓口の受付を15時で終了いたします。"
    assert _taken(text, parts(text).material).startswith("本日は")


@pytest.mark.parametrize("text", ["", "\n\n", "　", "「", "」」", "「「あ」", "```\nx"])
def test_odd_texts_are_parted_without_error(text: str) -> None:
    spans = parts(text)
    assert all(0 <= span.start <= span.end <= len(text) for span in spans.task + spans.material)


def test_a_list_that_holds_the_orders_is_the_task() -> None:
    orders = "児童館の開設です。\n1 愛称の案(15個)\n2 一番よいものを1つ決めて。"
    assert parts(orders).material == ()
    pasted = "次の通知です\n1 書類を出してください\n2 期限は守って考えてください"
    assert "書類を出して" in _taken(pasted, parts(pasted).material)
