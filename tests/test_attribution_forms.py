"""A city's own statement is what a draft is held to: its words, its brackets, its name or none, and when it is wanted."""

from __future__ import annotations

import msgspec
import pytest

from aiguard import pack as packs
from aiguard.attribution import Declared, judge

RULE = packs.load(packs.find(None)).attribution
BODY = "図書館だより\n本を読みましょう。\n"
TRACE = "もちろんです。以下に、自治会あての回覧文の案をお示しします。\n\n年末は空き巣の被害が増えます。"
USED, GPT = Declared(used=True), Declared(("ChatGPT",))
NAMELESS = "※この文章は生成AIを使用して作成しました"
BARE = "この文章は{name}を使用して作成しました。"
TAIL = "{name}を利用して作成"
ROUND = "（{name}で作成）"
LEAD = "作成：【{name}】"


def status(text: str, declared: Declared = USED, **changes: str | tuple[str, ...]) -> str:
    return judge(BODY + text, declared, msgspec.structs.replace(RULE, **changes)).attribution.status


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (NAMELESS, "※この文章は生成AIを使用して作成しました"),
        (NAMELESS, "この文章は生成AIを使用して作成しました。"),
        (NAMELESS, "※この文章は、\n".replace("、", "") + "生成AIを使用して作成しました"),
        (NAMELESS, "※ この文章は 生成ＡＩ を使用して作成しました"),
        (NAMELESS, "<p>この文章は<b>生成AI</b>を使用して作成しました</p>"),
        (BARE, "この文章はChatGPTを使用して作成しました。"),
        (BARE, "この文章はチャットGPT（GPT-4o）を使用して作成しました"),
        (BARE, "この文章はChatGPT及びGeminiを使用して作成しました"),
        (TAIL, "ChatGPTを利用して作成"),
        (TAIL, "※ChatGPTを\n利用して作成"),
        (ROUND, "（ChatGPTで作成）"),
        (ROUND, "(ChatGPTで作成)"),
        (LEAD, "作成：【ChatGPT】"),
        (LEAD, "作成 : 【ChatGPT】"),
    ],
)
def test_a_statement_in_the_form_of_the_city_is_ok(form: str, text: str) -> None:
    assert status(text, form=form) == "ok"
    assert status(text, GPT, form=form) == "ok"


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        (NAMELESS, "【ChatGPT】により作成", "malformed"),
        (NAMELESS, "この文章は生成AIにより作成しました", "malformed"),
        (NAMELESS, "「この文章は生成AIを使用して作成しました」と書いてください。", "missing"),
        (NAMELESS, "この文章は生成AIを使用して作成していません", "missing"),
        (NAMELESS, "", "missing"),
        (BARE, "【ChatGPT】により作成", "malformed"),
        (BARE, "この文章は生成AIを使用して作成しました", "malformed"),
        (BARE, "この文章は〇〇を使用して作成しました", "malformed"),
        (BARE, "この文章は生成AI名を使用して作成しました", "malformed"),
        (BARE, "この文章は広報課を使用して作成しました", "missing"),
        (TAIL, "【ChatGPT】により作成", "malformed"),
        (TAIL, "生成AIを利用して作成", "malformed"),
        (ROUND, "【ChatGPT】により作成", "malformed"),
        (LEAD, "作成：【生成AI名】", "malformed"),
        (LEAD, "作成：【広報課】", "missing"),
    ],
)
def test_what_is_not_in_the_form_of_the_city_is_not(form: str, text: str, expected: str) -> None:
    assert status(text, form=form) == expected


_BEFORE = ("", "※", "この文章は", "本資料は、", "作成協力：", "Created with ", "【お知らせ】", "（", "AI：")
_AFTER = (
    "",
    "により作成",
    "を使用して作成しました。",
    "で生成",
    "使用",
    "）",
    "（生成AI）により作成",
    "の協力で書きました",
)
_AROUND = ("{name}", "【{name}】", "「{name}」", "[{name}]", "（{name}）", "＜{name}＞")


@pytest.mark.parametrize("before", _BEFORE)
@pytest.mark.parametrize("after", _AFTER)
def test_whatever_the_form_what_fills_it_is_ok(before: str, after: str) -> None:
    for form in (f"{before}{name}{after}" for name in _AROUND):
        if form.replace("{name}", "").strip("※"):
            for declared in (GPT, USED):
                assert status(form.format(name="ChatGPT"), declared, form=form) == "ok", form
            assert status(form.format(name="ほしみAI"), Declared(("ほしみAI",)), form=form) == "ok", form


def test_brackets_that_may_be_left_out_are_those_of_the_form() -> None:
    assert status("ChatGPTで生成", form="『{name}』で生成") == "malformed"
    assert status("ChatGPTで生成", form="『{name}』で生成", brackets="optional") == "ok"
    assert status("ChatGPTにより作成", form="『{name}』で生成", brackets="optional") == "malformed"


@pytest.mark.parametrize("form", [BARE, TAIL, ROUND, LEAD])
def test_another_ai_than_the_one_declared_is_wrong_in_any_form(form: str) -> None:
    assert status(form.format(name="Gemini"), GPT, form=form) == "malformed"


@pytest.mark.parametrize(
    ("form", "wanted"),
    [(NAMELESS, NAMELESS), (BARE, "この文章はChatGPTを使用して作成しました。"), (ROUND, "（ChatGPTで作成）")],
)
def test_what_is_wanted_is_the_form_of_the_city(form: str, wanted: str) -> None:
    assert judge(BODY, GPT, msgspec.structs.replace(RULE, form=form)).attribution.wanted == wanted
    assert status(wanted, GPT, form=form) == "ok"


def test_a_form_without_a_name_asks_for_none() -> None:
    judged = judge(BODY, USED, msgspec.structs.replace(RULE, form=NAMELESS))
    assert "名前" not in judged.attribution.note
    assert judged.attribution.wanted == NAMELESS


def test_other_forms_may_do_as_well() -> None:
    assert status("ChatGPTを利用して作成") == "malformed"
    assert status("ChatGPTを利用して作成", also=(TAIL,)) == "ok"
    assert status("【ChatGPT】により作成", also=(TAIL,)) == "ok"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("ChatGPTを使って書きました", "required", "ok"),
        ("Created by ChatGPT", "required", "ok"),
        ("この資料は生成AIで作成しました", "required", "malformed"),
        ("この資料は生成AIで作成しました", "optional", "ok"),
        ("【生成AI名】により作成", "optional", "malformed"),
        ("", "optional", "missing"),
    ],
)
def test_a_city_may_leave_the_words_free(text: str, name: str, expected: str) -> None:
    assert status(text, wording="free", name=name) == expected


def test_a_city_may_do_without_the_name_in_its_form() -> None:
    assert status("【生成AI】により作成") == "malformed"
    assert status("【生成AI】により作成", name="optional") == "ok"
    assert (
        judge(BODY, USED, msgspec.structs.replace(RULE, name="optional")).attribution.wanted == "【生成AI】により作成"
    )


@pytest.mark.parametrize(
    ("text", "declared", "required", "expected"),
    [
        (TRACE, Declared(), "evident", "missing"),
        (TRACE, Declared(), "declared", "not_needed"),
        (TRACE, USED, "declared", "missing"),
        ("", Declared(), "evident", "not_needed"),
        ("", Declared(), "always", "missing"),
        ("", Declared(used=False), "always", "not_needed"),
        (TRACE, USED, "never", "not_needed"),
    ],
)
def test_when_a_statement_is_wanted_is_the_choice_of_the_city(
    text: str, declared: Declared, required: str, expected: str
) -> None:
    assert (
        judge(text or BODY, declared, msgspec.structs.replace(RULE, required=required)).attribution.status == expected
    )


@pytest.mark.parametrize(
    ("declared", "changes", "expected"),
    [
        (Declared(used=True, internal=True), {}, "missing"),
        (Declared(used=True, internal=True), {"documents": "published"}, "not_needed"),
        (Declared(used=True), {"documents": "published"}, "missing"),
        (Declared(used=True, minor=True), {}, "missing"),
        (Declared(used=True, minor=True), {"use": "substantial"}, "not_needed"),
        (Declared(used=True), {"use": "substantial"}, "missing"),
    ],
)
def test_what_is_said_of_the_draft_counts_where_the_city_makes_the_difference(
    declared: Declared, changes: dict[str, str], expected: str
) -> None:
    judged = judge(BODY, declared, msgspec.structs.replace(RULE, **changes))
    assert judged.attribution.status == expected
    assert "申告なし" not in judged.attribution.note
