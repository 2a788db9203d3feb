"""Find the traces that an AI leaves in a draft: phrases of the chat, strings of its window, marks, raw markup."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.attribution.names import MARK, Lexicon, mark_names
from aiguard.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import Trace
    from aiguard.text import View

OPENING = 240  # code points at the beginning that count as its opening
CLOSING = 320
_OPEN_QUOTE, _CLOSE_QUOTE = "「『“", "」』”"
_QUOTED = re.compile(r"[^「『\n]{0,60}?[」』”](?:と|の|を|が|は|も|に|など|等|、|や|・|という|$)", re.MULTILINE)


class Found(Struct, frozen=True):
    """Hold a trace: the pack's word for it, its place in the source, and what it weighs."""

    label: str
    span: Span
    weight: int


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def find_traces(view: View, words: Lexicon, traces: tuple[Trace, ...]) -> tuple[Found, ...]:
    """List the traces in a folded text, in the order of the pack."""
    lower = view.text.lower()
    tried = [trace for trace in traces if not trace.cues or any(cue in lower for cue in trace.cues)]
    tried = [trace for trace in tried if not any(word in view.text for word in trace.unless)]
    named = mark_names(view, words) if any("{ai}" in pattern for one in tried for pattern in one.patterns) else view
    return tuple(found for trace in tried for found in _find(view, named, trace))


def _find(view: View, named: View, trace: Trace) -> tuple[Found, ...]:
    """List the matches of a trace; patterns with `{ai}` are matched on `named`, which holds a mark for each name."""
    spans = (
        span
        for pattern in trace.patterns
        for span in _spans(named if "{ai}" in pattern else view, pattern.replace("{ai}", MARK), trace.place)
    )
    return tuple(Found(trace.label, span, trace.weight) for span in islice(spans, trace.most))


def _spans(view: View, pattern: str, place: str) -> Iterator[Span]:
    for match in _compile(pattern).finditer(view.text, *_window(view.text, place)):
        if not _quoted(view.text, match.start(), match.end()):
            yield view.to_source(match.start(), match.end())


def _window(text: str, place: str) -> tuple[int, int]:
    """Return where a trace of this place may stand."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if place == "opening":
        return start, min(end, start + OPENING)
    return (max(start, end - CLOSING), end) if place == "closing" else (0, len(text))


def _quoted(text: str, start: int, end: int) -> bool:
    """Say whether the words are quoted and spoken of (「もちろんです」などの応答), not said."""
    before = text[max(0, start - 60) : start].rpartition("\n")[2]
    opened = max(before.rfind(quote) for quote in _OPEN_QUOTE)
    closed = max(before.rfind(quote) for quote in _CLOSE_QUOTE)
    return opened > closed and bool(_QUOTED.match(text, end))
