"""Write stand-ins, and know them again where an AI has changed them a little.

Tolerated: other brackets, full-width and circled digits, spaces inside, a missing の, 苗字 for 姓, an honorific drawn
into the brackets. Every text that could be taken for a stand-in so is escaped when a text is masked.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aiguard.mask.labels import ALIASES, AS_WRITTEN, FAMILY, GIVEN, LABELS, OTHER, READING, ROLES, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.model import StandIn

__all__ = ["AS_WRITTEN", "Mention", "bare_mentions", "letters", "mentions", "spelled", "written"]

HONORIFICS = ("さん", "様", "さま", "氏", "殿", "君", "くん", "ちゃん")
_OPEN, _CLOSE = r"[〔\[［【(（]", r"[〕\]］】)）]"
_GAP = "[ \u3000]{0,3}"
_DIGITS = "(?:[0-9０-９]{1,6}|[①-⑳])"
_SYNONYMS = {"苗字": FAMILY, "名字": FAMILY, "下の名前": GIVEN, "フリガナ": READING, "ふりがな": READING}
_ROLE = rf"{'|'.join((*_SYNONYMS, *ROLES))}|{WRITTEN}{_GAP}{_DIGITS}"
_ROLES = rf"(?P<roles>(?:の?{_GAP}(?:{_ROLE}){_GAP}){{0,4}})"
_HONORIFIC = "|".join(HONORIFICS)
# What may follow the letters of an alias alone: Aさん, A様, but not A様式.
_HONOURED = re.compile(rf"(?:{'|'.join(word for word in HONORIFICS if word != '氏')})(?![式子態相])")
_BARE = r"[A-Za-zＡ-Ｚａ-ｚ]"


class Mention(NamedTuple):
    """Hold what looks like a stand-in: where, its name as aiguard writes it, and the honorific inside its brackets."""

    start: int
    end: int
    name: str
    honorific: str = ""


def written(base: str, roles: Sequence[str], *, alias: bool) -> str:
    """Write a stand-in: 〔氏名1の姓の表記2〕, as an alias A氏（姓・表記2）."""
    if alias:
        return f"{base}（{'・'.join(roles)}）" if roles else base
    return f"〔{'の'.join((base, *roles))}〕"


def spelled(item: StandIn, following: str) -> str:
    """Return how a stand-in is written before what follows it: Aさん for A氏, and a number of JSON as a string."""
    if item.bare:
        return f'"{item.name}"'
    return item.name.removesuffix(ALIASES["PERSON"]) if _HONOURED.match(following) else item.name


def letters(number: int) -> str:
    """Return the letters of the alias of a number from 0: A to Z, then AA, AB ..."""
    high, low = divmod(number, 26)
    return (letters(high - 1) if high else "") + chr(ord("A") + low)


def mentions(text: str, *, alias: bool = False) -> Iterator[Mention]:
    """Yield what looks like a stand-in, ascending; aliases only where the text has been given some."""
    found = [_labelled(match) for match in _label_pattern().finditer(text)]
    if alias:
        found += [_aliased(match) for match in _alias_pattern().finditer(text)]
    end = 0
    for mention in sorted(found):
        if mention.start >= end:
            yield mention
            end = mention.end


def bare_mentions(text: str) -> Iterator[Mention]:
    """Yield what looks like a stand-in that lost its brackets: 「氏名1さん」; forms number their fields so too."""
    for match in _bare_pattern().finditer(text):
        yield Mention(*match.span(), written(_plain(match["label"]) + _number(match["number"]), (), alias=False))


@lru_cache(maxsize=1)
def _bare_pattern() -> re.Pattern[str]:
    choice = "|".join(sorted(LABELS.values(), key=len, reverse=True))
    return re.compile(rf"(?<![〔\[［【(（\w])(?P<label>{choice}){_GAP}(?P<number>{_DIGITS})(?![〕\]］】)）0-9０-９])")


@lru_cache(maxsize=1)
def _label_pattern() -> re.Pattern[str]:
    names = sorted((*LABELS.values(), OTHER), key=len, reverse=True)
    choice = "|".join("".join(map(_either_width, name)) for name in names)
    return re.compile(
        rf"{_OPEN}{_GAP}(?P<label>{choice}){_GAP}(?P<number>{_DIGITS}){_GAP}{_ROLES}(?P<honorific>{_HONORIFIC})?{_GAP}{_CLOSE}"
    )


@lru_cache(maxsize=1)
def _alias_pattern() -> re.Pattern[str]:
    part = rf"{_GAP}(?:{_ROLE}){_GAP}"
    return re.compile(
        rf"(?<!{_BARE})(?P<letters>[A-ZＡ-Ｚ]{{1,3}}){_GAP}(?:(?P<kind>{'|'.join(ALIASES.values())})"
        rf"(?:{_OPEN}(?P<roles>{part}(?:[・･、のと]{part}){{0,3}}){_CLOSE})?|(?={_HONOURED.pattern}))"
    )


def _labelled(match: re.Match[str]) -> Mention:
    roles = re.findall(_ROLE, match["roles"])
    base = _plain(match["label"]) + _number(match["number"])
    name = written(base, tuple(map(_role, roles)), alias=False)
    return Mention(*match.span(), name, match["honorific"] or "")


def _aliased(match: re.Match[str]) -> Mention:
    roles = re.findall(_ROLE, match["roles"] or "")
    base = _plain(match["letters"]) + (match["kind"] or ALIASES["PERSON"])
    return Mention(*match.span(), written(base, tuple(map(_role, roles)), alias=True))


def _either_width(character: str) -> str:
    return f"[{character}{chr(ord(character) + 0xFEE0)}]" if character.isascii() else character


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _role(text: str) -> str:
    return _SYNONYMS.get(text, _plain(text))


def _number(digits: str) -> str:
    return str(int(unicodedata.normalize("NFKC", digits)))
