"""Keep masked reports on the disk until all have come, for formats that need the whole."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final, Self

from msgspec import msgpack
from msgspec.structs import replace

from aiguard.model import DocumentReport, Finding
from aiguard.readers.given import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_LENGTH: Final = 8  # bytes that say how long a report is


class Spool:
    """Keep reports in a file without a name, which is gone with the process; they hold no value unmasked."""

    def __init__(self) -> None:
        self._file = TemporaryFile(prefix="aiguard-")  # noqa: SIM115 - closed with the spool

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Throw away what is kept."""
        self._file.close()

    def add(self, report: DocumentReport) -> None:
        """Keep a report."""
        data = msgpack.encode(replace(report, path=to_wire(report.path)))
        self._file.write(len(data).to_bytes(_LENGTH, "big") + data)

    def reports(self) -> Iterator[DocumentReport]:
        """Yield the reports in their order; what they say alike they share, so that many take little memory."""
        said: dict[str, str] = {}
        self._file.seek(0)
        while length := self._file.read(_LENGTH):
            report = msgpack.decode(self._file.read(int.from_bytes(length, "big")), type=DocumentReport)
            findings = tuple(_shared(finding, said) for finding in report.findings)
            yield replace(report, path=from_wire(report.path), findings=findings)


def _shared(finding: Finding, said: dict[str, str]) -> Finding:
    def known(text: str) -> str:
        return said.setdefault(text, text)

    return replace(
        finding,
        rule=known(finding.rule),
        title=known(finding.title),
        message=known(finding.message),
        why=known(finding.why),
        advice=known(finding.advice),
    )
