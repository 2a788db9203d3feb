"""Say how a report is to be shown, and find out what a stream can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from msgspec import Struct
from msgspec.structs import replace

from aiguard.model import Severity


class Options(Struct, frozen=True):
    """Say how a report is to be shown.

    `by` is "place" or "section". `titles` maps section ids to titles, in the order of the guideline; by section,
    one that has neither a finding nor something left to a person is listed as without a finding. `width` is in
    cells (a full-width character takes two). Text is limited to what `encoding` can show. Findings below
    `minimum` are only counted. `show_all` lists every place, and the files without findings. `attribution` is the
    section that asks for a declaration of AI use; `uses` maps the ids of uses of an AI to their titles.
    """

    by: str = "place"
    titles: Mapping[str, str] = {}
    width: int = 80
    colour: bool = False
    encoding: str = "utf-8"
    minimum: Severity = Severity.WARN
    show_all: bool = False
    attribution: str = "8.4"
    uses: Mapping[str, str] = {}


def for_stream(options: Options, stream: TextIO, environ: Mapping[str, str]) -> Options:
    """Fit options to a stream: width, encoding, and colour (NO_COLOR, FORCE_COLOR, TERM, whether it is a terminal)."""
    columns = environ.get("COLUMNS", "")
    width = int(columns) if columns.isdecimal() else options.width
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if not stream.isatty() and not environ.get("FORCE_COLOR"):
        return replace(options, width=width, colour=False, encoding=encoding)
    from rich.console import Console  # knows consoles; a pipe is spared its 25 ms

    console = Console(file=stream, _environ=dict(environ))
    colour = (
        console.is_terminal
        and not environ.get("NO_COLOR")
        and not console.is_dumb_terminal
        and not console.legacy_windows
    )
    return replace(options, width=width if columns.isdecimal() else console.width, colour=colour, encoding=encoding)
