"""Make sure that there are standard streams: a scheduler may start a process with any of them closed."""

from __future__ import annotations

import os
import sys
from typing import Final

_OUT: Final = 1
_ERR: Final = 2


def complete() -> None:
    """Put something in the place of closed streams, so that no file and no pipe to a child gets their numbers.

    What is said to a closed standard error is lost, as its user chose. A report is not lost so: writing to a closed
    standard output fails (EBADF), and that is told. `sys.stdin` stays None: closed is not empty.
    """
    for number in (0, _OUT, _ERR):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if number == _ERR else os.O_RDONLY)  # takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = open(_OUT, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def let_go() -> None:
    """Send what still waits for standard output to nowhere: it failed once, and would fail again at the very end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), _OUT)
    except OSError:
        return
