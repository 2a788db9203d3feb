"""What git says has changed is read, and of a commit its very content."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiguard.errors import UsageError
from aiguard.readers.git import Repository, repository
from aiguard.readers.given import Cause, LeftOut
from aiguard.readers.selection import Selection, select

if TYPE_CHECKING:
    from aiguard.readers.inputs import Input

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="no git here")
posix = pytest.mark.skipif(os.name == "nt", reason="names and links that Windows does not have")


def git(*arguments: str, folder: str = ".") -> str:
    """Run git in a folder."""
    done = subprocess.run([GIT, "-C", folder, *arguments], check=True, capture_output=True)
    return done.stdout.decode("utf-8", "surrogateescape")


def begin(folder: str = ".") -> None:
    """Make a repository."""
    git("init", "-q", "-b", "main", folder)
    git("config", "user.name", "a", folder=folder)
    git("config", "user.email", "a@example.com", folder=folder)
    git("config", "core.autocrlf", "false", folder=folder)


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a repository with one commit."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    root = tmp_path / "倉庫"
    root.mkdir()
    monkeypatch.chdir(root)
    begin()
    write({"a.txt": "a", "docs/会 議.txt": "会議", "docs/b.txt": "b"})
    git("add", ".")
    git("commit", "-qm", "1")


def write(files: dict[str, str]) -> None:
    """Write files."""
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8", newline="")


def take(*arguments: str, **asked: Any) -> tuple[list[Input], LeftOut]:  # noqa: ANN401 - what a selection takes
    """Return what a selection reads and what it left out."""
    left: LeftOut = Counter()
    return list(select(arguments, Selection(**asked), left)), left


def staged(*arguments: str, **asked: Any) -> dict[str, bytes | None]:  # noqa: ANN401 - what a selection takes
    """Return the staged content by path; nothing else is read."""
    return {item.path.replace(os.sep, "/"): item.data for item in take(*arguments, staged=True, **asked)[0]}


def changed(*arguments: str, ref: str = "HEAD", **asked: Any) -> list[str]:  # noqa: ANN401 - what a selection takes
    """Return the paths that differ from a commit, all to be read from the work tree."""
    items = take(*arguments, changed=ref, **asked)[0]
    assert all(item.data is None and item.problem is None for item in items)
    return [item.path.replace(os.sep, "/") for item in items]


# ---- --staged


def test_what_is_committed_is_read_and_not_the_file() -> None:
    write({"a.txt": "staged"})
    git("add", "a.txt")
    write({"a.txt": "later", "docs/b.txt": "not added", "new.txt": "not added"})
    assert staged() == {"a.txt": b"staged"}
    Path("a.txt").unlink()
    assert staged("a.txt") == {"a.txt": b"staged"}


def test_the_first_commit_has_nothing_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(str(tmp_path / "new"))
    monkeypatch.chdir(tmp_path / "new")
    assert take(staged=True)[0] == []
    write({"a.txt": "a", "b/c.txt": ""})
    git("add", ".")
    assert staged() == {"a.txt": b"a", "b/c.txt": b""}


def test_deleted_files_drop_out_and_renamed_ones_are_followed() -> None:
    git("rm", "-q", "a.txt")
    git("mv", "docs/会 議.txt", "docs/会議録.txt")
    items, left = take(staged=True)
    assert [(item.path.replace(os.sep, "/"), item.data) for item in items] == [("docs/会議録.txt", "会議".encode())]
    assert left == {(Cause.DELETED, False): 2}


@posix
def test_any_name_is_read() -> None:
    names = [
        "a b.txt",
        "改 行\n.txt",
        '引用".txt',
        "タブ\t.txt",
        "-n.txt",
        ":top.txt",
        os.fsdecode("山.txt".encode("cp932")),
    ]
    for name in names:
        Path(name).write_bytes(os.fsencode(name))
    git("add", "--", ".")
    assert staged() == {name: os.fsencode(name) for name in names}
    assert set(changed()) == set(names)


@posix
def test_links_and_submodules_are_said_to_be_left_out() -> None:
    Path("link").symlink_to("a.txt")
    begin("sub")
    write({"sub/x.txt": "x"})
    git("add", ".", folder="sub")
    git("commit", "-qm", "x", folder="sub")
    left_out = {(Cause.LINK, False): 1, (Cause.SUBMODULE, True): 1}
    assert take(changed="HEAD") == ([], left_out)
    git("add", "link", "sub")
    assert take(staged=True) == ([], {(Cause.LINK, False): 1, (Cause.SUBMODULE, False): 1})


def test_arguments_limit_what_is_read_and_the_rest_is_counted() -> None:
    write({"a.txt": "1", "docs/b.txt": "2", "docs/c/d.txt": "3"})
    git("add", ".")
    assert list(staged("docs")) == ["docs/b.txt", "docs/c/d.txt"]
    assert list(staged("docs/c/d.txt", "a.txt")) == ["a.txt", "docs/c/d.txt"]
    assert list(staged("*.txt")) == ["a.txt"]
    items, left = take("docs/会 議.txt", "none.txt", "x*", staged=True)
    assert [(item.path, item.problem) for item in items] == [
        ("x*", "一致するファイルがありません"),
        ("none.txt", "ファイルがありません"),
    ]
    assert left == {(Cause.UNCHANGED, False): 1}


def test_paths_are_shown_as_from_where_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    write({"a.txt": "1", "docs/b.txt": "2"})
    git("add", ".")
    monkeypatch.chdir("docs")
    assert staged() == {"../a.txt": b"1", "b.txt": b"2"}
    assert staged(".") == {"b.txt": b"2"}


def test_git_is_asked_once_a_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    write({f"d{number}/a.txt": "1" for number in range(9)})
    git("add", ".")
    asked: list[str] = []
    real = repository

    def watched(folder: str) -> Repository:
        asked.append(folder)
        return real(folder)

    monkeypatch.setattr("aiguard.readers.git.repository", watched)
    names = [f"d{number}/a.txt" for number in range(9)]
    assert list(staged(*names)) == names
    assert len(asked) == 1


def test_rules_hold_for_what_git_names_but_hidden_folders_are_read() -> None:
    write({".aiguardignore": "*.csv\n", "a.csv": "1", "docs/c.md": "2", "docs/old/d.md": "3", ".github/e.md": "4"})
    git("add", ".")
    assert list(staged(include=("*.md",), exclude=("docs/old/",))) == [".github/e.md", "docs/c.md"]
    _, left = take(staged=True, exclude=("docs/old/",))
    assert left == {(Cause.AIGUARDIGNORE, False): 1, (Cause.EXCLUDED, False): 1}


def test_what_is_tracked_in_spite_of_gitignore_is_read() -> None:
    write({".gitignore": "*.log\n", "a.log": "1", "b.log": "2"})
    git("add", ".gitignore")
    git("add", "-f", "a.log")
    assert list(staged()) == [".gitignore", "a.log"]
    assert changed() == [".gitignore", "a.log"]


def test_a_conflict_and_a_pointer_are_problems() -> None:
    git("checkout", "-qb", "other")
    write({"a.txt": "theirs"})
    git("commit", "-qam", "2")
    git("checkout", "-q", "main")
    write({"a.txt": "ours"})
    git("commit", "-qam", "3")
    subprocess.run([GIT, "merge", "-q", "other"], check=False, capture_output=True)
    write({"big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    git("add", "big.bin")
    problems = {item.path: item.problem or "" for item in take(staged=True)[0]}
    assert "競合" in problems["a.txt"]
    assert "LFS" in problems["big.bin"]
    assert changed() == ["a.txt", "big.bin"]


def test_no_more_is_held_of_a_file_than_may_be_read() -> None:
    write({"a.txt": "x" * 100, "docs/b.txt": "y"})
    git("add", ".")
    items = select([], Selection(staged=True), limit=10)
    assert [item.data for item in items] == [b"x" * 11, b"y"]


def test_the_index_of_the_commit_that_is_made_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    write({"a.txt": "1"})
    git("add", "a.txt")
    shutil.copy(".git/index", ".git/next-index")
    git("reset", "-q")
    assert staged() == {}
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    assert staged() == {"a.txt": b"1"}
    begin("../other")
    write({"../other/b.txt": "b"})
    subprocess.run([GIT, "-C", "../other", "add", "."], check=True, env={**os.environ, "GIT_INDEX_FILE": ".git/index"})
    assert list(staged("../other")) == ["../other/b.txt"]


# ---- --changed


def test_files_that_differ_are_read_with_new_ones() -> None:
    write({"a.txt": "2", "new.txt": "n", ".gitignore": "*.tmp\n", "x.tmp": "t"})
    write({"docs/c.txt": "c"})
    git("add", "docs/c.txt")
    assert changed() == [".gitignore", "a.txt", "docs/c.txt", "new.txt"]
    assert changed("docs") == ["docs/c.txt"]


def test_a_file_that_was_only_touched_is_unchanged() -> None:
    os.utime("a.txt", (2e9, 2e9))
    assert take("a.txt", changed="HEAD") == ([], {(Cause.UNCHANGED, False): 1})


def test_another_commit_may_be_compared_with() -> None:
    git("tag", "v1")
    write({"a.txt": "2"})
    git("commit", "-qam", "2")
    git("rm", "-q", "docs/b.txt")
    assert changed() == []
    assert take(changed="v1")[1] == {(Cause.DELETED, False): 1}
    assert changed(ref="v1") == ["a.txt"]


def test_times_count_too() -> None:
    write({"a.txt": "2", "b.txt": "new"})
    os.utime("a.txt", (1e9, 1e9))
    assert changed(since=1.5e9) == ["b.txt"]


def test_before_the_first_commit_all_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(str(tmp_path / "new"))
    monkeypatch.chdir(tmp_path / "new")
    write({"a.txt": "a", "b.txt": "b"})
    git("add", "a.txt")
    assert changed() == ["a.txt", "b.txt"]


@posix
def test_no_program_of_the_repository_is_started() -> None:
    trap = Path("trap")
    trap.write_text("#!/bin/sh\ntouch sprung\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    for setting in ("core.fsmonitor", "diff.external", "diff.x.command", "diff.x.textconv", "core.pager"):
        git("config", setting, str(trap.absolute()))
    write({".gitattributes": "*.txt diff=x\n", "a.txt": "2"})
    git("-c", "core.fsmonitor=false", "add", ".gitattributes", "a.txt")
    Path("sprung").unlink(missing_ok=True)
    assert "a.txt" in staged()
    assert "a.txt" in changed()
    assert not Path("sprung").exists()


def test_a_repository_that_another_git_holds_is_read() -> None:
    Path(".git/index.lock").touch()
    write({"docs/b.txt": "2"})
    os.utime("a.txt", (2e9, 2e9))
    assert changed() == ["docs/b.txt"]
    assert staged() == {}


# ---- What goes wrong


def test_outside_of_a_repository_it_is_said_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for asked in (Selection(staged=True), Selection(changed="HEAD")):
        with pytest.raises(UsageError, match="Gitの作業フォルダーではありません") as refused:
            list(select([], asked))
        assert "--staged" in refused.value.hint


def test_a_repository_of_another_owner_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError, match="所有者が違う") as refused:
        list(select([], Selection(staged=True)))
    assert "safe.directory" in refused.value.hint


@pytest.mark.parametrize("ref", ["none", "--output=sprung", "-p", "", "a.txt", "HEAD:a.txt"])
def test_a_commit_that_is_not_there_is_said(ref: str) -> None:
    with pytest.raises(UsageError, match="比べる相手がありません"):
        list(select([], Selection(changed=ref)))
    assert not Path("sprung").exists()


def test_a_computer_without_git_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="Gitが見つかりません"):
        list(select([], Selection(staged=True)))
    write({"d/a.txt": "a"})
    assert [item.path for item in select(["a.txt"], Selection())] == ["a.txt"]
