"""What a prompt is about is weighed beside the rules: it adds, explains itself, and never overrules them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aiguard
from aiguard import resources
from aiguard.classifier import CLASSES, VIEWS, Classifier, Runs, packed, plain, runs, table_of, telling, unpacked, weigh
from aiguard.detectors import meaning
from aiguard.detectors.meaning import PIECE, pieces, weighed_pieces

if TYPE_CHECKING:
    from aiguard.model import Finding

LIMIT = 5_000_000


@pytest.fixture(scope="module")
def known() -> Classifier:
    return resources.classifier(str(resources.root() / "nagareyama"))


def weighed(text: str) -> list[Finding]:
    return [one for one in aiguard.check_text(text).findings if one.rule.startswith("meaning-")]


def test_the_weights_are_small() -> None:
    assert sum(file.stat().st_size for file in (resources.root() / "common").glob("meaning.*")) < LIMIT


def test_a_text_is_weighed_as_it_reads() -> None:
    assert plain("ＡＢＣ　１２３枚\n4,500枚") == "abc 0枚 0,0枚"
    assert runs("あい") == {"あ", "い", "あい"}
    assert telling(["の", "は", "です", "予算", "12", "、"]) == {"予算"}


@given(st.lists(st.lists(st.integers(-127, 127), min_size=15, max_size=15), max_size=60))
def test_records_add_up_as_one_integer(rows: list[list[int]]) -> None:
    total = unpacked(sum(map(packed, rows)))
    assert total == tuple(sum(column) for column in zip(*rows, strict=True)) or not rows


def test_a_table_gives_back_the_runs_of_a_text() -> None:
    weights = VIEWS * len(CLASSES)
    rows = [(run, (7, *[len(run) - 3] * weights)) for run in ("市", "市の", "の", "のプー", "12", "1")]
    table = Runs(table_of(rows))
    assert sorted(table.known("市のプール")) == ["の", "のプー", "市", "市の"]
    assert unpacked(table["のプー"]) == (49, *[0] * weights)
    assert sorted(table.known("1市1")) == ["1", "市"]
    assert unpacked(table["1"]) == (49, *[-2] * weights)


def test_chances_are_chances_and_do_not_change(known: Classifier) -> None:
    views = (("来年度の組織改正の案", ("来年度", "組織", "改正", "案")), ("", ()))
    first, second = weigh(known, views), weigh(known, views)
    assert first == second
    assert len(first.chances) == len(CLASSES)
    assert all(0 < chance < 1 for chance in first.chances)


@given(st.text(max_size=400))
def test_any_text_can_be_weighed(text: str) -> None:
    opened = resources.classifier(str(resources.root() / "nagareyama"))
    for span, one in weighed_pieces(opened, text, text[:50]):
        assert 0 <= span.start < span.end <= len(text)
        assert all(0 < chance < 1 for chance in one.chances)


def test_a_long_text_is_weighed_in_pieces_that_cover_it() -> None:
    text = "道路の工事のお知らせです。\n" * 400
    spans = list(pieces(text))
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
    assert (spans[0].start, spans[-1].end) == (0, len(text))
    assert all(span.end - span.start <= PIECE for span in spans)


def test_each_piece_of_a_long_text_is_weighed_by_itself(known: Classifier) -> None:
    breach = "来年度から市民プールを閉める方向で部内は固まりました。利用者にはまだ何も言っていません。\n"
    text = "道路の工事の日程は表のとおりである。\n" * 100 + 16 * breach
    undecided = CLASSES.index("undecided")
    chances = [weighed.chances[undecided] for _, weighed in weighed_pieces(known, text, "次の資料を要約して")]
    assert len(chances) > 2
    assert chances[-1] > 10 * chances[0]


def test_what_a_rule_speaks_of_is_not_said_again() -> None:
    text = (
        "【庁内限り】課内の打合せのメモです。要約して。\n・昼休みの当番の組み方を見直す\n・苦情の方が来たら奥の相談室へ"
    )
    found = aiguard.check_text(text).findings
    assert "internal-mark" in {one.rule for one in found}
    assert "meaning-internal" not in {one.rule for one in found}


def test_a_wrong_spec_names_its_key() -> None:
    assert meaning.problem(meaning.Spec(kind="weather")) is not None
    assert meaning.problem(meaning.Spec(kind="misuse", likely=0.9, sure=0.5)) == (
        "likely",
        "0より大きく、sure 以下の数を書いてください",
    )
    assert meaning.problem(meaning.Spec(kind="misuse")) is None


@pytest.mark.parametrize(
    "text",
    [
        "予定価格と最低制限価格の違いを新人に説明する文を作って",
        "フィッシング詐欺に注意する市民向けのちらしの文案",
        "先週公表した組織改正の記事を、やさしい日本語にして。",
        "お悔やみコーナーの手続きの順番を表にして",
        "エクセルで前年度比を出す式は？",
        "今日は雨です。",
    ],
)
def test_what_is_only_talked_about_is_quiet(text: str) -> None:
    assert weighed(text) == []
