"""Replace what is personal in the bytes of a file, and scan what came of it as anybody else would."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aiguard import resources
from aiguard.batch import report_document
from aiguard.errors import UsageError
from aiguard.mask import Lexicons, allocate, spelled
from aiguard.masking.pieces import Placed, apart, in_source, look_alikes, personal, without
from aiguard.model import DocumentReport, Found, StandIns, Style, Use
from aiguard.readers import read_bytes, read_text
from aiguard.readers.decode import ISO_2022, Decoded, decode_as, decode_known
from aiguard.readers.origins import Form, readable
from aiguard.scanner import scan
from aiguard.text import ITAIJI
from aiguard.writers.splice import byte_spans, encode, spliced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.checker import Checker
    from aiguard.masking.pieces import Piece
    from aiguard.model import Unchecked

_ROUNDS = 5
_ENCODING = "この文字コードのままでは、値を置き換えられません。"
_MEND = "UTF-8のテキスト形式で保存してから、もう一度実行してください。"


class Masked(NamedTuple):
    """Hold a masked file, the way back, and what a scan still finds in it; nothing but `unchecked` if none was made.

    `source` lists the pieces of the source that were replaced, in code points.
    """

    unchecked: tuple[Unchecked, ...] = ()
    data: bytes = b""
    text: str = ""
    standins: StandIns | None = None
    remaining: DocumentReport | None = None
    source: tuple[tuple[int, int], ...] = ()

    def __repr__(self) -> str:
        """Keep the values out of messages."""
        return "Masked()"


class _File(NamedTuple):
    data: bytes
    decoded: Decoded
    name: str


class _Rendered(NamedTuple):
    data: bytes
    text: str
    placed: tuple[Placed, ...]
    standins: StandIns


def mask_bytes(data: bytes, name: str, checker: Checker, style: Style = Style.LABEL) -> Masked:
    """Mask the bytes of a file called `name`, whose suffix decides how it is read.

    Losing names may let other rules see more, so that it is scanned again until nothing personal is found.
    UsageError where the encoding of the file takes no stand-ins.
    """
    document = read_bytes(data, name, Use.PROMPT)
    hits, late = scan(document, checker.compiled)
    if document.unchecked or late:
        return Masked((*document.unchecked, *late))
    file = _File(data, decode_known(data), name)
    text = file.decoded.text
    found = apart(personal(document, text, hits, checker))
    pieces = apart((*without(look_alikes(document, text), found), *found))
    rendered = _render(file, pieces, checker, style)
    again = read_text(rendered.text, name, Use.PROMPT)
    for _ in range(_ROUNDS):
        seen = personal(again, rendered.text, scan(again, checker.compiled)[0], checker)
        more = in_source(seen, rendered.placed)
        if not more:
            break
        pieces = apart((*pieces, *more))
        rendered = _render(file, pieces, checker, style)
        again = read_text(rendered.text, name, Use.PROMPT)
    source = tuple((piece.start, piece.end) for piece in pieces)
    return Masked((), rendered.data, rendered.text, rendered.standins, report_document(again, checker), source)


def _render(file: _File, pieces: Sequence[Piece], checker: Checker, style: Style) -> _Rendered:
    data, decoded, _ = file
    if decoded.codec == ISO_2022:
        raise UsageError(_ENCODING, _MEND)
    spans = byte_spans(data, decoded, [(piece.start, piece.end) for piece in pieces])
    found = tuple(_found(file, piece, span) for piece, span in zip(pieces, spans, strict=True))
    items = allocate(found, decoded.text, style=style, lexicons=_lexicons(checker))
    text = decoded.text
    written = [spelled(item, text[piece.end : piece.end + 8]) for item, piece in zip(items, pieces, strict=True)]
    encoded = [encode(name, decoded.codec) or b"" for name in written]
    if not all(encoded):
        raise UsageError(_ENCODING, _MEND)
    masked = spliced(data, [(*span, new) for span, new in zip(spans, encoded, strict=True)])
    text, placed = _replaced(text, pieces, written)
    if decode_as(masked[decoded.mark :], decoded.codec) != text:
        raise UsageError(_ENCODING, _MEND)
    distinct = tuple({item.name: item for item in items}.values())
    numbers = {item.name: number for number, item in enumerate(distinct)}
    places = _places(spans, encoded, [numbers[item.name] for item in items])
    standins = StandIns(
        style, decoded.codec, Path(file.name).suffix.lower(), sha256(masked).hexdigest(), distinct, places
    )
    return _Rendered(masked, text, placed, standins)


def _found(file: _File, piece: Piece, span: tuple[int, int]) -> Found:
    value = readable(file.decoded.text[piece.start : piece.end], piece.form)
    raw = file.data[span[0] : span[1]]
    return Found(piece.start, piece.end, piece.entity, value, raw, piece.form is Form.NUMBER)


def _replaced(text: str, pieces: Sequence[Piece], written: Sequence[str]) -> tuple[str, tuple[Placed, ...]]:
    parts: list[str] = []
    placed: list[Placed] = []
    done = length = 0
    for piece, new in zip(pieces, written, strict=True):
        parts += (text[done : piece.start], new)
        start = length + piece.start - done
        length, done = start + len(new), piece.end
        placed.append(Placed(start, length, piece.start, piece.end))
    return "".join((*parts, text[done:])), tuple(placed)


def _places(
    spans: Sequence[tuple[int, int]], encoded: Sequence[bytes], numbers: Sequence[int]
) -> tuple[tuple[int, int, int], ...]:
    """Return where in the masked bytes each stand-in is."""
    places = []
    shift = 0
    for (start, end), new, number in zip(spans, encoded, numbers, strict=True):
        places.append((start + shift, start + shift + len(new), number))
        shift += len(new) - (end - start)
    return tuple(places)


def _lexicons(checker: Checker) -> Lexicons:
    root = checker.pack.root
    families = resources.lexicon(root, "surnames") | resources.lexicon(root, "surname-readings")
    givens = resources.lexicon(root, "given-names") | resources.lexicon(root, "given-readings")
    return Lexicons(families, givens, ITAIJI)
