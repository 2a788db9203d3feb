"""Check each content once: a copy of a file is reported by what became of the first, where the path makes no difference."""

from __future__ import annotations

from collections import deque
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from msgspec.structs import replace

from aiguard import policy
from aiguard.checker import declared_name
from aiguard.finding import under_path
from aiguard.readers.given import Cause
from aiguard.readers.twins import with_twins
from aiguard.scanner import scan_segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aiguard.checker import Checker
    from aiguard.model import DocumentReport
    from aiguard.readers.given import Input, LeftOut

_ROOM: Final = 50_000  # reports and findings that are held for copies to come: some 50 MB


class Result(Protocol):
    """Say what became of an input: a report, whether more of the same input follow, whether the run was stopped in it."""

    @property
    def input(self) -> Input:
        """Return what was checked."""

    @property
    def report(self) -> DocumentReport:
        """Return the report, or one of several."""

    @property
    def ends(self) -> bool:
        """Tell whether this is the last report of the input."""

    @property
    def stopped(self) -> bool:
        """Tell whether the input was not checked to its end."""


R = TypeVar("R", bound=Result)


def with_copies(
    inputs: Iterable[Input],
    check: Callable[[Iterator[Input]], Iterator[R]],
    checker: Checker,
    move: Callable[[R, Input, DocumentReport], R],
    left: LeftOut,
) -> Iterator[R]:
    """Yield what becomes of each input, in order, while `check` gets only the first of each content.

    `check` takes inputs and yields their results in order. `move` makes the result of a copy from that of the first,
    the copy, and its report. Copies whose content was not read again are counted in `left`. Copies whose name tells
    something, or whose first is too long ago (`_ROOM`), are checked themselves.
    """
    queue: deque[tuple[Input, str | None]] = deque()
    held = _Held[R]()

    def firsts() -> Iterator[Input]:
        for item, first in with_twins(inputs):
            queue.append((item, first))
            if first is None:
                yield item

    def copies() -> Iterator[R]:
        while queue and (first := queue[0][1]) is not None:
            item, _ = queue.popleft()
            result = held.get(first)
            report = None if result is None else under(result.report, item.path, checker)
            if result is None or report is None:
                yield from check(iter((item,)))
            else:
                left[Cause.TWIN, False] += 1
                yield move(result, item, report)

    for result in check(firsts()):
        yield from copies()
        held.add(result)
        if result.ends:
            queue.popleft()
        yield result
    yield from copies()


class _Held(Generic[R]):
    """Hold the results of inputs that have one report, the latest as far as there is room."""

    def __init__(self) -> None:
        self._results: dict[str, R] = {}
        self._open: str | None = None
        self._weight = 0

    def add(self, result: R) -> None:
        """Take up a result; one of several reports of an input is not held."""
        path = result.input.path
        if result.ends and not result.stopped and self._open != path:
            self._results[path] = result
            self._weight += _weight(result)
        self._open = None if result.ends else path
        while self._weight > _ROOM:
            self._weight -= _weight(self._results.pop(next(iter(self._results))))

    def get(self, path: str) -> R | None:
        """Return the result of an input, None where it is not held."""
        return self._results.get(path)


def _weight(result: Result) -> int:
    return 1 + len(result.report.findings) + len(result.report.claims)


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
        or (checker.accepted is not None and bool(report.findings))
        or (checker.records is not None and report.attribution is not None)
        or (bool(declared) and declared.get(declared_name(path)) != declared.get(declared_name(report.path)))
        or not policy.allows_alike(checker.config, (path, report.path), checker.today)
    )


def _tells(path: str, checker: Checker) -> bool:
    """Tell whether a rule finds something in the names of a file and its folders."""
    from aiguard.readers.filenames import name_of

    segment = name_of(Path(path))
    return segment is not None and any(scan_segment(segment, 0, checker.use, checker.compiled))
