"""Hold figures above a floor: a figure may rise, never fall."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from aiguard.evaluate.figures import Figures

HALF_A_POINT = 0.5
_ROUNDING = 1e-9
_HEADER = "# Floors of the figures of `aiguard eval`, in per cent: a figure may rise, never fall.\n"


def flatten(sets: Iterable[Figures]) -> dict[str, float]:
    """Give every measured share by its key ("dev_prompts.block_recall"), as a number from 0 to 1.

    Rates of alarms are left out: the share of quiet rows stands for them, so that more is always better.
    """
    return {
        f"{figures.name}.{figure.key}": figure.value
        for figures in sets
        for figure in figures.figures
        if figure.rising and figure.value is not None
    }


def read_floors(path: Path) -> dict[str, float]:
    """Read floors by key, in per cent. Raises `UsageError` for a file that is not a table of numbers."""
    import rtoml

    try:
        tables = rtoml.loads(path.read_text(encoding="utf-8"))
        return {f"{name}.{key}": float(value) for name, table in tables.items() for key, value in table.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        message = f"{path}: 下限値のファイルを読めません。"
        raise UsageError(message, '[データ名] の下に "指標" = 数値（%） の形で書いてください。') from None


def check_floors(sets: Iterable[Figures], floors: Mapping[str, float]) -> tuple[str, ...]:
    """Say which figures fell below their floor (per cent), or are no longer measured."""
    measured = flatten(sets)
    return tuple(
        f"{key}: {100 * measured[key]:.1f} % は下限値 {floor:.1f} % を下回っています"
        if key in measured
        else f"{key}: 測定されていません（下限値 {floor:.1f} %）"
        for key, floor in sorted(floors.items())
        if 100 * measured.get(key, -1.0) + _ROUNDING < floor
    )


def write_floors(path: Path, sets: Iterable[Figures]) -> None:
    """Set floors half a point under what was measured; those that stand are only ever raised.

    A floor of nothing is left out: it would only forbid a precision of zero to vanish with its last alarm.
    """
    floors = read_floors(path) if path.exists() else {}
    measured = {key: _floor(value) for key, value in flatten(sets).items()}
    floors |= {key: floor for key, floor in measured.items() if floor > floors.get(key, 0.0)}
    path.write_text(_HEADER + _toml(floors), encoding="utf-8", newline="\n")


def _floor(value: float) -> float:
    """Take half a point off a share, in per cent, cut to a tenth."""
    return max(0.0, math.floor(10 * (100 * value - HALF_A_POINT) + _ROUNDING) / 10)


def _toml(floors: Mapping[str, float]) -> str:
    import json

    tables: dict[str, list[str]] = {}
    for full, floor in sorted(floors.items()):
        name, _, key = full.partition(".")
        tables.setdefault(name, []).append(f"{json.dumps(key, ensure_ascii=False)} = {floor:.1f}\n")
    return "".join(f"\n[{json.dumps(name, ensure_ascii=False)}]\n{''.join(lines)}" for name, lines in tables.items())
