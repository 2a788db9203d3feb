"""Hold what a report of trouble is made of (guideline, section 9)."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from msgspec import Struct


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe one field of the form."""

    name: str
    label: str
    ask: str
    required: bool = False


class Template(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold the headings, recipients and sentences of a city's report, and its fields in their order."""

    title: str
    recipients: tuple[str, ...]
    opening: str
    closing: str
    found: str
    closed: str
    fields: tuple[Field, ...]
    suspended: str = "利用の停止"


class Suspension(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold that the AI was suspended with the report: from which day (ISO 8601), and why, masked."""

    day: str
    reason: str


class Incident(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold a report as it is kept: names of fields with masked values, what a check had found, and a suspension."""

    fields: dict[str, str]
    found: tuple[str, ...] = ()
    suspended: Suspension | None = None


class Closing(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold what closed the incident of a number."""

    incident: int
    measures: str


class Case(NamedTuple):
    """Hold a report with its entry, and what closed it, if anything."""

    number: int
    time: str
    ai: tuple[str, ...]
    incident: Incident
    closings: tuple[tuple[str, str | None, Closing], ...] = ()
    by: str | None = None


def local_time(text: str) -> str:
    """Return a time with a zone as a clerk reads it: the own zone, to the minute; any other text as it is."""
    try:
        return f"{dt.datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return text


def suspension_told(suspended: Suspension) -> str:
    """Return what a report says of a suspension."""
    return f"{suspended.day}から停止。理由: {suspended.reason}"
