"""Show reports: `REPORTERS` maps the name of a format to the function that renders it.

Each takes a report and `Options` and returns the whole text; `jsonl` has functions for single lines too. A format
is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.reporters.options import Options, for_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiguard.model import Report

__all__ = ["REPORTERS", "Options", "for_stream"]


def _text(report: Report, options: Options) -> str:
    from aiguard.reporters.text import render

    return render(report, options)


def _json(report: Report, options: Options) -> str:
    from aiguard.reporters.json_report import render

    return render(report, options)


def _jsonl(report: Report, options: Options) -> str:
    from aiguard.reporters.jsonl import render

    return render(report, options)


def _markdown(report: Report, options: Options) -> str:
    from aiguard.reporters.markdown import render

    return render(report, options)


REPORTERS: Mapping[str, Callable[[Report, Options], str]] = {
    "text": _text,
    "json": _json,
    "jsonl": _jsonl,
    "markdown": _markdown,
}
