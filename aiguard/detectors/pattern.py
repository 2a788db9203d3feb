"""Find what a regular expression describes: numbers, addresses of machines, secrets.

The value is the group `value`, or the whole match. Evidence: `label:WORD` (before it, over its column, or, where
the rule allows, behind it), `check` (the validator accepts it), `no-check` (it does not), `grouped` (it is parted
by hyphens or spaces), and each name of `context` whose words stand in the same sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.detectors.checks import CHECKS
from aiguard.detectors.reading import Reading, Word, label_after, label_of, search, within
from aiguard.model import Match, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PARTS = str.maketrans("", "", " -・./()")
# A number ends where neither digits nor a counter follow. Money, counts and measures are no identifiers.
_BEFORE = r"(?<![0-9A-Za-z_])(?<![0-9][-.,/])(?<![¥$#])"
_AFTER = (
    r"(?![-.,/]?[0-9])(?![A-Za-z_])"
    r"(?! ?(?:円|千円|万|億|件|個|人|名|枚|本|台|冊|部|点|%|m2|km|cm|kg|トン|kWh|世帯|戸|票|回|行|文字))"
)


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """Name the words that announce a value, and how many code points may lie between."""

    words: tuple[str, ...]
    within: int = 12
    after: int = 0


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a pattern rule. `boundary = "number"` keeps the pattern from matching inside a longer number."""

    patterns: tuple[str, ...]
    boundary: str = ""
    check: str | None = None
    label: Label | None = None
    context: dict[str, tuple[str, ...]] = {}
    gate: tuple[str, ...] = ()


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class."""
    named = {f"context:{name}": words for name, words in spec.context.items()}
    return named | {"label": spec.label.words if spec.label else (), "gate": spec.gate}


def gates(spec: Spec) -> tuple[str, ...]:
    """Return the classes of which a word must stand in the text, or nothing when the rule must always run."""
    return ("gate",) if spec.gate else ()


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    if spec.check is not None and spec.check not in CHECKS:
        return "check", f"検査の名前「{spec.check}」はありません（使えるもの: {'、'.join(CHECKS)}）"
    return None


def patterns(spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    if spec.boundary == "number":
        return tuple(f"{_BEFORE}(?:{pattern}){_AFTER}" for pattern in spec.patterns)
    return spec.patterns


def find(spec: Spec, view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield the matches with their evidence."""
    folded = reading.view(view)
    own = frozenset(word.word for word in words.get("label", ()))
    for pattern in patterns(spec):
        for match in search(pattern, folded.text):
            group = "value" if "value" in match.re.groupindex and match.start("value") >= 0 else 0
            span = folded.to_source(*match.span(group))
            yield Match(0, span, tuple(_evidence(spec, reading, words, own, span, match.group(group))))


def _evidence(
    spec: Spec, reading: Reading, words: Mapping[str, list[Word]], own: frozenset[str], span: Span, value: str
) -> Iterator[str]:
    if spec.label and (label := _label(spec.label, reading, own, span)):
        yield f"label:{label}"
    number = value.translate(_PARTS)
    if spec.check:
        yield "check" if CHECKS[spec.check](number) else "no-check"
    if number != value:
        yield "grouped"
    if spec.context:
        sentence = reading.sentence(span.start)
        yield from (name for name in spec.context if within(words.get(f"context:{name}", []), sentence.start, sentence.end))


def _label(label: Label, reading: Reading, own: frozenset[str], span: Span) -> str | None:
    if not own:
        return None
    found = label_of(reading, own, span.start, label.within)
    return found or (label_after(reading, own, span.end, label.after) if label.after else None)
