"""Read the files of a pack, and turn tables into values; each mistake names the file and the key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from aiguard.errors import PackError, suggest

if TYPE_CHECKING:
    from pathlib import Path

_WHERE = re.compile(r" - at `\$\.?(.*)`$")
_LINE = re.compile(r"at line (\d+) column (\d+)")
_BROKEN = '「"」が閉じているか、全角の「＝」「”」「，」になっていないか、同じキーを二度書いていないかを見てください。'
_FIELD = re.compile(r"(unknown|missing required) field `(.*?)`")


def optional(file: Path, name: str) -> dict[str, Any]:
    """Return the tables of a TOML file called `name` in errors; none where there is no such file. PackError."""
    return read(file, name) if file.is_file() else {}


def read(file: Path, name: str) -> dict[str, Any]:
    """Return the tables of a TOML file called `name` in errors; PackError."""
    import rtoml

    try:
        return rtoml.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise PackError("読めません", file=name, hint="UTF-8のファイルを置いてください") from None
    except rtoml.TomlParsingError as error:
        at = _LINE.search(str(error))
        where = f"{at[1]}行目の{at[2]}文字目のあたりが、" if at else ""
        raise PackError(f"{where}TOMLとして読めません", file=name, hint=_BROKEN) from None


def convert(raw: Any, into: Any, file: str, rule: str | None = None, key: str = "") -> Any:  # noqa: ANN401
    """Return a table as a value of the type `into`; PackError."""
    try:
        return msgspec.convert(raw, into, strict=True)
    except msgspec.ValidationError as error:
        message = str(error)
    where, field = _WHERE.search(message), _FIELD.search(message)
    parts = (key, where.group(1) if where else "", field.group(2) if field else "")
    hint = ""
    if field is None:
        problem = f"値が正しくありません（{_WHERE.sub('', message)}）"
    elif field.group(1) == "unknown":
        problem = "このキーは使えません"
        hint = "" if where else suggest(field.group(2), (each.encode_name for each in msgspec.structs.fields(into)))
    else:
        problem = "このキーがありません"
    raise PackError(problem, file=file, rule=rule, key=".".join(filter(None, parts)) or None, hint=hint)
