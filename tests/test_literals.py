"""The words that a pattern needs stand in each of its matches; where nothing is sure, nothing is said."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
import regex

from aiguard import pack as packs
from aiguard.literals import MOST, needed

if TYPE_CHECKING:
    from aiguard.model import Pack


@lru_cache(maxsize=1)
def _pack() -> Pack:
    return packs.load(packs.find(None))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("庁内限り", {"庁内限り"}),
        ("庁内(?:限り|のみ)", {"庁内限り", "庁内のみ"}),
        ("案の?段階", {"案段階", "案の段階"}),
        ("[甲乙]類[0-9]+", {"甲類", "乙類"}),
        ("[^a]公印", {"公印"}),
        ("[]甲]類", {"]類", "甲類"}),
        ("[^]甲]類", {"類"}),
        ("(?<=番号)甲(?!乙)", {"甲"}),
        ("(?P<value>鍵)[^。]{0,8}?金庫", {"金庫"}),
        ("予定{2,}", {"予"}),
        ("(?:公表)+前", {"公表"}),
        ("秘|極秘", {"秘"}),
        (r"甲\.乙", {"甲.乙"}),
    ],
)
def test_words_are_what_every_match_holds(pattern: str, words: set[str]) -> None:
    found = set(needed(pattern))
    assert found
    assert found <= words


@pytest.mark.parametrize(
    "pattern",
    ["", "\\d+", "公印?|", "(?:公印)*", "(?i:secret)", "(?i)secret", "(?:ab){e<=1}", "[[a-z]--[x]]", r"\p{Han}", "(a)\\1",
     "公印|.", "(?=公印)", "[公", "(公印", "公印)"],
)  # fmt: skip
def test_nothing_is_said_where_nothing_is_sure(pattern: str) -> None:
    assert needed(pattern) == ()


def test_no_pattern_needs_more_words_than_are_cheap() -> None:
    assert all(len(needed(each)) <= MOST for each in packs.patterns(_pack()))


def test_every_match_of_every_rule_in_every_example_holds_a_word() -> None:
    examples = [text for rule in _pack().rules for text in (*rule.examples.match, *rule.examples.no_match)]
    text = "\n".join(examples)
    for pattern in packs.patterns(_pack()):
        words = needed(pattern)
        for match in regex.compile(pattern, regex.VERSION1).finditer(text) if words else ():
            assert any(word in match.group() for word in words), pattern
