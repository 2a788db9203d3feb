"""Turn the arguments of a command into inputs: files, folders, globs, standard input and lists of files.

Nothing is left out silently: what cannot be looked into becomes an `Input` with a `problem`, which a report shows as
unchecked. Left out are only what `exclude` names and, inside other folders, the folders of tools (`__pycache__`,
`node_modules`, and those whose name begins with a dot). A file that is named outright is always read.
"""

# ruff: noqa: PTH114, PTH116, PTH118, PTH120, PTH208
# A path stays as its author wrote it, which pathlib would not let it.

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from aiguard.errors import ReadError
from aiguard.readers.ignore import Exclusion, compile_exclusions, is_excluded, translate_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOOLS: Final = frozenset({"__pycache__", "node_modules"})
_MAGIC: Final = re.compile(r"[*?\[]")
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_MISSING: Final = "ファイルがありません"
_NO_MATCH: Final = "一致するファイルがありません"
_EMPTY: Final = "フォルダーの中に確認するファイルがありません"
_CLOSED: Final = "フォルダーの中を読めません（権限がないか、見つかりません）"
_BROKEN_LINK: Final = "リンク先のファイルがありません"
_SPECIAL: Final = "通常のファイルではないため読めません"


class Input(Struct, frozen=True):
    """Name something to read: a path as given, or why there is nothing to read. `stdin`: read standard input."""

    path: str
    problem: str | None = None
    stdin: bool = False


def expand(
    arguments: Sequence[str], exclude: Sequence[str] = (), stdin_filename: str | None = None
) -> tuple[Input, ...]:
    """Return the inputs that the arguments name, in their order, folders sorted by name; each file once.

    `exclude` holds patterns as in .gitignore, matched against the path below the folder and against the path as given.
    """
    exclusions = compile_exclusions(exclude)
    seen: set[str] = set()
    inputs: list[Input] = []
    for argument in arguments:
        for item in _inputs(argument, exclusions, stdin_filename):
            identity = _identity(item)
            if identity not in seen:
                seen.add(identity)
                inputs.append(item)
    return tuple(inputs)


def _identity(item: Input) -> str:
    try:
        return "-" if item.stdin else os.path.normcase(os.path.realpath(item.path))
    except (OSError, ValueError):  # no system takes a NUL in a name
        return item.path


def read_list(path: str) -> tuple[str, ...]:
    """Return the paths that a file lists, one a line (`-`: standard input), in any encoding that `decode` knows.

    Raise `ReadError` when the list cannot be read.
    """
    from aiguard.readers.decode import decode

    try:
        text = decode(sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes())
    except (OSError, ValueError, ReadError):
        message = f"ファイルの一覧を読めません: {printable(path)}"
        raise ReadError(message, "1行に1つのパスを書いたテキストファイルを指定してください") from None
    return tuple(line for line in re.split(r"\r\n|\r|\n", text) if line.strip())


def printable(path: str) -> str:
    """Return a path that any UTF-8 output can show: bytes of another encoding decoded, control characters replaced."""
    try:
        path.encode()
    except UnicodeEncodeError:
        path = _decoded_name(path)
    return _UNPRINTABLE.sub("\ufffd", path)


def _decoded_name(path: str) -> str:
    from aiguard.readers.decode import decode

    try:
        return decode(path.encode("utf-8", "surrogateescape"))
    except (ReadError, UnicodeEncodeError):
        return path


def _inputs(argument: str, exclusions: Sequence[Exclusion], stdin_filename: str | None) -> Iterator[Input]:
    if argument == "-":
        return iter((Input(stdin_filename or "-", stdin=True),))
    mode = _mode(argument)
    if _is_folder(argument):
        return _or_problem(_folder(argument, exclusions), Input(argument, _EMPTY))
    if mode is not None:
        return iter((Input(argument),))
    if os.path.islink(argument):
        return iter((Input(argument, _BROKEN_LINK),))
    if _MAGIC.search(argument):
        return _or_problem(_globbed(argument, exclusions), Input(argument, _NO_MATCH))
    return iter((Input(argument, _MISSING),))


def _or_problem(items: Iterator[Input], problem: Input) -> Iterator[Input]:
    first = next(items, problem)
    yield first
    yield from items


def _mode(path: str) -> int | None:
    """Return the mode of what a path leads to, or `None` when there is nothing or it may not be known."""
    try:
        return os.stat(path).st_mode
    except (OSError, ValueError):
        return None


def _listed(folder: str) -> list[str] | None:
    """Return the sorted names in a folder, or `None` when it may not be read."""
    try:
        return sorted(os.listdir(folder or os.curdir))
    except (OSError, ValueError):
        return None


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in _TOOLS


def _folder(root: str, exclusions: Sequence[Exclusion], below: str | None = None) -> Iterator[Input]:
    """Walk a folder in order of names, each real folder once, so that links in a circle end.

    `below` is the folder that exclusions count from, `root` itself unless given.
    """
    start = len(os.path.join(root if below is None else below, ""))
    walked: set[str] = set()
    waiting = [root]
    while waiting:
        path = waiting.pop()
        mode = _mode(path)
        if not _is_folder(path):
            yield Input(path, _file_problem(path, mode))
            continue
        real = os.path.realpath(path)
        if real in walked:
            continue
        walked.add(real)
        names = _listed(path)
        if names is None:
            yield Input(path, _CLOSED)
        kept = (os.path.join(path, name) for name in names or () if _is_wanted(path, name, start, exclusions))
        waiting.extend(sorted(kept, reverse=True))


def _file_problem(path: str, mode: int | None) -> str | None:
    if mode is None:
        return _BROKEN_LINK if os.path.islink(path) else _MISSING
    return None if stat.S_ISREG(mode) else _SPECIAL


def _is_wanted(folder: str, name: str, start: int, exclusions: Sequence[Exclusion]) -> bool:
    path = os.path.join(folder, name)
    is_folder = _is_folder(path)
    return not (is_folder and _is_hidden(name)) and not _is_excluded(path, start, exclusions, folder=is_folder)


def _is_excluded(path: str, start: int, exclusions: Sequence[Exclusion], *, folder: bool) -> bool:
    if not exclusions:
        return False
    spellings = (_posix(path[start:]), _posix(os.path.normpath(path)))
    return is_excluded(spellings, exclusions, folder=folder)


def _is_folder(path: str) -> bool:
    mode = _mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def _posix(path: str) -> str:
    return path.replace(os.sep, "/")


def _globbed(pattern: str, exclusions: Sequence[Exclusion]) -> Iterator[Input]:
    """Expand `*`, `?`, `[...]` and `**`; a folder that matches counts with all that is in it."""
    drive, rest = os.path.splitdrive(pattern)
    parts = [part for part in re.split(r"[/\\]" if os.sep == "\\" else "/", rest) if part]
    root = drive + os.sep if rest[:1] in {os.sep, "/"} else drive
    for path in _matching(root, parts):
        folders = _posix(os.path.dirname(path)).split("/")
        above = ("/".join(folders[: index + 1]) for index in range(len(folders)))
        folder = _is_folder(path)
        if any(_is_excluded(each, 0, exclusions, folder=True) for each in above if each):
            continue
        if not _is_excluded(path, 0, exclusions, folder=folder):
            yield from _folder(path, exclusions, root) if folder else (Input(path, _file_problem(path, _mode(path))),)


def _matching(root: str, parts: Sequence[str]) -> tuple[str, ...]:
    """Return the paths below `root` that match the parts of a glob, one part after the other."""
    paths: tuple[str, ...] = (root,)
    wanted = parts[:-1] if parts[-1] == "**" else parts  # a folder counts with all that is in it
    for part in wanted:
        paths = tuple(dict.fromkeys(found for path in paths for found in _step(path, part)))
    return tuple(path or os.curdir for path in paths)


def _step(folder: str, part: str) -> Iterator[str]:
    """Yield what matches one part of a glob inside a folder."""
    if part == "**":
        yield from _folders_below(folder)
    elif not _MAGIC.search(part):
        path = os.path.join(folder, part)
        if os.path.lexists(path):
            yield path
    else:
        pattern = re.compile(translate_name(part), re.DOTALL | (re.IGNORECASE if os.name == "nt" else 0))
        for name in _listed(folder) or ():
            if pattern.fullmatch(name) and (part.startswith(".") or not _is_hidden(name)):
                yield os.path.join(folder, name)


def _folders_below(root: str) -> Iterator[str]:
    """Yield a folder and the folders in it, each real folder once."""
    walked: set[str] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        real = os.path.realpath(folder or os.curdir)
        if real in walked:
            continue
        walked.add(real)
        yield folder
        below = (os.path.join(folder, name) for name in _listed(folder) or () if not _is_hidden(name))
        waiting.extend(sorted(filter(_is_folder, below), reverse=True))
