"""Hold what there is to read, why something is not to be read, and how that is said."""

# ruff: noqa: PTH100, PTH114, PTH116, PTH118
# A path stays as its author wrote it, which pathlib would not let it.

from __future__ import annotations

import os
import stat
from collections import Counter
from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct

MISSING: Final = "ファイルがありません"
# Of a path that someone wrote: what to mend is the path.
ABSENT: Final = f"{MISSING}。場所と名前を確かめてください"
NO_MATCH: Final = "一致するファイルがありません"
EMPTY: Final = "フォルダーの中に確認するファイルがありません"
CLOSED: Final = "フォルダーの中を読めません（権限がないか、見つかりません）"
FORBIDDEN: Final = "読む権限がないか、ほかのソフトで使用中です"
BROKEN_LINK: Final = "リンク先のファイルがありません"
SPECIAL: Final = "通常のファイルではないため読めません"


class Input(Struct, frozen=True):
    """Name something to read: a path as given, or why there is nothing to read.

    `stdin`: read standard input. `data`: the bytes that go by the path, which is not to be opened then.
    """

    path: str
    problem: str | None = None
    stdin: bool = False
    data: bytes | None = None


class Cause(StrEnum):
    """List why a selection leaves something out, in the words of a report."""

    EXCLUDED = "除外の指定により"
    NOT_INCLUDED = "--include に当たらないため"
    GITIGNORE = ".gitignore により"
    AIGUARDIGNORE = ".aiguardignore により"
    HIDDEN = "名前が「.」で始まるため"
    TOOLS = "ほかの道具の作業用のため"
    OLD = "--since より前のため"
    UNCHANGED = "変更がないため"
    DELETED = "削除されたため"
    LINK = "リンクのため"
    SUBMODULE = "サブモジュールのため"
    AGAIN = "同じファイルのため"
    TWIN = "内容が同じ"


# How many files, and with True how many folders, were left out for a cause.
LeftOut: TypeAlias = Counter[tuple[Cause, bool]]


def said(left: LeftOut) -> str:
    """Say what was left out and why, and what was not read again, without the end of the sentence; "" for nothing."""
    told = []
    for cause in Cause:
        if cause is Cause.TWIN:
            continue
        files, folders = left[cause, False], left[cause, True]
        counts = [f"{files:,}件"] * bool(files) + [f"フォルダー{folders:,}個"] * bool(folders)
        told += [f"{cause}{'と'.join(counts)}"] if counts else []
    omitted = [f"{'、'.join(told)}を省きました"] if told else []
    twins = left[Cause.TWIN, False]
    again = [f"{Cause.TWIN}{twins:,}件は、読み直さずに同じ結果を示しました"] if twins else []
    return "。".join((*omitted, *again))


def mode_of(path: str) -> int | None:
    """Return the mode of what a path leads to, or `None` when there is nothing or it may not be known."""
    try:
        return os.stat(path).st_mode
    except (OSError, ValueError):
        return None


def is_folder(path: str) -> bool:
    """Tell whether a path leads to a folder."""
    mode = mode_of(path)
    return mode is not None and stat.S_ISDIR(mode)


def file_problem(path: str) -> str | None:
    """Say why a path that is found in a folder is no file to open."""
    mode = mode_of(path)
    if mode is None:
        return BROKEN_LINK if os.path.islink(path) else MISSING
    return None if stat.S_ISREG(mode) else SPECIAL


def identity(path: str) -> str:
    """Return the real path of a file, by which it is known however one comes to it."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):  # no system takes a NUL in a name
        return path


def place_of(path: str) -> str:
    """Return the real path where a file or a link lies, wherever the link leads to."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(identity(folder), name)


def posix(path: str) -> str:
    """Write a path with `/`, as patterns do."""
    return path.replace(os.sep, "/")


def to_wire(path: str) -> str:
    """Write a path in what UTF-8 can hold: names of files need not be text (CP932 on Linux, half pairs on Windows)."""
    return path if path.isascii() else os.fsencode(path).decode("latin-1")


def from_wire(path: str) -> str:
    """Take `to_wire` back."""
    return path if path.isascii() else os.fsdecode(path.encode("latin-1"))
