"""Find where a draft says, or tries to say, that an AI made it.

A statement in the city's own form is `exact`. Everything else that tries to say so is not: other brackets or none,
another verb or particle, a label (作成：ChatGPT), another language. What speaks of the form (「…」と書く), denies,
forbids or supposes it, or tells of other people's work, is no statement.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.attribution import frames
from aiguard.attribution.forms import Form, brackets, compiled, words_after
from aiguard.attribution.names import BLANKS, MARK, Kind, Lexicon, Slot, mark_names, read_slot
from aiguard.model import Span
from aiguard.text import View, fold, rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import AttributionRule

_AFTER_LABEL = rf"[{frames.OPENERS}]{{0,2}}(?P<name>{MARK})[{frames.CLOSERS}]{{0,3}}{frames.LABEL_END}"
_BETWEEN = f"[^{frames.OPENERS}{frames.CLOSERS}]{{0,60}}"
_SLOT = f"[{frames.OPENERS}]{_BETWEEN}[{frames.CLOSERS}]"
_EMPTY = f"(?<![{BLANKS}])[{BLANKS}]{{2,20}}"


class Statement(Struct, frozen=True):
    """Hold a statement. `sure` says that it is one even where nobody said that an AI was used."""

    span: Span
    slot: Slot
    exact: bool
    sure: bool = True


class Reading(Struct, frozen=True):
    """Hold a draft as statements are sought in it: without noise, and with a mark for each name of an AI."""

    source: str
    plain: View
    named: View
    words: Lexicon

    def slot(self, span: Span) -> Slot:
        """Read what stands at a place of the source as the slot of a statement."""
        return read_slot(self.words, frames.NOISE.sub(frames.quiet, fold(self.source[span.start : span.end])))


def find_statements(source: str, view: View, words: Lexicon, rule: AttributionRule) -> tuple[Statement, ...]:
    """List the statements in a draft: exact ones, sure ones, others, each by place."""
    plain = rewrite(view, frames.NOISE, frames.quiet)
    reading = Reading(source, plain, mark_names(plain, words), words)
    exact = tuple(sorted(_exact(reading, rule), key=lambda statement: statement.span))
    ends = [statement.span.end for statement in exact]
    bare = words_after(rule.form) if rule.brackets == "optional" and brackets(rule.form) else ""
    others = (
        *_loose(reading, bare),
        *_labels(reading),
        *_foreign(reading),
        *_notes(reading),
    )
    free = (statement for statement in others if not _covered(statement.span, exact, ends))
    return exact + tuple(sorted(free, key=lambda statement: (not statement.sure, statement.span)))


def meet(one: Span, other: Span) -> bool:
    """Say whether two spans share a place."""
    return one.start < other.end and other.start < one.end


def _covered(span: Span, exact: tuple[Statement, ...], ends: list[int]) -> bool:
    """Say whether one of the exact statements, ascending, meets `span`."""
    i = bisect_right(ends, span.start)
    return i < len(exact) and meet(exact[i].span, span)


@lru_cache(maxsize=8)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _exact(reading: Reading, rule: AttributionRule) -> Iterator[Statement]:
    """Yield the statements in a form that the city asks for, with a name in it where it wants one."""
    right = {Kind.NAMED, Kind.UNKNOWN} if rule.asks_for_name else {Kind.NAMED, Kind.UNKNOWN, Kind.GENERIC}
    for form in map(compiled, (rule.form, *rule.also)):
        view = reading.named if form.marked else reading.plain
        for match in form.whole.finditer(view.text):
            start, slot = _slot_of(reading, form, match)
            if slot.kind is not Kind.OTHER and not _spoken_of(view.text, start, match.end()):
                yield Statement(view.to_source(start, match.end()), slot, exact=slot.kind in right)


def _slot_of(reading: Reading, form: Form, match: re.Match[str]) -> tuple[int, Slot]:
    """Return where a statement begins and what fills its slot; headings in brackets before it are no part of it."""
    if not form.named:
        return match.start(), Slot(Kind.NAMED)
    if form.marked:
        return match.start(), reading.slot(reading.named.to_source(*match.span(1)))
    if form.slot is None:
        return match.start(), read_slot(reading.words, match[1])
    slots = [(slot.start(), read_slot(reading.words, slot.group()[1:-1])) for slot in form.slot.finditer(match[1])]
    while len(slots) > 1 and slots[0][1].kind in {Kind.OTHER, Kind.UNKNOWN}:
        slots.pop(0)
    first = match.start() + slots[0][0] if match.start() == match.start(1) else match.start()
    return first, _joined([slot for _, slot in slots])


def _joined(slots: list[Slot]) -> Slot:
    """Join the slots of one statement: as good as the worst of them, with the names of all."""
    order = (Kind.BLANK, Kind.OTHER, Kind.GENERIC, Kind.NOT_AI, Kind.MIXED, Kind.UNKNOWN, Kind.NAMED)
    worst = min((slot.kind for slot in slots), key=order.index)
    return Slot(worst, tuple(dict.fromkeys(name for slot in slots for name in slot.names)))


def _loose(reading: Reading, bare: str) -> Iterator[Statement]:
    """Yield the statements in other words; a bare name before the words `bare` is as good as one in brackets."""
    text = reading.named.text
    pattern = _compile(rf"(?P<name>{_SLOT}|{MARK}|{_EMPTY}){frames.FRAME}(?={frames.END})")
    for match in pattern.finditer(text):
        bracketed = match["name"][0] in frames.OPENERS
        slot = reading.slot(reading.named.to_source(match.start("name") + bracketed, match.end("name") - bracketed))
        own_words = "により作成" in match[0].replace("\n", "")
        if slot.kind is Kind.OTHER or (slot.kind is Kind.NOT_AI and not bracketed and not own_words):
            continue
        if _spoken_of(text, match.start(), match.end()):
            continue
        role = frames.subject(text, match.start(), aside=bool(frames.MAKING.search(match[0])))
        if role is frames.Subject.OTHERS:
            continue
        span = reading.named.to_source(match.start(), match.end())
        exact = bool(bare) and slot.kind is Kind.NAMED and bare in match[0].replace("\n", "")
        yield Statement(span, slot, exact, _sure(match, slot.kind, role, own_words=own_words))


def _sure(match: re.Match[str], kind: Kind, role: frames.Subject, *, own_words: bool) -> bool:
    """Say whether words that others write as well (Excelにより作成, ○○で作成) mean an AI here."""
    if kind in {Kind.UNKNOWN, Kind.NOT_AI}:
        return own_words and kind is Kind.NOT_AI
    if kind is Kind.BLANK and not (own_words and match["name"][0] in frames.OPENERS):
        return MARK in match["name"]
    if match["what"] and not frames.DRAFT.search(match["what"]):
        return role is frames.Subject.THIS
    return role is not frames.Subject.OPEN or match["name"].startswith("【")


def _labels(reading: Reading) -> Iterator[Statement]:
    for match in _compile(frames.LABEL + _AFTER_LABEL).finditer(reading.named.text):
        slot = reading.slot(reading.named.to_source(*match.span("name")))
        if slot.kind not in {Kind.OTHER, Kind.UNKNOWN, Kind.BLANK}:
            yield Statement(reading.named.to_source(*match.span()), slot, exact=False)


def _foreign(reading: Reading) -> Iterator[Statement]:
    text = reading.named.text
    for match in _compile(frames.FOREIGN).finditer(text) if MARK in text else ():
        if frames.DENIED.search(text, max(0, match.start() - 16), match.start()):
            continue
        at = match.start() + match.group().index(MARK)
        slot = reading.slot(reading.named.to_source(at, at + 1))
        if slot.kind is not Kind.OTHER:
            yield Statement(reading.named.to_source(match.start(), match.end()), slot, exact=False)


def _notes(reading: Reading) -> Iterator[Statement]:
    text = reading.named.text
    for match in _compile(frames.NOTE).finditer(text) if MARK in text else ():
        at = match.start() + match.group().index(MARK)
        slot = reading.slot(reading.named.to_source(at, at + 1))
        if slot.kind not in {Kind.NAMED, Kind.GENERIC, Kind.MIXED} or frames.NO_NOTE.search(match.group()):
            continue
        if slot.kind is Kind.GENERIC and match["last"] and frames.HIRAGANA.search(match["last"]):
            continue
        if not _spoken_of(text, match.start(), match.end()):
            span = reading.named.to_source(match.start(), match.end())
            yield Statement(span, slot, exact=False, sure=False)


def _spoken_of(text: str, start: int, end: int) -> bool:
    """Say whether the words at this place are quoted, denied, supposed or demanded and so state nothing."""
    if frames.AFTER.match(text, end):
        return True
    lead = text[max(0, start - 60) : start]
    return bool(frames.LEAD.search(lead)) or bool(frames.SUPPOSED.search(frames.last_sentence(lead)))
