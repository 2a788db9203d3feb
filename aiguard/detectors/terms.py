"""Find words of a list wherever they stand: names of works, authors, services.

Evidence: `word:WORD`, each name of `context` whose words stand in the same sentence, and how the word stands in the
prompt (`task`, `material`, `pasted`, `asked`, `how`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.detectors.reading import Reading, Word, standing, within
from aiguard.model import Match, Span
from aiguard.regexes import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a terms rule; patterns of `before` and `after` must touch the word, that of `not_after` must not."""

    words: tuple[str, ...]
    context: dict[str, tuple[str, ...]] = {}
    before: str = ""
    after: str = ""
    not_after: str = ""


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class."""
    return {f"context:{name}": words for name, words in spec.context.items()} | {"word": spec.words}


def gates(_spec: Spec) -> tuple[str, ...]:
    """Return the classes of which a word must stand in the text."""
    return ("word",)


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    return None if spec.words else ("words", "語が一つもありません")


def patterns(spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return tuple(p for p in (spec.before and f"(?:{spec.before})$", spec.after, spec.not_after) if p)


def find(spec: Spec, _view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield the words found, the longest where several overlap."""
    done = 0
    for word in sorted(words["word"], key=lambda word: (word.start, -word.end)):
        if word.end <= done or not _fits(spec, reading.source, word):
            continue
        done = word.end
        sentence = reading.sentence(word.start)
        context = (n for n in spec.context if within(words.get(f"context:{n}", []), sentence.start, sentence.end))
        span = Span(word.start, word.end)
        yield Match(0, span, (f"word:{word.word}", *context, *standing(reading, span)))


def _fits(spec: Spec, source: str, word: Word) -> bool:
    before, after = source[max(0, word.start - 20) : word.start], source[word.end : word.end + 20]
    return (
        (not spec.before or bool(compiled(f"(?:{spec.before})$").search(before)))
        and (not spec.after or bool(compiled(spec.after).match(after)))
        and not (spec.not_after and compiled(spec.not_after).match(after))
    )
