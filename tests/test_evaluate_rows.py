"""Labelled rows are read strictly, and their text stays out of every message."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from aiguard.errors import UsageError
from aiguard.evaluate import Judgement, in_holdout, load_rows, run, select, set_name

if TYPE_CHECKING:
    from pathlib import Path

NAME = "架空坂真弓"


def written(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "rows.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return path


def row(**fields: object) -> str:
    return json.dumps({"id": "r1", "text": f"{NAME}です", "verdict": "pass"} | fields, ensure_ascii=False)


def test_every_kind_of_row_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        b"\xef\xbb\xbf" + row(sections=[], entities=[{"text": NAME, "type": "PERSON"}], note="[hard] 見本").encode(),
        "",
        row(id="r2", spans=[[0, 5, "PERSON"]], label="benign") + "\r",
        row(id="r3", attribution="ok", ai_used=None, ai_names=["ChatGPT"], more={"unknown": 1}),
    )
    first, second, third = load_rows(path)
    assert (first.hard, first.spans, second.hard) == (True, None, False)
    assert [(span.start, span.end, span.label) for span in second.spans or ()] == [(0, 5, "PERSON")]
    assert (third.ai_used, third.ai_names, third.attribution) == (None, ("ChatGPT",), "ok")
    assert NAME not in repr((first, first.entities))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"{{{NAME}", "JSON"),
        (f"{NAME}です".encode("cp932"), "JSON"),
        (b'{"id": "r1", "text": "' + "架空".encode("cp932") + b'", "label": "benign"}', "JSON"),
        (row(verdict=NAME), "verdict"),
        (row(label=NAME), "label"),
        (row(attribution=NAME), "attribution"),
        (row(verdict=[NAME]), "verdict"),
        (row(verdict=None), "正解"),
        (row(id=""), "id"),
        (row(text=None), "text"),
        (json.dumps({"id": "r1"}), "text"),
        (json.dumps([NAME]), "text"),
        (row(entities=[{"text": "別人", "type": "PERSON"}]), "entities"),
        (row(entities=[{"text": "", "type": "PERSON"}]), "entities"),
        (row(spans=[[0, 99, "PERSON"]]), "spans"),
        (row(spans=[[3, 3, "PERSON"]]), "spans"),
        (row(spans=[[-1, 3, "PERSON"]]), "spans"),
        (row(spans=[[0, 3]]), "spans"),
        (row(id="r0"), "id"),
    ],
)
def test_a_malformed_row_is_named_by_file_and_line_without_its_text(
    tmp_path: Path, line: str | bytes, problem: str
) -> None:
    path = written(tmp_path, row(id="r0"), "", line)
    with pytest.raises(UsageError) as caught:
        load_rows(path)
    assert caught.value.message.startswith(f"{path}:3: ")
    assert problem in caught.value.message
    assert caught.value.__cause__ is None
    assert not any(word in f"{caught.value.message}{caught.value.hint}" for word in (NAME, "別人"))


def test_a_missing_file_and_an_empty_folder_are_usage_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(UsageError):
            run([path], lambda _: Judgement("pass"), entities_known=())


def test_the_held_out_rows_are_those_whose_digest_is_divisible_by_five(tmp_path: Path) -> None:
    names = [f"r{number}" for number in range(200)]
    held_out = {name for name in names if int(sha256(name.encode()).hexdigest(), 16) % 5 == 0}
    assert {name for name in names if in_holdout(name)} == held_out
    rows = load_rows(written(tmp_path, *(row(id=name) for name in names)))
    assert {row.id for row in select(rows, "held-out")} == held_out
    assert {row.id for row in select(rows, "tuned")} == {*names} - held_out
    assert select(rows, "all") == rows


def test_a_run_scores_each_file_by_folder_and_name(tmp_path: Path) -> None:
    folder = tmp_path / "open.set"
    folder.mkdir()
    path = written(folder, *(row(id=f"r{number}") for number in range(50)))
    (figures,) = run([folder], lambda _: Judgement("pass"), entities_known=(), fold="held-out")
    assert (figures.name, figures.fold) == ("open_set_rows_held_out", "held-out")
    assert figures.name == set_name(path, "held-out") != set_name(path, "all")
    assert 0 < figures.rows < 50


def test_a_fold_may_be_empty(tmp_path: Path) -> None:
    name = next(name for name in map(str, range(99)) if in_holdout(name))
    (figures,) = run([written(tmp_path, row(id=name))], lambda _: Judgement("pass"), entities_known=(), fold="tuned")
    assert (figures.rows, figures.figures) == (0, ())


def test_the_same_set_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, row())
    with pytest.raises(UsageError, match="重なって"):
        run([path, tmp_path], lambda _: Judgement("pass"), entities_known=())
