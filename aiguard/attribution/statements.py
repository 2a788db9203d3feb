"""Find where a draft says, or tries to say, that an AI made it.

A statement in the city's own form is `exact`. Everything else that tries to say so is not: other brackets or none,
another verb or particle, a label (作成：ChatGPT), another language. What speaks of the form (「…」と書く), denies,
forbids or supposes it, or tells of other people's work, is no statement.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.attribution import frames
from aiguard.attribution.names import Kind, Lexicon, Slot, names_in, read_slot
from aiguard.text import View, rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import Span

_OPENERS, _CLOSERS = frames.OPENERS, frames.CLOSERS
_SLOT = rf"[{_OPENERS}][^{_OPENERS}{_CLOSERS}]{{0,60}}[{_CLOSERS}]"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


class Statement(Struct, frozen=True):
    """Hold a statement. `sure` says that it is one even where nobody said that an AI was used."""

    span: Span
    slot: Slot
    exact: bool
    sure: bool = True


class Patterns(Struct, frozen=True):
    """Hold the patterns of a pack's form and words."""

    exact: re.Pattern[str]
    inner: re.Pattern[str]
    loose: re.Pattern[str]
    label: re.Pattern[str]
    foreign: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]


@lru_cache(maxsize=32)
def patterns(form: str, mention: str) -> Patterns:
    """Build the patterns for a form such as 「【{name}】により作成」 and a pattern of names."""
    before, after = form.split("{name}")
    opener, closer, tail = before[-1:], after[:1], after[1:]
    slot = rf"{re.escape(opener)}[^{re.escape(opener + closer)}]{{0,60}}{re.escape(closer)}"
    link = "(?:及び|および|並びに|ならびに|と|、|,|・|/|&|\n){0,2}"
    named = rf"{mention}(?:[ -]{{0,2}}{frames.VERSION}){{0,3}}(?:\([^()\n]{{1,40}}\))?"
    return Patterns(
        exact=_compile(rf"((?:{slot}{link}){{0,3}}{slot})\n?" + r"\n?".join(map(re.escape, tail))),
        inner=_compile(slot),
        loose=_compile(rf"(?P<name>{_SLOT}|{named}|(?<![{frames.BLANK}])[{frames.BLANK}]{{2,20}}){frames.FRAME}(?={frames.END})"),
        label=_compile(
            rf"{frames.LABEL}[{_OPENERS}]{{0,2}}(?P<name>{named})[{_CLOSERS}]{{0,3}}(?P<end>{frames.LABEL_END})"
        ),
        foreign=tuple((cues, _compile(frame.replace("NAME", mention))) for cues, frame in frames.FOREIGN),
    )


def find_statements(view: View, words: Lexicon, form: str, *, bare: bool) -> tuple[Statement, ...]:
    """List the statements in `view`, in order of kind, spans in the source; `bare` accepts names without brackets."""
    plain = rewrite(view, frames.NOISE, frames.quiet)
    made = patterns(form, words.mention)
    exact = tuple(_exact(plain, words, made))
    loose = (*_loose(plain, words, made, bare=bare), *_labels(plain, words, made), *_foreign(plain, words, made))
    ends = [statement.span.end for statement in exact]
    return exact + tuple(statement for statement in loose if not _covered(statement.span, exact, ends))


def _covered(span: Span, exact: tuple[Statement, ...], ends: list[int]) -> bool:
    """Say whether one of the exact statements, ascending, meets `span`."""
    i = bisect_right(ends, span.start)
    return i < len(exact) and exact[i].span.start < span.end


def _exact(plain: View, words: Lexicon, made: Patterns) -> Iterator[Statement]:
    for match in made.exact.finditer(plain.text):
        slots = [(slot.start(), read_slot(words, slot.group()[1:-1])) for slot in made.inner.finditer(match[1])]
        while len(slots) > 1 and slots[0][1].kind in {Kind.OTHER, Kind.UNKNOWN}:
            slots.pop(0)
        start = match.start() + slots[0][0]
        slot = _joined([slot for _, slot in slots])
        if slot.kind is Kind.OTHER or _spoken_of(plain.text, start, match.end()):
            continue
        complete = slot.kind in {Kind.NAMED, Kind.UNKNOWN}
        yield Statement(plain.to_source(start, match.end()), slot, exact=complete)


def _joined(slots: list[Slot]) -> Slot:
    """Join the slots of one statement: as good as the worst of them, with the names of all."""
    order = (Kind.BLANK, Kind.OTHER, Kind.GENERIC, Kind.NOT_AI, Kind.MIXED, Kind.UNKNOWN, Kind.NAMED)
    worst = min((slot.kind for slot in slots), key=order.index)
    return Slot(worst, tuple(dict.fromkeys(name for slot in slots for name in slot.names)))


def _loose(plain: View, words: Lexicon, made: Patterns, *, bare: bool) -> Iterator[Statement]:
    text = plain.text
    for match in made.loose.finditer(text):
        bracketed = match["name"][0] in _OPENERS
        slot = read_slot(words, match["name"].strip(_OPENERS + _CLOSERS))
        if slot.kind is Kind.OTHER or (slot.kind is Kind.NOT_AI and not bracketed and "により作成" not in match[0]):
            continue
        if _spoken_of(text, match.start(), match.end()):
            continue
        role = frames.subject(text, match.start())
        if role is frames.Subject.OTHERS:
            continue
        yield Statement(
            plain.to_source(match.start(), match.end()),
            slot,
            exact=bare and slot.kind is Kind.NAMED and "により作成" in match[0],
            sure=_sure(match, slot, role, bracketed=bracketed),
        )


def _sure(match: re.Match[str], slot: Slot, role: frames.Subject, *, bracketed: bool) -> bool:
    """Say whether words that others write as well (Excelにより作成, ○○で作成) mean an AI here."""
    if slot.kind in {Kind.UNKNOWN, Kind.NOT_AI}:
        return False
    if slot.kind is Kind.BLANK and (not bracketed or "により作成" not in match[0].replace("\n", "")):
        return "AI" in match["name"].upper()
    if match["what"] and not frames.DRAFT.search(match["what"]):
        return role is frames.Subject.THIS
    return role is not frames.Subject.OPEN or (bracketed and "【" in match["name"])


def _labels(plain: View, words: Lexicon, made: Patterns) -> Iterator[Statement]:
    for match in made.label.finditer(plain.text):
        slot = read_slot(words, match["name"])
        if slot.kind not in {Kind.OTHER, Kind.UNKNOWN, Kind.BLANK}:
            yield Statement(plain.to_source(match.start("name"), match.end("name")), slot, exact=False)


def _foreign(plain: View, words: Lexicon, made: Patterns) -> Iterator[Statement]:
    lower = plain.text.lower()
    tried = (pattern for cues, pattern in made.foreign if any(cue in lower for cue in cues))
    for match in chain.from_iterable(pattern.finditer(plain.text) for pattern in tried):
        if frames.DENIED.search(plain.text, max(0, match.start() - 16), match.start()):
            continue
        names = names_in(words, match.group())
        slot = Slot(Kind.NAMED if names else Kind.GENERIC, names)
        yield Statement(plain.to_source(match.start(), match.end()), slot, exact=False)


def _spoken_of(text: str, start: int, end: int) -> bool:
    """Say whether the words at this place are quoted, denied, supposed or demanded and so state nothing."""
    if frames.AFTER.match(text, end):
        return True
    lead = text[max(0, start - 60) : start]
    return bool(frames.LEAD.search(lead)) or bool(frames.SUPPOSED.search(frames.last_sentence(lead)))
