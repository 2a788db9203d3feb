"""A zip archive is opened as far as it goes: every file by its own reader, and a word for each that could not be."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from aiguard.location import locate
from aiguard.model import Document, Limits, Span, Use
from aiguard.readers import read_bytes
from aiguard.readers.formats import format_of

NAME = "井上さくら"
PHONE = "090-1234-5678"
LOCKED = "パスワードがかかっているため読めません。パスワードを外して保存してください"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def packed(*members: tuple[str, str | bytes], comment: bytes = b"", method: int = ZIP_DEFLATED) -> bytes:
    """Pack members in their order; a name may come twice."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", method) as archive:
        for name, content in members:
            if name in archive.NameToInfo:
                del archive.NameToInfo[name]  # or zipfile would warn
            archive.writestr(ZipInfo(name, (2026, 4, 1, 9, 0, 0)), content, method)
        archive.comment = comment
    return stream.getvalue()


def locked(data: bytes, *names: str) -> bytes:
    """Set the mark of encryption on members (APPNOTE 4.4.4), in both of their headers."""
    changed = bytearray(data)
    with ZipFile(io.BytesIO(data)) as archive:
        position = archive.start_dir
        for info in archive.infolist():
            if info.filename in names:
                changed[info.header_offset + 6] |= 1
                changed[position + 8] |= 1
            position += 46 + sum(struct.unpack("<HHH", data[position + 28 : position + 34]))
    return bytes(changed)


def check(data: bytes, name: str = "提出.zip", limits: Limits | None = None) -> Document:
    return read_bytes(data, name, Use.PROMPT, limits)


def place(document: Document, value: str) -> str | None:
    """Return the label of the first occurrence of a value."""
    for segment in document.segments:
        start = segment.source.find(value)
        if start >= 0:
            return locate(segment, Span(start, start + len(value))).label
    pytest.fail(f"{value} is in no segment")


def reasons(document: Document) -> list[tuple[str | None, str]]:
    return [(each.label, each.reason) for each in document.unchecked]


def test_each_file_is_read_by_its_own_reader_and_labelled_by_its_path() -> None:
    document = check(packed(("相談/記録.txt", f"{NAME}さん"), ("b.csv", f"氏名,電話\n{NAME},{PHONE}\n")))
    assert place(document, f"{NAME}さん") == "相談/記録.txt"
    assert place(document, PHONE) == "b.csv!B2"
    assert reasons(document) == []


def test_names_of_files_and_folders_are_read() -> None:
    document = check(packed(("機密性2_名簿/a.txt", "本文"), ("b/090-1234-5678.txt", "本文"), ("plain/c.txt", "本文")))
    told = [segment for segment in document.segments if segment.label and segment.label.endswith("ファイル名")]
    assert [segment.source for segment in told] == ["機密性2 名簿\na", "b\n090-1234-5678"]
    assert all(segment.aside for segment in told)


def test_an_empty_folder_is_read_by_its_name() -> None:
    assert place(check(packed((f"{NAME}様/", b""), ("a.txt", "本文"))), NAME) == f"{NAME}様/!ファイル名"


def test_names_packed_on_windows_in_japan_are_read() -> None:
    name = "住所録/表ソ.txt"
    written = packed(("x" * len(name.encode("cp932")), NAME)).replace(
        b"x" * len(name.encode("cp932")), name.encode("cp932")
    )
    assert place(check(written), NAME) == name


def test_a_zip_in_a_zip_is_read_as_deep_as_is_allowed() -> None:
    data = packed(("記録.txt", NAME))
    for level in range(3):
        data = packed((f"{level}.zip", data))
    assert place(check(data), NAME) == "2.zip!1.zip!0.zip!記録.txt"
    document = check(data, limits=Limits(depth=2))
    assert NAME not in str(document.segments)
    assert [label for label, _ in reasons(document)] == ["2.zip!1.zip!0.zip"]
    assert "入れ子が深すぎる" in document.unchecked[0].reason


def test_comments_are_asides() -> None:
    stream = io.BytesIO(packed(("a.txt", "本文"), comment=f"担当 {NAME}".encode("cp932")))
    with ZipFile(stream, "a") as archive:
        archive.infolist()[0].comment = PHONE.encode()
        archive.writestr("b.txt", "別紙")
    document = check(stream.getvalue())
    assert place(document, NAME) == "コメント"
    assert place(document, PHONE) == "a.txt!コメント"
    assert [segment.aside for segment in document.segments] == [True, False, True, False]


def test_what_macos_adds_is_passed_over_unless_it_is_something_else() -> None:
    document = check(
        packed(
            ("a.txt", "本文"),
            ("__MACOSX/._a.txt", b"\0\5\x16\7\0\2\0\0Mac OS X"),
            (".DS_Store", b"\0\0\0\1Bud1\0\0"),
            ("__MACOSX/._b.txt", NAME),
        )
    )
    assert reasons(document) == []
    assert [segment.label for segment in document.segments] == ["a.txt", "__MACOSX/._b.txt"]


def test_an_archive_under_a_password_has_one_reason() -> None:
    data = packed(("a.txt", "甲"), ("b.txt", "乙"))
    assert reasons(check(locked(data, "a.txt", "b.txt"))) == [(None, LOCKED)]


def test_a_file_under_a_password_leaves_the_others_readable() -> None:
    document = check(locked(packed(("a.txt", "甲"), ("b.txt", NAME)), "a.txt"))
    assert place(document, NAME) == "b.txt"
    assert reasons(document) == [("a.txt", LOCKED)]


def test_a_damaged_file_leaves_the_others_readable() -> None:
    data = packed(("a.txt", "ここは壊れます"), ("b.txt", NAME), method=ZIP_STORED)
    document = check(data.replace("壊れ".encode(), "読め".encode()))
    assert place(document, NAME) == "b.txt"
    assert [label for label, _ in reasons(document)] == ["a.txt"]
    assert "壊れている" in document.unchecked[0].reason


@pytest.mark.parametrize("method", [9, 93, 98])
def test_a_rare_way_of_packing_is_reported_with_what_to_do(method: int) -> None:
    data = bytearray(packed(("a.txt", "甲"), ("b.txt", NAME)))
    data[8:10] = struct.pack("<H", method)
    with ZipFile(io.BytesIO(data)) as archive:
        data[archive.start_dir + 10 : archive.start_dir + 12] = struct.pack("<H", method)
    document = check(bytes(data))
    assert place(document, NAME) == "b.txt"
    assert [label for label, _ in reasons(document)] == ["a.txt"]
    assert "標準の方式" in document.unchecked[0].reason


def test_a_way_of_packing_that_unpacks_without_bounds_is_not_tried() -> None:
    document = check(packed(("a.txt", "甲"), method=ZIP_BZIP2))
    assert "標準の方式" in document.unchecked[0].reason


def test_files_that_share_a_name_are_all_read() -> None:
    document = check(packed(("a.txt", NAME), ("a.txt", PHONE)))
    assert place(document, NAME) == "a.txt（同名の1つ目）"
    assert place(document, PHONE) == "a.txt（同名の2つ目）"


def test_a_document_with_two_parts_of_one_name_is_not_trusted() -> None:
    parts = (("[Content_Types].xml", TYPES), ("word/document.xml", "<a/>"), ("word/document.xml", "<a/>"))
    assert any("同じ名前の部品" in each.reason for each in check(packed(*parts), "通知.docx").unchecked)


def test_pictures_are_counted_once() -> None:
    document = check(packed(("a.png", PNG), ("b.png", PNG), ("c.png", PNG), ("d.txt", NAME)))
    assert (None, "画像3点は確認していません。目で見て確かめてください") in reasons(document)
    assert len(document.unchecked) == 1


def test_many_files_with_one_reason_are_counted() -> None:
    document = check(packed(*((f"{number}.exe", "MZ") for number in range(100))))
    assert len(document.unchecked) == 21
    assert document.unchecked[-1].label == "ほか80件"


def test_an_archive_that_unpacks_itself_is_read_and_its_program_is_named() -> None:
    document = check(b"MZ" + bytes(range(256)) * 8 + packed(("a.txt", NAME)), "提出.exe")
    assert place(document, NAME) == "a.txt"
    assert "2,050バイト" in document.unchecked[0].reason


def test_what_the_directory_does_not_list_is_named() -> None:
    first, second = packed(("a.txt", f"{NAME}の相談" * 9), method=ZIP_STORED), packed(("b.txt", "本文"))
    with ZipFile(io.BytesIO(first)) as archive:
        hidden = first[: archive.start_dir]
    for data in (hidden + second, second + hidden):
        document = check(data)
        assert place(document, "本文") == "b.txt"
        assert any("目次にない部分" in each.reason for each in document.unchecked)


def test_an_archive_of_nothing_says_so() -> None:
    for data in (packed(), packed((".DS_Store", b"\0\0\0\1Bud1"))):
        assert check(data).segments == ()
        assert "中に確認できるファイルがありません" in check(data).unchecked[0].reason


def test_strange_names_are_read_and_shown_harmlessly() -> None:
    names = [
        "../../etc/a.txt",
        "/var/b.txt",
        "c\x1b[31m.txt",
        "d/\u202etxt.e",
        "C:\\仕事\\f.txt",
        "g.txt/",
        "h" * 9_000,
    ]
    document = check(packed(*((name, f"{NAME}{place}") for place, name in enumerate(names))))
    for number, name in enumerate(names):
        shown = place(document, f"{NAME}{number}")
        assert shown is not None
        assert shown.isprintable() or "\ufffd" in shown, name
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_a_name_with_a_zero_byte_hides_nothing() -> None:
    document = check(packed(("axtxt", NAME), ("xb", PHONE)).replace(b"axtxt", b"a\0txt").replace(b"xb", b"\0b"))
    assert place(document, NAME) == "a"
    assert place(document, PHONE) == "（名前なし）"


def test_a_zip64_archive_and_one_written_to_a_pipe_are_read() -> None:
    large = io.BytesIO()
    with ZipFile(large, "w") as archive, archive.open("a.txt", "w", force_zip64=True) as file:
        file.write(NAME.encode())
    assert place(check(large.getvalue()), NAME) == "a.txt"

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    piped = Pipe()
    with ZipFile(piped, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", NAME)
        archive.writestr("b.txt", PHONE)
    document = check(piped.getvalue())
    assert (place(document, NAME), place(document, PHONE)) == ("a.txt", "b.txt")
    assert reasons(document) == []


def test_a_truncated_archive_is_unchecked() -> None:
    data = packed(("a.txt", NAME * 100), ("b.txt", PHONE))
    for end in range(4, len(data), 7):
        assert check(data[:end]).unchecked, end


def test_a_bomb_is_stopped_and_what_came_before_it_is_read() -> None:
    data = packed(("a.txt", NAME), ("b.txt", bytes(50_000_000)), ("c.txt", PHONE))
    document = check(data, limits=Limits(unpacked=1_000_000))
    assert place(document, NAME) == "a.txt"
    assert [label for label, _ in reasons(document)] == ["b.txt", None]
    assert "大きすぎる" in document.unchecked[0].reason


def test_members_that_share_their_bytes_are_counted_each_time() -> None:
    """A bomb without nesting: every entry of the directory points at the same bytes (Fifield 2019)."""
    single = packed(("a.txt", bytes(100_000)))
    with ZipFile(io.BytesIO(single)) as archive:
        start = archive.start_dir
    entry, end = single[start:-22], bytearray(single[-22:])
    end[8:12], end[12:16] = struct.pack("<HH", 1_000, 1_000), struct.pack("<I", len(entry) * 1_000)
    document = check(single[:start] + entry * 1_000 + end, limits=Limits(unpacked=1_000_000))
    assert any("大きすぎる" in each.reason for each in document.unchecked)


def test_an_archive_that_holds_itself_comes_to_an_end() -> None:
    """The archive's one member is the archive: its bytes are all stored before the member's header is over."""
    name = b"r.zip"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name
    size = len(local) + 46 + len(name) + 22
    local = local[:18] + struct.pack("<LL", size, size) + local[26:]
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, size, size, len(name), 0, 0, 0, 0, 0, 0)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 46 + len(name), len(local), 0)
    data = local + entry + name + end
    assert zipfile.is_zipfile(io.BytesIO(data))
    assert check(data).unchecked
    nested = packed(*((f"{number}.txt", NAME) for number in range(3)))
    for _ in range(12):
        nested = packed(*((f"{number}.zip", nested) for number in range(3)))
    document = check(nested, limits=Limits(seconds=3, members=2_000))
    assert document.unchecked


def test_too_many_members_are_refused_at_once() -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, zlib.crc32(b""), 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    for count in (200, 300_000):
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(entry) * count, 0, 0)
        document = check(b"PK\3\4" + entry * count + end, limits=Limits(members=100))
        assert len(document.unchecked) == 1
        assert "中のファイルが多すぎます（上限100件）" in document.unchecked[0].reason


def test_a_book_is_read_as_the_pages_in_it() -> None:
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{NAME}</p></body></html>'
    document = check(packed(("mimetype", "application/epub+zip"), ("OEBPS/1.xhtml", page)), "広報.epub")
    assert (place(document, NAME) or "").startswith("OEBPS/1.xhtml")


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ((("word/document.txt", "原稿"), ("[Content_Types].xml", TYPES)), "zip"),
        ((("word/document.xml", "<a/>"),), "zip"),
        ((("a.docx", packed(("[Content_Types].xml", TYPES), ("word/document.xml", "<a/>"))),), "zip"),
        ((("a.odt", packed(("mimetype", "application/vnd.oasis.opendocument.text"), method=ZIP_STORED)),), "zip"),
        ((("[Content_Types].xml", TYPES), ("word/document.xml", "<a/>")), "docx"),
        ((("[content_types].xml", TYPES), ("Word\\Document2.xml", "<a/>")), "docx"),
        ((("xl/workbook.bin", b""), ("[Content_Types].xml", TYPES)), "sheet"),
        ((("ppt/presentation.xml", "<a/>"), ("[Content_Types].xml", TYPES)), "pptx"),
        ((("mimetype", "application/vnd.oasis.opendocument.text-template"),), "odt"),
        ((("a.txt", "x"), ("mimetype", "application/vnd.oasis.opendocument.spreadsheet")), "ods"),
    ],
)
def test_a_package_is_known_by_its_directory(members: tuple[tuple[str, str | bytes], ...], kind: str) -> None:
    for method in (ZIP_STORED, ZIP_DEFLATED):
        assert format_of(packed(*members, method=method), "a.zip") == kind
