"""Score a judge on labelled rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.errors import UsageError
from aiguard.evaluate.entities import entity_part
from aiguard.evaluate.figures import Figures, merge
from aiguard.evaluate.labels import label_part
from aiguard.evaluate.options import Options
from aiguard.evaluate.rows import load_rows, select
from aiguard.evaluate.verdicts import attribution_part, section_part, use_part, verdict_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from aiguard.evaluate.judge import Judgement
    from aiguard.evaluate.rows import Fold, Row

_SCORERS = (verdict_part, section_part, attribution_part, use_part, entity_part, label_part)


def score(rows: Sequence[Row], judge: Callable[[Row], Judgement], options: Options) -> Figures:
    """Judge the rows of a fold and measure the answers by what is labelled."""
    chosen = select(rows, options.fold)
    pairs = tuple((row, judge(row)) for row in chosen)
    parts = merge(scorer(pairs, options) for scorer in _SCORERS)
    return Figures(
        name=options.name,
        fold=options.fold,
        rows=len(chosen),
        characters=sum(len(row.text) for row in chosen),
        confusions=parts.confusions,
        figures=parts.figures,
        misses=tuple(dict.fromkeys(parts.misses)),
    )


def run(  # noqa: PLR0913 - each is a choice of the command line
    paths: Sequence[Path],
    judge: Callable[[Row], Judgement],
    *,
    entities_known: Iterable[str],
    fold: Fold = "all",
    show: bool = False,
    show_text: bool = False,
    public_rules: Iterable[str] = (),
) -> tuple[Figures, ...]:
    """Score each set: files, and the .jsonl files of folders. Every file is read before any row is judged.

    Raises `UsageError` for files that cannot be read and for malformed rows.
    """
    sets = {set_name(path, fold): load_rows(path) for path in _files(paths)}
    known, public = frozenset(entities_known), frozenset(public_rules)
    return tuple(
        score(rows, judge, Options(known, public, name, fold, show=show or show_text, show_text=show_text))
        for name, rows in sets.items()
    )


def set_name(path: Path, fold: Fold) -> str:
    """Name a set by folder and file, and by the fold unless it is the whole: dev_prompts, dev_prompts_held_out."""
    suffix = "" if fold == "all" else f"_{fold.replace('-', '_')}"
    return f"{path.absolute().parent.name}_{path.stem}{suffix}".replace(".", "_")


def _files(paths: Sequence[Path]) -> tuple[Path, ...]:
    files = tuple(file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else (path,)))
    if not files:
        message = "評価用のファイル（.jsonl）が見つかりません。"
        raise UsageError(message, "1行に1件のJSONを書いたファイルか、そのフォルダーを指定してください。")
    names = [set_name(file, "all") for file in files]
    if twice := next((name for name in names if names.count(name) > 1), None):
        message = f"評価用のファイルの名前が重なっています（{twice}）。"
        raise UsageError(message, "同じファイルを2度指定していないか、フォルダー名とファイル名を確かめてください。")
    return files
