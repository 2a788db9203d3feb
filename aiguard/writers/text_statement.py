"""Put a statement into a plain text or an HTML page; the bytes around it stay as they are."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from aiguard.errors import ReadError, UsageError
from aiguard.readers.decode import ISO_2022, Decoded, decode_known
from aiguard.readers.jis import decode_iso_2022
from aiguard.writers.splice import byte_spans, encode, spliced

_BREAK: Final = re.compile(r"\r\n|\n|\r")
_FRONT: Final = re.compile(r"---[ \t]*(?:\r\n|\n|\r)[\s\S]*?(?:\r\n|\n|\r)(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r)")
_ESCAPE: Final = re.compile(rb"\x1b(?:\$\(?[@-D]|\([ABIJ])")
_ASCII: Final = b"\x1b(B"
_UNSHIFTED: Final = (_ASCII, b"\x1b(J")
# Tags end before the next one, also in quotes: a page of tags left open is read once.
_TAG: Final = r"""(?:[^"'<>]|"[^"<]*+"|'[^'<]*+')*+>"""
_BODY: Final = re.compile(rf"<body(?=[\s>/]){_TAG}", re.IGNORECASE)
_BODY_END: Final = re.compile(r"</body\s*>", re.IGNORECASE)
_FOOTER_END: Final = re.compile(r"</footer\s*>", re.IGNORECASE)
_HEAD_END: Final = re.compile(rf"</head\s*>|<html(?=[\s>/]){_TAG}|<!doctype\b[^<>]*+>|<\?xml\b[^<>]*+>", re.IGNORECASE)
# What a browser does not take for elements, with what ends it.
_APART: Final = re.compile(
    r"<!--|<!\[CDATA\[|<(script|style|textarea|title|template|noscript|xmp)(?=[\s>/])", re.IGNORECASE
)
_ENDS: Final = {"<!--": "-->", "<![cdata[": "]]>"}
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_HEAD: Final = 4096
_MARKED: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ENCODING: Final = "この文字コードには、明示の文を書き込めません。"
_MEND: Final = "UTF-8で保存し直してから、もう一度実行してください。"


def insert_text(data: bytes, statement: str, at: str, *, note: bool = False) -> bytes:
    """Return a text with a statement as a line of its own, parted by a blank line; it then ends as it did.

    `note` says that the text is Markdown: its front matter stays first. "footer" is the end. UsageError where the
    encoding cannot hold the statement, ReadError where the bytes are no text.
    """
    known = decode_known(data)
    place, new = _place_in_text(known.text, statement, at, note=note)
    return _put(data, known, (place, place), new)


def replace_text(data: bytes, span: tuple[int, int], old: str | None, statement: str) -> bytes | None:
    """Return a text in which a statement stands for what is at a span (code points); None where that is not `old`."""
    known = decode_known(data)
    if old is not None and known.text[span[0] : span[1]] != old:
        return None
    return _put(data, known, span, statement)


def text_of(data: bytes, *, page: bool) -> str:
    """Return the text of a file, or the source of a page."""
    return (_decoded_page(data) if page else decode_known(data)).text


def insert_page(data: bytes, statement: str, at: str) -> bytes:
    """Return a page with a statement as a paragraph: behind <body>, before </body>, or before the last </footer>."""
    known = _decoded_page(data)
    place = _place_in_page(known.text, at)
    return _put(data, known, (place, place), f"<p>{escape(statement, quote=False)}</p>", page=True)


def replace_page(data: bytes, old: str, statement: str) -> bytes | None:
    """Return a page in which a statement stands for `old`; None where that is not once in its source, in one piece."""
    known = _decoded_page(data)
    source, wanted = _visible(known.text), escape(old, quote=False)
    if not wanted or source.count(wanted) != 1:
        return None
    start = source.index(wanted)
    if source.rfind("<", 0, start) > source.rfind(">", 0, start):
        return None  # inside a tag
    return _put(data, known, (start, start + len(wanted)), escape(statement, quote=False), page=True)


def _place_in_text(text: str, statement: str, at: str, *, note: bool) -> tuple[int, str]:
    """Return where the statement goes, and what goes there, with the line breaks of the text."""
    breaks = _BREAK.findall(text[:_HEAD] if at == "start" else text[-_HEAD:])
    line = (breaks[0] if at == "start" else breaks[-1]) if breaks else (_BREAK.findall(text) or ["\n"])[0]
    body = text.rstrip()
    if not body:
        return 0, statement
    if at == "start":
        front = _FRONT.match(text) if note else None
        return (front.end() if front else 0), f"{statement}{line}{line}"
    return len(body), f"{line}{line}{statement}"


def _place_in_page(text: str, at: str) -> int:
    shown = _visible(text)
    if at == "start":
        opened = _BODY.search(shown)
        heads = [opened] if opened else list(_HEAD_END.finditer(shown))
        return heads[-1].end() if heads else 0
    feet = list(_FOOTER_END.finditer(shown)) if at == "footer" else []
    closes = feet or list(_BODY_END.finditer(shown))
    return closes[-1].start() if closes else len(text.rstrip())


def _visible(text: str) -> str:
    """Return a page with blanks in place of comments, scripts and the like; it is as long as it was."""
    parts: list[str] = []
    done = 0
    lowered = text.lower() if len(text.lower()) == len(text) else text
    while opened := _APART.search(text, done):
        mark = opened[0].lower()
        close = lowered.find(_ENDS.get(mark) or f"</{mark[1:]}", opened.end())
        stop = close if close >= 0 else len(text)
        parts += (text[done : opened.start()], " " * (stop - opened.start()))
        done = stop
        if close < 0:
            break
    return "".join((*parts, text[done:]))


def _decoded_page(data: bytes) -> Decoded:
    """Decode a page as its reader does: by its mark, by its `meta`, by its bytes."""
    from aiguard.readers.declared import decode_declared

    declared = None if data.startswith(_MARKED) else _CHARSET.search(data[:_HEAD])
    name = declared[1].decode("ascii").lower() if declared else None
    try:
        known = decode_known(data)
    except ReadError:
        known = None
    text = decode_declared(data, name, wide=False)
    if known is not None and known.text == text:
        return known
    for codec in (name, "cp932", "euc_jp", "gb18030", "big5hkscs", "cp949", "utf-8"):
        try:
            if codec and data.decode(codec) == text and text.encode(codec) == data:
                return Decoded(text, codec)
        except (LookupError, ValueError):
            continue
    raise UsageError(_ENCODING, _MEND)


def _put(data: bytes, known: Decoded, span: tuple[int, int], new: str, *, page: bool = False) -> bytes:
    """Put text in the place of a stretch of a file; a page holds as references what its encoding does not."""
    codec = "iso2022_jp" if known.codec == ISO_2022 else known.codec
    if page:
        new = "".join(each if encode(each, codec) is not None else f"&#{ord(each)};" for each in new)
    encoded = encode(new, codec)
    places = _places_in_jis(data, known.text, span) if known.codec == ISO_2022 else byte_spans(data, known, [span])[0]
    if encoded is None or places is None:
        raise UsageError(_ENCODING, _MEND)
    done = spliced(data, [(*places, encoded)])
    # With few bytes an encoding is a guess, which may now be another one.
    read = _decoded_page(done) if page else decode_known(done)
    if read.text != known.text[: span[0]] + new + known.text[span[1] :]:
        raise UsageError(_ENCODING, _MEND)
    return done


def _places_in_jis(data: bytes, text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Return where a stretch of ISO-2022-JP stands in its bytes; None where it begins or ends among shifted ones.

    At the ends of lines the bytes are ASCII (RFC 1468).
    """
    start, end = (_place_in_jis(data, text, place) for place in span)
    return None if start is None or end is None else (start, end)


def _place_in_jis(data: bytes, text: str, place: int) -> int | None:
    begin = 0
    for _ in range(text.count("\n", 0, place)):
        begin = data.index(b"\n", begin) + 1
    stop = data.find(b"\n", begin)
    line = data[begin : stop if stop >= 0 else len(data)]
    column = place - (text.rfind("\n", 0, place) + 1)
    at, shift = 0, _ASCII
    for found in (*_ESCAPE.finditer(line), None):
        piece = line[at : found.start() if found else len(line)]
        if shift in _UNSHIFTED and column <= len(piece):
            return begin + at + column
        column -= len(piece if shift in _UNSHIFTED else decode_iso_2022(shift + piece + _ASCII) or "")
        if found is None or column < 0:
            return None
        at, shift = found.end(), found[0]
    return None
