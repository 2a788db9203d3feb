"""Turn what git says has changed into inputs: files of the work tree, or the content of the next commit."""

# ruff: noqa: PTH114, PTH118, PTH120
# A path stays as its author wrote it, which pathlib would not let it.

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.readers import git
from aiguard.readers.given import MISSING, NO_MATCH, Cause, Input, file_problem, identity, is_folder, place_of, posix
from aiguard.readers.globs import is_glob, matching
from aiguard.readers.rules import Rules, Standing, cause_of_single
from aiguard.readers.walking import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aiguard.readers.given import LeftOut

_CONFLICT: Final = "マージの競合が残っているため、コミットする内容が決まっていません"
_NO_BLOB: Final = "Gitから内容を取り出せません（git fsck で確かめてください）"
_LFS: Final = "Git LFSの目印だけで、内容がありません。ファイルの名前を指定して点検してください"
_POINTER: Final = b"version https://git-lfs.github.com/spec/"  # git-lfs, docs/spec.md: the first line of a pointer
_LONGEST_POINTER: Final = 1024

if TYPE_CHECKING:
    Read = Callable[[str], bytes | None]


class _Asked(NamedTuple):
    """Hold an argument and the real path where it lies."""

    argument: str
    real: str


def changed_inputs(
    arguments: Sequence[str], ref: str | None, rules: Rules, left: LeftOut, limit: int
) -> Iterator[Found]:
    """Yield what differs from a commit, or with None what is staged, in and below the arguments; UsageError.

    Arguments only limit what git says: they may name files that are gone from the work tree, and of those that did not
    change it is counted that they were left out. Without arguments the whole work tree is asked for.
    """
    homes: dict[git.Repository, list[_Asked]] = {}
    known: dict[str, git.Repository] = {}
    for argument in arguments:
        if argument == "-":
            yield Found(Input("-", stdin=True), "-")
            continue
        for each in _asked(argument):
            if each is None:
                yield Found(Input(argument, NO_MATCH), place_of(argument))
            else:
                homes.setdefault(_home(each.real, known), []).append(each)
    if not arguments:
        home = git.repository(os.curdir)
        homes[home] = [_Asked(os.curdir, home.root)]
    for home, asked in homes.items():
        if ref is not None:
            yield from _wanted(home, git.changed(home, ref), asked, rules, left)
        else:
            with git.blobs(home, limit) as read:
                yield from _wanted(home, git.staged(home), asked, rules, left, read)


def _asked(argument: str) -> Iterator[_Asked | None]:
    """Yield the places that an argument stands for; None where a glob matches nothing."""
    if is_glob(argument) and not os.path.lexists(argument):
        paths = matching(argument)
        yield from (_Asked(path, place_of(path)) for path in paths)
        yield from (None,) * (not paths)
    else:
        yield _Asked(argument, identity(argument) if is_folder(argument) else place_of(argument))


def _home(real: str, known: dict[str, git.Repository]) -> git.Repository:
    """Return the repository that a place is in, which need not exist any more; git is asked once a repository."""
    folder = real
    while not is_folder(folder):
        folder = os.path.dirname(folder)
    top = next((each for each in _upwards(folder, "") if os.path.lexists(os.path.join(each, ".git"))), folder)
    if top not in known:
        known[top] = git.repository(folder)
    return known[top]


def _wanted(  # noqa: PLR0913, PLR0917 - what one repository is asked with
    home: git.Repository,
    changes: Sequence[git.Change],
    asked: Sequence[_Asked],
    rules: Rules,
    left: LeftOut,
    read: Read | None = None,
) -> Iterator[Found]:
    limits, met, known = {each.real for each in asked}, set[str](), dict[str, Standing]()
    for change in changes:
        real = os.path.join(home.root, *change.path.rstrip("/").split("/"))
        agreeing = limits.intersection(_upwards(real, home.root))
        met |= agreeing
        if agreeing and (cause := _cause(change, real, rules, known)):
            left[cause, change.path.endswith("/")] += 1
        elif agreeing:
            shown = _shown(real)
            yield Found(_work_file(shown) if read is None else _staged(shown, change, read), real)
    for each in asked:
        if each.real not in met and os.path.lexists(each.real):
            left[Cause.UNCHANGED, is_folder(each.real)] += 1
        elif each.real not in met:
            yield Found(Input(each.argument, MISSING), each.real)


def _cause(change: git.Change, real: str, rules: Rules, known: dict[str, Standing]) -> Cause | None:
    if change.status == "D":
        return Cause.DELETED
    if change.mode == git.SUBMODULE or change.path.endswith("/"):
        return Cause.SUBMODULE
    if change.mode == git.LINK or (not change.mode and os.path.islink(real)):
        return Cause.LINK
    if rules.since is not None and _is_older(real, rules.since):
        return Cause.OLD
    return cause_of_single((change.path, posix(_shown(real))), real, rules, known)


def _work_file(shown: str) -> Input:
    return Input(shown, file_problem(shown))


def _staged(shown: str, change: git.Change, read: Read) -> Input:
    if change.status == "U":
        return Input(shown, _CONFLICT)
    data = read(change.blob)
    if data is None:
        return Input(shown, _NO_BLOB)
    if data.startswith(_POINTER) and len(data) < _LONGEST_POINTER:
        return Input(shown, _LFS)
    return Input(shown, data=data)


def _is_older(path: str, since: float) -> bool:
    try:
        return Path(path).stat().st_mtime < since
    except OSError:
        return False


def _shown(real: str) -> str:
    """Write a path as from where one stands."""
    try:
        return os.path.relpath(real)
    except ValueError:  # another drive
        return real


def _upwards(path: str, root: str) -> Iterator[str]:
    """Yield a path and the folders that it is in, up to `root` or the top."""
    yield path
    while path != root and (above := os.path.dirname(path)) != path:
        path = above
        yield path
