"""Write a small file of every format that holds values at known places, to be fuzzed."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, NamedTuple

from compound import message, workbook
from written import hexadecimal, package, packed, pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_KINDS = "application/vnd.openxmlformats-officedocument"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>'
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_R = f'xmlns:r="{_OFFICE}"'
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_O = " ".join(
    f'xmlns:{name}="{_ODF}{space}:1.0"'
    for name, space in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("meta", "meta"), ("presentation", "presentation"),
    )
)  # fmt: skip


class Seed(NamedTuple):
    """Hold a file, and the values in it, each with the bytes that stand for it where the file is no package."""

    name: str
    data: bytes
    values: dict[str, bytes]


def value(number: int) -> str:
    """Return a value that stands nowhere else."""
    return f"井上さくら{number:02}番"


def seeds() -> dict[str, Seed]:
    """Return a file for each format, by the format's name."""
    written: dict[str, Callable[[], tuple[bytes, dict[str, bytes]]]] = {
        "docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "odt": _odt, "ods": _ods, "odp": _odp, "pdf": _pdf,
        "html": _html, "eml": _eml, "rtf": _rtf, "zip": _zip, "xls": _xls, "msg": _msg,
    }  # fmt: skip
    return {kind: Seed(f"draft.{kind}", *write()) for kind, write in written.items()}


def _plain(count: int) -> dict[str, bytes]:
    return {value(number): value(number).encode() for number in range(count)}


def _types(**parts: str) -> str:
    """List the types of parts (ECMA-376 Part 2, 7.2.3), given as word__document="wordprocessingml.document.main"."""
    each = (
        f'<Override PartName="/{name.replace("__", "/")}.xml" ContentType="{_KINDS}.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{''.join(each)}</Types>"
    )


def _relations(*relations: tuple[str, str]) -> str:
    each = (
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(relations)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(each)}</Relationships>'


def _docx() -> tuple[bytes, dict[str, bytes]]:
    def p(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    row = f"<w:tr><w:tc>{p('氏名')}</w:tc><w:tc>{p(value(1))}</w:tc></w:tr>"
    body = f"{p(f'相談者は{value(0)}です。')}<w:tbl>{row}</w:tbl>{p(value(2))}<w:sectPr/>"
    parts = {
        "[Content_Types].xml": _types(
            word__document="wordprocessingml.document.main",
            word__header1="wordprocessingml.header",
            word__footnotes="wordprocessingml.footnotes",
            word__comments="wordprocessingml.comments",
        ),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            ("header", "header1.xml"), ("footnotes", "footnotes.xml"), ("comments", "comments.xml")
        ),
        "word/header1.xml": f"<w:hdr {_W}>{p(value(3))}</w:hdr>",
        "word/footnotes.xml": f'<w:footnotes {_W}><w:footnote w:id="1">{p(value(4))}</w:footnote></w:footnotes>',
        "word/comments.xml": f'<w:comments {_W}><w:comment w:id="0" w:author="部長">{p(value(5))}</w:comment></w:comments>',
        "docProps/core.xml": _CORE.format(value(6)),
    }
    return package(parts), _plain(7)


def _xlsx() -> tuple[bytes, dict[str, bytes]]:
    def sheet(*cells: str) -> str:
        rows = "".join(f'<row r="{n}">{cell}</row>' for n, cell in enumerate(cells, 1))
        return f"<worksheet {_X}><sheetData>{rows}</sheetData></worksheet>"

    parts = {
        "[Content_Types].xml": _types(
            xl__workbook="spreadsheetml.sheet.main",
            xl__worksheets__sheet1="spreadsheetml.worksheet",
            xl__worksheets__sheet2="spreadsheetml.worksheet",
            xl__sharedStrings="spreadsheetml.sharedStrings",
        ),
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {_X} {_R}><sheets><sheet name="名簿" sheetId="1" r:id="rId0"/>'
        '<sheet name="控え" sheetId="2" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"),
            ("worksheet", "worksheets/sheet2.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet(
            '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>',
            f'<c r="A2" t="inlineStr"><is><t>{value(2)}</t></is></c><c r="B2"><v>12</v></c>',
            f'<c r="A3" t="str"><f>A1</f><v>{value(3)}</v></c>',
        ),
        "xl/worksheets/sheet2.xml": sheet(f'<c r="A1" t="inlineStr"><is><t>{value(4)}</t></is></c>'),
        "xl/sharedStrings.xml": f"<sst {_X}><si><t>{value(0)}</t></si><si><t>{value(1)}</t></si></sst>",
        "docProps/core.xml": _CORE.format(value(5)),
    }
    return package(parts), _plain(6)


def _pptx() -> tuple[bytes, dict[str, bytes]]:
    def slide(root: str, *texts: str) -> str:
        shapes = "".join(
            f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="題"/><p:nvPr/></p:nvSpPr>'
            f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
            for text in texts
        )
        return f"<p:{root} {_P}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:{root}>"

    parts = {
        "[Content_Types].xml": _types(
            ppt__presentation="presentationml.presentation.main",
            ppt__slides__slide1="presentationml.slide",
            ppt__slides__slide2="presentationml.slide",
            ppt__notesSlides__notesSlide1="presentationml.notesSlide",
        ),
        "_rels/.rels": _relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation {_P} {_R}><p:sldIdLst><p:sldId id="256" r:id="rId0"/>'
        '<p:sldId id="257" r:id="rId1"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": _relations(("slide", "slides/slide1.xml"), ("slide", "slides/slide2.xml")),
        "ppt/slides/slide1.xml": slide("sld", value(0), f"担当は{value(1)}"),
        "ppt/slides/_rels/slide1.xml.rels": _relations(("notesSlide", "../notesSlides/notesSlide1.xml")),
        "ppt/slides/slide2.xml": slide("sld", value(2)),
        "ppt/notesSlides/notesSlide1.xml": slide("notes", value(3)),
        "docProps/core.xml": _CORE.format(value(4)),
    }
    return package(parts), _plain(5)


def _open_document(kind: str, body: str, number: int) -> tuple[bytes, dict[str, bytes]]:
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    meta = (
        f'<office:meta><dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">{value(number)}</dc:title></office:meta>'
    )
    header = f"<style:header><text:p>{value(number + 1)}</text:p></style:header>" if kind == "text" else ""
    master = f'<office:master-styles><style:master-page style:name="標準">{header}</style:master-page></office:master-styles>'
    parts = {
        "mimetype": mimetype,
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{mimetype}"/></manifest:manifest>',
        "content.xml": f"<office:document-content {_O}><office:body>{body}</office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_O}>{master}</office:document-styles>",
        "meta.xml": f"<office:document-meta {_O}>{meta}</office:document-meta>",
    }
    return package(parts), _plain(number + 1 + bool(header))


def _table(first: int, name: str = "名簿") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in ("氏名", value(first))
    )
    return f'<table:table table:name="{name}"><table:table-row>{cells}</table:table-row></table:table>'


def _odt() -> tuple[bytes, dict[str, bytes]]:
    body = f"<text:h>{value(0)}</text:h><text:p>相談者は<text:span>{value(1)}</text:span>です。</text:p>{_table(2)}"
    return _open_document("text", f"<office:text>{body}</office:text>", 3)


def _ods() -> tuple[bytes, dict[str, bytes]]:
    body = f"<office:spreadsheet>{_table(0)}{_table(1, '控え')}</office:spreadsheet>"
    return _open_document("spreadsheet", body, 2)


def _odp() -> tuple[bytes, dict[str, bytes]]:
    def page(name: str, first: int) -> str:
        box = f"<draw:frame><draw:text-box><text:p>{value(first)}</text:p></draw:text-box></draw:frame>"
        notes = box.replace(value(first), value(first + 1))
        return f'<draw:page draw:name="{name}">{box}<presentation:notes>{notes}</presentation:notes></draw:page>'

    return _open_document(
        "presentation", f"<office:presentation>{page('一', 0)}{page('二', 2)}</office:presentation>", 4
    )


def _pdf() -> tuple[bytes, dict[str, bytes]]:
    pages = [["相談記録", f"相談者は{value(0)}です。", "次回は四月です。"], [value(1), "以上"]]
    return pdf(pages, value(2), value(3)), {value(n): hexadecimal(value(n)) for n in range(4)}


def _html() -> tuple[bytes, dict[str, bytes]]:
    page = (
        f'<!DOCTYPE html>\n<html lang="ja"><head><meta charset="utf-8"><title>{value(0)}</title>'
        f"<style>p {{ margin: 0 }}</style></head>\n<body><h1>相談記録</h1>\n<p>相談者は<b>{value(1)}</b>です。</p>\n"
        f"<table><tr><th>氏名</th><td>{value(2)}</td></tr></table>\n<!-- 下書き -->\n<ul><li>{value(3)}</li></ul>"
        f"<script>var a = 1;</script><p>{value(4)}</p></body></html>\n"
    )
    return page.encode(), _plain(5)


def _eml() -> tuple[bytes, dict[str, bytes]]:
    def folded(text: str) -> bytes:
        return b64encode(text.encode())

    def escaped(text: str) -> bytes:
        return "".join(f"={byte:02X}" for byte in text.encode()).encode()

    values = {
        value(0): folded(value(0)), value(1): value(1).encode(), value(2): folded(value(2)), value(3): escaped(value(3)),
        value(4): folded(value(4)),
    }  # fmt: skip
    lines = (
        b"From: =?UTF-8?B?%s?= <soudan@example.lg.jp>" % values[value(0)], b"To: kacho@example.lg.jp",
        b"Subject: =?UTF-8?B?%s?=" % values[value(2)], b"Date: Wed, 1 Apr 2026 09:00:00 +0900", b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="kugiri"', b"", b"--kugiri",
        b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit", b"", values[value(1)], b"",
        b"--kugiri", b"Content-Type: text/html; charset=utf-8", b"Content-Transfer-Encoding: quoted-printable", b"",
        b"<p>%s</p>" % values[value(3)], b"", b"--kugiri", b'Content-Type: text/plain; charset=utf-8; name="memo.txt"',
        b'Content-Disposition: attachment; filename="memo.txt"', b"Content-Transfer-Encoding: base64", b"",
        values[value(4)], b"", b"--kugiri--", b"",
    )  # fmt: skip
    return b"\r\n".join(lines), values


def _rtf() -> tuple[bytes, dict[str, bytes]]:
    def bytewise(text: str) -> bytes:
        return "".join(f"\\'{byte:02x}" for byte in text.encode("cp932")).encode()

    def pointwise(text: str) -> bytes:
        return "".join(f"\\u{ord(letter)}?" for letter in text).encode()

    values = {value(n): bytewise(value(n)) if n % 2 else pointwise(value(n)) for n in range(5)}
    in_header, in_text, in_bold, in_cell, in_title = values.values()
    data = (
        rb"{\rtf1\ansi\ansicpg932\deff0{\fonttbl{\f0\fnil\fcharset128 Gothic;}}{\info{\title " + in_title + rb"}}"
        rb"{\header\pard " + in_header + rb"\par}" + b"\n"
        rb"\pard\f0\fs21 " + in_text + rb"{\b " + in_bold + rb"}\par" + b"\n"
        rb"\trowd\cellx2000\cellx4000\intbl a\cell " + in_cell + rb"\cell\row\pard\par}" + b"\n"
    )
    return data, values


def _zip() -> tuple[bytes, dict[str, bytes]]:
    members: Iterable[tuple[str, bytes]] = (
        ("memo.txt", f"相談者は{value(7)}です。\n".encode()),
        ("list/names.csv", f"氏名,区分\n{value(8)},窓口\n".encode()),
        ("draft.docx", _docx()[0]),
        ("inner.zip", packed([("memo.txt", value(9).encode())])),
    )
    return packed(members), _plain(10)


def _wide(count: int) -> dict[str, bytes]:
    return {value(number): value(number).encode("utf-16-le") for number in range(count)}


def _xls() -> tuple[bytes, dict[str, bytes]]:
    return workbook("名簿", [["氏名", value(0)], [value(1), "窓口"], ["控え", value(2)]]), _wide(3)


def _msg() -> tuple[bytes, dict[str, bytes]]:
    subject, body, sender, receiver = value(0), f"相談者は{value(1)}です。\r\n" * 3, value(2), value(3)
    held = {0x001A: "IPM.Note", 0x0037: subject, 0x0C1A: sender, 0x0E04: receiver, 0x1000: body}
    return message(held), _wide(4)
