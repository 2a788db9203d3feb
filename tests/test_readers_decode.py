"""The bytes of a file become exactly the text that its author saw, or are refused with a reason."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiguard.errors import ReadError
from aiguard.readers.decode import decode
from aiguard.readers.plausibility import bits

MARKED = ("utf-8-sig", "utf-16", "utf-32")
SEVEN_BIT = ("iso2022_jp", "iso2022_jp_3", "iso2022_jp_2004", "iso2022_jp_ext")
CERTAIN = ("utf-8", *MARKED, *SEVEN_BIT)
OFFICE = ("cp932", "euc_jp", "euc_jis_2004")
BARE = ("utf-16-le", "utf-16-be")
EVERY = (*CERTAIN, *OFFICE, *BARE)

HIRAGANA = (
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
    "がぎぐげござじずだでどばびぶべぼぱぴぷっゃゅょ"
)
KATAKANA = "".join(chr(ord(character) + 0x60) for character in HIRAGANA) + "ー"
KANJI = "佐藤鈴木高橋田中伊渡辺山本村小林加吉会議市役所担当住所氏名電話番号年月日申請書課長相談内容資料確認予算"
HALF_SYLLABLES = (
    "ｱ ｲ ｳ ｴ ｵ ｶ ｷ ｸ ｹ ｺ ｻ ｼ ｽ ｾ ｿ ﾀ ﾁ ﾂ ﾃ ﾄ ﾅ ﾆ ﾉ ﾊ ﾋ ﾌ ﾎ ﾏ ﾐ ﾑ ﾓ ﾔ ﾕ ﾖ ﾗ ﾘ ﾙ ﾛ ﾜ ｶﾞ ｷﾞ ｸﾞ ｺﾞ ｻﾞ ｼﾞ ﾀﾞ ﾄﾞ ﾊﾞ ﾌﾞ ﾍﾞ ｼｮｳ ｼﾞｭﾝ ｹﾝ"
).split()

SAMPLES = {
    "hiragana": "おはようございます",
    "katakana": "サトウハナコ",
    "kanji": "佐藤花子様宛会議資料",
    "prose": "来週の会議の資料を、佐藤花子さんに送ってください。",
    "half-width kana": "ｻﾄｳ ﾊﾅｺ",
    "half-width kana in lines": "ﾔﾏﾀﾞ ﾀﾛｳ\nｽｽﾞｷ ｼﾞｭﾝ\nﾀｶﾊｼ ｹﾝ\n",
    "half-width kana beside kanji": "山田太郎（ﾔﾏﾀﾞ ﾀﾛｳ）",
    "ASCII with one name": "id=42, name=山田太郎, tel=0471501234\n",
    "rare kanji": "髙橋と山﨑と德永です",
    "vendor symbols": "①㈱流山商店 №１",
    "full-width digits": "１２３－４５６７",
    "mixed": "担当：ヤマダ（内線１２３）TEL 04-7150-1234\r\n件名 見積の件\r\n",
    "Windows line breaks": "一行目です\r\n二行目です\r\n",
    "table": "氏名,フリガナ,年齢\n山田太郎,ヤマダタロウ,42\n",
}


def encodings_of(text: str, among: tuple[str, ...]) -> list[tuple[str, bytes]]:
    """Return (encoding, bytes) of each encoding that can hold `text`."""
    held = []
    for encoding in among:
        try:
            held.append((encoding, text.encode(encoding)))
        except UnicodeEncodeError:
            continue
    return held


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_text_comes_back_from_every_encoding_that_can_hold_it(kind: str) -> None:
    text = SAMPLES[kind]
    for encoding, data in encodings_of(text, EVERY):
        assert (encoding, decode(data)) == (encoding, text)


@pytest.mark.parametrize(
    "text",
    ["あ", "ア", "山", "山田", "髙", "﨑", "德永", "㈱", "①", "１", "ｱ", "ﾔﾏﾀﾞ", "ﾀﾅｶ", "ｻｲﾄｳ", "A社", "年10", "x", ""],
)
def test_the_shortest_texts_come_back_from_the_encodings_of_windows(text: str) -> None:
    for encoding, data in encodings_of(text, ("utf-8", "cp932", "utf-16", "utf-8-sig")):
        assert (encoding, decode(data)) == (encoding, text)


def japanese(least: int) -> st.SearchStrategy[str]:
    """Texts of office kinds; at least `least` characters are not ASCII and so many are no half-width kana."""
    word = st.one_of(
        st.text(HIRAGANA, min_size=2, max_size=8),
        st.text(KATAKANA, min_size=2, max_size=8),
        st.text(KANJI, min_size=2, max_size=6),
        st.text("０１２３４５６７８９ＡＢＣ－（）、。「」", min_size=2, max_size=6),
        st.lists(st.sampled_from(HALF_SYLLABLES), min_size=2, max_size=5).map("".join),
        st.text("abcdefXYZ0123456789 ,.:/@-_\n", max_size=12),
        st.sampled_from(["髙", "﨑", "①", "㈱", "№", "～", "―", "…"]),
    )
    whole = st.lists(word, min_size=1, max_size=30).map("".join)
    return whole.filter(lambda text: sum("\u3000" <= c < "\uff61" for c in text) >= least)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(japanese(0))
def test_marked_and_self_evident_encodings_never_change_a_text(text: str) -> None:
    for encoding, data in encodings_of(text, CERTAIN):
        assert (encoding, decode(data)) == (encoding, text)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(japanese(2))
def test_cp932_never_changes_a_text_with_two_wide_characters(text: str) -> None:
    for encoding, data in encodings_of(text, ("cp932",)):
        assert (encoding, decode(data)) == (encoding, text)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(japanese(16))
def test_any_encoding_is_right_from_sixteen_wide_characters_on(text: str) -> None:
    for encoding, data in encodings_of(text, EVERY):
        assert (encoding, decode(data)) == (encoding, text)


@pytest.mark.parametrize("between", ["", " ", "\n", "　"])
def test_names_in_half_width_kana_alone_come_back(between: str) -> None:
    families = "ｻﾄｳ ｽｽﾞｷ ﾀｶﾊｼ ﾀﾅｶ ｲﾄｳ ﾜﾀﾅﾍﾞ ﾔﾏﾓﾄ ﾅｶﾑﾗ ｺﾊﾞﾔｼ ｶﾄｳ ﾖｼﾀﾞ ﾔﾏﾀﾞ ｻｻｷ ﾔﾏｸﾞﾁ ﾏﾂﾓﾄ ｲﾉｳｴ ｷﾑﾗ ﾊﾔｼ ｼﾐｽﾞ ﾓﾘ ｱﾍﾞ".split()
    given_names = "ﾀﾛｳ ﾊﾅｺ ｲﾁﾛｳ ｹﾝﾀ ﾐｻｷ ﾋﾅ ﾚﾝ ﾕｲ ｼｮｳﾀ ﾕﾐｺ ｹｲｺ ﾏｺﾄ ﾅｵｷ ﾏﾕﾐ ｶｵﾘ ﾀｸﾔ ｺｳｼﾞ ｻﾁｺ ﾖｳｺ ﾀｶｼ ｻﾄｼ ｼﾞｭﾝ".split()
    for text in (family + between + name for family in families for name in given_names):
        for encoding, data in encodings_of(text, ("cp932", "euc_jp", "utf-8", "utf-16")):
            assert (encoding, decode(data)) == (encoding, text)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused_and_never_guessed(data: bytes) -> None:
    try:
        text = decode(data)
    except ReadError:
        return
    assert "\ufffd" not in text or any(mark in data for mark in (b"\xef\xbf\xbd", b"\xff\xfd", b"\xfd\xff"))


def test_a_refusal_carries_no_bytes() -> None:
    with pytest.raises(ReadError) as caught:
        decode("カナリア".encode("cp932") + b"\xff\x80")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert caught.value.message == "文字コードを判別できないため読めません。UTF-8のテキスト形式で保存してください"


def test_a_name_far_down_in_ascii_decides() -> None:
    text = "plain log line 0123\n" * 5000 + "担当 山田太郎\n"
    for encoding, data in encodings_of(text, EVERY):
        assert (encoding, decode(data)) == (encoding, text)


def test_long_texts_are_cut_for_sampling_without_harm() -> None:
    generator = random.Random(1)  # noqa: S311 - invented text, no secret
    text = "".join(generator.choice(HIRAGANA + KANJI + KATAKANA + "、。") for _ in range(9001))
    for shift in range(4):
        for encoding, data in encodings_of("x" * shift + text, EVERY):
            assert (encoding, decode(data)) == (encoding, "x" * shift + text)


def test_vendor_characters_in_euc_and_jis_as_windows_writes_them() -> None:
    assert decode("担当は".encode("euc_jp") + b"\xfc\xe2" + "橋です".encode("euc_jp")) == "担当は髙橋です"
    assert decode(b"\x1b$B-!\x1b(B 1\x1b(I6E\x1b(B\n") == "① 1ｶﾅ\n"


@pytest.mark.parametrize(
    "text", ["naïve café", "Müller GmbH", "Привет, мир", "안녕하세요", "±5 °C", "你好，世界", "¥1,000"]
)
def test_other_languages_in_utf8_stay_as_they_are(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    "data", [b"0A0B0C0D0E0F", b"1020304050607080", b"Bush hid the facts", b"a0b0c0d0e0f0", b"go", b"{}"]
)
def test_ascii_is_not_taken_for_utf16(data: bytes) -> None:
    assert decode(data) == data.decode("ascii")


def test_line_breaks_and_inner_marks_are_kept() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n") == "a\r\nb\rc\n"
    assert decode("a\ufeffb".encode()) == "a\ufeffb"


def test_console_logs_keep_their_escapes() -> None:
    assert decode("\x1b[31m赤い文字\x1b[0m\x1b(B\n".encode()) == "\x1b[31m赤い文字\x1b[0m\x1b(B\n"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "画像"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "画像"),
        (b"PK\x03\x04" + bytes(40), "ZIP"),
        (b"%PDF-1.7\n%", "PDF"),
        (b"MZ\x90" + bytes(60), "プログラム"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8), "Word"),
        (rb"{\rtf1\ansi abc}", "RTF"),
        (b"\0", "文字以外"),
        (bytes(range(256)), "文字以外"),
        (b"abc\x01\x02\x03", "文字以外"),
        (b"\x80", "判別できない"),
        (b"\xff", "判別できない"),
        ("山田".encode("cp932")[:3], "判別できない"),
        (b"\x1b$B;", "判別できない"),
        ("山田".encode() + b"\x1b$B;3\x1b(B", "判別できない"),
        (b"\xef\xbb\xbf\x82\xa0", "BOM"),
        (b"\xff\xfea", "BOM"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, word: str) -> None:
    with pytest.raises(ReadError, match=word):
        decode(data)


def test_japanese_costs_fewer_bits_than_its_misreadings() -> None:
    text = "会議の資料です"
    assert bits("") == 0
    assert bits(text) < bits(text.encode("euc_jp").decode("cp932", "ignore"))
    assert bits("ﾔﾏﾀﾞ") < bits("ﾞﾔﾏﾀ")
