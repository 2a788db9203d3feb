"""Copies are known by their content, and reported as if they had been checked themselves."""

from __future__ import annotations

import os
from collections import Counter, deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct
from msgspec.structs import replace

from aiguard import copies
from aiguard.batch import report_inputs
from aiguard.checker import prepare
from aiguard.copies import under, with_copies
from aiguard.model import Allow, Config, DocumentReport, Use
from aiguard.readers.given import Cause
from aiguard.readers.inputs import Input
from aiguard.readers.twins import with_twins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiguard.checker import Checker
    from aiguard.readers.given import LeftOut

TEXT = "担当者へのお知らせです。電話は090-1234-5678です。\n緊急連絡先: 090-1234-5679\n"


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def checker() -> Checker:
    """Return what prompts are checked with."""
    return prepare(Config(), Use.PROMPT)


def write(**files: bytes) -> list[Input]:
    """Write files and return them as inputs."""
    for name, data in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)
    return [Input(name) for name in files]


def firsts(inputs: list[Input]) -> list[str | None]:
    """Return of each input the path of the first one of its content."""
    found = list(with_twins(inputs))
    assert [item for item, _ in found] == inputs
    return [first for _, first in found]


class Done(Struct, frozen=True):
    """Hold a result as a run has it."""

    input: Input
    report: DocumentReport
    ends: bool = True
    stopped: bool = False


def run(inputs: Iterable[Input], checker: Checker) -> tuple[list[DocumentReport], list[str], LeftOut]:
    """Check inputs with copies told apart, some inputs ahead; return the reports, the paths read, and the counts."""
    read: list[str] = []

    def check(given: Iterator[Input]) -> Iterator[Done]:
        ahead: deque[Input] = deque()
        for item in given:
            ahead.append(item)
            if len(ahead) > 3:
                yield one(ahead.popleft())
        yield from map(one, ahead)

    def one(item: Input) -> Done:
        read.append(item.path)
        return Done(item, next(report_inputs([item], checker)))

    left: LeftOut = Counter()
    results = with_copies(
        inputs, check, checker, lambda done, item, report: replace(done, input=item, report=report), left
    )
    return [done.report for done in results], read, left


def checked(path: str, checker: Checker) -> DocumentReport:
    """Return the report of one file."""
    (report,) = report_inputs([Input(path)], checker)
    return report


# ---- Which files are copies


def test_the_first_of_each_content_is_named() -> None:
    inputs = write(**{"a.txt": b"one", "b.txt": b"two", "c/d.txt": b"one", "e.txt": b"two", "f.txt": b"other"})
    assert firsts(inputs) == [None, None, "a.txt", "b.txt", None]


def test_a_copy_of_another_suffix_is_read_otherwise_and_is_none() -> None:
    assert firsts(write(**{"a.txt": b"one", "a.csv": b"one", "b.TXT": b"one"})) == [None, None, "a.txt"]


def test_only_files_of_one_size_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = write(**{"a.txt": b"1", "b.txt": b"22", "c.txt": b"33"})
    opened: list[str] = []
    real = Path.open

    def watched(self: Path, mode: str) -> object:
        opened.append(str(self))
        return real(self, mode)

    monkeypatch.setattr(Path, "open", watched)
    assert firsts(inputs) == [None, None, None]
    assert opened == ["b.txt", "c.txt"]


def test_a_file_that_changed_since_it_was_met_has_no_copies() -> None:
    inputs = write(**{"a.txt": b"one", "b.txt": b"two", "c.txt": b"two"})
    found = with_twins(inputs)
    assert next(found)[1] is None
    Path("a.txt").write_bytes(b"two")
    os.utime("a.txt", (1e9, 1e9))
    assert [first for _, first in found] == [None, "b.txt"]


def test_what_has_no_content_is_no_copy() -> None:
    inputs = [*write(**{"a.txt": b"", "b.txt": b""}), Input("c.txt", "x"), Input("c.txt", "x"), Input("gone.txt")]
    inputs += [Input("-", stdin=True), Input("-", stdin=True)]
    assert firsts(inputs) == [None] * len(inputs)


def test_staged_content_is_compared_too() -> None:
    inputs = [
        Input("a.txt", data=b"one"),
        Input("b.txt", data=b"one"),
        Input("c.txt", data=b"two"),
        Input("d.txt", data=b""),
    ]
    assert firsts([*inputs, *write(**{"e.txt": b"two"})]) == [None, "a.txt", None, None, "c.txt"]


# ---- What is reported of them


@pytest.mark.parametrize(
    ("path", "other"), [("a.txt", "b.txt"), ("docs/a.txt", "old/old/a.txt"), ("資料/a.txt", "控え/b.txt")]
)
def test_the_report_is_the_one_that_checking_makes(checker: Checker, path: str, other: str) -> None:
    write(**{path: TEXT.encode(), other: TEXT.encode()})
    report = checked(path, checker)
    assert len(report.findings) > 1
    assert under(report, other, checker) == checked(other, checker) != report


@pytest.mark.parametrize(
    ("path", "other"),
    [("a.txt", "【部外秘】b.txt"), ("【部外秘】a.txt", "b.txt"), ("a.txt", "090-1234-5678/a.txt"), ("a.txt", "a.csv")],
)
def test_a_name_that_tells_something_is_checked(checker: Checker, path: str, other: str) -> None:
    write(**{path: TEXT.encode(), other: TEXT.encode()})
    assert under(checked(path, checker), other, checker) is None


def test_an_allowed_path_is_not_reported_like_another(checker: Checker) -> None:
    write(**{"a/a.txt": TEXT.encode(), "b/a.txt": TEXT.encode(), "a/b.txt": TEXT.encode()})
    allow = (Allow(reason="公開している番号", text="090-1234-5678", path="a/*"),)
    allowing = replace(checker, config=replace(checker.config, allow=allow))
    report = checked("a/a.txt", allowing)
    assert under(report, "b/a.txt", allowing) is None
    assert under(report, "a/b.txt", allowing) == checked("a/b.txt", allowing)


def test_what_was_not_checked_is_tried_again(checker: Checker) -> None:
    write(**{"a.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "b.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"})
    assert under(checked("a.txt", checker), "b.txt", checker) is None


def test_a_report_without_some_of_its_findings_is_not_used(checker: Checker) -> None:
    write(**{"a.txt": TEXT.encode()})
    report = checked("a.txt", checker)
    assert under(replace(report, findings=report.findings[1:]), "b.txt", checker) is None


# ---- A run


def several() -> list[Input]:
    """Write files of which some are copies of others, one with a name that tells something."""
    files = {f"{number}.txt": f"{number}{TEXT * (number % 3)}" for number in range(9)}
    files |= {
        "a/0.txt": files["0.txt"],
        "0b.txt": files["0.txt"],
        "【部外秘】.txt": files["1.txt"],
        "z.txt": files["8.txt"],
    }
    return write(**{name: text.encode() for name, text in sorted(files.items())})


def test_a_run_reports_the_same_with_copies_told_apart(checker: Checker) -> None:
    inputs = several()
    reports, read, left = run(inputs, checker)
    assert reports == list(report_inputs(inputs, checker))
    assert sorted(read) == sorted({item.path for item in inputs} - {"0b.txt", "a/0.txt", "z.txt"})
    assert left == {(Cause.TWIN, False): 3}


def test_copies_of_what_is_no_longer_held_are_checked(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_ROOM", 3)
    inputs = several()
    reports, read, left = run(inputs, checker)
    assert reports == list(report_inputs(inputs, checker))
    assert len(read) + left[Cause.TWIN, False] == len(inputs)
    assert "z.txt" in read


def test_what_was_stopped_or_reported_in_parts_is_not_taken_for_a_copy(checker: Checker) -> None:
    inputs = write(**{"a.txt": TEXT.encode(), "b.txt": TEXT.encode(), "c.txt": b"1", "d.txt": b"1"})

    def check(given: Iterator[Input]) -> Iterator[Done]:
        for item in given:
            report = next(report_inputs([item], checker))
            if item.path == "a.txt":
                yield Done(item, report, ends=False)
            yield Done(item, report, stopped=item.path == "c.txt")

    left: LeftOut = Counter()
    results = list(with_copies(inputs, check, checker, lambda done, item, report: done, left))  # noqa: ARG005
    assert [done.input.path for done in results] == ["a.txt", "a.txt", "b.txt", "c.txt", "d.txt"]
    assert not left
