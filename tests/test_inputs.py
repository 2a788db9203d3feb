"""Arguments name files, folders, globs and standard input; nothing is left out silently."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from aiguard.errors import ReadError
from aiguard.readers.inputs import Input, expand, printable, read_list

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a small tree and stand in it."""
    names = (
        "b.txt a.txt docs/1.md docs/2.txt docs/sub/3.txt docs/sub/deep/4.txt .git/x.txt docs/.cache/y.txt "
        "docs/node_modules/z.txt docs/__pycache__/c.txt docs/.env empty/.keep/k.txt"
    ).split()
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def paths(*arguments: str, exclude: tuple[str, ...] = ()) -> list[str]:
    """Return the paths that the arguments name, all of them readable."""
    inputs = expand(arguments, exclude)
    assert [item.problem for item in inputs if item.problem] == []
    return [item.path.replace(os.sep, "/") for item in inputs]


def problem(argument: str) -> str:
    """Return the problem of an argument that names nothing readable."""
    (item,) = expand([argument])
    assert item.path == argument
    return item.problem or ""


def test_files_keep_their_order_and_spelling() -> None:
    assert paths("b.txt", "./a.txt") == ["b.txt", "./a.txt"]


def test_folders_are_walked_in_order_without_the_tools_own() -> None:
    assert paths("docs") == ["docs/.env", "docs/1.md", "docs/2.txt", "docs/sub/3.txt", "docs/sub/deep/4.txt"]


def test_a_hidden_folder_that_is_named_is_walked() -> None:
    assert paths(".git") == [".git/x.txt"]
    assert paths("docs/.cache/*.txt") == ["docs/.cache/y.txt"]


@pytest.mark.parametrize(
    ("glob", "found"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("[a].txt", ["a.txt"]),
        ("[!a].txt", ["b.txt"]),
        ("?.txt", ["a.txt", "b.txt"]),
        ("./*.txt", ["./a.txt", "./b.txt"]),
        ("docs/*.md", ["docs/1.md"]),
        ("docs/s*", ["docs/sub/3.txt", "docs/sub/deep/4.txt"]),
        ("docs/**/*.txt", ["docs/2.txt", "docs/sub/3.txt", "docs/sub/deep/4.txt"]),
        ("**/**/deep/*", ["docs/sub/deep/4.txt"]),
        ("docs/sub/**", ["docs/sub/3.txt", "docs/sub/deep/4.txt"]),
        ("*/*.md", ["docs/1.md"]),
    ],
)
def test_globs(glob: str, found: list[str]) -> None:
    assert paths(glob) == found


def test_absolute_globs(tmp_path: Path) -> None:
    assert paths(f"{tmp_path}/docs/*.md") == [f"{tmp_path}/docs/1.md".replace(os.sep, "/")]


def test_an_existing_path_beats_its_reading_as_a_glob() -> None:
    Path("[a].txt").write_text("x", encoding="utf-8")
    assert paths("[a].txt") == ["[a].txt"]


@pytest.mark.parametrize("glob", ["*.pdf", "none/*.txt", "**/none", "[z-a].txt", "[.txt", "*/" * 1500 + "*"])
def test_a_glob_without_match_is_a_problem(glob: str) -> None:
    assert problem(glob) == "一致するファイルがありません"


def test_missing_paths_and_empty_folders_are_problems() -> None:
    assert problem("none.txt") == "ファイルがありません。場所と名前を確かめてください"
    assert problem("") == "ファイルがありません。場所と名前を確かめてください"
    assert problem("a\0b") == "ファイルがありません。場所と名前を確かめてください"
    assert problem("empty") == "フォルダーの中に確認するファイルがありません"


def test_each_file_is_read_once(tmp_path: Path) -> None:
    assert paths("a.txt", "./a.txt", "*.txt", str(tmp_path / "b.txt")) == ["a.txt", "b.txt"]


def test_links_are_followed_once_and_circles_end() -> None:
    Path("docs/sub/circle").symlink_to(Path("docs").absolute(), target_is_directory=True)
    Path("docs/link.txt").symlink_to(Path("a.txt").absolute())
    Path("docs/self").symlink_to("self")
    found = {item.path.replace(os.sep, "/"): item.problem for item in expand(["docs"])}
    assert found["docs/self"] == "リンク先のファイルがありません"
    assert found["docs/link.txt"] is None
    assert len(found) == 7
    assert paths("docs/**/4.txt") == ["docs/sub/deep/4.txt"]
    assert problem("docs/self") == "リンク先のファイルがありません"


def test_a_folder_that_may_not_be_read_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("deep"):
            raise PermissionError
        return opened(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = {item.path.replace(os.sep, "/"): item.problem for item in expand(["docs"])}
    assert (found["docs/sub/deep"] or "").startswith("フォルダーの中を読めません")
    assert found["docs/2.txt"] is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_are_problems_not_a_wait() -> None:
    os.mkfifo("docs/pipe")
    found = {item.path.replace(os.sep, "/"): item.problem for item in expand(["docs"])}
    assert found["docs/pipe"] == "通常のファイルではないため読めません"
    assert problem("docs/pipe") == "通常のファイルではないため読めません"


@pytest.mark.parametrize(
    ("exclude", "found"),
    [
        (("*.md", ".env"), ["docs/2.txt", "docs/sub/3.txt", "docs/sub/deep/4.txt"]),
        (("sub", ".*"), ["docs/1.md", "docs/2.txt"]),
        (("sub/", ".*"), ["docs/1.md", "docs/2.txt"]),
        (("docs/sub/deep", ".*"), ["docs/1.md", "docs/2.txt", "docs/sub/3.txt"]),
        (("/sub/deep/", ".*"), ["docs/1.md", "docs/2.txt", "docs/sub/3.txt"]),
        (("**/deep/**", ".*"), ["docs/1.md", "docs/2.txt", "docs/sub/3.txt"]),
        (("*", "!*.md"), ["docs/1.md"]),
        (("# *", "", "[0-9].*", ".*", "!docs/sub/3.txt"), ["docs/sub/3.txt"]),
    ],
)
def test_exclusions_are_those_of_gitignore(exclude: tuple[str, ...], found: list[str]) -> None:
    assert paths("docs", exclude=exclude) == found


def test_exclusions_hold_for_globs_and_not_for_files_named_outright() -> None:
    assert paths("docs/**/*.txt", exclude=("docs/sub/",)) == ["docs/2.txt"]
    assert paths("*.txt", exclude=("a.*",)) == ["b.txt"]
    assert paths("a.txt", exclude=("a.*",)) == ["a.txt"]


def test_standard_input_may_have_a_name() -> None:
    assert expand(["-", "-"]) == (Input("-", stdin=True),)
    assert expand(["-", "a.txt"], stdin_filename="a.txt") == (Input("a.txt", stdin=True), Input("a.txt"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_lists_of_files_are_read_in_any_encoding(encoding: str) -> None:
    Path("list").write_bytes("資料/会議の記録.txt\r\n\r\n  \na b.txt\n".encode(encoding))
    assert read_list("list") == ("資料/会議の記録.txt", "a b.txt")


def test_a_list_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"a.txt\nb.txt")))
    assert read_list("-") == ("a.txt", "b.txt")


def test_a_list_that_cannot_be_read_says_so() -> None:
    for path in ("none", "docs", "a\0b"):
        with pytest.raises(ReadError, match="一覧を読めません"):
            read_list(path)


def test_names_are_printable() -> None:
    assert printable("資料/a.txt") == "資料/a.txt"
    assert printable(os.fsdecode("山田太郎.txt".encode("cp932"))).endswith(".txt")
    assert printable("a\ud800\n\x1b[31m\u202eb") == "a\ufffd\ufffd\ufffd[31m\ufffdb"
