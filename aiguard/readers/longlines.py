"""Cut plain text at the ends of lines, and a very long line (UTF-8) inside it, where a sentence or a word ends.

A piece that begins or ends inside a line is read with some text around it, so that whatever lies across the cut is
seen whole on both sides; what is found there counts for the piece in which it begins (`belongs`).
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from aiguard.readers.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from aiguard.model import Location

REACH: Final = (
    16_000  # bytes around a piece: more than four thousand code points, the widest view of a rule but the whole
)
_STEP: Final = 1_000  # code points: from where on scopes are counted in a very long line (`Reading`)
_LEAST: Final = 16  # bytes: no piece ends inside a character
_BREAK: Final = re.compile(r"\r\n?|\n")
_MARK: Final = b"\xef\xbb\xbf"
# 。！？ and their ASCII sisters with the bracket behind them; failing that spaces and commas.
_ENDS: Final = (
    re.compile(rb"(?:\xe3\x80\x82|\xef\xbc[\x81\x9f]|[!?])(?:\xe3\x80[\x8d\x8f]|\xef\xbc\x89|[)\"])*"),
    re.compile(rb"\xe3\x80[\x80\x81]|[ \t,]"),
)


class Inside(Struct, frozen=True):
    """Say how many code points of its first line stand before a piece, and the line and column (from 0) of its end.

    `end` is None where the piece ends with its line.
    """

    column: int
    end: tuple[int, int] | None


class Cut(NamedTuple):
    """Mark where a piece ends: its bytes, and how many whole lines, and code points of one more, stand before."""

    at: int
    lines: int
    column: int


def cuts(file: BinaryIO, size: int) -> Iterator[Cut]:
    """Yield where the pieces of a text end, each of about `size` bytes, where a line is longer of half of it at least.

    A line that is no UTF-8 is not cut. Holds no more than two pieces, however long the lines are.
    """
    size = max(size, _LEAST)
    at = lines = column = 0
    held = bytearray()
    passed = 0  # bytes of the piece that are not held, since its line cannot be cut
    opens = True  # a line
    while chunk := file.readline(size):
        closes = chunk.endswith(b"\n")
        if opens and held and not closes and len(held) + len(chunk) > size:
            yield Cut(at, lines, 0)
            held.clear()
        at, opens = at + len(chunk), closes
        held += chunk
        if closes:
            lines, column = lines + 1, 0
            if passed + len(held) >= size:
                yield Cut(at, lines, 0)
                held.clear()
                passed = 0
        elif passed or (len(held) >= size and not _can_be_cut(held)):
            passed += len(held)
            held.clear()
        while not passed and not closes and len(held) > size:
            end = _end(held, size)
            lines, column = _counted(held[:end], lines, column)
            yield Cut(at - len(held) + end, lines, column)
            del held[:end]
    if passed or held:
        yield Cut(at, lines, 0)


def read_around(file: BinaryIO, span: tuple[int, int], inside: Inside) -> tuple[str, int]:
    """Return the text of a piece with what stands around it, and how many code points of its line precede that."""
    start, end = span
    begin = max(0, start - REACH) if inside.column else start
    file.seek(begin)
    data = file.read(end - begin)
    behind = file.read(REACH).decode("utf-8", "ignore") if inside.end else ""
    before = _BREAK.split(data[: start - begin].decode("utf-8", "ignore").lstrip("\ufeff"))[-1]
    most = min(len(before), inside.column)
    kept = most if most == inside.column else max(0, most - (most - inside.column) % _STEP)
    return before[len(before) - kept :] + decode(data[start - begin :]) + behind, inside.column - kept


def belongs(location: Location, lines: int, inside: Inside) -> bool:
    """Tell whether something begins in a piece, and not in what was read around it; `lines` stand before the piece."""
    place = (location.line - 1, location.column - 1)
    return (lines, inside.column) <= place and (inside.end is None or place < inside.end)


def _counted(held: bytes | bytearray, lines: int, column: int) -> tuple[int, int]:
    """Return the lines and the code points of one more that stand before the end of what follows those given."""
    text = held.decode()
    breaks = [each.end() for each in _BREAK.finditer(text)]
    if breaks:
        return lines + len(breaks), len(text) - breaks[-1]
    return lines, column + len(text) - (not column and text.startswith("\ufeff"))


def _can_be_cut(held: bytearray) -> bool:
    """Tell whether bytes, which may end inside a character, are UTF-8; ISO-2022-JP looks like ASCII but for its escapes."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(held)
    except UnicodeDecodeError:  # its message holds the bytes
        return False
    return b"\x1b" not in held


def _end(held: bytearray, size: int) -> int:
    """Return where to cut: behind the last sentence, or failing that word, or else character of the first `size` bytes."""
    for ends in _ENDS:
        found = [each.end() for each in ends.finditer(held, size // 2, size)]
        if found:
            return found[-1]
    end = size
    while held[end] & 0xC0 == 0x80 or held[end - 1 : end] == b"\r":  # noqa: PLR2004 - inside a character of UTF-8
        end -= 1
    return end
