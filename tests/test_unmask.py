"""An answer gets its values back, also where an AI has changed the stand-ins a little; what is not known stays."""

from __future__ import annotations

import csv
import io
import json
from functools import cache

import pytest

from aiguard.checker import prepare
from aiguard.errors import ReadError, UsageError
from aiguard.masking import mask_bytes, unmask_bytes
from aiguard.model import Config, StandIns, Style, Use

PHONE = "090-7361-8245"
SOURCE = f"山田恵子さんと山田さん、恵子くん、細谷さん。電話は{PHONE}です。"


@cache
def way(text: str = SOURCE, name: str = "a.txt", codec: str = "utf-8", style: Style = Style.LABEL) -> StandIns:
    """Return the way back from a masked text."""
    done = mask_bytes(text.encode(codec), name, prepare(Config(), Use.PROMPT), style)
    assert done.standins is not None
    return done.standins


def restored(answer: str, standins: StandIns | None = None, name: str = "a.md") -> str:
    """Restore an answer in which every stand-in is known."""
    done = unmask_bytes(answer.encode(), name, standins or way())
    assert done.unknown == 0
    return done.data.decode()


def test_the_names_of_the_stand_ins() -> None:
    names = [item.name for item in way().items]
    assert names == ["〔氏名1〕", "〔氏名1の姓〕", "〔氏名1の名〕", "〔氏名2の姓〕", "〔電話1〕"]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "〔氏名1〕",
            "[氏名1]",
            "［氏名1］",
            "【氏名1】",
            "(氏名1)",
            "（氏名1）",
            "〔氏名１〕",
            "〔 氏名1 〕",
            "〔氏名 1〕",
        ),
        *("【氏名　１】", "〔氏名01〕", "[氏名1）"),
    ],
)
def test_small_changes_of_a_stand_in(written: str) -> None:
    assert restored(f"## {written}様へ\n{written}は") == "## 山田恵子様へ\n山田恵子は"


@pytest.mark.parametrize("written", ["〔氏名1の姓〕", "［氏名１ の 姓］", "(氏名1姓)", "【氏名1の姓】"])
def test_small_changes_of_a_part(written: str) -> None:
    assert restored(f"{written}さんは") == "山田さんは"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("〔氏名1様〕は", "山田恵子様は"),
        ("〔氏名1様〕様は", "山田恵子様は"),
        ("〔氏名1〕様様は", "山田恵子様は"),
        ("〔氏名1の姓さん〕さんは", "山田さんは"),
        ("〔氏名1の姓〕さんさんは", "山田さんは"),
        ("〔氏名1〕さん様は", "山田恵子さん様は"),
    ],
)
def test_an_honorific_too_many(written: str, expected: str) -> None:
    assert restored(written) == expected


def test_a_part_that_was_left_out_where_there_is_one_form_only() -> None:
    assert restored("〔氏名2〕さんは") == "細谷さんは"


def test_what_is_not_known_stays_and_is_counted() -> None:
    answer = "〔氏名1〕と〔氏名9〕と〔氏名1の読み〕と[住所3]と〔注1〕と[1]"
    done = unmask_bytes(answer.encode(), "a.txt", way())
    assert (done.restored, done.unknown) == (1, 3)
    assert done.data.decode() == answer.replace("〔氏名1〕", "山田恵子")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp"])
@pytest.mark.parametrize("source", ["utf-8", "cp932", "utf-16"])
def test_an_answer_keeps_its_own_encoding(source: str, codec: str) -> None:
    answer = "お世話になります。\r\n〔氏名1〕様の電話は［電話1］です。\r\n"
    done = unmask_bytes(answer.encode(codec), "a.txt", way(codec=source))
    assert done.data.decode(codec) == f"お世話になります。\r\n山田恵子様の電話は{PHONE}です。\r\n"
    assert done.data[:2] == answer.encode(codec)[:2]


def test_an_encoding_that_cannot_hold_a_value_is_refused() -> None:
    with pytest.raises(UsageError, match="元の値を書けません") as told:
        unmask_bytes("回答です。〔氏名1〕様へ".encode("cp932"), "a.txt", way("𠮷田恵子様へ"))
    assert "田恵子" not in repr(told.value) + told.value.hint


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ReadError):
        unmask_bytes(b"\x89PNG\r\n\x1a\n", "a.txt", way())


def test_aliases() -> None:
    standins = way(style=Style.ALIAS)
    answer = "A氏、Ａ氏、A 氏、Aさん、A様、A氏（姓）さん、A氏(姓)さん、〔電話１〕。ABC氏、DNA、IT氏、Z氏、A様式、A4。"
    assert restored(answer, standins) == (
        f"山田恵子、山田恵子、山田恵子、山田恵子さん、山田恵子様、山田さん、山田さん、{PHONE}。ABC氏、DNA、IT氏、Z氏、A様式、A4。"
    )


# ---- Formats

HELD = {"memo": '"山田恵子"様\n電話は' + PHONE, "個人番号": 123456789018}


def test_an_answer_in_json_stays_json() -> None:
    standins = way(json.dumps(HELD), "a.json")
    answer = {"answer": "【氏名1】様（〔電話1〕）", "number": "〔個人番号1〕", "all": "番号は〔個人番号1〕"}
    for text in (json.dumps(answer), json.dumps(answer, ensure_ascii=False)):
        for name in ("a.json", "a.txt"):
            assert json.loads(restored(text, standins, name)) == {
                "answer": f"山田恵子様（{PHONE}）",
                "number": 123456789018,
                "all": "番号は123456789018",
            }


def test_a_value_of_json_in_prose() -> None:
    standins = way(json.dumps(HELD), "a.json")
    assert restored("〔氏名1〕様の番号は〔個人番号1〕", standins) == "山田恵子様の番号は123456789018"


def test_a_value_of_prose_in_json() -> None:
    standins = way('パスワードは「ab\\cd"ef9!X」です。担当は山田恵子さん')
    answer = json.dumps({"a": "".join(f"{item.name}。" for item in standins.items)}, ensure_ascii=False)
    told = json.loads(restored(answer, standins, "a.json"))["a"]
    assert told == "".join(f"{item.text}。" for item in standins.items)


def test_a_value_with_a_comma_back_in_a_table() -> None:
    cell = "千葉県流山市西初石9丁目8765番地の4,\n101号室"
    standins = way(f'氏名,住所\n山田恵子,"{cell}"\n', "a.csv")
    address = next(item for item in standins.items if item.entity == "ADDRESS")
    answer = f"氏名,住所\r\n〔氏名1〕,{address.name}\r\n"
    table = list(csv.reader(io.StringIO(restored(answer, standins, "b.csv"), newline="")))
    assert table == [["氏名", "住所"], ["山田恵子", address.text]]


@pytest.mark.parametrize("written", ["〔氏名①〕", "〔氏名1の苗字〕", "【氏名1の名字】"])
def test_other_words_for_the_same(written: str) -> None:
    from aiguard.mask.grammar import mentions

    assert next(one.name for one in mentions(written)).startswith("〔氏名1")


def test_a_stand_in_without_brackets_is_counted_and_left() -> None:
    done = unmask_bytes("氏名1さんは来ます".encode(), "a.md", way())
    assert (done.data.decode(), done.unknown) == ("氏名1さんは来ます", 1)
