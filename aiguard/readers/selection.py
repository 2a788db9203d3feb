"""Select what a run reads: arguments, include and exclude, ignore files, times, and what git says has changed.

Nothing is left out silently: what cannot be looked into becomes an `Input` with a `problem`, and what the selection
leaves out is counted by its cause. What is named outright is always read, unless the selection is `strict`.
"""

# ruff: noqa: PTH114
# A path stays as its author wrote it, which pathlib would not let it.

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import stat
from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from aiguard.errors import UsageError
from aiguard.model import Limits
from aiguard.readers.given import (
    ABSENT,
    BROKEN_LINK,
    EMPTY,
    NO_MATCH,
    SPECIAL,
    Cause,
    Input,
    LeftOut,
    file_problem,
    identity,
    is_folder,
    mode_of,
    place_of,
    posix,
)
from aiguard.readers.globs import is_glob, matching, root_of
from aiguard.readers.ignore import compile_exclusions
from aiguard.readers.rules import Rules, Standing, cause_of_single
from aiguard.readers.walking import Found, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_AGO: Final = re.compile(r"([0-9]{1,6})\s*([mhdw])", re.IGNORECASE)
_SECONDS: Final = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


class Selection(Struct, frozen=True):
    """Hold what is asked for.

    `include` and `exclude`: patterns as in .gitignore; the second wins. `since`: seconds since 1970. `changed`: a commit
    of git that files are to differ from. `staged`: what the next commit changes, as it will be committed, and then nothing of `changed`. `hidden`: open
    folders whose name begins with a dot. `strict`: let patterns and ignore files hold for what is named outright, too.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: float | None = None
    changed: str | None = None
    staged: bool = False
    hidden: bool = False
    gitignore: bool = True
    aiguardignore: bool = True
    strict: bool = False


def select(
    arguments: Sequence[str],
    selection: Selection,
    left: LeftOut | None = None,
    stdin_filename: str | None = None,
    limit: int = Limits().bytes,
) -> Iterator[Input]:
    """Yield what the arguments name, in their order, folders sorted by name, each file once; UsageError.

    `left` is counted up while the inputs are taken. Of staged files `limit` + 1 bytes at most are held, one file at a
    time. With `changed` or `staged` no argument stands for the whole work tree.
    """
    left = Counter() if left is None else left
    rules = rules_of(selection)
    if selection.staged or selection.changed is not None:
        from aiguard.readers.changes import changed_inputs

        found = changed_inputs(
            arguments, None if selection.staged else selection.changed, rules._replace(gitignore=False), left, limit
        )
    else:
        found = (each for argument in arguments for each in _found(argument, selection, rules, left, stdin_filename))
    seen: set[bytes] = set()
    for item, real in found:
        key = hashlib.blake2b(os.path.normcase(real).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if key in seen:
            left[Cause.AGAIN, False] += 1
        else:
            seen.add(key)  # a third of the path's own size, for a share has millions
            yield item


def since(text: str, now: dt.datetime) -> float:
    """Read a date (2026-11-01, its midnight), a time (2026-11-01T09:00) or a span (30m, 24h, 7d, 2w); UsageError.

    Return seconds since 1970. What names no time zone is in that of `now`.
    """
    if ago := _AGO.fullmatch(text.strip()):
        return now.timestamp() - int(ago[1]) * _SECONDS[ago[2].lower()]
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)).timestamp()
    except (ValueError, OverflowError, OSError):
        problem = f"--since の日時が読めません: {text}"
        raise UsageError(problem, "2026-11-01、24h、7d のように書いてください。") from None


def rules_of(selection: Selection) -> Rules:
    """Compile the patterns of a selection."""
    return Rules(
        compile_exclusions(selection.exclude),
        compile_exclusions(selection.include),
        selection.since,
        selection.hidden,
        selection.gitignore,
        selection.aiguardignore,
    )


def _found(
    argument: str, selection: Selection, rules: Rules, left: LeftOut, stdin_filename: str | None
) -> Iterator[Found]:
    if argument == "-":
        return iter((Found(Input(stdin_filename or "-", stdin=True), "-"),))
    mode = mode_of(argument)
    if mode is None:
        return _unmet(argument, rules, left)
    folder = stat.S_ISDIR(mode)
    if selection.strict and (cause := _cause(argument, rules, {}, folder=folder)):
        left[cause, folder] += 1
        return iter(())
    if folder:
        return _or_problem(walk(argument, rules, left), Input(argument, EMPTY), left)
    return iter((Found(Input(argument, None if stat.S_ISREG(mode) else SPECIAL), identity(argument)),))


def _unmet(argument: str, rules: Rules, left: LeftOut) -> Iterator[Found]:
    """Yield what an argument stands for that is no path."""
    if os.path.islink(argument):
        return iter((_problem(argument, BROKEN_LINK),))
    if is_glob(argument):
        return _or_problem(_globbed(argument, rules, left), Input(argument, NO_MATCH), left)
    return iter((_problem(argument, ABSENT),))


def _cause(path: str, rules: Rules, known: dict[str, Standing], *, folder: bool) -> Cause | None:
    spellings = (posix(path), posix(os.path.normpath(path)))
    return cause_of_single(spellings, place_of(path), rules, known, folder=folder)


def _problem(path: str, problem: str) -> Found:
    return Found(Input(path, problem), identity(path))


def _or_problem(found: Iterator[Found], problem: Input, left: LeftOut) -> Iterator[Found]:
    """Yield what was found, or the problem that there is nothing; that nothing is new is none."""
    before, empty = left[Cause.OLD, False], True
    for each in found:
        empty = False
        yield each
    if empty and left[Cause.OLD, False] == before:
        yield Found(problem, identity(problem.path))


def _globbed(pattern: str, rules: Rules, left: LeftOut) -> Iterator[Found]:
    """Yield what matches; a folder that matches counts with all that is in it."""
    root, known = root_of(pattern), dict[str, Standing]()
    for path in matching(pattern):
        folder = is_folder(path)
        cause = _cause(path, rules, known, folder=folder)
        if cause is not None:
            left[cause, folder] += 1
        elif folder:
            yield from walk(path, rules, left, root)
        else:
            yield _problem(path, problem) if (problem := file_problem(path)) else Found(Input(path), identity(path))
