"""No document breaks the readers, keeps them for ever, or passes for clean because it could not be read."""

from __future__ import annotations

import io
import itertools
import time
from email.message import EmailMessage
from random import Random
from zipfile import ZipFile

import pytest
from fuzz import judge
from fuzzed import mutant
from judged import lost, standing
from planted import seeds, value
from written import packed

from aiguard.model import Document, Limits, Unchecked, Use
from aiguard.readers import read_bytes
from aiguard.readers.refusals import REFUSALS

SEEDS = seeds()
KINDS = list(SEEDS)
# The part of each package that holds most of its text, and an element of it that may hold others like itself.
MAIN = {
    "docx": ("word/document.xml", "w:p"),
    "xlsx": ("xl/worksheets/sheet1.xml", "row"),
    "pptx": ("ppt/slides/slide1.xml", "p:sp"),
    "odt": ("content.xml", "text:span"),
    "ods": ("content.xml", "table:table-row"),
    "odp": ("content.xml", "draw:g"),
}
PACKAGES = list(MAIN)
SMALL = Limits(unpacked=2_000_000, members=200, depth=4, cells=10_000, pages=50, seconds=5)
PATIENCE = 15  # seconds on a busy computer; what hangs takes longer
OUTSIDE = "root:x:0:0"  # how /etc/passwd begins
SUFFIXES = sorted({*REFUSALS, *(f".{kind}" for kind in KINDS), ".txt", ".csv", ".json", ".xml", ".png", ".jpg", ".mht"})
MAGIC = {
    "zip": b"PK\3\4",
    "ole": bytes.fromhex("d0cf11e0a1b11ae1"),
    "pdf": b"%PDF-1.7\n",
    "rtf": b"{\\rtf1",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff\xe1",
    "tiff": b"II*\0",
    "webp": b"RIFF\x10\0\0\0WEBP",
    "heic": b"\0\0\0\x18ftypheic",
}


def check(data: bytes, name: str, limits: Limits = SMALL) -> Document:
    """Read a file in no long time, to text or to a reason why there is none."""
    begin = time.monotonic()
    document = read_bytes(data, name, Use.PROMPT, limits)
    assert time.monotonic() - begin < PATIENCE
    assert document.segments or document.unchecked or not data
    assert all(each.reason for each in document.unchecked)
    return document


def text(document: Document) -> str:
    return "\n".join(segment.source for segment in document.segments)


def changed(kind: str, **parts: bytes) -> bytes:
    """Replace the main part of a seed (`main`), or add parts by their names."""
    with ZipFile(io.BytesIO(SEEDS[kind].data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members |= {MAIN[kind][0] if name == "main" else name: content for name, content in parts.items()}
    return packed(members.items())


def main(kind: str) -> bytes:
    with ZipFile(io.BytesIO(SEEDS[kind].data)) as archive:
        part: bytes = archive.read(MAIN[kind][0])
    return part


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_an_undamaged_file_is_found(kind: str) -> None:
    seed = SEEDS[kind]
    document = check(seed.data, seed.name)
    assert [each for each in seed.values if each not in text(document)] == []
    assert document.unchecked == ()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_of_no_bytes_and_one_of_zeros_are_no_trouble(suffix: str) -> None:
    check(b"", f"empty{suffix}")
    assert check(bytes(5_000), f"zeros{suffix}").unchecked


@pytest.mark.parametrize("kind", KINDS)
def test_a_truncated_file_is_read_as_far_as_it_goes_or_unchecked(kind: str) -> None:
    seed = SEEDS[kind]
    for end in range(1, len(seed.data), max(1, len(seed.data) // 60)):
        data = seed.data[:end]
        document = read_bytes(data, seed.name, Use.PROMPT, SMALL)
        assert lost(seed, data, document) == [], end
        # The head of a page or a mail that nothing follows says nothing.
        assert document.segments or document.unchecked or not standing(seed, data), end


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in {*PACKAGES, "pdf", "zip"}])
def test_half_of_a_file_is_unchecked(kind: str) -> None:
    data = SEEDS[kind].data
    assert check(data[: len(data) // 2], SEEDS[kind].name).unchecked


@pytest.mark.parametrize("magic", MAGIC)
def test_rubbish_behind_the_first_bytes_of_a_format_is_unchecked(magic: str) -> None:
    for size in (0, 3, 60, 5_000):
        rubbish = Random(size).randbytes(size)  # noqa: S311 - the same each time
        for suffix in (".docx", ".xls", ".pdf", ".txt", ".msg", ".eml"):
            check(MAGIC[magic] + rubbish, f"a{suffix}")
    assert check(MAGIC[magic] + bytes(5_000), "a.bin").unchecked


@pytest.mark.parametrize("kind", KINDS)
def test_no_time_is_said_to_be_the_reason(kind: str) -> None:
    seed = SEEDS[kind]
    document = check(seed.data, seed.name, Limits(seconds=0))
    assert lost(seed, seed.data, document) == []


@pytest.mark.parametrize("kind", PACKAGES)
def test_a_part_that_unpacks_to_a_hundred_times_the_file_is_not_unpacked(kind: str) -> None:
    data = changed(kind, main=main(kind).replace(b"><", b">" + b" " * 60_000_000 + b"<", 1))
    document = check(data, f"a.{kind}")
    assert any("大きすぎる" in each.reason for each in document.unchecked)


@pytest.mark.parametrize("kind", PACKAGES)
def test_too_many_parts_are_refused(kind: str) -> None:
    data = changed(kind, **{f"media/{number}.xml": b"<a/>" for number in range(300)})
    assert any("多すぎます" in each.reason for each in check(data, f"a.{kind}").unchecked)


ENTITIES = {
    "billion laughs": b'<!DOCTYPE a [<!ENTITY a0 "wwwwwwwwww">%s]>'
    % b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)),
    "external entity": b'<!DOCTYPE a [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
    "external subset": b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
}


@pytest.mark.parametrize("kind", PACKAGES)
@pytest.mark.parametrize("attack", ENTITIES)
def test_entities_are_not_expanded(kind: str, attack: str) -> None:
    part = ENTITIES[attack] + main(kind).replace(value(0).encode(), b"&a9;" if "entity" in attack else b"x")
    document = check(changed(kind, main=part), f"a.{kind}")
    assert OUTSIDE not in text(document)
    assert "wwwwwwwwww" * 10 not in text(document)
    if attack != "external subset":
        assert document.unchecked


def test_entities_of_a_page_or_a_drawing_are_not_expanded() -> None:
    for name in ("a.html", "a.xml", "a.svg", "a.xhtml"):
        for declared in ENTITIES.values():
            document = check(declared + f"<a>{value(0)} &a9;</a>".encode(), name)
            assert value(0) in text(document) or document.unchecked
            assert OUTSIDE not in text(document)
            assert "wwwwwwwwww" * 10 not in text(document).replace(declared.decode(), "")


@pytest.mark.parametrize("kind", PACKAGES)
@pytest.mark.parametrize("levels", [200, 100_000])
def test_deep_elements_come_to_an_end(kind: str, levels: int) -> None:
    element = MAIN[kind][1].encode()
    whole = main(kind)
    start = whole.find(b">", whole.find(b"Data>" if kind == "xlsx" else b"body>") - 1) + 1
    deep = b"<%s>" % element * levels + value(0).encode() + b"</%s>" % element * levels
    document = check(changed(kind, main=whole[:start] + deep + whole[start:]), f"a.{kind}")
    assert document.unchecked or value(0) in text(document)


@pytest.mark.parametrize("kind", PACKAGES)
def test_many_attributes_are_no_trouble(kind: str) -> None:
    attributes = b"".join(b' a%d="%d"' % (number, number) for number in range(50_000))
    element = MAIN[kind][1].encode()
    part = main(kind).replace(b"<" + element, b"<" + element + attributes, 1)
    check(changed(kind, main=part), f"a.{kind}")


@pytest.mark.parametrize("kind", PACKAGES)
def test_one_long_text_is_read_or_unchecked(kind: str) -> None:
    part = main(kind).replace(value(0).encode(), b"A" * 500_000 + value(9).encode())
    document = check(changed(kind, main=part), f"a.{kind}")
    assert document.unchecked or value(9) in text(document) or kind == "xlsx"


def test_pages_and_mails_as_deep_as_a_well_come_to_an_end() -> None:
    for tag in ("div", "table", "b", "ul", "font", "blockquote", "select", "svg"):
        page = f"<html><body>{f'<{tag}>' * 50_000}{value(0)}</body></html>"
        document = check(page.encode(), "a.html")
        assert document.unchecked or value(0) in text(document)
    assert check(b"<" * 200_000, "a.html")
    assert check(b"<a " + b"b='c' " * 100_000 + b">x</a>", "a.html")


def test_comments_of_a_page_that_never_end_come_to_an_end() -> None:
    for mark in (b"<!--", b"<![CDATA[", b"<!", b"<?", b"</", b"<script>", b"<!DOCTYPE a [", b"&", b"<a b='"):
        check(mark * 50_000 + b"x", "a.html")


def test_groups_of_rtf_as_deep_as_a_well_come_to_an_end() -> None:
    for data in (
        b"{\\rtf1 " + b"{" * 200_000 + b"abc" + b"}" * 200_001,
        b"{\\rtf1 " + b"}" * 200_000 + b"abc",
        b"{\\rtf1 \\bin999999999 abc}",
        b"{\\rtf1 \\bin-5 abc}",
        b"{\\rtf1 \\uc99999 \\u12354 abc}",
        b"{\\rtf1 \\u99999999999? \\u-99999? abc" + b"\\'" * 9 + b"}",
        b"{\\rtf1{\\pict " + b"ff" * 500_000 + b"}abc}",
        b"{\\rtf1 " + b"\\a" * 300_000 + b" abc}",
    ):
        check(data, "a.rtf")


def test_parts_that_point_at_one_another_come_to_an_end() -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    for kind, own in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"), ("pptx", "ppt/slides/slide1.xml")):
        folder, _, name = own.rpartition("/")
        kinds = (
            "header",
            "officeDocument",
            "worksheet",
            "sharedStrings",
            "slide",
            "slideMaster",
            "notesSlide",
            "chart",
        )
        rels = "".join(
            f'<Relationship Id="r{number}{target}" Type="{office}/{each}" Target="{target}"/>'
            for number, each in enumerate(kinds)
            for target in (name, "../../../../etc/passwd", f"_rels/{name}.rels", ".", "", "#", "%00")
        )
        part = f'<Relationships xmlns="{space}">{rels}</Relationships>'.encode()
        document = check(changed(kind, **{f"{folder}/_rels/{name}.rels": part}), f"a.{kind}")
        assert OUTSIDE not in text(document)


def test_documents_in_documents_are_read_as_deep_as_is_allowed() -> None:
    data = SEEDS["docx"].data
    for level in range(6):
        data = changed("docx", **{f"word/embeddings/{level}.docx": data})
    document = check(data, "a.docx")
    assert any("入れ子が深すぎる" in each.reason for each in document.unchecked)
    assert text(document).count(value(0)) == 5


def test_pages_of_a_pdf_that_hold_one_another_come_to_an_end() -> None:
    data = SEEDS["pdf"].data
    for kids in (b"[2 0 R 2 0 R]", b"[8 0 R 8 0 R]", b"[1 0 R]", b"[99 0 R]", b"2 0 R", b"[[8 0 R]]"):
        check(data.replace(b"[8 0 R 10 0 R]", kids.ljust(14)), "a.pdf")
    for count in (b"/Count 9", b"/Count-1"):
        check(data.replace(b"/Count 2", count), "a.pdf")
    check(data.replace(b"/Contents 9 0 R", b"/Contents 8 0 R"), "a.pdf")
    check(data.replace(b"/Parent 2 0 R", b"/Parent 8 0 R"), "a.pdf")
    check(data.replace(b"[4 0 R]", b"[3 0 R]"), "a.pdf")
    check(data.replace(b"[0 0 600 800]", b"[0 0 6e9 8e9]"), "a.pdf")
    check(b"%PDF-1.7\n" + b"[" * 500_000, "a.pdf")
    check(b"%PDF-1.7\n" + b"<<" * 500_000, "a.pdf")


def sheet(dimension: str, rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    part = f'<worksheet xmlns="{space}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    return changed("xlsx", main=part.encode())


def cell(place: str, said: str) -> str:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{said}</t></is></c></row>'


def test_a_sheet_is_as_large_as_what_it_holds_whatever_it_claims() -> None:
    document = check(sheet("A1:XFD1048576", cell("A1", "職員番号")), "a.xlsx")
    assert document.unchecked or "職員番号" in text(document)
    document = check(sheet("A1", cell("A1", "職員番号") + cell("XFD1048576", "窓口の控え")), "a.xlsx")
    assert document.unchecked or "窓口の控え" in text(document)
    for place in ("XFE1", "A1048577", "A99999999999", "ZZZZZZZZ1", "A0", "A-1", "", "1", "あ1"):
        document = check(sheet(place, cell("A1", "職員番号") + cell(place, "窓口の控え")), "a.xlsx")
        assert document.unchecked or "窓口の控え" in text(document), place


def test_too_many_cells_are_refused() -> None:
    rows = "".join(cell(f"A{number}", "甲") for number in range(1, 12_001))
    document = check(sheet("A1:A12000", rows), "a.xlsx")
    assert any("セルが多すぎます" in each.reason for each in document.unchecked)


def test_cells_of_a_sheet_that_are_repeated_a_million_times_do_not_fill_the_memory() -> None:
    whole = main("ods")
    for columns, rows in ((1_000_000, 1), (1, 1_000_000), (16_384, 1_048_576), (10**18, 10**18), (-1, -1), (0, 0)):
        repeated = f'table:number-columns-repeated="{columns}" '.encode()
        for said in (b"<table:table-cell/>", b"<table:table-cell><text:p>%s</text:p></table:table-cell>"):
            held = said.replace(b"%s", value(9).encode()).replace(b"-cell", b"-cell " + repeated, 1)
            row = f'<table:table-row table:number-rows-repeated="{rows}">'.encode() + held + b"</table:table-row>"
            document = check(
                changed("ods", main=whole.replace(b"<table:table-row>", row + b"<table:table-row>")), "a.ods"
            )
            assert document.unchecked or value(0) in text(document)
            assert document.unchecked or value(9) in text(document) or b"%s" not in said


def nested(levels: int) -> bytes:
    inner = EmailMessage()
    inner["Subject"] = value(0)
    inner.set_content(value(1))
    for _ in range(levels):
        outer = EmailMessage()
        outer["Subject"] = "転送"
        outer.set_content("転送します。")
        outer.add_attachment(inner)
        inner = outer
    return inner.as_bytes()


def test_mails_in_mails_are_read_as_deep_as_is_allowed() -> None:
    document = check(nested(2), "a.eml")
    assert value(1) in text(document)
    for levels in (6, 50):
        document = check(nested(levels), "a.eml")
        assert document.unchecked or value(1) in text(document)


def test_parts_of_a_mail_in_parts_of_a_mail_come_to_an_end() -> None:
    heads = [f'Content-Type: multipart/mixed; boundary="k{n}"\r\n\r\n--k{n}\r\n' for n in range(3_000)]
    document = check(f"{''.join(heads)}Content-Type: text/plain\r\n\r\n{value(0)}\r\n".encode(), "a.eml")
    assert document.unchecked or value(0) in text(document)
    many = 'Content-Type: multipart/mixed; boundary="k"\r\n\r\n' + "--k\r\n\r\nabc\r\n" * 5_000 + "--k--\r\n"
    check(many.encode(), "a.eml")
    check(b"Subject: " + b"=?utf-8?b?44GC?= " * 50_000 + b"\r\n\r\nabc\r\n", "a.eml")
    check(b"To: " + b"(" * 50_000 + b"a@example.jp\r\n\r\nabc\r\n", "a.eml")
    check(b'Content-Type: text/plain; charset="' + b"x" * 100_000 + b'"\r\n\r\nabc\r\n', "a.eml")


def test_a_file_is_read_for_what_it_is_whatever_its_suffix_says() -> None:
    for kind in ("docx", "xlsx", "pptx", "odt", "ods", "odp", "pdf", "rtf", "zip"):
        seed = SEEDS[kind]
        for suffix in (".txt", ".pdf", ".docx", ".zip", ""):
            document = check(seed.data, f"a{suffix}")
            assert [each for each in seed.values if each not in text(document)] == [], (kind, suffix)


def test_a_text_that_is_called_a_document_is_unchecked() -> None:
    for suffix in (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".pdf", ".msg", ".zip"):
        assert check("住民票の写しの交付について".encode(), f"a{suffix}").unchecked, suffix


def test_a_picture_that_is_called_a_document_is_a_picture() -> None:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
    for suffix in (".pdf", ".docx", ".txt", ".html", ".eml"):
        assert any("画像" in each.reason for each in check(head, f"a{suffix}").unchecked), suffix


@pytest.mark.parametrize("kind", KINDS)
def test_what_still_stands_in_a_damaged_file_is_found_or_unchecked(kind: str) -> None:
    """`python benchmarks/fuzz.py` does the same with thousands."""
    seed = SEEDS[kind]
    outcomes = [judge(seed, number) for number in range(30)]
    assert [each for each in outcomes if each.trouble] == []


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"])
def test_parts_that_stand_in_each_others_place_are_found_or_unchecked(kind: str) -> None:
    seed = SEEDS[kind]
    with ZipFile(io.BytesIO(seed.data)) as archive:
        members = [(each.filename, archive.read(each)) for each in archive.infolist()]
    for one, other in itertools.combinations(range(len(members)), 2):
        swapped = list(members)
        swapped[one], swapped[other] = (members[one][0], members[other][1]), (members[other][0], members[one][1])
        data = packed(swapped)
        assert lost(seed, data, check(data, seed.name)) == [], (members[one][0], members[other][0])


@pytest.mark.parametrize("kind", KINDS)
def test_the_judge_sees_what_a_reader_would_lose(kind: str) -> None:
    seed = SEEDS[kind]
    assert lost(seed, seed.data, Document(seed.name, Use.PROMPT)) == list(seed.values)
    assert lost(seed, seed.data, Document(seed.name, Use.PROMPT, (), (Unchecked(None, "壊れています"),))) == []
    assert mutant(seed, 7) == mutant(seed, 7)
    assert len({mutant(seed, number) for number in range(30)}) > 20
