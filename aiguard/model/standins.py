"""Hold what stands for personal values in a text that may be entered, and the way back."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

SCHEMA = 1


class Style(StrEnum):
    """Say what stand-ins look like: 〔氏名1〕, or A氏 where a person or a place is meant."""

    LABEL = "label"
    ALIAS = "alias"


class Found(Struct, frozen=True):
    """Hold a value that is to be replaced: unmasked; lives inside the masking only.

    `start` and `end` are code points in the text of the file, `text` is what a person reads there, `raw` the bytes.
    `bare` says that the value is a number of JSON, whose stand-in needs quotation marks.
    """

    start: int
    end: int
    entity: str
    text: str
    raw: bytes
    bare: bool = False

    def __repr__(self) -> str:
        """Keep the value out of messages."""
        return f"Found({self.entity})"


class StandIn(Struct, frozen=True):
    """Pair a stand-in with the written form that it replaces."""

    name: str
    entity: str
    text: str
    raw: bytes
    bare: bool = False

    def __repr__(self) -> str:
        """Keep the value out of messages."""
        return f"StandIn({self.name})"


class StandIns(Struct, frozen=True):
    """Hold the way back from a masked text.

    `codec` is what the bytes of the values are encoded in, `format` the suffix of the file. `masked` is the SHA-256
    of the masked bytes, and `places` (start, end, number of the item) say where in them stand-ins are: the masked
    text itself goes back byte for byte, whatever it looks like.
    """

    style: Style
    codec: str
    format: str
    masked: str
    items: tuple[StandIn, ...]
    places: tuple[tuple[int, int, int], ...]
    schema: int = SCHEMA
    kind: str = "aiguard stand-ins"
