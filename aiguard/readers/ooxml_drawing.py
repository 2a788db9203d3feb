"""Read what drawings and charts of Office say (ECMA-376 Part 1, 21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.readers.xmltree import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element


_LARGEST_CHART: Final = 1_000_000  # cells of the table of a chart; a larger one is read as a list
_DIGITS: Final = 9  # of the place of a point


class _Series(NamedTuple):
    """Hold a series of a chart: its name, its categories and values by their places."""

    name: str
    categories: dict[int, str]
    values: dict[int, str]


def drawing_lines(element: _Element) -> Iterator[str]:
    """Yield the paragraphs (a:p) of a drawing: runs joined, breaks as line breaks; those with text only.

    ECMA-376 Part 1, 21.1.2.2.
    """
    for paragraph in element.iter("{*}p"):
        text = "".join(_drawn(paragraph))
        if text.strip():
            yield text


def chart_lines(root: _Element) -> list[str]:
    """Return what a chart says: its titles, and its cached values as a table of a row for each category.

    ECMA-376 Part 1, 21.2.2; the charts of 2016 (cx:chartSpace, [MS-ODRAWXML] 2.24.3) as a list of their values.
    """
    lines = list(drawing_lines(root))
    series = [_series(each) for each in root.iter("{*}ser")]
    places = sorted({place for each in series for place in (*each.categories, *each.values)})
    if not places or len(places) * len(series) > _LARGEST_CHART:
        values = [(each.text or "").strip() for each in root.iter("{*}v", "{*}pt")]
        return lines + [each for each in values if each]
    lines.append("\t".join(["\n項目" if lines else "項目", *(each.name for each in series)]))
    for at in places:
        category = next((each.categories[at] for each in series if at in each.categories), "")
        lines.append("\t".join([category, *(each.values.get(at, "") for each in series)]))
    return lines


def part_rows(lines: list[tuple[str, str]]) -> None:
    """Put a blank line after the last line, so that the rows of a table are not taken together with it."""
    if lines and not lines[-1][1].endswith("\n"):
        lines[-1] = (lines[-1][0], f"{lines[-1][1]}\n")


def one_line(text: str) -> str:
    """Return the text of a cell as it stands in the line of a row: without breaks and tabs."""
    return " ".join(text.split()) if "\n" in text or "\t" in text or "\r" in text else text.strip()


def _drawn(element: _Element) -> Iterator[str]:
    chosen = False
    for child in element:
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name == "br":
            yield "\n"
        elif name == "Fallback" and chosen:
            continue
        elif name != "p" and not (name == "fld" and child.get("type") == "slidenum"):
            said = "".join(_drawn(child))
            chosen = chosen or (name == "Choice" and bool(said))
            yield said


def _series(element: _Element) -> _Series:
    name = " ".join(one_line(each.text or "") for tx in element.iterchildren("{*}tx") for each in tx.iter("{*}v"))
    return _Series(
        name,
        _points(element.iterchildren("{*}cat", "{*}xVal")),
        _points(element.iterchildren("{*}val", "{*}yVal", "{*}bubbleSize")),
    )


def _points(caches: Iterable[_Element]) -> dict[int, str]:
    """Return cached values by their places; categories of several levels, and x and size of a bubble, as one."""
    points: dict[int, list[str]] = {}
    for cache in caches:
        for point in cache.iter("{*}pt"):
            index = point.get("idx", "")
            at = int(index) if index.isascii() and index.isdigit() and len(index) <= _DIGITS else 0
            points.setdefault(at, []).extend(one_line(each.text or "") for each in point.iter("{*}v"))
    return {at: " ".join(values) for at, values in points.items()}
