"""Run the commands of `aiguard baseline`."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from msgspec import Struct
from msgspec.structs import replace

from aiguard import policy
from aiguard.attribution import Declared
from aiguard.checker import place_of
from aiguard.cli.given import inputs_of
from aiguard.cli.request import Request, configuration
from aiguard.cli.run import checker_of
from aiguard.errors import UsageError
from aiguard.model import Accepted, Severity, Use
from aiguard.readers.inputs import printable
from aiguard.spread import checked
from aiguard.store import baseline as kept
from aiguard.store.baseline import Baseline, Entry, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.checker import Checker
    from aiguard.model import DocumentReport, Finding

_AUTO: Final = "auto"
_SHOWN: Final = 10
_NAME: Final = "ファイル名"


class Asked(Struct, frozen=True):
    """Hold what the command line asks of a baseline."""

    file: Path
    key: Path | None = None
    reason: str | None = None
    by: str | None = None
    accept_block: bool = False
    only_shows: bool = False


class Survey(Struct, frozen=True):
    """Hold what a scan for a baseline found: new findings, those accepted before, and what may not be accepted."""

    new: dict[str, Seen]
    still: dict[str, Seen]
    blocked: int
    files: frozenset[str]
    unchecked: tuple[tuple[str, str], ...]
    today: dt.date
    guideline: str
    off: frozenset[str] = frozenset()


def survey_request(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: list[str] | None,
    use: str,
    ai: list[str] | None,
    files_from: Path | None,
    config: Path | None,
    pack: str | None,
    select: list[str] | None,
    ignore: list[str] | None,
    fail_on: str | None,
    exclude: list[str] | None,
    today: str | None,
    jobs: int | None,
) -> Request:
    """Return what is to be scanned."""
    return Request(
        tuple(paths or ()), Use.DOCUMENT if use == _AUTO else Use(use), files_from, config_file=config, pack=pack, select=tuple(select or ()),
        ignore=tuple(ignore or ()), fail_on=fail_on, exclude=tuple(exclude or ()), today=today, jobs=jobs,
        declared=Declared(tuple(ai), used=True) if ai else None, by_role=use == _AUTO,
    )  # fmt: skip


def run_create(request: Request, asked: Asked) -> int:
    """Write a new baseline that accepts what is found, and return the exit code."""
    from aiguard.store.keys import make_key

    reason = _reason(asked)
    if asked.file.exists():
        raise UsageError(f"受け入れの一覧がすでにあります: {asked.file}", "「aiguard baseline update」で直せます。")
    if asked.key is not None and asked.key.resolve() == asked.file.resolve():
        raise UsageError(f"鍵と一覧が同じファイルです: {asked.key}", "別のファイルにしてください。")
    key = make_key(_key_file(asked))
    survey = _survey(request, asked, Accepted(key, os.path.realpath(asked.file.parent), keeps=True))
    if survey.unchecked:
        return _refuse_incomplete(survey)
    entries = kept.entries_of(survey.new, reason, asked.by or "", survey.today)
    _write(asked, replace(kept.empty(survey.guideline, key), accepted=entries))
    _say(f"受け入れの一覧を作りました: {asked.file}（{_counted(entries)}）")
    return _left(survey)


def run_update(request: Request, asked: Asked) -> int:
    """Drop from a baseline what is gone, add what is new, show both, and return the exit code."""
    from aiguard.store.keys import read_key

    key = read_key(_key_file(asked))
    old = kept.read(asked.file)
    accepted = kept.accepted_of(old, asked.file, key, keeps=True)
    survey = _survey(request, asked, accepted)
    old = kept.load(asked.file, key, survey.guideline)
    if survey.unchecked:
        return _refuse_incomplete(survey)
    reason = _reason(asked) if survey.new and not asked.only_shows else ""
    added = kept.entries_of(survey.new, reason, asked.by or "", survey.today)
    left = tuple(one for entry in old.accepted if (one := _left_of(entry, survey, accepted.root)))
    for line in (*_lines("-", _gone(old.accepted, left)), *_lines("+", added)):
        typer.echo(line)
    new = replace(old, accepted=(*left, *added))
    if asked.only_shows or kept.to_bytes(new) == kept.to_bytes(old):
        _say("書いていません（--dry-run）。" if asked.only_shows else "変わったところはありません。")
    else:
        _write(asked, new)
        _say(f"受け入れの一覧を直しました: {asked.file}（{_counted(new.accepted)}）")
    return _left(survey)


def run_show(request: Request | None, asked: Asked) -> int:
    """Print what is accepted, by file and rule, and after a scan what matches nothing any more."""
    baseline = kept.read(asked.file)
    for line in _lines(" ", baseline.accepted, reasons=True):
        typer.echo(line)
    typer.echo(f"受け入れた指摘: {_counted(baseline.accepted)}")
    return _show_unmatched(request, asked) if request is not None else 0


def _show_unmatched(request: Request, asked: Asked) -> int:
    from aiguard.store.keys import read_key

    key = read_key(_key_file(asked))
    accepted = kept.accepted_of(kept.read(asked.file), asked.file, key, keeps=True)
    survey = _survey(request, asked, accepted)
    baseline = kept.load(asked.file, key, survey.guideline)
    left = tuple(one for entry in baseline.accepted if (one := _left_of(entry, survey, accepted.root)))
    gone = _gone(baseline.accepted, left)
    typer.echo(f"\nもう当てはまらないもの: {_counted(gone)}" if gone else "\nもう当てはまらないものはありません。")
    for line in _lines("-", gone):
        typer.echo(line)
    for path, reason in survey.unchecked[:_SHOWN]:
        _say(f"確認できないため、この文書の分は分かりません: {printable(path)}（{reason}）")
    return 3 if survey.unchecked else 0


def _survey(request: Request, asked: Asked, accepted: Accepted) -> Survey:
    """Scan for a baseline, each finding with its keyed hash, and sort what is found."""
    config = configuration(request)
    inputs = inputs_of(request, config, (asked.file,))
    checker = replace(checker_of(request, config), accepted=accepted)
    documents = [each.report for each in checked(inputs, checker, request.jobs)]
    least = min(Severity.WARN, config.fail_on or Severity.WARN, key=lambda one: one.rank)
    new, still, blocked = _sorted(documents, accepted, least, accept_block=asked.accept_block)
    whole = (each for each in documents if not each.unchecked)
    files = frozenset(policy.file_key(accepted.key, place_of(each.path, accepted.root)) for each in whole)
    unchecked = tuple((each.path, item.reason) for each in documents for item in each.unchecked)
    off = frozenset(rule.id for rule in checker.pack.rules) - policy.chooses(checker.pack.rules, config)
    return Survey(new, still, blocked, files, unchecked, checker.today, _guideline(checker), off)


def _guideline(checker: Checker) -> str:
    return checker.pack.guideline.id


def _sorted(
    documents: Iterable[DocumentReport], accepted: Accepted, least: Severity, *, accept_block: bool
) -> tuple[dict[str, Seen], dict[str, Seen], int]:
    new: dict[str, Seen] = {}
    still: dict[str, Seen] = {}
    blocked = 0
    for document in documents:
        path = _shown_path(document, accepted.root)
        for finding in document.findings:
            if not finding.key or finding.severity.rank < least.rank:
                continue
            if finding.suppressed is not None:
                _add(still, path, finding)
            elif finding.severity is Severity.BLOCK and not accept_block:
                blocked += 1
            else:
                _add(new, path, finding)
    for name in new.keys() & still.keys():  # accepted before, and now at a worse severity
        new[name] = replace(new[name], places=new[name].places + still.pop(name).places)
    return new, still, blocked


def _add(seen: dict[str, Seen], path: str, finding: Finding) -> None:
    known = seen.get(finding.key)
    severity = max(finding.severity, known.severity if known else finding.severity, key=lambda one: one.rank)
    seen[finding.key] = Seen(path, finding.rule, severity, known.places + 1 if known else 1)


def _shown_path(document: DocumentReport, root: str) -> str:
    """Return the path that a baseline shows; where something personal stands in it, nothing but its kind."""
    place = printable(place_of(document.path, root))
    if any(finding.entity and finding.location.label == _NAME for finding in document.findings):
        return kept.HIDDEN + Path(place).suffix
    return place


def _left_of(entry: Entry, survey: Survey, root: str) -> Entry | None:
    """Return what is left of an entry; a file that was not scanned keeps its own while it is there.

    So does a rule that was switched off: it has not looked.
    """
    if entry.rule in survey.off:
        return entry
    if entry.keys[0][: policy.FILE] in survey.files:
        return kept.narrowed(entry, survey.still)
    return entry if kept.HIDDEN in entry.path or (Path(root) / entry.path).exists() else None


def _gone(old: Sequence[Entry], left: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return what of the old entries is not among those that are left."""
    names = {name for entry in left for name in entry.keys}
    pairs = ((entry, tuple(name for name in entry.keys if name not in names)) for entry in old)
    return tuple(replace(entry, keys=lost, places=len(lost)) for entry, lost in pairs if lost)


def _lines(sign: str, entries: Iterable[Entry], *, reasons: bool = False) -> Iterable[str]:
    for entry in sorted(entries, key=lambda entry: (entry.path, entry.rule)):
        said = f"{sign} {printable(entry.path)}  {entry.rule}  {entry.severity.label} {entry.places}件"
        who = f"、{entry.by}" if entry.by else ""
        yield f"{said}  {printable(entry.reason)}（{entry.date}{printable(who)}）" if reasons else said


def _counted(entries: Sequence[Entry]) -> str:
    return f"{len(kept.paths_of(entries))}文書の{sum(entry.places for entry in entries)}件"


def _refuse_incomplete(survey: Survey) -> int:
    for path, reason in survey.unchecked[:_SHOWN]:
        _say(f"確認できません: {printable(path)}（{reason}）")
    if len(survey.unchecked) > _SHOWN:
        _say(f"ほか{len(survey.unchecked) - _SHOWN}件")
    _say("確認できない文書があるため、受け入れの一覧は書いていません。")
    _say("→ 読めるようにするか、--exclude で外してから、もう一度実行してください。")
    return 3


def _left(survey: Survey) -> int:
    if not survey.blocked:
        return 0
    _say(f"禁止の指摘{survey.blocked}件は受け入れていません（受け入れるときは --accept-block を付けてください）。")
    return 1


def _reason(asked: Asked) -> str:
    reason = (asked.reason or "").strip()
    if not reason:
        raise UsageError(
            "受け入れる理由がありません。", "--reason に理由を書いてください（例: --reason 公表済みの名簿のため）。"
        )
    return reason


def _key_file(asked: Asked) -> Path:
    """Return the file of the key, and say where it lies unsafe."""
    from aiguard.store.keys import default_key
    from aiguard.store.worktree import work_tree

    file = asked.key or default_key()
    if work_tree(file) is not None:
        _say(f"注意: 鍵のファイルがgitの作業フォルダーの中にあります: {file}（登録しないよう、外に移してください）")
    return file


def _write(asked: Asked, baseline: Baseline) -> None:
    from aiguard.store.atomic import write_all

    write_all([(asked.file, kept.to_bytes(baseline), False)])


def _say(text: str) -> None:
    typer.echo(f"aiguard: {text}", err=True)
