"""Write the reports of a part of a run into a file of its own, a whole result that stands alone: JSON Lines or Parquet.

`aiguard report` reads both back. In Parquet each report is a row with its path, use, verdict, findings and rules, for
whoever counts them elsewhere, and the whole as JSON. At the end of either stands what the run has to count of it.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aiguard import policy
from aiguard.model import DocumentReport, Severity, Summary
from aiguard.reporters import jsonl
from aiguard.reporters.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.storage import Folder

JSONL: Final = "jsonl"
PARQUET: Final = "parquet"
_END: Final = 4_096  # bytes at the end of a file, in which its last line stands
_HEADER, _COUNTED = b"aiguard", b"aiguard.counted"  # keys of the metadata of Parquet


class Counted(Struct, frozen=True):
    """Hold what a run has to know of a part: its exit code, its documents by verdict, and its findings by severity."""

    code: int
    summary: Summary
    severities: dict[str, int]


class Form(Struct, frozen=True):
    """Say how results are written: their format, their first line, what fails and what is left out."""

    kind: str
    header: str
    fail_on: Severity | None
    least: Severity

    def name(self, number: int) -> str:
        """Return the name of the file of a part."""
        return f"part-{number:07}.{self.kind}"


def write(folder: Folder, number: int, reports: Iterable[DocumentReport], form: Form) -> Counted:
    """Write the reports of a part, and return what is to be counted of it; OSError, ValueError."""
    shown, counted = _counted(reports, form)
    if form.kind == PARQUET:
        folder.write(form.name(number), lambda stream: _write_rows(stream, shown, counted, form.header))
        return counted
    end = {"type": "summary", **msgspec.to_builtins(counted.summary), "counted": msgspec.to_builtins(counted)}
    text = [form.header, *map(jsonl.document, shown), msgspec.json.encode(end).decode() + "\n"]
    folder.write(form.name(number), lambda stream: stream.write("".join(text).encode()))
    return counted


def written(folder: Folder, number: int, form: Form) -> Counted | None:
    """Return what is to be counted of a part that was written before, None where there is none, or none that is whole."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        file = folder.open(form.name(number))
        if file is not None:
            with file:
                return _counted_in(file, form.kind)
    return None


def _counted_in(file: Any, kind: str) -> Counted:  # noqa: ANN401 - pyarrow has no types
    if kind == PARQUET:
        from pyarrow import parquet

        return msgspec.json.decode(parquet.read_metadata(file).metadata[_COUNTED], type=Counted)
    file.seek(max(0, file.size() - _END))
    last = bytes(file.read()).rstrip(b"\n").rpartition(b"\n")[2]
    return msgspec.convert(msgspec.json.decode(last)["counted"], Counted)


def _counted(reports: Iterable[DocumentReport], form: Form) -> tuple[list[DocumentReport], Counted]:
    """Return the reports without what is not to be shown, and their counts."""
    code, tally, severities = 0, Tally(), Counter[str]()
    shown: list[DocumentReport] = []
    for report in reports:
        code = max(code, policy.exit_code((report,), form.fail_on))
        each = replace(report, findings=policy.shown(report.findings, form.least))
        tally.add(each)
        severities.update(finding.severity.value for finding in each.findings if finding.suppressed is None)
        shown.append(each)
    return shown, Counted(code, tally.summary(), dict(severities))


def _write_rows(stream: Any, reports: list[DocumentReport], counted: Counted, header: str) -> None:  # noqa: ANN401 - the same
    import pyarrow as pa
    from pyarrow import parquet

    found = [[finding for finding in each.findings if finding.suppressed is None] for each in reports]
    metadata = {_HEADER: header.encode(), _COUNTED: msgspec.json.encode(counted)}
    table = pa.table(
        {
            "path": [each.path.encode("utf-8", "backslashreplace").decode() for each in reports],
            "use": [each.use.value for each in reports],
            "verdict": [each.verdict.value for each in reports],
            "findings": pa.array(map(len, found), pa.int32()),
            "rules": pa.array([sorted({one.rule for one in each}) for each in found], pa.list_(pa.string())),
            "document": [jsonl.document(each).rstrip("\n") for each in reports],
        }
    )
    parquet.write_table(table.replace_schema_metadata(metadata), stream, compression="zstd")
