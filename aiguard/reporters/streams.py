"""Write a report as its documents come: `STREAMS` maps a format to what makes its beginning, each document and its end.

Nothing is held but counts, so that a report may be of any length. Formats that need the whole are not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from aiguard.reporters.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiguard.model import DocumentReport, Report
    from aiguard.reporters.options import Options


class Stream(Protocol):
    """Render a report piece by piece: `document` for each in turn, then `end` once."""

    def begin(self) -> str:
        """Return what stands before the documents."""

    def document(self, document: DocumentReport) -> str:
        """Return what is shown of a document."""

    def end(self, left: int | None, notices: tuple[str, ...] = ()) -> str:
        """Return what stands after the documents; `left` were not checked where the run was stopped.

        `notices` are those of the run; formats that have no place for them leave them to standard error.
        """


class _Counting:
    """Count the documents of a stream. `empty` is the report without documents."""

    def __init__(self, empty: Report, options: Options) -> None:
        self.empty, self.options = empty, options
        self.tally = Tally()


class _JsonLines(_Counting):
    def begin(self) -> str:
        from aiguard.reporters import jsonl

        return jsonl.header(self.empty.guideline, self.empty.not_checked, self.empty.version, self.empty.schema)

    def document(self, document: DocumentReport) -> str:
        from aiguard.reporters import jsonl

        self.tally.add(document)
        return jsonl.document(document)

    def end(self, left: int | None, notices: tuple[str, ...] = ()) -> str:
        from aiguard.reporters import jsonl

        return jsonl.summary(self.tally.summary(left), notices)


class _Json(_Counting):
    """Write the value that `json_report` renders, its documents one after the other."""

    def begin(self) -> str:
        from aiguard.reporters import json_report

        head = json_report.head(self.empty.guideline, self.empty.version, self.empty.schema)
        return _indented(head)[: -len("\n}")] + ',\n  "documents": ['

    def document(self, document: DocumentReport) -> str:
        from aiguard.reporters import json_report

        first = not self.tally.count
        self.tally.add(document)
        return ("" if first else ",") + "\n    " + _indented(json_report.body(document)).replace("\n", "\n    ")

    def end(self, left: int | None, notices: tuple[str, ...] = ()) -> str:
        import msgspec

        from aiguard.reporters import json_report

        summary = msgspec.to_builtins(self.tally.summary(left))
        tail = _indented({**json_report.tail(self.empty.not_checked, notices), "summary": summary})
        return ("\n  " if self.tally.count else "") + "]," + tail[1:] + "\n"


def _indented(value: dict[str, Any]) -> str:
    import msgspec

    from aiguard.reporters import json_report

    return msgspec.json.format(json_report.encode(value), indent=2).decode()


class _Concise(_Counting):
    def __init__(self, empty: Report, options: Options) -> None:
        super().__init__(empty, options)
        self.number = 0

    def begin(self) -> str:
        return ""

    def document(self, document: DocumentReport) -> str:
        from aiguard.reporters import concise, grouping

        self.tally.add(document)
        self.number += len(grouping.counted(document, self.options.minimum))
        return concise.document(document, self.options)

    def end(self, left: int | None, _notices: tuple[str, ...] = ()) -> str:
        from aiguard.reporters import concise

        return concise.ending(self.tally.summary(left), self.number, self.options)


class _Csv(_Counting):
    def begin(self) -> str:
        from aiguard.reporters import csv_report

        return csv_report.heading()

    def document(self, document: DocumentReport) -> str:
        from aiguard.reporters import csv_report

        return csv_report.document(document, self.options)

    def end(self, left: int | None, _notices: tuple[str, ...] = ()) -> str:
        from aiguard.reporters.words import interrupted

        return "" if left is None else self.document(interrupted(left))


class _GitHub(_Counting):
    def begin(self) -> str:
        return ""

    def document(self, document: DocumentReport) -> str:
        from aiguard.reporters import github

        self.tally.add(document)
        return github.document(document, self.options)

    def end(self, left: int | None, _notices: tuple[str, ...] = ()) -> str:
        from aiguard.reporters import github

        return github.ending(self.tally.summary(left))


def _text(empty: Report, options: Options) -> Stream:
    from aiguard.reporters.text_stream import TextStream

    return TextStream(empty, options)


STREAMS: Mapping[str, Callable[[Report, Options], Stream]] = {
    "text": _text,
    "concise": _Concise,
    "json": _Json,
    "jsonl": _JsonLines,
    "csv": _Csv,
    "github": _GitHub,
}
