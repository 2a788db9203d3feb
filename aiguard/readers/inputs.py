"""Turn the arguments of a command into inputs: files, folders, globs, standard input and lists of files.

Nothing is left out silently: what cannot be looked into becomes an `Input` with a `problem`, which a report shows as
unchecked. Left out are only what `exclude` names and, inside other folders, the folders of tools (`__pycache__`,
`node_modules`, and those whose name begins with a dot). A file that is named outright is always read.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.readers.given import Input
from aiguard.readers.selection import Selection, select

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Input", "expand", "printable", "read_list"]

_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def expand(
    arguments: Sequence[str], exclude: Sequence[str] = (), stdin_filename: str | None = None
) -> tuple[Input, ...]:
    """Return the inputs that the arguments name, in their order, folders sorted by name; each file once.

    `exclude` holds patterns as in .gitignore, matched against the path below the folder and against the path as given.
    """
    selection = Selection(exclude=tuple(exclude), gitignore=False, aiguardignore=False)
    return tuple(select(arguments, selection, stdin_filename=stdin_filename))


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
