"""Hold the findings that are accepted, by keyed hashes of what they hold."""

from __future__ import annotations

from msgspec import Struct

from aiguard.model.words import Severity


class Acceptance(Struct, frozen=True):
    """Say why a finding is accepted, and at which severity: a worse one is new."""

    severity: Severity
    reason: str


class Accepted(Struct, frozen=True):
    """Hold what is accepted by its keyed hash, the secret key, and the folder that paths count from.

    `keeps`: findings are to carry their keyed hashes, since a baseline is to be made of them.
    """

    key: bytes
    root: str
    entries: dict[str, Acceptance] = {}
    keeps: bool = False
