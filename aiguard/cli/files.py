"""Write results to files and to standard output."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aiguard.model import Report
    from aiguard.reporters import Options


def write(report: Report, form: str, output: Path | None, options: Options) -> None:
    """Write a report to a file (UTF-8) or to standard output."""
    from aiguard.reporters import BINARY, CONSOLE, REPORTERS, for_stream

    if output is not None:
        made = BINARY[form](report, options) if form in BINARY else REPORTERS[form](report, options).encode()
        save(output, made)
    elif form in CONSOLE:
        sys.stdout.write(REPORTERS[form](report, for_stream(options, sys.stdout, os.environ)))
    elif form not in BINARY:
        sys.stdout.buffer.write(REPORTERS[form](report, options).encode())
    elif sys.stdout.isatty():
        raise UsageError(
            f"--format {form} は画面に表示できません。", f"-o 結果.{form} のように、書くファイルを指定してください。"
        )
    else:
        sys.stdout.buffer.write(BINARY[form](report, options))


def refuse_overwriting(output: Path | None, inputs: Sequence[Path]) -> None:
    """Refuse to write a report over what it reports on."""
    if output is None:
        return
    ours = os.path.realpath(output)  # unlike Path.resolve it takes a link that leads to itself
    if any(os.path.realpath(each) == ours for each in inputs):
        problem = f"-o の書き出し先が、点検するファイルと同じです: {output}"
        raise UsageError(problem, "別の名前にしてください。")


def save(output: Path, data: bytes) -> None:
    """Write a result to a file; UsageError."""
    try:
        output.write_bytes(data)
    except OSError:
        problem = f"結果を書けません: {output}"
        mend = "フォルダーがあるか、書き込めるか、ほかのソフトで開いていないかを確かめてください。"
        raise UsageError(problem, mend) from None
