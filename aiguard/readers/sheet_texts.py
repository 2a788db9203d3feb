"""Find shared texts of a workbook that no cell shows: what was deleted with some software, or stands where none looks.

ECMA-376 Part 1, 18.4: cells of the type "s" hold the number of a text in the list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aiguard.readers.lost import passed_over
from aiguard.readers.sheet_outline import text_of
from aiguard.readers.source import paragraphs
from aiguard.readers.xmltree import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.model import Segment

_TEXT: Final = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_SHOWN: Final = re.compile(rb't="s"[^>]*>\s*<(?:[\w.-]+:)?v>\s*([0-9]{1,9})')
_STEP: Final = 250_000  # bytes that are looked through before all texts may have been seen
_LABEL: Final = "セルに表示されない文字列"


def unshown_texts(shared: bytes, sheets: Iterable[bytes], read: Iterable[Segment]) -> Segment | None:
    """Return the texts of a list (XML in UTF-8) to which no cell of the sheets points, without those read elsewhere.

    A list whose texts are all pointed at is not parsed. ReadError where it must be and is damaged.
    """
    if _all_pointed_at(len(_TEXT.findall(shared)), sheets):
        return None
    texts = dict.fromkeys(text_of(each) for each in parse_xml(shared).iter("{*}si"))
    lost = passed_over(((text, text) for text in texts), "\n".join(segment.source for segment in read))
    return paragraphs(((_LABEL, text) for text in lost), label=_LABEL, aside=True)


def _all_pointed_at(count: int, sheets: Iterable[bytes]) -> bool:
    seen: set[bytes] = set()
    for sheet in sheets:
        for start in range(0, len(sheet), _STEP):
            if len(seen) >= count:
                return True
            seen.update(_SHOWN.findall(sheet, start, start + _STEP))  # one that is cut in two costs a closer look
    return len(seen) >= count
