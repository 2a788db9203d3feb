"""A page is read as a browser shows it, and what a browser keeps to itself is read beside it."""

from __future__ import annotations

import time

import pytest

from aiguard.location import locate
from aiguard.model import Document, Span, Use
from aiguard.readers import read_bytes


def read(text: str, codec: str = "utf-8", name: str = "a.html") -> Document:
    return read_bytes(text.encode(codec), name, Use.PROMPT)


def page(text: str) -> str:
    return "".join(segment.source for segment in read(text).segments if not segment.aside)


def aside(text: str) -> list[tuple[str | None, str]]:
    return [
        (part.label, segment.source[part.start :].split("\n")[0])
        for segment in read(text).segments
        if segment.aside
        for part in segment.parts
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>山<b>田</b>太郎さん</p>", "山田太郎さん\n"),
        ("<p>一つ</p><p>二つ</p>", "一つ\n二つ\n"),
        ("一つ<br>二つ", "一つ\n二つ\n"),
        ("<p>  広い \n 間  </p>", "広い 間\n"),
        ("<pre>一\n  二</pre>", "一\n二\n"),
        ("<table><tr><th>氏名<th>電話<tr><td>佐藤<td>090-1234-5678</table>", "氏名\t電話\n佐藤\t090-1234-5678\n"),
        ("&#23665;&#x7530;&amp;花<wbr>子", "山田&花子\n"),
        ("<ruby>流山<rp>(</rp><rt>ながれやま</rt><rp>)</rp></ruby>市", "流山市\n"),
        ("<ruby>流<rt><span>なが</span></rt>山<rt>れやま</rt></ruby>市", "流山市\n"),
        ("<title>題</title><h1>見出し</h1>", "題\n見出し\n"),
        ("<input value='山田'><textarea>備考\n続き</textarea>", "山田 備考\n続き\n"),
        ("<ul><li>あ<li>い</ul>", "あ\nい\n"),
    ],
)
def test_a_page_reads_as_it_shows(text: str, shown: str) -> None:
    assert page(text) == shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>x</p><!-- メモ -->", ("コメント", "メモ")),
        ("<p style='display: none'>隠した文</p>", ("隠し文字", "隠した文")),
        ("<div hidden>高<b>橋</b>次郎<p>続き</div>後", ("隠し文字", "高橋次郎")),
        ("<p hidden>隠した文</p>", ("隠し文字", "隠した文")),
        ("<span style='font-size:0px'>隠した文</span>", ("隠し文字", "隠した文")),
        ("<img alt='写真の説明' src='a.png'>", ("代替テキスト", "写真の説明")),
        ("<meta name='author' content='山田'>", ("ページの情報", "山田")),
        ("<a href='mailto:taro@example.jp'>x</a>", ("リンク", "mailto:taro@example.jp")),
        ("<input type='hidden' value='1234'>", ("隠しの入力欄", "1234")),
        ("<script>var a = '鍵';</script>", ("スクリプト", "var a = '鍵';")),
        ("<style>a { content: '印' }</style>", ("スタイル", "a { content: '印' }")),
        ("<p onclick=\"say('秘密')\">x</p>", ("属性", "say('秘密')")),
        ("<p data-code='1234 5678 9018'>x</p>", ("属性", "1234 5678 9018")),
        (
            "<a href='https://example.jp/?to=taro@example.jp'>x</a>",
            ("リンク", "https://example.jp/?to=taro@example.jp"),
        ),
        ("<a href='/%E4%BD%90%E8%97%A4'>x</a>", ("リンク", "/%E4%BD%90%E8%97%A4")),
        ("<select><option value='taro@example.jp'>x</select>", ("選択肢の値", "taro@example.jp")),
        ("<meta http-equiv='x' content='taro@example.jp'><p>x", ("ページの情報", "taro@example.jp")),
        ("<p>x<!-- 閉じない 個人番号", ("コメント", "閉じない 個人番号")),
        ("<![CDATA[佐藤さん]]>", ("ソース", "<![CDATA[佐藤さん]]>")),
        ("x</html>後書き", ("ソース", "x</html>後書き")),
        ('<a title="閉じない 電話', ("ソース", '<a title="閉じない 電話')),
    ],
)
def test_what_a_browser_keeps_to_itself_is_aside(text: str, said: tuple[str, str]) -> None:
    assert said in aside(text)
    assert said[1] not in page(text)


def test_font_sizes_that_show_are_no_hiding() -> None:
    assert page("<p style='font-size:0.8em;opacity:0.5'>見える</p>") == "見える\n"


def test_lines_are_those_of_the_file() -> None:
    segment = read("<html>\n<body>\n<p>一</p>\n\n<p>\n  二の行</p>").segments[0]
    start = segment.source.index("二")
    location = locate(segment, Span(start, start + 3))
    assert (location.label, location.line, location.column) == (None, 6, 1)


def test_pictures_in_the_file_are_counted_and_those_elsewhere_are_not() -> None:
    document = read("<img src='data:image/png;base64,AAAA'><img src='data:image/gif;base64,AAAA'><img src='a.png'>x")
    assert [note.reason for note in document.unchecked] == ["画像2点は確認していません。目で見て確かめてください"]


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_encodings_are_known_with_and_without_a_declaration(codec: str) -> None:
    names = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP", "iso2022_jp": "ISO-2022-JP"}
    for meta in ("", f"<meta charset='{names.get(codec, codec)}'>"):
        document = read(f"{meta}<p>これは個人番号の説明の文章です。カタカナもあります。</p>", codec)
        assert document.segments[0].source == "これは個人番号の説明の文章です。カタカナもあります。\n"


def test_a_declaration_that_is_wrong_does_not_win() -> None:
    assert "山田太郎" in read("<meta charset='ascii'><p>山田太郎さんの電話</p>").segments[0].source


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16", "unicode_escape", "nonsense"])
@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp"])
def test_a_declaration_of_europe_does_not_hide_japanese(charset: str, codec: str) -> None:
    document = read(f"<meta charset={charset}><p>これは個人番号の説明の文章です。</p>", codec)
    assert document.segments[0].source == "これは個人番号の説明の文章です。\n"


def test_a_declaration_of_europe_wins_where_nothing_else_can() -> None:
    assert read("<meta charset=iso-8859-1><p>Café</p>", "latin-1").segments[0].source == "Café\n"


def test_long_attributes_are_read_to_their_end() -> None:
    assert aside(f"<p title='{'あ' * 5000}山田'>x</p>")[0][1].endswith("山田")


def test_data_in_the_page_that_is_no_picture_is_not_passed_over() -> None:
    document = read(f"<a href='data:text/csv;base64,{'QUJD' * 2000}'>x</a><a href='data:text/plain,taro'>y</a>")
    assert [note.reason for note in document.unchecked] == [
        "ページに埋め込まれたデータ1点は確認していません。取り出して点検してください"
    ]
    assert document.segments[1].source == "data:text/plain,taro\n"


def test_attributes_without_number_are_read_as_text() -> None:
    begin = time.monotonic()
    document = read("<p " + " ".join(f'a{n}=">"' for n in range(60_000)) + ">山田</p>")
    assert "山田" in document.segments[0].source
    assert document.unchecked
    assert time.monotonic() - begin < 15


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 100_000 + "山田",
        "<!--" * 100_000 + "山田",
        "<a " * 100_000 + "山田",
        "<b>" * 50_000 + "</p>" * 50_000 + "山田",
    ],
)
def test_deep_and_broken_pages_lose_nothing(text: str) -> None:
    assert any("山田" in segment.source for segment in read(text).segments)


@pytest.mark.parametrize("text", ["<p></p>", "<html>"])
def test_a_page_without_a_word_is_not_taken_for_clean(text: str) -> None:
    assert read(text).segments == ()
    assert read(text).unchecked


def test_an_empty_file_is_empty() -> None:
    assert (read("").segments, read("").unchecked) == ((), ())


def test_a_page_in_utf_8_with_torn_bytes_is_not_read_as_something_else() -> None:
    torn = b'<!DOCTYP\xcc\xfaK7\xca\xd6 lang="ja"><head><meta charset="utf-8"><title>'
    document = read_bytes(torn + "担当の堀内さくら</title><s".encode() + b"\xd9yle>", "a.html", Use.PROMPT)
    assert [each.reason for each in document.unchecked] == [
        "UTF-8の文章ですが、途中で壊れているため読めません。元のソフトで開いて保存し直してください"
    ]
