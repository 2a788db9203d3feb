"""Keep reports of trouble in the chain of the records: a report is an entry, and so is what closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from aiguard.errors import StoreError, UsageError
from aiguard.model.incidents import Case, Closing, Incident
from aiguard.store.chain import CLOSED, INCIDENT, Entry, digest, sound
from aiguard.store.records import keep, listed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aiguard.store.records import Added, Kept


T = TypeVar("T")


def add_incident(store: Path, incident: Incident, ai: str, by: str | None) -> Added:
    """Record a report whose values are masked; it is on the disk when this returns. StoreError."""
    text = sound(msgspec.json.encode(incident).decode())
    return keep(store, Entry(kind=INCIDENT, ai=(sound(ai),), by=by and sound(by), text=digest(text)), text)


def close_incident(store: Path, closing: Closing, by: str | None) -> Added:
    """Record that an incident is closed; UsageError where there is none, or it is closed; StoreError."""

    def allowed(kept: Iterable[Kept]) -> None:
        if _numbered(_cases(kept), closing.incident).closings:
            raise UsageError(
                f"{closing.incident}番の問題は、対応が終わっています。",
                f"「aiguard incident show {closing.incident}」で見られます。",
            )

    text = sound(msgspec.json.encode(closing).decode())
    case(store, closing.incident)  # where there is none, no file is made
    return keep(store, Entry(kind=CLOSED, by=by and sound(by), text=digest(text)), text, allowed=allowed)


def cases(store: Path) -> tuple[Case, ...]:
    """Return all reports in their order, with what closed them; StoreError, also where one was changed."""
    return _cases(listed(store, texts=True))


def case(store: Path, number: int) -> Case:
    """Return the report of a number; UsageError where there is none."""
    return _numbered(cases(store), number)


def _numbered(held: Iterable[Case], number: int) -> Case:
    for each in held:
        if each.number == number:
            return each
    raise UsageError(f"{number}番の問題の報告はありません。", "番号は「aiguard incident list」で確かめてください。")


def _cases(entries: Iterable[Kept]) -> tuple[Case, ...]:
    kept = [each for each in entries if each.entry.kind in {INCIDENT, CLOSED}]
    closings: dict[int, tuple[tuple[str, str | None, Closing], ...]] = {}
    for each in kept:
        if each.entry.kind == CLOSED:
            closing = _read(each, Closing)
            told = (each.entry.time, each.entry.by, closing)
            closings[closing.incident] = (*closings.get(closing.incident, ()), told)
    return tuple(
        Case(
            each.entry.number,
            each.entry.time,
            each.entry.ai,
            _read(each, Incident),
            closings.get(each.entry.number, ()),
            each.entry.by,
        )
        for each in kept
        if each.entry.kind == INCIDENT
    )


def _read(kept: Kept, kind: type[T]) -> T:
    if kept.text is not None and digest(kept.text) == kept.entry.text:
        try:
            return msgspec.json.decode(kept.text, type=kind)
        except msgspec.DecodeError:
            pass
    raise StoreError(f"{kept.entry.number}番の報告が変わっています。", "「aiguard record verify」で確かめてください。")
