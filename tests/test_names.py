"""Names are found where others miss them, to the character, and what only looks like a name is left alone."""

from __future__ import annotations

import pytest

from aiguard import pack as packs
from aiguard import resources
from aiguard.compiling import Compiled, compile_pack
from aiguard.detectors.checks import verify
from aiguard.model import Document, Hit, Segment, Severity, Use
from aiguard.scanner import scan

NAME = "person-name"
EDGES = ("", "市民の", "、", "「", "\n")


@pytest.fixture(scope="module")
def shipped() -> Compiled:
    """Return the rules that are shipped, for prompts."""
    return compile_pack(packs.load(packs.find(None)), Use.PROMPT, resources.lexicon)


def _hits(compiled: Compiled, text: str, delimiter: str | None = None) -> tuple[Hit, ...]:
    hits, unchecked = scan(Document("-", Use.PROMPT, (Segment(text, delimiter=delimiter),)), compiled)
    assert unchecked == ()
    return hits


def _marked(text: str) -> tuple[str, list[str]]:
    """Return a text without its «marks», and what stood between them."""
    return text.replace("«", "").replace("»", ""), [part.partition("»")[0] for part in text.split("«")[1:]]


def _names(compiled: Compiled, text: str, least: Severity, delimiter: str | None = None) -> list[str]:
    found = [hit for hit in _hits(compiled, text, delimiter) if hit.rule.id == NAME and hit.severity.rank >= least.rank]
    return [text[hit.span.start : hit.span.end] for hit in sorted(found, key=lambda hit: hit.span)]


def _my_number() -> str:
    return next(number for last in range(10) if verify("my-number", number := f"98320567321{last}"))


def _kanji(number: str) -> str:
    return "".join("零一二三四五六七八九"[int(digit)] if digit.isdigit() else "－" for digit in number)


def _wide(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    "text",
    [
        # in running text, where most tools see nothing
        "担当は«佐藤花子»さん",
        "市民の«田中一郎»様より電話がありました",
        "滞納者リスト：«山本太郎»、«伊藤次郎»、«加藤三郎»",
        "昨日、«大野陽菜»が窓口に来ました",
        # variants of characters
        "«髙橋花子»様へ送付",
        "«山﨑健太»さんの件",
        "«𠮷田花子»さんから電話",
        "«濵田一郎»様の申請",
        "«渡邉　美咲»",
        "«齋藤 花子»と«渡邊 一郎»の件",
        # kana
        "«ﾀﾅｶ ﾀﾛｳ»",
        "氏名 «ｻﾄｳ ﾊﾅｺ»",
        "フリガナ　«ミゾグチ ナナミ»",
        "«たかなし そら»（通話）",
        "«さとう はなこ»さん",
        # spread out
        "氏名：«安 斎 真 由 美»",
        "名前は«斎 藤 花 子»です",
        # behind labels
        "申請者：«溝口 七海»",
        "児童名 «大野 陽菜»",
        "世帯主　«佐藤花子»",
        # honorifics
        "«高橋»さんが来庁",
        "「«御園生»様」と書く",
        "«さくら»ちゃんの保護者",
        "«李明»さんの在留資格",
        "«ラマチャンドラン»さんの面談",
        # titles that begin like a place or a firm
        "«佐藤花子»教諭の指導",
        "«田中一郎»園長に連絡",
        # kin
        "長男の«健太»が通学している",
        # foreign names
        "«グエン・ヴァン・アン»さんの転入届",
        "«マリア・ガルシア»さんが来庁",
        # Latin letters
        "配達先は«TANAKA Taro»です",
        "ご担当 «Hanako Suzuki» 様",
    ],
)
def test_a_name_is_found_to_the_character(shipped: Compiled, text: str) -> None:
    plain, names = _marked(text)
    assert _names(shipped, plain, Severity.WARN) == names


@pytest.mark.parametrize(
    "text",
    [
        # speakers of minutes and chats
        "«浦野»：増えています。\n«デラロサ»：静かです。\n«谷川»：そうですか。\n«浦野»：入れて様子を見ます。",
        "«飯塚»課長：どうですか\n«古賀»主事：続けます",
        "«鈴木»さん：どうですか\n«田村»さん：続けます",
        "[10:02] «はまだ»: 来庁です\n[10:04] «くどう»: 対応します",
        "[9:01] «とし子»@市民税\n おはようございます\n[9:03] «ケンジ»\n 了解\n[9:12] «仲宗根»\n確認しました",
        "10:15 «松崎»：お客様\n10:17 «小泉»：窓口へ",
        # what stands between names
        "並べ替えて→ «臼井健»、«佐野ひかり»、«朴成恩»、«Anna Berg»、«大谷千尋»",
        "1 «赤松 隆» 5件\n2 «チェ・ミンソ» 3件\n3 «篠 千鶴» 2件\n4 «間宮 直美» 1件",
        # the same person once more
        "差出人: «笠原 茂樹»\n先日お電話した«笠原»です。側溝の件です。",
        "«大野 健二»さん（62）が来庁。«大野»の件、大野川の件、大野町の件",
        # families and kin
        "A：«笹川»家（父«慎也»・母«奈々»・子«ひより» R6.8.11）",
        "B：«ペレイラ»家（母«マリア»・子«ルーカス» R6.5.30）",
        # those who give their names, and of whom somebody speaks
        "松戸の«須賀»と申しますけど",
        "部下の«葛西»が辞めたくなるように",
        "建築課の«向山»です。",
        # fields
        "招へい人は«新井 みなと»、来日は春",
        "施主　«湯原　猛»　立会い",
        "被招へい者 «Oleksandr Bondar»、来日は春",
        "職員番号,氏名,状態\n1,«高比良 俊»,在\n2,«ヌルル 平田»,退",
        # letters apart, capital letters
        "フ リ ガ ナ｜«ス ガ ヌ マ　ト オ ル»",
        "«HIRAYAMA DAIGO» の航空券",
    ],
)
def test_names_are_known_by_their_company(shipped: Compiled, text: str) -> None:
    plain, names = _marked(text)
    assert _names(shipped, plain, Severity.WARN) == names


@pytest.mark.parametrize(
    "text",
    [
        # fields, counts of places, timetables and plays look like talks
        "対象：市民のみなさん\n会場：ホールを使います\n対象：児童のみなさん\n定員：二十人です",
        "中野：3件\n柏：5件\n松戸：4件\n中野：3件",
        "本町：3件\n大谷：4件\n本町：5件\n大谷：2件",
        "9:05 大畔\n9:30 中野\n9:45 駒木\n10:00 前田",
        "議長：開会します\n市長：答弁します\n議長：次の質問です",
        "客：すみません\n店員：はい、どうぞ\n客：これください",
        "質問：どうすればいいですか\n回答：申請してください\n質問：いつまでですか",
        # lists and rows of things
        "1 東葛 地区 3件\n2 北部 地区 2件",
        "1. 資料 作成\n2. 会場 設営",
        # values that are no names
        "相手：大手物流会社（仮称Z社）", "講師：千葉大学の先生", "施主：流山市", "ws.Name = x.Name\n  Next i",
        # words that only look alike
        "参加希望と申しております", "課の目標は人材育成です", "隣の柏市の取組", "サ ク ラ　ホ ー ル", "TOKYO SKYTREE",
    ],
)  # fmt: skip
def test_what_keeps_the_company_of_no_person_is_not_warned_of(shipped: Compiled, text: str) -> None:
    assert _names(shipped, text, Severity.WARN) == []


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("name", ["佐藤花子", "田中 一郎", "髙橋　美咲"])
def test_a_name_is_found_whatever_touches_it(shipped: Compiled, edge: str, name: str) -> None:
    assert _names(shipped, f"{edge}{name}さんに連絡する", Severity.BLOCK) == [name]


@pytest.mark.parametrize("text", ["«高橋»課長と面談", "«鈴木»係長に相談", "«佐藤»教諭から報告"])
def test_a_family_name_with_a_title_is_noted(shipped: Compiled, text: str) -> None:
    plain, names = _marked(text)
    assert _names(shipped, plain, Severity.NOTE) == names


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("氏名\t住所\n«田中一郎»\t加1-1\n«高橋花子»\t南2-2\n", None),
        ("| 氏名 | 年齢 |\n|---|---|\n| «小鳥遊そら» | 12 |\n| «溝口七海» | 34 |\n", None),
        ("氏名　　年齢　　備考\n«溝口七海»　　34　　なし\n", None),
        ('番号,氏名,備考\n1,«佐藤 花子»,なし\n2,"«田中 一郎»","a, b"\n', ","),
        ("番号\t氏名\n1\t«髙橋　美咲»\n", "\t"),
    ],
)
def test_names_are_found_in_tables(shipped: Compiled, text: str, delimiter: str | None) -> None:
    plain, names = _marked(text)
    assert _names(shipped, plain, Severity.BLOCK, delimiter) == names


@pytest.mark.parametrize(
    "text",
    [
        # people without a name
        "患者さんへの案内", "お客様各位", "大家さんと店員さん", "委託業者様", "皆さん", "神様",
        # words that hold an honorific or a name
        "縞模様のシャツの仕様", "上院で可決した", "大樹の枝を剪定する", "伊達巻と佐藤錦",
        # places
        "流山おおたかの森駅の南口", "野田市と吉川市と柏市の人口", "野田、吉川、柏の各市", "吉川までの道のり",
        "松戸市の石川橋", "福島市と石川県と宮崎駅", "東京の八重洲二丁目",
        # firms and institutions
        "渡辺建設に発注", "鈴木クリニックと田中医院", "株式会社田中", "（有）高橋商店", "株式会社佐藤製作所",
        "本田技研工業", "森鴎外記念館", "トヨタ自動車と森ビル",
        # samples, and people whom everybody knows
        "記入例 山田太郎", "記入例\n氏名：佐藤 花子", "架空の人物：鈴木 次郎", "山田太郎さん", "流山太郎",
        "徳川家康の歴史", "井崎義治市長の挨拶",
        # fields without a value
        "氏名：", "氏名、住所、電話番号を書く欄", "氏名：○○ ○○", "担当：未定", "氏名\t住所\n\t\n",
    ],
)  # fmt: skip
def test_what_is_no_private_person_is_not_warned_of(shipped: Compiled, text: str) -> None:
    assert _names(shipped, text, Severity.WARN) == []


def test_a_family_name_alone_in_running_text_is_no_more_than_noted(shipped: Compiled) -> None:
    assert _names(shipped, "高橋は出席し、鈴木が欠席した。", Severity.WARN) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("番号は«4111111111111111»です", "credit-card"),
        ("メールは«yamada@made.example.ne.jp»です", "email"),
        ("«ｙａｍａｄａ＠ｍａｄｅ．ｎｅ．ｊｐ»まで", "email"),
        ("«taro[at]made.ne.jp»まで", "email"),
        (f"電話は«{_kanji('04-7150-2345')}»です。母の自宅", "phone-fixed"),
        ("電話は«０４－７１５０－２３４５»です。母の自宅", "phone-fixed"),
        ("携帯は«０９０ー１２３４ー５６７８»です", "phone-mobile"),
        (f"マイナンバー«{_my_number()}»", "my-number"),
        (f"マイ\u200bナンバー«{_my_number()}»", "my-number"),
        (f"個人番号は«{_kanji(_my_number())}»です", "my-number"),
        (f"個人番号 «{' '.join(_my_number())}»", "my-number"),
        (f"個人番号は«{_wide(_my_number())}»です", "my-number"),
    ],
)
def test_an_identifier_is_found_however_it_is_written(shipped: Compiled, text: str, rule: str) -> None:
    plain, values = _marked(text)
    found = {plain[hit.span.start : hit.span.end] for hit in _hits(shipped, plain) if hit.rule.id == rule}
    assert found == set(values)


@pytest.mark.parametrize(
    "text",
    [
        f"予算 {_my_number()}円",
        "受付番号 202401123456",
        "型番0300123456789",
        "文書番号20240112345678",
        "法人番号 1000020122203",
        "代表 04-7158-1111",
        "製造番号 4111-1111",
    ],
)
def test_numbers_of_things_are_no_identifiers_of_persons(shipped: Compiled, text: str) -> None:
    warned = [hit.rule.id for hit in _hits(shipped, text) if hit.rule.entity and hit.severity is not Severity.NOTE]
    assert warned == []


def test_the_guideline_itself_is_no_offence(shipped: Compiled) -> None:
    sections = packs.load(packs.find(None)).guideline.section
    text = "\n".join(f"{section.id} {section.title}\n{section.asks}" for section in sections)
    assert [hit.rule.id for hit in _hits(shipped, text) if hit.rule.entity and hit.severity is not Severity.NOTE] == []
