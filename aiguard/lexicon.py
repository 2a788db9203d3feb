"""Know words: which are names of persons, of places or of things, and which words are used like which.

The words stand in a trie that is mapped into memory (`benchmarks/lexicons.py` makes it), so that half a million of
them cost nothing to open. A record is (flags, cluster, group): bits of `SIGNS`, and the fine and the coarse cluster of
the word among the vectors of words that occur in like places, 0 for none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD = "<BHB"
SURNAME, GIVEN, FOREIGN, SURNAME_READING, GIVEN_READING, PLACE, COMMON = (1 << bit for bit in range(7))
SIGNS = "SGFsgPC"
READINGS = SURNAME_READING | GIVEN_READING
_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ"))}


class WordFacts(NamedTuple):
    """Hold what the lexicon knows of a word: its signs as letters ("SG"), the bits of them, and its clusters."""

    signs: str
    flags: int
    cluster: int
    group: int


Look = "Callable[[str], WordFacts]"
NOTHING = WordFacts("", 0, 0, 0)
_SIGNED = tuple("".join(sign for bit, sign in enumerate(SIGNS) if flags >> bit & 1) for flags in range(1 << len(SIGNS)))


def katakana(word: str) -> str:
    """Return hiragana as katakana."""
    return word.translate(_TO_KATAKANA)


def open_words(path: str) -> Callable[[str], WordFacts]:
    """Return a function that looks words up in the trie at `path`; words in kana know the readings they are."""
    import marisa_trie

    trie = marisa_trie.RecordTrie(RECORD)
    trie.mmap(path)
    return lru_cache(maxsize=20_000)(lambda word: _facts(trie, word))


def _facts(trie: Any, word: str) -> WordFacts:  # noqa: ANN401 - no stubs are published
    found = trie.get(word)
    kana = katakana(word)
    if kana != word and len(word) > 1 and (read := trie.get(kana)):
        readings = read[0][0] & READINGS
        found = [(found[0][0] | readings, *found[0][1:]) if found else (readings, 0, 0)]
    return WordFacts(_SIGNED[found[0][0]], *found[0]) if found else NOTHING
