"""Draw the report of an example as the SVG that the README shows.

python benchmarks/picture.py
"""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from aiguard import api, config
from aiguard.checker import prepare
from aiguard.model import Use
from aiguard.report import make_report
from aiguard.reporters import REPORTERS, Options

EXAMPLES = Path(__file__).parent.parent / "examples"
WIDTH = 84
_LENGTH = re.compile('(<text [^>]*textLength=")([0-9.]+)("[^>]*>)([^<]+)<')


def main() -> None:
    """Check `examples/prompt.txt` and write `examples/report.svg`."""
    checker = prepare(config.load(EXAMPLES), Use.PROMPT)
    document = api.check_path(EXAMPLES / "prompt.txt")
    document = replace(document, path="prompt.txt")
    titles = {section.id: section.title for section in checker.pack.guideline.section}
    page = REPORTERS["text"](make_report((document,), checker), Options(titles=titles, width=WIDTH, colour=True))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi("$ aiguard check prompt.txt\n" + page), soft_wrap=True)
    svg = console.export_svg(title="aiguard check", unique_id="aiguard")
    (EXAMPLES / "report.svg").write_text(_LENGTH.sub(_in_cells, svg), encoding="utf-8")


def _in_cells(match: re.Match[str]) -> str:
    """Give a stretch of text the length of its cells: rich counts a full-width character as one."""
    text = html.unescape(match[4])
    return f"{match[1]}{float(match[2]) * cell_len(text) / len(text):g}{match[3]}{match[4]}<"


if __name__ == "__main__":
    main()
