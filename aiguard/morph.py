"""Cut a text into words with fugashi: the only place that meets MeCab.

MeCab ends the process on one very long run, drops what follows a NUL, and fails on a lone surrogate; it gets
pieces of at most 5,000 code points, cut where a sentence or a word ends, with both replaced one for one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PIECE = 5_000
# White space of any kind is a blank for MeCab, whose output has one word a line.
_UNSAFE = re.compile(r"[\0\ud800-\udfff]|[^\S ]")
_PAIR = re.compile(r"([^\t]*)\t(-?[0-9]+)\n?")
_SPACED = re.compile(r"([^\t]*)\t-?[0-9]+\n?")
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
_STOP = "。"
UNKNOWN = "未知"
PERSON_TAGS = ("姓", "名", "人名")
PLACE_TAGS = ("地名", "固有")


# A word: half-open code points in the text given, and the tag of its class. A bare tuple: there are millions.
Token: TypeAlias = tuple[int, int, str]


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words of `text[start:end]` in order; white space belongs to none."""
    return tokens_in(text, ((start, len(text) if end is None else end),))


def surfaces(text: str) -> list[str]:
    """Return the words of a text of one piece (`PIECE` code points at most), without their places."""
    return [spaced.lstrip() for spaced in _SPACED.findall(_tagger()[0](_UNSAFE.sub(_safe, text)))]


def tokens_in(text: str, spans: Iterable[tuple[int, int]]) -> list[Token]:
    """Return the words of stretches of a text, which do not see each other, in one call of MeCab for many of them."""
    words: list[Token] = []
    batch: list[tuple[int, int]] = []
    room = PIECE
    for start, end in spans:
        for first, last in pieces(text, start, end):
            if last - first + 1 > room:
                words += _apart(text, batch)
                batch, room = [], PIECE
            batch.append((first, last))
            room -= last - first + 1
    return words + _apart(text, batch)


def _apart(text: str, spans: list[tuple[int, int]]) -> list[Token]:
    """Parse stretches joined by full stops, and put their words back into their places."""
    tags = _tagger()[1]
    words: list[Token] = []
    rest = iter(spans)
    at, end = next(rest, (0, 0))
    for spaced, number in _parsed(_STOP.join(text[first:last] for first, last in spans)):
        stop = at + len(spaced)
        start = stop - len(spaced.lstrip())
        while stop > end:  # MeCab may draw a full stop into a word of unknown characters: 「¯。¯」
            if start < end:
                words.append((start, end, tags.get(number, UNKNOWN)))
            over = stop - end - len(_STOP)
            start, end = next(rest, (end, end))
            stop = start + over
        if start < stop:
            words.append((start, stop, tags.get(number, UNKNOWN)))
        at = stop
    return words


def _parsed(text: str) -> list[tuple[str, str]]:
    """Return each word with the white space before it, and its context id; white space at the end is in none."""
    lead = len(text) - len(text.lstrip())
    pairs: list[tuple[str, str]] = _PAIR.findall(_tagger()[0](_UNSAFE.sub(_safe, text)))
    if lead and pairs:
        pairs[0] = (text[:lead] + pairs[0][0].lstrip(), pairs[0][1])
    return pairs


def _safe(match: re.Match[str]) -> str:
    return " " if match.group().isspace() else "\ufffd"


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
def _tagger() -> tuple[Callable[[str], str], dict[str, str]]:
    """Return MeCab's parser, and the tags by context id."""
    import fugashi
    import unidic_lite

    with open(f"{unidic_lite.DICDIR}/left-id.def", encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slower here
        found = re.findall(f"(?m)^([0-9]+) ({'|'.join(start for start, _ in _TAGS)})", file.read())
    tags = dict(_TAGS)
    return fugashi.Tagger(_FORMAT).parse, {number: tags[start] for number, start in found}


def reading(text: str) -> str:
    """Return how a short text is read, in katakana (the `kana` of UniDic); what it does not know stays as written."""
    words = _reader()(_UNSAFE.sub(_safe, text[:PIECE]))
    return "".join(word.feature.kana or word.surface for word in words if not word.surface.isspace())


@lru_cache(maxsize=1)
def _reader() -> Callable[[str], list[Any]]:
    import fugashi

    tagger: Callable[[str], list[Any]] = fugashi.Tagger()
    return tagger
