"""Fold a text into the views that rules read, each with a map back to the source.

`text_view` undoes the many ways to write the same characters (NFKC, itaiji, invisible characters); `digit_view`
builds on it and also undoes the ways to write the same number. A view never changes how many code points lie
before a cluster that kept its length, so only clusters whose length changed are kept in the map: a text that
folding does not change costs nothing.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.encoded import notations
from aiguard.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable

# Variants that NFKC leaves alone and UniDic 2.1.2 does not know. Left: the variant; right: the common form.
ITAIJI = dict(
    zip(
        "髙﨑𠮷濵德邊邉齋齊栁桒曻槗瀨淸靑緖增寬敎圡薰祿戶卽嵜鄕黑鷗步每穗顏類彥",
        "高崎吉浜徳辺辺斎斉柳桑昇橋瀬清青緒増寛教土薫禄戸即崎郷黒鴎歩毎穂顔類彦",
        strict=True,
    )
)
# Characters that show nothing: zero width, soft hyphen, bidi controls, joiners, tags, interlinear annotation.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff0-\ufffb\U000e0000-\U000e007f"
)
MARKS = "\u0300-\u036f\u20d0-\u20f0\u3099\u309a\uff9e\uff9f\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Characters that stand for themselves and are too common to look up: ASCII, kana, kanji, punctuation, and circled
# digits and the ellipsis, whose NFKC forms ("口座番号①1234567" -> "口座番号11234567") would change what is written.
PLAIN = (
    "\\n\\r\\t -~、。〃々〆〇〈-】〒〔-〛〜ぁ-ゖゝゞァ-ヿ゛゜…‥‘’“”→←↑↓○●◎□■◇◆△▲▽▼☆★※§¶±×÷°′″"
    "①-⑳⓪-⓿❶-➓\u2010\u2012-\u2015\u2212─-╿\u00a5\u4e00-\u9fff"
)
_VARIANTS = "".join(ITAIJI)
_WIDE = re.compile(f"[\uff01-\uff5e\u3000]{{2,}}(?![{MARKS}{INVISIBLE}])")
_CLUSTER = re.compile(f"[^{MARKS}{INVISIBLE}][{MARKS}{INVISIBLE}]+|[{MARKS}{INVISIBLE}]+|[^{PLAIN}]|[{_VARIANTS}]")
_ODD = re.compile(f"[^{PLAIN}]|[{_VARIANTS}]")
_DROP = re.compile(f"[{INVISIBLE}\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_WIDE_TABLE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_ITAIJI_TABLE = str.maketrans(ITAIJI)


class View(Struct, frozen=True):
    """Hold a folded text, and where the clusters of it whose length changed come from.

    `starts` and `ends` are the clusters' places in `text`, `froms` and `tos` those in the text below, all
    ascending, in code points. `below` is the view this one was made from, or None when that is the source.
    """

    text: str
    starts: array[int]
    ends: array[int]
    froms: array[int]
    tos: array[int]
    below: View | None = None

    def to_source(self, start: int, end: int) -> Span:
        """Map a span of this view to the source that folds to it, widened to whole clusters."""
        first = self._start(start)
        last = self._end(end) if end > start else first
        return self.below.to_source(first, last) if self.below else Span(first, last)

    def from_source(self, at: int) -> int:
        """Map a place in the source to the place in this view where what stands there begins."""
        if self.below:
            at = self.below.from_source(at)
        i = bisect_right(self.froms, at) - 1
        if i < 0:
            return at
        return self.starts[i] if at < self.tos[i] else at - self.tos[i] + self.ends[i]

    def _start(self, at: int) -> int:
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return at
        return self.froms[i] if at < self.ends[i] else at - self.ends[i] + self.tos[i]

    def _end(self, at: int) -> int:
        i = bisect_right(self.starts, at - 1) - 1
        if i < 0:
            return at
        return self.tos[i] if at - 1 < self.ends[i] else at - self.ends[i] + self.tos[i]


def rewrite(view: View, pattern: re.Pattern[str], fold: Callable[[re.Match[str]], str], *, whole: bool = False) -> View:
    """Replace each match of `pattern` by `fold(match)`; each match is one cluster of the new view's map.

    A match that keeps its length is folded one for one, unless it is `whole`. Returns `view` itself where nothing
    changes.
    """
    pieces: list[str] = []
    starts, ends, froms, tos = array("Q"), array("Q"), array("Q"), array("Q")
    done = shift = 0
    for match in pattern.finditer(view.text):
        old, new = match.group(), fold(match)
        if new == old:
            continue
        start, end = match.span()
        pieces += (view.text[done:start], new)
        done = end
        if len(new) != len(old) or (whole and len(old) > 1):
            starts.append(start + shift)
            ends.append(start + shift + len(new))
            froms.append(start)
            tos.append(end)
            shift += len(new) - len(old)
    if not done:
        return view
    pieces.append(view.text[done:])
    return View("".join(pieces), starts, ends, froms, tos, view)


def source_view(source: str) -> View:
    """Return the view that folds nothing."""
    nothing: array[int] = array("Q")
    return View(source, nothing, nothing, nothing, nothing)


def text_view(source: str) -> View:
    """Fold widths, compatibility forms (NFKC, UAX #15), itaiji and invisible characters, cluster by cluster.

    What is written in another notation (base64, percent, character references) is decoded first.
    """
    view = source_view(source)
    for pattern, decode in notations(source):
        view = rewrite(view, pattern, decode, whole=True)
    if view.text.isascii() or not _ODD.search(view.text):
        return view
    return rewrite(rewrite(view, _WIDE, _narrow), _CLUSTER, _fold_match, whole=True)


def fold(text: str) -> str:
    """Return what `text_view` makes of a word of a rule."""
    return text_view(text).text if _ODD.search(text) else text


def _narrow(match: re.Match[str]) -> str:
    return match.group().translate(_WIDE_TABLE)


def _fold_match(match: re.Match[str]) -> str:
    return _fold_cluster(match.group())


@lru_cache(maxsize=4096)
def _fold_cluster(cluster: str) -> str:
    return unicodedata.normalize("NFKC", _DROP.sub("", cluster)).translate(_ITAIJI_TABLE)


_KANJI_VALUE = dict(zip("〇零一二三四五六七八九壱弐参", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3), strict=True))
_KANJI_UNIT = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_LONGEST_NUMERAL = 40
_NUMERAL = re.compile("[〇零一二三四五六七八九壱弐参十拾百千]+|ゼロ(?=[0-9〇零一二三四五六七八九のー-])")
# What is looked behind for stands behind what it leads to: `re` tries only places where the first character stands.
_SPACED = re.compile(
    r"[0-9](?<![0-9]{2})(?:(?:[ \u00a0](?:- )?[0-9]){5,}(?![0-9])"
    r"|(?P<bar> ?[\t|,・-] ?|  )[0-9](?:(?P=bar)[0-9]){5,}(?![0-9]|(?P=bar)[0-9]))"
)
_BAR = r"[\u2010-\u2015\u2212\u2500ー~〜\-]"
_HYPHEN = re.compile(
    rf" (?<=[0-9] ){_BAR} ?(?=[0-9])|{_BAR}(?<=[0-9].) ?(?=[0-9])"
    r"|[・の](?<=[0-9]{2}.)(?=[0-9]{2})|\n(?<=[0-9]-\n)[ >]*(?=[0-9])|\n(?<=[0-9]\n)[ >]*(?=-[0-9])"
)
# A line wrapped inside a value; not the rows of a table or a numbered list (3番, 9月), not behind what ends like a
# telephone, and not two numbers that are long enough to be whole.
_WRAP = re.compile(
    r"\n(?<=[^\n\t,|]{30}[0-9]\n)(?<!-[0-9]{4}\n)(?!(?<=[0-9]{7}\n)(?:> ?)*[0-9]{7})(?:> ?)*(?=[0-9])"
    r"(?![0-9]{1,2}(?:[ .):、]|[^\W0-9A-Za-z_]))"
)


def digit_view(view: View) -> View:
    """Fold the ways to write a number, for rules that read digits only.

    Kanji numerals (三百十五 and 三一五 alike), digits spaced or boxed one by one, hyphen look-alikes and ー between digits,
    and a line wrapped inside a value. Names and places do not survive this (三郎, 八重洲, タワー), so no other
    rule reads this view.
    """
    # Lines first: one that begins with 八木 goes on with no number.
    for pattern, replace in ((_WRAP, _nothing), (_NUMERAL, _number), (_SPACED, _join), (_HYPHEN, _hyphen)):
        view = rewrite(view, pattern, replace)
    return view


def unwrapped(view: View) -> View:
    """Drop the line ends and quotation marks between digits: for looking at a number that short lines break."""
    return rewrite(view, _LINE_END, _nothing)


_LINE_END = re.compile(r"(?<=[0-9])[ -]?\n[ \t>]*(?:- ?)?(?=[0-9])")


def _number(match: re.Match[str]) -> str:
    numeral = match.group()
    if numeral == "ゼロ":
        return "0"
    if not any(character in _KANJI_UNIT for character in numeral):
        return "".join(str(_KANJI_VALUE[character]) for character in numeral)
    return str(_value(numeral)) if len(numeral) <= _LONGEST_NUMERAL else numeral


def _value(numeral: str) -> int:
    """Read 二百十三 as 213; digits between units are read by place (二百一三 is 213 as well)."""
    total = digits = 0
    seen = False
    for character in numeral:
        if unit := _KANJI_UNIT.get(character):
            total += (digits if seen else 1) * unit
            digits, seen = 0, False
        else:
            digits, seen = digits * 10 + _KANJI_VALUE[character], True
    return total + digits


def _join(match: re.Match[str]) -> str:
    return "".join(character for character in match.group() if character.isdigit())


def _hyphen(match: re.Match[str]) -> str:
    return "" if "\n" in match.group() else "-"


def _nothing(_match: re.Match[str]) -> str:
    return ""
