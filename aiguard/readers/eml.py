"""Read mails (.eml) and saved pages (.mht): headers, bodies and, recursively, what is attached (RFC 5322, RFC 2045)."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.model import Segment, Unchecked
from aiguard.readers.decode import decode
from aiguard.readers.html import html_text
from aiguard.readers.source import joined, labelled, paragraphs, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from aiguard.readers.source import Content, Source

_HEADERS: Final = {
    "subject": "件名", "from": "差出人", "sender": "差出人", "to": "宛先", "cc": "Cc", "bcc": "Bcc", "reply-to": "返信先",
}  # fmt: skip
_PLAIN_HEADERS: Final = frozenset(
    "mime-version content-type content-transfer-encoding content-disposition content-id date message-id".split()
)
_LOCKED: Final = "暗号化されたメールのため読めません。開いて、本文をテキスト形式で保存してください"
_SEALED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_TNEF: Final = "winmail.dat は読めません。Outlookで開き、.msg形式かテキスト形式で保存してください"
_BROKEN: Final = "添付の一部が壊れているため、読めたところまでを確認しました"
_NO_MAIL: Final = "メールとして読めません。テキスト形式で保存してください"
_DEEP: Final = "入れ子が深すぎるため読めません"
_HEADER: Final = re.compile(rb"[!-9;-~]{1,60}:[ \t]?[^\n]*\n|From [^\n]{1,200}\n")
_GAP: Final = re.compile(r"\s+")
_ESCAPED: Final = re.compile("[\udc80-\udcff]")
_BOUNDARIES: Final = 2_000  # parts within parts: more is an attack, and the standard parser recurses into each
_DEFECTS: Final = frozenset(
    "NoBoundaryInMultipartDefect StartBoundaryNotFoundDefect CloseBoundaryNotFoundDefect InvalidBase64PaddingDefect "
    "InvalidBase64CharactersDefect InvalidBase64LengthDefect MultipartInvariantViolationDefect".split()
)


class _Attached(NamedTuple):
    part: Message
    name: str


def read_eml(source: Source) -> Content:
    """Read a mail; a file that has no header at all is read as the text it is."""
    if not _HEADER.match(source.data.lstrip(b"\r\n\xef\xbb\xbf")):
        return (Segment(decode(source.data)),), ()
    if source.data.lower().count(b"boundary=") > _BOUNDARIES:
        raise ReadError(_DEEP)
    try:
        mail = message_from_bytes(source.data, policy=policy.compat32)
        return _mail(mail, source)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, KeyError, IndexError):
        raise ReadError(_NO_MAIL) from None


def _mail(mail: Message, source: Source) -> Content:
    bodies: list[tuple[str, Content]] = []
    attached: list[_Attached] = []
    unchecked: list[Unchecked] = []
    for part in _parts(mail):
        source.budget.check_time()
        _sort(part, bodies, attached, unchecked)
    return joined(
        (
            _headers(mail),
            *_distinct(bodies),
            *(_attachment(each, number, source) for number, each in enumerate(attached, 1)),
            ((), tuple(dict.fromkeys(unchecked))),
        )
    )


def _parts(mail: Message) -> Iterator[Message]:
    """Yield the parts that hold something, without going into mails that are attached, and without recursion."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        yield part
        if part.is_multipart() and (part is mail or part.get_content_type() != "message/rfc822"):
            waiting.extend(reversed([each for each in part.get_payload() if hasattr(each, "get_content_type")]))  # type: ignore[misc]


def _sort(
    part: Message, bodies: list[tuple[str, Content]], attached: list[_Attached], unchecked: list[Unchecked]
) -> None:
    """Put a part where it belongs: a body, an attachment, or what cannot be read."""
    kind, name = part.get_content_type(), _name(part)
    if {type(defect).__name__ for defect in part.defects} & _DEFECTS:
        unchecked.append(Unchecked(None, _BROKEN))
    if kind in _SEALED and (part.get_param("smime-type") or "enveloped-data") != "signed-data":
        unchecked.append(Unchecked(None, _LOCKED))
    elif kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        unchecked.append(Unchecked(None, _TNEF))
    elif kind == "message/rfc822":
        attached.append(_Attached(part, name or "メール.eml"))
    elif part.is_multipart():
        if part.preamble and part.preamble.strip() and not part.preamble.isascii():
            bodies.append(("", _text(part.preamble)))
    elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment" and not name:
        text = _decoded(part)
        bodies.append((kind, labelled(html_text(text), "HTMLの本文") if kind == "text/html" else _text(text)))
    elif kind != "application/pkcs7-signature":
        attached.append(_Attached(part, name or _made_up(kind)))


def _distinct(bodies: list[tuple[str, Content]]) -> Iterator[Content]:
    """Yield the bodies; one in HTML that says what the plain one says is left out, but for what it hides."""
    said = {
        _GAP.sub("", segment.source) for kind, (segments, _) in bodies if kind != "text/html" for segment in segments
    }
    for kind, (segments, unchecked) in bodies:
        if kind != "text/html":
            yield segments, unchecked
        else:
            yield tuple(one for one in segments if one.aside or _GAP.sub("", one.source) not in said), unchecked


def _text(text: str) -> Content:
    text = text.replace("\r\n", "\n")
    return ((Segment(text, label="本文"),), ()) if text.strip() else ((), ())


def _headers(mail: Message) -> Content:
    """Read the headers: those that a reader sees, and aside the rest, which tell of hosts and ways."""
    shown: list[tuple[str, str]] = []
    rest: list[tuple[str, str]] = []
    for name, raw in mail.raw_items():
        value = _header(raw)
        known = _HEADERS.get(name.lower())
        if known:
            shown.append((known, f"{known}: {value}"))
        elif name.lower() not in _PLAIN_HEADERS:
            rest.append(("ヘッダー", f"{name}: {value}"))
    segments = (paragraphs(shown, label="見出し"), paragraphs(rest, label="ヘッダー", aside=True))
    return tuple(each for each in segments if each), ()


def _header(raw: object) -> str:
    """Decode a header (RFC 2047), also of those that wrote the bytes of their encoding as they are."""
    from email.header import decode_header

    text = str(raw)
    if _ESCAPED.search(text):
        text = _bytes(text.encode("utf-8", "surrogateescape"), None)
    try:
        pieces = decode_header(text)
    except (MessageError, ValueError):
        return text
    return _GAP.sub(" ", "".join(_piece(piece, charset) for piece, charset in pieces)).strip()


def _piece(piece: str | bytes, charset: str | None) -> str:
    """Decode a piece of a header; what is not encoded comes as text, or as bytes that `decode_header` made of it."""
    if isinstance(piece, str):
        return piece
    return _bytes(piece, charset) if charset else piece.decode("raw_unicode_escape")


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    return _bytes(data if isinstance(data, bytes) else b"", part.get_content_charset())


def _bytes(data: bytes, charset: str | None) -> str:
    """Decode by the charset that is declared, with what Windows adds to it; else by what the bytes allow."""
    wider = {"shift_jis": ("cp932",), "iso-2022-jp": ("iso2022_jp", "iso2022_jp_ext"), "us-ascii": ()}
    name = (charset or "").lower()
    for codec in wider.get(name, (name,) if name else ()):
        try:
            return data.decode(codec)
        except (LookupError, UnicodeDecodeError):
            continue
    try:
        return decode(data)
    except ReadError:
        return data.decode("cp932" if name.startswith(("shift", "iso-2022")) else "utf-8", "replace")


def _name(part: Message) -> str:
    """Return the name of an attachment (RFC 2231, and RFC 2047 as most programs write it), without folders."""
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return ""
    return _header(name).replace("\\", "/").rpartition("/")[2]


def _made_up(kind: str) -> str:
    from mimetypes import guess_extension

    return f"名前なし{guess_extension(kind) or ''}"


def _attachment(each: _Attached, number: int, source: Source) -> Content:
    label = f"{number}件目の添付（{each.name}）"
    source.budget.member()
    if each.part.get_content_type() == "message/rfc822":
        inner = each.part.get_payload()
        mail = inner[0] if isinstance(inner, list) and inner else None
        data = mail.as_bytes() if mail is not None and hasattr(mail, "as_bytes") else b""
        return source.read_member(data, each.name if each.name.endswith(".eml") else f"{each.name}.eml", label)
    data = each.part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return refused(_BROKEN, label)
    source.budget.unpack(len(data))
    return source.read_member(data, each.name, label)
