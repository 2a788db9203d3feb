"""Show on standard error how far a run has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import sys
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from aiguard.readers.inputs import Input

_PATIENCE: Final = 1.0  # seconds that a run may take before there is a bar
EVERY: Final = 30.0  # seconds between two lines
_MINUTE: Final = 60
_MEGA: Final = 1_000_000


class Progress:
    """Count bytes and files as they are done, and show them. A run that is soon over shows nothing.

    What the inputs amount to is looked up only when there is something to show. Without `lines` there is a bar on a
    terminal and nothing elsewhere: who reads the error stream of a single check waits for errors.
    """

    def __init__(  # noqa: PLR0913 - one parameter a choice
        self,
        inputs: Sequence[Input],
        stream: TextIO | None = None,
        clock: Callable[[], float] = monotonic,
        every: float = EVERY,
        *,
        patience: float = _PATIENCE,
        quiet: bool = False,
        lines: bool = True,
    ) -> None:
        self._inputs, self._clock, self._every, self._patience = inputs, clock, every, patience
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._quiet = quiet or not (self._terminal or lines)
        self._begun = self._said = clock()
        self._bytes = self._files = 0
        self._total: int | None = None
        self._bar: Any = None
        self._task: Any = None

    def done(self, size: int) -> None:
        """Count bytes that were checked."""
        self._bytes += size
        self._show()

    def file(self) -> None:
        """Count an input that came to its end."""
        self._files += 1
        self._show()

    def watching(self, stops: Callable[[], bool]) -> Callable[[], bool]:
        """Return what tells whether a run is to stop, and shows how far it is: who waits for a large file sees it too."""

        def asked() -> bool:
            self._show()
            return stops()

        return asked

    def hide(self) -> None:
        """Take the bar off the terminal, so that something can be written there."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self) -> None:
        if self._quiet:
            return
        now = self._clock()
        if self._terminal:
            if now - self._begun >= self._patience:
                self._draw()
        elif now - self._said >= self._every and self._files < len(self._inputs):
            self._said = now
            self._stream.write(f"aiguard: {self._line(now)}\n")
            self._stream.flush()

    def _draw(self) -> None:
        if self._bar is None:
            self._bar = _bar(self._stream)
            self._task = self._bar.add_task("", total=self._whole(), files="", start=False)
            self._bar.start()
            self._bar.start_task(self._task)
        text = f"{self._files:,}/{len(self._inputs):,}件"
        rest = _rest(self._whole() - self._bytes, self._bytes, self._clock() - self._begun)
        rate = f"{self._bytes / _MEGA / max(0.001, self._clock() - self._begun):.2f}MB/秒"
        self._bar.update(self._task, completed=self._bytes, files=f"{text}　{rate}　残り{rest}")

    def _line(self, now: float) -> str:
        whole, taken = self._whole(), now - self._begun
        return (
            f"{self._files:,}/{len(self._inputs):,}件、{self._bytes / _MEGA:,.1f}/{whole / _MEGA:,.1f}MB"
            f"（毎秒{self._bytes / _MEGA / max(0.001, taken):.2f}MB、残り{_rest(whole - self._bytes, self._bytes, taken)}）"
        )

    def _whole(self) -> int:
        if self._total is None:
            self._total = sum(_size(each) for each in self._inputs)
        return max(self._total, self._bytes)


def _size(each: Input) -> int:
    try:
        return 0 if each.problem is not None or each.stdin else os.stat(each.path).st_size  # noqa: PTH116 - as given
    except (OSError, ValueError):
        return 0


def _rest(left: int, done: int, taken: float) -> str:
    """Say how long the rest may take at the pace so far."""
    if not done:
        return "時間は計算中"
    seconds = round(left * taken / done)
    if seconds < _MINUTE:
        return f"約{seconds}秒"
    if seconds < _MINUTE * _MINUTE:
        return f"約{-(-seconds // _MINUTE)}分"
    return f"約{seconds // _MINUTE // _MINUTE}時間{seconds // _MINUTE % _MINUTE}分"


def _bar(stream: TextIO) -> Any:  # noqa: ANN401 - rich is imported where it is used
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[files]}"))
    return Progress(
        *columns, console=Console(file=stream), transient=True, redirect_stdout=False, redirect_stderr=False
    )
