"""A statement goes into a file where its format has text, and every byte that is not the statement's stays."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard.attribution import Declared
from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.errors import ReadError, UsageError
from aiguard.model import Config, Use
from aiguard.readers import read_bytes
from aiguard.writers.statement import At, insert, replace, state
from aiguard.writers.xml_part import NoPlace
from aiguard.writers.zipsplice import replaced

STATEMENT = "【ChatGPT】により作成"
CHECKER = prepare(Config(), Use.DOCUMENT, declared=Declared(("ChatGPT",), used=True))
TRANSITIONAL = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
STRICT = {
    "w": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "s": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "p": "http://purl.oclc.org/ooxml/presentationml/main",
    "a": "http://purl.oclc.org/ooxml/drawingml/main",
    "r": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
TYPES = f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'


def pack(files: dict[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def status(data: bytes, name: str) -> str:
    report = report_document(read_bytes(data, name, Use.DOCUMENT), CHECKER)
    assert report.attribution is not None
    return report.attribution.status


def relations(space: str, targets: dict[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{space}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def word(
    body: str, spaces: dict[str, str] = TRANSITIONAL, more: dict[str, str | bytes] | None = None, **targets: str
) -> bytes:
    """Return a document; `targets` are the parts its main part points at, by names without their suffix."""
    return pack(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(spaces["r"], {"word/document.xml": "officeDocument"}),
            "word/document.xml": body,
            "word/_rels/document.xml.rels": relations(
                spaces["r"], {f"{name}.xml": kind for name, kind in targets.items()}
            ),
            "word/vbaProject.bin": b"\0\1macro",
            "customXml/item1.xml": "<data xmlns='urn:x'>予算</data>",
            **(more or {}),
        }
    )


def document(inner: str, spaces: dict[str, str] = TRANSITIONAL) -> str:
    return f'{HEAD}<w:document xmlns:w="{spaces["w"]}" xmlns:r="{spaces["r"]}"><w:body>{inner}</w:body></w:document>'


PARAGRAPH = "<w:p><w:r><w:t>秋のお知らせです。</w:t></w:r></w:p>"
SECTION = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
SIGN = f'<w:p><w:r><w:t xml:space="preserve">{STATEMENT}</w:t></w:r></w:p>'


@pytest.mark.parametrize("spaces", [TRANSITIONAL, STRICT])
@pytest.mark.parametrize(
    ("at", "wanted"), [(At.END, PARAGRAPH + SIGN + SECTION), (At.START, SIGN + PARAGRAPH + SECTION)]
)
def test_a_document_gets_a_paragraph_before_its_last_section_and_keeps_every_other_part(
    spaces: dict[str, str], at: At, wanted: str
) -> None:
    data = word(document(PARAGRAPH + SECTION, spaces), spaces)
    done = insert(data, "a.docx", STATEMENT, at)
    before, after = members(data), members(done)
    assert after["word/document.xml"].decode() == document(wanted, spaces)
    assert {**after, "word/document.xml": b""} == {**before, "word/document.xml": b""}
    assert list(before) == list(after)
    assert status(done, "a.docx") == "ok"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (document(PARAGRAPH), document(PARAGRAPH + SIGN)),
        (document(""), document(SIGN)),
        (document("").replace("<w:body></w:body>", "<w:body />"), document("").replace("<w:body>", "<w:body >").replace("</w:body>", f"{SIGN}</w:body>")),
        (document(PARAGRAPH + "<!-- </w:body> <w:sectPr/> -->"), document(PARAGRAPH + "<!-- </w:body> <w:sectPr/> -->" + SIGN)),
        (document('<w:p><w:pPr><w:sectPr w:rsidR="a>b"/></w:pPr></w:p>'), document('<w:p><w:pPr><w:sectPr w:rsidR="a>b"/></w:pPr></w:p>' + SIGN)),
    ],
)  # fmt: skip
def test_the_end_of_a_body_is_found_whatever_stands_in_it(body: str, wanted: str) -> None:
    assert members(insert(word(body), "a.docx", STATEMENT))["word/document.xml"].decode() == wanted


def test_prefixes_are_those_of_the_document() -> None:
    for text in (
        f'<document xmlns="{TRANSITIONAL["w"]}"><body><p><r><t>秋</t></r></p></body></document>',
        f'<ns0:document xmlns:ns0="{TRANSITIONAL["w"]}"><ns0:body><ns0:p/></ns0:body></ns0:document>',
    ):
        done = insert(word(text), "a.docx", STATEMENT)
        prefix = "ns0:" if "ns0" in text else ""
        xml = f'<{prefix}p><{prefix}r><{prefix}t xml:space="preserve">{STATEMENT}</{prefix}t></{prefix}r></{prefix}p>'
        assert members(done)["word/document.xml"].decode() == text.replace(f"</{prefix}body>", f"{xml}</{prefix}body>")
        assert status(done, "a.docx") == "ok"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_part_keeps_its_mark_and_encoding(codec: str) -> None:
    declared = "utf-8" if codec == "utf-8-sig" else "utf-16"
    text = document(PARAGRAPH).replace("UTF-8", declared)
    done = insert(word(text, more={"word/document.xml": text.encode(codec)}), "a.docx", STATEMENT)
    assert members(done)["word/document.xml"] == text.replace("</w:body>", f"{SIGN}</w:body>").encode(codec)


def test_every_footer_that_a_section_names_gets_it() -> None:
    foot = f'<w:ftr xmlns:w="{TRANSITIONAL["w"]}"><w:p/></w:ftr>'
    reference = '<w:footerReference w:type="{}" r:id="rId{}"/>'
    body = document(
        f"<w:p><w:pPr><w:sectPr>{reference.format('default', 1)}</w:sectPr></w:pPr></w:p>{PARAGRAPH}"
        f"<w:sectPr>{reference.format('first', 2)}</w:sectPr>"
    )
    more: dict[str, str | bytes] = {f"word/footer{n}.xml": foot for n in (1, 2, 3)}
    data = word(body, more=more, footer1="footer", footer2="footer", footer3="footer")
    done = insert(data, "a.docx", STATEMENT, At.FOOTER)
    changed = {name for name, content in members(done).items() if content != members(data)[name]}
    assert changed == {"word/footer1.xml", "word/footer2.xml"}
    assert members(done)["word/footer1.xml"].decode() == foot.replace("</w:ftr>", f"{SIGN}</w:ftr>")
    assert status(done, "a.docx") == "ok"


@pytest.mark.parametrize("spaces", [TRANSITIONAL, STRICT])
@pytest.mark.parametrize("related", [True, False])
def test_a_document_without_footers_gets_one_for_each_kind_of_page(spaces: dict[str, str], *, related: bool) -> None:
    section = SECTION.replace("</w:sectPr>", "<w:titlePg/></w:sectPr>")
    settings = f'<w:settings xmlns:w="{spaces["w"]}"><w:evenAndOddHeaders/></w:settings>'
    data = word(document(PARAGRAPH + section, spaces), spaces, {"word/settings.xml": settings}, styles="styles")
    if not related:
        data = pack({name: content for name, content in members(data).items() if "document.xml.rels" not in name})
    done = insert(data, "a.docx", STATEMENT, At.FOOTER)
    after = members(done)
    assert {name for name in after if name.startswith("word/footer")} == {f"word/footer{n}.xml" for n in (1, 2, 3)}
    assert re.findall(r'w:type="(\w+)" r:id="(\w+)"', after["word/document.xml"].decode()) == [
        (kind, f"rId{n + related}") for n, kind in enumerate(("default", "first", "even"), 1)
    ]
    assert after["word/_rels/document.xml.rels"].decode().count(f'Type="{spaces["r"]}/footer"') == 3
    assert after["[Content_Types].xml"].decode().count("wordprocessingml.footer+xml") == 3
    changed = {name for name, content in members(data).items() if after[name] != content}
    assert changed <= {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert status(done, "a.docx") == "ok"


def book(sheet: str, spaces: dict[str, str] = TRANSITIONAL, more: dict[str, str | bytes] | None = None) -> bytes:
    """Return a workbook whose first sheet is hidden and whose second is `sheet`."""
    hidden = f'<worksheet xmlns="{spaces["s"]}"><sheetData/></worksheet>'
    return pack(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(spaces["r"], {"xl/workbook.xml": "officeDocument"}),
            "xl/workbook.xml": f'{HEAD}<workbook xmlns="{spaces["s"]}" xmlns:r="{spaces["r"]}"><sheets><sheet name="控え" sheetId="1" state="hidden" '
            'r:id="rId1"/><sheet name="表" sheetId="2" r:id="rId2"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations(
                spaces["r"], {"worksheets/sheet1.xml": "worksheet", "worksheets/sheet2.xml": "worksheet"}
            ),
            "xl/worksheets/sheet1.xml": hidden,
            "xl/worksheets/sheet2.xml": f'{HEAD}<worksheet xmlns="{spaces["s"]}">{sheet}</worksheet>',
            **(more or {}),
        }
    )


def sheet_of(data: bytes) -> str:
    text = members(data)["xl/worksheets/sheet2.xml"].decode()
    return text[text.index(">", text.index("<worksheet")) + 1 : text.rindex("</worksheet>")]


def cell(place: str, more: str = "") -> str:
    return f'<c r="{place}"{more} t="inlineStr"><is><t>{STATEMENT}</t></is></c>'


VALUE = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("sheet", "wanted"),
    [
        (f"<sheetData>{VALUE.format(3)}</sheetData>", f'<sheetData>{VALUE.format(3)}<row r="4">{cell("A4")}</row></sheetData>'),
        ("<sheetData/>", f'<sheetData><row r="1">{cell("A1")}</row></sheetData>'),
        (f'<dimension ref="B2:C3"/><sheetData>{VALUE.format(3)}</sheetData>',
         f'<dimension ref="A2:C4"/><sheetData>{VALUE.format(3)}<row r="4">{cell("A4")}</row></sheetData>'),
        # A row that is there and empty takes it, with the style of its cell.
        (f'<sheetData>{VALUE.format(1)}<row r="2" ht="9"><c r="A2" s="5"/><c r="B2"/></row><row r="1048576"/></sheetData>',
         f'<sheetData>{VALUE.format(1)}<row r="2" ht="9">{cell("A2", chr(32) + chr(115) + "=" + chr(34) + "5" + chr(34))}<c r="B2"/></row><row r="1048576"/></sheetData>'),
        (f'<sheetData>{VALUE.format(1)}<row r="2"/><row r="9"/></sheetData>', f'<sheetData>{VALUE.format(1)}<row r="2">{cell("A2")}</row><row r="9"/></sheetData>'),
        # Nobody sees a hidden row, a hidden column, or what is under a merged cell.
        (f'<sheetData>{VALUE.format(1)}<row r="2" hidden="1"/><row r="9"/></sheetData>',
         f'<sheetData>{VALUE.format(1)}<row r="2" hidden="1"/><row r="3">{cell("A3")}</row><row r="9"/></sheetData>'),
        (f'<cols><col min="1" max="2" hidden="1"/></cols><sheetData>{VALUE.format(1)}</sheetData>',
         f'<cols><col min="1" max="2" hidden="1"/></cols><sheetData>{VALUE.format(1)}<row r="2">{cell("C2")}</row></sheetData>'),
        (f'<sheetData>{VALUE.format(1)}</sheetData><mergeCells><mergeCell ref="A1:B4"/></mergeCells>',
         f'<sheetData>{VALUE.format(1)}<row r="5">{cell("A5")}</row></sheetData><mergeCells><mergeCell ref="A1:B4"/></mergeCells>'),
        # Places may be left out: they follow one another.
        ("<sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c></row></sheetData>",
         f'<sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c></row><row r="3">{cell("A3")}</row></sheetData>'),
    ],
)  # fmt: skip
def test_a_workbook_gets_it_in_the_first_free_row_of_the_sheet_that_is_shown(sheet: str, wanted: str) -> None:
    data = book(sheet)
    done = insert(data, "a.xlsx", STATEMENT)
    assert sheet_of(done) == wanted
    assert {name for name, content in members(done).items() if content != members(data)[name]} == {
        "xl/worksheets/sheet2.xml"
    }
    assert status(done, "a.xlsx") == "ok"


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["", "v", "s", "hidden"])), max_size=12))
def test_a_large_sheet_is_read_from_its_last_value_as_it_is_from_its_first(rows: list[tuple[int, str]]) -> None:
    number, text = 0, ""
    for step, kind in rows:
        number += step
        held = {"v": "<v>1</v>", "s": "", "hidden": ""}.get(kind)
        cells = "" if held is None else f'<c r="A{number}" s="2">{held}</c><c r="C{number}"/>'
        text += f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if kind == "hidden" else ""}>{cells}</row>'
    sheet = f'<dimension ref="A1:C9"/><sheetData>{text}</sheetData>'
    done = sheet_of(insert(book(sheet), "a.xlsx", STATEMENT))
    # A comment makes the whole sheet be parsed.
    assert sheet_of(insert(book(f"{sheet}<!-- x -->"), "a.xlsx", STATEMENT)) == f"{done}<!-- x -->"


def test_a_table_and_a_strict_workbook_keep_their_room() -> None:
    sheet = f"<sheetData>{VALUE.format(1)}</sheetData>"
    more: dict[str, str | bytes] = {
        "xl/worksheets/_rels/sheet2.xml.rels": relations(STRICT["r"], {"../tables/table1.xml": "table"}),
        "xl/tables/table1.xml": f'<table xmlns="{STRICT["s"]}" ref="$A$1:$B$7"/>',
    }
    assert f'<row r="8">{cell("A8")}</row>' in sheet_of(insert(book(sheet, STRICT, more), "a.xlsx", STATEMENT))


@pytest.mark.parametrize(
    ("after", "at", "wanted"),
    [
        ('<pageMargins left="1"/><drawing/>', At.FOOTER, f'<pageMargins left="1"/><headerFooter><oddFooter>&amp;L{STATEMENT}</oddFooter></headerFooter><drawing/>'),
        ("", At.START, f"<headerFooter><oddHeader>&amp;L{STATEMENT}</oddHeader></headerFooter>"),
        ("<headerFooter><oddFooter>&amp;L左&amp;C中&amp;P</oddFooter></headerFooter>", At.FOOTER,
         f"<headerFooter><oddFooter>&amp;L左 {STATEMENT}&amp;C中&amp;P</oddFooter></headerFooter>"),
        ("<headerFooter><oddFooter>頁&amp;P</oddFooter></headerFooter>", At.FOOTER, f"<headerFooter><oddFooter>&amp;L{STATEMENT}&amp;C頁&amp;P</oddFooter></headerFooter>"),
        ('<headerFooter differentFirst="1"><oddHeader>x</oddHeader><firstHeader/></headerFooter>', At.FOOTER,
         f'<headerFooter differentFirst="1"><oddHeader>x</oddHeader><oddFooter>&amp;L{STATEMENT}</oddFooter><firstHeader/><firstFooter>&amp;L{STATEMENT}</firstFooter></headerFooter>'),
        ("<headerFooter/>", At.FOOTER, f"<headerFooter><oddFooter>&amp;L{STATEMENT}</oddFooter></headerFooter>"),
    ],
)  # fmt: skip
def test_a_workbook_prints_it(after: str, at: At, wanted: str) -> None:
    sheet = f"<sheetData>{VALUE.format(1)}</sheetData>"
    done = insert(book(sheet + after), "a.xlsx", STATEMENT, at)
    assert sheet_of(done) == sheet + wanted
    assert status(done, "a.xlsx") == "ok"


def test_a_footer_that_would_be_too_long_and_a_book_of_hidden_sheets_have_no_room() -> None:
    sheet = f"<sheetData/><headerFooter><oddFooter>{'長' * 250}</oddFooter></headerFooter>"
    with pytest.raises(NoPlace):
        insert(book(sheet), "a.xlsx", STATEMENT, At.FOOTER)
    hidden = {name: content.replace(b'name="\xe8\xa1\xa8"', b'name="x" state="veryHidden"') for name, content in members(book("<sheetData/>")).items()}  # fmt: skip
    with pytest.raises(NoPlace):
        insert(pack(dict(hidden)), "a.xlsx", STATEMENT)


def show(spaces: dict[str, str] = TRANSITIONAL, declared: str = "xmlns:a") -> bytes:
    """Return three slides in an order that their names do not say; the last is hidden, the first ends in an extension."""
    slide = (
        f'{HEAD}<p:sld xmlns:p="{spaces["p"]}" {declared}="{spaces["a"]}"{{0}}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="7" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
        "</p:nvGrpSpPr><p:grpSpPr/>{1}</p:spTree></p:cSld></p:sld>"
    )
    kinds = {f"slides/slide{n}.xml": "slide" for n in (1, 2, 3)}
    return pack(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(spaces["r"], {"ppt/presentation.xml": "officeDocument"}),
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{spaces["p"]}" xmlns:r="{spaces["r"]}"><p:sldIdLst><p:sldId id="256" r:id="rId2"/>'
            '<p:sldId id="257" r:id="rId1"/><p:sldId id="258" r:id="rId3"/></p:sldIdLst><p:sldSz cx="4000" cy="1000"/></p:presentation>',
            "ppt/_rels/presentation.xml.rels": relations(spaces["r"], kinds),
            "ppt/slides/slide1.xml": slide.format("", "<p:extLst/>"),
            "ppt/slides/slide2.xml": slide.format("", ""),
            "ppt/slides/slide3.xml": slide.format(' show="0"', ""),
        }
    )


@pytest.mark.parametrize("spaces", [TRANSITIONAL, STRICT])
@pytest.mark.parametrize("declared", ["xmlns:a", "xmlns:d", "xmlns:none"])
@pytest.mark.parametrize(("at", "wanted"), [(At.END, {1}), (At.START, {2}), (At.FOOTER, {1, 2})])
def test_slides_that_are_shown_get_a_box_at_their_foot(
    spaces: dict[str, str], declared: str, at: At, wanted: set[int]
) -> None:
    data = show({**spaces, "a": "urn:other"} if declared == "xmlns:none" else spaces, declared)
    done = insert(data, "a.pptx", STATEMENT, at)
    before, after = members(data), members(done)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f"ppt/slides/slide{n}.xml" for n in wanted}
    for name in changed:
        text = after[name].decode()
        box = text[text.index("<p:sp>") if "<p:sp>" in text else text.index("<p:sp ") : text.index("</p:sp>") + 7]
        assert text.replace(box, "") == before[name].decode()
        assert 'id="8"' in box
        assert 'y="930"' in box
        assert text.endswith(f"{box}{'<p:extLst/>' if '1' in name else ''}</p:spTree></p:cSld></p:sld>")
    assert status(done, "a.pptx") == "ok"


OPEN = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'


def text_document(body: str, masters: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {OPEN}><office:body>{body}</office:body></office:document-content>",
        )
        archive.writestr(
            "styles.xml",
            f"<office:document-styles {OPEN}><office:master-styles>{masters}</office:master-styles></office:document-styles>",
        )
    return held.getvalue()


P = f"<text:p>{STATEMENT}</text:p>"
ROWS = "<text:sequence-decls><text:sequence-decl/></text:sequence-decls>"


@pytest.mark.parametrize(
    ("body", "at", "wanted"),
    [
        ("<office:text><text:p>秋</text:p></office:text>", At.END, f"<office:text><text:p>秋</text:p>{P}</office:text>"),
        (f"<office:text>{ROWS}<text:p>秋</text:p></office:text>", At.START, f"<office:text>{ROWS}{P}<text:p>秋</text:p></office:text>"),
        ("<office:text><text:p>秋</text:p></office:text>", At.START, f"<office:text>{P}<text:p>秋</text:p></office:text>"),
        ("<office:text/>", At.END, f"<office:text>{P}</office:text>"),
    ],
)  # fmt: skip
def test_a_text_document_gets_a_paragraph(body: str, at: At, wanted: str) -> None:
    data = text_document(body)
    done = insert(data, "a.odt", STATEMENT, at)
    assert wanted in members(done)["content.xml"].decode()
    assert done[: done.index(b"content.xml") - 30] == data[: data.index(b"content.xml") - 30]
    assert status(done, "a.odt") == "ok"


@pytest.mark.parametrize(
    ("masters", "wanted"),
    [
        ('<style:master-page style:name="M"><style:footer><text:p/></style:footer></style:master-page>',
         f'<style:master-page style:name="M"><style:footer><text:p/>{P}</style:footer></style:master-page>'),
        ('<style:master-page style:name="M"><style:header/></style:master-page><style:master-page style:name="N"/>',
         f'<style:master-page style:name="M"><style:header/><style:footer>{P}</style:footer></style:master-page><style:master-page style:name="N"/>'),
        ('<style:master-page style:name="M"/>', f'<style:master-page style:name="M"><style:footer>{P}</style:footer></style:master-page>'),
    ],
)  # fmt: skip
def test_the_pages_of_a_text_document_get_it_in_their_footers(masters: str, wanted: str) -> None:
    data = text_document("<office:text><text:p>秋</text:p></office:text>", masters)
    done = insert(data, "a.odt", STATEMENT, At.FOOTER)
    assert members(done)["styles.xml"].decode() == members(data)["styles.xml"].decode().replace(masters, wanted)
    assert status(done, "a.odt") == "ok"


def test_what_is_signed_has_no_room_and_what_is_damaged_or_locked_is_not_written() -> None:
    signed = word(document(PARAGRAPH), more={"_xmlsignatures/origin.sigs": b""})
    done = state(signed, Path("a.docx"), STATEMENT, "end")
    assert "署名" in done.reason
    assert STATEMENT in done.beside
    for damaged in (
        word(document(PARAGRAPH).replace("</w:body>", "")),
        word(f'<!DOCTYPE x [<!ENTITY y "z">]>{document(PARAGRAPH).removeprefix(HEAD)}'),
    ):
        with pytest.raises(ReadError) as error:
            insert(damaged, "a.docx", STATEMENT)
        assert not isinstance(error.value, NoPlace)
    locked = bytearray(word(document(PARAGRAPH)))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = locked.rindex(b"word/document.xml", 0, len(locked)) if at == 8 else locked.index(b"word/document.xml")
        locked[locked.rindex(mark, 0, place) + at] |= 1
    with pytest.raises(ReadError):
        insert(bytes(locked), "a.docx", STATEMENT)


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.rtf", "a.eml", "a.tsv", "a.log", "a.py"])
def test_other_formats_have_a_file_beside_them(name: str) -> None:
    data = rb"{\rtf1 abc}" if name == "a.rtf" else "項目,内容\n秋,お知らせ\n".encode()
    done = state(data, Path(name), STATEMENT, "end")
    assert done.beside == f"{name} の生成AI利用の明示\n{STATEMENT}\n"
    assert status(done.beside.encode(), f"{name}.attribution.txt") == "ok"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "iso2022_jp"])
@pytest.mark.parametrize("line", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("tail", ["", "{}", "{}{}", "  {}"])
def test_a_text_keeps_encoding_breaks_and_its_end(codec: str, line: str, tail: str) -> None:
    body, end = f"秋のお知らせです。{line}本文はここに書いてあります。", tail.replace("{}", line)
    data = (body + end).encode(codec)
    assert insert(data, "a.txt", STATEMENT) == (body + line + line + STATEMENT + end).encode(codec)
    assert insert(data, "a.txt", STATEMENT, At.START) == (STATEMENT + line + line + body + end).encode(codec)


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "iso2022_jp"])
def test_bytes_that_python_would_write_otherwise_stay(codec: str) -> None:
    # NEC's selection of IBM's letters reads like IBM's own, which is how Python would write it.
    odd = {"cp932": b"\xed\x40\xfa\x40", "euc_jp": b"\xad\xa1\xfc\xf1", "iso2022_jp": b"\x1b$B-!\x1b(B"}[codec]
    data = "秋のお知らせです。本文".encode(codec) + odd + "\n次の行もあります。\n".encode(codec)
    done = insert(data, "a.txt", STATEMENT)
    assert done == data[:-1] + ("\n\n" + STATEMENT + "\n").encode(codec)


def test_an_encoding_that_lacks_a_letter_is_said_and_a_page_refers_to_it() -> None:
    with pytest.raises(UsageError) as error:
        insert("秋のお知らせです。\n".encode("cp932"), "a.txt", "【Ünï】により作成")
    assert "UTF-8" in error.value.hint
    page = '<html><head><meta charset="shift_jis"></head><body><p>秋</p></body></html>'.encode("cp932")
    assert "<p>【&#220;n&#239;】により作成</p></body>" in insert(page, "a.html", "【Ünï】により作成").decode("cp932")


def test_a_statement_with_controls_is_refused() -> None:
    with pytest.raises(UsageError):
        insert("秋のお知らせです。".encode(), "a.txt", "【\x1b[2J】により作成")


@pytest.mark.parametrize(
    ("page", "at", "wanted"),
    [
        ("<body><p>秋</p><!-- </body> --></body>", At.END, "<body><p>秋</p><!-- </body> -->{}</body>"),
        ("<body><script>'</body>'</script><p>秋</p>\n", At.END, "<body><script>'</body>'</script><p>秋</p>{}\n"),
        ("<head><title><body></title></head><p>秋</p>", At.START, "<head><title><body></title></head>{}<p>秋</p>"),
        ("<!DOCTYPE html><p>秋</p>", At.START, "<!DOCTYPE html>{}<p>秋</p>"),
        ("<?xml version='1.0'?><html><p>秋</p></html>", At.START, "<?xml version='1.0'?><html>{}<p>秋</p></html>"),
        ("<body><p>秋</p><footer>市</footer></body>", At.FOOTER, "<body><p>秋</p><footer>市{}</footer></body>"),
        ("<BODY title='>'><p>秋</p></BODY >", At.START, "<BODY title='>'>{}<p>秋</p></BODY >"),
    ],
)
def test_a_page_gets_a_paragraph_where_a_browser_shows_it(page: str, at: At, wanted: str) -> None:
    done = insert(page.encode(), "a.html", STATEMENT, at)
    assert done.decode() == wanted.format(f"<p>{STATEMENT}</p>")
    assert status(done, "a.html") == "ok"


def test_a_wrong_statement_of_a_page_is_replaced_in_its_source_only_where_it_is_once_in_one_piece() -> None:
    old = "ChatGPTにより作成"
    page = f"<body><p>秋</p><p>{old}</p></body>".encode()
    assert replace(page, "a.html", STATEMENT, old, None) == page.replace(old.encode(), STATEMENT.encode())
    for held in (f"<p>{old}</p><p>{old}</p>", "<p>ChatGPT<b>により作成</b></p>", f'<p title="{old}">秋</p>'):
        assert replace(held.encode(), "a.html", STATEMENT, old, None) is None


@pytest.mark.parametrize("noise", ["<!--", "<script>", "<body ", "<html a='", "<!doctype ", "</body", "<body '"])
def test_a_page_of_tags_left_open_is_read_once(noise: str) -> None:
    data = (noise * 100_000).encode()
    for at in At:
        assert len(insert(data, "a.html", STATEMENT, at)) == len(data) + len(f"<p>{STATEMENT}</p>".encode())


def _refuse(*_: object) -> int:
    raise OSError


def with_descriptors(files: dict[str, bytes]) -> bytes:
    """Pack as a stream does: sizes follow the bytes of each member."""
    held = io.BytesIO()
    held.seekable = lambda: False  # type: ignore[method-assign]
    held.seek = held.tell = _refuse  # type: ignore[method-assign]
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def with_wide_ends(data: bytes) -> bytes:
    """Return a package that says in its 64-bit end what its own end does not."""
    at = data.rindex(b"PK\5\6")
    count, size, start = struct.unpack_from("<HII", data, at + 10)
    wide = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, at, 1)
    end = b"PK\5\6" + struct.pack("<HHHHII", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF) + data[at + 20 :]
    return data[:at] + wide + locator + end


FILES = st.dictionaries(st.text("abc/é字", min_size=1, max_size=6), st.binary(max_size=90), min_size=1, max_size=6)


def raw(data: bytes, info: zipfile.ZipInfo, stop: int) -> bytes:
    return data[info.header_offset : stop]


@given(
    FILES,
    st.integers(0, 5),
    st.binary(max_size=60),
    st.booleans(),
    st.integers(0, 3),
    st.binary(max_size=20),
    st.binary(max_size=9),
)
def test_only_the_member_named_changes_and_the_rest_is_the_same_bytes(  # noqa: PLR0913, PLR0917 - a strategy each
    files: dict[str, bytes], number: int, content: bytes, stored: bool, kind: int, note: bytes, before: bytes  # noqa: FBT001
) -> None:  # fmt: skip
    packed = (
        with_descriptors(files)
        if kind == 1
        else pack(dict(files), zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    )
    data = with_wide_ends(packed) if kind == 2 else packed  # before anything stands in front
    note = note.replace(b"PK", b"")
    data = data[:-2] + struct.pack("<H", len(note)) + note
    data = before.replace(b"PK", b"") + data if kind == 3 else data
    name = sorted(files)[number % len(files)]
    done = replaced(data, {name: content}, {"新しい部品.xml": b"new"})
    assert members(done) == {**files, name: content, "新しい部品.xml": b"new"}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(done)) as new:
        assert new.namelist() == [*old.namelist(), "新しい部品.xml"]
        assert new.comment == old.comment == note
        stops = [*(info.header_offset for info in old.infolist()[1:]), old.start_dir]
        later = [info.header_offset for info in new.infolist()[1:]]
        for info, fresh, stop, end in zip(old.infolist(), new.infolist(), stops, later, strict=False):
            assert (info.date_time, info.compress_type, info.external_attr) == (
                fresh.date_time,
                fresh.compress_type,
                fresh.external_attr,
            )
            if info.filename != name:
                assert raw(data, info, stop) == raw(done, fresh, end)
    first = min(info.header_offset for info in old.infolist())
    assert done[:first] == data[:first]


def test_what_stands_between_members_and_the_first_of_two_of_a_name_stay() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a", b"first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"second")
        archive.writestr("b", b"other")
    data = held.getvalue()
    place = data.index(b"PK\3\4", data.index(b"second"))
    gap = b"between"
    at = data.rindex(b"PK\5\6")
    entry = data.rindex(b"PK\1\2", 0, at)
    moved = data[: entry + 42] + struct.pack("<I", place + len(gap)) + data[entry + 46 : at + 16]
    moved += struct.pack("<I", struct.unpack_from("<I", data, at + 16)[0] + len(gap)) + data[at + 20 :]
    moved = moved[:place] + gap + moved[place:]
    done = replaced(moved, {"a": b"changed"})
    with zipfile.ZipFile(io.BytesIO(done)) as archive:
        assert [archive.read(info) for info in archive.infolist()] == [b"first", b"changed", b"other"]
    assert b"changed" + gap + b"PK\3\4" in done


def test_a_member_that_is_not_there_or_there_already_is_refused() -> None:
    data = pack({"a": b"x"})
    with pytest.raises(ReadError):
        replaced(data, {"b": b"y"})
    with pytest.raises(ReadError):
        replaced(data, {}, {"a": b"y"})


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_package_with_a_wrong_byte_is_refused_or_read_right(at: int, byte: int) -> None:
    data = bytearray(pack({"a": b"x" * 50, "b": b"y" * 50}))
    data[at % len(data)] = byte
    try:
        done = replaced(bytes(data), {"a": b"z"})
    except ReadError:
        return
    with zipfile.ZipFile(io.BytesIO(done)) as archive:
        assert archive.read("a") == b"z"


@given(st.integers(0, 3_000), st.integers(0, 255))
def test_a_document_with_a_wrong_byte_raises_nothing_else(at: int, byte: int) -> None:
    data = bytearray(word(document(PARAGRAPH + SECTION)))
    data[at % len(data)] = byte
    for place in At:
        try:
            insert(bytes(data), "a.docx", STATEMENT, place)
        except (ReadError, UsageError):
            continue


def test_a_deep_and_a_large_part_end() -> None:
    deep = document("<w:sdt>" * 20_000 + "</w:sdt>" * 20_000)
    assert STATEMENT.encode() in members(insert(word(deep), "a.docx", STATEMENT))["word/document.xml"]
    rows = "".join(f'<row r="{n}"/>' for n in range(1, 100_000))
    assert cell("A1") in sheet_of(insert(book(f"<sheetData>{rows}</sheetData>"), "a.xlsx", STATEMENT))
