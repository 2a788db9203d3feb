"""Hold what a report of trouble is made of (guideline, section 9)."""

from __future__ import annotations

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


class Incident(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold a report as it is kept: labels with masked values, and what a check had found."""

    fields: dict[str, str]
    found: tuple[str, ...] = ()


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
