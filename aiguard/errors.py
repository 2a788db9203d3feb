"""Say what went wrong, and how to mend it.

AiguardError
├── UsageError      the command line asks for something that cannot be done
├── PackError       a rule pack is broken: names file, rule and key
├── ConfigError     aiguard.toml or pyproject.toml is broken: names file and key
├── ResultError     a saved result cannot be read by `report`
├── StoreError      a map, a record or an index cannot be read or kept, or a passphrase is another one
└── ReadError       an input cannot be read; becomes `unchecked`, never a crash

Messages are for the staff who read them, so they are Japanese. They never hold text of the input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class AiguardError(Exception):
    """Carry a message and the mend."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AiguardError):
    """Report a wrong command line (exit 2)."""


class PackError(AiguardError):
    """Report a mistake in a rule pack (exit 2).

    `file` is the path inside the pack, `rule` the id or `None`, `key` the dotted key or `None`.
    """

    def __init__(
        self, problem: str, *, file: str, rule: str | None = None, key: str | None = None, hint: str = ""
    ) -> None:
        place = ":".join(part for part in (file, rule, key) if part)
        super().__init__(f"{place}: {problem}", hint)
        self.file, self.rule, self.key = file, rule, key
        self.problem = problem

    def moved(self, file: str) -> PackError:
        """Return the same mistake as one of another file."""
        return PackError(self.problem, file=file, rule=self.rule, key=self.key, hint=self.hint)


class ConfigError(AiguardError):
    """Report a mistake in a configuration file (exit 2)."""

    def __init__(self, problem: str, *, file: str, key: str | None = None, hint: str = "") -> None:
        super().__init__(f"{file}:{key}: {problem}" if key else f"{file}: {problem}", hint)
        self.file, self.key = file, key


class ResultError(AiguardError):
    """Report a saved result that is not one of aiguard's (exit 2)."""


class StoreError(AiguardError):
    """Report a map of stand-ins that cannot be read, was tampered with, or has another passphrase (exit 2)."""


class ReadError(AiguardError):
    """Report an input that cannot be read; the document becomes `unchecked` (exit 3)."""


def suggest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word nearest to a mistyped one, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(known), n=1)
    return f"「{near[0]}」のことですか。" if near else ""
