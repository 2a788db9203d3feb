"""Put the values of a map back into an answer, or into the masked text itself."""

from __future__ import annotations

from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aiguard.errors import ReadError, UsageError
from aiguard.mask import Restorer
from aiguard.model import Span, StandIn, StandIns, Use
from aiguard.readers import read_text
from aiguard.readers.decode import ISO_2022, Decoded, decode_as, decode_known
from aiguard.readers.jsontext import leaves
from aiguard.readers.origins import JSON, Form, origins, raw_spans
from aiguard.writers.splice import byte_spans, encode, spliced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Segment

_PLAIN = "answer.txt"
_ENCODING = "この文字コードでは、元の値を書けません。"
_MEND = "回答をUTF-8のテキスト形式で保存してから、もう一度実行してください。"


class Restored(NamedTuple):
    """Hold a restored answer, and how many stand-ins were restored and how many are not in the map."""

    data: bytes
    restored: int
    unknown: int

    def __repr__(self) -> str:
        """Keep the values out of messages."""
        return f"Restored({self.restored}, {self.unknown})"


class _Change(NamedTuple):
    start: int
    end: int
    new: bytes


class _Place(NamedTuple):
    """Hold a place for a value in the text of an answer; `delimiter` is that of a table."""

    text: str
    start: int
    end: int
    form: Form
    delimiter: str


def unmask_bytes(data: bytes, name: str, standins: StandIns) -> Restored:
    """Restore an answer called `name`; the masked text itself goes back byte for byte.

    ReadError for bytes that are no text, UsageError where the encoding of the answer cannot hold a value.
    """
    if sha256(data).hexdigest() == standins.masked:
        pieces = [(start, end, standins.items[number].raw) for start, end, number in standins.places]
        return Restored(spliced(data, pieces), len(pieces), 0)
    restorer = Restorer.of(standins)
    decoded = _read(data, standins, restorer)
    if decoded.codec == ISO_2022:
        raise UsageError(_ENCODING, _MEND)
    changes, unknown = _changes(decoded, name, standins, restorer)
    spans = byte_spans(data, decoded, [(change.start, change.end) for change in changes])
    new = [(*span, change.new) for span, change in zip(spans, changes, strict=True)]
    return Restored(spliced(data, new), len(changes), unknown)


def _read(data: bytes, standins: StandIns, restorer: Restorer) -> Decoded:
    """Read an answer; where its encoding is in doubt, that of the source decides if it shows more stand-ins."""
    try:
        known = decode_known(data)
    except ReadError:
        text = decode_as(data, standins.codec)
        if text is None or not _known(text, restorer):
            raise
        return Decoded(text, standins.codec)
    text = None if known.mark or known.codec == standins.codec else decode_as(data, standins.codec)
    if text is not None and _known(text, restorer) > _known(known.text, restorer):
        return Decoded(text, standins.codec)
    return known


def _known(text: str, restorer: Restorer) -> int:
    return sum(one.item is not None for one in restorer.find(text))


def _changes(decoded: Decoded, name: str, standins: StandIns, restorer: Restorer) -> tuple[list[_Change], int]:
    text = decoded.text
    name, segments = _segments(text, name, standins)
    changes: list[_Change] = []
    unknown = 0
    for segment, stretches in zip(segments, origins(text, name, segments), strict=True):
        for one in restorer.find(segment.source):
            places = list(raw_spans(text, stretches, Span(one.start, one.end)))
            if one.item is None or len(places) != 1:
                unknown += bool(places)
                continue
            place = _Place(text, *places[0], segment.delimiter or "")
            changes.append(_change(place, one.item, one.behind, decoded.codec, standins))
    return changes, unknown


def _segments(text: str, name: str, standins: StandIns) -> tuple[str, Sequence[Segment]]:
    """Read an answer as its suffix says; as JSON where the source was JSON and the answer is; else as plain text."""
    suffix = standins.format
    if Path(name).suffix.lower() not in JSON and suffix in JSON and leaves(text, lines=suffix != ".json"):
        name = f"answer{suffix}"
    document = read_text(text, name, Use.PROMPT)
    if document.unchecked:
        name = _PLAIN
        document = read_text(text, name, Use.PROMPT)
    return name, document.segments


def _change(place: _Place, item: StandIn, behind: str, codec: str, standins: StandIns) -> _Change:
    raw = item.raw if codec == standins.codec else None
    start, end = place.start, place.end
    if place.form is Form.STRING:
        if item.bare and place.text[start - 1 : start] == place.text[end : end + 1] == '"':
            start, end, value = start - 1, end + 1, item.text
        elif raw is not None and standins.format in JSON:
            return _Change(start, end, raw + _encoded(behind, codec))
        else:
            value = dumps(item.text, ensure_ascii=False)[1:-1]
    elif place.form is Form.QUOTED:
        value = item.text.replace('"', '""')
    elif place.form is Form.CELL and _needs_quotes(item.text, place):
        value = '"' + item.text.replace('"', '""') + '"'
    elif raw is not None and decode_as(raw, codec) == item.text:
        return _Change(start, end, raw + _encoded(behind, codec))
    else:
        value = item.text
    return _Change(start, end, _encoded(value + behind, codec))


def _needs_quotes(value: str, place: _Place) -> bool:
    """Tell whether a value would break the table that it is put back into, and fills its cell."""
    limits = ("", "\r", "\n", place.delimiter)
    alone = place.text[place.start - 1 : place.start] in limits or not place.start
    alone = alone and place.text[place.end : place.end + 1] in limits
    return alone and any(mark in value for mark in ("\r", "\n", '"', place.delimiter))


def _encoded(text: str, codec: str) -> bytes:
    encoded = encode(text, codec)
    if encoded is None:
        raise UsageError(_ENCODING, _MEND)
    return encoded
