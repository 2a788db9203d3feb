"""Hold the register of generative AIs: which may be used, for what, since when and why."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from msgspec import Struct


class Standing(StrEnum):
    """Say how an AI stands with the organisation."""

    APPROVED = "approved"
    SUSPENDED = "suspended"
    NOT_APPROVED = "not-approved"

    @property
    def label(self) -> str:
        """Return what people call it."""
        return {"approved": "利用可", "suspended": "一時停止中", "not-approved": "許可なし"}[self.value]


class RegisteredService(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a generative AI. `classes` are the classes of rules whose information may be entered into it.

    `learns_from_input` is None where nobody has found out. `valid_from` and `valid_until` are days, both included.
    """

    name: str
    status: Standing = Standing.APPROVED
    provider: str = ""
    aliases: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    learns_from_input: bool | None = None
    link: str = ""
    reason: str = ""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """Record who changed the standing of a service, when and why."""

    service: str
    status: Standing
    day: dt.date
    by: str
    reason: str


class Register(Struct, frozen=True, forbid_unknown_fields=True):
    """List services, and decisions on them, the oldest first.

    `may_open` are the classes of rules that an organisation may open for a service: said by a pack alone.
    """

    service: tuple[RegisteredService, ...] = ()
    decision: tuple[Decision, ...] = ()
    may_open: tuple[str, ...] = ()


class ServiceVerdict(Struct, frozen=True):
    """Say what holds for a named service on a day: the status of the rule that speaks of it, and what fills its words."""

    name: str
    status: str
    day: str = ""
    reason: str = ""
    classes: tuple[str, ...] = ()
