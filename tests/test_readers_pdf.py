"""A PDF says what stands on its pages, line by line; pages that hold no text that can be read say so."""

from __future__ import annotations

import hashlib
import time
import zlib
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from aiguard.location import locate
from aiguard.model import Limits, Span, Use
from aiguard.readers import read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Document, Segment

FONT = 3
PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
IMAGE = (
    b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>"
    b"\nstream\n\x80\nendstream"
)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


def text_string(text: str) -> bytes:
    """Write a string as UTF-16BE in hexadecimal digits."""
    return b"<feff%s>" % text.encode("utf-16-be").hex().encode()


def shown(*placed: tuple[float, float, str], size: float = 10) -> bytes:
    """Return the operators that write texts at places."""
    return b"\n".join(
        b"BT /F1 %g Tf 1 0 0 1 %g %g Tm <%s> Tj ET" % (size, x, y, text.encode("utf-16-be").hex().encode())
        for x, y, text in placed
    )


def written(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """Write a file of numbered objects with its cross-reference table (ISO 32000-1, 7.5); 1 is the catalogue."""
    body = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, held in sorted(objects.items()):
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    start = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        body += b"%d 1\n%010d 00000 n \n" % (number, place)
    size = max(objects) + 1
    body += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(body)


def pdf(  # noqa: PLR0913 - what a test is about is named
    pages: Sequence[bytes],
    *,
    catalog: bytes = b"",
    page: bytes = b"",
    more: dict[int, bytes] | None = None,
    cmap: bytes = b"UniJIS-UTF16-H",
    trailer: bytes = b"",
) -> bytes:
    """Return a PDF of pages by their content; its further objects have numbers from 50 to 99."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[%s]/Count %d>>"
        % (b" ".join(b"%d 0 R" % (100 + 2 * i) for i in range(len(pages))), len(pages)),
        FONT: b"<</Type/Font/Subtype/Type0/BaseFont/Gothic/Encoding/%s/DescendantFonts[4 0 R]>>" % cmap,
        4: b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Gothic/DW 1000/FontDescriptor 5 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 2>>>>"
        % (b"Identity" if b"Identity" in cmap else b"Japan1"),
        5: b"<</Type/FontDescriptor/FontName/Gothic/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 700/StemV 80>>",
        6: IMAGE,
        **(more or {}),
    }
    for i, content in enumerate(pages):
        objects[100 + 2 * i] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>/XObject<</I 6 0 R>>>>%s>>" % (101 + 2 * i, page)
        )
        objects[101 + 2 * i] = stream(content)
    return written(objects, trailer)


def read(data: bytes, limits: Limits | None = None) -> Document:
    return read_bytes(data, "起案.pdf", Use.PROMPT, limits)


def lines(data: bytes) -> list[str]:
    return body(data).source.splitlines()


def body(data: bytes) -> Segment:
    return read(data).segments[0]


def segment(document: Document, label: str) -> Segment:
    return next(each for each in document.segments if each.label == label)


def place(held: Segment, text: str) -> tuple[str | None, int]:
    start = held.source.index(text)
    found = locate(held, Span(start, start + len(text)))
    return found.label, found.line


def notes(data: bytes, limits: Limits | None = None) -> list[tuple[str | None, str]]:
    return [(note.label, note.reason[:12]) for note in read(data, limits).unchecked]


def test_text_is_located_by_page_and_line() -> None:
    data = pdf(
        [shown((50, 700, "相談記録"), (50, 680, "担当　佐藤花子")), shown((50, 700, "別紙"), (50, 680, "山田太郎"))]
    )
    held = body(data)
    assert held.source == "相談記録\n担当　佐藤花子\n別紙\n山田太郎\n"
    assert (place(held, "相談記録"), place(held, "佐藤花子")) == (("1ページ", 1), ("1ページ", 2))
    assert place(held, "山田太郎") == ("2ページ", 2)
    assert not held.aside
    assert read(data).unchecked == ()


def test_a_name_that_is_spread_over_a_line_is_one_word() -> None:
    spread = [(50 + 40 * i, 700.0, letter) for i, letter in enumerate("山田太郎")]
    assert lines(pdf([shown(*spread)])) == ["山田太郎"]


def test_a_small_gap_between_digits_and_letters_is_no_space() -> None:
    assert lines(pdf([shown((50, 700, "昭和"), (72.5, 700, "４５"), (95, 700, "年"))])) == ["昭和４５年"]


def test_the_cells_of_a_row_are_parted_by_tabs() -> None:
    rows = [("氏名", "生年月日", "住所"), ("山田太郎", "昭和四十五年", "青葉市若葉町")]
    content = shown(*((50 + 150 * x, 700 - 20 * y, cell) for y, row in enumerate(rows) for x, cell in enumerate(row)))
    assert lines(pdf([content])) == ["\t".join(row) for row in rows]


def test_a_sentence_that_wraps_goes_on_and_keeps_its_lines() -> None:
    first, second = (
        "本日午後に窓口で申請の内容についてお話を伺った方は山田",
        "太郎様であり、次回の来庁は来月の予定である。",
    )
    held = body(pdf([shown((50, 700, first), (50, 685, second))]))
    assert held.source == f"{first}{second}\n"
    found = locate(held, Span(held.source.index("山田太郎"), held.source.index("様")))
    assert (found.label, found.line, found.end_line) == ("1ページ", 1, 2)
    assert place(held, "次回") == ("1ページ", 2)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("山田太郎", "鈴木一郎"),
        ("山田太郎　青葉市若葉町一丁目二番三号　会社員", "鈴木一郎　青葉市若葉町四丁目五番六号　自営業"),
        ("本日午後に窓口で申請の内容についてお話を伺った。", "次回の来庁は来月の十日の午後二時の予定である。"),
        ("本日午後に窓口で申請の内容についてお話を伺う件", "・次回の来庁は来月の十日の午後二時の予定である"),
    ],
)
def test_lines_that_do_not_wrap_stay_lines(first: str, second: str) -> None:
    assert lines(pdf([shown((50, 700, first), (50, 685, second))])) == [first, second]


def test_ruby_stays_out_of_the_words_it_stands_above() -> None:
    content = b"\n".join(
        (
            shown((50, 700, "申請者は")),
            shown((90, 711, "やま"), size=5),
            shown((90, 700, "山")),
            shown((100, 711, "だ"), size=5),
            shown((100, 700, "田様")),
        )
    )
    assert lines(pdf([content])) == ["申請者は山田様", "やまだ"]


def test_vertical_text_reads_down_and_to_the_left() -> None:
    content = shown((500, 700, "相談記録"), (480, 700, "山田太郎"))
    assert lines(pdf([content], cmap=b"UniJIS-UTF16-V")) == ["相談記録", "山田太郎"]


def test_rare_kanji_are_one_character() -> None:
    assert lines(pdf([shown((50, 700, "𠮷田と髙橋と山﨑"))])) == ["𠮷田と髙橋と山﨑"]


def test_a_page_that_is_an_image_is_unchecked() -> None:
    picture = b"q 600 0 0 800 0 0 cm /I Do Q"
    data = pdf([picture, picture, shown((50, 700, "本文")), picture])
    assert notes(data) == [("1–2ページ、4ページ", "画像だけのページのため文")]
    assert place(body(data), "本文") == ("3ページ", 1)


def test_many_unchecked_pages_are_named_briefly() -> None:
    picture = b"q 600 0 0 800 0 0 cm /I Do Q"
    ((label, _),) = notes(pdf([picture, b""] * 12))
    assert label is not None
    assert label.startswith("1ページ、3ページ、")
    assert label.endswith("19ページ、ほか2ページ")


def test_half_a_character_in_the_properties_does_no_harm() -> None:
    data = pdf([shown((50, 700, "本文"))], more={50: b"<</Title<feffd8425c71>>>"}, trailer=b"/Info 50 0 R")
    assert "山" in segment(read(data), "文書の情報").source


def test_an_image_inside_a_form_object_counts() -> None:
    form = stream(
        b"q 1 0 0 1 0 0 cm /I Do Q", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</I 50 0 R>>>>"
    )
    data = pdf([b"q 600 0 0 800 0 0 cm /I Do Q"], more={6: form, 50: IMAGE})
    assert [label for label, _ in notes(data)] == ["1ページ"]


def test_strips_of_a_scan_add_up() -> None:
    strips = b"".join(b"q 600 0 0 80 0 %d cm /I Do Q " % (80 * i) for i in range(10))
    assert [label for label, _ in notes(pdf([strips]))] == ["1ページ"]


def test_pictures_on_a_page_of_text_are_counted() -> None:
    data = pdf([shown((50, 700, "本文の文章")) + b" q 100 0 0 100 50 50 cm /I Do Q q 3 0 0 3 0 0 cm /I Do Q"])
    assert [note.reason for note in read(data).unchecked] == ["画像1点は確認していません。目で見て確かめてください"]


def test_a_font_that_does_not_tell_what_its_glyphs_mean_is_unchecked() -> None:
    data = pdf([shown((50, 700, "本文の文章である"))], cmap=b"Identity-H")
    assert notes(data) == [("1ページ", "文字の情報が欠けているた")]


def test_outlined_text_is_unchecked_and_a_ruled_page_is_not() -> None:
    glyphs = b"".join(b"%d 10 m 20 30 40 50 60 %d c h f " % (i, i) for i in range(200))
    rules = b"".join(b"50 %d m 550 %d l S " % (y, y) for y in range(100, 700, 20))
    assert notes(pdf([glyphs, rules, b""])) == [("1ページ", "文字が図形として描かれて")]


def test_comments_fields_and_links_are_read() -> None:
    marks = (
        b"/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T %s/Contents %s>>"
        b"<</Type/Annot/Subtype/Popup/Rect[0 0 9 9]/Contents %s>>"
        b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(mailto:taro.yamada@example.jp)>>>> 51 0 R 52 0 R]"
        % (text_string("佐藤花子"), text_string("鈴木一郎様に確認"), text_string("鈴木一郎様に確認"))
    )
    field = b"<</Type/Annot/Subtype/Widget/Parent 50 0 R/Rect[0 0 9 9]>>"
    check = b"<</Type/Annot/Subtype/Widget/FT/Btn/T(c)/V/Yes/Rect[0 0 9 9]>>"
    more = {
        50: b"<</FT/Tx/T(f)/TU %s/V %s/Kids[51 0 R]>>" % (text_string("申請者氏名"), text_string("山田太郎")),
        51: field,
        52: check,
    }
    document = read(
        pdf([shown((50, 700, "申請書"))], page=marks, more=more, catalog=b"/AcroForm<</Fields[50 0 R 52 0 R]>>")
    )
    note, told, link = (segment(document, label) for label in ("注釈", "入力欄", "リンク"))
    assert (note.source, note.aside) == ("佐藤花子: 鈴木一郎様に確認\n", True)
    assert (told.source, told.aside) == ("申請者氏名: 山田太郎\n", False)
    assert (link.source, link.aside) == ("mailto:taro.yamada@example.jp\n", True)
    assert place(told, "山田太郎")[0] == "1ページ 入力欄"
    assert place(note, "鈴木")[0] == "1ページ 注釈"
    assert document.unchecked == ()


def test_a_stamp_is_a_picture_and_a_sound_is_media() -> None:
    marks = b"/Annots[<</Subtype/Stamp/Rect[0 0 9 9]>><</Subtype/Ink/Rect[0 0 9 9]>><</Subtype/Sound/Rect[0 0 9 9]>>]"
    reasons = [note.reason for note in read(pdf([shown((50, 700, "決裁"))], page=marks)).unchecked]
    assert reasons == [
        "画像2点は確認していません。目で見て確かめてください",
        "音声や動画1点は確認していません。内容を確かめてください",
    ]


def test_xfa_forms_are_unchecked() -> None:
    data = pdf([shown((50, 700, "お待ちください"))], catalog=b"/AcroForm<</Fields[]/XFA(x)>>")
    assert notes(data) == [(None, "動的な入力フォーム（XF")]


def test_properties_and_bookmarks_are_aside() -> None:
    more = {
        50: b"<</Title %s/Author %s>>" % (text_string("個別支援計画"), text_string("佐藤花子")),
        51: b"<</Type/Outlines/First 52 0 R/Last 53 0 R/Count 2>>",
        52: b"<</Title %s/Parent 51 0 R/Next 53 0 R>>" % text_string("山田太郎の件"),
        53: b"<</Title %s/Parent 51 0 R/Next 52 0 R/First 52 0 R>>" % text_string("鈴木一郎の件"),
    }
    document = read(pdf([shown((50, 700, "本文"))], more=more, catalog=b"/Outlines 51 0 R", trailer=b"/Info 50 0 R"))
    assert segment(document, "文書の情報").source == "題名: 個別支援計画\n作成者: 佐藤花子\n"
    assert segment(document, "しおり").source == "山田太郎の件\n鈴木一郎の件\n"
    assert all(segment(document, label).aside for label in ("文書の情報", "しおり"))


def test_metadata_beside_the_properties_is_read_once() -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<r:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><r:Alt><r:li>個別支援計画</r:li></r:Alt></dc:title>'
        "<dc:description>山田太郎様の件</dc:description></r:Description></r:RDF></x:xmpmeta>"
    ).encode()
    more = {50: b"<</Title %s>>" % text_string("個別支援計画"), 51: stream(packet, b"/Type/Metadata/Subtype/XML")}
    document = read(pdf([shown((50, 700, "本文"))], more=more, catalog=b"/Metadata 51 0 R", trailer=b"/Info 50 0 R"))
    assert segment(document, "文書の情報").source == "題名: 個別支援計画\n説明: 山田太郎様の件\n"


def test_attached_files_are_read() -> None:
    held = "氏名,電話\n山田太郎,090-1234-5678\n".encode("cp932")
    spec = b"<</Type/Filespec/F(a.csv)/UF %s/EF<</F 51 0 R>>>>" % text_string("名簿.csv")
    more = {50: spec, 51: stream(held, b"/Type/EmbeddedFile")}
    names = b"/Names<</EmbeddedFiles<</Names[(a) 50 0 R]>>>>"
    pinned = b"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 50 0 R>>]"
    for data, label in (
        (pdf([shown((50, 700, "本文"))], more=more, catalog=names), "添付1"),
        (pdf([shown((50, 700, "本文"))], more=more, page=pinned), "1ページ 添付1"),
    ):
        document = read(data)
        assert document.unchecked == ()
        table = next(each for each in document.segments if "山田太郎" in each.source)
        assert table.label == label
        assert any("名簿" in each.source for each in document.segments)


def rc4(key: bytes, data: bytes) -> bytes:
    """Encrypt by RC4 as ISO 32000-1, 7.6 asks for."""
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def encrypted(user: bytes, text: str, handler: bytes = b"Standard") -> bytes:
    """Return a PDF with a user and an owner password (ISO 32000-1, 7.6.3, revision 2, 40 bits)."""
    padded, identity, allowed = (user + PAD)[:32], b"0123456789abcdef", -44
    owner = rc4(md5((b"owner" + PAD)[:32])[:5], padded)
    key = md5(padded + owner + allowed.to_bytes(4, "little", signed=True) + identity)[:5]
    content = rc4(md5(key + (101).to_bytes(3, "little") + b"\0\0")[:10], shown((50, 700, text)))
    entry = b"<</Filter/%s/V 1/R 2/O<%s>/U<%s>/P %d>>" % (
        handler,
        owner.hex().encode(),
        rc4(key, PAD).hex().encode(),
        allowed,
    )
    trailer = b"/Encrypt 60 0 R/ID[<%s><%s>]" % (identity.hex().encode(), identity.hex().encode())
    plain = pdf([b"0" * len(content)], more={60: entry}, trailer=trailer)
    return plain.replace(b"0" * len(content), content)


def test_a_password_is_named_as_the_reason() -> None:
    document = read(encrypted(b"himitsu", "山田太郎"))
    assert document.segments == ()
    assert [note.reason for note in document.unchecked] == [
        "パスワードがかかっているため読めません。パスワードを外して保存してください"
    ]
    assert notes(encrypted(b"", "山田太郎", b"Special"))[0][1] == "保護の方式が特別なため読"


def test_a_file_that_only_forbids_printing_is_read() -> None:
    assert lines(encrypted(b"", "山田太郎")) == ["山田太郎"]


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", pdf([]), b"%PDF-1.4 \xff\xfe" * 100])
def test_a_file_without_pages_is_damaged(data: bytes) -> None:
    assert notes(data) == [(None, "PDFとして壊れているた")]


def test_a_file_that_is_cut_off_never_passes_as_clean() -> None:
    data = pdf([shown((50, 700, "山田太郎")), shown((50, 700, "鈴木一郎"))])
    for end in range(20, len(data), 97):
        document = read(data[:end])
        assert document.unchecked or len(document.segments[0].source) == len("山田太郎\n鈴木一郎\n"), end


def test_a_damaged_page_leaves_the_others() -> None:
    data = pdf([shown((50, 700, "山田太郎")), shown((50, 700, "鈴木一郎"))])
    broken = data.replace(b"102 0 obj\n<</Type/Page/", b"102 0 obj\n[/Type/Page/ ")
    assert notes(broken) == [("2ページ", "壊れているページのため読")]
    assert lines(broken) == ["山田太郎"]


def test_a_tree_of_pages_that_holds_itself_ends() -> None:
    data = pdf([shown((50, 700, "山田太郎"))]).replace(b"Kids[100 0 R]", b"Kids[2 0 R 2 0 R]")
    assert read(data).unchecked
    counted = pdf([shown((50, 700, "山田太郎"))]).replace(b"/Count 1>>", b"/Count 2000000000>>")
    assert lines(counted) == ["山田太郎"]


def test_pages_beyond_the_limit_are_unchecked_and_those_before_are_read() -> None:
    more = {50: b"<</First 51 0 R/Count 1>>", 51: b"<</Title %s/Parent 50 0 R>>" % text_string("山田太郎の件")}
    data = pdf([shown((50, 700, f"第{i}号")) for i in range(5)], more=more, catalog=b"/Outlines 50 0 R")
    document = read(data, Limits(pages=3))
    assert document.segments[0].source == "第0号\n第1号\n第2号\n"
    assert [note.label for note in document.unchecked] == ["4–5ページ"]
    assert segment(document, "しおり").source == "山田太郎の件\n"
    assert "上限3ページ" in document.unchecked[0].reason


def test_an_attachment_that_would_unpack_to_too_much_is_refused() -> None:
    bomb = stream(zlib.compress(bytes(30_000_000)), b"/Type/EmbeddedFile/Filter/FlateDecode")
    more = {50: b"<</Type/Filespec/F(a.txt)/EF<</F 51 0 R>>>>", 51: bomb}
    document = read(
        pdf([shown((50, 700, "本文"))], more=more, catalog=b"/Names<</EmbeddedFiles<</Names[(a) 50 0 R]>>>>"),
        Limits(unpacked=1_000_000),
    )
    assert document.segments[0].source == "本文\n"
    assert any("大きすぎる" in note.reason for note in document.unchecked)


def test_deep_nesting_and_form_objects_that_hold_themselves_end() -> None:
    form = stream(b"/I Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</I 6 0 R>>>>")
    data = pdf([b"/I Do " + shown((50, 700, "山田太郎"))], more={6: form, 50: b"[" * 50_000})
    assert lines(data) == ["山田太郎"]
    assert lines(pdf([b"[" * 100_000 + b"]" * 100_000 + shown((50, 700, "山田太郎"))])) == ["山田太郎"]


def test_reading_takes_little_longer_than_taking_out_the_text() -> None:
    sentence = "生活保護の申請について山田太郎様から相談を受けた件を担当の佐藤花子が記す"
    data = pdf([shown(*((50, 780 - 15 * y, sentence) for y in range(45))) for _ in range(40)])
    alone, ours = min(_alone(data) for _ in range(2)), min(_ours(data) for _ in range(2))
    print(f"40 pages: PDFium alone {alone:.2f} s, read {ours:.2f} s, ratio {ours / alone:.2f}")  # noqa: T201
    assert ours < 2 * alone + 0.5


def _alone(data: bytes) -> float:
    began = time.perf_counter()
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            text = page.get_textpage()
            text.get_text_range()
            text.close()
            page.close()
    return time.perf_counter() - began


def _ours(data: bytes) -> float:
    began = time.perf_counter()
    assert read(data).unchecked == ()
    return time.perf_counter() - began
