"""Sheets are read cell by cell under the names of the cells, and what stands beside the cells is read too."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from aiguard.location import locate
from aiguard.model import Document, Limits, Segment, Span, Use
from aiguard.readers import read_bytes

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
DRAWN = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'


def relations(**targets: str) -> str:
    rows = "".join(
        f'<Relationship Id="{key}" Type="{LINKS}/{value.split("|")[0]}" Target="{value.split("|")[1]}"/>'
        for key, value in targets.items()
    )
    return f"<Relationships {RELATIONS}>{rows}</Relationships>"


def book(sheet: str, *, state: str = "", **parts: str) -> bytes:
    """Return a workbook with the sheet 名簿 of the XML given, and more parts by their names (/ written as __)."""
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(a="officeDocument|xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets><sheet name="名簿" sheetId="1" {state} r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            a="worksheet|worksheets/sheet1.xml", b="sharedStrings|sharedStrings.xml"
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}>{sheet}</worksheet>",
        **{name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()},
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def rows(*lines: tuple[int, dict[str, str]]) -> str:
    def cell(name: str, value: str) -> str:
        return (
            value
            if value.startswith("<c")
            else f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        )

    return (
        "<sheetData>"
        + "".join(
            f'<row r="{at}">' + "".join(cell(f"{column}{at}", value) for column, value in cells.items()) + "</row>"
            for at, cells in lines
        )
        + "</sheetData>"
    )


def read(data: bytes, name: str = "a.xlsx", limits: Limits | None = None) -> Document:
    return read_bytes(data, name, Use.PROMPT, limits)


def place(document: Document, text: str) -> str | None:
    for segment in document.segments:
        at = segment.source.find(text)
        if at >= 0:
            return locate(segment, Span(at, at + len(text))).label
    return None


def labelled(document: Document) -> dict[str, tuple[str, bool]]:
    return {segment.source.strip(): (segment.label or "", segment.aside) for segment in document.segments}


def test_cells_are_named_as_in_the_sheet() -> None:
    document = read(book(rows((1, {"A": "氏名", "B": "電話"}), (4, {"B": "090-1234-5678", "D": "山田 太郎"}))))
    assert document.segments[0] == Segment("氏名\t電話\n\n\n\t090-1234-5678\t\t山田 太郎", label="名簿", delimiter="\t")
    assert (place(document, "氏名"), place(document, "090"), place(document, "山田")) == (
        "名簿!A1",
        "名簿!B4",
        "名簿!D4",
    )
    assert document.unchecked == ()


def test_a_sheet_that_begins_further_down_keeps_its_names() -> None:
    assert place(read(book(rows((3, {"C": "山田"})))), "山田") == "名簿!C3"


def test_numbers_dates_and_truths_are_written_as_they_show() -> None:
    sheet = rows(
        (
            1,
            {
                "A": '<c r="A1"><v>123456789018</v></c>',
                "B": '<c r="B1"><v>0.5</v></c>',
                "C": '<c r="C1" t="b"><v>1</v></c>',
                "D": '<c r="D1"><v>12</v></c>',
                "E": '<c r="E1" t="str"><f>"x"</f><v>文字</v></c>',
            },
        )
    )
    assert read(book(sheet)).segments[0].source == "123456789018\t0.5\tTRUE\t12\t文字"


def test_breaks_tabs_and_quotation_marks_stay_inside_their_cells() -> None:
    document = read(book(rows((1, {"A": "一\n二", "B": "「&quot;」", "C": "電話"}), (2, {"A": "次"}))))
    assert (place(document, "電話"), place(document, "次")) == ("名簿!C1", "名簿!A2")


def test_readings_stay_out_of_names() -> None:
    shared = f"<sst {MAIN}><si><r><t>山</t></r><r><t>田</t></r><rPh sb='0' eb='2'><t>ヤマダ</t></rPh></si></sst>"
    sheet = rows((1, {"A": '<c r="A1" t="s"><v>0</v></c>'}))
    document = read(book(sheet, xl__sharedStrings_dot_xml=shared))
    assert [segment.source for segment in document.segments] == ["山田"]


@pytest.mark.parametrize("state", ['state="hidden"', 'state="veryHidden"'])
def test_hidden_sheets_are_aside(state: str) -> None:
    document = read(book(rows((1, {"A": "山田"})), state=state))
    assert labelled(document) == {"山田": ("名簿（非表示）", True)}


def test_a_value_at_the_far_end_is_read_without_drawing_the_sheet() -> None:
    document = read(book(rows((1, {"A": "氏名"}), (1_048_576, {"XFD": "山田"}))))
    assert place(document, "山田") == "名簿!XFD1048576"
    assert sum(len(segment.source) for segment in document.segments) < 100


def test_comments_drawings_and_headers_are_read_under_their_sheet() -> None:
    document = read(
        book(
            rows((1, {"A": "x"}))
            + '<headerFooter><oddHeader>&amp;L&amp;"ＭＳ 明朝"庁内限り&amp;R&amp;P</oddHeader></headerFooter>',
            xl__worksheets___rels__sheet1_dot_xml_dot_rels=relations(
                a="comments|../comments1.xml", b="drawing|../drawings/drawing1.xml"
            ),
            xl__comments1_dot_xml=f"<comments {MAIN}><authors><author>佐藤</author></authors><commentList><comment ref='B2' authorId='0'><text><r><t>要</t></r><r><t>確認</t></r></text></comment></commentList></comments>",
            xl__drawings__drawing1_dot_xml=f"<xdr:wsDr {DRAWN}><xdr:sp><xdr:nvSpPr><xdr:cNvPr id='1' name='n' descr='代わりの文'/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>図の</a:t></a:r><a:r><a:t>文字</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>",
        )
    )
    found = labelled(document)
    assert place(document, "要確認") == "名簿!B2 コメント"
    assert found["図の文字"] == ("名簿 図形", False)
    assert found["代わりの文"][1]
    assert found["庁内限り"] == ("名簿 印刷", False)
    assert any("佐藤" in text for text in found)


def test_lists_formulas_pivots_and_connections_are_read() -> None:
    document = read(
        book(
            rows((1, {"A": '<c r="A1"><f>IF(B1=1,"山田さん","いない")</f><v>0</v></c>'}))
            + '<dataValidations><dataValidation sqref="C1:C9" prompt="担当者を選ぶ"><formula1>"鈴木,高橋"</formula1></dataValidation></dataValidations>',
            xl__pivotCache__pivotCacheDefinition1_dot_xml=f"<pivotCacheDefinition {MAIN}><cacheFields><cacheField name='氏名'><sharedItems><s v='消した人'/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>",
            xl__connections_dot_xml=f"<connections {MAIN}><connection id='1'><dbPr connection='Server=10.1.2.3;Password=himitsu'/></connection></connections>",
        )
    )
    assert place(document, "山田さん") == "名簿!A1 数式"
    assert place(document, "鈴木,高橋") == place(document, "担当者を選ぶ") == "名簿!C1:C9 入力規則"
    assert place(document, "消した人") == "ピボットテーブルの元データ"
    assert place(document, "himitsu") == "接続"
    assert all(segment.aside for segment in document.segments if segment.label != "名簿")


def test_pictures_and_macros_are_unchecked() -> None:
    document = read(book(rows((1, {"A": "x"})), xl__media__image1_dot_png="x", xl__vbaProject_dot_bin="x"), "a.xlsm")
    reasons = " ".join(note.reason for note in document.unchecked)
    assert "画像1点" in reasons
    assert "マクロ" in reasons


def test_a_damaged_sheet_is_unchecked_and_what_stands_beside_is_read() -> None:
    document = read(
        book(
            "<sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>山",
            xl__comments1_dot_xml=f"<comments {MAIN}><commentList><comment ref='B2'><text><t>注記</t></text></comment></commentList></comments>",
        )
    )
    assert document.unchecked
    assert any("注記" in segment.source for segment in document.segments)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(cells=3), "セルが多すぎ"), (Limits(unpacked=500), "大きすぎ"), (Limits(members=2), "多すぎ")],
)
def test_limits_hold(limits: Limits, reason: str) -> None:
    document = read(book(rows(*((at, {"A": "山田", "B": "x" * 300}) for at in range(1, 9)))), limits=limits)
    assert any(reason in note.reason for note in document.unchecked)


@pytest.mark.parametrize("cut", [10, 200, 700])
def test_truncated_workbooks_are_unchecked(cut: int) -> None:
    assert read(book(rows((1, {"A": "山田"})))[:-cut]).unchecked


FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>山田</t></is></c></row>'
NEAR = '<row r="1"><c r="A1" t="inlineStr"><is><t>氏名</t></is></c></row>'
STYLES = (
    f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="176" formatCode="0000000000"/>'
    '<numFmt numFmtId="177" formatCode="[&lt;=99999999]####\\-####;\\(00\\)\\ ####\\-####"/>'
    '<numFmt numFmtId="178" formatCode="000\\-0000"/><numFmt numFmtId="179" formatCode="#,##0_ "/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="178"/><xf numFmtId="179"/>'
    '<xf numFmtId="14"/></cellXfs></styleSheet>'
)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('r="XFD', 'r = "XFD'),
        ('r="XFD', 'r\n=\n"XFD'),
        ('r="XFD1048576"', "r='XFD1048576'"),
        ("XFD1048576", "xfd1048576"),
        ('r="XFD', 'r="B2" x="" r="XFD'),
        ('<c r="XFD', '<c x=">" r="XFD'),
        ('<c r="XFD', f'<c s="{"0" * 500}" r="XFD'),
        (
            FAR,
            """<row r="2"><c r="XFD2" t="inlineStr"><is><t>山田</t></is></c></row>
            <row r="1048576"><c t="inlineStr"><is><t>山田</t></is></c></row>""",
        ),
    ],
)
def test_a_far_value_never_reaches_the_library_however_its_place_is_written(written: str, instead: str) -> None:
    sheet = f"<sheetData>{NEAR}{FAR}</sheetData>".replace(written, instead)
    document = read(book(sheet))
    assert document.unchecked or place(document, "山田")


@pytest.mark.parametrize("part", ["xl/Worksheets/Sheet1.xml", "xl/other/sheet.xml"])
def test_a_far_value_never_reaches_the_library_whatever_its_part_is_called(part: str) -> None:
    target = part.removeprefix("xl/").lower()
    document = read(
        book(
            f"<sheetData>{NEAR}</sheetData>",
            **{
                part: f"<worksheet {MAIN}><sheetData>{NEAR}{FAR}</sheetData></worksheet>",
                "xl/_rels/workbook.xml.rels": relations(a=f"worksheet|{target}"),
            },
        )
    )
    assert place(document, "山田") == "名簿!XFD1048576"


def test_numbers_that_begin_with_zero_are_written_as_they_show() -> None:
    cells = {
        "A": '<c r="A1" s="1"><v>312345678</v></c>',
        "B": '<c r="B1" s="2" t="n"><v>312345678</v></c>',
        "C": '<c r="C1" s="3"><f>1+1</f><v>600001</v></c>',
        "D": '<c r="D1" s="4"><v>1200</v></c>',
        "E": '<c r="E1" t="e"><v>#N/A</v></c>',
        "F": '<c r="F1"><v>4111111111111111</v></c>',
    }
    document = read(book(rows((1, cells)), xl__styles_dot_xml=STYLES))
    assert document.segments[0].source == "0312345678\t(03) 1234-5678\t060-0001\t1200\t#N/A\t4111111111111111"


def test_a_far_date_is_written_as_a_date() -> None:
    sheet = f'<sheetData>{NEAR}<row r="1048576"><c r="XFD1048576" s="5"><v>30000</v></c></row></sheetData>'
    assert place(read(book(sheet, xl__styles_dot_xml=STYLES)), "1982-02-18") == "名簿!XFD1048576"


def test_cells_without_places_follow_one_another() -> None:
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    sheet = (
        f"<sheetData><row>{cell.format('氏名')}{cell.format('電話')}</row><row>{cell.format('山田')}</row></sheetData>"
    )
    document = read(book(sheet))
    assert document.segments[0].source == "氏名\t電話\n山田"
    assert place(document, "電話") == "名簿!B1"


@pytest.mark.parametrize("encoding", ["utf-16", "shift_jis"])
def test_a_sheet_in_another_encoding_is_read(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><worksheet {MAIN}><sheetData>{NEAR}</sheetData></worksheet>'
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(""))) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml.encode(encoding) if name.endswith("sheet1.xml") else old.read(name))
    assert place(read(data.getvalue()), "氏名") == "名簿!A1"


def test_a_sheet_without_its_part_is_unchecked() -> None:
    document = read(book("", **{"xl/_rels/workbook.xml.rels": relations(a="worksheet|worksheets/none.xml")}))
    assert [note.label for note in document.unchecked] == ["名簿"]


def record(kind: int, data: bytes = b"") -> bytes:
    """Return a record of a sheet in binary form ([MS-XLSB] 2.1.4)."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return (
        head
        + bytes([len(data) & 127 | (128 if len(data) > 127 else 0), *([len(data) >> 7] if len(data) > 127 else [])])
        + data
    )


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_book(*cells: tuple[int, int, str], **parts: bytes) -> bytes:
    """Return a workbook in binary form, which claims that its sheet has four cells."""
    body = b"".join(
        record(0, struct.pack("<I", row) + bytes(13)) + record(6, struct.pack("<II", column, 0) + wide(text))
        for row, column, text in cells
    )
    sheet = record(129) + record(148, struct.pack("<4I", 0, 1, 0, 1)) + record(145) + body + record(146) + record(130)
    main = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("a") + wide("名簿")) + record(144)
    files = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(a="officeDocument|xl/workbook.bin").encode(),
        "xl/workbook.bin": main + record(157, bytes(9)) + record(132),
        "xl/_rels/workbook.bin.rels": relations(a="worksheet|worksheets/sheet1.bin").encode(),
        "xl/worksheets/sheet1.bin": sheet,
        **parts,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_a_sheet_in_binary_form_is_read_under_its_cells() -> None:
    document = read(binary_book((0, 0, "氏名"), (1, 1, "山田")), "a.xlsb")
    assert place(document, "山田") == "名簿!B2"
    assert document.unchecked == ()


def test_a_far_value_in_binary_form_is_unchecked_whatever_the_sheet_claims() -> None:
    document = read(binary_book((0, 0, "氏名"), (1_048_575, 16_383, "山田")), "a.xlsb")
    assert any("広すぎる" in note.reason for note in document.unchecked)


def test_what_a_workbook_in_binary_form_holds_beside_its_cells_is_unchecked() -> None:
    document = read(binary_book((0, 0, "氏名"), **{"xl/comments1.bin": record(637, wide("要確認"))}), "a.xlsb")
    assert any("コメント" in note.reason for note in document.unchecked)


@pytest.mark.parametrize("part", ["_rels__styles.xml.rels", "docProps__core.xml", "xl__other.xml"])
def test_cells_outside_the_folder_of_the_sheets_are_unchecked(part: str) -> None:
    stray = f"<worksheet {MAIN}>{rows((1, {'A': '堀内'}))}</worksheet>"
    document = read(book(rows((1, {"A": "名簿の清水"})), **{part.replace(".xml", "_dot_xml"): stray}))
    assert place(document, "清水") == "名簿!A1"
    assert [each.label for each in document.unchecked] == [part.replace("__", "/")]


def test_a_sheet_whose_part_is_none_is_unchecked() -> None:
    document = read(book("", xl__worksheets__sheet1_dot_xml=relations(a="styles|styles.xml")))
    assert [each.label for each in document.unchecked] == ["名簿"]


def test_texts_of_cells_in_a_part_that_is_none_of_texts_are_unchecked() -> None:
    cells = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
    assert read(book(cells, xl__sharedStrings_dot_xml=f"<styleSheet {MAIN}/>")).unchecked


def test_shared_texts_that_no_cell_shows_are_aside() -> None:
    cells = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
    texts = f"<sst {MAIN}><si><t>名簿の清水</t></si><si><t>消した堀内</t></si></sst>"
    document = read(book(cells, xl__sharedStrings_dot_xml=texts))
    assert place(document, "清水") == "名簿!A1"
    assert place(document, "堀内") == "セルに表示されない文字列"
    assert next(each for each in document.segments if "堀内" in each.source).aside


def test_a_cell_of_two_values_is_unchecked() -> None:
    assert read(book('<sheetData><row r="1"><c r="A1"><v>1</v><v>2</v></c></row></sheetData>')).unchecked
