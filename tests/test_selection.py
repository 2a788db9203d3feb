"""What a run reads is what was asked for, in a fixed order, and what is left out is counted by its cause."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiguard.cli.selecting import selected, selection_of
from aiguard.errors import UsageError
from aiguard.model import Config
from aiguard.readers.given import Cause, LeftOut, said
from aiguard.readers.selection import Selection, select, since

if TYPE_CHECKING:
    from collections.abc import Iterator

GIT = shutil.which("git") or ""
TOKYO = dt.timezone(dt.timedelta(hours=9))


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)


def put(**files: str) -> None:
    """Write files: `put(**{"docs/a.txt": "text"})`."""
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def make(names: str) -> None:
    """Write files, each with its name as its text."""
    put(**{name: name for name in names.split()})


def work_tree(folder: str = ".") -> None:
    """Make a folder look like the work tree of a repository, as far as ignore files are concerned."""
    put(**{f"{folder}/.git/HEAD": "ref: refs/heads/main\n"})


def look(*arguments: str, **asked: Any) -> tuple[list[str], LeftOut]:  # noqa: ANN401 - what a selection takes
    """Return the paths that a selection reads, none of them a problem, and what it left out."""
    left: LeftOut = Counter()
    items = list(select(arguments, Selection(**asked), left))
    assert [item for item in items if item.problem] == []
    return [item.path.replace(os.sep, "/") for item in items], left


# ---- include and exclude


def test_include_limits_and_exclude_wins() -> None:
    make("d/a.csv d/b.txt d/old/c.csv d/private/d.csv")
    paths, left = look("d", include=("*.csv",), exclude=("private/",))
    assert paths == ["d/a.csv", "d/old/c.csv"]
    assert left == {(Cause.NOT_INCLUDED, False): 1, (Cause.EXCLUDED, True): 1}


@pytest.mark.parametrize("include", [("old/",), ("d/old",), ("/old/**",), ("*.csv", "!/a.csv"), ("./d/old/*",)])
def test_include_names_files_or_folders_in_the_manner_of_gitignore(include: tuple[str, ...]) -> None:
    make("d/a.csv d/b.txt d/old/c.csv")
    assert look("d", include=include)[0] == ["d/old/c.csv"]


def test_a_file_that_is_named_is_read_unless_the_selection_is_strict() -> None:
    make("a.txt d/b.txt")
    put(**{".aiguardignore": "a.txt\n"})
    assert look("a.txt", "d/b.txt", exclude=("d/",))[0] == ["a.txt", "d/b.txt"]
    left: LeftOut = Counter()
    assert not list(select(["a.txt", "d/b.txt"], Selection(exclude=("d/",), strict=True), left))
    assert not list(select(["d"], Selection(exclude=("d/",), strict=True), left))
    assert left == {(Cause.AIGUARDIGNORE, False): 1, (Cause.EXCLUDED, False): 1, (Cause.EXCLUDED, True): 1}


def test_hidden_folders_are_opened_on_demand_but_not_those_of_tools() -> None:
    make("d/.well-known/a.txt d/.git/b.txt d/node_modules/c.txt d/.env")
    assert look("d") == (["d/.env"], {(Cause.HIDDEN, True): 2, (Cause.TOOLS, True): 1})
    assert look("d", hidden=True) == (["d/.env", "d/.well-known/a.txt"], {(Cause.TOOLS, True): 2})


def test_a_folder_with_nothing_left_is_a_problem_but_one_with_nothing_new_is_not() -> None:
    make("d/a.txt")
    (item,) = select(["d"], Selection(exclude=("*",)))
    assert item.problem == "フォルダーの中に確認するファイルがありません"
    assert look("d", since=2e9) == ([], {(Cause.OLD, False): 1})


# ---- Ignore files


def test_gitignore_counts_in_a_work_tree_and_can_be_switched_off() -> None:
    make("d/a.txt d/a.log d/sub/b.log d/sub/keep.log d/build/c.txt")
    put(**{"d/.gitignore": "*.log\nbuild/\n", "d/sub/.gitignore": "!keep.log\n"})
    everything = "d/.gitignore d/a.log d/a.txt d/build/c.txt d/sub/.gitignore d/sub/b.log d/sub/keep.log".split()
    assert look("d") == (everything, {})
    work_tree("d")
    kept = "d/.gitignore d/a.txt d/sub/.gitignore d/sub/keep.log".split()
    assert look("d") == (
        kept,
        {(Cause.GITIGNORE, False): 2, (Cause.GITIGNORE, True): 1, (Cause.HIDDEN, True): 1},
    )
    assert look("d", gitignore=False)[0] == everything


def test_ignore_files_above_the_folder_count_and_so_does_the_exclude_file_of_the_repository() -> None:
    make("r/sub/a.log r/sub/b.tmp r/sub/c.own r/sub/d.txt")
    work_tree("r")
    put(**{"r/.gitignore": "*.log\n", "r/.git/info/exclude": "*.tmp\n", ".aiguardignore": "/r/sub/*.own\n"})
    assert look("r/sub") == (["r/sub/d.txt"], {(Cause.GITIGNORE, False): 2, (Cause.AIGUARDIGNORE, False): 1})


def test_a_repository_inside_another_has_rules_of_its_own() -> None:
    make("r/a.log r/inner/b.log r/inner/c.tmp")
    work_tree("r")
    put(**{"r/.gitignore": "*.log\n", "r/inner/.git": "gitdir: ../store\n"})
    put(**{"r/store/HEAD": "x", "r/store/info/exclude": "*.tmp\n"})
    assert look("r/inner", hidden=True)[0] == ["r/inner/.git", "r/inner/b.log"]


def test_aiguardignore_counts_everywhere_and_in_any_encoding() -> None:
    make("d/様式/a.txt d/記録/b.txt d/e.txt")
    Path("d/.aiguardignore").write_bytes("様式/\r\n# 記録/\r\n".encode("cp932"))
    assert look("d")[0] == ["d/.aiguardignore", "d/e.txt", "d/記録/b.txt"]


def test_patterns_meet_names_as_macos_writes_them() -> None:
    make("d/か\u3099.txt d/b.txt")  # が in two characters
    assert look("d", exclude=("が.txt",))[0] == ["d/b.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_ignore_files_that_are_pipes_or_folders_say_nothing() -> None:
    make("d/a.txt d/sub/.gitignore/b.txt")
    work_tree("d")
    os.mkfifo("d/.gitignore")
    os.mkfifo("d/.aiguardignore")
    assert [item.path for item in select(["d"], Selection()) if not item.problem] == ["d/a.txt"]


@pytest.mark.parametrize("pattern", ["[z-a]", "[", "!", "/", "//", "\\", "***/", "a\\", "[[:none:]]"])
def test_a_pattern_that_cannot_be_read_leaves_nothing_out(pattern: str) -> None:
    make("d/a.txt d/z.txt")
    assert look("d", exclude=(pattern,))[0] == ["d/a.txt", "d/z.txt"]


_PART = st.sampled_from(
    [
        "a",
        "b",
        "s",
        "t",
        "[!a-z[:digit:]]",
        "*",
        "**",
        "a*",
        "?",
        "[ab]",
        "a b",
        "*.x",
        "a.x",
        "[!a]",
        "\\a",
        "あ*",
        "[[:alpha:]]",
        "s[!q]a",
        "[]-a]",
        "[[a]",
    ]
)
_LINE = st.builds(
    lambda no, top, parts, end: no + top + "/".join(parts) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(_PART, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", " ", "\\ "]),
)
_TREE = "a b.x あい s/a s/b s/a.x s/あい t/a t/a.x t/t/a t/s/b t/s/ab s/t/a ab/b ab/a/b ab/a/a.x b/a/t/a.x".split()


@pytest.mark.skipif(not GIT, reason="no git here")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(top=st.lists(_LINE, max_size=4), inner=st.lists(_LINE, max_size=3))
def test_gitignore_is_read_as_git_reads_it(tmp_path: Path, top: list[str], inner: list[str]) -> None:
    root = tmp_path / "r"
    if not root.exists():
        subprocess.run([GIT, "init", "-q", root], check=True)
        for name in _TREE:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x", encoding="utf-8")
    (root / ".gitignore").write_text("\n".join(top), encoding="utf-8")
    (root / "t" / ".gitignore").write_text("\n".join(inner), encoding="utf-8")
    listed = subprocess.run(
        [GIT, "-C", root, "-c", "core.excludesFile=", "ls-files", "--others", "--exclude-standard", "-z"],
        check=True,
        capture_output=True,
    ).stdout.decode()
    read = {item.path for item in select([str(root)], Selection()) if item.problem is None}
    assert read == {str(root / path) for path in listed.split("\0") if path}


# ---- What may not be read


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user for whom permissions count, where the tests are run by one for whom they do not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no such permissions here")
def test_what_permissions_forbid_is_a_problem() -> None:
    make("d/a.txt d/closed/b.txt d/listed/c.txt")
    Path("d/link").symlink_to("closed/b.txt")
    for name, mode in ((".", 0o755), ("d", 0o755), ("d/closed", 0), ("d/listed", 0o444)):
        Path(name).chmod(mode)
    with nobody():
        found = {item.path: item.problem or "" for item in select(["d"], Selection(since=1.0))}
    for name in ("d/closed", "d/listed"):
        Path(name).chmod(0o755)
    assert {name: problem[:9] for name, problem in found.items()} == {
        "d/a.txt": "",
        "d/closed": "フォルダーの中を読",
        "d/link": "読む権限がないか、",
        "d/listed/c.txt": "",  # its time cannot be read, so it is not left out, and opening it will tell
    }


# ---- Times


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01", "2026-11-01T00:00+09:00"),
        ("2026-11-01T09:30", "2026-11-01T09:30+09:00"),
        ("2026-11-01T09:30+00:00", "2026-11-01T09:30+00:00"),
        ("24h", "2026-11-25T12:00+09:00"),
        ("7d", "2026-11-19T12:00+09:00"),
        ("2W", "2026-11-12T12:00+09:00"),
        ("30m", "2026-11-26T11:30+09:00"),
    ],
)
def test_since_takes_dates_and_spans(text: str, moment: str) -> None:
    now = dt.datetime(2026, 11, 26, 12, tzinfo=TOKYO)
    assert since(text, now) == dt.datetime.fromisoformat(moment).timestamp()


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "-1d", "7", "1.5h"])
def test_since_says_what_it_cannot_read(text: str) -> None:
    with pytest.raises(UsageError, match="--since") as refused:
        since(text, dt.datetime(2026, 11, 26, tzinfo=dt.UTC).astimezone(TOKYO))
    assert "7d" in refused.value.hint


def test_files_are_selected_by_when_they_changed() -> None:
    make("d/new.txt d/old.txt")
    os.utime("d/old.txt", (1e9, 1e9))
    assert look("d", since=1.5e9) == (["d/new.txt"], {(Cause.OLD, False): 1})


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_file_that_does_not_tell_its_time_is_read() -> None:
    make("d/a.txt")
    Path("d/gone").symlink_to("nowhere")
    items = list(select(["d"], Selection(since=4e9)))
    assert [(item.path, item.problem) for item in items] == [("d/gone", "リンク先のファイルがありません")]


def test_options_become_a_selection() -> None:
    now = dt.datetime(2026, 11, 26, 12, tzinfo=TOKYO)
    assert selection_of() == Selection()
    asked: dict[str, Any] = {
        "include": ["*.csv"],
        "exclude": ["old/"],
        "since": "1h",
        "changed": True,
        "no_gitignore": True,
    }
    wanted = Selection(("*.csv",), ("old/",), now.timestamp() - 3600, "HEAD", gitignore=False)
    assert selection_of(**asked, now=now) == wanted
    assert selection_of(changed=True, changed_from="v1", hidden=True, force_exclude=True) == Selection(
        changed="v1", hidden=True, strict=True
    )


@pytest.mark.parametrize("other", [{"changed": True}, {"changed_from": "v1"}, {"since": "1h"}])
def test_options_that_contradict_each_other_are_refused(other: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="いっしょに使えません"):
        selection_of(staged=True, **other)


def test_what_is_left_out_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    make("d/a.txt d/b.log d/old/c.txt")
    inputs = selected(["d"], selection_of(exclude=["*.log"]), Config(exclude=("old/",)))
    assert [item.path for item in inputs] == [os.path.join("d", "a.txt")]  # noqa: PTH118 - as it is shown
    assert capsys.readouterr().err == "aiguard: 除外の指定により1件とフォルダー1個を省きました\n"


# ---- Links, and one file once


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_circles_end_and_what_is_met_again_is_counted() -> None:
    make("d/a.txt d/sub/b.txt")
    Path("d/sub/circle").symlink_to("..")
    Path("d/z.txt").symlink_to("a.txt")
    assert look("d", "d/a.txt") == (["d/a.txt", "d/sub/b.txt"], {(Cause.AGAIN, True): 1, (Cause.AGAIN, False): 2})


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_rules_hold_where_a_link_leads_to() -> None:
    make("d/a.txt far/b.txt far/c.txt")
    put(**{"far/.aiguardignore": "c.txt\n"})
    Path("d/link").symlink_to(Path("far").absolute())
    assert look("d") == (["d/a.txt", "d/link/.aiguardignore", "d/link/b.txt"], {(Cause.AIGUARDIGNORE, False): 1})


def test_inputs_come_as_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    make("d/1/a.txt d/2/b.txt")
    opened: list[str] = []
    scandir = os.scandir

    def watched(path: str) -> Iterator[os.DirEntry[str]]:
        opened.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", watched)
    inputs = select(["d"], Selection())
    assert not opened
    assert next(inputs).path == os.path.join("d", "1", "a.txt")  # noqa: PTH118 - as it is shown
    assert os.path.join("d", "2") not in opened  # noqa: PTH118


# ---- What is said


def test_what_was_left_out_is_said_in_one_sentence() -> None:
    left: LeftOut = Counter({(Cause.GITIGNORE, False): 1200, (Cause.GITIGNORE, True): 1, (Cause.TWIN, False): 3})
    assert (
        said(left)
        == ".gitignore により1,200件とフォルダー1個を省きました。内容が同じ3件は、読み直さずに同じ結果を示しました"
    )
    assert not said(Counter())
