"""Tell from a regular expression alone which words a text must hold for it to match: most texts hold none of them.

Reads the syntax that rules use. What it does not know makes it say nothing, which is always right: the pattern is
then searched for. Words are taken from what a match consumes, never from what it looks at, so that they stand inside
every match.
"""

from __future__ import annotations

import re
from itertools import product
from typing import NamedTuple

MOST = 64  # words: looking for more costs as much as searching for the pattern
_WIDEST = 12  # characters of a class that is read as words
_CROSSED = 40  # words that neighbours may make together
_QUANTIFIER = re.compile(r"(?:([?*+])|\{(\d*)(,?)(\d*)\})[?+]?")
_GROUP = re.compile(r"\((?:\?(?:(:|>)|(P?<[^\W\d]\w*>)|(<?[=!])|(i:)))?")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_NOWHERE = frozenset("bBAZ")
_CLASS = frozenset("dDsSwW")
_COMMON = 0.02  # how often a kana, a digit or a Latin letter stands at a place of a text, roughly; kanji are rarer
_KANJI = 0.003


class _Unknown(Exception):  # noqa: N818 - it is no error: nothing is known
    """Say that a pattern uses syntax that is not read here."""


class _Part(NamedTuple):
    """Hold all the texts that a part of a pattern matches, where they are few, and words of which each holds one."""

    exact: frozenset[str] | None
    needs: frozenset[str] | None


_ANY = _Part(None, None)
_EMPTY = _Part(frozenset({""}), None)


def needed(pattern: str) -> tuple[str, ...]:
    """Return words of which at least one stands in every match of a pattern; none where nothing can be said."""
    try:
        part, at = _alternatives(pattern, 0)
    except (_Unknown, IndexError, RecursionError):
        return ()
    words = _fewest(part.needs) if part.needs and at == len(pattern) else ()
    return words if len(words) <= MOST else ()


def _fewest(words: frozenset[str]) -> tuple[str, ...]:
    """Drop the words that hold another one."""
    kept: list[str] = []
    for word in sorted(words, key=lambda word: (len(word), word)):
        if not any(other in word for other in kept):
            kept.append(word)
    return tuple(kept)


def _alternatives(pattern: str, at: int) -> tuple[_Part, int]:
    """Read branches parted by | up to the end or a closing bracket."""
    part, at = _sequence(pattern, at)
    parts = [part]
    while at < len(pattern) and pattern[at] == "|":
        part, at = _sequence(pattern, at + 1)
        parts.append(part)
    if len(parts) == 1:
        return parts[0], at
    exact = [part.exact for part in parts if part.exact is not None]
    needs = [part.needs for part in parts if part.needs]
    return _Part(
        frozenset().union(*exact) if len(exact) == len(parts) else None,
        frozenset().union(*needs) if len(needs) == len(parts) else None,
    ), at


def _sequence(pattern: str, at: int) -> tuple[_Part, int]:
    """Read what stands in a row; words of neighbours that are few are joined."""
    joined, whole, needs = frozenset({""}), True, []
    while at < len(pattern) and pattern[at] not in "|)":
        part, at = _item(pattern, at)
        if part.exact is not None and len(joined) * len(part.exact) <= _CROSSED:
            joined = frozenset(map("".join, product(joined, part.exact)))
            continue
        needs += [joined, part.needs or frozenset({""})]
        joined, whole = part.exact if part.exact is not None else frozenset({""}), False
    needs.append(joined)
    told = [words for words in needs if words and "" not in words]
    return _Part(joined if whole else None, min(told, key=_cost, default=None)), at


def _cost(words: frozenset[str]) -> tuple[bool, float]:
    """Say whether the words are too many, and guess how often one of them stands at a place of a text."""
    total = 0.0
    for word in words:
        share = 1.0
        for character in word:
            share *= _KANJI if "\u4e00" <= character <= "\u9fff" else _COMMON
        total += share
    return len(words) > MOST, total


def _item(pattern: str, at: int) -> tuple[_Part, int]:
    part, at = _atom(pattern, at)
    found = _QUANTIFIER.match(pattern, at)
    if found is None:
        return part, at
    least = {"?": 0, "*": 0, "+": 1}.get(found[1], int(found[2] or 0) if found[2] is not None else 0)
    if found[1] is None and not found[2] and not found[4]:
        raise _Unknown  # {e<=1} of a fuzzy match, or a brace that stands for itself
    once = found[1] == "?" or (found[2], found[3], found[4]) == ("0", ",", "1")
    if once and part.exact is not None:
        return _Part(part.exact | {""}, None), found.end()
    if found[2] and least == 1 and not found[3]:
        return part, found.end()
    return _Part(None, part.needs if least else None), found.end()


def _atom(pattern: str, at: int) -> tuple[_Part, int]:
    character = pattern[at]
    if character == "(":
        return _group(pattern, at)
    if character == "[":
        return _set(pattern, at)
    if character == "\\":
        return _escape(pattern, at)
    if character in "^$":
        return _EMPTY, at + 1
    if character == ".":
        return _ANY, at + 1
    if character in "*+?{}":
        raise _Unknown
    return _word(character), at + 1


def _word(character: str) -> _Part:
    return _Part(frozenset({character}), frozenset({character}))


def _group(pattern: str, at: int) -> tuple[_Part, int]:
    found = _GROUP.match(pattern, at)
    if found is None or pattern.startswith("?", found.end()):
        raise _Unknown
    part, at = _alternatives(pattern, found.end())
    if pattern[at] != ")":
        raise _Unknown
    if found[3]:
        return _EMPTY, at + 1
    return (_ANY if found[4] else part), at + 1


def _escape(pattern: str, at: int) -> tuple[_Part, int]:
    named = pattern[at + 1]
    if named in _NOWHERE:
        return _EMPTY, at + 2
    if named in _CLASS:
        return _ANY, at + 2
    if named in _ESCAPED:
        return _word(_ESCAPED[named]), at + 2
    if named.isalnum():
        raise _Unknown
    return _word(named), at + 2


def _set(pattern: str, at: int) -> tuple[_Part, int]:
    """Read a class of characters; a small one is so many words of one character."""
    wide = pattern[at + 1] == "^"
    start = at = at + 1 + wide
    characters: set[str] = set()
    while pattern[at] != "]" or at == start:
        first, at, known = _member(pattern, at)
        wide = wide or not known
        if pattern[at] == "-" and pattern[at + 1] != "]":
            last, at, known = _member(pattern, at + 1)
            wide = wide or not known or ord(last) - ord(first) > _WIDEST
            characters |= set() if wide else set(map(chr, range(ord(first), ord(last) + 1)))
        characters.add(first)
    few = frozenset(characters)
    return (_Part(few, few) if 0 < len(few) <= _WIDEST and not wide else _ANY), at + 1


def _member(pattern: str, at: int) -> tuple[str, int, bool]:
    """Return a member of a class, where the next begins, and whether it is a single character."""
    character = pattern[at]
    if character == "[" or (character in "-&|~" and pattern[at + 1] == character):
        raise _Unknown  # sets of sets
    if character != "\\":
        return character, at + 1, True
    named = pattern[at + 1]
    if named in _CLASS:
        return named, at + 2, False
    if named in _ESCAPED:
        return _ESCAPED[named], at + 2, True
    if named.isalnum():
        raise _Unknown
    return named, at + 2, True
