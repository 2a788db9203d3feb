"""The benchmark of batches writes the same trees every time, measures in pairs, and says what it could not compare."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import batch
import plots
import pytest
import speed
import trees
from lines import fit
from lxml import etree

import aiguard

if TYPE_CHECKING:
    from pathlib import Path

TINY = batch.Sizes(files=3, jsonl=0.004, mixed=10, steps=(0.002, 0.004, 0.008), pairs=1, rounds=1, kills=0)


def test_the_same_tree_is_written_every_time_and_no_two_files_are_alike(tmp_path: Path) -> None:
    for name in ("first", "second"):
        trees.mixed(tmp_path / name, 30)
    first, second = (sorted((tmp_path / name).rglob("*.*")) for name in ("first", "second"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert len({path.read_bytes() for path in first}) == 30
    assert {path.suffix for path in first} == {f".{suffix}" for suffix, _ in trees.FORMATS}


def test_every_format_of_the_tree_is_read_whole(tmp_path: Path) -> None:
    trees.mixed(tmp_path / "tree", len(trees.FORMATS))
    for path in (tmp_path / "tree").rglob("*.*"):
        report = aiguard.check_path(path)
        assert not report.unchecked, path.suffix


def test_a_large_jsonl_has_the_size_asked_for_and_a_record_on_each_line(tmp_path: Path) -> None:
    trees.jsonl(tmp_path / "large.jsonl", 50_000)
    data = (tmp_path / "large.jsonl").read_bytes()
    assert 50_000 <= len(data) < 56_000
    records = [json.loads(line) for line in data.splitlines()]
    assert len({record["text"] for record in records}) == len(records) > 10


def test_a_line_is_fitted_and_what_is_off_it_is_told() -> None:
    exact = fit({1: 3.0, 2: 5.0, 4: 9.0})
    assert exact == pytest.approx((1, 2, 0))
    assert fit({1: 1.0, 2: 4.0, 4: 16.0}).deviation > 0.1


def test_a_plot_is_well_formed_and_holds_every_point() -> None:
    svg = plots.draw(plots.Plot("時間 < 大きさ", "MB", "秒", [(1, 2), (2, 4)], [(0, 0), (2, 4)], "直線"))
    assert len([one for one in etree.fromstring(svg.encode()).iter() if str(one.tag).endswith("circle")]) == 2
    assert "prefers-color-scheme:dark" in svg


def test_pairs_are_run_in_turn_and_in_both_orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[str] = []

    def times(command: tuple[str, ...], _: Path) -> speed.Times:
        run.append(command[0])
        return speed.Times({"over": 6, "under": 3}[command[0]], 0)

    monkeypatch.setattr(speed, "times", times)
    pairs = batch.in_turn(tmp_path, 2, ("over",), ("under",))
    assert run == ["under", "over", "over", "under"]
    assert batch.paired("名", pairs, 2.0) == batch.Row("名", 6, 3, 2.0, 2.0)


def test_a_row_says_whether_what_is_wanted_was_reached() -> None:
    assert (
        batch.line(batch.Row("名", 4, 2, 2.0, 1.8, at_least=True)) == "| 名 | 4.00 秒 | 2.00 秒 | 2 | 1.8 以上 | 達成 |"
    )
    assert batch.line(batch.Row("名", None, None, 0.2, 0.1)) == "| 名 | – | – | 0.2 | 0.1 以下 | 未達 |"


def test_a_tiny_run_measures_everything_and_writes_json_and_plots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    told: list[str] = []
    (tmp_path / "work").mkdir()
    result = batch.measure(tmp_path / "work", TINY, tell=told.append)
    assert len(result.rows) == 6
    assert all(row.ratio >= 0 for row in result.rows)
    assert "detect-secrets" in result.left_out
    assert "\n".join(told).splitlines() == [batch.line(row) for row in result.rows]
    batch.save(result, TINY, [(0.0, 0.0, 0.0)], tmp_path / "batch.json")
    saved = json.loads((tmp_path / "batch.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in saved["rows"]] == [row.name for row in result.rows]
    assert str(tmp_path) not in json.dumps(saved)
    batch.plot(result, tmp_path / "plots")
    assert {path.name for path in (tmp_path / "plots").iterdir()} == {"size.svg", "jobs.svg"}
