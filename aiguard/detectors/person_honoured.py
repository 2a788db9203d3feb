"""Find the name before a word of respect: 「佐藤様」「鎌ケ谷太一さん」「王秀英さん」."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.detectors.person import ENDINGS, KANJI, Found, Names, katakana
from aiguard.detectors.person_parts import is_jointed, parted
from aiguard.morph import PERSON_TAGS, PLACE_TAGS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.morph import Token

_NAME_RUN = re.compile(
    rf"(?<!{KANJI})(?:{KANJI}{{1,2}}[ケヶヵノツ])?{KANJI}{{1,8}}\Z|{KANJI}{{0,4}}[ァ-ヶー]{{1,3}}[{ENDINGS}]?\Z|(?<!{KANJI})(?<![ぁ-ん])[ぁ-ん]{{2,3}}[{ENDINGS}](?<!お子)\Z"
    r"|[ァ-ヶー]{2,12}(?:[・= ][ァ-ヶー]{2,12}){0,3}\Z|[ぁ-ん]{2,5}\Z"
)
_FAMILY_RUN = re.compile(rf"(?<!{KANJI}){KANJI}{{1,5}}\Z")
_INSIDE = re.compile(rf"{KANJI}|[ァ-ヶー0-9A-Za-z]")
_KATAKANA_WORD = re.compile("[ァ-ヶー]+")
_KATAKANA_NAME = re.compile("[ァ-ヶー]{2,}(?:[・=][ァ-ヶー]{2,})*")
_PARTS = re.compile(r"(?:[ァ-ヶー]+[・=])+\Z")
_NO_HONORIFIC = re.compile(
    "様[式子相態々]|殿[町山川場]|さん(?:ぽ|道|さん|すて|ふらわあ)|ちゃん(?:ぽん|こ|ちゃん)|くん(?:せい|れん)"
)
_PROLONGED = re.compile("ー[ぁ-ん]")
_NAMED = frozenset((*PERSON_TAGS, *PLACE_TAGS))
_FOREIGN_TAGS = frozenset((*PERSON_TAGS, UNKNOWN))
# The only given name that the tokenizer gives to the word of respect: 林 + 一様.
_SWALLOWED = re.compile(rf"(?<!{KANJI})({KANJI}{{1,4}})一\Z")
_LONGEST = 12
_LONGEST_CHINESE = 3


def honoured(known: Names, text: str, words: list[Token], i: int) -> Iterator[Found]:
    """Yield the name before the honorific `words[i]`."""
    start, end, _ = words[i - 1]
    if _NO_HONORIFIC.match(text, words[i][0]) or _PROLONGED.match(text, max(0, start - 1)):
        return
    if words[i][0] - end > 1 or "\n" in text[end : words[i][0]]:
        return
    starts = list(_start_of_word(known, text, words, i))
    if not starts or _INSIDE.match(text, starts[0] - 1):
        starts += _start_of_run(known, text, words, i)
    if not starts:
        return
    start = min(starts)
    if match := _PARTS.search(text, max(0, start - 24), start):
        start -= len(match.group())
    if not known.spoiled(text, start, end):
        yield Found(start, end, ("honorific",))


def _start_of_word(known: Names, text: str, words: list[Token], i: int) -> Iterator[int]:
    """Yield where the name begins whose last word stands before the honorific `words[i]`, if that is a name."""
    start, end, tag = words[i - 1]
    if tag in PERSON_TAGS or _is_name(known, text[start:end], tag) or _is_short(known, text, start, end):
        yield _family_before(known, text, words, i - 1)


def _start_of_run(known: Names, text: str, words: list[Token], i: int) -> Iterator[int]:
    """Yield where the characters of a kind begin before the honorific `words[i]`, if they are a name as a whole."""
    end = words[i - 1][1]
    run = _NAME_RUN.search(text, max(0, end - _LONGEST), end)
    if run is None or all(word[0] != run.start() for word in words[max(0, i - 8) : i]):
        return
    if _is_run(known, run.group()) or _is_chinese(known, run.group(), words, i):
        yield run.start()


def _family_before(known: Names, text: str, words: list[Token], i: int) -> int:
    """Return where a name begins whose last word is `words[i]`: at a family name, at a place before a given name."""
    start, end, tag = words[i]
    while (
        i
        and words[i - 1][2] in _FOREIGN_TAGS
        and words[i - 1][1] == start
        and _katakana_only(text, words[i - 1][0], end)
    ):
        i, start = i - 1, words[i - 1][0]  # 「ジョン｜フン」
    if not i:
        return start
    first, last, before = words[i - 1]
    if before == "姓" and start - last <= 1 and text[last:start] != "\n":
        return first
    run = _FAMILY_RUN.search(text, max(0, start - _LONGEST), start)
    if run and _is_whole_family(known, run.group(), end - start):
        return run.start()
    is_given = tag == "名" or (len(text[start:end]) > 1 and known.given(text[start:end]))
    return first if before == "地名" and last == start and is_given and not known.spoiled(text, first, last) else start


def _is_whole_family(known: Names, run: str, length: int) -> bool:
    """Tell whether kanji before a given name of a length are a family name that the tokenizer cut: 久々宮, 尹美 + 淑."""
    if run[0] in known.abroad and len(run) + length == _LONGEST_CHINESE:
        return True
    return len(run) > 1 and (known.family(run) or is_jointed(run))


def _is_short(known: Names, text: str, start: int, end: int) -> bool:
    """Tell whether a word is a family name of one kanji that is a common word elsewhere: 「東様より」."""
    return text[start:end] in known.short and not _INSIDE.match(text[max(0, start - 1) : start])


def _katakana_only(text: str, start: int, end: int) -> bool:
    return bool(_KATAKANA_WORD.fullmatch(text, start, end))


def _is_name(known: Names, word: str, tag: str) -> bool:
    if word in known.not_persons:
        return False
    if tag in {"未知", "固有", "地名", "国"}:
        return known.family(word) or bool(_KATAKANA_NAME.fullmatch(word) and tag in {"未知", "固有"})
    if re.fullmatch("[ぁ-ん]{2,}", word):
        return tag == "名詞" and katakana(word) in known.lexicon("given-readings")
    return len(word) > 1 and tag == "名詞" and known.family(word)


def _is_run(known: Names, run: str) -> bool:
    """Tell whether a run of several words before an honorific is a name: 御園生, ラマチャンドラン, 四ツ谷, ヨシ子."""
    if run in known.not_persons:
        return False
    if known.family(run) or is_jointed(run) or (run[-1] in ENDINGS and run[0] <= "ヿ" and known.given(run)):
        return True
    if "・" in run:
        parts = run.split("・")
        return known.not_persons.isdisjoint(parts) and not known.lexicon("foreign-names").isdisjoint(parts)
    return parted(known, run) is not None


def swallowed(known: Names, text: str, at: int) -> Iterator[Found]:
    """Yield the name before a word of respect that is a part of another word: 「林一様」."""
    match = _SWALLOWED.search(text, max(0, at - _LONGEST), at)
    if match and known.family(match[1]):
        yield Found(match.start(), at, ("honorific",))


def _is_chinese(known: Names, run: str, words: list[Token], i: int) -> bool:
    """Tell whether a run is a family name of one kanji, and a word or two behind it: 王秀英, 金成恩, not 王子."""
    if run[0] not in known.abroad or not 1 < len(run) <= _LONGEST_CHINESE or run[1:] in known.kin:
        return False
    start = words[i - 1][1] - len(run)
    inside = [word for word in words[max(0, i - _LONGEST_CHINESE) : i] if word[0] >= start]
    return inside[0][1] == start + 1 or (len(inside) > 1 and inside[0][2] in _NAMED and inside[-1][2] == "名詞")
