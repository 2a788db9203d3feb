"""A picture is looked at by people; what it says of itself is read."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from aiguard.model import Limits, Use
from aiguard.readers import read_bytes

if TYPE_CHECKING:
    from aiguard.model import Document

UNSEEN = "画像の中の文字は確認していません。目で見て確かめてください"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<r:Description xmlns:p="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'p:Headline="面談の記録"><dc:creator><r:Seq><r:li>鈴木一郎</r:li></r:Seq></dc:creator></r:Description></r:RDF></x:xmpmeta>'
).encode()


def tiff(entries: dict[int, tuple[int, bytes]], *, place: dict[int, tuple[int, bytes]] | None = None) -> bytes:
    """Return a TIFF structure (little-endian) of entries by tag: type and value; `place` is its GPS directory."""
    out = bytearray(b"II*\0\x08\0\0\0")
    held = {**entries, **({0x8825: (4, b"\0\0\0\0")} if place else {})}
    pointer = _directory(out, held).get(0x8825)
    if place and pointer:
        out[pointer : pointer + 4] = struct.pack("<I", len(out))
        _directory(out, place)
    return bytes(out)


def _directory(out: bytearray, entries: dict[int, tuple[int, bytes]]) -> dict[int, int]:
    """Write a directory; return where the value of each entry stands."""
    start = len(out)
    out += bytes(2 + 12 * len(entries) + 4)
    struct.pack_into("<H", out, start, len(entries))
    places: dict[int, int] = {}
    for i, (tag, (kind, value)) in enumerate(sorted(entries.items())):
        at = start + 2 + 12 * i
        size = {1: 1, 2: 1, 4: 4, 5: 8, 7: 1}[kind]
        struct.pack_into("<HHI4s", out, at, tag, kind, len(value) // size, value[:4])
        places[tag] = at + 8
        if len(value) > 4:
            struct.pack_into("<I", out, at + 8, len(out))
            out += value
    return places


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    held = b"".join(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in segments)
    return b"\xff\xd8" + held + b"\xff\xda\0\x02\0\xff\xd9"


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    held = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), *chunks, (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in held
    )


def read(data: bytes, limits: Limits | None = None) -> Document:
    return read_bytes(data, "写真.jpg", Use.PROMPT, limits)


def told(data: bytes) -> list[str]:
    document = read(data)
    assert [note.reason for note in document.unchecked] == [UNSEEN]
    assert all(each.aside and each.label == "画像の情報" for each in document.segments)
    return [line for each in document.segments for line in each.source.splitlines()]


EXIF = tiff(
    {
        0x010E: (2, "相談室の山田太郎さん\0".encode()),
        0x013B: (2, "佐藤花子\0".encode("cp932")),
        0x9C9C: (1, "母親も同席\0".encode("utf-16-le")),
    },
    place={
        1: (2, b"N\0"),
        2: (5, struct.pack("<6I", 35, 1, 41, 1, 222, 10)),
        3: (2, b"E\0"),
        4: (5, struct.pack("<6I", 139, 1, 41, 1, 30, 1)),
    },
)
TOLD = [
    "説明: 相談室の山田太郎さん",
    "作者: 佐藤花子",
    "コメント: 母親も同席",
    "撮影場所: 緯度35.689500, 経度139.691667",
]


@pytest.mark.parametrize(
    "data",
    [
        jpeg((0xE1, b"Exif\0\0" + EXIF)),
        png((b"eXIf", EXIF)),
        EXIF,
        b"RIFF\0\0\0\0WEBPEXIF" + struct.pack("<I", len(EXIF)) + EXIF,
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"Exif\0\0" + EXIF,
    ],
    ids=["jpeg", "png", "tiff", "webp", "heic"],
)
def test_exif_is_read_from_every_format(data: bytes) -> None:
    assert told(data) == TOLD


def test_a_comment_of_the_user_is_decoded_by_its_code() -> None:
    for order in ("le", "be"):
        comment = b"UNICODE\0" + "山田様".encode(f"utf-16-{order}")
        assert told(tiff({0x9286: (7, comment)})) == ["コメント: 山田様"]
    assert told(tiff({0x9286: (7, b"JIS\0\0\0\0\0" + "山田様".encode("iso2022_jp"))})) == ["コメント: 山田様"]
    assert told(tiff({0x9286: (7, b"ASCII\0\0\0taro.yamada@example.jp")})) == ["コメント: taro.yamada@example.jp"]


def test_captions_and_packets_are_read() -> None:
    caption = "会議に出席した田中次郎".encode()
    record = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record
    data = jpeg(
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        (0xED, b"Photoshop 3.0\0" + resource),
        (0xFE, "撮影は高橋".encode()),
    )
    assert told(data) == [
        "コメント: 撮影は高橋",
        "説明: 会議に出席した田中次郎",
        "見出し: 面談の記録",
        "作者: 鈴木一郎",
    ]


def test_texts_of_png_are_read_packed_or_not() -> None:
    data = png(
        (b"tEXt", b"Author\0" + b"Taro Yamada"),
        (b"zTXt", b"Comment\0\0" + zlib.compress(b"taro.yamada@example.jp")),
        (b"iTXt", b"Description\0\1\0ja\0\0" + zlib.compress("山田太郎の写真".encode())),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
    )
    assert told(data) == [
        "作者: Taro Yamada",
        "コメント: taro.yamada@example.jp",
        "説明: 山田太郎の写真",
        "見出し: 面談の記録",
        "作者: 鈴木一郎",
    ]


def test_comments_of_gif_are_read() -> None:
    text = "撮影は高橋".encode()
    data = b"GIF89a\x01\0\x01\0\x80\0\0" + bytes(6) + b"\x21\xfe" + bytes([len(text)]) + text + b"\0;"
    assert told(data) == ["コメント: 撮影は高橋"]


@pytest.mark.parametrize("data", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"RIFF\0\0\0\0WEBP"])
def test_a_picture_that_says_nothing_is_still_unchecked(data: bytes) -> None:
    document = read(data)
    assert document.segments == ()
    assert document.unchecked[-1].reason == UNSEEN


def test_every_cut_of_a_picture_is_unchecked_and_nothing_raises() -> None:
    whole = (jpeg((0xE1, b"Exif\0\0" + EXIF)), png((b"eXIf", EXIF), (b"zTXt", b"Comment\0\0" + zlib.compress(b"a"))))
    for data in whole:
        for end in range(8, len(data)):
            assert read(data[:end]).unchecked


def test_directories_that_point_to_each_other_and_values_outside_end() -> None:
    loop = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    assert told(loop) == []
    outside = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x010E, 2, 0xFFFFFFF0, 0xFFFFFFF0) + bytes(4)
    assert told(outside) == []


def test_a_packed_text_that_grows_too_large_is_named() -> None:
    bomb = png((b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000))))
    document = read(bomb)
    assert [note.label for note in document.unchecked] == ["画像の情報", None]
    assert len(document.unchecked) == 2
