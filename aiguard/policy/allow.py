"""Let pass what the configuration allows, each time with its reason."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.model import Suppression
from aiguard.policy.folding import comparable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from aiguard.model import Allow, Config, Document, Finding, Hit

_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def suppress_allowed(document: Document, hits: Sequence[Hit], config: Config, today: dt.date) -> tuple[Hit, ...]:
    """Suppress the hits that an entry allows: its text, rule and path agree, absent ones agree with all.

    A text agrees with a value that is equal to it however it is written. A hit without an entity agrees when its
    words hold the text, or stand inside the text in the document.
    """
    entries = [entry for entry in config.allow if _in_force(entry, today) and _agrees(entry.path, document.path)]
    if not entries:
        return tuple(hits)
    find = _finder(entries)
    return tuple(hit if hit.suppressed else _judged(hit, find(hit, _source(document, hit))) for hit in hits)


def expired(config: Config, today: dt.date) -> tuple[Allow, ...]:
    """Return the entries whose last day is over."""
    return tuple(entry for entry in config.allow if not _in_force(entry, today))


def unused(config: Config, judged: Iterable[Hit | Finding], today: dt.date) -> tuple[Allow, ...]:
    """Return the entries in force whose reason stands at none of the hits or findings of a whole run."""
    used = {item.suppressed.reason for item in judged if item.suppressed and item.suppressed.by == "allow"}
    return tuple(entry for entry in config.allow if _in_force(entry, today) and entry.reason not in used)


def allows_alike(config: Config, paths: Sequence[str], today: dt.date) -> bool:
    """Tell whether each entry in force agrees with all of some paths or with none of them."""
    return all(
        len({_agrees(entry.path, path) for path in paths}) == 1 for entry in config.allow if _in_force(entry, today)
    )


def _in_force(entry: Allow, today: dt.date) -> bool:
    return entry.expires is None or entry.expires >= today


def _agrees(pattern: str | None, path: str) -> bool:
    """Compare a path with a glob: `*` and `?` stay in a folder, `**` does not; a glob may start at any folder."""
    if pattern is None:
        return True
    glob = _posix(pattern)
    glob += "**" if glob.endswith("/") else ""
    anchor = "" if glob.startswith("/") else "(?:.*/)?"
    steps = (_WILD.get(step) or re.escape(step) for step in _GLOB.findall(glob))
    return re.fullmatch(anchor + "".join(steps), _posix(path)) is not None


def _posix(path: str) -> str:
    return unicodedata.normalize("NFC", path).replace("\\", "/").removeprefix("./")


def _source(document: Document, hit: Hit) -> str:
    return document.segments[hit.segment].source


def _judged(hit: Hit, entry: Allow | None) -> Hit:
    return replace(hit, suppressed=Suppression("allow", entry.reason)) if entry else hit


def _finder(entries: Sequence[Allow]) -> Callable[[Hit, str], Allow | None]:
    """Return a function that finds the first entry that allows a hit; values are looked up, not compared one by one."""
    textless = [number for number, entry in enumerate(entries) if entry.text is None]
    texts = [(number, entry.text) for number, entry in enumerate(entries) if entry.text is not None]
    folded = {text: comparable(text, None) for _, text in texts}
    known: dict[str | None, dict[str, list[int]]] = {}

    def values(entity: str) -> dict[str, list[int]]:
        if entity not in known:
            known[entity] = {}
            for number, text in texts:
                known[entity].setdefault(comparable(text, entity), []).append(number)
            known[entity].pop("", None)
        return known[entity]

    def find(hit: Hit, source: str) -> Allow | None:
        entity, value = hit.rule.entity, source[hit.span.start : hit.span.end]
        if entity:
            numbers = values(entity).get(comparable(value, entity), [])
        else:
            written = comparable(value, None)
            numbers = [n for n, text in texts if _holds(written, folded[text]) or _stands_in(text, hit, source)]
        agreeing = (number for number in (*textless, *numbers) if entries[number].rule in {None, hit.rule.id})
        return entries[first] if (first := min(agreeing, default=None)) is not None else None

    return find


def _holds(words: str, text: str) -> bool:
    return bool(text) and text in words


def _stands_in(text: str, hit: Hit, source: str) -> bool:
    """Say whether a hit stands inside a text: any place of it in this window takes in the whole hit."""
    return text in source[max(0, hit.span.end - len(text)) : hit.span.start + len(text)]
