"""Let a run end cleanly when its user stops it: once to end with what is done, twice to end at once."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Yield what tells whether the run is to stop, because of Ctrl-C or a request to end the process (SIGTERM).

    The second time KeyboardInterrupt is raised. Outside the main thread nothing can be caught, and nothing is.
    """
    asked: list[int] = []

    def ask(number: int, _frame: Any) -> None:  # noqa: ANN401 - a frame has no public type
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        typer.echo("\naiguard: 止めています。ここまでの結果を書きます（もう一度押すと、すぐに終わります）。", err=True)

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
