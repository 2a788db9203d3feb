"""Hide what is personal in paths, where a report is kept or handed on, or where that is asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import typer
from msgspec.structs import replace

from aiguard.errors import AiguardError
from aiguard.paths import masked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiguard.checked import Checked
    from aiguard.model import DocumentReport, Report

_HANDED_ON: Final = frozenset(("html", "csv", "xlsx"))


def hides(asked: bool | None, form: str) -> bool:  # noqa: FBT001 - as typer has it
    """Tell whether paths are masked: as asked, else in the formats that are made to be kept or handed on."""
    return form in _HANDED_ON if asked is None else asked


class Hiding:
    """Mask reports. The key is looked for, and made where there is none, with the first path that needs it."""

    def __init__(self, key_file: Path | None = None) -> None:
        self._file = key_file
        self._key: bytes | None = None

    def document(self, report: DocumentReport) -> DocumentReport:
        """Return a report with what is personal in its path masked."""
        if not report.hidden:
            return report
        if self._key is None:
            self._key = _key(self._file)
        return masked(report, self._key)

    def report(self, report: Report) -> Report:
        """Return a whole report so."""
        return replace(report, documents=tuple(map(self.document, report.documents)))

    def results(self, results: Iterator[Checked]) -> Iterator[Checked]:
        """Yield what becomes of inputs so."""
        return (replace(each, report=self.document(each.report)) for each in results)


def hiding(asked: bool | None, form: str, key_file: Path | None = None) -> Hiding | None:  # noqa: FBT001 - as typer has it
    """Return what masks the reports of a run; None where their paths stay as they are."""
    return Hiding(key_file) if hides(asked, form) else None


def shown(report: Report, hidden: Hiding | None) -> Report:
    """Return a report as it is to be shown."""
    return hidden.report(report) if hidden else report


def _key(file: Path | None) -> bytes:
    """Return the key of the marks; one that nobody keeps where there can be none: a name is hidden all the same."""
    from aiguard.store.keys import default_key, make_key

    try:
        return make_key(file or default_key())
    except AiguardError as error:
        typer.echo(f"aiguard: {error.message}", err=True)
        typer.echo("aiguard: → 伏せたファイル名の目印は、今回の報告の中だけで通じます。", err=True)
        return os.urandom(32)
