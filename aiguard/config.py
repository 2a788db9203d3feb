"""Find, read and combine the configuration: `aiguard.toml`, or `[tool.aiguard]` in `pyproject.toml`.

The nearest file wins and nothing is merged silently: a file that builds on another says `extend`. The file of the
user counts only where a project has none. A run without any file asks the disk for names and loads nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec.structs import replace

from aiguard import folders
from aiguard.config_values import ORGANISATION_KEYS, Table, checked, mistake, snake
from aiguard.model import Config, Limits, Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.model import Severity

Layer: TypeAlias = tuple[str, Table]
COMMAND_LINE = "コマンドライン"
_OWN, _SHARED = "aiguard.toml", "pyproject.toml"


def load(start: Path, explicit: Path | None = None) -> Config:
    """Load the configuration for a file or folder, or the one in `explicit`.

    Raises `ConfigError` where a file cannot be read, or holds what it should not.
    """
    found = (explicit, _table(explicit)) if explicit else _nearest(start.resolve()) or _of_user()
    return _combine(_layers(*found)) if found else Config()


def override(
    config: Config,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    min_severity: Severity | None = None,
    fail_on: Severity | None = None,
) -> Config:
    """Lay the options of a command line over the configuration: `ignore` adds to it, the rest replace it.

    Several names in one value stand between commas.
    """
    options: Table = {"select": _names(select), "min-severity": min_severity, "fail-on": fail_on}
    given = {key: value for key, value in options.items() if value}
    added = tuple(name for name in _names(ignore) if name not in config.ignore)
    kept = tuple(origin for origin in config.origins if origin[0] not in given)
    counts = {key: len(value) if key == "select" else 1 for key, value in given.items()} | {"ignore": len(added)}
    origins = kept + tuple((key, COMMAND_LINE) for key, count in counts.items() for _ in range(count))
    values = {snake(key): value for key, value in given.items()}
    return replace(config, ignore=config.ignore + added, origins=origins, **values)


def user_file() -> Path | None:
    """Return where the user's own configuration would be; None where the system knows no home for the user."""
    folder = folders.settings()
    return folder / _OWN if folder else None


def _nearest(start: Path) -> tuple[Path, Table] | None:
    for folder in (start, *start.parents):
        if _is_file(own := folder / _OWN):
            return own, _table(own)
        if _is_file(shared := folder / _SHARED) and (table := _shared_table(shared)) is not None:
            return shared, table
    return None


def _of_user() -> tuple[Path, Table] | None:
    file = user_file()
    return (file, _table(file)) if file and _is_file(file) else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be entered, or a file where a folder would be
        return False


def _table(file: Path) -> Table:
    """Read the table of a file that is meant to have one."""
    table = _shared_table(file) if file.name == _SHARED else _parse(file, _bytes(file))
    if table is None:
        raise mistake(file, "", "[tool.aiguard] の表がありません。")
    return table


def _shared_table(file: Path) -> Table | None:
    """Read `[tool.aiguard]`; a file that does not even name it is not parsed, and may be anybody's."""
    data = _bytes(file)
    if b"aiguard" not in data:
        return None
    tools = _parse(file, data).get("tool", {})
    table = tools.get("aiguard") if isinstance(tools, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise mistake(file, "tool.aiguard", "表で書いてください。")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise mistake(file, "", "開けません。", "ファイルの場所と、読み取りの権限を確かめてください。") from None


def _parse(file: Path, data: bytes) -> Table:
    import re

    import rtoml

    try:
        return rtoml.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise mistake(file, "", "UTF-8 ではありません。", "UTF-8 で保存し直してください。") from None
    except rtoml.TomlParsingError as error:
        line, column = re.findall("[0-9]+", str(error))[-2:]
        problem = f"{line}行目の{column}文字目が TOML として読めません。"
        hint = "引用符と角括弧が閉じているか、同じ項目が二度ないかを確かめてください。"
        raise mistake(file, "", problem, hint) from None


def _layers(file: Path, table: Table) -> list[Layer]:
    """Follow `extend` from the nearest file to the last base."""
    layers: list[Layer] = []
    seen: set[Path] = set()
    while True:
        seen.add(file.resolve())
        values = checked(str(file), table)
        layers.append((str(file), values))
        if "extend" not in values:
            return layers
        base = Path(os.path.normpath(file.parent / values["extend"]))
        if base.resolve() in seen:
            raise mistake(file, "extend", "輪になっています。", "extend をたどると元のファイルに戻ります。")
        if not _is_file(base):
            raise mistake(file, "extend", "ファイルがありません。", "このファイルから見た場所を書いてください。")
        file, table = base, _table(base)


def _combine(layers: Sequence[Layer]) -> Config:
    """Take single values and `select` from the nearest file that has them, and add up the other lists."""
    given: Table = {}
    origins: list[tuple[str, str]] = []
    for key in ("pack", "services", "select", "min-severity", "fail-on"):
        if holder := next((layer for layer in layers if key in layer[1]), None):
            given[snake(key)] = holder[1][key]
            origins += [(key, holder[0])] * (len(holder[1][key]) if key == "select" else 1)
    for key in ("ignore", "exclude", "allow"):
        given[key] = _added(key, [(file, values.get(key, ())) for file, values in layers], origins)
    owned = [(file, values.get("organisation", Organisation())) for file, values in layers]
    lists: Table = {
        snake(key): _added(f"organisation.{key}", [(file, getattr(own, snake(key))) for file, own in owned], origins)
        for key in ORGANISATION_KEYS
    }
    limits: Table = {}
    for file, values in layers:
        new = {key: value for key, value in values.get("limits", {}).items() if key not in limits}
        limits |= new
        origins += [(f"limits.{key}", file) for key in new]
    given |= {"sources": tuple(file for file, _ in layers), "origins": tuple(origins)}
    return Config(**given, organisation=Organisation(**lists), limits=Limits(**limits))


def _added(key: str, lists: Iterable[tuple[str, tuple[Any, ...]]], origins: list[tuple[str, str]]) -> tuple[Any, ...]:
    """Join lists without repeats, the nearest first, and note where each item came from."""
    first: dict[Any, str] = {}
    for file, items in lists:
        for item in items:
            first.setdefault(item, file)
    origins += [(key, file) for file in first.values()]
    return tuple(first)


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for value in values for part in value.split(",") if (name := part.strip())))
