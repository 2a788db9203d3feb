"""Report a copy of a file by the report of its content, wherever the two cannot differ but in the path."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard import policy
from aiguard.batch import declared_name
from aiguard.finding import under_path
from aiguard.scanner import scan_segment

if TYPE_CHECKING:
    from aiguard.batch import Checker
    from aiguard.model import DocumentReport


def under(report: DocumentReport, path: str, checker: Checker) -> DocumentReport | None:
    """Return what checking a file of the same content under another path would report; None: only checking can tell.

    A path counts for more than a name on a report: it is searched itself, it decides how the content is read (its
    suffix), what is allowed, what was declared of a draft and which chat was recorded for it; and it is in each
    fingerprint. What was not checked is checked again, which may succeed this time.
    """
    if report.unchecked or report.facts.notices or _hangs_on_path(report, path, checker):
        return None
    if _tells(report.path, checker) or _tells(path, checker):
        return None
    findings = under_path(report.findings, report.path, path)
    return None if findings is None else replace(report, path=path, findings=findings)


def _hangs_on_path(report: DocumentReport, path: str, checker: Checker) -> bool:
    """Tell whether anything but the names themselves could make a difference between two paths."""
    declared = checker.declarations
    return (
        PurePath(path).suffix.lower() != PurePath(report.path).suffix.lower()
        or report.use is not checker.use
        or checker.explains
        or (checker.records is not None and report.attribution is not None)
        or (bool(declared) and declared.get(declared_name(path)) != declared.get(declared_name(report.path)))
        or not policy.allows_alike(checker.config, (path, report.path), checker.today)
    )


def _tells(path: str, checker: Checker) -> bool:
    """Tell whether a rule finds something in the names of a file and its folders."""
    from aiguard.readers.filenames import name_of

    segment = name_of(Path(path))
    return segment is not None and any(scan_segment(segment, 0, checker.use, checker.compiled))
