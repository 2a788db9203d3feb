"""What was declared about the use of an AI decides beside the text: names that differ, use, and none."""

from __future__ import annotations

import msgspec
import pytest

from aiguard import pack as packs
from aiguard.attribution import Declared, Judged, judge
from aiguard.model import AttributionRule, Severity, Span

RULE = packs.load(packs.find(None)).attribution
TRACE = "もちろんです。以下に、案内文の案をお示しします。\n\n水やりは朝に。"


def review(text: str, *names: str, used: bool | None = None, **changes: str) -> Judged:
    return judge(text, Declared(names, used), msgspec.structs.replace(RULE, **changes))


@pytest.mark.parametrize(
    ("stated", "declared"),
    [
        *[
            ("ChatGPT", "chatgpt"),
            ("ChatGPT-5", "ＣｈａｔＧＰＴ"),
            ("GPT-4o", "ChatGPT"),
            ("Copilot", "Microsoft Copilot"),
        ],
        *[
            ("LoGo AI アシスタント", "LoGoAIアシスタント"),
            ("FooBot 2", "ＦｏｏＢｏｔ"),
            ("Foo Bot", "FooBot"),
            ("匠", "匠"),
        ],
    ],
)
def test_a_declared_name_may_be_written_otherwise(stated: str, declared: str) -> None:
    assert review(f"本文。\n【{stated}】により作成", declared).attribution.status == "ok"


def test_another_ai_than_the_one_declared_is_malformed() -> None:
    judged = review("本文。\n【ChatGPT】により作成", "QommonsAI")
    assert (judged.rule_id, judged.severity) == ("attribution-malformed", Severity.WARN)
    assert judged.attribution.wanted == "【QommonsAI】により作成"
    assert judged.attribution.ai_names == ("QommonsAI", "ChatGPT")
    assert judged.attribution.note == "申告されたAIの名前と違います。"


def test_each_declared_ai_must_be_stated() -> None:
    judged = review("本文。\n【ChatGPT】により作成", "ChatGPT", "QommonsAI")
    assert judged.attribution.status == "malformed"
    assert judged.attribution.note == "申告されたAIのうち、書かれていないものがあります。"


def test_an_ai_stated_beside_the_form_is_malformed() -> None:
    text = "前半は【ChatGPT】により作成。\n後半はGeminiで作成しました。"
    judged = review(text)
    assert judged.attribution.status == "malformed"
    assert judged.span is not None
    assert text[judged.span.start : judged.span.end].startswith("Gemini")


@pytest.mark.parametrize("names", [("ChatGPT",), ("FooBot",), ("ChatGPT", "QommonsAI", "FooBot")])
def test_a_draft_with_what_is_wanted_is_ok(names: tuple[str, ...]) -> None:
    wanted = review("本文。", *names).attribution.wanted
    assert review(f"本文。\n{wanted}", *names).attribution.status == "ok"


def test_declared_use_without_a_statement_is_missing() -> None:
    judged = review("水やりは朝に。", "chat gpt")
    assert (judged.rule_id, judged.severity, judged.span) == ("attribution-missing", Severity.BLOCK, None)
    assert (judged.attribution.status, judged.attribution.ai_names) == ("missing", ("ChatGPT",))
    assert judged.attribution.wanted == "【ChatGPT】により作成"


@pytest.mark.parametrize("name", ["生成AI", "LoGoチャット", "○○", "", "AI名"])
def test_a_declared_name_that_names_no_ai_declares_use_only(name: str) -> None:
    judged = review("水やりは朝に。", name)
    assert (judged.attribution.status, judged.attribution.ai_names) == ("missing", ())
    assert judged.attribution.wanted == "【生成AI名】により作成"
    assert "使ったAIの名前" in judged.attribution.note


@pytest.mark.parametrize("text", ["本文。\n【ChatGPT】により作成", "本文。\nChatGPTで作成しました。", TRACE])
def test_declared_unused_needs_no_statement_and_a_contradiction_is_noted(text: str) -> None:
    judged = review(text, used=False)
    assert (judged.attribution.status, judged.rule_id) == ("not_needed", None)
    assert "申告ですが" in judged.attribution.note
    assert review("水やりは朝に。", used=False).attribution.note == ""


@pytest.mark.parametrize("note", ["※協力はAI", "（ChatGPT）", "【生成AI】", "協力　ChatGPT"])
def test_a_bare_note_is_an_attempt_where_use_is_declared(note: str) -> None:
    assert review(f"水やりは朝に。\n{note}", used=True).attribution.status == "malformed"
    assert review(f"水やりは朝に。\n{note}").attribution.status == "not_needed"


def test_an_unknown_name_in_the_form_is_ok_with_a_note_and_is_not_repeated() -> None:
    judged = review("本文。\n【Kazemachi AI】により作成")
    assert (judged.attribution.status, judged.attribution.ai_names) == ("ok", ())
    assert "登録されていない" in judged.attribution.note
    assert "kazemachi" not in repr(judged).casefold()


def test_spans_count_in_the_source() -> None:
    text = "㈱の案内①\r\n※ 【ＣｈａｔＧＰＴ】　により\r\n作成（１）"
    judged = review(text)
    assert judged.span is not None
    assert text[judged.span.start : judged.span.end] == "【ＣｈａｔＧＰＴ】　により\r\n作成"
    assert review("[ﾁｬｯﾄGPT]により作成").span == Span(0, 14)


def test_a_pack_says_when_a_statement_is_required() -> None:
    assert review(TRACE).attribution.status == "missing"
    assert review(TRACE, required="declared").attribution.status == "not_needed"
    assert review("水やりは朝に。", required="always").attribution.status == "missing"
    assert review("水やりは朝に。", used=False, required="always").attribution.status == "not_needed"


def test_a_pack_may_leave_the_brackets_out() -> None:
    assert review("本文。\nChatGPTにより作成", brackets="optional").attribution.status == "ok"
    assert review("本文。\nChatGPTを使用して作成", brackets="optional").attribution.status == "malformed"


def test_a_pack_has_its_own_form() -> None:
    form = "［使用AI：{name}］"
    assert review("本文。", "Gemini", form=form).attribution.wanted == "［使用AI：Gemini］"
    assert review("本文。", "Gemini").attribution.wanted == "【Gemini】により作成"


def test_a_pack_without_words_still_judges() -> None:
    empty = AttributionRule(section="8.4")
    assert judge("本文。\n【ChatGPT】により作成", Declared(), empty).attribution.status == "ok"
    assert judge("本文。", Declared(("ChatGPT",)), empty).attribution.status == "missing"
    assert judge("", Declared(), empty).attribution.status == "not_needed"
