"""Read what was declared about the use of an AI, document by document: `review --declarations FILE.csv`."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from aiguard.attribution import Declared
from aiguard.checker import declared_name
from aiguard.errors import ReadError, UsageError

_NONE = frozenset(("なし", "無", "無し", "使用なし", "利用なし", "未使用", "no", "none", "-"))
_SOME = frozenset(("あり", "有", "有り", "使用あり", "利用あり", "yes"))
_HEADINGS = frozenset(("path", "パス", "ファイル", "ファイル名", "文書", "原稿"))
_BETWEEN = re.compile("[、;／/]")
_FORM = "1列目にファイル、2列目に生成AIの名前（使っていなければ「なし」）を書いたCSVにしてください。"


def read_declarations(file: Path) -> dict[str, Declared]:
    """Return the declarations of a CSV file (path, AI), by `declared_name`; UsageError names the line at fault.

    Paths count from the folder of the file. Several names stand between 、 or ; - 「なし」 declares no AI, 「あり」 one
    without its name.
    """
    declared: dict[str, Declared] = {}
    for number, row in enumerate(csv.reader(io.StringIO(_text(file))), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].lower() in _HEADINGS):
            continue
        if len(cells) < 2 or not cells[0] or not cells[1]:  # noqa: PLR2004 - a path and a name
            raise UsageError(f"{file} の{number}行目が読めません。", _FORM)
        declared[declared_name(str(file.parent / cells[0]))] = _declared(cells[1])
    return declared


def _declared(said: str) -> Declared:
    if said.lower() in _NONE:
        return Declared((), used=False)
    if said.lower() in _SOME:
        return Declared((), used=True)
    return Declared(tuple(name.strip() for name in _BETWEEN.split(said) if name.strip()), used=True)


def _text(file: Path) -> str:
    from aiguard.readers.decode import decode

    try:
        return decode(file.read_bytes())
    except (OSError, ReadError):
        raise UsageError(f"{file} を読めません。", _FORM) from None
