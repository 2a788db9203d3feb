"""What is personal goes, in place and by stand-ins that keep the grammar; everything else stays byte for byte."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aiguard.checker import prepare
from aiguard.errors import UsageError
from aiguard.mask.grammar import letters, mentions, written
from aiguard.mask.labels import LABELS, OTHER, ROLES
from aiguard.masking import Masked, mask_bytes, unmask_bytes
from aiguard.model import Allow, Config, Severity, StandIns, Style, Use
from aiguard.readers import read_text
from aiguard.scanner import scan

if TYPE_CHECKING:
    from aiguard.checker import Checker

HERE = Path(__file__).parent
ADDRESS = "千葉県流山市西初石9丁目8765番地の4"
PHONE = "090-7361-8245"
NUMBER = "123456789018"


@cache
def checker(config: Config | None = None) -> Checker:
    """Prepare the shipped pack once."""
    return prepare(config or Config(), Use.PROMPT)


def masked(text: str | bytes, name: str = "a.txt", style: Style = Style.LABEL) -> Masked:
    """Mask a text, and see that it goes back."""
    data = text.encode() if isinstance(text, str) else text
    done = mask_bytes(data, name, checker(), style)
    assert not done.unchecked
    assert unmask_bytes(done.data, name, way(done)).data == data
    return done


def way(done: Masked) -> StandIns:
    """Return the way back."""
    assert done.standins is not None
    return done.standins


def personal(done: Masked) -> list[str]:
    """Return the rules that still find a value at `warn` or above."""
    assert done.remaining is not None
    return [
        each.rule
        for each in done.remaining.findings
        if each.entity and each.severity is not Severity.NOTE and not each.suppressed
    ]


# ---- Stand-ins


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("山田恵子さんと山田さんと恵子くん。", "〔氏名1〕さんと〔氏名1の姓〕さんと〔氏名1の名〕くん。"),
        ("山田恵子さん。山田　恵子様。", "〔氏名1〕さん。〔氏名1の表記2〕様。"),
        ("髙橋一郎さんと高橋一郎さん。", "〔氏名1〕さんと〔氏名1の表記2〕さん。"),
        ("山田恵子さん（やまだ けいこ）です。", "〔氏名1〕さん（〔氏名1の読み〕）です。"),
        ("フリガナ：ヤマダ ケイコ\n氏名：山田 恵子", "フリガナ：〔氏名1の読み〕\n氏名：〔氏名1〕"),
        ("山田恵子さん。\n細谷昌弘さん。\n山田さん。", "〔氏名1〕さん。\n〔氏名2〕さん。\n〔氏名1の姓〕さん。"),
        ("佐藤さんから。佐藤さんへ。", "〔氏名1の姓〕さんから。〔氏名1の姓〕さんへ。"),
        (f"電話は{PHONE}、または09073618245です。", "電話は〔電話1〕、または〔電話1の表記2〕です。"),
        (f"マイナンバー{NUMBER}", "マイナンバー〔個人番号1〕"),
        ("パスワードは Xq7-Tsubaki-92! です。", "パスワードは 〔認証情報1〕 です。"),
        ("サーバーは192.168.10.5です。", "サーバーは〔IPアドレス1〕です。"),
    ],
)
def test_stand_ins_keep_the_grammar(text: str, expected: str) -> None:
    assert masked(text).text == expected


def test_a_family_name_that_two_persons_bear_is_nobodys() -> None:
    text = masked("山田恵子さんと山田雄介さんです。山田さんから電話。").text
    assert text == "〔氏名1〕さんと〔氏名2〕さんです。〔氏名3の姓〕さんから電話。"


def test_the_next_person_in_a_list_is_no_reading() -> None:
    text = masked("氏名：山田恵子さん、タナカ ジロウさん。").text
    assert text == "氏名：〔氏名1〕さん、〔氏名2〕さん。"


def test_aliases() -> None:
    text = f"A案について、山田恵子さん（{ADDRESS}、電話{PHONE}）と山田が話した。山田恵子は欠席。"
    done = masked(text, style=Style.ALIAS)
    assert done.text.startswith("A案について、Bさん（B市、電話〔電話1〕）と")
    assert "B氏は欠席" in done.text


def test_letters_go_on_behind_z() -> None:
    assert [letters(number) for number in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("like", ["〔氏名1〕", "[氏名１]", "（電話 1）", "【住所2】", "〔氏名1の姓〕", "［原文1］"])
def test_what_looks_like_a_stand_in_is_escaped(like: str, style: Style) -> None:
    source = f"{like}欄は、山田恵子さんが書く。"
    done = masked(source, style=style)
    assert done.text.startswith("〔原文1〕欄は、")
    answer = unmask_bytes(done.data + "はい。".encode(), "a.txt", way(done))
    assert (answer.data.decode(), answer.unknown) == (source + "はい。", 0)


def test_a_labelled_number_in_brackets_is_the_number() -> None:
    assert "原文" not in masked("山田恵子さん（職員番号 104587）の件").text


def test_nothing_to_mask_changes_nothing() -> None:
    done = masked("会議の案内を直してください。\n")
    assert (done.text, way(done).items) == ("会議の案内を直してください。\n", ())


def test_what_stays() -> None:
    text = "記入例：山田太郎\n市役所の電話は04-7150-6092、midori@city.nagareyama.chiba.jp です。\n"
    assert masked(text).text == text


def test_what_is_allowed_stays_and_what_is_not_selected_goes() -> None:
    data = f"山田恵子さん {PHONE}".encode()
    allowing = checker(Config(allow=(Allow("公開", text=PHONE),), select=("5(4)",)))
    assert mask_bytes(data, "a.txt", allowing).text == f"〔氏名1〕さん {PHONE}"


def test_a_directive_in_the_text_hides_nothing() -> None:
    text = "aiguard:ignore[person-name] 同意あり\n担当は佐藤です。佐藤さんへ\n"
    assert "佐藤" not in masked(text).text


# ---- The masked text, to a scanner that knows nothing of stand-ins

CONTEXTS = (
    "{0}さんから相談がありました。担当は{0}です。{0}様へ",
    "氏名：{0}\n住所：{0}\n電話：{0}\n生年月日：{0}",
    "氏名,フリガナ,住所\n{0},{0},{0}",
    "申請者 {0}、滞納者リスト：{0}、{0}",
    'パスワード：{0}\nAPI_KEY = "{0}"\nuser={0} password={0}',
    "個人番号 {0} 口座番号 {0} 名義 {0} 本籍 {0} 筆頭者 {0}",
    "{0}課長と{0}くん、長男の{0}（3歳）、部下の{0}は{0}と申します。",
    "議事録\n{0}：賛成です\n{0}：反対です",
    "宛先: {0} 様 <{0}>\nTEL {0} FAX {0}",
    "警備会社に合言葉「{0}」を言う。秘密の質問の答え：{0}",
)
PLACEHOLDERS = ("[氏名]", "〔氏名〕", "○○", "【氏名】", "[住所]", "（氏名）")


@pytest.mark.parametrize("context", CONTEXTS)
def test_stand_ins_and_placeholders_are_no_values(context: str) -> None:
    names = [written(f"{name}12", (), alias=False) for name in (*LABELS.values(), OTHER)]
    names += [written("氏名1", (role,), alias=False) for role in ROLES]
    names += [*PLACEHOLDERS, *(() if "合言葉" in context else ("A氏", "B市", "C氏（姓・読み）"))]
    for name in names:
        hits, _ = scan(read_text(context.format(name), "a.txt", Use.PROMPT), checker().compiled)
        found = [hit.rule.id for hit in hits if hit.rule.entity and hit.severity is not Severity.NOTE]
        assert (name, found) == (name, [])


def _labelled(text: str, values: list[str]) -> list[bool]:
    """Say of each character whether a labelled value holds it."""
    inside = [False] * len(text)
    for value in values:
        at = text.find(value)
        while at >= 0:
            inside[at : at + len(value)] = [True] * len(value)
            at = text.find(value, at + 1)
    return inside


@pytest.mark.parametrize("style", list(Style))
def test_the_prompts_of_an_office(style: Style) -> None:
    """Of the characters outside labelled values 99 % survive, no value is found again, and answers go back."""
    outside = gone = 0
    for line in (HERE / "corpus" / "dev" / "prompts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["text"]
        done = masked(text, style=style)
        assert (row["id"], personal(done)) == (row["id"], [])
        answer = unmask_bytes(done.data + "\n以上".encode(), "a.txt", way(done))
        assert (row["id"], answer.data == f"{text}\n以上".encode(), answer.unknown) == (row["id"], True, 0)
        inside = _labelled(text, [entity["text"] for entity in row["entities"]])
        outside += inside.count(False)
        gone += sum(inside[start:end].count(False) for start, end in done.source)
    assert gone <= outside // 100


def test_a_situation_that_remains_is_reported() -> None:
    done = masked("担当は細谷昌弘さんです。大畔の六丁目でただ一軒の理髪店を営む店主さんが、最近病気と診断された。")
    assert "細谷" not in done.text
    assert done.remaining is not None
    assert [each.rule for each in done.remaining.findings] == ["singled-out"]


# ---- Bytes

TEXT = f"①山田恵子さん（{ADDRESS}）\r\n電話は{PHONE}です。～\r\n"


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "euc_jis_2004"]
)
def test_every_encoding(codec: str) -> None:
    data = TEXT.encode(codec)
    done = masked(data)
    assert done.data.decode(codec) == "①〔氏名1〕さん（〔住所1〕）\r\n電話は〔電話1〕です。～\r\n"
    if codec in {"utf-8-sig", "utf-16", "utf-32"}:
        assert done.data[:2] == data[:2]


def test_euc() -> None:
    done = masked(TEXT.replace("①", "").replace("～", "").encode("euc_jp"))
    assert done.data.decode("euc_jp") == "〔氏名1〕さん（〔住所1〕）\r\n電話は〔電話1〕です。\r\n"


def test_vendor_characters_of_euc() -> None:
    data = "担当は".encode("euc_jp") + b"\xfc\xe2" + "橋一郎さんです。電話".encode("euc_jp") + PHONE.encode() + b"\n"
    done = masked(data)
    assert done.text == "担当は〔氏名1〕さんです。電話〔電話1〕\n"


def test_bytes_that_python_would_encode_otherwise() -> None:
    other = b"\xed\x40\x87\x90\xfa\x5b"  # characters that CP932 has twice, or thrice
    data = "山田恵子さん、\r\n".encode("cp932") + other + "\r細谷昌弘さん\n".encode("cp932") + other
    done = masked(data)
    assert done.data.count(other) == 2
    assert other != other.decode("cp932").encode("cp932")


def test_one_name_in_two_spellings_of_bytes() -> None:
    first, second = b"\xee\xe0", b"\xfb\xfc"  # 髙 as NEC and as IBM have it
    tail = "橋一郎さんと".encode("cp932")
    done = masked(first + tail + second + tail + "電話した。\r\n".encode("cp932"))
    assert done.text == "〔氏名1〕さんと〔氏名1の表記2〕さんと電話した。\r\n"


def test_an_encoding_with_shifts_is_refused() -> None:
    with pytest.raises(UsageError, match="文字コード"):
        mask_bytes("山田恵子さん".encode("iso2022_jp"), "a.txt", checker())


@pytest.mark.parametrize(("name", "data"), [("a.docx", b"PK"), ("a.txt", b"\x89PNG\r\n\x1a\n"), ("a.json", b'{"a": ')])
def test_what_cannot_be_checked_is_not_masked(name: str, data: bytes) -> None:
    done = mask_bytes(data, name, checker())
    assert done.unchecked
    assert (done.data, done.standins) == (b"", None)


# ---- Formats


@pytest.mark.parametrize("codec", ["utf-8-sig", "cp932", "utf-16"])
def test_a_table_stays_a_table(codec: str) -> None:
    rows = [
        ["氏名", "フリガナ", "電話", "住所", "備考"],
        ["山田 恵子", "ヤマダ ケイコ", PHONE, f"{ADDRESS}, 101", '"山田さん"の夫は、\n細谷昌弘さん'],
        ["細谷　昌弘", "ホソヤ マサヒロ", "", "", "山田 恵子"],
    ]
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    done = masked(file.getvalue().encode(codec), "a.csv")
    table = list(csv.reader(io.StringIO(done.text, newline="")))
    assert [len(row) for row in table] == [5, 5, 5]
    assert table[0] == rows[0]
    assert table[1][:3] == ["〔氏名1〕", "〔氏名1の読み〕", "〔電話1〕"]
    assert table[2] == ["〔氏名2の表記2〕", "〔氏名2の読み〕", "", "", "〔氏名1〕"]


HELD = {
    "氏名": "山田恵子",
    "個人番号": int(NUMBER),
    "memo": '「山田さん」の\n\t"電話"は' + PHONE,
    "細谷昌弘さん": [1, None, True],
    "𠮷": "𠮷 と \\ と / です",
}


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_json_stays_json(*, plain: bool, indent: int | None) -> None:
    done = masked(json.dumps(HELD, ensure_ascii=not plain, indent=indent), "a.json")
    assert json.loads(done.text) == {
        "氏名": "〔氏名1〕",
        "個人番号": "〔個人番号1〕",
        "memo": '「〔氏名1の姓〕さん」の\n\t"電話"は〔電話1〕',
        "〔氏名2〕さん": [1, None, True],
        "𠮷": "𠮷 と \\ と / です",
    }


def test_json_lines_stay_lines() -> None:
    line = json.dumps({"role": "user", "content": f"山田恵子さん\n{PHONE}"})
    done = masked(f"{line}\r\n\r\n{line}\r\n", "a.jsonl")
    contents = [json.loads(each)["content"] for each in done.text.split("\r\n") if each]
    assert contents == ["〔氏名1〕さん\n〔電話1〕"] * 2


# ---- Whatever the text

PIECES = (
    *("山田恵子", "山田　恵子", "山田さん", "恵子様", "細谷昌弘さん", "ヤマダ ケイコ", PHONE, NUMBER, ADDRESS, "A氏", "BさんとC市"),
    *("〔氏名1〕", "[電話１]", "（住所 2）", "〔原文1〕", "〔", "氏名1", "〕", "氏名：", "マイナンバー", '"', '""', ",", "\t", "\\", "\\u5c71"),
    *("様", "さん", "氏", "は、", "です。", "ab", " ", "　", "\n", "\r\n", "\r", "髙", "①"),
)  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0x2FFFF), max_size=3),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(
    pieces=TEXTS,
    codec=st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jis_2004"]),
    name=st.sampled_from(["a.txt", "a.csv", "a.tsv", "a.md", "a.json"]),
    style=st.sampled_from(Style),
)
def test_every_text_goes_back_byte_for_byte(pieces: list[str], codec: str, name: str, style: Style) -> None:
    text = "".join(pieces)
    data = (json.dumps({"a": text, text: [text]}) if name == "a.json" else text).encode(codec, "replace")
    done = mask_bytes(data, name, checker(), style)
    if not done.unchecked:
        assert unmask_bytes(done.data, name, way(done)).data == data
        assert personal(done) == []
        if name == "a.json":
            json.loads(done.text)


@settings(max_examples=60, deadline=None)
@example(pieces=["山田恵子", "氏名1"], style=Style.LABEL, ends="\n")
@given(pieces=TEXTS, style=st.sampled_from(Style), ends=st.sampled_from(["\n", "\r\n"]))
def test_an_answer_that_quotes_the_text_goes_back(pieces: list[str], style: Style, ends: str) -> None:
    text = "、".join(pieces).replace("\n", ends)
    done = mask_bytes(text.encode(), "a.txt", checker(), style)
    if not done.unchecked:
        answer = unmask_bytes("はい。".encode() + done.data, "a.txt", way(done))
        assert (answer.data.decode(), answer.unknown) == (f"はい。{text}", 0)


def test_a_stand_in_is_known_again_however_it_is_written() -> None:
    for name in ("〔氏名1〕", "〔氏名12の姓の読みの表記3〕", "〔IPアドレス1〕"):
        assert [mention.name for mention in mentions(f"の{name}は")] == [name]
