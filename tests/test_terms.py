"""Every word of a report can be looked up."""

from __future__ import annotations

import pytest

from aiguard import describe
from aiguard import pack as packs
from aiguard.errors import UsageError
from aiguard.model import Severity, Standing
from aiguard.reporters import words
from aiguard.terms import TERMS
from aiguard.uses import use_titles

# Sentences and marks that say all there is to say themselves.
PLAIN = {words.NEW_MEANS, words.SIGNATURE, words.MORE_BY_SECTION, words.ALL}


def vocabulary() -> list[str]:
    """Return the words that reports are made of: each constant of their module, and what their tables say."""
    said = []
    for name, value in vars(words).items():
        if name.startswith("__") or not name.strip("_").isupper():
            continue
        said += [value] if isinstance(value, str) else list(value.values()) if isinstance(value, dict) else []
    return [word for word in said if isinstance(word, str) and word not in PLAIN]


def test_the_walk_finds_the_words_of_reports() -> None:
    assert {"用途", "手がかり", "入力できません", "許可リスト", "明示がありません", "依頼"} <= set(vocabulary())


@pytest.mark.parametrize("word", vocabulary())
def test_every_word_of_a_report_is_explained(word: str) -> None:
    assert word in TERMS
    assert describe.found_text(packs.load(packs.find(None)), word).startswith(f"用語 {word}\n")


def test_grades_columns_coverages_and_states_are_explained() -> None:
    grades = [severity.label for severity in Severity]
    coverages = list(describe._COVERAGE.values())
    states = [standing.label for standing in Standing]
    for word in (*grades, *coverages, *states, "根拠", "理由", "修正", "問題なし", "未確認"):
        assert word in TERMS


def test_every_use_and_every_section_can_be_looked_up() -> None:
    pack = packs.load(packs.find(None))
    for title in use_titles(pack.uses).values():
        assert describe.found_text(pack, title)
    for section in pack.guideline.section:
        assert section.title in describe.guideline_text(pack, section.id)


def test_what_is_not_there_is_said() -> None:
    for word in ("", "ありえない語"):
        with pytest.raises(UsageError):
            describe.found_text(packs.load(packs.find(None)), word)
