"""Find the traces that an AI leaves in a draft: phrases of the chat, strings of its window, marks, raw markup."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from aiguard.model import Trace

OPENING = 240  # code points at the beginning that count as its opening
CLOSING = 320
_OPEN_QUOTE, _CLOSE_QUOTE = "「『“", "」』”"
_QUOTED = re.compile(r"[^「『\n]{0,60}?[」』”](?:と|の|を|が|は|も|に|など|等|、|や|・|という|$)", re.MULTILINE)


class Found(Struct, frozen=True):
    """Hold a trace: the pack's word for it, its place in the text searched, and what it weighs."""

    label: str
    start: int
    end: int
    weight: int


@lru_cache(maxsize=1024)
def _compile(pattern: str, mention: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{ai}", mention), re.IGNORECASE | re.MULTILINE)


def find_traces(text: str, traces: tuple[Trace, ...], mention: str) -> tuple[Found, ...]:
    """List the traces in a folded text; `mention` is the pattern of the names of AIs."""
    lower = text.lower()
    tried = (trace for trace in traces if not trace.cues or any(cue in lower for cue in trace.cues))
    return tuple(found for trace in tried for found in _find(text, trace, mention))


def _find(text: str, trace: Trace, mention: str) -> tuple[Found, ...]:
    if any(word in text for word in trace.unless):
        return ()
    start, end = _window(text, trace.place)
    matches = (
        match
        for pattern in trace.patterns
        for match in _compile(pattern, mention).finditer(text, start, end)
        if not _quoted(text, match.start(), match.end())
    )
    return tuple(Found(trace.label, match.start(), match.end(), trace.weight) for match in islice(matches, trace.most))


def _window(text: str, place: str) -> tuple[int, int]:
    """Return where a trace of this place may stand."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if place == "opening":
        return start, min(end, start + OPENING)
    return (max(start, end - CLOSING), end) if place == "closing" else (0, len(text))


def _quoted(text: str, start: int, end: int) -> bool:
    """Say whether the words are quoted and spoken of (「もちろんです」などの応答), not said."""
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - 60) : start]
    opened = max(before.rfind(quote) for quote in _OPEN_QUOTE)
    closed = max(before.rfind(quote) for quote in _CLOSE_QUOTE)
    return opened > closed and bool(_QUOTED.match(text, end))
