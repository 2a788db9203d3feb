"""Find what a regular expression describes: numbers, addresses of machines, secrets.

The value is the group `value`, or the whole match. Evidence: `label:WORD` (before it, or as `label-over` says over its
column, `label-left` at the left of its row, `label-list` before a list of values, `label-after` behind it where the
rule allows), `check` (the validator accepts it), `no-check` (it does not), `grouped` (it is parted by hyphens or
spaces), `wrapped` (a line end breaks it), and each name of `context` whose words stand in the same sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.detectors.checks import CHECKED, NAMES, bare, verify
from aiguard.detectors.labelling import label_after, label_of, title_of
from aiguard.detectors.reading import SCOPES, Reading, Word, search, search_numbers, search_wrapped, within
from aiguard.model import Match, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHORT = 2
_LONG = 8
_GROUPS = re.compile(r"(?<!\\)\((?:(?!\?)|\?P?<[^=!])")
_NO_NUMERAL = re.compile("[^〇一二三四五六七八九十百千]")
_KANJI = re.compile(r"[^\W0-9A-Za-z_ぁ-ヿ]")
# A number ends where neither digits nor a counter follow. Money, counts and measures are no identifiers. A comma
# belongs to a number in 1,234,567 only: between cells of a table it does not. What two hyphens
# part is no count, whatever follows it: 090-0000-0000本日は.
_BEFORE = (
    r"(?:(?<![0-9A-Za-z_])|(?<=(?i:tel|fax|no)|\\[nrt]))(?<![0-9A-Za-z]-)(?<![0-9]\.)(?:(?<![0-9]/)|(?=[0-9]{8}))(?<![¥$#])"
    r"(?!(?<=(?<![0-9])[0-9]{1,3},)[0-9]{3}(?![0-9]|-[0-9]))"
)
_AFTER = (
    r"(?![-./]?[0-9])(?!-[A-Za-z])(?!(?<=(?<![0-9])[0-9]{1,3}),[0-9]{3}(?![0-9]|-[0-9]))(?![A-Za-z_])"
    r"(?!(?<![0-9]-[0-9]{4}-[0-9]{4})(?<![0-9]-[0-9]{3}-[0-9]{4})(?<![0-9]-[0-9]{2}-[0-9]{4})"
    r" ?(?:円|千円|万|億|件(?!名)|個(?!人)|人|名(?!義)|枚|本(?![人日庁])|台|冊|部|点|%|m2|km|cm|kg|トン|kWh|"
    r"世帯(?![主番員コ])|戸|票|回|行|文字|年|月|日(?!本)|時|分|歳|才|ページ))"
)


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """Name the words that announce a value, and how many code points may lie between.

    Each of `heads` before each of `tails` is a word too. `columns` are headings that say enough only over a column
    or at the left of a row. `after` is the reach of a word behind the value; with `required`, a value without a label
    is none, and a text without a label word is not searched.
    """

    words: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    within: int = 12
    after: int = 0
    required: bool = False

    def spelled(self) -> tuple[str, ...]:
        """Return all label words."""
        return (*self.words, *(head + tail for head in self.heads for tail in self.tails))


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a pattern rule. `boundary = "number"` keeps the pattern from matching inside a longer number.

    `least` is the fewest digits of a match, where that is 8 or more: only numbers that long are looked at. `scopes`
    says where the words of a class of `context` are looked for, when not in the sentence.
    """

    patterns: tuple[str, ...]
    boundary: str = ""
    least: int = 0
    check: str | None = None
    label: Label | None = None
    context: dict[str, tuple[str, ...]] = {}
    scopes: dict[str, str] = {}
    gate: tuple[str, ...] = ()


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class."""
    named = {f"context:{name}": words for name, words in spec.context.items()}
    return named | {"label": spec.label.spelled() if spec.label else (), "gate": spec.gate}


def gates(spec: Spec) -> tuple[str, ...]:
    """Return the classes of which a word must stand in the text, or nothing when the rule must always run."""
    if spec.label and spec.label.required and not spec.label.columns:
        return ("label",)
    return ("gate",) if spec.gate else ()


def shown(spec: Spec) -> Mapping[str, str]:
    """Return by evidence the class that alone gives it."""
    return shown_by(spec.label, spec.context)


def shown_by(label: Label | None, context: Mapping[str, object]) -> Mapping[str, str]:
    """Return by evidence the class that alone gives it; headings over columns are labels that are no words of one."""
    named = {name: f"context:{name}" for name in context}
    return named | {"label": "label"} if label and not label.columns else named


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    if spec.check is not None and spec.check not in NAMES:
        return "check", f"検査の名前「{spec.check}」はありません（使えるもの: {'、'.join(NAMES)}）"
    if spec.least and spec.least < _LONG:
        return "least", f"{_LONG}以上で使えます"
    return scope_problem(spec.scopes, spec.context)


def scope_problem(scopes: Mapping[str, str], context: Mapping[str, object]) -> tuple[str, str] | None:
    """Return the key and what is wrong with the scopes of a spec."""
    if unknown := [name for name in scopes if name not in context]:
        return "scopes", f"語の組「{unknown[0]}」が context にありません"
    if wrong := [scope for scope in scopes.values() if scope not in SCOPES]:
        return "scopes", f"「{wrong[0]}」は使えません（使えるもの: {'、'.join(SCOPES)}）"
    return None


def patterns(spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return tuple(map(_bounded, spec.patterns)) if spec.boundary == "number" else spec.patterns


def _bounded(pattern: str) -> str:
    """Keep a pattern from matching inside a longer number.

    What can begin no match is passed over before what stands around is looked at, which costs more; a pattern with
    groups cannot be written twice.
    """
    first = "" if _GROUPS.search(pattern) else f"(?={pattern})"
    return f"{first}{_BEFORE}(?:{pattern}){_AFTER}"


def find(spec: Spec, view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield the matches with their evidence."""
    folded = reading.view(view)
    own = frozenset(word.word for word in words.get("label", ()))
    for pattern in patterns(spec):
        if view == "text" and not reading.may_hold(pattern):
            continue
        found = search_numbers(pattern, reading, spec.least) if spec.least else search(pattern, folded.text)
        for match in found:
            group = "value" if "value" in match.re.groupindex and match.start("value") >= 0 else 0
            span = folded.to_source(*match.span(group))
            if _in_word(reading.source, span):
                continue
            label = labelled(spec.label, reading, own, span)
            if label or not (spec.label and spec.label.required):
                checked = _checked(spec, match.group(group))
                yield Match(0, span, (*label, *checked, *surroundings(spec.context, spec.scopes, reading, words, span)))
    if own and spec.check in CHECKED and view == "digits":
        yield from _wrapped(spec, reading, words, own)


def _wrapped(spec: Spec, reading: Reading, words: Mapping[str, list[Word]], own: frozenset[str]) -> Iterator[Match]:
    """Yield the numbers that a short line breaks: only those with a label and a check digit that is right."""
    for pattern in patterns(spec):
        for match, span in search_wrapped(pattern, reading):
            label = labelled(spec.label, reading, own, span)
            if label and "label-over" not in label and verify(str(spec.check), match.group()):
                around = surroundings(spec.context, spec.scopes, reading, words, span)
                yield Match(0, span, (*label, "check", "wrapped", *around))


def _in_word(source: str, span: Span) -> bool:
    """Tell whether a value is a kanji numeral inside a word: 千 of 千葉 is no 1000."""
    value, after = source[span.start : span.end], source[span.end : span.end + 1]
    return len(value) <= _SHORT and not _NO_NUMERAL.search(value) and _KANJI.match(after) is not None


def _checked(spec: Spec, value: str) -> Iterator[str]:
    if spec.check:
        yield "check" if verify(spec.check, value) else "no-check"
    if bare(value) != value:
        yield "grouped"


def labelled(label: Label | None, reading: Reading, own: frozenset[str], span: Span) -> tuple[str, ...]:
    """Return "label:WORD" for the word of `own` that announces the value at `span`, or nothing."""
    if label is None or not (own or label.columns):
        return ()
    said = label_of(reading, own, span.start, label.within) if own else None
    said = said or (title_of(reading, label.columns, span.start) if label.columns else None)
    said = said or (label_after(reading, own, span.end, label.after) if label.after else None)
    if said is None:
        return ()
    return (f"label:{said.word}", f"label-{said.where}") if said.where else (f"label:{said.word}",)


def surroundings(
    context: Mapping[str, object],
    scopes: Mapping[str, str],
    reading: Reading,
    words: Mapping[str, list[Word]],
    span: Span,
) -> Iterator[str]:
    """Yield each class of `context` of which a word stands around `span` and not in it, in the class's scope."""
    for name in context:
        if found := words.get(f"context:{name}"):
            scope = reading.scope(scopes.get(name, "sentence"), span)
            if any(word.end <= span.start or word.start >= span.end for word in within(found, scope.start, scope.end)):
                yield name
