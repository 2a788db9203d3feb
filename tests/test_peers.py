"""What tools of the kind miss, and what they take for a breach though it is none, in our own words."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

import aiguard

CARD, NUMBER = "4111111111111111", "123456789018"


def _found(text: str, severities: tuple[str, ...] = ("warn", "block")) -> set[tuple[str, str]]:
    findings = aiguard.check_text(text).findings
    return {
        (one.entity or one.rule, text[one.location.start : one.location.end])
        for one in findings
        if one.severity in severities
    }


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        (f"カードの番号は{CARD}ですので控えてください", "CREDIT_CARD", CARD),
        ("連絡先のメールはhanako@mail-example.jpです", "EMAIL", "hanako@mail-example.jp"),
        (f"マイナンバー{NUMBER}", "MY_NUMBER", NUMBER),
        ("マイナンバーは一二三四五六七八九〇一八です", "MY_NUMBER", "一二三四五六七八九〇一八"),
        ("電話は零四－七一五八－二二三四まで。自宅です", "PHONE", "零四－七一五八－二二三四"),
        ("個人番号 1 2 3 4 5 6 7 8 9 0 1 8", "MY_NUMBER", "1 2 3 4 5 6 7 8 9 0 1 8"),
        ("個人番号：１２３４５６７８９０１８", "MY_NUMBER", "１２３４５６７８９０１８"),
        ("個人番号：1234-\n5678-9018", "MY_NUMBER", "1234-\n5678-9018"),
        (
            "メール：ｈａｎａｋｏ＠ｍａｉｌ－ｅｘａｍｐｌｅ．ｊｐ",
            "EMAIL",
            "ｈａｎａｋｏ＠ｍａｉｌ－ｅｘａｍｐｌｅ．ｊｐ",
        ),
        ("メール：taro[at]mail-example.co.jp", "EMAIL", "taro[at]mail-example.co.jp"),
        (f"マイ\u200bナン\u200bバー：{NUMBER}", "MY_NUMBER", NUMBER),
        ("窓口の担当は篠塚美和子さんになりました", "PERSON", "篠塚美和子"),
        ("市民の蓮沼清様よりお電話がありました", "PERSON", "蓮沼清"),
        ("先ほど柏原課長と面談しました。柏原 修二 090-1234-5678", "PERSON", "柏原 修二"),
        ("滞納者リスト：蓮沼清、篠塚美和子、三枝大輔", "PERSON", "三枝大輔"),
    ],
)
def test_what_peers_miss_is_found_at_its_place(text: str, entity: str, value: str) -> None:
    assert (entity, value) in _found(text)


@pytest.mark.parametrize("encode", [lambda text: base64.b64encode(text.encode()).decode(), quote])
def test_a_value_in_another_notation_is_found(encode: object) -> None:
    value = encode(NUMBER)  # type: ignore[operator]
    assert any(entity == "MY_NUMBER" for entity, _ in _found(f"個人番号：{value}"))


@pytest.mark.parametrize(
    "text",
    [
        "生活保護を受けている男性（南流山在住、50代）への対応を考えて",
        "児童相談所に通告のあった家庭への声のかけ方を考えて",
        "要介護3の母（82歳）と同居している40代の女性から相談がありました。返事を考えて",
    ],
)
def test_a_situation_is_found_without_a_name(text: str) -> None:
    assert _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "流山市役所（〒270-0192 千葉県流山市平和台1丁目1番地の1、04-7158-1111）への行き方を書いて",
        "法人番号1000020122203の流山市について紹介文を書いて",
        "予算は123456789018円です。読みやすく直して",
        "受付番号 202401123456 の申込みの流れを説明して",
        "型番0300123456789の複合機の説明書を要約して",
        "文書番号20240112345678の起案の書き方を教えて",
        "患者さん、お客様、大家さん、店員さんへのお願いの文を作って",
        "縞模様の製品の仕様を、上院と下院の違いのように表にして",
        "屋久島の大樹と、おおたかの森、野田、吉川、柏の公園を紹介して",
        "記入例 山田太郎 のような見本を載せた申請書を作って",
    ],
)
def test_what_peers_cry_wolf_at_is_left_alone(text: str) -> None:
    assert _found(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        'E00001,上場,株式会社ミヤマ産業,"MIYAMA SANGYO CO.,LTD",カブシキガイシャミヤマサンギョウ',
        "取引先は Fukuda Nakamura Construction です",
    ],
)
def test_a_firm_in_latin_letters_is_no_person(text: str) -> None:
    assert not {value for entity, value in _found(text) if entity == "PERSON"}


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("記入例を参考に、三枝美咲さん（個人番号123456789018）あての通知文を作って。", "MY_NUMBER"),
        ("見本を見ながら蓮沼大輔さんに電話しました。個人番号983205673214", "PERSON"),
        ("サンプルを付けます。個人番号983205673214", "MY_NUMBER"),
        ("記入例は別紙のとおり。口座番号1234567、蓮沼大輔さん。", "BANK_ACCOUNT"),
        ("記載例を参考に、パスワードは Nagare2024! です", "CREDENTIAL"),
    ],
)
def test_a_sample_that_is_only_spoken_of_clears_nothing(text: str, entity: str) -> None:
    assert entity in {found for found, _ in _found(text, ("block",))}


def test_a_value_declared_as_a_sample_stays_a_note() -> None:
    assert _found("記入例：氏名 流山太郎 個人番号 1234 5678 9018") == set()
