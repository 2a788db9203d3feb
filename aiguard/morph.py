"""Cut a text into words with fugashi: the only place that meets MeCab.

MeCab ends the process on one very long run, drops what follows a NUL, and fails on a lone surrogate; it gets
pieces of at most 5,000 code points, cut where a sentence or a word ends, with both replaced one for one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PIECE = 5_000
# White space of any kind is a blank for MeCab, whose output has one word a line.
_UNSAFE = re.compile(r"[\0\ud800-\udfff]|[^\S ]")
_PAIR = re.compile(r"([^\t]*)\t(-?[0-9]+)\n?")
_ENDS = re.compile(r"[\n。！？!?\s、,]")
# Asking MeCab for the surface and the left context id costs 0.6 of fugashi's nodes with `feature_raw`.
_FORMAT = r"-O '' -F '%M\t%phl\n' -U '%M\t-1\n' -E ''"
# UniDic's classes, by the start of their features; the first that fits names the tag.
_TAGS = (
    ("名詞,固有名詞,人名,姓", "姓"),
    ("名詞,固有名詞,人名,名", "名"),
    ("名詞,固有名詞,人名", "人名"),
    ("名詞,固有名詞,地名,国", "国"),
    ("名詞,固有名詞,地名", "地名"),
    ("名詞,固有名詞", "固有"),
    ("名詞,数詞", "数"),
    ("名詞", "名詞"),
    ("代名詞", "代名詞"),
    ("接尾辞", "接尾"),
    ("接頭辞", "接頭"),
    ("助詞", "助詞"),
    ("助動詞", "助動詞"),
    ("動詞", "動詞"),
    ("形", "形容"),
    ("補助記号", "記号"),
    ("記号", "文字"),
    ("空白", "空白"),
)
UNKNOWN = "未知"
PERSON_TAGS = ("姓", "名", "人名")


# A word: half-open code points in the text given, and the tag of its class. A bare tuple: there are millions.
Token: TypeAlias = tuple[int, int, str]


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words of `text[start:end]` in order; white space belongs to none."""
    words: list[Token] = []
    for first, last in pieces(text, start, len(text) if end is None else end):
        words += _words(_parsed(text[first:last]), first)
    return words


def person_tokens(text: str, also: Sequence[int] = ()) -> Iterator[list[Token]]:
    """Yield the words of each piece of a text that may name a person, or holds a place of `also` (ascending).

    Most pieces of most texts name nobody, and MeCab's own output tells so before any token is made.
    """
    for first, last in pieces(text, 0, len(text)):
        pairs = _parsed(text[first:last])
        wanted = bisect_left(also, first) < bisect_left(also, last)
        if wanted or not _tagger()[2].isdisjoint(number for _, number in pairs):
            yield _words(pairs, first)


def _parsed(text: str) -> list[tuple[str, str]]:
    """Return each word with the white space before it, and its context id; white space at the end is in none."""
    lead = len(text) - len(text.lstrip())
    pairs: list[tuple[str, str]] = _PAIR.findall(_tagger()[0](_UNSAFE.sub(_safe, text)))
    if lead and pairs:
        pairs[0] = (text[:lead] + pairs[0][0].lstrip(), pairs[0][1])
    return pairs


def _safe(match: re.Match[str]) -> str:
    return " " if match.group().isspace() else "\ufffd"


def _words(pairs: list[tuple[str, str]], at: int) -> list[Token]:
    tags = _tagger()[1]
    words = []
    for spaced, number in pairs:
        stop = at + len(spaced)
        words.append((stop - len(spaced.lstrip()), stop, tags.get(number, UNKNOWN)))
        at = stop
    return words


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield consecutive ranges of at most `PIECE` code points, cut behind a mark or a space where there is one."""
    while end - start > PIECE:
        cut = start + PIECE
        ends = [match.end() for match in _ENDS.finditer(text, cut - PIECE // 10, cut)]
        stop = ends[-1] if ends else cut
        yield start, stop
        start = stop
    if start < end:
        yield start, end


@lru_cache(maxsize=1)
def _tagger() -> tuple[Callable[[str], str], dict[str, str], frozenset[str]]:
    """Return MeCab's parser, the tags by context id, and the ids of persons' names."""
    import fugashi
    import unidic_lite

    with open(f"{unidic_lite.DICDIR}/left-id.def", encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slower here
        tags = dict(_tag(line) for line in file)
    persons = frozenset(number for number, tag in tags.items() if tag in PERSON_TAGS)
    return fugashi.Tagger(_FORMAT).parse, tags, persons


def _tag(line: str) -> tuple[str, str]:
    number, _, features = line.rstrip("\n").partition(" ")
    return number, next((tag for start, tag in _TAGS if features.startswith(start)), UNKNOWN)
