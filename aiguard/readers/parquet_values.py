"""Say the values of a Parquet file as lines of text, each with the pointer to where it stands in its record.

A record is said as a line of JSON Lines is (`jsontext`): `/messages/0/content` is the text of the first message.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from aiguard.readers.jsontext import Leaf, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIDNIGHT: Final = dt.time()
_WHOLE: Final = 1e15  # up to which a float holds a whole number exactly
_CONTROLS: Final = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")


class Opaque:
    """Stand for a value that nobody could say: bytes of a picture, a time that no calendar has."""


OPAQUE: Final = Opaque()


def leaves(value: Any, pointer: str, key: str | None) -> Iterator[Leaf | Opaque]:  # noqa: ANN401 - whatever is in it
    """Yield a line for each value of a record, and `OPAQUE` for each that cannot be said; what is empty has its key."""
    if isinstance(value, dict):
        yield from _inside(pointer, key, ((str(name), each) for name, each in value.items()))
    elif isinstance(value, list):
        yield Leaf(0, pointer, key, None)
        for at, each in enumerate(value):
            # A pair of a map goes by its key, as a member of an object does.
            pair = isinstance(each, tuple)
            name = _said(each[0]) if pair else None
            step = str(at) if not isinstance(name, str) else escaped(name)
            yield from leaves(each[1] if pair else each, f"{pointer}/{step}", name if isinstance(name, str) else None)
    else:
        said = _said(value)
        if isinstance(said, Opaque):
            yield said
        if key is not None or isinstance(said, str):
            yield Leaf(0, pointer, key, said if isinstance(said, str) else None)


def _inside(pointer: str, key: str | None, members: Iterator[tuple[str, Any]]) -> Iterator[Leaf | Opaque]:
    if key is not None:
        yield Leaf(0, pointer, key, None)
    for name, each in members:
        yield from leaves(each, f"{pointer}/{escaped(name)}", name)


def _said(value: Any) -> str | Opaque | None:  # noqa: ANN401 - see above
    """Write a value as people do; truths and what is missing say nothing."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float):
        return str(int(value)) if -_WHOLE < value < _WHOLE and value.is_integer() else f"{value:.15g}"
    if isinstance(value, bytes):
        return _text(value)
    return _rare(value)


def _text(value: bytes) -> str | Opaque:
    try:
        text = value.decode()
    except UnicodeDecodeError:  # its message holds the bytes
        return OPAQUE
    return OPAQUE if _CONTROLS.search(text) else text


def _rare(value: Any) -> str | Opaque:  # noqa: ANN401 - see above
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, int | dt.timedelta | UUID) else OPAQUE
