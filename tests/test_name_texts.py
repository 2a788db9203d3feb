"""The texts that the model of names learns from are marked right, and their names can be exchanged."""

from __future__ import annotations

import random
from pathlib import Path

import marisa_trie
import pytest
from marked import marked, sample, texts
from renaming import Stock, renamer

from aiguard import resources
from aiguard.lexicon import RECORD

FOLDER = Path(__file__).parent.parent / "benchmarks" / "names"


@pytest.fixture(scope="module")
def stock() -> Stock:
    trie = marisa_trie.RecordTrie(RECORD).mmap(str(resources.root() / "common" / "lexicons" / "words.marisa"))
    return Stock(trie.items(), (FOLDER / "common-families.txt").read_text(encoding="utf-8").split())


def _draw() -> random.Random:
    return random.Random(1)  # noqa: S311 - invented names need repeatable randomness, not secrecy


@pytest.mark.parametrize("file", sorted(FOLDER.glob("office-*.txt")), ids=lambda file: file.stem)
def test_every_mark_is_read(file: Path) -> None:
    samples = [sample(text) for text in texts(file.read_text(encoding="utf-8"))]
    assert len(samples) > 20
    for one in samples:
        assert not {"[[", "]]", "{{", "}}"} & {one.text[at : at + 2] for at in range(len(one.text))}
        assert all(one.text[start:end].strip() for start, end, _ in one.spans)


def test_marks_give_names_and_whether_they_are_public() -> None:
    one = sample(marked("[[佐藤|花子]]と[[!坂本龍馬]]、{{SENSITIVE:要介護3}}の[[~グエン・ラン]]"))
    assert [(one.text[start:end], label) for start, end, label in one.spans] == [
        ("佐藤花子", "P"),
        ("坂本龍馬", "Q"),
        ("グエン・ラン", "P"),
    ]
    assert one.text == "佐藤花子と坂本龍馬、要介護3のグエン・ラン"


def test_a_name_is_exchanged_alike_throughout_a_text_and_keeps_its_script(stock: Stock) -> None:
    text = marked("[[佐藤| |花子]]（[[サトウ| |ハナコ]]）は[[佐藤|]]家の人。[[~グエン・ティ]]も。")
    one = sample(text, renamer(stock, _draw()))
    names = [one.text[start:end] for start, end, _ in one.spans]
    assert names[0].split(" ")[0] == names[2] != "佐藤"
    assert all("ァ" <= character <= "ー" for character in names[1].replace(" ", ""))
    assert names[3].count("・") == 1
    assert sample(text, renamer(stock, _draw())) == one
