"""Write the findings of a report as the data that the script of an HTML page filters and shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from aiguard.reporters import evidence, grouping
from aiguard.reporters.json_report import encode
from aiguard.reporters.plain import line, name, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import Location, Report
    from aiguard.reporters.grouping import Placed
    from aiguard.reporters.options import Options

T = TypeVar("T")

HERE = "（同じ場所）"

# Inside a script element only "<" ends or hides anything; the two line ends were no text of a script before ES2019.
_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


class Kind(NamedTuple):
    """Hold what findings of a kind share."""

    rule: str
    title: str
    severity: str
    label: str
    sections: tuple[str, ...]
    message: str
    why: str
    advice: str


def placed(report: Report, options: Options) -> Iterator[Placed]:
    """Yield the findings that are shown, in the order of the documents."""
    for document in report.documents:
        yield from grouping.placed(document, options.minimum)


def spot(location: Location) -> str:
    """Say where in its document a finding stands, in words: its label, or line and character."""
    return name(location.label) if location.label else f"{location.line}行目 {location.column}字目"


def kind(item: Placed) -> Kind:
    """Return what a finding shares with others of its kind."""
    one = item.finding
    cited = tuple(map(line, one.sections))
    texts = (line(text) for text in (one.message, one.why, one.advice))
    return Kind(line(one.rule), line(one.title), one.severity.value, one.severity.label, cited, *texts)


def folders(report: Report) -> dict[str, str]:
    """Return the folder of each path, often a department: the first step below what the folders have in common."""
    split = {each.path: name(each.path).replace("\\", "/").split("/") for each in report.documents}
    common = _common([steps[:-1] for steps in split.values()])
    return {path: _folder(steps, common) for path, steps in split.items()}


def _folder(steps: list[str], common: int) -> str:
    """Return the step below the first `common` ones; a file that stands beside its like has the last of these."""
    below = steps[common] if len(steps) - 1 > common else steps[common - 1] if common else ""
    return below if below not in {"", ".", ".."} else HERE


def _common(folders_: list[list[str]]) -> int:
    if not folders_:
        return 0
    first, last = min(folders_), max(folders_)
    same = [one == other for one, other in zip(first, last, strict=False)]
    return (*same, False).index(False)


def _number(numbers: dict[T, int], value: T) -> int:
    """Return the number of a value: they are numbered in the order in which they are first asked for."""
    return numbers.setdefault(value, len(numbers))


def encoded(report: Report, options: Options) -> str:
    """Return the data as JSON that may stand in a script element: kinds, paths, folders, evidence, and rows of numbers.

    A row is [kind, path, place, before, found, after, evidence]; what many rows share stands once, in a list.
    """
    kinds: dict[Kind, int] = {}
    paths: dict[str, int] = {}
    said: dict[str, int] = {}
    rows = []
    for item in placed(report, options):
        told = line(evidence.sentence(item.finding))
        shared = (_number(kinds, kind(item)), _number(paths, item.path))
        rows.append([*shared, spot(item.finding.location), *parts(item.finding), _number(said, told)])
    by_path = folders(report)
    value = {
        "kinds": [each._asdict() for each in kinds],
        "paths": [name(path) for path in paths],
        "folders": [by_path[path] for path in paths],
        "evidence": list(said),
        "rows": rows,
    }
    return encode(value).decode().translate(_UNSAFE)
