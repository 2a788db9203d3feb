"""Write the configuration that holds as TOML, each value with the file it came from."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec.json import encode
from msgspec.structs import asdict, replace

from aiguard.config_values import ALLOW_KEYS, LIMIT_KEYS, ORGANISATION_KEYS, snake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Config


def describe(config: Config) -> str:
    """Write the effective values as TOML, each with the file it came from; allowed texts are masked."""
    lines = [f"# 設定ファイル: {file}" for file in config.sources] or ["# 設定ファイルはありません"]
    lines += [
        _line(config, key, getattr(config, snake(key))) for key in ("pack", "services", "min-severity", "fail-on")
    ]
    lines += [_listing(config, key, getattr(config, key)) for key in ("select", "ignore", "exclude")]
    for position, entry in enumerate(config.allow):
        lines += ["", f"[[allow]]  # {config.origin('allow', position) or '既定'}"]
        shown = asdict(replace(entry, text="●●●●" if entry.text else None))
        lines += [f"{key} = {_toml(shown[key])}" for key in ALLOW_KEYS if shown[key] is not None]
    lines += ["", "[organisation]"]
    lists = {key: getattr(config.organisation, snake(key)) for key in ORGANISATION_KEYS}
    lines += [_listing(config, key, items, "organisation.") for key, items in lists.items()]
    lines += ["", "[limits]", *(_line(config, key, getattr(config.limits, key), "limits.") for key in LIMIT_KEYS)]
    return "\n".join(lines) + "\n"


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
