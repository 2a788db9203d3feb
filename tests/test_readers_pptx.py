"""What a reader of a presentation finds: slides in their order, and every place beside them where words can stand."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from aiguard.location import locate
from aiguard.model import Span, Use
from aiguard.readers import read_bytes

if TYPE_CHECKING:
    from aiguard.model import Document, Segment

P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" '
    'xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rels(*relations: tuple[str, str, str]) -> str:
    each = (f'<Relationship Id="{key}" Type="{KINDS}/{kind}" Target="{target}"/>' for key, kind, target in relations)
    return f'<Relationships xmlns="{RELATIONS}">{"".join(each)}</Relationships>'


def presentation(*ids: str, more: str = "") -> str:
    listed = "".join(f'<p:sldId id="{256 + n}" r:id="{key}"/>' for n, key in enumerate(ids))
    return f"<p:presentation {P}><p:sldIdLst>{listed}</p:sldIdLst>{more}</p:presentation>"


def package(parts: dict[str, str | bytes]) -> bytes:
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": rels(("rId1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": presentation("rId1"),
        "ppt/_rels/presentation.xml.rels": rels(("rId1", "slide", "slides/slide1.xml")),
        **parts,
    }
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, content in whole.items():
            file.writestr(name, content)
    return buffer.getvalue()


def read(parts: dict[str, str | bytes], name: str = "setsumei.pptx") -> Document:
    return read_bytes(package(parts), name, Use.PROMPT)


def show(*shapes: str, parts: dict[str, str | bytes] | None = None) -> Document:
    return read({"ppt/slides/slide1.xml": slide(*shapes), **(parts or {})})


def slide(*shapes: str, root: str = "sld", attributes: str = "") -> str:
    return f"<p:{root} {P} {attributes}><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:{root}>"


def para(*runs: str) -> str:
    return f"<a:p>{''.join(f'<a:r><a:t>{run}</a:t></a:r>' for run in runs)}</a:p>"


def sp(*paragraphs: str, said: str = "", ph: str = "") -> str:
    named = f'<p:nvSpPr><p:cNvPr id="2" name="図形" {said}/><p:nvPr>{ph}</p:nvPr></p:nvSpPr>'
    return f"<p:sp>{named}<p:txBody>{''.join(paragraphs)}</p:txBody></p:sp>"


def of(document: Document, label: str) -> Segment:
    return next(segment for segment in document.segments if segment.label == label)


def place(document: Document, value: str) -> str | None:
    """Return the label of the only place where a value stands."""
    (segment,) = (segment for segment in document.segments if value in segment.source)
    assert segment.source.count(value) == 1
    start = segment.source.index(value)
    return locate(segment, Span(start, start + len(value))).label


def everything(document: Document) -> str:
    return "\n".join(segment.source for segment in document.segments)


def test_runs_are_joined_and_breaks_kept() -> None:
    broken = "<a:p><a:r><a:t>電話</a:t></a:r><a:br/><a:r><a:t>03-1234-5678</a:t></a:r></a:p>"
    number = '<a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p>'
    document = show(sp(para("担当 ", "山", "田", "太郎"), broken, number))
    assert of(document, "スライド1").source == "担当 山田太郎\n電話\n03-1234-5678\n"
    assert not document.unchecked


def test_slides_are_numbered_as_the_list_puts_them_and_the_unlisted_are_aside() -> None:
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": presentation("rId3", "rId1", "rId9", "rId3"),
        "ppt/_rels/presentation.xml.rels": rels(
            ("rId1", "slide", "slides/slide1.xml"), ("rId3", "slide", "/ppt/slides/slide10.xml")
        ),
        "ppt/slides/slide1.xml": slide(sp(para("二枚目 佐藤"))),
        "ppt/slides/slide10.xml": slide(sp(para("一枚目 鈴木"))),
        "ppt/slides/slide2.xml": slide(sp(para("消した 高橋"))),
    }
    document = read(parts)
    assert [segment.label for segment in document.segments] == ["スライド1", "スライド2", "一覧にないスライド1"]
    assert place(document, "鈴木") == "スライド1"
    assert [segment.aside for segment in document.segments] == [False, False, True]


def test_hidden_slides_and_shapes_are_aside() -> None:
    document = show(
        sp(para("見える")),
        f"<p:grpSp><p:nvGrpSpPr><p:cNvPr id='9' name='組' hidden='1'/></p:nvGrpSpPr>{sp(para('隠れた田中'))}</p:grpSp>",
    )
    assert of(document, "スライド1").source == "見える\n"
    assert place(document, "隠れた田中") == "スライド1 非表示の図形"
    assert of(document, "非表示の図形").aside
    hidden = read({"ppt/slides/slide1.xml": slide(sp(para("内部用 伊藤")), attributes='show="0"')})
    assert place(hidden, "伊藤") == "スライド1（非表示）"
    assert all(segment.aside for segment in hidden.segments)


def test_tables_are_a_line_a_row() -> None:
    row = "<a:tr>{}</a:tr>".format
    cell = "<a:tc><a:txBody>{}</a:txBody></a:tc>".format
    table = row(cell(para("氏名")) + cell(para("住所"))) + row(
        cell(para("山田", "太郎")) + cell(para("霞が関") + para("1-2-3"))
    )
    frame = (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{table}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    document = show(sp(para("名簿")), frame, sp(para("以上")))
    assert of(document, "スライド1").source == "名簿\n\n氏名\t住所\n山田太郎\t霞が関 1-2-3\n\n以上\n"
    assert place(document, "山田太郎") == "スライド1 表1 2行目"


def test_groups_are_read_and_alternatives_once() -> None:
    both = f"<mc:AlternateContent><mc:Choice>{sp(para('式の山本'))}</mc:Choice><mc:Fallback>{sp(para('式の山本'))}</mc:Fallback></mc:AlternateContent>"
    document = show(f"<p:grpSp><p:grpSp>{sp(para('組の中村'))}</p:grpSp></p:grpSp>", both)
    assert of(document, "スライド1").source == "組の中村\n式の山本\n"


def test_notes_comments_and_alternative_texts_are_aside() -> None:
    old = f"<p:cmLst {P}><p:cm authorId='0'><p:text>090-1111-2222に確認</p:text></p:cm></p:cmLst>"
    new = (
        f"<p188:cmLst {P}><p188:cm authorId='{{A}}'><p188:replyLst><p188:reply authorId='{{A}}'><p188:txBody>{para('済み')}"
        f"</p188:txBody></p188:reply></p188:replyLst><p188:txBody>{para('木村さんへ')}</p188:txBody></p188:cm></p188:cmLst>"
    )
    parts: dict[str, str | bytes] = {
        "ppt/slides/_rels/slide1.xml.rels": rels(
            ("rId1", "notesSlide", "../notesSlides/notesSlide7.xml"),
            ("rId2", "comments", "../comments/comment4.xml"),
            ("rId3", "comments", "../comments/modernComment_1.xml"),
        ),
        "ppt/notesSlides/notesSlide7.xml": slide(
            sp(para("ここで林課長に振る"), ph='<p:ph type="body"/>'), root="notes"
        ),
        "ppt/comments/comment4.xml": old,
        "ppt/comments/modernComment_1.xml": new,
        "ppt/commentAuthors.xml": f"<p:cmAuthorLst {P}><p:cmAuthor id='0' name='清水一'/></p:cmAuthorLst>",
        "ppt/authors.xml": f"<p188:authorLst {P}><p188:author id='{{A}}' name='森二' userId='mori@example.lg.jp'/></p188:authorLst>",
    }
    document = show(sp(para("本題"), said='descr="池田氏の写真"'), parts=parts)
    assert place(document, "林課長") == "スライド1 ノート"
    assert place(document, "090-1111-2222") == "スライド1 コメント"
    assert place(document, "木村さん") == "スライド1 コメント"
    assert place(document, "池田氏") == "スライド1 代替テキスト"
    assert place(document, "mori@example.lg.jp") == "コメントの作成者"
    assert "作成者: 清水一\n090" in everything(document)
    assert "作成者: 森二\n済み" in everything(document)
    assert [segment.label for segment in document.segments if not segment.aside] == ["スライド1"]


def test_masters_say_what_is_no_prompt() -> None:
    prompt = sp(para("マスター タイトルの書式設定"), ph='<p:ph type="title"/>')
    parts: dict[str, str | bytes] = {
        "ppt/slideMasters/slideMaster1.xml": slide(prompt, sp(para("架空市 総務課")), root="sldMaster"),
        "ppt/slideLayouts/slideLayout1.xml": slide(prompt, sp(para("架空市 総務課")), root="sldLayout"),
        "ppt/notesMasters/notesMaster1.xml": slide(prompt, root="notesMaster"),
    }
    document = show(sp(para("本題")), parts=parts)
    assert of(document, "スライドマスター").source == "架空市 総務課\n"
    assert "書式設定" not in everything(document)


def test_charts_diagrams_sections_and_properties_are_found() -> None:
    point = "<c:pt idx='0'><c:v>{}</c:v></c:pt>".format
    chart = f"<c:chartSpace {P}><c:ser><c:tx>{point('金額')}</c:tx><c:cat>{point('橋本三')}</c:cat><c:val>{point('98000')}</c:val></c:ser></c:chartSpace>"
    sections = "<p:extLst><p:ext><p14:sectionLst><p14:section name='山崎案件'/></p14:sectionLst></p:ext></p:extLst>"
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": presentation("rId1", more=sections),
        "ppt/slides/_rels/slide1.xml.rels": rels(
            ("rId1", "chart", "../charts/chart3.xml"), ("rId2", "diagramData", "../diagrams/data1.xml")
        ),
        "ppt/charts/chart3.xml": chart,
        "ppt/diagrams/data1.xml": f"<a:dataModel {P}>{para('係長 阿部')}</a:dataModel>",
        "ppt/diagrams/drawing1.xml": f"<a:drawing {P}>{para('係長 阿部')}</a:drawing>",
        "ppt/changesInfos/changesInfo1.xml": "<chgInfo><chgData name='石川四' userId='u'/></chgInfo>",
        "docProps/core.xml": "<coreProperties><creator>前田五</creator></coreProperties>",
    }
    document = show(sp(para("本題")), parts=parts)
    assert of(document, "スライド1 グラフ").source == "項目\t金額\n橋本三\t98000\n"
    assert place(document, "係長 阿部") == "スライド1 図形"
    assert place(document, "山崎案件") == "セクション"
    assert place(document, "石川四") == "その他の部品"
    assert place(document, "前田五") == "文書の情報"


def test_pictures_films_macros_and_links_are_named() -> None:
    link = f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{KINDS}/hyperlink" Target="mailto:ono@example.lg.jp" TargetMode="External"/></Relationships>'
    parts: dict[str, str | bytes] = {
        "ppt/media/image1.jpeg": b"x",
        "ppt/media/image2.emf": b"x",
        "ppt/media/media1.mp4": b"x",
        "ppt/vbaProject.bin": b"x",
        "docProps/thumbnail.jpeg": b"x",
        "ppt/slides/_rels/slide1.xml.rels": link,
    }
    document = show(sp(para("本題")), parts=parts)
    assert [each.reason[:4] for each in document.unchecked] == ["画像2点", "音声・動", "マクロは"]
    assert place(document, "ono@example.lg.jp") == "リンク先"


def test_embedded_presentations_are_read() -> None:
    inner = package({"ppt/slides/slide1.xml": slide(sp(para("中の藤田")))})
    document = show(sp(para("本題")), parts={"ppt/embeddings/a.pptx": inner})
    assert place(document, "中の藤田") == "埋め込みファイル1!スライド1"


def test_a_damaged_slide_leaves_the_others() -> None:
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": presentation("rId1", "rId2"),
        "ppt/_rels/presentation.xml.rels": rels(
            ("rId1", "slide", "slides/slide1.xml"), ("rId2", "slide", "slides/slide2.xml")
        ),
        "ppt/slides/slide1.xml": "<p:sld",
        "ppt/slides/slide2.xml": slide(sp(para("残る岡田"))),
    }
    document = read(parts)
    assert place(document, "残る岡田") == "スライド2"
    assert [each.label for each in document.unchecked] == ["スライド1"]


def test_slides_are_read_where_the_list_is_damaged_or_missing() -> None:
    for parts in ({"ppt/presentation.xml": "<p:pres"}, {"ppt/_rels/presentation.xml.rels": "<x"}):
        document = read({"ppt/slides/slide1.xml": slide(sp(para("残る後藤"))), **parts})
        assert "残る後藤" in everything(document)
        assert document.unchecked


def test_a_file_cut_short_is_unchecked() -> None:
    assert read_bytes(package({})[:200], "a.pptx", Use.PROMPT).unchecked


def test_hostile_shapes_do_no_harm() -> None:
    point = "<c:pt idx='999999999999'><c:v>値</c:v></c:pt><c:pt idx='²'><c:v>値</c:v></c:pt>" * 20_000
    wide = "".join(f"<c:ser><c:val><c:pt idx='{n}'><c:v>{n}</c:v></c:pt></c:val></c:ser>" for n in range(5_000))
    parts: dict[str, str | bytes] = {
        "ppt/charts/chart1.xml": f"<c:chartSpace {P}><c:ser><c:val>{point}</c:val></c:ser></c:chartSpace>",
        "ppt/charts/chart2.xml": f"<c:chartSpace {P}>{wide}</c:chartSpace>",
        "ppt/slides/_rels/slide1.xml.rels": rels(
            ("rId1", "slide", "../slides/slide1.xml"), ("rId2", "x", "../../../..")
        ),
    }
    started = time.monotonic()
    document = show("<p:grpSp>" * 200 + sp(para("底の村上")) + "</p:grpSp>" * 200, parts=parts)
    assert time.monotonic() - started < 10
    assert "4999" in everything(document)
    assert "底の村上" in everything(document)
