"""Replace pieces of a file's bytes: what stands outside of them is copied, never encoded again.

Python decodes some bytes of CP932 and EUC-JP to characters that it would encode otherwise, so that bytes are counted
by encoding only where that gives the very bytes of the file, and else character by character.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aiguard.readers.decode import decode_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.readers.decode import Decoded

# The extensions of EUC-JP hold the characters of stand-ins where EUC-JP itself has them.
_PLAIN: Final = {"euc_vendor": "euc_jp", "euc_jis_2004": "euc_jp"}
_UNIT: Final = {
    "cp932": re.compile(rb"[\x81-\x9f\xe0-\xfc].|.", re.DOTALL),
    "euc_jp": re.compile(rb"\x8f..|[\x8e\xa1-\xfe].|.", re.DOTALL),
}


def encode(text: str, codec: str) -> bytes | None:
    """Encode text that goes into a file of an encoding; None when it cannot hold it."""
    names = ("euc_jp", codec) if codec == "euc_jis_2004" else (_PLAIN.get(codec, codec),)
    for name in names:
        try:
            return text.encode(name)
        except ValueError:  # the error carries the text
            continue
    return None


def byte_spans(data: bytes, decoded: Decoded, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where spans of the decoded text (ascending, not overlapping) stand in the bytes.

    A span that ends inside a character of two code points is widened to the whole of it.
    """
    places = [place for span in spans for place in span]
    exact = None if decoded.codec in _PLAIN else encode(decoded.text, decoded.codec)
    if exact is not None and exact == data[decoded.mark :]:
        found = list(_counted(decoded, places))
    else:
        found = list(_walked(data, decoded, places))
    return list(zip(found[::2], found[1::2], strict=True))


def spliced(data: bytes, pieces: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Return the bytes with each piece (start, end, what goes there) replaced; pieces ascend and do not overlap."""
    parts: list[bytes] = []
    done = 0
    for start, end, new in pieces:
        parts += (data[done:start], new)
        done = end
    return b"".join((*parts, data[done:]))


def _counted(decoded: Decoded, places: Sequence[int]) -> Iterator[int]:
    done, at = 0, decoded.mark
    for place in places:
        at += len(decoded.text[done:place].encode(decoded.codec))
        done = place
        yield at


def _walked(data: bytes, decoded: Decoded, places: Sequence[int]) -> Iterator[int]:
    """Yield byte places, one character at a time; starts and ends alternate."""
    units = _UNIT[_PLAIN.get(decoded.codec, decoded.codec)].finditer(data, decoded.mark)
    count = before = 0
    at = start = decoded.mark
    for number, place in enumerate(places):
        while count < place:
            unit = next(units)
            start, before = at, count
            count += len(decode_as(unit.group(), decoded.codec) or " ")
            at = unit.end()
        inside = before < place < count and number % 2 == 0
        yield start if inside else at
