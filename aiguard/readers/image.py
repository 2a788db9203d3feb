"""Read what a picture says of itself; what it shows is for people to look at.

No pixel is decoded, so neither the size of a picture nor a flaw in a codec matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.model import Unchecked
from aiguard.readers.exif import read_exif
from aiguard.readers.image_blocks import BLOCKS, Kind, blocks
from aiguard.readers.iptc import read_iptc
from aiguard.readers.source import paragraphs
from aiguard.readers.xmp import read_xmp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.readers.image_blocks import Block
    from aiguard.readers.source import Content, Source

_PLACE: Final = "画像の情報"
_UNSEEN: Final = "画像の中の文字は確認していません。目で見て確かめてください"
_DAMAGED: Final = "画像の情報の一部が壊れているため読めません。画像を開いて保存し直してください"


def read_image(source: Source) -> Content:
    """Read the properties of a picture as one aside segment, lines like "説明: …"; the picture itself is unchecked."""
    lines: list[str] = []
    unchecked: list[Unchecked] = []
    try:
        for number, block in enumerate(blocks(source.data, source.budget)):
            if number >= BLOCKS:
                unchecked.append(Unchecked(_PLACE, _DAMAGED))
                break
            source.budget.check_time()
            lines += _told(block)
    except ReadError as error:
        unchecked.append(Unchecked(_PLACE, error.message))
    except (ValueError, IndexError, OverflowError):
        unchecked.append(Unchecked(_PLACE, _DAMAGED))
    try:
        lines += read_xmp(source.data)
    except ReadError:
        unchecked.append(Unchecked(_PLACE, _DAMAGED))
    told = paragraphs(((_PLACE, line) for line in dict.fromkeys(lines)), label=_PLACE, aside=True)
    return (told,) if told else (), (*unchecked, Unchecked(None, _UNSEEN))


def _told(block: Block) -> Iterator[str]:
    if block.kind is Kind.EXIF:
        for line, packet in read_exif(block.data):
            if packet is None:
                yield line
            else:
                yield from read_iptc(packet)
    elif block.kind is Kind.IPTC:
        yield from read_iptc(block.data)
    elif block.kind is Kind.XMP:
        yield from read_xmp(block.data)
    else:
        yield f"{block.name}: {text}" if (text := block.data.decode("utf-8", "replace").strip()) else ""
