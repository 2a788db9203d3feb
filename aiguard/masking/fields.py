"""Mask the free texts of a form together, so that one person has one stand-in in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiguard.errors import UsageError
from aiguard.masking.masked import mask_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiguard.batch import Checker

_LINE: Final = "\n\n==========\n\n"


def mask_fields(values: Mapping[str, str], checker: Checker) -> dict[str, str]:
    """Return the values, by their labels, with stand-ins; UsageError where they cannot be masked: never unmasked."""
    if any("==========" in value for value in values.values()):
        raise UsageError("「==========」の入った文章は伏せられません。", "その行を消してください。")
    text = _LINE.join(f"{label}：\n{value}" for label, value in values.items())
    masked = mask_bytes(text.encode("utf-8", "replace"), "incident.txt", checker)
    parts = masked.text.split(_LINE)
    if masked.standins is None or len(parts) != len(values):
        raise UsageError(
            "個人情報を伏せられないため、記録しませんでした。", "文章を短くして、もう一度実行してください。"
        )
    return {label: part.partition("\n")[2] for label, part in zip(values, parts, strict=True)}
