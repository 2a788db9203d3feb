"""Rich text is read as Word shows it: in any code page, with its tables, and what is not on the page beside it."""

from __future__ import annotations

import struct
import time

import pytest

from aiguard.location import locate
from aiguard.model import Document, Span, Use
from aiguard.readers import read_bytes

FONTS = r"{\fonttbl{\f0\fnil\fcharset128 \'82\'6c\'82\'72 \'96\'be\'92\'a9;}{\f1\fswiss\fcharset0 Arial;}}"


def sjis(text: str) -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode("cp932"))


def uni(text: str) -> str:
    """Write characters as numbers, as Word does: 16 bits with a sign, and a question mark for older programs."""
    units = struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}h", text.encode("utf-16-le"))
    return "".join(f"\\u{unit}?" for unit in units)


def read(body: str | bytes, head: str = rf"\ansi\ansicpg932\deff0{FONTS}") -> Document:
    written = body.encode("latin-1") if isinstance(body, str) else body
    return read_bytes(b"{\\rtf1" + head.encode() + b"\\pard\\f0 " + written + b"}", "案内.rtf", Use.PROMPT)


def texts(document: Document) -> dict[str | None, str]:
    return {segment.label: segment.source for segment in document.segments}


def body(written: str | bytes) -> str:
    return texts(read(written)).get("本文", "")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (sjis("山田太郎です") + r"\par", "山田太郎です\n"),
        (r"\'8eR\'93c\par", "山田\n"),
        (r"\'83\\\'83\{\par", "ソボ\n"),
        (uni("髙﨑😀さん") + r"\par", "髙﨑😀さん\n"),
        (r"\uc2\u23665\'8e\'52\u30000\'93\'63\uc0\u22826 \u-26970\par", "山田太隦\n"),
        (rf"{sjis('山')}{{\b {sjis('田')}}}{{\i\fs24 {sjis('太')}}}" + "\r\n" + sjis("郎") + r"\par", "山田太郎\n"),
        (r"\'8e{\b\'52}\par", "山\n"),
        (r"a\line b\tab c\~d\-e\_f\par", "a\nb\tc\xa0de-f\n"),
        (r"\lquote a\rquote\emdash\bullet\{\}\\\par", "‘a’—•{}\\\n"),
        ("a\\\nb\\par", "a\nb\n"),
        (r"{\upr{ab}{\*\ud{\u23665?\u30000?}}}\par", "山田\n"),
        (rf"{{\listtext\f1 1.\tab}}{sjis('一つ目')}\par", "1. 一つ目\n"),
        (r"{\listtext\f2 \u-3929?\tab}a\par", "a\n"),
        (r"{\field{\*\fldinst PAGE}{\fldrslt 3}}\par", "3\n"),
        (r"\f1 caf\'e9\par", "café\n"),
        (r"{\*\cs10 a}b{\unheardof c}\par", "bc\n"),
        (r"{\object{\*\objclass Excel.Sheet.8}{\result a}}\par", "a\n"),
        (rf"{{\sp{{\sn gtextSize}}{{\sv 36}}}}{sjis('後')}\par", "後\n"),
    ],
)
def test_the_body_reads_as_it_shows(written: str, shown: str) -> None:
    assert body(written) == shown


def test_bytes_written_as_they_are_may_hold_backslashes_and_braces() -> None:
    assert body("ソース能力ボ表｛十\\par ".encode("cp932")) == "ソース能力ボ表｛十\n"
    assert body("ソースあい表\\par ".encode()) == "ソースあい表\n"


@pytest.mark.parametrize("head", [r"\ansi", r"\ansi\ansicpg932", r"\mac\ansicpg10001", r"\ansi\ansicpg1252" + FONTS])
def test_the_code_page_is_that_of_the_font_or_the_file_or_of_japan(head: str) -> None:
    assert texts(read(sjis("電話は内線です"), head))["本文"] == "電話は内線です\n"


def test_phonetic_guides_stay_out_of_the_word() -> None:
    guide = rf"EQ \\* jc2 \\* hps10 \\o\\ad(\\s\\up 9({sjis('ながれやま')}),{sjis('流山')})"
    found = texts(read(rf"{{\field{{\*\fldinst {{{guide}}}}}{{\fldrslt}}}}{sjis('市役所')}\par"))
    assert found == {"本文": "流山市役所\n"}


def test_tables_are_lines_of_cells_and_know_their_rows() -> None:
    row = r"\trowd\cellx3000\cellx6000\pard\intbl {}\cell {}\cell\row"
    document = read(
        sjis("名簿です")
        + r"\par"
        + row.format(sjis("氏名"), sjis("電話"))
        + row.format(sjis("佐藤") + r"\par " + sjis("花子"), r"090-1234-5678\line x")
        + rf"\pard {sjis('以上です')}\par"
    )
    segment = document.segments[0]
    assert segment.source == "名簿です\n\n氏名\t電話\n佐藤 花子\t090-1234-5678 x\n\n以上です\n"
    assert [part.label for part in segment.parts] == ["本文 1段落目", "表1 1行目", "表1 2行目", "本文 2段落目"]
    start = segment.source.index("090")
    assert locate(segment, Span(start, start + 13)).label == "表1 2行目"


def test_tables_in_cells_stay_in_the_line_of_their_row() -> None:
    inner = r"\pard\intbl\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}"
    assert body(rf"\trowd\pard\intbl {inner}\pard\intbl c\cell d\cell\row\pard e\par") == "a b c\td\n\ne\n"


def test_other_places_are_read_under_their_names() -> None:
    found = texts(
        read(
            rf"{{\header\pard {sjis('機密性２')}\par}}{{\headerf\pard {sjis('機密性２')}\par}}{{\footer {sjis('管財課')}}}"
            rf"a{{\super\chftn{{\footnote\pard\plain\f0 {sjis('注の文')}}}}}{{\footnote\ftnalt {sjis('末の文')}}}\par"
            rf"{{\shp{{\*\shpinst\shpleft0{{\sp{{\sn wzDescription}}{{\sv {sjis('地図')}}}}}"
            rf"{{\shptxt \pard {sjis('枠の文')}\par}}}}{{\shprslt{{\*\do{{\dptxbxtext {sjis('枠の文')}\par}}}}}}}}"
        )
    )
    assert found["ヘッダー"] == "機密性２\n"
    assert found["フッター"] == "管財課\n"
    assert found["脚注"] == "注の文\n"
    assert found["文末脚注"] == "末の文\n"
    assert found["テキストボックス"] == "枠の文\n"
    assert found["代替テキスト"] == "地図\n"
    assert found["本文"] == "a\n"


@pytest.mark.parametrize(
    ("written", "label", "said"),
    [
        (r"{\v {}}", "隠し文字", "{}"),
        (r"\v {}\v0", "隠し文字", "{}"),
        (r"{\deleted\revauthdel1 {}}", "変更履歴（削除）", "{}"),
        (r"{\*\atnid x}{\*\atnauthor {}}{\*\annotation\pard a}", "コメント", "作成者: {}\na"),
        (r"{\field{\*\fldinst HYPERLINK {}}{\fldrslt a}}", "フィールド", "HYPERLINK {}"),
        (r"{\*\userprops{\propname a}\proptype30{\staticval {}}}", "文書の情報", "a: {}"),
        (r"{\*\revtbl{Unknown;}{{};}}", "変更した人", "{}"),
        (r"{\*\formfield{\fftype0{\*\ffdeftext {}}}}", "フォーム", "{}"),
        (r"{\xe{\v {}}}", "索引", "{}"),
        (r"{\*\docvar{a}{{}}}", "文書の変数", "a{}"),
        (r"{\*\unheardof {}}", "その他の部品", "{}"),
    ],
)
def test_what_is_not_on_the_page_is_aside(written: str, label: str, said: str) -> None:
    document = read(r"a\par " + written.replace("{}", sjis("高橋次郎")) + r" b\par")
    segment = next(each for each in document.segments if each.label == label)
    assert segment.source == said.replace("{}", "高橋次郎") + "\n"
    assert segment.aside
    assert "高橋" not in texts(document)["本文"]


def test_properties_are_aside() -> None:
    info = rf"{{\info{{\title {sjis('研修案')}}}{{\author {uni('佐藤花子')}}}{{\*\company {sjis('流山市')}}}{{\creatim\yr2026}}}}"
    assert (
        texts(read(r"a\par", rf"\ansi\ansicpg932{info}"))["文書の情報"]
        == "題名: 研修案\n作成者: 佐藤花子\n会社: 流山市\n"
    )


def test_what_holds_no_text_stays_out() -> None:
    document = read(
        r"{\stylesheet{\s0 Normal 1234;}{\*\cs10 Default 5678;}}{\*\generator Riched20 10.0.19041}"
        r"{\*\themedata 504b030414}{\colortbl;\red0\green0\blue0;}{\*\listtable{\list{\listname 12345;}}}a\par"
    )
    assert texts(document) == {"本文": "a\n"}
    assert document.unchecked == ()


def test_pictures_are_counted_once_for_two_generations_of_word() -> None:
    pictures = r"{\*\shppict{\pict\pngblip 89504e47}}{\nonshppict{\pict\wmetafile8 0100}}{\pict\jpegblip\bin4 {}\\x}"
    document = read(rf"a{pictures}b\par")
    assert texts(document)["本文"] == "ab\n"
    assert [note.reason for note in document.unchecked] == ["画像2点は確認していません。目で見て確かめてください"]


def objdata(name: bytes, native: bytes) -> str:
    data = struct.pack("<II", 0x501, 2) + struct.pack("<I", len(name)) + name + bytes(8)
    return (
        rf"{{\object\objemb{{\*\objdata {(data + struct.pack('<I', len(native)) + native).hex()}}}{{\result a}}}}\par"
    )


def test_embedded_files_are_read() -> None:
    content = "氏名,電話\n佐藤,090-1234-5678\n".encode("cp932")
    path = b"C:\\a.csv\0"
    native = b"\2\0" + "名簿.csv\0".encode("cp932") + path + struct.pack("<HHI", 0, 3, len(path)) + path
    document = read(objdata(b"Package\0", native + struct.pack("<I", len(content)) + content))
    assert texts(document)["埋め込みファイル1"] == "氏名,電話\n佐藤,090-1234-5678\n"
    assert texts(document)["埋め込みファイル1!ファイル名"] == "名簿"


def test_embedded_files_that_cannot_be_read_are_unchecked() -> None:
    for written in (
        objdata(b"Paint\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        r"{\*\objdata 0105zz}",
        objdata(b"Package\0", b"\2"),
    ):
        assert [note.label for note in read(written).unchecked] == ["埋め込みファイル1"]


def test_a_truncated_file_is_read_as_far_as_it_goes() -> None:
    whole = (rf"{{\rtf1\ansi\ansicpg932{FONTS}" + sjis("最初の行") + r"\par" + sjis("次の行") + r"\par}").encode()
    document = read_bytes(whole[:-9], "a.rtf", Use.PROMPT)
    assert "最初の行" in texts(document)["本文"]
    assert any("途中で切れている" in note.reason for note in document.unchecked)


def test_letters_of_no_code_page_are_unchecked() -> None:
    assert any("文字コード" in note.reason for note in read(r"\'82\'ff\par").unchecked)


def test_the_document_does_not_end_where_it_claims_to_be_something_else() -> None:
    assert texts(read(sjis("佐藤") + r"\stylesheet " + sjis("花子")))["本文"] == "佐藤花子\n"
    assert (
        "後書き"
        in texts(read_bytes(rb"{\rtf1\ansicpg932 a\par}" + sjis("後書き").encode(), "a.rtf", Use.PROMPT))["本文"]
    )


@pytest.mark.parametrize(
    "data",
    [
        b"{" * 100_000 + b"abc" + b"}" * 100_000,
        b"}" * 100_000 + b"abc",
        b"{\\footnote a" * 50_000,
        b"{\\field{\\*\\fldinst EQ \\\\o(" * 30_000,
        b"{\\*\\unheardof 12345" * 50_000,
        b"{\\upr{a}{\\*\\ud{b" * 50_000,
        b"a\\cell " * 100_000 + b"\\row",
        b"\\bin999999999 abc",
        b"{\\pict " + b"ff" * 2_000_000 + b"}abc",
        b"\x83\x5c" * 1_000_000,
        b"\\u99999999999999999999999 \\'zz \\'8 abc",
    ],
)
def test_hostile_files_end_and_are_not_clean(data: bytes) -> None:
    begin = time.monotonic()
    document = read_bytes(b"{\\rtf1\\ansicpg932 " + data, "a.rtf", Use.PROMPT)
    assert time.monotonic() - begin < 15
    assert document.unchecked or texts(document)["本文"] == "abc\n"


def test_text_after_a_character_as_a_number_is_not_passed_over() -> None:
    assert "090-1234" in body(r"\uc9999\u23665 xxxx090-1234\par")
