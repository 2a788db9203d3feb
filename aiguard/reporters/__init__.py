"""Show reports: `REPORTERS` maps the name of a format to the function that renders it, `BINARY` where it is no text.

Each takes a report and `Options` and returns the whole file; `jsonl` has functions for single lines too. A format
is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.reporters.options import Options, for_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiguard.model import Report

__all__ = ["BINARY", "CONSOLE", "REPORTERS", "Options", "for_stream"]


def _text(report: Report, options: Options) -> str:
    from aiguard.reporters.text import render

    return render(report, options)


def _concise(report: Report, options: Options) -> str:
    from aiguard.reporters.concise import render

    return render(report, options)


def _json(report: Report, options: Options) -> str:
    from aiguard.reporters.json_report import render

    return render(report, options)


def _jsonl(report: Report, options: Options) -> str:
    from aiguard.reporters.jsonl import render

    return render(report, options)


def _csv(report: Report, options: Options) -> str:
    from aiguard.reporters.csv_report import render

    return render(_told(report), options)


def _sarif(report: Report, options: Options) -> str:
    from aiguard.reporters.sarif import render

    return render(_told(report), options)


def _junit(report: Report, options: Options) -> str:
    from aiguard.reporters.junit import render

    return render(_told(report), options)


def _github(report: Report, options: Options) -> str:
    from aiguard.reporters.github import render

    return render(report, options)


def _markdown(report: Report, options: Options) -> str:
    from aiguard.reporters.markdown import render

    return render(report, options)


def _html(report: Report, options: Options) -> str:
    from aiguard.reporters.html_report import render

    return render(_told(report), options)


def _xlsx(report: Report, options: Options) -> bytes:
    from aiguard.reporters.xlsx_report import render

    return render(_told(report), options)


def _told(report: Report) -> Report:
    """Show a run that was stopped as one more thing that was not checked, in formats that have no other place for it."""
    if report.left is None:
        return report
    from aiguard.reporters.words import interrupted

    return replace(report, documents=(*report.documents, interrupted(report.left)), left=None)


CONSOLE = frozenset(("text", "concise"))  # for a console: in its encoding, the first in its width and colours too
REPORTERS: Mapping[str, Callable[[Report, Options], str]] = {
    "text": _text,
    "concise": _concise,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _csv,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "markdown": _markdown,
    "html": _html,
}
BINARY: Mapping[str, Callable[[Report, Options], bytes]] = {"xlsx": _xlsx}
