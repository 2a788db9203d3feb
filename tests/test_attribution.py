"""A draft says which AI made it, in the city's form: told from attempts, from talk about the form, and from nothing."""

from __future__ import annotations

import msgspec
import pytest

from aiguard import pack as packs
from aiguard.attribution import Declared, Judged, judge
from aiguard.model import Severity

RULE = packs.load(packs.find(None)).attribution
NOTHING, USED, UNUSED = Declared(), Declared(used=True), Declared(used=False)
BODY = "図書館だより\n本を読みましょう。\n"


def review(text: str, declared: Declared = NOTHING, **changes: str) -> Judged:
    return judge(text, declared, msgspec.structs.replace(RULE, **changes))


def status(text: str, declared: Declared = NOTHING) -> str:
    return review(f"{BODY}{text}\n", declared).attribution.status


@pytest.mark.parametrize("declared", [NOTHING, USED, Declared(("ChatGPT",))])
@pytest.mark.parametrize(
    "text",
    [
        "【ChatGPT】により作成",
        "※【ChatGPT】により作成しました。",
        "注：本資料は【ChatGPT】により作成されたものです。",
        "「【ChatGPT】により作成」",
        "（表１及びその説明は【ChatGPT】により作成）",
        "以下は自由記述を整理したもので、【ChatGPT】により作成しています。",
        "この答弁の原案は【ChatGPT】により作成し、課内で必ず確認しました。",
        "【ＣｈａｔＧＰＴ】により作成",
        "【ﾁｬｯﾄGPT】により作成",
        "　【　Chat GPT　】　により　作成",
        "【C h a t G P T】により作成",
        "【Chat\nGPT】に\nより作成",
        "【ChatGPT-4o mini】により作成",
        "【ChatGPT（GPT-5、OpenAI社）】により作成",
        "【ChatGPT】により作成（令和7年4月時点、道路管理課）",
        "| 備考 | 【ChatGPT】により作成 |",
        "**【ChatGPT】により作成**",
        '<p class="note">※【<b>ChatGPT</b>】<br>により作成</p>',
        "【重要】【ChatGPT】により作成",
        "本文は【ChatGPT】により作成。見出しは生成AIを使用して作成しました。",
    ],
)
def test_the_form_is_ok_however_it_is_laid_out(text: str, declared: Declared) -> None:
    judged = review(f"{BODY}{text}\n", declared)
    assert (judged.attribution.status, judged.attribution.ai_names) == ("ok", ("ChatGPT",))
    assert (judged.rule_id, judged.severity) == (None, None)
    assert judged.attribution.wanted == "【ChatGPT】により作成"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("前半【ChatGPT】により作成\n後半【QommonsAI】により作成", ("ChatGPT", "QommonsAI")),
        ("【ChatGPT】及び【QommonsAI】により作成", ("ChatGPT", "QommonsAI")),
        ("【ChatGPT、QommonsAI】により作成", ("ChatGPT", "QommonsAI")),
        ("【Microsoft 365 Copilot Chat】により作成", ("Microsoft Copilot",)),
        ("【QommonsAI（Claude Sonnet 4.5）】により作成", ("QommonsAI", "Claude")),
        ("【LoGo AI アシスタント（bot版）】により作成", ("LoGoAIアシスタント",)),
        ("【GPT-4o】により作成", ("ChatGPT",)),
    ],
)
def test_several_ais_editions_and_models_are_read(text: str, names: tuple[str, ...]) -> None:
    attribution = review(BODY + text).attribution
    assert (attribution.status, attribution.ai_names) == ("ok", names)


@pytest.mark.parametrize("declared", [NOTHING, USED])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "ChatGPTにより作成",
            "[ChatGPT]により作成",
            "〔ChatGPT〕により作成",
            "（ChatGPT）により作成",
            "『ChatGPT』により作成",
        ),
        *(
            "《ChatGPT》により作成",
            "＜ChatGPT＞により作成",
            "“ChatGPT”により作成",
            "【ChatGPT〕により作成",
            "ChatGPT】により作成",
        ),
        *(
            "【ChatGPTにより作成】",
            "（ChatGPTにより作成）",
            "【作成：ChatGPT】",
            "【ChatGPT】（GPT-5）により作成",
            "【生成AI：ChatGPT】により作成",
        ),
        *(
            "【ChatGPT】を使用して作成",
            "【ChatGPT】で作成",
            "【ChatGPT】によって作成",
            "【ChatGPT】より作成",
            "【ChatGPT】により生成",
        ),
        *(
            "【ChatGPT】が作成",
            "【ChatGPT】に依り作成",
            "【ChatGPT】をもとに作成",
            "【ChatGPT】により、作成",
            "【ChatGPT】使用",
        ),
        *(
            "生成AIにより作成",
            "【生成AI】により作成",
            "【対話型AI】により作成",
            "（ＡＩにより作成）",
            "【AI生成】",
            "※生成AI使用",
        ),
        *(
            "この資料は生成AIを活用して作成しています。",
            "表紙は生成AIで作成しました",
            "AIが生成した文章です",
            "※イラストは生成AIを用いて作成",
        ),
        *(
            "この答弁は生成AIにより原案を作成し、私の視点で修正した",
            "本文はChatGPTに書いてもらいました。",
            "一部ChatGPTを使用して作成",
        ),
        *(
            "この資料の作成に当たっては、ChatGPTを使用しています。",
            "※本文は、ChatGPTの出力を一部修正したものです。",
            "AI言語モデル: gpt-4o-mini",
        ),
        *(
            "Summary（Microsoft Copilotにより生成）",
            "作成：ChatGPT",
            "画像：Geminiで生成",
            "使用した生成AI：ChatGPT",
            "作成者　ChatGPT",
        ),
        *(
            "Created by ChatGPT.",
            "This text was written with the help of Gemini.",
            "AI-generated content",
            "Text by ChatGPT",
        ),
        *(
            "由ChatGPT生成",
            "Criado por ChatGPT",
            "이 글은 ChatGPT로 작성되었습니다",
            "【LoGoチャット】により作成",
            "ChatGPTを使用しました。",
        ),
    ],
)
def test_every_other_way_to_say_it_is_malformed(text: str, declared: Declared) -> None:
    judged = review(f"{BODY}{text}\n", declared)
    assert judged.attribution.status == "malformed"
    assert (judged.rule_id, judged.severity) == ("attribution-malformed", Severity.WARN)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "【生成AI名】により作成",
            "【生成 AI 名】により作成",
            "【生成\nAI名】により作成",
            "【ＡＩ名】により作成",
            "[生成AI名]により作成",
        ),
        *(
            "【　　　】により作成",
            "【】により作成",
            "【○○】により作成",
            "【〇〇〇】により作成",
            "【×××】により作成",
            "【＊＊＊】により作成",
        ),
        *(
            "【＿＿＿】により作成",
            "【…】により作成",
            "【XX】により作成",
            "【○○AI】により作成",
            "【未定】により作成",
            "生成AI名により作成",
        ),
        *(
            "【使用した生成AIの名称】により作成",
            "【ここにAI名を入力】により作成",
            "【生成AI名（例：ChatGPT）】により作成",
        ),
        "本文は【ChatGPT】により作成\n図は【○○】により作成",
    ],
)
def test_an_unfilled_slot_is_malformed_and_blocks(text: str) -> None:
    judged = review(f"{BODY}{text}\n")
    assert judged.attribution.status == "malformed"
    assert (judged.rule_id, judged.severity) == ("attribution-placeholder", Severity.BLOCK)


@pytest.mark.parametrize("text", ["○○により作成", "（　　）により作成", "〔○○〕により作成"])
def test_a_blank_in_other_brackets_is_a_slot_where_an_ai_was_used(text: str) -> None:
    assert review(BODY + text, USED).rule_id == "attribution-placeholder"


@pytest.mark.parametrize(
    "text",
    [
        # Others who make things.
        *(
            "【広報課】により作成",
            "【○○部会】により作成",
            "【受注者】により作成し、監督員が検査した。",
            "みどりの課により作成されたものです。",
        ),
        *(
            "【PTA】により作成",
            "【国土地理院】により作成",
            "【令和7年国勢調査】により作成",
            "【Excel】により作成",
            "AI-OCRにより読み取り",
        ),
        *(
            "会議録は機械翻訳により作成",
            "Created by the Public Relations Division",
            "作成：広報課",
            "出典：国勢調査",
            "規則第3条により作成する書類",
        ),
        # Denials, conditions, prohibitions, plans.
        *(
            "ChatGPTにより作成したものではありません。",
            "この資料は生成AIを使用して作成していません。",
            "ChatGPTを使用せずに作成しました。",
        ),
        *(
            "【ChatGPT】により作成したものではありません。",
            "【ChatGPT】により作成した場合は、申告すること。",
            "【ChatGPT】により作成する予定です。",
        ),
        *(
            "ChatGPTで作成した文章の提出は禁止します。",
            "※生成AIを使用した作品は応募できません。",
            "生成AIにより作成されたコンテンツの投稿は禁止",
        ),
        *(
            "生成AIを使って作成してもよいですか。",
            "ChatGPTを使って企画書を作ってみましょう。",
            "This was not written by ChatGPT.",
        ),
        # The rule quoted, examples.
        *(
            "公開する資料に使ったときは「【生成AI名】により作成」と書く",
            "例：【ChatGPT】により作成",
            "（記載例）「【ChatGPT】により作成」",
        ),
        *(
            "生成物を利用する場合は、「【生成AI名】により作成」と資料中に明記する。",
            "「【ChatGPT】により作成」の表示を付ける。",
        ),
        *("次のように明記してください。\n「【ChatGPT】により作成」", "【生成AI名】により作成と末尾に書く。"),
        # AI as a topic.
        *(
            "職員研修「はじめてのChatGPT」",
            "市では生成AIを活用して広報文を作成しています。",
            "生成AIで作成した偽の画像に注意してください。",
        ),
        *(
            "昨年度、生成AIで作成した回答は120件でした。",
            "議員　生成AIで答弁を作成しているのか。",
            "AIによる画像診断",
        ),
        *("AIチャットボットが24時間お答えします。", "【生成AI】研修のご案内", "（ア）生成AIを利用している　45％"),
        "<!-- 【ChatGPT】により作成 -->",
    ],
)
def test_what_only_speaks_of_it_is_no_statement(text: str) -> None:
    judged = review(f"{BODY}{text}\n")
    assert (judged.attribution.status, judged.rule_id) == ("not_needed", None)
    assert judged.attribution.note == "AI利用の申告なし"
    assert status(text, USED) == "missing"


@pytest.mark.parametrize(
    "text", ["はい（生成AIを利用）", "・業務で生成AIを利用している", "Excelにより作成", "○○により作成すること。"]
)
def test_what_others_write_as_well_is_no_statement_where_nobody_declared_use(text: str) -> None:
    assert status(text) == "not_needed"
