"""What a reader of a Word document finds: every place of a package where words can stand."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from aiguard.location import locate
from aiguard.model import Limits, Span, Use
from aiguard.readers import read_bytes

if TYPE_CHECKING:
    from aiguard.model import Document, Segment

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(body: str, parts: dict[str, str | bytes] | None = None, namespaces: str = W) -> bytes:
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{KINDS}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {namespaces}><w:body>{body}</w:body></w:document>",
        **(parts or {}),
    }
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, content in whole.items():
            file.writestr(name, content)
    return buffer.getvalue()


def read(body: str, parts: dict[str, str | bytes] | None = None, name: str = "tsuchi.docx") -> Document:
    return read_bytes(package(body, parts), name, Use.PROMPT)


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tbl(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


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


def test_a_name_parted_into_runs_is_one_word_in_its_paragraph() -> None:
    document = read(p(r("通知")) + p() + p(r("申請者は"), r("山"), "<w:proofErr/>", r("田"), r("太郎"), r("です。")))
    assert of(document, "本文").source == "通知\n申請者は山田太郎です。\n"
    assert place(document, "山田太郎") == "本文 2段落目"
    assert not document.unchecked


def test_breaks_tabs_hyphens_and_symbols_read_as_they_look() -> None:
    signs = "<w:r><w:t>電話</w:t><w:tab/><w:t>03</w:t><w:noBreakHyphen/><w:t>52</w:t><w:softHyphen/><w:t>53</w:t></w:r>"
    symbol = '<w:r><w:br/><w:sym w:font="Symbol" w:char="F031"/></w:r>'
    assert of(read(p(signs, symbol)), "本文").source == "電話\t03-5253\n1\n"


def test_ruby_keeps_the_base_and_leaves_the_reading_out() -> None:
    ruby = f"<w:r><w:ruby><w:rubyPr/><w:rt>{r('やまだ')}</w:rt><w:rubyBase>{r('山田')}</w:rubyBase></w:ruby></w:r>"
    assert of(read(p(ruby, r("太郎"))), "本文").source == "山田太郎\n"


def test_a_table_is_a_line_a_row_parted_from_the_text_around_it() -> None:
    head = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p(r("氏名"))
    body = p(r("名簿")) + tbl(
        (head, p(r("電話"))), (p(r("山田")), p(r("太郎")), p(r("03-1234"), "<w:r><w:tab/></w:r>", r("5678")))
    )
    document = read(body + p(r("以上")))
    assert of(document, "本文").source == "名簿\n\n氏名\t\t電話\n山田\t太郎\t03-1234 5678\n\n以上\n"
    assert place(document, "太郎") == "表1 2行目"
    assert place(document, "以上") == "本文 2段落目"


def test_a_table_inside_a_cell_follows_the_table() -> None:
    inner = tbl((p(r("口座番号")), p(r("1234567"))))
    document = read(tbl((p(r("氏名")), p(r("山田花子")) + inner), (p(r("住所")), p(r("霞が関1-2-3")))))
    assert of(document, "本文").source == "氏名\t山田花子\n住所\t霞が関1-2-3\n\n口座番号\t1234567\n\n"
    assert place(document, "1234567") == "表2 1行目"


def test_rows_and_cells_inside_content_controls_are_read() -> None:
    cell = f"<w:sdt><w:sdtPr><w:alias w:val='申請者'/></w:sdtPr><w:sdtContent><w:tc>{p(r('鈴木一郎'))}</w:tc></w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent><w:tr><w:tc>{p(r('氏名'))}</w:tc>{cell}</w:tr></w:sdtContent></w:sdt>"
    document = read(f"<w:tbl>{row}</w:tbl><w:sdt><w:sdtContent>{p(r('東京都庁'))}</w:sdtContent></w:sdt>")
    assert of(document, "本文").source == "氏名\t鈴木一郎\n\n東京都庁\n"
    assert of(document, "フォーム").source == "申請者\n"


def test_a_text_box_in_both_ways_is_read_once() -> None:
    box = f"<w:txbxContent>{p(r('担当 佐藤次郎'))}</w:txbxContent>"
    new = f"<mc:Choice Requires='wps'><w:drawing><wp:inline><wp:docPr id='1' name='箱' descr='担当者の連絡先'/><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></wp:inline></w:drawing></mc:Choice>"
    old = f"<mc:Fallback><w:pict><v:shape alt='担当者の連絡先'><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
    document = read(p(r("本"), f"<w:r><mc:AlternateContent>{new}{old}</mc:AlternateContent></w:r>", r("日")))
    assert of(document, "本文").source == "本日\n担当 佐藤次郎\n"
    assert place(document, "佐藤次郎") == "テキストボックス1"
    assert of(document, "代替テキスト").source == "担当者の連絡先\n"
    assert of(document, "代替テキスト").aside


def test_a_fallback_that_says_something_else_is_read_too() -> None:
    choice = f"<mc:Choice Requires='wps'><w:pict><w:txbxContent>{p(r('公開'))}</w:txbxContent></w:pict></mc:Choice>"
    fallback = f"<mc:Fallback><w:pict><w:txbxContent>{p(r('佐藤次郎'))}</w:txbxContent></w:pict></mc:Fallback>"
    document = read(p(f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>"))
    assert of(document, "本文").source == "公開\n佐藤次郎\n"


def test_a_text_box_of_old_word_and_a_watermark_are_read() -> None:
    box = f"<w:r><w:pict><v:rect><v:textbox><w:txbxContent>{p(r('内線4321'))}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>"
    mark = "<w:r><w:pict><v:shape><v:textpath string='持出禁止'/></v:shape></w:pict></w:r>"
    document = read(p(box), {"word/header1.xml": f"<w:hdr {W}>{p(mark)}</w:hdr>"})
    assert place(document, "内線4321") == "テキストボックス1"
    assert place(document, "持出禁止") == "ヘッダー"


def test_headers_footers_and_notes_are_on_the_page() -> None:
    note = f"<w:footnote w:type='separator' w:id='-1'>{p()}</w:footnote><w:footnote w:id='1'>{p(r('出典 山田'))}</w:footnote>"
    parts: dict[str, str | bytes] = {
        "word/header1.xml": f"<w:hdr {W}>{p(r('総務課'))}</w:hdr>",
        "word/header2.xml": f"<w:hdr {W}>{tbl((p(r('担当')), p(r('高橋三郎'))))}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {W}>{p(r('取扱注意'))}</w:ftr>",
        "word/footnotes.xml": f"<w:footnotes {W}>{note}</w:footnotes>",
        "word/endnotes.xml": f"<w:endnotes {W}><w:endnote w:id='2'>{p(r('参考 田中'))}</w:endnote></w:endnotes>",
    }
    document = read(p(r("本文")), parts)
    labels = {value: place(document, value) for value in ("総務課", "高橋三郎", "取扱注意", "山田", "田中")}
    assert labels == {
        "総務課": "ヘッダー", "高橋三郎": "ヘッダー", "取扱注意": "フッター", "山田": "脚注1", "田中": "文末脚注1",
    }  # fmt: skip
    assert not any(segment.aside for segment in document.segments)


def test_comments_are_aside_with_who_wrote_them() -> None:
    comments = f"<w:comments {W}><w:comment w:id='0' w:author='渡辺四郎'>{p(r('090-1234-5678に確認'))}</w:comment></w:comments>"
    document = read(p(r("本文")), {"word/comments.xml": comments})
    assert of(document, "コメント").source == "作成者: 渡辺四郎\n090-1234-5678に確認\n"
    assert of(document, "コメント").aside
    assert place(document, "090-1234-5678") == "コメント1"


def test_insertions_are_text_and_deletions_aside() -> None:
    inserted = f"<w:ins w:author='伊藤五郎'>{r('鈴木')}</w:ins>"
    deleted = (
        "<w:del w:author='伊藤五郎'><w:r><w:delText>佐</w:delText></w:r><w:r><w:delText>藤</w:delText></w:r></w:del>"
    )
    moved = f"<w:moveFrom>{r('旧住所')}</w:moveFrom><w:moveTo>{r('新住所')}</w:moveTo>"
    document = read(p(r("一行目")) + p(r("担当は"), deleted, inserted, r("です"), moved))
    assert of(document, "本文").source == "一行目\n担当は鈴木です新住所\n"
    assert of(document, "変更履歴（削除）").source == "佐藤\n旧住所\n"
    assert of(document, "変更履歴（削除）").aside
    assert place(document, "佐藤") == "変更履歴（削除） 2段落目"
    assert of(document, "変更した人").source == "伊藤五郎\n"


def test_hidden_text_is_aside_by_itself_and_by_style() -> None:
    styles = (
        f"<w:styles {W}><w:style w:styleId='a'><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:styleId='b'><w:basedOn w:val='a'/></w:style>"
        "<w:style w:styleId='c'><w:basedOn w:val='c'/></w:style></w:styles>"
    )
    body = p(
        r("見える"), r("秘密", "<w:vanish/>"), r("番号", "<w:rStyle w:val='b'/>"), r("文", "<w:vanish w:val='0'/>")
    )
    whole = f"<w:p><w:pPr><w:pStyle w:val='a'/></w:pPr>{r('内部メモ')}</w:p>"
    document = read(body + whole + p(r("終", "<w:rStyle w:val='c'/>")), {"word/styles.xml": styles})
    assert of(document, "本文").source == "見える文\n終\n"
    assert of(document, "隠し文字").source == "秘密番号\n内部メモ\n"
    assert place(document, "秘密番号") == "隠し文字 1段落目"


def test_fields_and_targets_of_links_are_found() -> None:
    field = '<w:r><w:instrText>HYPER</w:instrText></w:r><w:r><w:instrText>LINK "mailto:yamada@example.lg.jp"</w:instrText></w:r>'
    page = "<w:fldSimple w:instr=' PAGE '><w:r><w:t>3</w:t></w:r></w:fldSimple>"
    relation = f"<Relationship Id='r1' Type='{KINDS}/hyperlink' Target='https://example.lg.jp/%E5%B1%B1%E7%94%B0' TargetMode='External'/>"
    rels = f"<Relationships xmlns='{RELATIONS}'>{relation}</Relationships>"
    link = f"<w:hyperlink w:tooltip='山田の連絡先'>{r('こちら')}</w:hyperlink>"
    document = read(p(field, r("メール"), page, link), {"word/_rels/document.xml.rels": rels})
    assert of(document, "本文").source == "メール3こちら\n"
    assert of(document, "フィールド").source == 'HYPERLINK "mailto:yamada@example.lg.jp"\n'
    assert "https://example.lg.jp/山田" in of(document, "リンク先").source
    assert place(document, "山田の連絡先") == "代替テキスト 1段落目"


def test_diagrams_charts_equations_and_bound_data_are_found() -> None:
    point = "<c:pt idx='{}'><c:v>{}</c:v></c:pt>".format
    series = (
        f"<c:ser><c:tx><c:strRef><c:strCache>{point(0, '滞納額')}</c:strCache></c:strRef></c:tx>"
        f"<c:cat><c:strCache>{point(0, '山田太郎')}{point(1, '鈴木花子')}</c:strCache></c:cat>"
        f"<c:val><c:numCache>{point(0, '120000')}{point(1, '8000')}</c:numCache></c:val></c:ser>"
    )
    text = "<a:p><a:r><a:t>{}</a:t></a:r></a:p>".format
    parts: dict[str, str | bytes] = {
        "word/charts/chart1.xml": f"<c:chartSpace {W}><c:title>{text('市税の状況')}</c:title>{series}</c:chartSpace>",
        "word/diagrams/data1.xml": f"<dgm:dataModel {W}><dgm:pt><dgm:t>{text('課長 小林')}</dgm:t></dgm:pt></dgm:dataModel>",
        "word/diagrams/drawing1.xml": f"<dgm:drawing {W}>{text('課長 小林')}{text('係長 加藤')}</dgm:drawing>",
        "customXml/item1.xml": "<data><氏名>吉田六郎</氏名></data>",
        "customXml/itemProps1.xml": "<d:datastoreItem xmlns:d='http://schemas.openxmlformats.org/officeDocument/2006/customXml'>x</d:datastoreItem>",
    }
    document = read(p("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"), parts)
    assert of(document, "本文").source == "x=1\n"
    assert of(document, "グラフ1").source == "市税の状況\n\n項目\t滞納額\n山田太郎\t120000\n鈴木花子\t8000\n"
    assert place(document, "小林") == "図形1"
    assert place(document, "加藤") == "図形2"
    assert of(document, "カスタムXML").source == "氏名: 吉田六郎\n"


def test_properties_are_one_aside_segment() -> None:
    core = (
        "<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:title>異動調書</dc:title><dc:creator>山本七海</dc:creator>"
        "<cp:lastModifiedBy>中村八重</cp:lastModifiedBy><cp:revision>3</cp:revision></cp:coreProperties>"
    )
    app = "<Properties><Company>架空市役所</Company><Template>Normal.dotm</Template></Properties>"
    custom = "<Properties xmlns:vt='v'><property name='決裁者'><vt:lpwstr>松本九</vt:lpwstr></property></Properties>"
    document = read(p(r("本文")), {"docProps/core.xml": core, "docProps/app.xml": app, "docProps/custom.xml": custom})
    segment = of(document, "文書の情報")
    expected = "題名: 異動調書\n作成者: 山本七海\n最終更新者: 中村八重\n会社: 架空市役所\n決裁者: 松本九\n"
    assert segment.source == expected
    assert segment.aside


def test_pictures_films_and_macros_are_said_to_be_unchecked() -> None:
    parts: dict[str, str | bytes] = {
        "word/media/image1.png": b"x",
        "word/media/a.mp4": b"x",
        "word/vbaProject.bin": b"x",
    }
    reasons = [each.reason for each in read(p(r("本文")), parts, "tsuchi.docm").unchecked]
    assert [reason[:4] for reason in reasons] == ["画像1点", "音声・動", "マクロは"]


def test_embedded_files_and_chunks_are_read() -> None:
    inner = package(p(r("個人番号の控え")))
    chunk = "<html><body>井上十蔵</body></html>".encode()
    document = read(p(r("本文")), {"word/embeddings/doc.docx": inner, "word/afchunk.txt": chunk})
    assert place(document, "個人番号の控え") == "埋め込みファイル1!本文 1段落目"
    assert "井上十蔵" in everything(document)


def test_strict_namespaces_read_alike() -> None:
    strict = W.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    data = package(p(r("厳格な山田")), namespaces=strict)
    assert place(read_bytes(data, "a.docx", Use.PROMPT), "厳格な山田") == "本文 1段落目"


def test_settings_people_and_parts_without_relationships_are_found() -> None:
    parts: dict[str, str | bytes] = {
        "word/settings.xml": f"<w:settings {W}><w:docVars><w:docVar w:name='tel' w:val='090-0000-1111'/></w:docVars></w:settings>",
        "word/people.xml": f"<w:people {W}><w:person w:author='木村'><w:presenceInfo w:userId='kimura@example.lg.jp'/></w:person></w:people>",
        "word/glossary/document.xml": f"<w:glossaryDocument {W}>{p(r('定型の林'))}</w:glossaryDocument>",
    }
    document = read(p(r("本文")), parts)
    for value in ("090-0000-1111", "木村", "kimura@example.lg.jp", "定型の林"):
        assert value in everything(document)


def test_a_damaged_part_leaves_the_others() -> None:
    document = read(
        p(r("本文の清水")), {"word/footnotes.xml": "<w:footnotes", "docProps/core.xml": "<x", "word/a.xml": "<y"}
    )
    assert place(document, "清水") == "本文 1段落目"
    assert [each.label for each in document.unchecked] == ["脚注", "word/a.xml", "文書の情報"]


def test_a_damaged_body_leaves_the_header() -> None:
    parts: dict[str, str | bytes] = {
        "word/document.xml": "<w:document",
        "word/header1.xml": f"<w:hdr {W}>{p(r('総務課'))}</w:hdr>",
    }
    document = read("", parts)
    assert place(document, "総務課") == "ヘッダー"
    assert [each.label for each in document.unchecked] == ["本文"]


@pytest.mark.parametrize("cut", [30, 300, 700])
def test_a_file_cut_short_is_unchecked(cut: int) -> None:
    document = read_bytes(package(p(r("本文")))[:cut], "a.docx", Use.PROMPT)
    assert document.unchecked


def test_a_package_without_a_body_is_unchecked() -> None:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.bin", "")
    assert read_bytes(buffer.getvalue(), "a.docx", Use.PROMPT).unchecked


def test_entities_are_refused() -> None:
    bomb = f"<!DOCTYPE x [<!ENTITY a 'あ'>]><w:document {W}><w:body>{p(r('&a;'))}</w:body></w:document>"
    assert read("", {"word/document.xml": bomb}).unchecked


def test_huge_counts_and_odd_values_do_no_harm() -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>' + p(r("値")) + "</w:tc>"
    row = f'<w:tr><w:trPr><w:gridBefore w:val="-5"/></w:trPr>{cell * 100}</w:tr>'
    odd = '<w:r><w:sym w:char="ZZZ"/><w:sym w:char="FFFFFFFFF"/><w:sym/></w:r>'
    started = time.monotonic()
    document = read(f"<w:tbl>{row * 100}</w:tbl>" + p(odd))
    assert time.monotonic() - started < 5
    assert "値" in everything(document)


def test_deep_nesting_is_bounded() -> None:
    for depth in (40, 120, 5_000):
        body = "<w:tbl><w:tr><w:tc>" * depth + p(r("底の山田")) + "</w:tc></w:tr></w:tbl>" * depth
        document = read(body)
        assert document.unchecked or "底の山田" in everything(document)


def test_many_paragraphs_are_read_in_little_time() -> None:
    started = time.monotonic()
    document = read(p(r("山田"), r("太郎")) * 20_000)
    assert time.monotonic() - started < 20
    assert of(document, "本文").source.count("山田太郎") == 20_000


def test_reading_stops_at_the_limit_of_time() -> None:
    document = read_bytes(package(p(r("山田")) * 100), "a.docx", Use.PROMPT, Limits(seconds=0))
    assert document.unchecked


def test_bound_data_is_no_part_of_word_whatever_its_root_is_called() -> None:
    roots = ("document", "comments", "settings", "styles", "theme", "drawing")
    parts: dict[str, str | bytes] = {
        f"customXml/item{n}.xml": f"<{root}>値{n}番</{root}>" for n, root in enumerate(roots)
    }
    document = read(p(r("本文")), {**parts, "word/odd.xml": "<styles>奇妙な三浦</styles>"})
    assert of(document, "カスタムXML").source == "".join(f"{root}: 値{n}番\n" for n, root in enumerate(roots))
    assert "奇妙な三浦" in of(document, "その他の部品").source


def test_a_document_without_relationships_in_capitals_is_read() -> None:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("/word/document2.XML", f"<w:document {W}><w:body>{p(r('大文字の上田'))}</w:body></w:document>")
    assert place(read_bytes(buffer.getvalue(), "a.docx", Use.PROMPT), "大文字の上田") == "本文 1段落目"


def test_controls_with_text_of_their_own_are_said_to_be_unchecked() -> None:
    document = read(p(r("本文")), {"word/activeX/activeX1.bin": b"x"})
    assert ["ActiveX" in each.reason for each in document.unchecked] == [True]


def test_text_right_in_the_body_and_inside_a_table_cell_box_is_read() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{p(r('枠の杉山'))}</w:txbxContent></w:pict></w:r>"
    document = read(r("裸の文字") + tbl((p(r("氏名"), box), p(r("電話")))))
    assert of(document, "本文").source == "裸の文字\n\n氏名\t電話\n\n枠の杉山\n"
    assert place(document, "枠の杉山") == "テキストボックス1"


def test_a_body_that_stands_under_the_name_of_the_properties_is_read() -> None:
    document = read(
        p(r("本文の清水")),
        {"docProps/core.xml": f"<w:document {W}><w:body>{p(r('別の所の堀内'))}</w:body></w:document>"},
    )
    assert "別の所の堀内" in everything(document)


def test_what_stands_under_the_name_of_relationships_and_is_none_is_read() -> None:
    document = read(p(r("本文")), {"word/_rels/x.xml.rels": f"<w:hdr {W}>{p(r('見出しの堀内'))}</w:hdr>"})
    assert "見出しの堀内" in everything(document)
