"""Put the statement of AI use into drafts, or show what would change: `review --fix`, `--diff`."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct

from aiguard.errors import ReadError, UsageError
from aiguard.model import Limits
from aiguard.readers.inputs import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.model import DocumentReport
    from aiguard.writers.statement import Stated


class Fix(Struct, frozen=True):
    """Say what to do with drafts that lack their statement: where it goes, which file gets it, or only show."""

    at: str = "end"
    in_place: bool = False
    only_shows: bool = False


def fix_all(reports: Iterable[DocumentReport], fix: Fix) -> None:
    """Mend each draft whose statement is missing or wrong, and say on standard error what was done; UsageError."""
    for report in reports:
        if report.attribution is None or report.attribution.status not in {"missing", "malformed"}:
            continue
        if not Path(report.path).is_file():
            continue
        _fix(report, fix)


def _fix(report: DocumentReport, fix: Fix) -> None:
    from aiguard.readers import load
    from aiguard.writers.statement import state

    path = Path(report.path)
    attribution = report.attribution
    if attribution is None or not attribution.ai_names:
        problem = f"使った生成AIの名前が分からないため、明示を書けません: {printable(report.path)}"
        raise UsageError(problem, "--ai 名前 を付けてください。")
    place = attribution.location
    malformed = attribution.status == "malformed" and place is not None
    old = (place.start, place.end) if malformed and place is not None and place.label is None else None
    try:
        data = load(path, Limits().bytes)
        stated = state(data, path, attribution.wanted, fix.at, old)
    except ReadError as error:
        _say(f"明示を書けません: {printable(report.path)}（{error.message}）")
        return
    if fix.only_shows:
        _show(path, data, stated, attribution.wanted)
    else:
        _write(path, stated, fix)
    if malformed and old is None and place is not None:
        _say(f"決まりと違う書き方が残っています。手で消してください: {printable(report.path)} {place.label or ''}")


def _write(path: Path, stated: Stated, fix: Fix) -> None:
    from aiguard.store.atomic import write_all

    if stated.beside:
        target = path.with_name(f"{path.name}.attribution.txt")
        content = stated.beside.encode("utf-8")
    else:
        target = path if fix.in_place else path.with_name(f"{path.stem}.attributed{path.suffix}")
        content = stated.data
    _refuse_other(target, path, content)
    write_all([(target, content, False)])
    why = f"（{stated.reason or 'この形式には書き込めないため、別のファイルにしました'}）" if stated.beside else ""
    _say(f"明示を書きました: {printable(str(target))}{why}")


def _refuse_other(target: Path, source: Path, content: bytes) -> None:
    """Refuse to replace a file that is there, unless it is the draft itself or holds the same already."""
    if target != source and target.exists() and target.read_bytes() != content:
        raise UsageError(f"すでにファイルがあります: {target}", "消すか、名前を変えてから、もう一度実行してください。")


def _show(path: Path, data: bytes, stated: Stated, statement: str) -> None:
    """Show the lines that would change of a text file, and of other formats what would be put in."""
    from aiguard.readers import is_text
    from aiguard.readers.decode import decode

    if stated.beside or not is_text(data, path.name):
        where = f"{path.name}.attribution.txt" if stated.beside else path.name
        typer.echo(f"+ {where}: {statement}")
        return
    before, after = (decode(each).splitlines() for each in (data, stated.data))
    lines = difflib.unified_diff(before, after, str(path), f"{path.stem}.attributed{path.suffix}", n=1, lineterm="")
    for line in lines:
        typer.echo(line)


def _say(text: str) -> None:
    typer.echo(f"aiguard: {text}", err=True)
