"""Read a segment once for all detectors: its views, its shape, and the words of the pack that stand in it.

Matches and word hits are compared in positions of the source, whatever view they were found in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from aiguard.model import Span
from aiguard.regexes import compiled, may_match
from aiguard.structure import Parts, asked, asked_how, parts
from aiguard.tables import Table, heading, row_title, sentence_at, sentence_starts, tables
from aiguard.text import View, digit_view, text_view, unwrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from aiguard.classifier import Classifier, Weighed
    from aiguard.detectors.person_model import Model
    from aiguard.model import Segment

SCOPES = ("near", "sentence", "line", "block", "paragraph", "document")
WINDOW = 20_000
_STEP = 1_000  # code points: lines and sentences are at most three steps long
ROOM = 24  # what a pattern may want to see on both sides of a number
_RUN = re.compile(r"[0-9](?:[^0-9\n]{0,3}[0-9]){7,}")
OVERLAP = 200
TIMEOUT = 2.0
_KATAKANA = re.compile("[ァ-ヺー]")
_LATIN = re.compile("[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]")
_NEAR = 60
_HANGING = 14


class Word(NamedTuple):
    """Hold a word of the pack that stands in the text: its span in the source, and the word."""

    start: int
    end: int
    word: str


class Literals(NamedTuple):
    """Hold the words that patterns need, by number, and the numbers of the words that stand in a text."""

    needed: Mapping[str, tuple[int, ...]]
    found: AbstractSet[int]


class Reading:
    """Hold what is known of one segment. `labels` are all label words of the pack in it, longest only, ascending.

    With `explain`, detectors also yield what a veto silences.
    """

    explain = False

    def __init__(
        self,
        segment: Segment,
        labels: tuple[Word, ...] = (),
        lexicon: Callable[[str], frozenset[str]] = lambda _name: frozenset(),
        names: Callable[[], Model] | None = None,
        classifier: Callable[[], Classifier] | None = None,
    ) -> None:
        self.segment = segment
        self.source = segment.source
        self.labels = labels
        self.lexicon = lexicon
        self.names = names
        self.classifier = classifier
        self.known = Literals({}, frozenset())
        self.weighed: tuple[tuple[Span, Weighed], ...] | None = None  # what `meaning` found out, once for all its rules

    @cached_property
    def text(self) -> View:
        """The text view."""
        return text_view(self.source)

    @cached_property
    def digits(self) -> View:
        """The digits view."""
        return digit_view(self.text)

    @cached_property
    def unwrapped(self) -> View:
        """The digits view without the line ends between digits."""
        return unwrapped(self.digits)

    @cached_property
    def numbers(self) -> tuple[tuple[int, int, int], ...]:
        """Where long numbers stand in the digits view, with room around them, and how many digits they have."""
        text = self.digits.text
        runs = ((match.start(), match.end(), sum(map(str.isdigit, match.group()))) for match in _RUN.finditer(text))
        return tuple((max(0, start - ROOM), min(len(text), end + ROOM), count) for start, end, count in runs)

    @cached_property
    def sentences(self) -> list[int]:
        """Where sentences start."""
        return sentence_starts(self.source)

    @cached_property
    def parts(self) -> Parts:
        """The task and the material."""
        return parts(self.source)

    @cached_property
    def task(self) -> str:
        """What the prompt asks."""
        return "\n".join(self.source[span.start : span.end] for span in self.parts.task)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables."""
        return tables(self.source, self.segment.delimiter)

    @cached_property
    def label_ends(self) -> list[int]:
        """Where the label words end."""
        return [word.end for word in self.labels]

    @cached_property
    def label_starts(self) -> list[int]:
        """Where the label words start."""
        return [word.start for word in self.labels]

    def may_hold(self, pattern: str) -> bool:
        """Tell whether a pattern may match in the text view; False is certain."""
        needed = self.known.needed.get(pattern)
        return needed is None or not self.known.found.isdisjoint(needed)

    def view(self, name: str) -> View:
        """Return the view that a rule names."""
        return self.digits if name == "digits" else self.text

    def sentence(self, at: int) -> Span:
        """Return the sentence that holds a position; of a very long one the stretch around it."""
        return _stretch(sentence_at(self.sentences, at), at)

    def line(self, at: int) -> Span:
        """Return the line that holds a position, without its end; of a very long one the stretch around it."""
        around = _stretch(Span(0, len(self.source)), at)
        start = self.source.rfind("\n", around.start, at) + 1
        end = self.source.find("\n", at, around.end)
        return Span(start or around.start, around.end if end < 0 else end)

    def heading(self, at: int) -> Span | None:
        """Return the table heading over a position."""
        return heading(self.source, self.tables, at) if self.tables else None

    def title(self, at: int) -> Span | None:
        """Return the cell that names the row of a position."""
        return row_title(self.source, self.tables, at)

    def scope(self, name: str, span: Span) -> Span:
        """Return the range of the source that a name of `SCOPES` means around a span.

        "block" is the sentence, and the line above where the span opens its line: 「流山市役所↵平和台1-1-1」.
        """
        if name == "sentence":
            return self.sentence(span.start)
        if name == "line":
            return self.line(span.start)
        if name == "near":
            return Span(max(0, span.start - _NEAR), span.end + _NEAR)
        if name == "block":
            return self._block(span)
        if name == "paragraph":
            around = _stretch(Span(0, len(self.source)), span.start)
            end = self.source.find("\n\n", span.end, around.end)
            start = self.source.rfind("\n\n", around.start, span.start)
            return Span(max(around.start, start + 1), around.end if end < 0 else end)
        return Span(0, len(self.source))

    def _block(self, span: Span) -> Span:
        own, line = self.sentence(span.start), self.line(span.start)
        if span.start - line.start > _HANGING or line.start == 0:
            return own
        return Span(self.line(line.start - 1).start, own.end)


def _stretch(span: Span, at: int) -> Span:
    """Return the part of a span within two steps of a position: few scopes even where one line is a whole text."""
    step = at // _STEP * _STEP
    return Span(max(span.start, step - _STEP), min(span.end, step + 2 * _STEP))


def standing(reading: Reading, span: Span, *, stamp: bool = False) -> tuple[str, ...]:
    """Say how a word stands in a prompt, as evidence.

    `task` or `material`, by the part that holds it; `pasted` where the prompt has material at all; `asked` where the
    sentence asks about the word (とは, の違い, 入力してはいけない) and `how` where it asks for a form or a way
    (の書き方).
    """
    sentence = reading.sentence(span.start)
    sentence = Span(sentence.start, reading.parts.end(span.end, sentence.end))
    seen = (
        (reading.parts.place(span.start), True),
        ("pasted", reading.parts.pasted),
        ("asked", asked(reading.source, sentence, span, stamp=stamp)),
        ("how", asked_how(reading.source, sentence, span)),
    )
    return tuple(name for name, true in seen if true)


def windows(text: str, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield ranges of at most `WINDOW` code points, cut at a line end if there is one; neighbours share `OVERLAP`."""
    stop = len(text) if stop is None else stop
    while stop - start > WINDOW:
        end = text.rfind("\n", start + WINDOW // 2, start + WINDOW) + 1 or start + WINDOW
        yield start, end
        start = end - OVERLAP
    yield start, stop


def search(pattern: str, text: str) -> Iterator[Any]:
    """Yield the matches of a pattern, window by window; TimeoutError after `TIMEOUT` seconds in one window.

    What begins in the end of a window that the next one shares is left to that: only it sees what follows.
    """
    if not may_match(pattern, text):
        return
    done = 0
    for start, end in windows(text):
        mine = end if end == len(text) else end - OVERLAP
        for match in compiled(pattern).finditer(text, start, end, timeout=TIMEOUT):
            if done <= match.start() < mine and match.end() > match.start():
                yield match
                done = match.end()


def search_wrapped(pattern: str, reading: Reading) -> Iterator[tuple[Any, Span]]:
    """Yield the matches of a pattern that a line end breaks, with their spans in the source."""
    view = reading.unwrapped
    if view is reading.digits:
        return
    for match in search(pattern, view.text):
        span = view.to_source(*match.span())
        if "\n" in reading.source[span.start : span.end]:
            yield match, span


def search_numbers(pattern: str, reading: Reading, least: int) -> Iterator[Any]:
    """Yield the matches of a pattern that stand in numbers of at least that many digits, in the digits view."""
    done = 0
    for start, end, count in reading.numbers:
        if count >= least:
            for match in compiled(pattern).finditer(reading.digits.text, max(start, done), end, timeout=TIMEOUT):
                if match.end() > match.start():
                    yield match
                    done = match.end()


def within(words: list[Word], start: int, end: int) -> list[Word]:
    """Return those of the ascending words that begin in a range of the source."""
    return words[bisect_left(words, (start,)) : bisect_left(words, (end,))]


def whole(source: str, word: Word) -> bool:
    """Tell whether a word in katakana or Latin letters stands whole: ルフィ, not a part of フィラデルフィア."""
    first, last = source[word.start : word.start + 1], source[word.end - 1 : word.end]
    before, after = source[max(0, word.start - 1) : word.start], source[word.end : word.end + 1]
    return not any(
        pattern.fullmatch(inner) and pattern.fullmatch(outer)
        for pattern in (_KATAKANA, _LATIN)
        for inner, outer in ((first, before), (last, after))
    )
