"""Name the allows of the configuration that let nothing pass in a whole scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiguard.checked import Checked
    from aiguard.checker import Checker
    from aiguard.model import Finding


def noted(results: Iterator[Checked], used: dict[tuple[str, str], Finding]) -> Iterator[Checked]:
    """Pass on results, and note one finding for each reason that let any pass."""
    for each in results:
        used.update(((one.suppressed.by, one.suppressed.reason), one) for one in each.report.findings if one.suppressed)
        yield each


def warn_unused(checker: Checker, used: Iterable[Finding]) -> None:
    """Say on standard error which allows let nothing pass in a whole scan."""
    from aiguard import policy

    for allow in policy.unused(checker.config, used, checker.today):
        typer.echo(f"aiguard: 何にも当たらない許可があります（理由: {allow.reason}）", err=True)
