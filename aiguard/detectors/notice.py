"""Find words that stand as a notice on the material (a stamp, a header), not words that are talked about.

「【庁内限り】」 and a line 「部外秘」 mark a text; 「庁内限り」という語の訳 does not. Evidence: `word:WORD` and how it stands:

    alone      the line or the sentence holds little else     bracketed    in brackets of its own
    labelled   取扱：…                                         leading      it opens a line and a gap follows
    mentioned  none of these

and each name of `context` whose words stand in the same sentence, and how the word stands in the prompt (`task`,
`material`, `pasted`, `asked`, `how`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.detectors.reading import Reading, Word, standing, within
from aiguard.model import Match, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DECORATION = re.compile(r"[\s　【】\[\]［］()（）〔〕<>＜＞《》■●◆□○★☆※*＊:：・･,、。.\-‐―─=＝#|｜/／!！]+")
_LABELLED = re.compile(
    r"(?:取扱(?:い|区分)?|区分|分類|レベル|指定|表示|公開範囲|配布範囲|Classification)(?:は)?[\s　:：=＝\-―]*$"
)
_LEADING = re.compile(r"^[\s　■●◆□○★☆※*＊【\[［(（〔<＜#>]*$")
_GAP = re.compile(r"^[\s　・･/／:：|｜※】\]］)）〕>＞、→-]|^$")
_WORD_BEFORE = re.compile(r"[^\W_]$")
_WORD_AFTER = re.compile(r"(?!です|とする|扱|資料|文書|のため|版|v[0-9])[^\W_]")
_OPEN, _CLOSE = "【[［(（〔<＜《", "】]］)）〕>＞》"
# No particle follows a stamp: 「【部外秘】と書かれた資料」 speaks of one.
_STAMPED = re.compile(r"[】\])）〕>＞》」]{0,2}[\s　]*(?![とのはがをにやなでも、・」]|って|など)")
_LITTLE = 4
_STAMP = 24


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a notice rule. A word of `others` is another notice (機密性3C) where one of `words` begins it."""

    words: tuple[str, ...]
    others: tuple[str, ...] = ()
    context: dict[str, tuple[str, ...]] = {}


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class."""
    named = {f"context:{name}": words for name, words in spec.context.items()} | {"word": spec.words}
    return named | {"other": spec.others} if spec.others else named


def gates(_spec: Spec) -> tuple[str, ...]:
    """Return the classes of which a word must stand in the text."""
    return ("word",)


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    return None if spec.words else ("words", "語が一つもありません")


def patterns(_spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return ()


def find(spec: Spec, _view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield the words found with how they stand, the longest where several overlap."""
    done, others = 0, {(word.start, word.end) for word in words.get("other", [])}
    found = (*words.get("word", []), *words.get("other", []))
    for word in sorted(found, key=lambda word: (word.start, -word.end)):
        if word.end <= done:
            continue
        done = word.end
        if (word.start, word.end) in others:
            continue
        sentence = reading.sentence(word.start)
        context = (n for n in spec.context if within(words.get(f"context:{n}", []), sentence.start, sentence.end))
        span = Span(word.start, word.end)
        form = _form(reading, word)
        stamp = form != "mentioned" and _STAMPED.match(reading.source, word.end) is not None
        yield Match(0, span, (f"word:{word.word}", form, *context, *standing(reading, span, stamp=stamp)))


def _form(reading: Reading, word: Word) -> str:
    line, sentence = reading.line(word.start), reading.sentence(word.start)
    before, after = reading.source[line.start : word.start], reading.source[word.end : line.end]
    if _WORD_BEFORE.search(before[-1:]) or _WORD_AFTER.match(after):
        return "labelled" if _LABELLED.search(before) else "mentioned"
    if _alone(before, after) or _alone(before[sentence.start - line.start :], after[: sentence.end - word.end]):
        return "alone"
    if _LABELLED.search(before):
        return "labelled"
    if _bracketed(before, after):
        return "bracketed"
    if _LEADING.match(before) and _GAP.match(after):
        return "leading"
    return "mentioned"


def _alone(before: str, after: str) -> bool:
    """Tell whether little more than decoration stands around the word; a quotation is somebody's words."""
    return "「" not in before and len(_DECORATION.sub("", before)) + len(_DECORATION.sub("", after)) <= _LITTLE


def _bracketed(before: str, after: str) -> bool:
    """Tell whether the word stands in a short pair of brackets of its own."""
    start = max(before.rfind(bracket) for bracket in _OPEN)
    ends = [place for bracket in _CLOSE if (place := after.find(bracket)) >= 0]
    if start < 0 or not ends or any(bracket in before[start + 1 :] for bracket in _CLOSE + "。"):
        return False
    return len(before) - start + min(ends) <= _STAMP and "。" not in after[: min(ends)]
