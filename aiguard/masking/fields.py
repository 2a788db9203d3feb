"""Mask the free texts of a form together, so that one person has one stand-in in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from aiguard.errors import UsageError
from aiguard.masking.masked import mask_bytes
from aiguard.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiguard.checker import Checker
    from aiguard.model import DocumentReport
    from aiguard.model.standins import StandIn

_SHORTEST = 10


class MaskedFields(NamedTuple):
    """Hold texts with stand-ins by their labels, what a scan of them still finds (titles), and the way back."""

    texts: dict[str, str]
    remaining: tuple[str, ...]
    standins: tuple[StandIn, ...]

    def __repr__(self) -> str:
        """Keep the values out of messages."""
        return "MaskedFields()"


def mask_fields(values: Mapping[str, str], checker: Checker) -> MaskedFields:
    """Return the values, by their labels, with stand-ins; UsageError where they cannot be masked: never unmasked."""
    checker, line = _strict(checker), _line(values.values())
    text = line.join(f"{label}：\n{value}" for label, value in values.items())
    masked = mask_bytes(text.encode("utf-8", "replace"), "incident.txt", checker)
    parts = masked.text.split(line)
    if masked.standins is None or len(parts) != len(values):
        raise UsageError(
            "個人情報を伏せられないため、記録しませんでした。", "文章を短くして、もう一度実行してください。"
        )
    texts = {label: part.partition("\n")[2] for label, part in zip(values, parts, strict=True)}
    return MaskedFields(texts, _titles(masked.remaining, checker), masked.standins.items)


def _strict(checker: Checker) -> Checker:
    """Return a checker to which an address in the organisation's own domain is personal: it often spells a name."""
    pack, config = checker.pack, checker.config
    return replace(
        checker,
        pack=replace(pack, organisation=replace(pack.organisation, domains=())),
        config=replace(config, organisation=replace(config.organisation, domains=())),
    )


def _line(values: Iterable[str]) -> str:
    """Return a line between the values that none of them holds."""
    rule = "=" * _SHORTEST
    held = tuple(values)
    while any(rule in value for value in held):
        rule += "="
    return f"\n\n{rule}\n\n"


def _titles(remaining: DocumentReport | None, checker: Checker) -> tuple[str, ...]:
    """Return what a report of masked texts finds of persons; that they speak of secrets is what they are for."""
    personal = {rule.id for rule in checker.pack.rules if rule.entity or rule.category == "personal"}
    found = (each for each in (remaining.findings if remaining else ()) if each.rule in personal)
    return tuple(
        dict.fromkeys(each.title for each in found if not each.suppressed and each.severity is not Severity.NOTE)
    )
