"""Ask git which files differ, and for the content that is about to be committed.

git is called for `--changed` and `--staged` only, with everything off that would let a repository start a program of its
own. Nothing is written but what `git diff` itself notes in the index: which files were only touched.
"""

# ruff: noqa: PTH120
# Strings throughout: names of files need not be text.

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LINK: Final = "120000"
SUBMODULE: Final = "160000"
_SAFE: Final = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_RAW: Final = ("--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--no-relative")
_LOCAL: Final = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS"),
)
_CHUNK: Final = 1 << 20
_WITHOUT: Final = "--changed と --staged を外すと、Gitを使わずに点検できます。"


class Repository(NamedTuple):
    """Hold the real paths of a work tree and of what git keeps about it."""

    root: str
    store: str


class Change(NamedTuple):
    """Hold a file that differs: its path below the work tree with `/`, its mode, its blob (zeros: ask the file).

    `status` is a letter of git-diff(1): A, M, T, D (deleted), U (unmerged), and ? for what git does not track.
    """

    path: str
    mode: str
    blob: str
    status: str


def repository(folder: str) -> Repository:
    """Return the repository whose work tree a folder is in; UsageError."""
    done = _git(folder, "rev-parse", "--show-toplevel")
    if done.returncode == 0:
        store = _git(folder, "rev-parse", "--absolute-git-dir")
        return Repository(*(os.path.realpath(_text(each.stdout).removesuffix("\n")) for each in (done, store)))
    if b"dubious ownership" in done.stderr:
        mend = "自分で確かめたものなら、git config --global --add safe.directory で許可してください。"
        raise UsageError(f"所有者が違うため、Gitが開きません: {folder}", mend)
    raise UsageError(f"Gitの作業フォルダーではありません: {folder}", _WITHOUT)


def staged(home: Repository) -> list[Change]:
    """Return what the next commit changes; a renamed file comes by its new name, and its old one as deleted."""
    head = _git(home.root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    base = _text(head.stdout).strip() if head.returncode == 0 else _empty_tree(home)
    return sorted(_changes(_asked(home, "diff-index", "--cached", *_RAW, "--ignore-submodules=none", base, "--")))


def changed(home: Repository, ref: str) -> list[Change]:
    """Return the files of the work tree that differ from a commit, and those that git does not track; UsageError."""
    found = _git(home.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode == 0:
        base = _text(found.stdout).strip()
    elif ref == "HEAD":  # nothing is committed yet
        base = _empty_tree(home)
    else:
        raise UsageError(
            f"Gitに、比べる相手がありません: {ref}",
            "ブランチ、タグ、コミットの名前を確かめてください（例: origin/main）。",
        )
    others = _asked(home, "ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
    new = {_text(path): Change(_text(path), "", "", "?") for path in others if path}
    differing = _changes(_asked(home, "diff", *_RAW, "--ignore-submodules=dirty", base, "--"))
    return sorted([*new.values(), *(each for each in differing if each.path not in new)])


@contextmanager
def blobs(home: Repository, limit: int) -> Iterator[Callable[[str], bytes | None]]:
    """Lend a function that returns a blob, `limit` + 1 bytes of it at most; None where git does not have it."""
    command, environment = (_program(), *_SAFE, "cat-file", "--batch"), _environment(home)
    with subprocess.Popen(  # noqa: S603 - git, and names that git gave
        command,
        cwd=home.root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as running:
        stdin, stdout = running.stdin, running.stdout
        assert stdin is not None  # noqa: S101 - asked for above
        assert stdout is not None  # noqa: S101 - asked for above

        def read(name: str) -> bytes | None:
            stdin.write(f"{name}\n".encode())
            stdin.flush()
            return _blob(stdout, limit)

        try:
            yield read
        finally:
            running.kill()


def _blob(stream: IO[bytes], limit: int) -> bytes | None:
    """Read an answer of `git cat-file --batch`: a line "NAME blob SIZE", the content, a line end."""
    heading = stream.readline().split()
    if len(heading) != 3 or heading[1] != b"blob":  # noqa: PLR2004 - "NAME missing"
        return None
    size = int(heading[2])
    data = stream.read(min(size, limit + 1))
    rest = size - len(data) + 1
    while rest > 0 and (passed := stream.read(min(rest, _CHUNK))):
        rest -= len(passed)
    return data


def _changes(raw: bytes) -> Iterator[Change]:
    """Read ":MODE MODE BLOB BLOB STATUS", NUL, path, NUL (git-diff-index(1), "Raw output format")."""
    fields = iter(raw.split(b"\0"))
    for heading, path in zip(fields, fields, strict=False):
        _, mode, _, blob, status = _text(heading).split(" ")
        yield Change(_text(path), mode, blob, status[:1])


def _empty_tree(home: Repository) -> str:
    return _text(_asked(home, "hash-object", "-t", "tree", "--stdin")).strip()


def _asked(home: Repository, *arguments: str) -> bytes:
    done = _git(home.root, *arguments, environment=_environment(home))
    if done.returncode:
        raise UsageError(f"Gitが答えません: git {arguments[0]}（{home.root}）", _WITHOUT)
    return done.stdout


def _git(
    folder: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - git, and names checked by it
        (_program(), *_SAFE, *arguments),
        cwd=folder,
        env=environment or _environment(None),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _program() -> str:
    program = shutil.which("git")
    if program is None:
        raise UsageError("Gitが見つかりません。", f"Gitを入れてください。{_WITHOUT}")
    return program


def _environment(home: Repository | None) -> dict[str, str]:
    """Return an environment in which git looks at the folder it is sent to, not at the one whose hook started aiguard.

    Of a hook only the index is kept, for the repository that it belongs to: `git commit -a` commits another than `.git/index`.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    index = os.environ.get("GIT_INDEX_FILE")
    if home is not None and index and os.path.dirname(os.path.realpath(index)) == home.store:
        kept["GIT_INDEX_FILE"] = os.path.realpath(index)
    return {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
