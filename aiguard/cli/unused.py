"""Name what lets findings pass and has nothing left to do: allows that are over or idle, acceptances that are stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from aiguard import policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from aiguard.checked import Checked
    from aiguard.checker import Checker
    from aiguard.model import Finding, Use
    from aiguard.store.baseline import Entry

_LISTED: Final = 10


class Noted:
    """Note of a run what let findings pass: one finding for each reason, and what a baseline accepts.

    `files` are those of the baseline that were checked whole, by their keys, with the uses they were checked for.
    """

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.used: dict[tuple[str, str], Finding] = {}
        self.met: set[str] = set()
        self.files: dict[str, frozenset[Use]] = {}
        entries = checker.accepted.entries if checker.accepted else {}
        self._known = {name[: policy.FILE] for name in entries}

    def results(self, results: Iterator[Checked]) -> Iterator[Checked]:
        """Pass on results, and note."""
        uses: set[Use] = set()
        whole = True
        for each in results:
            findings = each.report.findings
            self.used.update(((one.suppressed.by, one.suppressed.reason), one) for one in findings if one.suppressed)
            if self._known:
                self.met.update(one.key for one in findings if one.key)
                uses.add(each.report.use)
                whole = whole and not each.stopped and not each.report.unchecked
                if each.ends:
                    self._note_file(each.input.path, frozenset(uses) if whole else frozenset())
                    uses, whole = set(), True
            yield each

    def _note_file(self, path: str, uses: frozenset[Use]) -> None:
        from aiguard.checker import place_of

        if uses and self.checker.accepted is not None:
            name = policy.file_key(self.checker.accepted.key, place_of(path, self.checker.accepted.root))
            if name in self._known:
                self.files[name] = uses


def expired(checker: Checker) -> tuple[str, ...]:
    """Say which allows have expired."""
    over = policy.expired(checker.config, checker.today)
    return tuple(f"許可の期限が切れています（{allow.expires}、理由: {allow.reason}）" for allow in over)


def unused(noted: Noted, baseline: Path | None) -> tuple[str, ...]:
    """Say after a whole scan which allows let nothing pass, and which acceptances match nothing any more."""
    checker = noted.checker
    idle = policy.unused(checker.config, noted.used.values(), checker.today)
    said = [f"何にも当たらない許可があります（理由: {allow.reason}）" for allow in idle]
    return (*said, *(_stale(noted, baseline) if baseline else ()))


def warn(notices: Iterable[str]) -> None:
    """Say on standard error what a run noted."""
    for notice in notices:
        typer.echo(f"aiguard: {notice}", err=True)


def stale(entries: Iterable[Entry], noted: Noted) -> Iterator[tuple[Entry, int]]:
    """Yield the entries of a baseline that match nothing any more, and how many of their values are gone.

    Nothing is said of a file that was not checked whole, or of a rule that did not look at it in this run.
    """
    looked = _looked(noted.checker)
    for entry in entries:
        uses = noted.files.get(entry.keys[0][: policy.FILE], frozenset())
        gone = len(set(entry.keys) - noted.met)
        if gone and any(entry.rule in looked[use] for use in uses):
            yield entry, gone


def _looked(checker: Checker) -> Mapping[Use, frozenset[str]]:
    from aiguard.model import Use

    return {use: policy.looking(checker.pack.rules, checker.config, use) for use in Use}


def _stale(noted: Noted, file: Path) -> Iterator[str]:
    from aiguard.readers.inputs import printable
    from aiguard.store.baseline import read

    found = sorted(stale(read(file).accepted, noted), key=lambda pair: (pair[0].path, pair[0].rule))
    for entry, gone in found[:_LISTED]:
        yield f"受け入れた指摘が、もう当てはまりません: {printable(entry.path)}  {entry.rule} {gone}件（理由: {printable(entry.reason)}）"
    if found[_LISTED:]:
        yield f"ほか{len(found) - _LISTED}件の受け入れが、もう当てはまりません"
    if found:
        yield f"もう当てはまらない受け入れは「aiguard baseline update」で外せます（{file}）"
