"""Render a report as one HTML page to look at, to filter, to print and to sign: nothing is loaded from anywhere.

The page holds its own style, script and data; its policy (CSP level 3) allows these by their hashes and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from aiguard.reporters import html_charts, html_data, html_list, html_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import Report
    from aiguard.reporters.options import Options

_POLICY = (
    "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def render(report: Report, options: Options) -> str:
    """Render a page that shows what was not checked first, then the sums, every finding, and what is left to people."""
    style, script = _own("html_page.css"), _own("html_page.js")
    return "".join((_head(style, script), *_body(report, options), f"<script>{script}</script>\n</body>\n</html>\n"))


def _body(report: Report, options: Options) -> Iterator[str]:
    yield html_parts.top(report, options)
    yield html_parts.unchecked(report)
    yield html_charts.charts(report, options)
    yield html_list.findings(report, options)
    yield html_list.reasons(report, options)
    yield html_parts.documents(report, options)
    yield html_parts.uses(report, options)
    yield html_parts.claims(report)
    yield html_parts.checklist(report, options)
    yield html_parts.suppressed(report)
    yield html_parts.notices(report)
    yield html_parts.gaps(report)
    yield f'</main>\n<script type="application/json" id="data">{html_data.encoded(report, options)}</script>\n'


def _head(style: str, script: str) -> str:
    policy = _POLICY.format(style=_hash(style), script=_hash(script))
    return f"""<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>生成AI利用ガイドラインの点検結果</title>
<style>{style}</style>
</head>
<body>
"""


def _own(name: str) -> str:
    return (files("aiguard.reporters") / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    """Return the source expression for an inline text (CSP level 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
