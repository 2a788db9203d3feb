"""Find, read and combine the configuration: `aiguard.toml`, or `[tool.aiguard]` in `pyproject.toml`.

The nearest file wins and nothing is merged silently: a file that builds on another says `extend`. The file of the
user counts only where a project has none. A run without any file asks the disk for names and loads nothing.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import ValidationError, convert
from msgspec.json import encode
from msgspec.structs import asdict, replace

from aiguard import folders
from aiguard.errors import ConfigError, suggest
from aiguard.model import Allow, Config, Limits, Organisation, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Table = dict[str, Any]
    Layer = tuple[str, Table]

COMMAND_LINE = "コマンドライン"
_OWN, _SHARED = "aiguard.toml", "pyproject.toml"
_TEXTS, _TABLES = tuple[str, ...], tuple[dict[str, Any], ...]
_KEYS: dict[str, Any] = {
    "pack": str,
    "services": str,
    "extend": str,
    "select": _TEXTS,
    "ignore": _TEXTS,
    "min-severity": Severity,
    "fail-on": Severity,
    "exclude": _TEXTS,
    "allow": _TABLES,
    "organisation": dict,
    "limits": dict,
}
_ALLOW_KEYS: dict[str, Any] = {"text": str, "rule": str, "path": str, "reason": str, "expires": dt.date}
_ORGANISATION_KEYS: dict[str, Any] = dict.fromkeys(
    ("phones", "addresses", "corporate-numbers", "domains", "public-figures"), _TEXTS
)
_LIMIT_KEYS: dict[str, Any] = dict.fromkeys(Limits.__struct_fields__, int)
_MENDS: dict[Any, str] = {
    int: "1以上の整数で書いてください。",
    str: "文字列で書いてください。",
    _TEXTS: '文字列の配列で書いてください（例: ["あ", "い"]）。',
    _TABLES: "[[allow]] と角括弧を二重にした表で書いてください。",
    Severity: "note、warn、block のどれかを書いてください。",
    dt.date: "2027-03-31 の形の日付で書いてください。",
    dict: "[organisation]、[limits] は表で書いてください。",
}


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
    values = {_snake(key): value for key, value in given.items()}
    return replace(config, ignore=config.ignore + added, origins=origins, **values)


def describe(config: Config) -> str:
    """Write the effective values as TOML, each with the file it came from; allowed texts are masked."""
    lines = [f"# 設定ファイル: {file}" for file in config.sources] or ["# 設定ファイルはありません"]
    lines += [
        _line(config, key, getattr(config, _snake(key))) for key in ("pack", "services", "min-severity", "fail-on")
    ]
    lines += [_listing(config, key, getattr(config, key)) for key in ("select", "ignore", "exclude")]
    for position, entry in enumerate(config.allow):
        lines += ["", f"[[allow]]  # {config.origin('allow', position) or '既定'}"]
        shown = asdict(replace(entry, text="●●●●" if entry.text else None))
        lines += [f"{key} = {_toml(shown[key])}" for key in _ALLOW_KEYS if shown[key] is not None]
    lines += ["", "[organisation]"]
    lists = {key: getattr(config.organisation, _snake(key)) for key in _ORGANISATION_KEYS}
    lines += [_listing(config, key, items, "organisation.") for key, items in lists.items()]
    lines += ["", "[limits]", *(_line(config, key, getattr(config.limits, key), "limits.") for key in _LIMIT_KEYS)]
    return "\n".join(lines) + "\n"


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
        raise _mistake(file, "", "[tool.aiguard] の表がありません。")
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
    raise _mistake(file, "tool.aiguard", "表で書いてください。")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise _mistake(file, "", "開けません。", "ファイルの場所と、読み取りの権限を確かめてください。") from None


def _parse(file: Path, data: bytes) -> Table:
    import re

    import rtoml

    try:
        return rtoml.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _mistake(file, "", "UTF-8 ではありません。", "UTF-8 で保存し直してください。") from None
    except rtoml.TomlParsingError as error:
        line, column = re.findall("[0-9]+", str(error))[-2:]
        problem = f"{line}行目の{column}文字目が TOML として読めません。"
        hint = "引用符と角括弧が閉じているか、同じ項目が二度ないかを確かめてください。"
        raise _mistake(file, "", problem, hint) from None


def _layers(file: Path, table: Table) -> list[Layer]:
    """Follow `extend` from the nearest file to the last base."""
    layers: list[Layer] = []
    seen: set[Path] = set()
    while True:
        seen.add(file.resolve())
        values = _checked(str(file), table)
        layers.append((str(file), values))
        if "extend" not in values:
            return layers
        base = Path(os.path.normpath(file.parent / values["extend"]))
        if base.resolve() in seen:
            raise _mistake(file, "extend", "輪になっています。", "extend をたどると元のファイルに戻ります。")
        if not _is_file(base):
            raise _mistake(file, "extend", "ファイルがありません。", "このファイルから見た場所を書いてください。")
        file, table = base, _table(base)


def _checked(file: str, table: Table) -> Table:
    """Return the values of a file, each of its type; `allow` and `organisation` as their values of the model."""
    values = _typed(file, table, _KEYS)
    if "pack" in values:
        values["pack"] = _located(file, values["pack"])
    if "services" in values:
        values["services"] = os.path.normpath(Path(file).parent / values["services"])
    if "allow" in values:
        values["allow"] = tuple(_allow(file, entry, f"allow（{n}番目）") for n, entry in enumerate(values["allow"], 1))
    if "organisation" in values:
        lists = _typed(file, values["organisation"], _ORGANISATION_KEYS, "organisation.")
        values["organisation"] = Organisation(**{_snake(key): value for key, value in lists.items()})
    if "limits" in values:
        values["limits"] = _typed(file, values["limits"], _LIMIT_KEYS, "limits.")
    return values


def _typed(file: str, table: Table, keys: dict[str, Any], above: str = "") -> Table:
    for key in table:
        if key not in keys:
            hint = suggest(key, keys) or f"書ける項目: {'、'.join(keys)}"
            raise _mistake(file, above + key, "知らない項目です。", hint)
    return {key: _value(file, above + key, value, keys[key]) for key, value in table.items()}


def _value(file: str, key: str, value: object, wanted: Any) -> Any:  # noqa: ANN401 - a type, and a value of it
    if wanted is _TEXTS and isinstance(value, list):
        return tuple(_value(file, f"{key}（{n}番目）", item, str) for n, item in enumerate(value, 1))
    try:
        converted = convert(value, wanted)
    except ValidationError:  # its message may hold the value
        raise _mistake(file, key, _MENDS[wanted]) from None
    if wanted is str and not converted.strip():
        raise _mistake(file, key, "空です。")
    if wanted is int and converted < 1:
        raise _mistake(file, key, _MENDS[int])
    return converted


def _allow(file: str, entry: Table, key: str) -> Allow:
    values = _typed(file, entry, _ALLOW_KEYS, f"{key}.")
    if "reason" not in values:
        raise _mistake(file, f"{key}.reason", "理由がありません。", "通してよい理由を書いてください。")
    if not values.keys() & {"text", "rule", "path"}:
        hint = "何を通すかを、text、rule、path のどれかで書いてください。"
        raise _mistake(file, key, "すべてを通すことはできません。", hint)
    return Allow(**values)


def _located(file: str, pack: str) -> str:
    """Read a pack that is a path from the folder of the file; a bare name is a pack that ships with aiguard."""
    is_path = "/" in pack or "\\" in pack or pack.startswith(".")
    return os.path.normpath(Path(file).parent / pack) if is_path else pack


def _combine(layers: Sequence[Layer]) -> Config:
    """Take single values and `select` from the nearest file that has them, and add up the other lists."""
    given: Table = {}
    origins: list[tuple[str, str]] = []
    for key in ("pack", "services", "select", "min-severity", "fail-on"):
        if holder := next((layer for layer in layers if key in layer[1]), None):
            given[_snake(key)] = holder[1][key]
            origins += [(key, holder[0])] * (len(holder[1][key]) if key == "select" else 1)
    for key in ("ignore", "exclude", "allow"):
        given[key] = _added(key, [(file, values.get(key, ())) for file, values in layers], origins)
    owned = [(file, values.get("organisation", Organisation())) for file, values in layers]
    lists: Table = {
        _snake(key): _added(f"organisation.{key}", [(file, getattr(own, _snake(key))) for file, own in owned], origins)
        for key in _ORGANISATION_KEYS
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


def _line(config: Config, key: str, value: object, above: str = "") -> str:
    origin = config.origin(above + key) or "既定"
    return f"# {key} は未設定" if value is None else f"{key} = {_toml(value)}  # {origin}"


def _listing(config: Config, key: str, items: Sequence[str], above: str = "") -> str:
    if not items:
        return f"{key} = []  # {config.origin(above + key) or '既定'}"
    rows = [f"  {_toml(item)},  # {config.origin(above + key, n)}" for n, item in enumerate(items)]
    return "\n".join([f"{key} = [", *rows, "]"])


def _toml(value: object) -> str:
    """Write a text or a date; what JSON escapes, TOML reads in the same way."""
    return value.isoformat() if isinstance(value, dt.date) else encode(value).decode()


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for value in values for part in value.split(",") if (name := part.strip())))


def _mistake(file: Path | str, key: str, problem: str, hint: str = "") -> ConfigError:
    return ConfigError(problem, file=str(file), key=key or None, hint=hint)


def _snake(key: str) -> str:
    return key.replace("-", "_")
