"""A figure may rise, never fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiguard.errors import UsageError
from aiguard.evaluate import (
    Figures,
    Judgement,
    Options,
    Row,
    check_floors,
    flatten,
    read_floors,
    score,
    write_floors,
)
from aiguard.model import Severity

if TYPE_CHECKING:
    from pathlib import Path

ROWS = tuple(Row(f"r{number}", "依頼", verdict="block", sections=("5(1)",)) for number in range(8))


def measured(right: int) -> tuple[Figures, ...]:
    """Judge the first rows rightly, the others not."""

    def judge(row: Row) -> Judgement:
        said = int(row.id[1:]) < right
        return Judgement("block" if said else "pass", (("5(1)", Severity.BLOCK),) if said else ())

    return (score(ROWS, judge, Options(frozenset(), name="open_rows")),)


def test_figures_have_stable_dotted_keys() -> None:
    flat = flatten(measured(4))
    assert flat["open_rows.block_recall"] == 0.5
    assert flat["open_rows.section.5(1).recall"] == 0.5
    assert "open_rows.warn_recall" not in flat  # nothing to count is no figure


def test_rates_of_alarms_have_no_floor_but_quiet_rows_do() -> None:
    rows = (Row("r", "依頼", verdict="pass"),)
    flat = flatten([score(rows, lambda _: Judgement("pass"), Options(frozenset(), name="clean"))])
    assert flat["clean.alarm.pass.quiet"] == 1
    assert not any("_per_" in key or "rows_per" in key for key in flat)


def test_floors_stand_half_a_point_below_and_only_rise(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    write_floors(path, measured(5))
    assert read_floors(path)["open_rows.block_recall"] == 62.0
    write_floors(path, measured(3))
    assert read_floors(path)["open_rows.section.5(1).recall"] == 62.0
    write_floors(path, measured(6))
    assert read_floors(path)["open_rows.block_recall"] == 74.5
    assert b"\r" not in path.read_bytes()


def test_what_was_just_measured_is_never_below_its_floor(tmp_path: Path) -> None:
    for right in range(9):
        path = tmp_path / f"{right}.toml"
        write_floors(path, measured(right))
        assert check_floors(measured(right), read_floors(path)) == ()


def test_a_figure_of_zero_gets_no_floor(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    write_floors(path, measured(5))
    assert "open_rows.pass_precision" in flatten(measured(5))
    assert "open_rows.pass_precision" not in read_floors(path)


def test_a_fall_is_told_with_both_numbers(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    write_floors(path, measured(5))
    breaches = check_floors(measured(4), read_floors(path))
    assert "open_rows.block_recall: 50.0 % は下限値 62.0 % を下回っています" in breaches
    assert check_floors(measured(8), read_floors(path)) == ()


def test_a_figure_that_is_no_longer_measured_is_a_fall() -> None:
    (breach,) = check_floors(measured(8), {"open_rows.section.5(9).recall": 50.0})
    assert "測定されていません" in breach


@pytest.mark.parametrize("content", ["[a", "a = 1", "[a]\nb = 'x'", "[a.b]\nc = []"])
def test_a_broken_file_is_a_usage_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"floors\.toml"):
        read_floors(path)
