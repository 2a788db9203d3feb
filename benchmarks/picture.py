"""Draw the report of an example as the SVG that the README shows.

python benchmarks/picture.py
"""

from __future__ import annotations

import io
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console
from rich.text import Text

from aiguard import api, batch, config
from aiguard.model import Use
from aiguard.reporters import REPORTERS, Options

EXAMPLES = Path(__file__).parent.parent / "examples"
WIDTH = 84


def main() -> None:
    """Check `examples/prompt.txt` and write `examples/report.svg`."""
    checker = batch.prepare(config.load(EXAMPLES), Use.PROMPT)
    document = api.check_path(EXAMPLES / "prompt.txt")
    document = replace(document, path="prompt.txt")
    titles = {section.id: section.title for section in checker.pack.guideline.section}
    page = REPORTERS["text"](batch.make_report((document,), checker), Options(titles=titles, width=WIDTH, colour=True))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi("$ aiguard check prompt.txt\n" + page), soft_wrap=True)
    console.save_svg(str(EXAMPLES / "report.svg"), title="aiguard check", unique_id="aiguard")


if __name__ == "__main__":
    main()
