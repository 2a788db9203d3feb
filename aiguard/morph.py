"""Cut a text into words with fugashi: the only place that meets MeCab.

MeCab ends the process on one very long run, drops what follows a NUL, and fails on a lone surrogate; it gets
pieces of at most 5,000 code points, cut where a sentence or a word ends, with both replaced one for one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PIECE = 5_000
_KILLS = re.compile("[\0\ud800-\udfff]")
_ENDS = re.compile(r"[\n。！？!?\s、,]")
# Asking MeCab for the surface and the left context id costs 0.6 of fugashi's nodes with `feature_raw`.
_FORMAT = r"-O '' -F '%m\t%phl\n' -U '%m\t-1\n' -E ''"
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
    parse, tags, _ = _tagger()
    words: list[Token] = []
    for first, last in pieces(text, start, len(text) if end is None else end):
        words += _words(parse(_safe(text[first:last])), tags, text, first)
    return words


def person_tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the words of `text[start:end]`, or none at all where no word is tagged as a person's name.

    Most sentences name nobody, and MeCab's own output tells so before any token is made.
    """
    parse, tags, persons = _tagger()
    words: list[Token] = []
    for first, last in pieces(text, start, end):
        output = parse(_safe(text[first:last]))
        if persons.search(output):
            words += _words(output, tags, text, first)
    return words


def _safe(text: str) -> str:
    return _KILLS.sub("\ufffd", text)


def _words(output: str, tags: dict[str, str], text: str, at: int) -> list[Token]:
    words = []
    for line in output.split("\n"):
        surface, _, number = line.partition("\t")
        if not number:
            continue
        while text[at] != surface[0] and text[at].isspace():
            at += 1
        stop = at + len(surface)
        words.append((at, stop, tags.get(number, UNKNOWN)))
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
def _tagger() -> tuple[Callable[[str], str], dict[str, str], re.Pattern[str]]:
    import fugashi  # noqa: PLC0415 - 30 ms that a text without names does not pay
    import unidic_lite  # noqa: PLC0415

    with open(f"{unidic_lite.DICDIR}/left-id.def", encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slower here
        tags = dict(_tag(line) for line in file)
    persons = "|".join(number for number, tag in tags.items() if tag in PERSON_TAGS)
    return fugashi.Tagger(_FORMAT).parse, tags, re.compile(f"\t(?:{persons})\n")


def _tag(line: str) -> tuple[str, str]:
    number, _, features = line.rstrip("\n").partition(" ")
    return number, next((tag for start, tag in _TAGS if features.startswith(start)), UNKNOWN)
