"""Ask for a passphrase: from a file, the environment or the terminal, never from the command line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "AIGUARD_PASSPHRASE"
_LEAST = 8


def passphrase(file: Path | None, *, new: bool) -> str:
    """Return the passphrase; a new one is asked for twice and has eight characters or more. UsageError."""
    words = _from_file(file) if file else os.environ.get(VARIABLE) or _asked(new=new)
    if new and len(words) < _LEAST:
        raise UsageError(f"合言葉が短すぎます（{_LEAST}文字以上）。", "長い合言葉にしてください。")
    if not words:
        raise UsageError("合言葉が空です。", "合言葉を入れてください。")
    return words


def _from_file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()[0].strip("\r\n")
    except (OSError, ValueError, IndexError):
        problem = f"合言葉のファイルを読めません: {file}"
        raise UsageError(problem, "1行目に合言葉を書いた、UTF-8のファイルを指定してください。") from None


def _asked(*, new: bool) -> str:
    from getpass import getpass

    if not sys.stdin.isatty():
        mend = f"端末で実行するか、環境変数 {VARIABLE} か --passphrase-file で渡してください。"
        raise UsageError("合言葉を尋ねられません。", mend)
    words = getpass("合言葉: ")
    if new and getpass("合言葉（もう一度）: ") != words:
        raise UsageError("2回の合言葉が違います。", "もう一度実行してください。")
    return words
