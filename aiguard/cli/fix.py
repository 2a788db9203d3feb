"""Put the statement of AI use into drafts, or show what would change: `review --fix`, `--diff`."""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import typer
from msgspec import Struct
from msgspec.structs import replace

from aiguard.errors import ReadError, UsageError
from aiguard.model import Limits, Span, Use
from aiguard.readers.inputs import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiguard.attribution import Declared
    from aiguard.checker import Checker
    from aiguard.model import Attribution, DocumentReport
    from aiguard.writers.statement import Stated

_LACKING: Final = frozenset({"missing", "malformed"})
_MOST: Final = 100  # statements of one draft that are replaced
_BREAK: Final = re.compile(r"\r\n|\n|\r")
_SAID: Final = {
    "ok": "明示はすでにあります（変えていません）",
    "not_needed": "明示は要りません（変えていません）",
}
_UNREAD: Final = "文字を読めないため、書いていません"
_NO_FILE: Final = "ファイルではないため、書いていません"
_LISTED: Final = "新しい部品を一覧に加えます"
_SEVERAL: Final = 2
_LARGE: Final = "大きすぎて読めません。分割してください"
_MEND: Final = "消すか、名前を変えてから、もう一度実行してください（同じ内容なら、そのままで構いません）。"
_WRITABLE: Final = "読み取り専用を外すか、--in-place を付けずに実行してください。"


class Fix(Struct, frozen=True):
    """Say what to do with drafts that lack their statement: where it goes, which file gets it, or only show."""

    at: str = "end"
    in_place: bool = False
    only_shows: bool = False


class Mended(NamedTuple):
    """Hold a draft with its statement, and where one in another form is left that a person has to remove."""

    stated: Stated
    left: str | None = None


class Look(NamedTuple):
    """Hold the text of a draft, what is judged of it, and of a statement that is wrong its place, text and span."""

    text: str
    attribution: Attribution
    place: str = ""
    old: str = ""
    span: tuple[int, int] | None = None


def fix_all(reports: Iterable[DocumentReport], fix: Fix, checker: Checker | None = None) -> int:
    """Mend each draft whose statement is missing or wrong, say on standard error what was done, and count the failures.

    With a checker every wrong statement of a text is replaced, not the first only, and pictures get a file beside them.
    UsageError where the AI of any draft is not known (before anything is written), or, once all others are done, where
    a draft could not be written.
    """
    drafts = [_with_attribution(report, checker) for report in reports]
    for report in drafts if checker is None or checker.pack.attribution.asks_for_name else ():
        if report.attribution and report.attribution.status in _LACKING and not report.attribution.ai_names:
            unnamed = f"使った生成AIの名前が分からないため、明示を書けません: {printable(report.path)}"
            raise UsageError(unnamed, "--ai 名前 を付けてください。")
    failed = 0
    problems: list[UsageError] = []
    for report in drafts:
        try:
            _fix(report, fix, checker)
        except ReadError as error:
            failed += 1
            _say("明示を書けません", report.path, error.message)
        except UsageError as error:
            problems.append(error)
    for problem in problems[:-1]:
        typer.echo(f"aiguard: {problem.message} {problem.hint}", err=True)
    if problems:
        raise problems[-1]
    return failed


def _with_attribution(report: DocumentReport, checker: Checker | None) -> DocumentReport:
    """Return a report with what its draft should say; of a picture, which has no text to judge, as of an empty one."""
    if report.attribution is not None or checker is None or not Path(report.path).is_file():
        return report
    from aiguard.attribution import judge
    from aiguard.readers import load
    from aiguard.readers.formats import format_of

    try:
        if format_of(load(Path(report.path), checker.config.limits.bytes), report.path) != "image":
            return report
    except ReadError:
        return report
    judged = judge("", _declared(report.path, checker), checker.pack.attribution)
    return replace(report, attribution=judged.attribution)


def _fix(report: DocumentReport, fix: Fix, checker: Checker | None) -> None:
    """Mend a draft; ReadError where it cannot be read, UsageError where it cannot be written."""
    from aiguard.readers import load

    path, attribution = Path(report.path), report.attribution
    if attribution is None:
        raise ReadError(_UNREAD)
    if attribution.status not in _LACKING:
        _say(_SAID[attribution.status], report.path)
        return
    if not path.is_file():
        raise ReadError(_NO_FILE)
    limit = checker.config.limits.bytes if checker else Limits().bytes
    data = load(path, limit)
    if len(data) > limit:
        raise ReadError(_LARGE)
    mended = _mended(data, path, attribution, fix, checker)
    if fix.only_shows:
        _show(path, data, mended.stated, attribution.wanted)
    else:
        _write(path, data, mended.stated, fix)
    if mended.left is not None:
        _say("決まりと違う書き方が残っています。手で直すか、消してください", report.path, mended.left)


def _mended(data: bytes, path: Path, attribution: Attribution, fix: Fix, checker: Checker | None) -> Mended:
    """Replace wrong statements where a text or a page has them in one piece, or else put the right one in beside them."""
    from aiguard.writers import statement as writer

    wanted, new = attribution.wanted, data
    look = _look(new, path, attribution, checker)
    for _ in range(_MOST):
        done = writer.replace(new, path.name, wanted, look.old, look.span) if look.old else None
        if not done or done == new:
            break
        new = done
        if checker is None:
            return Mended(writer.Stated(new))
        look = _look(new, path, attribution, checker)
    if look.attribution.status == "ok":
        return Mended(writer.Stated(new))
    stated = writer.Stated(new) if wanted in look.text else writer.state(new, path, wanted, fix.at)
    if not stated.beside and checker is not None:
        look = _look(stated.data, path, attribution, checker)
    return Mended(stated, look.place if look.attribution.status == "malformed" else None)


def _look(data: bytes, path: Path, attribution: Attribution, checker: Checker | None) -> Look:
    """Read a draft as it is now and find the statement that is wrong; without a checker it is the one reported."""
    from aiguard.attribution import judge
    from aiguard.finding import locate
    from aiguard.page import page_of
    from aiguard.readers import read_bytes

    document = read_bytes(data, str(path), Use.DOCUMENT, checker.config.limits if checker else None)
    page = page_of(document)
    if page is None:
        return Look("", attribution)
    place = attribution.location
    number, span = page.segments[0], Span(place.start, place.end) if place and place.label is None else None
    if checker is not None:
        judged = judge(page.text, _declared(str(path), checker), checker.pack.attribution)
        attribution = judged.attribution
        number, span = page.locate(judged.span) if judged.span else (number, None)
        place = locate(document.segments[number], span) if span else None
    if attribution.status != "malformed":
        return Look(page.text, attribution)
    where = "" if place is None else place.label or f"{place.line}行目"
    if span is None:
        return Look(page.text, attribution, where)
    old = document.segments[number].source[span.start : span.end]
    return Look(page.text, attribution, where, old, (span.start, span.end))


def _declared(path: str, checker: Checker) -> Declared:
    from aiguard.attribution import Declared
    from aiguard.checker import declared_name

    return checker.declarations.get(declared_name(path), checker.declared) or Declared()


def _write(path: Path, data: bytes, stated: Stated, fix: Fix) -> None:
    from aiguard.store.atomic import write_all

    if stated.beside:
        target, content = path.with_name(f"{path.name}.attribution.txt"), stated.beside.encode()
    else:
        target = path if fix.in_place else path.with_name(f"{path.stem}.attributed{path.suffix}")
        content = stated.data
    why = f"（{stated.reason}）" if stated.beside else ""
    if content == data or _holds(target, content):
        _say("明示はすでに書いてあります（変えていません）", str(target if content != data else path), why)
        return
    _refuse(target, path)
    write_all([(target, content, False)])
    _say("明示を書きました", str(target), why)


def _holds(target: Path, content: bytes) -> bool:
    try:
        return target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content
    except OSError:
        return False


def _refuse(target: Path, source: Path) -> None:
    """Refuse to replace a file that is there, unless it is the draft itself and may be written; UsageError."""
    if target != source and (target.exists() or target.is_symlink()):
        raise UsageError(f"すでにファイルがあります: {printable(str(target))}", _MEND)
    if target == source and not target.stat().st_mode & 0o222:
        raise UsageError(f"読み取り専用のファイルです: {printable(str(target))}", _WRITABLE)


def _show(path: Path, data: bytes, stated: Stated, statement: str) -> None:
    """Show the lines that would change of a text or a page, and the parts that would change of a package."""
    if stated.beside:
        _print(f"+ {path.name}.attribution.txt: {statement}（{stated.reason}）")
        return
    from aiguard.writers.statement import shown

    before, after = shown(data, path.name), shown(stated.data, path.name)
    if before is None or after is None:
        for name, words in _parts(data, stated.data, statement):
            _print(f"+ {path.name} の {name}: {words}")
        return
    lines = (_BREAK.split(before), _BREAK.split(after))
    names = (str(path), f"{path.stem}.attributed{path.suffix}")
    for line in difflib.unified_diff(*lines, *names, n=1, lineterm=""):
        _print(line)


def _parts(before: bytes, after: bytes, statement: str) -> Iterator[tuple[str, str]]:
    """Yield the members of a package that change, and in words what is put into each."""
    from html import escape

    from aiguard.readers.budget import Budget
    from aiguard.readers.package import Package

    old, new = (Package(data, Budget(Limits(), len(data))) for data in (before, after))
    sign = escape(statement, quote=False).encode()
    for name in new.names:
        held = old.read(name) if name in old else b""
        content = new.read(name)
        if content == held:
            continue
        count = content.count(sign) - held.count(sign)
        words = f"「{statement}」を書き足します" if count or not name.endswith((".rels", "Types].xml")) else _LISTED
        yield name, words if count < _SEVERAL else f"{words}（{count}か所）"


def _print(line: str) -> None:
    """Print a line, with what a terminal would obey written as an escape."""
    from aiguard.reporters.printable import escaped

    encoding = sys.stdout.encoding or "utf-8"
    typer.echo("\t".join(escaped(piece, encoding) for piece in line.split("\t")))


def _say(text: str, path: str, more: str = "") -> None:
    typer.echo(f"aiguard: {text}: {printable(path)}{f' {more}' if more else ''}", err=True)
