"""Read IPTC records of a picture, which newspapers and Photoshop write (IPTC-IIM 4.2, chapter 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiguard.readers.exif import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = {
    5: "題名",
    25: "キーワード",
    40: "指示",
    80: "作者",
    85: "作者の肩書き",
    90: "市区町村",
    92: "場所",
    95: "都道府県",
    105: "見出し",
    110: "クレジット",
    116: "著作権",
    118: "連絡先",
    120: "説明",
    122: "説明の作者",
}
_MARK: Final = 0x1C
_APPLICATION: Final = 2
_RECORDS: Final = b"8BIM\x04\x04"  # the resource of Photoshop that holds them
_LONG: Final = 0x8000  # the length of a longer value stands behind


def read_iptc(data: bytes) -> Iterator[str]:
    """Yield lines like "説明: …" from records, or from the resources of Photoshop that hold them."""
    at = data.find(_RECORDS)
    if at >= 0:
        name = at + 6
        padded = (1 + data[name]) if name < len(data) else 0
        at = name + padded + padded % 2 + 4
    at = max(0, at)
    while at + 5 <= len(data) and data[at] == _MARK:
        record, kind, size = data[at + 1], data[at + 2], int.from_bytes(data[at + 3 : at + 5], "big")
        if size >= _LONG:
            return
        value = decoded(data[at + 5 : at + 5 + size])
        if record == _APPLICATION and kind in _NAMES and value.strip():
            yield f"{_NAMES[kind]}: {value.strip()}"
        at += 5 + size
