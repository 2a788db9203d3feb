"""Names in the shapes that residents' names have are found whole, and what has such a shape by chance is left alone."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given as given_
from hypothesis import settings
from hypothesis import strategies as st

from aiguard import pack as packs
from aiguard import resources
from aiguard.compiling import Compiled, compile_pack
from aiguard.model import Document, Segment, Severity, Use
from aiguard.scanner import scan

FAMILIES = ("佐々木", "野々村", "田中", "長谷川", "森", "関", "一ノ瀬", "三ツ橋", "鎌ケ谷", "須々木", "代々木")
PLACES = (
    "{}様から電話がありました。",
    "昨日、{}さんが窓口に来ました。",
    "、{}氏の件",
    "氏名：{}",
    "申請者は{}で、住所は変わらない。",
)


@pytest.fixture(scope="module")
def shipped() -> Compiled:
    """Return the rules that are shipped, for prompts."""
    return compile_pack(packs.load(packs.find(None)), Use.PROMPT, resources.lexicon)


def _names(compiled: Compiled, text: str, least: Severity = Severity.NOTE) -> list[str]:
    hits, unchecked = scan(Document("-", Use.PROMPT, (Segment(text),)), compiled)
    assert unchecked == ()
    spans = {hit.span for hit in hits if hit.rule.id == "person-name" and hit.severity.rank >= least.rank}
    return [text[span.start : span.end] for span in sorted(spans)]


def _marked(text: str) -> tuple[str, list[str]]:
    """Return a text without its «marks», and what stood between them."""
    return text.replace("«", "").replace("»", ""), [part.partition("»")[0] for part in text.split("«")[1:]]


@pytest.mark.parametrize(
    "given",
    [
        "ヨシ子",
        "ミツ江",
        "トミ子",
        "キヨ美",
        "サチ代",
        "キヌ枝",
        "スミ乃",
        "さち子",
        "みつ江",
        "ふみ江",
        "フミヱ",
        "サダヲ",
    ],
)
@pytest.mark.parametrize("family", FAMILIES[:4])
def test_a_given_name_of_kana_is_found_to_its_last_character(shipped: Compiled, family: str, given: str) -> None:
    for place in PLACES:
        text = place.format(family + given)
        assert family + given in _names(shipped, text, Severity.WARN), text


@pytest.mark.parametrize("family", FAMILIES[4:])
def test_a_family_name_of_one_kanji_or_with_a_kana_is_found_from_its_first_character(
    shipped: Compiled, family: str
) -> None:
    for given, place in product(("ヨシ子", "ツギ江", "小百合", "太一", "優斗", "莉央"), PLACES[:2]):
        text = place.format(family + given)
        assert family + given in _names(shipped, text, Severity.WARN), text


@pytest.mark.parametrize(
    "text",
    [
        # written with gaps, and one given name alone
        "«佐々木　ヨシ子»様",
        "«高橋　トミ»様　要介護2",
        "独居の«ヨシ子»さん",
        # family names that are common words, or that a word of respect swallows
        "«東»様より住民票の件で問い合わせ。",
        "«北»さんから再度連絡あり、«西»さんが対応した。",
        "«林一»様の納付相談の記録です。",
        # given names as they were before 1900
        "«勅使河原左右衛門»様の要望書",
        # ... and as they are today
        "«松井優斗»の父から学校に電話があった。",
        "«三宅莉央»、«三宅蒼真»の兄妹が転入",
        "児童は«榊原颯斗»、保護者は«榊原美沙紀»。",
        "«矢部心春»さんが発熱で早退",
        # with a kana between
        "«関ヶ谷修»様、«梅ケ谷幸子»様が来庁した。",
        "«四ツ谷»様より督促の件で電話。",
        # with the reading in brackets
        "«山岸みどり»（«やまぎしみどり»）様の住所変更",
        "«古賀康太»(«コガコウタ»)様の口座情報を確認",
        "«小鳥遊»（«たかなし»）様から電話",
        "«月見里遥»（«やまなしはるか»）さんの相談",
        # of residents from abroad
        "«王秀英»さんの就学援助の申請",
        "«金成恩»さんの在留資格",
        "«パク・ジョンフン»氏から通訳の依頼",
        "«ラジェシュ・シュレスタ»氏と面談",
        "«ジェニファー・デラクルス»様は日本語が不自由",
        # before what a family has
        "«小松»世帯の生活保護の決定について",
        "«大塚»宅への訪問は明日です。",
        "«岡本»ご夫婦の養育費の相談",
        "«河合»御夫妻の金婚式",
        # at the end of the text, and of the line
        "被保護者 «須賀川ハツヨ»",
        "«三枝»さん\n«大貫»さんが来月から午後だけになる。",
    ],
)
def test_a_name_is_found_whole(shipped: Compiled, text: str) -> None:
    plain, names = _marked(text)
    assert _names(shipped, plain, Severity.WARN) == names


@pytest.mark.parametrize(
    "text",
    [
        "出席者：«関根»、«森»、«柳沢»、«五味»",
        "欠席者は«今井»、«原»、«西»の3名",
        "一列目：«河野»・«原口»・«森»・«馬場»",
        "前列左から«平野»、«松尾»、«佐久間»、«林»",
        "班長 «藤木»　副班長 «須賀»　会計 «角田»",
        "«安西»家の墓じまいの相談",
        "«湯川»母子の一時保護",
        "出席　«植木»　«島田»　«林田»",
    ],
)
def test_family_names_side_by_side_are_noted_so_that_they_are_masked(shipped: Compiled, text: str) -> None:
    plain, names = _marked(text)
    assert _names(shipped, plain) == names


@pytest.mark.parametrize(
    "text",
    [
        "住宅地と宅地の世帯数を比べる。",
        "山田家電と佐藤家具の広告、石川家庭教師センターの紹介",
        "ガス代とバス代とコピー代の見積書",
        "東様式と西様式の書き方の違い",
        "三ツ星レストラン、一ノ宮町、市ケ谷駅、竹ノ塚駅",
        "多様な世帯、一様な対応、同様の事例",
        "千葉世帯数の推移、南部世帯と西部世帯の比較",
        "中央、東、西、南の4つの会場",
        "松戸、柏、流山、野田の4市",
        "子ども世帯、単身世帯、高齢者世帯",
        "症状が出たお子さんの家庭に配る手紙",
        "王子様、高校生さん、金属様の光沢",
        "市川市（いちかわし）の地図",
        "川の名前しらべ：利根川、江戸川、坂川、富士川、神田川",
        "「最終便のポケット」 作詞 相馬リク",
        "担当者へ\n内容：点検",
    ],
)
def test_what_has_the_shape_of_a_name_by_chance_is_not_warned_of(shipped: Compiled, text: str) -> None:
    assert _names(shipped, text, Severity.WARN) == []


@settings(deadline=None)
@given_(st.text(alphabet="佐々木ヨシ子森ノ関み江様さん宅世帯家（やまと）、・　\n西優斗王氏名：ツケ一", max_size=40))
def test_what_is_found_lies_inside_of_any_text(shipped: Compiled, text: str) -> None:
    hits, _ = scan(Document("-", Use.PROMPT, (Segment(text),)), shipped)
    assert all(0 <= hit.span.start < hit.span.end <= len(text) for hit in hits)
