"""Score a checker on labelled rows: read, judge, match, count, print, and hold the floors."""

from aiguard.evaluate.figures import Confusion, Figure, Figures, Miss
from aiguard.evaluate.floors import check_floors, flatten, read_floors, write_floors
from aiguard.evaluate.judge import Judged, Judgement, judge_with, judgement
from aiguard.evaluate.matching import covers, equals, fits, touches
from aiguard.evaluate.options import Options
from aiguard.evaluate.render import render_text, to_json
from aiguard.evaluate.rows import FOLDS, Entity, Fold, LabelledSpan, Row, in_holdout, load_rows, select
from aiguard.evaluate.score import run, score, set_name
from aiguard.evaluate.shapes import NAME_SHAPES, hint, name_shape
from aiguard.evaluate.wilson import wilson

__all__ = [
    "FOLDS",
    "NAME_SHAPES",
    "Confusion",
    "Entity",
    "Figure",
    "Figures",
    "Fold",
    "Judged",
    "Judgement",
    "LabelledSpan",
    "Miss",
    "Options",
    "Row",
    "check_floors",
    "covers",
    "equals",
    "fits",
    "flatten",
    "hint",
    "in_holdout",
    "judge_with",
    "judgement",
    "load_rows",
    "name_shape",
    "read_floors",
    "render_text",
    "run",
    "score",
    "select",
    "set_name",
    "to_json",
    "touches",
    "wilson",
    "write_floors",
]
