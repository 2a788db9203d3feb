"""Gather the reports of documents under the guideline that they were checked against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard import policy
from aiguard.model import (
    Coverage,
    DocumentReport,
    GuidelineName,
    Kind,
    NotChecked,
    Pack,
    Report,
    Section,
)
from aiguard.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.checker import Checker


_OFF = (
    "この点検では調べていません（--select、--ignore か設定の select、ignore）。",
    "調べていません。指定を外して、点検し直してください。",
)


def make_report(documents: Iterable[DocumentReport], checker: Checker) -> Report:
    """Gather reports under the guideline they were checked against; findings below `min_severity` are left out.

    Verdicts are made before anything is left out.
    """
    least = checker.config.min_severity
    shown = tuple(replace(each, findings=policy.shown(each.findings, least)) for each in documents)
    off = policy.switched_off(checker.compiled.rules, checker.config, checker.use)
    unasked = () if checker.services else policy.only_with_service(checker.compiled.rules, checker.use)
    return Report(guideline_name(checker.pack), shown, not_checked(checker.pack, off, unasked), __version__)


def guideline_name(pack: Pack) -> GuidelineName:
    """Identify the guideline of a pack."""
    return GuidelineName(pack.guideline.id, pack.guideline.title, pack.guideline.edition)


def not_checked(pack: Pack, off: Sequence[str] = (), unasked: Sequence[str] = ()) -> tuple[NotChecked, ...]:
    """List the sections that a machine does not check, or not wholly; those that only explain ask for nothing.

    The sections of `off` are checked by nothing since the user chose so, those of `unasked` since no AI was named.
    """
    return tuple(
        NotChecked(section.id, section.title, Coverage.HUMAN, *_OFF)
        if section.id in off
        else NotChecked(section.id, section.title, _coverage(section, unasked), section.reason, section.todo)
        for section in pack.guideline.section
        if section.id in off or (section.coverage is not Coverage.CHECKED and not _only_explains(section))
    )


def _coverage(section: Section, unasked: Sequence[str]) -> Coverage:
    return Coverage.HUMAN if section.id in unasked else section.coverage


def titles(pack: Pack) -> dict[str, str]:
    """Return the titles of the sections that something can be said of: not of those that only explain."""
    return {section.id: section.title for section in pack.guideline.section if not _only_explains(section)}


def _only_explains(section: Section) -> bool:
    return section.kind is Kind.INFORMATION and section.coverage is Coverage.HUMAN and not section.todo
