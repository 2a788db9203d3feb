"""Draw points and a line as SVG that reads on light and on dark pages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 560, 340, 70, 50, 20, 60
_STEPS: Final = 4
_STYLE: Final = (
    "text{font:13px 'Noto Sans JP','Hiragino Sans','Yu Gothic',sans-serif;fill:#1f2328}"
    ".axis{stroke:#59636e}.grid{stroke:#d1d9e0}.line{stroke:#0969da;fill:none;stroke-width:2}.dot{fill:#0969da}"
    ".ideal{stroke:#59636e;stroke-dasharray:6 4;fill:none}"
    "@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.axis{stroke:#9198a1}.grid{stroke:#3d444d}"
    ".line{stroke:#4493f8}.dot{fill:#4493f8}.ideal{stroke:#9198a1}}"
)


class Plot(NamedTuple):
    """Hold what to draw: words in Japanese, points measured, and a straight line to judge them by."""

    title: str
    across: str
    upward: str
    points: Sequence[tuple[float, float]]
    ideal: Sequence[tuple[float, float]]
    ideal_name: str


def draw(plot: Plot) -> str:
    """Return an SVG of a plot whose axes start at nought."""
    most_x = max(x for x, _ in (*plot.points, *plot.ideal)) * 1.05
    most_y = max(y for _, y in (*plot.points, *plot.ideal)) * 1.1

    def place(x: float, y: float) -> tuple[float, float]:
        across, upward = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return round(_LEFT + across * x / most_x, 1), round(_HEIGHT - _BOTTOM - upward * y / most_y, 1)

    parts = [
        _opened(plot.title),
        _text(_WIDTH / 2, 24, plot.title, "middle"),
        *(_rung(place(0, most_y * step / _STEPS)[1], most_y * step / _STEPS) for step in range(_STEPS + 1)),
        *(
            _text(place(x, 0)[0], _HEIGHT - _BOTTOM + 18, f"{x:g}", "middle")
            for x in sorted({x for x, _ in plot.points})
        ),
        _text(_WIDTH / 2, _HEIGHT - 12, f"{plot.across}（破線：{plot.ideal_name}）", "middle"),
        _text(8, _TOP - 8, plot.upward, "start"),
        _path("ideal", [place(*point) for point in plot.ideal]),
        _path("line", [place(*point) for point in plot.points]),
        *(f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>' for x, y in (place(*point) for point in plot.points)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _opened(title: str) -> str:
    box = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
    return f'{box} aria-label="{escape(title)}"><title>{escape(title)}</title><style>{_STYLE}</style>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _rung(y: float, value: float) -> str:
    kind = "grid" if value else "axis"
    line = f'<line class="{kind}" x1="{_LEFT}" y1="{y:g}" x2="{_WIDTH - _RIGHT}" y2="{y:g}"/>'
    return line + _text(_LEFT - 8, y + 4, f"{value:.3g}", "end")


def _path(kind: str, places: Sequence[tuple[float, float]]) -> str:
    joined = " ".join(f"{x:g},{y:g}" for x, y in places)
    return f'<polyline class="{kind}" points="{joined}"/>'
