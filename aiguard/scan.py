"""Follow a run from its first report to its last: write each as it comes, and say at the end how it went.

    inputs -> (what is known already) -> spread.checked -> (what is to be remembered) -> (baseline) -> follow -> writer

Each step takes an iterator and returns one, so that a step can be put in without the others knowing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec.structs import replace

from aiguard import policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiguard.checked import Checked
    from aiguard.model import Config, DocumentReport


class Writer(Protocol):
    """Write a report: `add` for each document in turn, then `end` once."""

    def add(self, report: DocumentReport) -> None:
        """Write what is to be shown of a document, or keep it until the end."""

    def end(self, left: int | None, notices: tuple[str, ...] = ()) -> None:
        """Write the end; `left` inputs were not checked where the run was stopped, `notices` are those of the run."""


class Outcome(NamedTuple):
    """Say how a run went: its exit code, and how many inputs were not checked where it was stopped, else None."""

    code: int
    left: int | None = None


def follow(  # noqa: PLR0913, PLR0917 - a step each
    results: Iterable[Checked],
    total: int,
    config: Config,
    writer: Writer,
    watch: tuple[Callable[[], bool], Callable[[], None]],
    notices: Callable[[int | None], tuple[str, ...]] = lambda _left: (),
) -> Outcome:
    """Write each report as it comes, without findings below the configured severity, and return how the run went.

    `total` inputs are expected. `watch` tells whether the run was to stop, and is told of each input that is done.
    `notices` is asked at the end what is to be said of the run as a whole, and told what is left where it was stopped.
    """
    stops, tell = watch
    code = done = 0
    cut = False
    for each in results:
        code = max(code, policy.exit_code((each.report,), config.fail_on))
        writer.add(replace(each.report, findings=policy.shown(each.report.findings, config.min_severity)))
        cut = cut or each.stopped
        if each.ends:
            done += 1
            tell()
    left = total - done
    stopped = stops() and (cut or left > 0)
    still = left if stopped else None
    writer.end(still, notices(still))
    return Outcome(_UNCHECKED if stopped else code, still)


_UNCHECKED = 3
