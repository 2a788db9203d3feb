"""Read mails (.eml) and saved pages (.mht): headers, bodies and, recursively, what is attached (RFC 5322, RFC 2045)."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.model import Segment, Unchecked
from aiguard.readers.declared import decode_declared
from aiguard.readers.decode import decode
from aiguard.readers.eml_words import decoded_words, uuencoded
from aiguard.readers.html import html_text
from aiguard.readers.source import joined, labelled, only, paragraphs, refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from email.message import Message

    from aiguard.readers.budget import Budget
    from aiguard.readers.source import Content, Source

_HEADERS: Final = {
    "subject": "件名", "from": "差出人", "sender": "差出人", "to": "宛先", "cc": "Cc", "bcc": "Bcc", "reply-to": "返信先",
}  # fmt: skip
_NAMING: Final = frozenset({"content-type", "content-disposition"})  # what they name is read with the attachment
_PLAIN_HEADERS: Final = frozenset("mime-version content-transfer-encoding content-id date message-id".split())
_LOCKED: Final = "暗号化されたメールのため読めません。開いて、本文をテキスト形式で保存してください"
_SEALED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_TNEF: Final = "winmail.dat は読めません。Outlookで開き、.msg形式かテキスト形式で保存してください"
_UNREADABLE: Final = "文字コードが分からず読めない文字があります。本文をテキスト形式で保存してください"
_ARMOUR: Final = "-----BEGIN PGP MESSAGE-----"
_CUSTOMARY: Final = (
    "This is a multi-part message",
    "This is a multipart message",
    "This is a cryptographically signed",
)
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
    """Hold what is attached: a part of the mail, or data that stood in its text; `name` is its own, if it has one."""

    name: str
    part: Message | None
    data: bytes = b""


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
    parts = tuple(_parts(mail))
    for part in parts:
        source.budget.check_time()
        _sort(part, source.budget, bodies, attached, unchecked)
    return joined(
        (
            _headers(mail),
            _inner_headers(parts[1:]),
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
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            waiting.extend(reversed([each for each in part.get_payload() if hasattr(each, "get_content_type")]))  # type: ignore[misc]


def _sort(
    part: Message,
    budget: Budget,
    bodies: list[tuple[str, Content]],
    attached: list[_Attached],
    unchecked: list[Unchecked],
) -> None:
    """Put a part where it belongs: a body, an attachment, or what cannot be read."""
    kind, name = part.get_content_type(), _name(part)
    if kind in _SEALED and (part.get_param("smime-type") or "enveloped-data") != "signed-data":
        unchecked.append(Unchecked(None, _LOCKED))
    elif kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        unchecked.append(Unchecked(None, _TNEF))
    elif kind == "message/rfc822":
        attached.append(_Attached(name, part))
    elif part.is_multipart():
        bodies.append(("", _around(part)))
    elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment" and not name:
        text = _decoded(part)
        bodies.append((kind, labelled(html_text(text, budget), "HTMLの本文") if kind == "text/html" else _text(text)))
        attached += (_Attached(*each) for each in uuencoded(text))
        unchecked += [Unchecked(None, _LOCKED)] * (_ARMOUR in text)
        unchecked += [Unchecked(None, _UNREADABLE)] * ("\ufffd" in text)
    elif kind != "application/pkcs7-signature":
        attached.append(_Attached(name, part))
    if _is_broken(part):
        unchecked.append(Unchecked(None, _BROKEN))


def _is_broken(part: Message) -> bool:
    """Tell whether a part was found damaged when it was parsed or, so far, decoded."""
    return not _DEFECTS.isdisjoint(type(defect).__name__ for defect in part.defects)


def _around(part: Message) -> Content:
    """Read what stands before the first part and after the last one, which mail programs do not show."""
    lines = [each for text in (part.preamble, part.epilogue) for each in _raw(text or "").splitlines()]
    told = [("外側の文字", line) for line in lines if not line.startswith(_CUSTOMARY)]
    segment = paragraphs(told, label="メールに見えない部分", aside=True)
    return only(segment)


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
        elif _tells(name.lower(), value):
            rest.append(("ヘッダー", f"{name}: {value}"))
    segments = (paragraphs(shown, label="見出し"), paragraphs(rest, label="ヘッダー", aside=True))
    return tuple(each for each in segments if each), ()


def _inner_headers(parts: Iterable[Message]) -> Content:
    """Read what the headers of the parts tell beside their kinds and names: descriptions, and what strayed there."""
    told = ((name, _header(raw)) for part in parts for name, raw in part.raw_items())
    lines = (("ヘッダー", f"{name}: {value}") for name, value in told if _tells(name.lower(), value))
    return only(paragraphs(dict.fromkeys(lines), label="添付のヘッダー", aside=True))


def _tells(name: str, value: str) -> bool:
    """Tell whether a header may say something: any that is not customary, and those where they hold no mere ASCII."""
    return name not in _NAMING and (name not in _PLAIN_HEADERS or not value.isascii())


def _header(raw: object) -> str:
    """Decode a header (RFC 2047), also of those that wrote the bytes of their encoding as they are."""
    text = decoded_words(_raw(str(raw)), _bytes)
    return _GAP.sub(" ", text).strip()


def _raw(text: str) -> str:
    """Decode the bytes that the parser left as they were."""
    return _bytes(text.encode("utf-8", "surrogateescape"), None) if _ESCAPED.search(text) else text


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    return _bytes(data if isinstance(data, bytes) else b"", part.get_content_charset())


def _bytes(data: bytes, charset: str | None) -> str:
    """Decode by the charset that is declared, with what Windows adds to it; else by what the bytes allow."""
    try:
        return decode_declared(data, charset)
    except ReadError:
        japanese = (charset or "").lower().startswith(("shift", "iso-2022"))
        return data.decode("cp932" if japanese else "utf-8", "replace")


def _name(part: Message) -> str:
    """Return the name of an attachment (RFC 2231, and RFC 2047 as most programs write it), without folders."""
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return ""
    return _header(name).replace("\\", "/").rpartition("/")[2]


def _made_up(kind: str) -> str:
    """Return a name that tells nothing but the format."""
    from mimetypes import guess_extension

    return "attached.eml" if kind == "message/rfc822" else f"attached{guess_extension(kind) or ''}"


def _attachment(each: _Attached, number: int, source: Source) -> Content:
    label = f"{number}件目の添付（{each.name or '名前なし'}）"
    kind = each.part.get_content_type() if each.part else ""
    name = each.name or _made_up(kind)
    if kind == "message/rfc822" and not name.lower().endswith(".eml"):
        name = f"{name}.eml"
    data = each.data if each.part is None else _content(each.part)
    source.budget.member()
    if data is None:
        return refused(_BROKEN, label)
    source.budget.unpack(len(data))
    content = source.read_member(data, name, label)
    return joined((content, refused(_BROKEN, label))) if each.part and _is_broken(each.part) else content


def _content(part: Message) -> bytes | None:
    """Return the bytes of an attachment, of an attached mail as they stand; None where there are none."""
    if part.is_multipart():
        inner = part.get_payload()
        mail = inner[0] if isinstance(inner, list) and inner else None
        return mail.as_bytes() if mail is not None and hasattr(mail, "as_bytes") else None
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else None
