"""Put the statement of AI use (8.4) into a draft, and keep everything else byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError, UsageError
from aiguard.model import Limits
from aiguard.readers.budget import Budget
from aiguard.readers.decode import ISO_2022, decode_known
from aiguard.readers.formats import TEXT, format_of
from aiguard.readers.package import Package
from aiguard.writers.package_statement import holds, insert
from aiguard.writers.splice import encode

if TYPE_CHECKING:
    from pathlib import PurePath

_PLAIN: Final = frozenset({".txt", ".md", ".html", ".htm", ".xhtml", ""})
_BODY_END: Final = re.compile(r"</body\s*>", re.IGNORECASE)
_BODY: Final = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_FRONT: Final = re.compile(r"\A---\r?\n[\s\S]*?\n---\r?\n")
_BREAK: Final = re.compile(r"\r\n|\n|\r")
_ENCODING: Final = "この文字コードには、明示の文を書き込めません。"
_MEND: Final = "UTF-8で保存し直してから、もう一度実行してください。"
_SIGNED: Final = "電子署名があるため書き込めません（署名が無効になります）"
_SIDECAR: Final = "{name} の生成AI利用の明示\n{statement}\n"


class Stated(NamedTuple):
    """Hold a draft with its statement; where its format cannot hold one, `beside` is the text of a file beside it."""

    data: bytes = b""
    beside: str = ""
    reason: str = ""


def state(data: bytes, path: PurePath, statement: str, at: str, old: tuple[int, int] | None = None) -> Stated:
    """Return a draft with a statement at the "start", the "end" or in the "footer".

    `old` is where in the text of a text file a statement in another form stands (code points): it is replaced.
    UsageError where the encoding of a text file cannot hold the statement.
    """
    form = format_of(data, path.name)
    if form in {TEXT, "html"} and path.suffix.lower() in _PLAIN:
        return Stated(_in_text(data, statement, at, old, page=form == "html"))
    if not holds(form):
        return Stated(beside=_SIDECAR.format(name=path.name, statement=statement))
    try:
        package = _unsigned(Package(data, Budget(Limits(), len(data))))
        return Stated(insert(data, package, form, statement, at))
    except ReadError as error:
        return Stated(beside=_SIDECAR.format(name=path.name, statement=statement), reason=error.message)


def _unsigned(package: Package) -> Package:
    if any(name.startswith(("_xmlsignatures/", "META-INF/documentsignatures")) for name in package.names):
        raise ReadError(_SIGNED)
    return package


def _in_text(data: bytes, statement: str, at: str, old: tuple[int, int] | None, *, page: bool) -> bytes:
    known = decode_known(data)
    text = known.text
    if old:
        start, end, new = *old, statement
    elif page:
        start, new = _place_in_page(text, at), f"<p>{statement}</p>"
        end = start
    else:
        start, new = _place_in_text(text, statement, at)
        end = start
    return _encoded(data, known.codec, known.mark, (text[:start], new, text[end:]))


def _place_in_page(text: str, at: str) -> int:
    found = _BODY.search(text) if at == "start" else None
    if found:
        return found.end()
    closes = list(_BODY_END.finditer(text))
    return closes[-1].start() if closes and at != "start" else 0 if at == "start" else len(text)


def _place_in_text(text: str, statement: str, at: str) -> tuple[int, str]:
    """Return where a line of its own goes, and that line with its breaks; the file then ends as it did."""
    found = _BREAK.search(text)
    line = found[0] if found else "\n"
    if at == "start":
        front = _FRONT.match(text)
        return (front.end() if front else 0), f"{statement}{line}{line}"
    body = text.rstrip()
    tail = text[len(body) :]
    return len(body), f"{line}{line}{statement}" if tail or body else statement


def _encoded(data: bytes, codec: str, mark: int, parts: tuple[str, str, str]) -> bytes:
    """Encode the parts; what stands before and behind the statement keeps its bytes."""
    if codec == ISO_2022:
        raise UsageError(_ENCODING, _MEND)
    encoded = [encode(part, codec) for part in parts]
    before, new, after = encoded
    if before is None or new is None or after is None or not data[mark:].startswith(before) or not data.endswith(after):
        raise UsageError(_ENCODING, _MEND)
    return data[:mark] + before + new + after
