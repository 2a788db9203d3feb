"""Read the texts, the place and the date in a TIFF structure, which Exif uses too (TIFF 6.0, 2; Exif 2.32, 4.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXTS: Final = {
    0x010D: "文書名",
    0x010E: "説明",
    0x013B: "作者",
    0x013C: "作成した機器",
    0x8298: "著作権",
    0xA430: "所有者",
    0x0132: "更新日時",
    0x9003: "撮影日時",
}
# Written by the properties of Windows Explorer, in UTF-16LE.
_WINDOWS: Final = {0x9C9B: "題名", 0x9C9C: "コメント", 0x9C9D: "作者", 0x9C9E: "キーワード", 0x9C9F: "件名"}
_USER_COMMENT: Final = 0x9286
_IPTC: Final = 0x83BB
_EXIF_POINTER, _GPS_POINTER = 0x8769, 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_RATIONAL: Final = 8
_DIRECTORIES: Final = 500
_LONGEST: Final = 1_000_000  # bytes of a value
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


class _Tiff(NamedTuple):
    """Hold a structure and the order of its bytes."""

    data: bytes
    order: Literal["little", "big"]

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.data[at : at + size], self.order)


class _Entry(NamedTuple):
    tag: int
    value: bytes


def read_exif(data: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Yield lines like "説明: …", each with None, and for IPTC records an empty line with their bytes.

    Directories that point to each other are read once; values that lie outside the data are left out.
    """
    tiff = _Tiff(data, "big" if data.startswith(b"MM") else "little")
    seen: set[int] = set()
    waiting = [(tiff.number(4, 4), False)]
    while waiting and len(seen) < _DIRECTORIES:
        at, is_place = waiting.pop(0)
        if at in seen or not 0 < at < len(data):
            continue
        seen.add(at)
        entries = dict(_entries(tiff, at))
        if is_place:
            yield from ((line, None) for line in _place(tiff, entries))
            continue
        yield from _lines(tiff, entries)
        waiting += [
            (int.from_bytes(entries[tag][:4], tiff.order), tag == _GPS_POINTER)
            for tag in (_EXIF_POINTER, _GPS_POINTER)
            if tag in entries
        ]
        waiting.append((tiff.number(at + 2 + 12 * tiff.number(at, 2), 4), False))


def decoded(data: bytes) -> str:
    """Decode a short text that does not say how it is encoded: UTF-8, CP932 as Windows in Japan writes it, or Latin-1."""
    data = data.rstrip(b"\0 ")
    for codec in ("utf-8", "cp932"):
        try:
            return _plain(data.decode(codec))
        except UnicodeDecodeError:
            continue
    return _plain(data.decode("latin-1"))


def _entries(tiff: _Tiff, at: int) -> Iterator[_Entry]:
    for place in range(at + 2, at + 2 + 12 * tiff.number(at, 2), 12):
        if place + 12 > len(tiff.data):
            return
        size = _SIZES.get(tiff.number(place + 2, 2), 0) * tiff.number(place + 4, 4)
        start = place + 8 if size <= 4 else tiff.number(place + 8, 4)  # noqa: PLR2004 - a value of four bytes stands there itself
        if 0 < size <= _LONGEST and start + size <= len(tiff.data):
            yield _Entry(tiff.number(place, 2), tiff.data[start : start + size])


def _lines(tiff: _Tiff, entries: dict[int, bytes]) -> Iterator[tuple[str, bytes | None]]:
    for tag, value in entries.items():
        if tag in _TEXTS:
            yield from _line(_TEXTS[tag], decoded(value))
        elif tag in _WINDOWS:
            yield from _line(_WINDOWS[tag], _plain(value.decode("utf-16-le", "replace")))
        elif tag == _USER_COMMENT:
            yield from _line("コメント", _comment(value, tiff.order))
        elif tag == _IPTC:
            yield "", value


def _line(name: str, text: str) -> Iterator[tuple[str, None]]:
    if text.strip():
        yield f"{name}: {text.strip()}", None


def _comment(value: bytes, order: Literal["little", "big"]) -> str:
    """Decode a comment of the user by the code that leads it (Exif 2.32, 4.6.6.G)."""
    code, text = value[:8], value[8:]
    if code.startswith(b"UNICODE"):
        # The standard leaves the order of bytes open: the one in which fewer characters come out strange.
        guesses = [text.decode(f"utf-16-{each}", "replace") for each in ("le", "be")]
        guesses = guesses if order == "little" else guesses[::-1]
        return _plain(min(guesses, key=lambda guess: len(re.findall(r"[^\x20-\x7e\u3000-\u9fff\uff00-\uffef]", guess))))
    if code.startswith(b"JIS"):
        return _plain(text.decode("iso2022_jp", "replace"))
    return decoded(text)


def _place(tiff: _Tiff, entries: dict[int, bytes]) -> Iterator[str]:
    """Yield where a picture was taken, in degrees (Exif 2.32, 4.6.7)."""
    degrees = [_degrees(tiff, entries.get(tag, b"")) for tag in (_LATITUDE, _LONGITUDE)]
    signs = [-1 if entries.get(tag - 1, b"")[:1] in (b"S", b"W") else 1 for tag in (_LATITUDE, _LONGITUDE)]
    if None not in degrees:
        latitude, longitude = (sign * (each or 0) for sign, each in zip(signs, degrees, strict=True))
        yield f"撮影場所: 緯度{latitude:.6f}, 経度{longitude:.6f}"


def _degrees(tiff: _Tiff, value: bytes) -> float | None:
    if len(value) < 3 * _RATIONAL:
        return None
    numbers = [int.from_bytes(value[i : i + 4], tiff.order) for i in range(0, 3 * _RATIONAL, 4)]
    parts = [a / b if b else 0.0 for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
    return parts[0] + parts[1] / 60 + parts[2] / 3600 if any(parts) else None


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text.rstrip("\0"))
