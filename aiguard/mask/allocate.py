"""Give every value a stand-in: one number a person or value, one suffix a written form."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from aiguard.mask.grammar import bare_mentions, letters, written
from aiguard.mask.labels import ALIASES, AS_WRITTEN, WRITTEN, label
from aiguard.mask.people import Lexicons, identify
from aiguard.model import StandIn, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.model import Found

_LOOSE = re.compile(r"[\s\u2010-\u2015\u2212\u2500ー-]+")
# Values in which every character counts: two that look alike are two.
_EXACT = frozenset({AS_WRITTEN, "CREDENTIAL", "SENSITIVE", "EMAIL"})
_LETTERS = re.compile("(?<![A-Za-zＡ-Ｚａ-ｚ])[A-ZＡ-Ｚ]{1,3}(?![A-Za-zＡ-Ｚａ-ｚ])")


class _Subject(NamedTuple):
    """Say what a value is of, among its kind, and which part of it."""

    entity: str
    key: str
    roles: tuple[str, ...]


def allocate(
    found: Sequence[Found], text: str, *, style: Style = Style.LABEL, lexicons: Lexicons | None = None
) -> tuple[StandIn, ...]:
    """Return the stand-in of each value, in their order (ascending in `text`); the same written form, the same one.

    Letters that stand alone in `text` are not used for aliases, nor are numbers that its own fields have (氏名1), so
    that what is read in an answer means one thing.
    """
    subjects = _subjects(found, text, lexicons or Lexicons())
    bases = _bases(subjects, style, _letters(text) | {mention.name for mention in bare_mentions(text)})
    given: dict[tuple[str, bytes, bool], StandIn] = {}
    forms: dict[str, int] = defaultdict(int)
    for one, subject in zip(found, subjects, strict=True):
        form = (one.entity, one.raw, one.bare)
        if form not in given:
            base, alias = bases[subject.entity, subject.key]
            name = written(base, subject.roles, alias=alias)
            forms[name] += 1
            if forms[name] > 1:
                name = written(base, (*subject.roles, f"{WRITTEN}{forms[name]}"), alias=alias)
            given[form] = StandIn(name, one.entity, one.text, one.raw, one.bare)
    return tuple(given[one.entity, one.raw, one.bare] for one in found)


def _subjects(found: Sequence[Found], text: str, lexicons: Lexicons) -> list[_Subject]:
    people = identify([one for one in found if one.entity == "PERSON"], text, lexicons)
    return [
        _Subject(one.entity, *people[one.text]) if one.entity == "PERSON" else _Subject(one.entity, _same(one), ())
        for one in found
    ]


def _same(one: Found) -> str:
    """Return what values are compared by, whatever their width, spaces and hyphens."""
    if one.entity in _EXACT:
        return one.text
    value = unicodedata.normalize("NFKC", one.text).casefold()
    return _LOOSE.sub("", value) or value


def _letters(text: str) -> frozenset[str]:
    """Return the letters that stand alone in a text: they mean something else there."""
    return frozenset(unicodedata.normalize("NFKC", letter) for letter in _LETTERS.findall(text))


def _bases(subjects: Sequence[_Subject], style: Style, used: frozenset[str]) -> dict[tuple[str, str], tuple[str, bool]]:
    """Return the name of what each value is of, numbered by kind in the order of the text, and whether it is an alias."""
    bases: dict[tuple[str, str], tuple[str, bool]] = {}
    numbered: dict[str, Iterator[str]] = {}
    free = {ending: (name for name in map(letters, count()) if name not in used) for ending in ALIASES.values()}
    for subject in subjects:
        key = (subject.entity, subject.key)
        if key in bases:
            continue
        if style is Style.ALIAS and subject.entity in ALIASES:
            ending = ALIASES[subject.entity]
            bases[key] = (next(free[ending]) + ending, True)
        else:
            kind = label(subject.entity)
            names = numbered.setdefault(kind, _numbered(kind, used))
            bases[key] = (next(names), False)
    return bases


def _numbered(kind: str, used: frozenset[str]) -> Iterator[str]:
    names = (f"{kind}{number}" for number in count(1))
    return (name for name in names if written(name, (), alias=False) not in used)
