"""What a reader of an OpenDocument presentation finds: slides in their order, and the places beside them."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from aiguard.location import locate
from aiguard.model import Document, Span, Use
from aiguard.readers import read_bytes

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing", "meta": "meta",
        "svg": "svg-compatible", "presentation": "presentation", "form": "form",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
HIDING = (
    '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/>'
    "</style:style>"
)


def read(*pages: str, declared: str = "", master: str = "", parts: dict[str, str | bytes] | None = None) -> Document:
    whole: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.presentation",
        "content.xml": (
            f"<office:document-content {SPACES}><office:automatic-styles>{HIDING}</office:automatic-styles><office:body>"
            f"<office:presentation>{declared}{''.join(pages)}</office:presentation></office:body></office:document-content>"
        ),
        "styles.xml": (
            f"<office:document-styles {SPACES}><office:master-styles><style:master-page>{master}</style:master-page>"
            "</office:master-styles></office:document-styles>"
        ),
        **(parts or {}),
    }
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, data in whole.items():
            file.writestr(name, data)
    return read_bytes(buffer.getvalue(), "setsumei.odp", Use.PROMPT)


def page(*shapes: str, style: str = "") -> str:
    return f'<draw:page draw:name="p" draw:style-name="{style}">{"".join(shapes)}</draw:page>'


def box(text: str, more: str = "", attributes: str = "") -> str:
    return f"<draw:frame {attributes}><draw:text-box><text:p>{text}</text:p></draw:text-box>{more}</draw:frame>"


def at(document: Document, value: str) -> tuple[str | None, bool]:
    """Return the label of a value, and whether it stands aside."""
    for segment in document.segments:
        start = segment.source.find(value)
        if start >= 0:
            return locate(segment, Span(start, start + len(value))).label, segment.aside
    raise AssertionError(value)


def text(document: Document) -> str:
    return "".join(segment.source for segment in document.segments)


def test_a_slide_is_a_segment_with_its_shapes_in_their_order() -> None:
    group = f"<draw:g>{box('南田 健吾')}<draw:custom-shape><text:p>東 良子</text:p></draw:custom-shape></draw:g>"
    document = read(page(box("北沢 <text:span>由</text:span>香里"), group), page(box("二枚目")))
    assert [segment.source for segment in document.segments] == ["北沢 由香里\n南田 健吾\n東 良子\n", "二枚目\n"]
    assert at(document, "東 良子") == ("スライド1", False)
    assert at(document, "二枚目") == ("スライド2", False)
    assert document.unchecked == ()


def test_a_table_on_a_slide_is_a_line_a_row() -> None:
    cells = "".join(f"<table:table-cell><text:p>{each}</text:p></table:table-cell>" for each in ("北沢 由香里", "北区"))
    document = read(
        page(f"<draw:frame><table:table><table:table-row>{cells}</table:table-row></table:table></draw:frame>")
    )
    assert "北沢 由香里\t北区\n" in text(document)
    assert at(document, "北区") == ("スライド1", False)


def test_the_notes_of_a_slide_are_aside_under_its_number() -> None:
    notes = f"<presentation:notes>{box('北沢さんの件は話さない')}</presentation:notes>"
    document = read(page(box("一枚目")), page(box("二枚目"), notes))
    assert at(document, "北沢さん") == ("スライド2 ノート", True)


def test_a_hidden_slide_is_aside() -> None:
    document = read(page(box("一枚目")), page(box("北沢 由香里"), style="dp2"))
    assert at(document, "一枚目") == ("スライド1", False)
    assert at(document, "北沢 由香里") == ("スライド2（非表示）", True)


def test_comments_and_alternative_texts_are_aside_and_name_their_slide() -> None:
    comment = "<office:annotation><dc:creator>南田 健吾</dc:creator><text:p>東さんに確認</text:p></office:annotation>"
    shape = box("図", "<svg:title>集合写真</svg:title><svg:desc>左から北沢 由香里</svg:desc>")
    document = read(page(box("一枚目"), comment), page(shape, comment.replace("東", "西")))
    assert at(document, "東さんに確認") == ("スライド1 コメント1", True)
    assert at(document, "西さんに確認") == ("スライド2 コメント1", True)
    assert at(document, "南田 健吾") == ("スライド1 コメント1", True)
    assert at(document, "北沢 由香里") == ("スライド2 代替テキスト", True)


def test_a_link_on_a_shape_is_aside() -> None:
    link = f'<draw:a xlink:href="mailto:kitazawa@example.jp">{box("連絡先")}</draw:a>'
    assert at(read(page(link)), "kitazawa@example.jp") == ("スライド1 リンク", True)


def test_what_stands_in_the_controls_of_a_slide_is_on_it() -> None:
    forms = '<office:forms><form:form><form:text form:current-value="北沢 由香里"/></form:form></office:forms>'
    assert at(read(page(forms, box("申請"))), "北沢 由香里") == ("スライド1 フォーム", False)


@pytest.mark.parametrize(("kind", "label"), [("header", "ヘッダー"), ("footer", "フッター"), ("date-time", "日付")])
def test_what_is_declared_once_for_all_slides_is_on_them(kind: str, label: str) -> None:
    declared = f'<presentation:{kind}-decl presentation:name="a">担当 北沢 由香里</presentation:{kind}-decl>'
    assert at(read(page(box("一枚目")), declared=declared), "北沢 由香里") == (label, False)


def test_a_master_says_its_own_words_and_what_holds_a_place_says_nothing() -> None:
    master = (
        box("北沢福祉会", attributes='presentation:class="footer"')
        + "<draw:custom-shape><text:p>社外秘 南田 健吾</text:p></draw:custom-shape>"
        + box("<text:page-number>&lt;番号&gt;</text:page-number>", attributes='presentation:class="page-number"')
    )
    document = read(page(box("一枚目")), master=master)
    assert at(document, "北沢福祉会") == ("スライドマスター", False)
    assert at(document, "南田 健吾") == ("スライドマスター", False)
    assert "番号" not in text(document)


def test_properties_are_aside() -> None:
    meta = f"<office:document-meta {SPACES}><office:meta><dc:creator>南田 健吾</dc:creator></office:meta></office:document-meta>"
    document = read(page(box("一枚目")), parts={"meta.xml": meta})
    assert at(document, "最終更新者: 南田 健吾") == ("文書の情報", True)


def test_pictures_are_unchecked_and_the_preview_of_a_table_is_not() -> None:
    parts: dict[str, str | bytes] = {"Pictures/a.png": b"\x89PNG", "Pictures/TablePreview1.svm": b"VCLMTF"}
    unchecked = read(page(box("一枚目")), parts=parts).unchecked
    assert [each.reason for each in unchecked] == ["画像1点は確認していません。目で見て確かめてください"]


def test_damaged_styles_leave_the_slides() -> None:
    document = read(page(box("北沢 由香里")), parts={"styles.xml": "<broken"})
    assert at(document, "北沢 由香里") == ("スライド1", False)
    assert [each.label for each in document.unchecked] == ["ヘッダー・フッター"]


def test_a_show_that_says_nothing_is_not_clean() -> None:
    assert read().unchecked


def test_a_slide_of_deep_groups_is_read() -> None:
    deep = "<draw:g>" * 200 + box("北沢 由香里") + "</draw:g>" * 200
    assert at(read(page(deep)), "北沢 由香里") == ("スライド1", False)
