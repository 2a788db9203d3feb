"""Mask the text of a document: a Word file, a sheet or a mail gives a text that may be entered, not a file again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.masking.masked import Masked, mask_bytes
from aiguard.model import Limits, Style, Unchecked, Use
from aiguard.page import page_of
from aiguard.readers import is_text, read_bytes

if TYPE_CHECKING:
    from aiguard.checker import Checker

_EMPTY = Unchecked(None, "文字がありません")


def mask_file(
    data: bytes, name: str, checker: Checker, style: Style = Style.LABEL, limits: Limits | None = None
) -> Masked:
    """Mask a file of any format: a text file in place, of others what is on their pages, as UTF-8 text.

    `unchecked` then lists what of the document is not in that text because it could not be read. UsageError where
    the encoding of a text file takes no stand-ins.
    """
    if is_text(data, name):
        return mask_bytes(data, name, checker, style)
    document = read_bytes(data, name, Use.PROMPT, limits)
    page = page_of(document)
    if page is None:
        return Masked(document.unchecked or (_EMPTY,))
    masked = mask_bytes(page.text.encode("utf-8", "replace"), f"{name}.txt", checker, style)
    return masked._replace(unchecked=(*masked.unchecked, *document.unchecked))
