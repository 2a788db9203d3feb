"""Read the mails of Outlook (.msg): [MS-OXMSG] for the streams, [MS-OXPROPS] for the numbers of the properties."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.model import Segment, Unchecked
from aiguard.readers.decode import decode
from aiguard.readers.html import html_text, read_html
from aiguard.readers.source import joined, labelled, paragraphs, refused

if TYPE_CHECKING:
    from olefile import OleFileIO

    from aiguard.readers.source import Content, Source

_SHOWN: Final = {
    "0037": "件名",
    "0C1A": "差出人",
    "0C1F": "差出人",
    "5D01": "差出人",
    "0E04": "宛先",
    "0E03": "Cc",
    "0E02": "Bcc",
}
_ASIDE: Final = {"007D": "ヘッダー", "0070": "件名の元", "1035": "番号"}
_RECIPIENT: Final = ("3001", "39FE", "3003")  # display name, SMTP address, address
_ATTACHED: Final = ("3707", "3704", "3001")  # long name, short name, display name
_BODY, _HTML, _RTF, _DATA, _EMBEDDED, _CLASS = "1000", "1013", "1009", "3701", "3701000D", "001A"
_CODE_PAGE: Final = 0x3FFD0003
_JAPAN: Final = 932
_DEEPEST: Final = 8
_LOCKED: Final = "暗号化されたメールのため読めません。Outlookで開き、本文をテキスト形式で保存してください"
_LINKED: Final = "添付がリンクだけのため確認できません"
# [MS-OXRTFCP] 2.1.2.1: what every dictionary begins with.
_PREFIX: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbol"
    rb"ArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_RING: Final = 4096


class _Place(NamedTuple):
    """Hold an open file, the storage that a mail stands in, and its code page."""

    file: OleFileIO[str]
    path: tuple[str, ...]
    codec: str

    def data(self, *names: str) -> bytes:
        from aiguard.readers.compound import stream

        return stream(self.file, [*self.path, *names])

    def text(self, number: str, *storage: str) -> str:
        """Return a property of type text, Unicode (001F) or of the code page (001E)."""
        wide = self.data(*storage, f"__substg1.0_{number}001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self.data(*storage, f"__substg1.0_{number}001E").rstrip(b"\0")
        return _narrow(narrow, self.codec)


def read_msg(source: Source, file: OleFileIO[str]) -> Content:
    """Read a mail and, recursively, what is attached to it."""
    return _mail(source, file, (), 0)


def _mail(source: Source, file: OleFileIO[str], path: tuple[str, ...], depth: int) -> Content:
    source.budget.check_time()
    place = _Place(file, path, _codec(file, path))
    children = [
        entry[len(path)]
        for entry in file.listdir(streams=False, storages=True)
        if len(entry) == len(path) + 1 and tuple(entry[: len(path)]) == path
    ]
    locked = place.text(_CLASS).upper().startswith(("IPM.NOTE.SMIME", "IPM.NOTE.SECURE")) and not place.text(
        _CLASS
    ).upper().endswith("MULTIPARTSIGNED")
    attached = sorted(name for name in children if name.startswith("__attach_version1.0"))
    return joined(
        (
            _headers(place, [name for name in children if name.startswith("__recip_version1.0")]),
            _body(place, source),
            *(_attachment(source, place, name, number, depth) for number, name in enumerate(attached, 1)),
            refused(_LOCKED) if locked else ((), ()),
        )
    )


def _headers(place: _Place, recipients: list[str]) -> Content:
    said = [(label, place.text(number)) for number, label in _SHOWN.items()]
    said += [
        ("宛先", " ".join(filter(None, (place.text(number, name) for number in _RECIPIENT))))
        for name in sorted(recipients)
    ]
    shown = dict.fromkeys((label, f"{label}: {text}") for label, text in said if text.strip())
    rest = [(label, place.text(number)) for number, label in _ASIDE.items()]
    rest += [("その他の項目", place.text(number)) for number in _others(place)]
    segments = (paragraphs(shown, label="見出し"), paragraphs(rest, label="ヘッダー", aside=True))
    return tuple(each for each in segments if each), ()


def _others(place: _Place) -> list[str]:
    """Return the numbers of the other properties of type text that the mail has."""
    known = {*_SHOWN, *_ASIDE, _BODY, _HTML, _RTF, _CLASS}
    names = (entry[-1] for entry in place.file.listdir() if tuple(entry[:-1]) == place.path)
    numbers = [name[12:16] for name in names if name.startswith("__substg1.0_") and name[16:20] in {"001F", "001E"}]
    return [number for number in dict.fromkeys(numbers) if number not in known]


def _body(place: _Place, source: Source) -> Content:
    """Return the plain body, and the one in HTML where it says something else; RTF where there is neither."""
    text = place.text(_BODY).replace("\r\n", "\n")
    page = place.data(f"__substg1.0_{_HTML}0102")
    content: Content = ((Segment(text, label="本文"),), ()) if text.strip() else ((), ())
    if page:
        segments, unchecked = labelled(_page(page, place, source), "HTMLの本文")
        same = "".join(text.split())
        kept = tuple(one for one in segments if one.aside or "".join(one.source.split()) != same)
        return joined((content, (kept, unchecked)))
    packed = place.data(f"__substg1.0_{_RTF}0102")
    if text.strip() or not packed:
        return content
    try:
        return labelled(
            source.inside(source._replace(data=unpacked(packed), name="本文.rtf", depth=source.depth + 1)), "本文"
        )
    except ReadError as error:
        return refused(error.message, "本文")


def _page(data: bytes, place: _Place, source: Source) -> Content:
    """Read the body in HTML, which declares its own encoding: that of the mail need not be the same."""
    try:
        return read_html(source._replace(data=data))
    except ReadError:
        return html_text(_narrow(data, place.codec), source.budget)


def _attachment(source: Source, place: _Place, name: str, number: int, depth: int) -> Content:
    title = next(filter(None, (place.text(each, name) for each in _ATTACHED)), "名前なし")
    label = f"{number}件目の添付（{title}）"
    source.budget.member()
    inner = (*place.path, name, f"__substg1.0_{_EMBEDDED}")
    if place.file.exists([*inner, "__properties_version1.0"]):
        if depth >= _DEEPEST:
            return refused("入れ子が深すぎるため読めません", label)
        return labelled(_mail(source, place.file, inner, depth + 1), label)
    data = place.data(name, f"__substg1.0_{_DATA}0102")
    if not data:
        return (), (Unchecked(label, _LINKED),)
    source.budget.unpack(len(data))
    return source.read_member(data, title, label)


def _codec(file: OleFileIO[str], path: tuple[str, ...]) -> str:
    """Return the codec of the narrow texts: the code page of the message, 932 where it says none."""
    from aiguard.readers.compound import stream

    properties = stream(file, [*path, "__properties_version1.0"])
    for at in range(8 if path else 32, len(properties) - 15, 16):
        tag, _, value = struct.unpack_from("<III", properties, at)
        if tag == _CODE_PAGE:
            return {65001: "utf-8", 50220: "iso2022_jp", 51932: "euc_jp", 20127: "ascii"}.get(value, f"cp{value}")
    return f"cp{_JAPAN}"


def _narrow(data: bytes, codec: str) -> str:
    for name in (codec, "cp932"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    try:
        return decode(data)
    except ReadError:
        return data.decode("cp932", "replace")


def unpacked(data: bytes) -> bytes:
    """Unpack a compressed RTF body ([MS-OXRTFCP] 3.1.1); ReadError where it is none."""
    if len(data) < 16:  # noqa: PLR2004 - the header
        raise ReadError("本文が壊れているため読めません")
    packed, size, kind = struct.unpack_from("<II4s", data)
    if kind == b"MELA":
        return data[16 : 16 + size]
    if kind != b"LZFu":
        raise ReadError("本文が壊れているため読めません")
    return _unpacked(data[16 : packed + 4], size)


def _unpacked(data: bytes, size: int) -> bytes:
    """Undo LZFu: eight tokens after each byte of flags, a letter or a pair (offset in the dictionary, length)."""
    ring = bytearray(_PREFIX.ljust(_RING, b" "))
    out = bytearray()
    at, write = 0, len(_PREFIX)
    while at < len(data) and len(out) < size:
        flags, at = data[at], at + 1
        for bit in range(8):
            if flags >> bit & 1:
                pair, at = int.from_bytes(data[at : at + 2], "big"), at + 2
                places = range(pair >> 4, (pair >> 4) + (pair & 15) + 2)
                if at > len(data) or pair >> 4 == write % _RING:  # the end, as the format marks it
                    return bytes(out)
            else:
                places, at = range(-1, 0), at + 1
            for place in places:
                value = data[at - 1] if place < 0 and at <= len(data) else ring[place % _RING]
                ring[write % _RING] = value
                out.append(value)
                write += 1
    return bytes(out[:size])
