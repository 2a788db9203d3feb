"""The benchmark measures on texts that are all different and full of names, and it measures what it says."""

from __future__ import annotations

import sys
from collections import Counter
from statistics import mean
from typing import TYPE_CHECKING

import corpus
import pytest
import sentences
import speed
import stocks

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def pages() -> tuple[corpus.Page, ...]:
    """Return the texts that are measured on."""
    return corpus.pages()


def test_no_two_pages_are_alike(pages: tuple[corpus.Page, ...]) -> None:
    assert len({page.text for page in pages}) == len({page.name for page in pages}) == 1_000


def test_pages_are_as_long_as_in_an_office(pages: tuple[corpus.Page, ...]) -> None:
    lengths = [len(page.text) for page in pages]
    assert min(lengths) >= 200
    assert max(lengths) <= 1_500
    assert 550 <= mean(lengths) <= 650


def test_most_sentences_occur_once_and_many_name_a_person(pages: tuple[corpus.Page, ...]) -> None:
    all_sentences = [(sentence, page) for page in pages for sentence in corpus.sentences(page.text)]
    counts = Counter(sentence for sentence, _ in all_sentences)
    once = sum(count == 1 for count in counts.values())
    # A surname of one character may stand in another word, so it is not counted.
    named = sum(any(len(name) > 1 and name in sentence for name in page.persons) for sentence, page in all_sentences)
    assert once / len(all_sentences) >= 0.6
    assert named / len(all_sentences) >= 0.35


def test_the_stocks_are_large_and_every_slot_can_be_filled() -> None:
    assert len({*stocks.SURNAMES}) == len({*stocks.GIVEN_NAMES}) == 200
    assert len({*sentences.PERSONAL, *sentences.PLAIN}) >= 150
    assert all("{p}" in sentence or "{s}" in sentence for sentence in sentences.PERSONAL)
    assert not any("{p}" in sentence or "{s}" in sentence for sentence in sentences.PLAIN)


def test_the_same_files_are_written_every_time(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    corpus.write(first, 24)
    corpus.write(second, 24)
    assert [path.read_bytes() for path in sorted(first.iterdir())] == [
        path.read_bytes() for path in sorted(second.iterdir())
    ]
    assert {path.suffix for path in first.iterdir()} == {".txt", ".md", ".tsv", ".csv"}


def test_the_page_is_one_page() -> None:
    assert 850 <= len(corpus.page()) <= 1_000


def test_a_process_is_measured_to_its_end(tmp_path: Path) -> None:
    code = "import time; held = bytearray(40_000_000); time.sleep(0.3)"
    command = (sys.executable, "-c", code)
    measured = speed.times(command, tmp_path)
    assert measured.wall >= 0.3
    assert measured.cpu > 0
    assert speed.peak_memory(command, tmp_path) >= 40


def test_a_command_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="exit 3"):
        speed.times((sys.executable, "-c", "raise SystemExit(3)"), tmp_path)


def test_a_comparison_takes_medians_of_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = iter([(9, 9), (1, 1), (4, 6), (2, 3), (6, 9), (2, 2), (3, 3), (2, 1)])
    monkeypatch.setattr(speed, "times", lambda *_: speed.Times(*next(measured)))
    outcome = speed.compare(speed.Comparison("名", ("a",), ("b",), 2.0), 3, tmp_path)
    assert outcome == speed.Outcome("名", 4, 2, 2.0, 3.0, 2.0)
    assert speed.line(outcome) == "| 名 | 4.000 秒 | 2.000 秒 | 2.00 | 3.00 | 2.0 | 超過 |"
