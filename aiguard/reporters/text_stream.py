"""Show a report on a terminal as its documents come: in full where they are few, a few lines each where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.reporters import grouping, text
from aiguard.reporters.blocks import PLACES
from aiguard.reporters.summary import Tally

if TYPE_CHECKING:
    from aiguard.model import DocumentReport, Finding, Report, Severity
    from aiguard.reporters.options import Options

_HELD = 5_000  # findings that wait until it is known whether there are few documents


class TextStream:
    """Show a report by place. Documents are held while they are few; once they are many each is shown as it comes.

    Of those shown is held only what the end says of them: what was not checked, what does not count, and one finding
    of each kind. Of documents without anything to look at only their number is held, and the first of them.
    """

    def __init__(self, empty: Report, options: Options) -> None:
        self._empty, self._options = empty, options
        self._tally = Tally()
        self._first: DocumentReport | None = None
        self._held: list[DocumentReport] | None = []
        self._ends: list[DocumentReport] = []
        self._kinds: dict[tuple[str, Severity], Finding] = {}
        self._findings = self._notes = self._suppressed = 0
        self._begun = False

    def begin(self) -> str:
        """Return nothing: what comes first is known when the documents are."""
        return ""

    def document(self, document: DocumentReport) -> str:
        """Return what is to be shown by now."""
        self._first = document if self._tally.count == 0 else None
        self._tally.add(document)
        self._notes += grouping.hidden((document,), self._options.minimum)
        if not (self._options.show_all or grouping.has_something(document)):
            return ""
        if self._held is None:
            return self._shown(document)
        self._held.append(document)
        self._findings += len(document.findings)
        if self._options.show_all or (len(self._held) <= text.DETAILED and self._findings <= _HELD):
            return ""
        held, self._held = self._held, None
        return "".join(map(self._shown, held))

    def end(self, left: int | None, notices: tuple[str, ...] = ()) -> str:
        """Return the rest, all of it where the documents were few."""
        counts = text.Counts(self._tally.summary(left), self._notes, self._suppressed)
        documents = self._ends if self._held is None else self._held or filter(None, [self._first])
        report = replace(self._empty, documents=tuple(documents), left=left, notices=notices)
        if self._held is not None:
            return text.render_few(report, self._options, counts)
        blank = "\n" if self._begun else ""
        return blank + text.render_rest(report, self._options, counts, self._kinds)

    def _shown(self, document: DocumentReport) -> str:
        text.gather_kinds(document, self._options, self._kinds)
        without = [finding for finding in document.findings if finding.suppressed]
        room = max(0, PLACES - self._suppressed)
        self._suppressed += len(without[room:])
        if document.unchecked or without[:room] or document.facts.notices:
            self._ends.append(replace(document, findings=tuple(without[:room])))
        blank = "\n" if self._begun else ""
        self._begun = True
        return blank + text.render_overview(document, self._empty, self._options)
