"""What a reader of an OpenDocument text finds: the page as it reads, and every place beside it where words can stand."""

from __future__ import annotations

import io
import time
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from aiguard.location import locate
from aiguard.model import Document, Limits, Span, Use
from aiguard.readers import read_bytes

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing", "meta": "meta",
        "svg": "svg-compatible", "form": "form", "chart": "chart", "manifest": "manifest",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
HIDDEN = '<style:text-properties text:display="none"/>'


def content(body: str, styles: str = "") -> str:
    return (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )


def styles(common: str = "", masters: str = "") -> str:
    return (
        f"<office:document-styles {SPACES}><office:styles>{common}</office:styles><office:master-styles>"
        f'<style:master-page style:name="Standard">{masters}</style:master-page></office:master-styles></office:document-styles>'
    )


def packed(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, data in {"mimetype": "application/vnd.oasis.opendocument.text", **parts}.items():
            file.writestr(name, data)
    return buffer.getvalue()


def read(body: str, parts: dict[str, str | bytes] | None = None, automatic: str = "") -> Document:
    return read_bytes(packed({"content.xml": content(body, automatic), **(parts or {})}), "kiroku.odt", Use.PROMPT)


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def table(*rows: str) -> str:
    return f'<table:table table:name="名簿">{"".join(rows)}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    inner = "".join(f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in cells)
    return f"<table:table-row {attributes}>{inner}</table:table-row>"


def at(document: Document, value: str) -> tuple[str | None, bool]:
    """Return the label of a value, and whether it stands aside."""
    for segment in document.segments:
        start = segment.source.find(value)
        if start >= 0:
            return locate(segment, Span(start, start + len(value))).label, segment.aside
    raise AssertionError(value)


def text(document: Document) -> str:
    return "".join(segment.source for segment in document.segments)


def reasons(document: Document) -> list[tuple[str | None, str]]:
    return [(each.label, each.reason) for each in document.unchecked]


def test_paragraphs_and_headings_are_numbered_as_they_come() -> None:
    document = read(f"<text:h>相談記録</text:h>{p('')}{p('相談者は北沢 由香里さんです。')}")
    assert document.segments[0].source == "相談記録\n相談者は北沢 由香里さんです。\n"
    assert at(document, "相談記録") == ("本文 1段落目", False)
    assert at(document, "北沢 由香里") == ("本文 2段落目", False)
    assert document.unchecked == ()


def test_a_name_in_several_runs_is_one_word_and_spaces_are_counted() -> None:
    document = read(
        p('北<text:span>沢</text:span><text:a xlink:href="#a">由</text:a>香里<text:s text:c="2"/>様<text:tab/>北区')
    )
    assert document.segments[0].source == "北沢由香里  様\t北区\n"


def test_a_reading_stays_out_of_the_text() -> None:
    ruby = "<text:ruby><text:ruby-base>北沢</text:ruby-base><text:ruby-text>きたざわ</text:ruby-text></text:ruby>"
    document = read(p(f"{ruby}さん"))
    assert document.segments[0].source == "北沢さん\n"
    assert "きたざわ" not in text(document)


def test_lists_and_sections_and_indexes_are_part_of_the_page() -> None:
    body = (
        f"<text:section><text:list><text:list-item>{p('北沢 由香里')}</text:list-item></text:list></text:section>"
        f"<text:table-of-content><text:index-body>{p('一 相談者 南田 健吾')}</text:index-body></text:table-of-content>"
    )
    document = read(body)
    assert at(document, "北沢 由香里") == ("本文 1段落目", False)
    assert at(document, "南田 健吾") == ("本文 2段落目", False)


def test_a_row_of_a_table_is_a_line_with_tabs() -> None:
    rows = (
        f"<table:table-header-rows>{row('氏名', '電話')}</table:table-header-rows>{row('北沢 由香里', '090-1234-5678')}"
    )
    document = read(p("名簿") + table(rows))
    assert "氏名\t電話\n北沢 由香里\t090-1234-5678\n" in document.segments[0].source
    assert at(document, "090-1234-5678") == ("表1 2行目", False)


def test_rows_below_a_repeated_row_keep_their_numbers() -> None:
    document = read(table(row("空き", attributes='table:number-rows-repeated="3"'), row("北沢 由香里")))
    assert at(document, "北沢 由香里") == ("表1 4行目", False)


def test_a_line_break_in_a_cell_is_a_space() -> None:
    document = read(table(row("北沢<text:line-break/>由香里", "北区")))
    assert "北沢 由香里\t北区\n" in document.segments[0].source


@pytest.mark.parametrize("shape", ["custom-shape", "ellipse", "text-box", "rect"])
def test_the_words_of_a_shape_come_after_its_paragraph(shape: str) -> None:
    inner = f"<draw:{shape}>{p('北沢 由香里')}{p('南田 健吾')}</draw:{shape}>"
    document = read(p(f"前{inner}後"))
    assert document.segments[0].source == "前後\n北沢 由香里\n南田 健吾\n"
    assert at(document, "南田 健吾") == ("テキストボックス1", False)


def test_alternative_texts_are_aside() -> None:
    frame = (
        "<draw:frame><draw:image/><svg:title>集合写真</svg:title><svg:desc>左から北沢 由香里</svg:desc></draw:frame>"
    )
    document = read(p(f"写真{frame}"))
    assert at(document, "集合写真") == ("代替テキスト", True)
    assert at(document, "北沢 由香里") == ("代替テキスト", True)


def test_headers_and_footers_stand_on_the_page_unless_they_are_not_shown() -> None:
    masters = (
        f"<style:header>{p('北沢 由香里様')}</style:header><style:footer>{p('担当 南田')}</style:footer>"
        f'<style:header-first style:display="false">{p("前回 東 良子")}</style:header-first>'
    )
    document = read(p("本文"), {"styles.xml": styles(masters=masters)})
    assert at(document, "北沢 由香里") == ("ヘッダー", False)
    assert at(document, "南田") == ("フッター", False)
    assert at(document, "東 良子") == ("ヘッダー", True)


def test_footnotes_and_endnotes_are_numbered_and_leave_the_sentence_whole() -> None:
    note = '<text:note text:note-class="{0}"><text:note-citation>9</text:note-citation><text:note-body>{1}</text:note-body></text:note>'
    body = p(f"北沢{note.format('footnote', p('脚注の南田 健吾'))}由香里{note.format('endnote', p('末尾の東 良子'))}")
    document = read(body)
    assert document.segments[0].source == "北沢由香里\n"
    assert at(document, "南田 健吾") == ("脚注1", False)
    assert at(document, "東 良子") == ("文末脚注1", False)


def test_a_comment_is_aside_with_its_author() -> None:
    comment = f"<office:annotation><dc:creator>南田 健吾</dc:creator>{p('東さんに確認')}</office:annotation>"
    document = read(p(f"北沢{comment}由香里"))
    assert document.segments[0].source == "北沢由香里\n"
    assert at(document, "南田 健吾") == ("コメント1", True)
    assert at(document, "東さんに確認") == ("コメント1", True)


def tracked(deleted: str) -> str:
    return (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>南田 健吾</dc:creator>"
        f"</office:change-info>{p(deleted)}</text:deletion></text:changed-region></text:tracked-changes>"
    )


def test_tracked_deletions_are_aside_with_who_made_them() -> None:
    document = read(tracked("旧姓 東 良子") + p("北沢 由香里"))
    assert document.segments[0].source == "北沢 由香里\n"
    assert at(document, "東 良子") == ("変更履歴（削除）", True)
    assert at(document, "南田 健吾") == ("変更した人", True)


def test_a_deletion_in_a_header_is_aside_as_well() -> None:
    header = f"<style:header>{tracked('旧姓 東 良子')}{p('記録')}</style:header>"
    document = read(p("本文"), {"styles.xml": styles(masters=header)})
    assert at(document, "東 良子") == ("変更履歴（削除）", True)


@pytest.mark.parametrize(
    "hidden",
    [
        p('前<text:span text:style-name="T1">北沢 由香里</text:span>後'),
        p("北沢 由香里", "T1"),
        p('<text:hidden-text text:string-value="北沢 由香里"/>'),
        p("<text:hidden-paragraph>北沢 由香里</text:hidden-paragraph>"),
        f'<text:section text:display="none">{p("北沢 由香里")}</text:section>',
        f'<text:section text:display="none">{table(row("北沢 由香里"))}</text:section>',
    ],
)
def test_hidden_text_is_aside(hidden: str) -> None:
    automatic = f'<style:style style:name="T1" style:family="text">{HIDDEN}</style:style>'
    assert at(read(hidden, automatic=automatic), "北沢 由香里") == ("隠し文字", True)


def test_text_is_hidden_by_a_named_style_and_by_one_that_is_based_on_it_unless_that_shows_it() -> None:
    based = '<style:style style:name="{0}" style:parent-style-name="Kakushi">{1}</style:style>'
    automatic = based.format("T1", "") + based.format("T2", '<style:text-properties text:display="true"/>')
    common = f'<style:style style:name="Kakushi" style:family="text">{HIDDEN}</style:style>'
    span = '<text:span text:style-name="{0}">{1}</text:span>'
    body = p(span.format("Kakushi", "北沢 由香里") + span.format("T1", "南田 健吾") + span.format("T2", "東 良子"))
    document = read(body, {"styles.xml": styles(common)}, automatic)
    assert document.segments[0].source == "東 良子\n"
    assert at(document, "北沢 由香里") == at(document, "南田 健吾") == ("隠し文字", True)


def test_fields_read_as_they_show() -> None:
    body = p("<text:placeholder>氏名を入力</text:placeholder><text:user-defined>北沢 由香里</text:user-defined>")
    assert at(read(body), "北沢 由香里") == ("本文 1段落目", False)


@pytest.mark.parametrize("inner", ["連絡先", f"<draw:frame><draw:text-box>{p('連絡先')}</draw:text-box></draw:frame>"])
def test_where_a_link_leads_is_aside(inner: str) -> None:
    document = read(p(f'<text:a xlink:href="mailto:kitazawa@example.jp">{inner}</text:a>'))
    assert at(document, "連絡先")[1] is False
    assert at(document, "mailto:kitazawa@example.jp") == ("リンク", True)


def test_a_path_that_is_written_in_percents_is_read_as_well() -> None:
    document = read(p('<text:a xlink:href="file:///C:/Users/%E5%8C%97%E6%B2%A2/a.txt">資料</text:a>'))
    assert at(document, "北沢") == ("リンク", True)


def test_what_stands_in_the_controls_of_a_form_is_on_the_page() -> None:
    forms = (
        '<office:forms><form:form><form:text form:current-value="北沢 由香里"/><form:fixed-text form:label="緊急連絡先"/>'
        "</form:form></office:forms>"
    )
    document = read(forms + p("申請書"))
    assert at(document, "北沢 由香里") == ("フォーム", False)
    assert at(document, "緊急連絡先") == ("フォーム", False)


@pytest.mark.parametrize(
    "mark",
    [
        '<text:alphabetical-index-mark text:string-value="北沢 由香里"/>',
        '<text:drop-down>選択<text:label text:value="北沢 由香里"/></text:drop-down>',
        '<text:bibliography-mark text:author="北沢 由香里">[1]</text:bibliography-mark>',
    ],
)
def test_what_only_an_attribute_says_is_aside(mark: str) -> None:
    assert at(read(p(f"本文{mark}")), "北沢 由香里") == ("その他の部品", True)


def test_properties_are_aside_under_their_names() -> None:
    meta = (
        f"<office:document-meta {SPACES}><office:meta><dc:title>相談記録</dc:title><dc:creator>南田 健吾</dc:creator>"
        "<meta:initial-creator>北沢 由香里</meta:initial-creator><dc:subject>面談</dc:subject><meta:keyword>支援</meta:keyword>"
        '<dc:description>再面談</dc:description><meta:user-defined meta:name="部署">福祉課</meta:user-defined>'
        "</office:meta></office:document-meta>"
    )
    document = read(p("本文"), {"meta.xml": meta})
    found = next(each for each in document.segments if each.label == "文書の情報")
    assert found.aside
    assert found.source == (
        "題名: 相談記録\n最終更新者: 南田 健吾\n作成者: 北沢 由香里\n件名: 面談\nキーワード: 支援\nコメント: 再面談\n部署: 福祉課\n"
    )


def test_an_object_is_read_with_its_table_and_the_title_of_a_chart() -> None:
    chart = f"<chart:chart><chart:title>{p('担当 北沢 由香里')}</chart:title>{table(row('氏名', '件数'), row('南田 健吾', '3'))}</chart:chart>"
    document = read(p("グラフ"), {"Object 1/content.xml": content(chart)})
    assert at(document, "北沢 由香里") == ("埋め込み1", False)
    assert "南田 健吾\t3" in text(document)


@pytest.mark.parametrize("name", ["memo.txt", "attachments/memo.txt", "Object 2"])
def test_a_file_that_was_put_in_is_read_wherever_it_lies(name: str) -> None:
    document = read(p("本文"), {name: "担当は北沢 由香里です。"})
    label, _ = at(document, "北沢 由香里")
    assert label is not None
    assert label.startswith(f"埋め込みファイル（{name}）")


def test_an_older_version_that_was_kept_is_read() -> None:
    older = packed({"content.xml": content(p("旧版の北沢 由香里"))})
    assert (
        at(read(p("本文"), {"Versions/Version1": older}), "北沢 由香里")[0]
        == "埋め込みファイル（Versions/Version1）!本文 1段落目"
    )


def test_an_object_of_another_software_that_cannot_be_read_is_unchecked() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    assert [label for label, _ in reasons(read(p("本文"), {"Object 1": ole}))] == ["埋め込みファイル（Object 1）"]


def test_pictures_and_sounds_and_macros_are_unchecked_and_previews_are_not() -> None:
    parts: dict[str, str | bytes] = {
        "Pictures/a.png": b"\x89PNG", "figures/b.jpg": b"\xff\xd8", "Media/c.mp3": b"ID3", "Thumbnails/thumbnail.png": b"\x89PNG",
        "ObjectReplacements/Object 1": b"VCLMTF", "Basic/Standard/Module1.xml": "<module/>", "layout-cache": b"\0\1",
    }  # fmt: skip
    assert reasons(read(p("本文"), parts)) == [
        (None, "画像2点は確認していません。目で見て確かめてください"),
        (None, "音声・動画1点は確認していません。再生して確かめてください"),
        (None, "マクロは確認していません。不要なら、マクロを消して保存してください"),
    ]


def test_a_picture_that_is_written_into_the_text_is_unchecked() -> None:
    frame = "<draw:frame><draw:image><office:binary-data>iVBORw0KGgo=</office:binary-data></draw:image></draw:frame>"
    assert "1点は確認していません" in reasons(read(p(f"本文{frame}")))[0][1]


def test_a_document_with_a_password_says_so() -> None:
    manifest = f"<manifest:manifest {SPACES}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    document = read(p("本文"), {"META-INF/manifest.xml": manifest})
    assert document.segments == ()
    assert reasons(document) == [(None, "パスワードがかかっているため読めません。パスワードを外して保存してください")]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("styles.xml", "ヘッダー・フッター"),
        ("meta.xml", "文書の情報"),
        ("Object 1/content.xml", "埋め込み1"),
        ("Dialogs/a.xml", "その他の部品"),
    ],
)
def test_a_damaged_part_is_unchecked_and_the_rest_is_read(name: str, label: str) -> None:
    document = read(p("北沢 由香里"), {name: "<broken"})
    assert at(document, "北沢 由香里") == ("本文 1段落目", False)
    assert [each for each, _ in reasons(document)] == [label]


@pytest.mark.parametrize(
    "parts", [{}, {"content.xml": "<broken"}, {"content.xml": f"<office:document-content {SPACES}/>"}]
)
def test_a_document_without_a_body_is_unchecked(parts: dict[str, str | bytes]) -> None:
    document = read_bytes(packed(parts), "kiroku.odt", Use.PROMPT)
    assert document.segments == ()
    assert document.unchecked


def many(number: int) -> str:
    inner = p("北沢 由香里")
    for _ in range(number):
        cell = f'<table:table-cell table:number-columns-repeated="16384">{inner}</table:table-cell>'
        inner = table(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')
    return inner


@pytest.mark.parametrize(
    "body",
    [
        many(1),
        many(4),
        many(1) * 300,
        p('<text:s text:c="999999999"/>' * 20_000 + "北沢 由香里"),
        "<text:section>" * 240 + p("北沢 由香里") + "</text:section>" * 240,
        "<text:p><draw:frame><draw:text-box>" * 80 + p("北沢 由香里") + "</draw:text-box></draw:frame></text:p>" * 80,
        p("<text:span>" * 240 + "北沢 由香里" + "</text:span>" * 240),
    ],
)  # fmt: skip
def test_repeats_and_depth_stay_small(body: str) -> None:
    begin = time.monotonic()
    document = read(body)
    assert time.monotonic() - begin < 15
    assert "北沢 由香里" in text(document)
    assert len(text(document)) < 20 * len(body) + 5_000


def test_styles_that_are_based_on_each_other_in_a_circle_come_to_an_end() -> None:
    each = '<style:style style:name="S{0}" style:parent-style-name="S{1}">{2}</style:style>'
    circle = "".join(each.format(n, (n + 1) % 5_000, HIDDEN if n == 0 else "") for n in range(5_000))
    begin = time.monotonic()
    assert at(read(p("北沢 由香里", "S1"), automatic=circle), "北沢 由香里") == ("隠し文字", True)
    assert time.monotonic() - begin < 15


def test_what_no_time_is_left_for_is_unchecked() -> None:
    data = packed({"content.xml": content(p("北沢 由香里") * 100)})
    document = read_bytes(data, "kiroku.odt", Use.PROMPT, Limits(seconds=0))
    assert document.unchecked
