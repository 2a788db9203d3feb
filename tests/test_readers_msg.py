"""Mails of Outlook are read whole; other compound files are told apart by what is in them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from cfb import compound

from aiguard.model import Document, Use
from aiguard.readers import read_bytes
from aiguard.readers.msg import _unpacked, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping


def wide(text: str) -> bytes:
    """Return a Unicode property, padded with NULs past the size from which streams live in ordinary sectors."""
    return text.encode("utf-16-le").ljust(4096, b"\0")


def mail(**more: object) -> dict[str, object]:
    return {
        "__properties_version1.0": bytes(32) + struct.pack("<III4x", 0x3FFD0003, 0, 932),
        "__substg1.0_0037001F": wide("側溝のふたについて"),
        "__substg1.0_0C1A001F": wide("山田 太郎"),
        "__substg1.0_1000001F": wide("個人番号は1234 5678 9018です。"),
        **more,
    }


def read(tree: Mapping[str, object], name: str = "a.msg") -> Document:
    return read_bytes(compound(tree), name, Use.PROMPT)


def texts(document: Document) -> dict[str | None, str]:
    return {segment.label: segment.source for segment in document.segments}


def test_headers_body_and_recipients_are_read() -> None:
    found = texts(
        read(
            mail(
                **{
                    "__recip_version1.0_#00000000": {
                        "__substg1.0_3001001F": wide("佐藤 花子"),
                        "__substg1.0_39FE001F": wide("sato@example.jp"),
                    }
                }
            )
        )
    )
    assert found["見出し"].splitlines() == [
        "件名: 側溝のふたについて",
        "差出人: 山田 太郎",
        "宛先: 佐藤 花子 sato@example.jp",
    ]
    assert found["本文"] == "個人番号は1234 5678 9018です。"


def test_narrow_texts_are_read_by_the_code_page() -> None:
    tree = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_1000001E": "本文の電話です。".encode("cp932").ljust(4096, b"\0"),
    }
    assert texts(read(tree))["本文"] == "本文の電話です。"


def test_attachments_and_attached_mails_are_read() -> None:
    attached = {
        "__attach_version1.0_#00000000": {
            "__substg1.0_3707001F": wide("名簿.csv"),
            "__substg1.0_37010102": "氏名,電話\n佐藤,090-1234-5678\n".encode().ljust(4096, b"\n"),
        },
        "__attach_version1.0_#00000001": {
            "__substg1.0_3001001F": wide("転送"),
            "__substg1.0_3701000D": mail(**{"__substg1.0_1000001F": wide("中のメールです。")}),
        },
    }
    found = texts(read(mail(**attached)))
    assert "佐藤" in found["1件目の添付（名簿.csv）"]
    assert found["2件目の添付（転送）!本文"] == "中のメールです。"


def test_a_body_in_html_is_read_where_it_says_something_else() -> None:
    page = "<p>別の本文です</p><!-- 隠した文 -->".encode("cp932").ljust(4096, b" ")
    found = texts(read(mail(**{"__substg1.0_10130102": page})))
    assert found["HTMLの本文"] == "別の本文です\n"
    assert "隠した文" in found["HTMLの本文!ページに見えない部分"]


def test_a_body_in_html_has_an_encoding_of_its_own() -> None:
    page = "<meta charset=utf-8><p>ソースあい表</p>".encode().ljust(4096, b" ")
    assert texts(read(mail(**{"__substg1.0_10130102": page})))["HTMLの本文"] == "ソースあい表\n"


def test_a_body_in_rtf_is_read_where_there_is_no_other() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg932\pard " + "".join(f"\\u{ord(each)}?" for each in "人番号です").encode() + rb"\par}"
    packed = struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
    tree = {"__properties_version1.0": bytes(32), "__substg1.0_10090102": packed.ljust(4096, b"\0")}
    assert any("人番号です" in segment.source for segment in read(tree).segments)


@pytest.mark.parametrize("stream", ["Package", "\x01Ole10Native"])
def test_what_office_wrapped_to_embed_it_is_read(stream: str) -> None:
    content = "氏名,電話\n佐藤,090-1234-5678\n".encode() + b"\n" * 5000
    wrapped = b"\2\0" + b"list.csv\0C:\\a.csv\0" + struct.pack("<HHI", 0, 3, 2) + b"a\0"
    native = bytes(4) + wrapped + struct.pack("<I", len(content)) + content
    document = read({stream: content if stream == "Package" else native}, "oleObject1.bin")
    assert "佐藤" in texts(document)["中のファイル"]
    assert read({stream: b"\1" * 5000}, "oleObject1.bin").unchecked


def test_an_encrypted_mail_is_unchecked() -> None:
    document = read(mail(**{"__substg1.0_001A001F": wide("IPM.Note.SMIME")}))
    assert any("暗号化" in note.reason for note in document.unchecked)


def test_rtf_is_unpacked_as_the_specification_shows() -> None:
    # [MS-OXRTFCP] 4.1 and 4.2: the two examples of the specification.
    first = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked(first) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    second = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpacked(second) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


@pytest.mark.parametrize("data", [b"", b"\xff" * 50, b"\x00" * 3, bytes(range(256))])
def test_damaged_rtf_ends(data: bytes) -> None:
    assert len(_unpacked(data, 1000)) <= 1000


@pytest.mark.parametrize(
    ("stream", "name", "reason"),
    [
        ("WordDocument", "a.doc", ".docx"),
        ("PowerPoint Document", "a.ppt", ".pptx"),
        ("EncryptedPackage", "a.docx", "パスワード"),
        ("DocumentText", "a.jtd", "一太郎"),
        ("Other", "a.xyz", "元のソフト"),
    ],
)
def test_other_compound_files_say_what_to_do(stream: str, name: str, reason: str) -> None:
    document = read({stream: b"x"}, name)
    assert document.segments == ()
    assert reason in document.unchecked[0].reason


@pytest.mark.parametrize("cut", [8, 100, 512, 600, 3000])
def test_truncated_compound_files_are_unchecked(cut: int) -> None:
    document = read_bytes(compound(mail())[:cut], "a.msg", Use.PROMPT)
    assert document.unchecked
