"""Find addresses: from the first place name to the house or room number, building included, postal code left out.

Evidence: `house` (block or plot, as in 1丁目1番地 or 1-1-1), `plot` (one bare number behind a full place name) or
`area` (no house number: a line or a cell of its own); `city` (a city, town or ward is named), `own` (a town of the
organisation's city, without it) or `bare` (any place, in an address field); `label:WORD`; and each name of `context`
whose words stand around.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.detectors.address_grammar import Address, addresses, areas, places
from aiguard.detectors.pattern import Label, labelled, scope_problem, shown_by, surroundings
from aiguard.model import Match

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiguard.detectors.reading import Reading, Word


_NUMBER = re.compile("[0-9〇一二三四五六七八九十壱弐参]")


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe an address rule.

    `cities` need be neither complete nor in kanji: they say where a name begins that no gap parts from the words
    before, and which names are in kana. `towns` are known without the city in front of them.
    """

    prefectures: tuple[str, ...]
    cities: tuple[str, ...]
    towns: tuple[str, ...]
    label: Label
    context: dict[str, tuple[str, ...]] = {}
    scopes: dict[str, str] = {}


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class."""
    named = {f"context:{name}": words for name, words in spec.context.items()}
    return named | {"label": spec.label.spelled(), "prefecture": spec.prefectures}


def gates(_spec: Spec) -> tuple[str, ...]:
    """Return nothing: an address needs no cue."""
    return ()


def shown(spec: Spec) -> Mapping[str, str]:
    """Return by evidence the class that alone gives it."""
    return shown_by(spec.label, spec.context)


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    return scope_problem(spec.scopes, spec.context) if spec.prefectures else ("prefectures", "語が一つもありません")


def patterns(_spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions of the spec: none, the grammar is the detector's own."""
    return ()


def find(spec: Spec, _view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield the addresses with their evidence."""
    text = reading.text.text
    own = frozenset(word.word for word in words.get("label", ()))
    known = places(spec.prefectures, spec.cities, spec.towns)
    found = [each for each in addresses(known, text, fields=bool(own)) if _NUMBER.search(text, each.start, each.end)]
    taken = {each.start for each in found}
    if words.get("prefecture"):
        found += (each for each in areas(known, text) if each.start not in taken)
    for each in found:
        yield from _match(spec, reading, words, own, each)


def _match(
    spec: Spec, reading: Reading, words: Mapping[str, list[Word]], own: frozenset[str], each: Address
) -> Iterator[Match]:
    span = reading.text.to_source(each.start, each.end)
    label = labelled(spec.label, reading, own, span)
    if label or "bare" not in each.evidence:
        around = surroundings(spec.context, spec.scopes, reading, words, span)
        yield Match(0, span, (*each.evidence, *label, *around))
