"""Carry what became of an input through a run, and join the pieces of a large file without holding all they found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from aiguard import policy
from aiguard.model import DocumentReport, Span, Unchecked, Use
from aiguard.readers.inputs import Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST: Final = 2_000  # findings that one report of a large file holds; more of them go into reports that continue it


class Checked(Struct, frozen=True):
    """Hold a report of an input. `ends`: no more of the same input follow; `stopped`: the run stopped in its middle.

    An input has several reports where it is a chat (what was entered and what the AI said are judged apart), or where
    it holds very many findings. Only an input whose last report is not `stopped` has been checked whole.
    """

    input: Input
    report: DocumentReport
    ends: bool = True
    stopped: bool = False


def join(report: DocumentReport, further: DocumentReport) -> DocumentReport:
    """Join the reports of two neighbouring parts of one file, which are for the same use."""
    findings, unchecked = (*report.findings, *further.findings), (*report.unchecked, *further.unchecked)
    notices = tuple(dict.fromkeys((*report.facts.notices, *further.facts.notices)))
    traces = tuple(dict.fromkeys((*report.facts.ai_traces, *further.facts.ai_traces)))
    return replace(
        report,
        findings=findings,
        unchecked=unchecked,
        verdict=policy.verdict(findings, unchecked),
        claims=(*report.claims, *further.claims),
        facts=replace(report.facts, notices=notices, ai_traces=traces),
        attribution=_heavier(report, further).attribution,
    )


def joined(reports: Iterable[DocumentReport]) -> tuple[DocumentReport, ...]:
    """Join the reports of the parts of one file, those for one use each, in the order of the uses' first parts."""
    held: dict[Use, list[DocumentReport]] = {}
    for report in reports:
        held.setdefault(report.use, []).append(report)
    return tuple(map(_all_joined, held.values()))


def _all_joined(reports: list[DocumentReport]) -> DocumentReport:
    """Join many reports at once: two by two the tuples would be copied again and again."""
    while len(reports) > 1:
        pairs = zip(reports[::2], reports[1::2], strict=False)
        reports = [*(join(*pair) for pair in pairs), *(reports[-1:] if len(reports) % 2 else ())]
    return reports[0]


def _heavier(report: DocumentReport, further: DocumentReport) -> DocumentReport:
    """Return the one whose statement of AI use says more: that it is there, is wrong, or is missing."""
    order = (None, "not_needed", "ok", "malformed", "missing")

    def weight(one: DocumentReport) -> int:
        return order.index(one.attribution.status if one.attribution else None)

    return further if weight(further) > weight(report) else report


class Gathering:
    """Gather the reports of the pieces of one file; `MOST` findings at most are held of each use."""

    def __init__(self, input_: Input) -> None:
        self.input = input_
        self._held: dict[Use, DocumentReport] = {}
        self._begun: set[Use] = set()
        self._hidden: tuple[Span, ...] = ()

    def add(self, reports: Iterable[DocumentReport]) -> Iterator[Checked]:
        """Take up what came of a piece, and yield what has become too much to hold."""
        for report in reports:
            self._hidden = self._hidden or report.hidden
            held = self._held.get(report.use)
            whole = join(held, report) if held else report
            self._held[report.use] = whole
            if len(whole.findings) + len(whole.unchecked) + len(whole.claims) >= MOST:
                yield self._release(report.use, ends=False)

    def end(self, use: Use, left: Unchecked | None = None) -> Iterator[Checked]:
        """Yield the rest; `left` says what was not checked since the run stopped, `use` where nothing is known at all."""
        if left is not None or not (self._held or self._begun):
            last = next(reversed(self._held or dict.fromkeys(self._begun) or {use: None}))
            empty = DocumentReport(self.input.path, last, policy.verdict((), ()))
            held = self._held.get(last, empty)
            self._held[last] = join(held, replace(empty, unchecked=(left,))) if left else held
        uses = tuple(self._held)
        for number, each in enumerate(uses, 1):
            yield self._release(each, ends=number == len(uses), stopped=left is not None)

    def _release(self, use: Use, *, ends: bool, stopped: bool = False) -> Checked:
        report = replace(self._held.pop(use), continues=use in self._begun, hidden=self._hidden)
        self._begun.add(use)
        return Checked(self.input, report, ends, stopped)
