"""What a scan has done is done for the next one, and nothing is taken over that is not exactly that."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import zlib
from contextlib import contextmanager
from time import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
from msgspec.structs import replace

from aiguard import pack as packs
from aiguard import remembered, task
from aiguard.attribution import Declared
from aiguard.checker import Checker, prepare
from aiguard.detectors.checks import my_number
from aiguard.errors import StoreError
from aiguard.model import Acceptance, Accepted, Allow, Config, Limits, Severity, Unchecked, Use, Verdict, passing
from aiguard.model.passing import may_pass
from aiguard.policy import file_key
from aiguard.readers import pieces
from aiguard.readers.inputs import Input, expand
from aiguard.readers.pieces import cut
from aiguard.remembered import Memory
from aiguard.spread import checked, report_all
from aiguard.store import database, state
from aiguard.store.keys import make_key, read_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aiguard.model import DocumentReport

KEY = bytes(range(32))
TODAY = dt.date(2026, 11, 26)
NUMBER = next(f"70518293641{digit}" for digit in "0123456789" if my_number(f"70518293641{digit}"))
TEXT = f"担当は早乙女 詩織さん（090-7361-8245）です。\n個人番号は{NUMBER}です。\n"


class Run(NamedTuple):
    """Hold what a run reported, and how many reports it found and kept."""

    reports: tuple[DocumentReport, ...]
    found: int
    kept: int


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with four texts."""
    texts = tmp_path / "文章"
    texts.mkdir()
    for number in range(3):
        (texts / f"{number}.txt").write_text(f"{number}件目です。\n{TEXT}", encoding="utf-8")
    (texts / "short.txt").write_text("1", encoding="utf-8")
    return texts


@contextmanager
def remembering(folder: Path, checker: Checker, key: bytes = KEY) -> Iterator[Memory]:
    with state.opened(folder.parent / "state.sqlite3", key) as opened:
        yield Memory(opened, checker, key)


def reported(folder: Path, checker: Checker, memory: Memory, jobs: int | None = None) -> tuple[DocumentReport, ...]:
    return tuple(each.report for each in checked(expand([str(folder)]), checker, jobs, memory=memory))


def run(folder: Path, checker: Checker | None = None, key: bytes = KEY, jobs: int | None = None) -> Run:
    checker = checker or prepare(Config(), Use.PROMPT, TODAY)
    with remembering(folder, checker, key) as memory:
        reports = reported(folder, checker, memory, jobs)
        return Run(reports, memory.found, memory.kept)


def test_what_is_done_is_not_done_again_and_reported_the_same(folder: Path) -> None:
    checker = prepare(Config(), Use.PROMPT, TODAY)
    plain = tuple(report_all(expand([str(folder)]), checker))
    first, second = run(folder), run(folder)
    assert first.reports == second.reports == plain
    assert (first.found, first.kept, second.found, second.kept) == (0, 4, 4, 0)


def test_only_what_changed_is_done_again(folder: Path) -> None:
    run(folder)
    file = folder / "1.txt"
    before = file.stat()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("7361", "7362"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # neither its time nor its size tells
    (folder / "new.txt").write_text("新しい文章です。", encoding="utf-8")
    again = run(folder)
    assert (again.found, again.kept) == (3, 2)
    file.write_text(text, encoding="utf-8")
    assert run(folder).found == 5


def test_a_file_of_another_name_is_another_file(folder: Path) -> None:
    run(folder)
    (folder / "1.txt").rename(folder / "【機密性2】1.txt")
    again = run(folder)
    assert (again.found, again.kept) == (3, 1)
    assert any(finding.location.label == "ファイル名" for report in again.reports for finding in report.findings)


def accepted(folder: Path, place: str) -> Accepted:
    name = file_key(KEY, place) + "0" * 32
    return Accepted(KEY, str(folder.resolve()), {name: Acceptance(Severity.WARN, "公表済み")})


OTHERS: dict[str, Callable[[Checker, Path], Checker]] = {
    "use": lambda _, __: prepare(Config(), Use.DOCUMENT, TODAY),
    "select": lambda one, _: replace(one, config=Config(select=("5(1)",))),
    "ignore": lambda one, _: replace(one, config=Config(ignore=("person-name",))),
    "limits": lambda one, _: replace(one, config=Config(limits=Limits(pages=1))),
    "allow": lambda one, _: replace(one, config=Config(allow=(Allow("公表済み", text=NUMBER),))),
    "declared": lambda one, _: replace(one, declared=Declared(("ChatGPT",), used=True)),
    "explains": lambda one, _: replace(one, explains=True),
    "prompt": lambda one, _: replace(one, prompt="早乙女について書いてください"),
    "names": lambda one, _: replace(one, names=("流山",)),
}


@pytest.mark.parametrize("what", OTHERS)
def test_an_option_that_changes_reports_is_asked_for_anew(folder: Path, what: str) -> None:
    checker = prepare(Config(), Use.PROMPT, TODAY)
    run(folder, checker)
    assert run(folder, OTHERS[what](checker, folder)).found == 0
    assert run(folder, checker).found == 4


def test_options_that_only_show_change_nothing(folder: Path) -> None:
    run(folder)
    shown = Config(min_severity=Severity.BLOCK, fail_on=Severity.NOTE, exclude=("x",), sources=("a",))
    assert run(folder, prepare(shown, Use.PROMPT, TODAY)).found == 4


def test_an_allow_that_expires_lets_what_it_allowed_be_asked_for_anew(folder: Path) -> None:
    config = Config(allow=(Allow("公表済み", text=NUMBER, expires=TODAY),))
    first = run(folder, prepare(config, Use.PROMPT, TODAY))
    assert run(folder, prepare(config, Use.PROMPT, TODAY - dt.timedelta(1))).found == 4
    later = run(folder, prepare(config, Use.PROMPT, TODAY + dt.timedelta(1)))
    assert later.found == 0
    assert later.reports != first.reports


def test_a_baseline_touches_only_the_files_that_it_is_about(folder: Path) -> None:
    checker = prepare(Config(), Use.PROMPT, TODAY)
    run(folder, checker)
    changed = replace(checker, accepted=accepted(folder, "1.txt"))
    assert run(folder, changed).found == 3
    other = Memory(None, replace(changed, accepted=replace(accepted(folder, "1.txt"), keeps=True)), KEY)  # type: ignore[arg-type]
    assert other.name(str(folder / "0.txt")) is None  # findings with hashes of their values are kept nowhere else


def test_changed_rules_invalidate(folder: Path, tmp_path: Path) -> None:
    copied = tmp_path / "町"
    shutil.copytree(packs.find("nagareyama"), copied)
    config = Config(pack=str(copied))
    run(folder, prepare(config, Use.PROMPT, TODAY))
    assert run(folder, prepare(config, Use.PROMPT, TODAY)).found == 4
    rules = next((copied / "rules").glob("*.toml"))
    rules.write_text(rules.read_text(encoding="utf-8") + "\n# 直しました\n", encoding="utf-8")
    assert run(folder, prepare(config, Use.PROMPT, TODAY)).found == 0


def test_another_version_or_library_invalidates(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder)
    with monkeypatch.context() as patch:
        patch.setattr(remembered, "__version__", "99.0")
        assert run(folder).found == 0
    monkeypatch.setattr(remembered, "_libraries", lambda _: ["regex-2099.1.1.dist-info"])
    assert run(folder).found == 0


def test_another_key_finds_nothing_and_harms_nothing(folder: Path) -> None:
    run(folder)
    assert run(folder, key=bytes(32)).found == 0
    assert run(folder).found == 4


# ---- What another run could better is not kept


def test_what_cannot_be_read_now_is_read_as_soon_as_it_can_be(folder: Path) -> None:
    missing = folder / "later.txt"
    checker = prepare(Config(), Use.PROMPT, TODAY)
    with remembering(folder, checker) as memory:
        (one,) = checked([Input(str(missing))], checker, memory=memory)
        assert one.report.verdict is Verdict.UNCHECKED
        assert memory.kept == 0


@pytest.mark.parametrize("reason", passing._PASSING)
def test_reasons_that_may_pass_are_known(reason: str) -> None:
    assert may_pass((Unchecked(None, "画像です"), Unchecked("3ページ", f"…{reason}（上限）")))
    assert not may_pass((Unchecked(None, "パスワードで守られています"),))


def test_a_child_that_dies_or_is_late_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(task, "reply_to", lambda *_: os._exit(1))
        broken = run(folder, jobs=1)
    assert {report.verdict for report in broken.reports} == {Verdict.UNCHECKED}
    assert broken.kept == 0
    assert {report.verdict for report in run(folder).reports} == {Verdict.BLOCK, Verdict.PASS}


def test_what_lies_in_the_file_itself_is_kept(folder: Path) -> None:
    (folder / "locked.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    first, second = run(folder), run(folder)
    assert first.reports == second.reports
    assert [report.verdict for report in first.reports if report.unchecked] == [Verdict.UNCHECKED]
    assert second.found == 5


def test_a_file_that_changed_while_it_was_read_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Memory.keep

    def late(self: Memory, items: object) -> None:
        (folder / "0.txt").write_text("書き換えました。", encoding="utf-8")
        real(self, items)  # type: ignore[arg-type]

    monkeypatch.setattr(Memory, "keep", late)
    assert run(folder).kept == 3


# ---- The pieces of a large file


def test_pieces_of_a_large_file_are_kept_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SIZE", 500)
    monkeypatch.setattr(task, "LARGE", 1_000)
    monkeypatch.setattr(task, "cut", lambda name: cut(name, 500))
    large = folder / "large.csv"
    rows = [f"{number},個人番号,{NUMBER if number % 9 == 0 else ''}" for number in range(200)]
    large.write_text("番号,備考,個人番号\n" + "\n".join(rows) + "\n", encoding="utf-8")
    first = run(folder)
    number = len(list(cut(str(large), 500)))
    assert (first.kept, len(first.reports)) == (4 + number, 5)
    assert run(folder) == Run(first.reports, 4 + number, 0)
    with large.open("a", encoding="utf-8") as file:
        file.write("200,追記,\n")
    assert run(folder).found >= 4 + number - 1


# ---- The file of state


def test_nothing_in_it_tells_a_value_a_path_or_a_plain_hash(folder: Path) -> None:
    from hashlib import blake2b, sha256

    named = folder / "早乙女詩織.txt"
    named.write_text(TEXT, encoding="utf-8")
    run(folder)
    with sqlite3.connect(folder.parent / "state.sqlite3") as connection:
        rows = connection.execute("SELECT name, body FROM done").fetchall()
    connection.close()
    assert len(rows) == 5
    held = b"".join(name + zlib.decompress(body[16:]) for name, body in rows)
    for value in ("早乙女", "詩織", "7361", "8245", NUMBER[:6], "文章", str(folder)):
        assert value.encode() not in held
    data = (folder / "short.txt").read_bytes()
    assert not any(digest(data).digest()[:16] in held for digest in (sha256, blake2b))


def test_only_its_user_may_read_it(folder: Path) -> None:
    run(folder)
    if os.name == "posix":
        assert (folder.parent / "state.sqlite3").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("harm", ["one bit", "swapped", "cut short", "no bytes"])
def test_a_row_that_is_not_what_was_kept_is_no_row(folder: Path, harm: str) -> None:
    first = run(folder)
    with sqlite3.connect(folder.parent / "state.sqlite3") as connection:
        (one, body), (two, other) = connection.execute("SELECT name, body FROM done LIMIT 2").fetchall()
        new = {"one bit": bytes((body[0] ^ 1,)) + body[1:], "cut short": body[:9], "swapped": other, "no bytes": "x"}
        connection.execute("UPDATE done SET body = ? WHERE name = ?", (new[harm], one))
        if harm == "swapped":
            connection.execute("UPDATE done SET body = ? WHERE name = ?", (body, two))
    connection.close()
    again = run(folder)
    assert again.reports == first.reports
    assert again.found == (2 if harm == "swapped" else 3)
    assert run(folder).found == 4


def other_file(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE notes (text)")
    connection.commit()
    connection.close()


def later(file: Path) -> None:
    with state.opened(file, KEY):
        pass
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 9")
    connection.close()


TROUBLES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a text": (lambda file: file.write_text("大切な文章です。\n" * 99, encoding="utf-8"), "壊れているか"),
    "of another program": (other_file, "aiguardの途中経過のファイルではありません"),
    "of a later version": (later, "この版のaiguardでは読めない"),
    "a folder": (lambda file: file.mkdir(), "開けません"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_file_that_is_no_state_is_refused_and_left_as_it_is(folder: Path, trouble: str) -> None:
    make, said = TROUBLES[trouble]
    file = folder.parent / "state.sqlite3"
    make(file)
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(StoreError) as error:
        run(folder)
    assert said in error.value.message
    assert str(file) in error.value.message
    assert error.value.hint
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_a_file_that_another_program_locks_is_refused_in_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder)
    monkeypatch.setattr(database, "WAIT", 0.1)
    connection = sqlite3.connect(folder.parent / "state.sqlite3", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    (folder / "0.txt").write_text("変えました。", encoding="utf-8")
    with pytest.raises(StoreError, match="ほかのソフト"):
        run(folder)
    connection.close()
    assert run(folder).found == 3


def test_two_scans_share_a_file(folder: Path) -> None:
    checker = prepare(Config(), Use.PROMPT, TODAY)
    with remembering(folder, checker) as one, remembering(folder, checker) as two:
        reports = [reported(folder, checker, memory) for memory in (one, two)]
        assert (one.kept, two.found) == (4, 4)
    assert reports[0] == reports[1]


def test_what_nobody_asks_for_goes_after_two_months(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder)
    (folder / "0.txt").unlink()

    def at(days: int, *, asks: bool) -> int:
        now = time() + days * 86_400
        with monkeypatch.context() as patch:
            patch.setattr(state, "time", lambda: now)
            if asks:
                run(folder)
            with state.opened(folder.parent / "state.sqlite3", KEY) as opened:
                opened.tidy()
                return int(opened._connection.execute("SELECT count(*) FROM done").fetchone()[0])

    assert at(40, asks=True) == 4
    assert at(70, asks=False) == 3
    assert at(140, asks=False) == 0


# ---- The key


def test_a_key_is_made_once_for_its_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "key.txt"
    key = make_key(file)
    assert len(key) == 32
    assert make_key(file) == read_key(file) == key
    assert [each.name for each in file.parent.iterdir()] == ["key.txt"]
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("data", [b"", b"secret", b"aiguard key 1\n12\n", b"\xff" * 2000])
def test_what_is_no_key_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "key.txt"
    file.write_bytes(data)
    with pytest.raises(StoreError, match="鍵のファイルではありません"):
        make_key(file)
    assert file.read_bytes() == data
