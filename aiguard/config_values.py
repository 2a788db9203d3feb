"""Check what a configuration file says: every key known, every value of its type, each mistake with its mend."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import ValidationError, convert

from aiguard.errors import ConfigError, suggest
from aiguard.model import Allow, Limits, Organisation, Severity

Table: TypeAlias = dict[str, Any]
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
ALLOW_KEYS: dict[str, Any] = {"text": str, "rule": str, "path": str, "reason": str, "expires": dt.date}
ORGANISATION_KEYS: dict[str, Any] = dict.fromkeys(
    ("phones", "addresses", "corporate-numbers", "domains", "public-figures"), _TEXTS
)
LIMIT_KEYS: dict[str, Any] = dict.fromkeys(Limits.__struct_fields__, int)
_MENDS: dict[Any, str] = {
    int: "1以上の整数で書いてください。",
    str: "文字列で書いてください。",
    _TEXTS: '文字列の配列で書いてください（例: ["あ", "い"]）。',
    _TABLES: "[[allow]] と角括弧を二重にした表で書いてください。",
    Severity: "note、warn、block のどれかを書いてください。",
    dt.date: "2027-03-31 の形の日付で書いてください。",
    dict: "[organisation]、[limits] は表で書いてください。",
}


def checked(file: str, table: Table) -> Table:
    """Return the values of a file, each of its type; `allow` and `organisation` as their values of the model."""
    values = _typed(file, table, _KEYS)
    if "pack" in values:
        values["pack"] = _located(file, values["pack"])
    if "services" in values:
        values["services"] = os.path.normpath(Path(file).parent / values["services"])
    if "allow" in values:
        values["allow"] = tuple(_allow(file, entry, f"allow（{n}番目）") for n, entry in enumerate(values["allow"], 1))
    if "organisation" in values:
        lists = _typed(file, values["organisation"], ORGANISATION_KEYS, "organisation.")
        values["organisation"] = Organisation(**{snake(key): value for key, value in lists.items()})
    if "limits" in values:
        values["limits"] = _typed(file, values["limits"], LIMIT_KEYS, "limits.")
    return values


def _typed(file: str, table: Table, keys: dict[str, Any], above: str = "") -> Table:
    for key in table:
        if key not in keys:
            hint = suggest(key, keys) or f"書ける項目: {'、'.join(keys)}"
            raise mistake(file, above + key, "知らない項目です。", hint)
    return {key: _value(file, above + key, value, keys[key]) for key, value in table.items()}


def _value(file: str, key: str, value: object, wanted: Any) -> Any:  # noqa: ANN401 - a type, and a value of it
    if wanted is _TEXTS and isinstance(value, list):
        return tuple(_value(file, f"{key}（{n}番目）", item, str) for n, item in enumerate(value, 1))
    try:
        converted = convert(value, wanted)
    except ValidationError:  # its message may hold the value
        raise mistake(file, key, _MENDS[wanted]) from None
    if wanted is str and not converted.strip():
        raise mistake(file, key, "空です。")
    if wanted is int and converted < 1:
        raise mistake(file, key, _MENDS[int])
    return converted


def _allow(file: str, entry: Table, key: str) -> Allow:
    values = _typed(file, entry, ALLOW_KEYS, f"{key}.")
    if "reason" not in values:
        raise mistake(file, f"{key}.reason", "理由がありません。", "通してよい理由を書いてください。")
    if not values.keys() & {"text", "rule", "path"}:
        hint = "何を通すかを、text、rule、path のどれかで書いてください。"
        raise mistake(file, key, "すべてを通すことはできません。", hint)
    return Allow(**values)


def _located(file: str, pack: str) -> str:
    """Read a pack that is a path from the folder of the file; a bare name is a pack that ships with aiguard."""
    is_path = "/" in pack or "\\" in pack or pack.startswith(".")
    return os.path.normpath(Path(file).parent / pack) if is_path else pack


def mistake(file: Path | str, key: str, problem: str, hint: str = "") -> ConfigError:
    """Return the error that names the file and the key."""
    return ConfigError(problem, file=str(file), key=key or None, hint=hint)


def snake(key: str) -> str:
    """Return the name that a key of a file has as a field of the model."""
    return key.replace("-", "_")
