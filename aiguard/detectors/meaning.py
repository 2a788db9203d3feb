"""Find what a prompt is about by weighing all of its words, where no rule has words for it.

It only adds to what the rules find. A long text is weighed in pieces, each with the task of the whole. What is reported
is the sentence that speaks for the class most. Evidence:

    likely  the chance is that of the rule or more      sure   so much more that it counts by itself
    doubt:WORD  a word of `doubts` stands in the text   shows:WORD  a word of the text that speaks for the class most
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.classifier import CLASSES, plain, speaking, weigh
from aiguard.model import Match, Span
from aiguard.morph import surfaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiguard.classifier import Classifier, Weighed
    from aiguard.detectors.reading import Reading, Word

PIECE = 700  # code points weighed at once
TASK = 600  # code points: what asks for longer is a text that is full of requests to its readers
_SHORTEST = 6
_TERSE = 24  # code points: so few words must be sure to say anything
_NO_WORDS = re.compile(r"[0-9０-９.,\s-]+")
_MOST = 3


class Spec(Struct, frozen=True, forbid_unknown_fields=True, rename={"kind": "class"}):
    """Name the class of meaning that a rule reports, one of `classifier.CLASSES`.

    `likely` and `sure` are chances from 0 to 1. `doubts` are words of prompts that only talk about such things.
    """

    kind: str
    likely: float = 0.65
    sure: float = 0.85
    doubts: tuple[str, ...] = ()


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words that leave a doubt; the classifier knows its own."""
    return {"doubts": spec.doubts}


def gates(_spec: Spec) -> tuple[str, ...]:
    """Return nothing: all words are weighed."""
    return ()


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    if spec.kind not in CLASSES:
        return "class", f"「{spec.kind}」は使えません（使えるもの: {'、'.join(CLASSES)}）"
    if not 0 < spec.likely <= spec.sure <= 1:
        return "likely", "0より大きく、sure 以下の数を書いてください"
    return None


def patterns(_spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return ()


def find(spec: Spec, _view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield the sentence that speaks for the class most, of each piece of the text that is likely of the class."""
    if reading.classifier is None:
        return
    known, number = reading.classifier(), CLASSES.index(spec.kind)
    said = len(reading.source) - sum(map(len, _NO_WORDS.findall(reading.source[: 2 * _TERSE])))
    if reading.weighed is None:
        reading.weighed = tuple(weighed_pieces(known, reading.source, reading.task))
    for piece, weighed in reading.weighed:
        chance = weighed.chances[number]
        if chance >= (spec.likely if said >= _TERSE else spec.sure):
            span = _strongest(reading, known, piece, number)
            doubts = (f"doubt:{word.word}" for word in words.get("doubts", ())[:1])
            shown = (f"shows:{word}" for word in _speaking(known, weighed, number))
            yield Match(0, span, ("likely", *(("sure",) if chance >= spec.sure else ()), *doubts, *shown))


def pieces(source: str) -> Iterator[Span]:
    """Yield the pieces of a text that are weighed: cut at a line end or a full stop where there is one."""
    start = 0
    while len(source) - start > PIECE:
        cut = max(
            source.rfind("\n", start + PIECE // 2, start + PIECE), source.rfind("。", start + PIECE // 2, start + PIECE)
        )
        end = cut + 1 if cut >= 0 else start + PIECE
        yield Span(start, end)
        start = end
    if len(source[start:].strip()) >= _SHORTEST:
        yield Span(start, len(source))


def weighed_pieces(known: Classifier, source: str, task: str) -> Iterator[tuple[Span, Weighed]]:
    """Yield each piece with what it weighs; `task` is what the whole prompt asks."""
    asked = plain(task) if len(task) <= TASK else ""
    words = surfaces(asked)
    for piece in pieces(source):
        text = plain(source[piece.start : piece.end])
        yield piece, weigh(known, ((text, words if text == asked else surfaces(text)), (asked, words)))


def _strongest(reading: Reading, known: Classifier, piece: Span, number: int) -> Span:
    """Return the sentence of a piece that speaks for a class most, without the space around it."""
    starts = [at for at in reading.sentences if piece.start <= at < piece.end] or [piece.start]
    spans = [reading.sentence(at) for at in starts]
    spans = [Span(max(piece.start, span.start), min(piece.end, span.end)) for span in spans]
    best = max(spans, key=lambda span: _alone(known, reading.source[span.start : span.end], number))
    text = reading.source[best.start : best.end]
    return Span(best.start + len(text) - len(text.lstrip()), best.start + len(text.rstrip()))


def _alone(known: Classifier, sentence: str, number: int) -> float:
    """Return the chance of a class for a sentence by itself."""
    text = plain(sentence)
    return weigh(known, ((text, surfaces(text)),)).chances[number]


def _speaking(known: Classifier, weighed: Weighed, number: int) -> list[str]:
    added = speaking(known, weighed, number)
    ranked = sorted(added, key=lambda word: (-added[word], word))
    return [word for word in ranked[:_MOST] if added[word] > 0 and len(word) > 1]
