"""What a person has to verify in AI-made text is listed by kind, in its place, without what is personal (8.2)."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard import pack
from aiguard.attribution import Declared
from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.model import Config, Use
from aiguard.readers import read_text
from aiguard.verify import find_claims

if TYPE_CHECKING:
    from aiguard.model import ClaimKind, DocumentReport


@cache
def kinds() -> tuple[ClaimKind, ...]:
    rules = pack.load(pack.find(None)).rules
    return next(rule.spec.kind for rule in rules if rule.id == "claims-to-verify")


def found(text: str, prompt: str | None = None) -> list[tuple[str, str]]:
    return [(claim.kind.id, text[claim.span.start : claim.span.end]) for claim in find_claims(text, kinds(), prompt)]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("児童福祉法第21条の5の規定により", ("statute", "児童福祉法第21条の5")),
        ("個人情報の保護に関する法律第69条第2項", ("statute", "個人情報の保護に関する法律第69条第2項")),
        ("流山市こども条例を定め", ("statute", "流山市こども条例")),
        ("厚生労働省の調査では", ("institution", "厚生労働省の調査")),
        ("約１，２００世帯に給付", ("figure", "約１，２００世帯")),
        ("満足した人は62.5％", ("figure", "62.5％")),
        ("令和7年10月1日から", ("date", "令和7年10月1日")),
        ("県内初の取組", ("superlative", "県内初の")),
        ("と言われています", ("hearsay", "と言われています")),
        ("市長は「挑戦を続ける」と述べ、", ("quotation", "「挑戦を続ける」と述べ")),
        ("https://example.jp/a を御覧", ("url", "https://example.jp/a")),
    ],
)
def test_claims_are_found_by_kind(text: str, claim: tuple[str, str]) -> None:
    assert found(text) == [claim]


@pytest.mark.parametrize(
    "text", ["その方法を話し合い、作法に従う。", "第一に、皆さんの協力が必要です。", "お知らせします。"]
)
def test_ordinary_words_are_no_claims(text: str) -> None:
    assert found(text) == []


def test_what_the_prompt_did_not_hold_comes_first() -> None:
    text = "10月1日に、500人が集まります。"
    assert found(text, "10月１日に集まる") == [("figure", "500人"), ("date", "10月1日")]
    assert [claim.new for claim in find_claims(text, kinds(), "10月１日に集まる")] == [True, False]


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("日本国憲法第120条", "日本国憲法は第103条までです"),
        ("民法第千百条", "民法は第1050条までです"),
        ("民法第709条", ""),
        ("地方自治法第0条", "第0条という条はありません"),
        ("地方自治法第9999条", ""),
    ],
)
def test_articles_that_cannot_be_are_said(text: str, odd: str) -> None:
    assert [claim.odd for claim in find_claims(text, kinds())] == [odd]


@given(st.text(st.sampled_from("第条法民0一百千9年月日人%「」と述べ約、。 \n"), max_size=60))
def test_claims_never_overlap(text: str) -> None:
    spans = sorted((claim.span for claim in find_claims(text, kinds())), key=lambda span: span.start)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    assert all(text[span.start : span.end] for span in spans)


def reviewed(text: str, *, used: bool | None) -> DocumentReport:
    checker = prepare(Config(), Use.DOCUMENT, declared=Declared((), used))
    return report_document(read_text(text, "a.txt", Use.DOCUMENT), checker)


def test_claims_are_listed_only_where_an_ai_was_used() -> None:
    text = "来場者は500人でした。"
    assert [claim.excerpt for claim in reviewed(text, used=True).claims] == ["500人"]
    assert reviewed(text, used=False).claims == ()
    assert reviewed(text, used=None).claims == ()


def test_what_is_personal_stays_hidden_in_a_claim() -> None:
    text = "連絡先は https://example.jp/?mail=taro.yamada@example.co.jp です。"
    claim = reviewed(text, used=True).claims[0]
    assert "taro" not in claim.excerpt
    assert "●●●●" in claim.excerpt
    assert (claim.location.line, claim.location.column) == (1, 6)


def test_claims_of_little_weight_make_no_finding() -> None:
    assert reviewed("来場者は500人でした。\n【ChatGPT】により作成", used=None).findings == ()
    report = reviewed("来場者は500人、満足度は92％でした。\n【ChatGPT】により作成", used=None)
    assert [(each.rule, each.sections) for each in report.findings] == [("claims-to-verify", ("8.2",))]
