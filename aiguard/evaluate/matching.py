"""Decide whether a finding meets a labelled item."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.evaluate.judge import Judged
from aiguard.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.evaluate.rows import Row

# Words have soft edges (titles, building names); a number is right as a whole or not at all.
SOFT_EDGED = frozenset({"PERSON", "ADDRESS", "SENSITIVE"})
_SLACK = 2
# What the convention of rows with `entities` labels: a finding of another type is neither right nor wrong there.
TYPES = frozenset(
    [
        "PERSON",
        "ADDRESS",
        "PHONE",
        "EMAIL",
        "MY_NUMBER",
        "BIRTH_DATE",
        "BANK_ACCOUNT",
        "CREDIT_CARD",
        "DRIVER_LICENSE",
        "PASSPORT",
        "RESIDENCE_CARD",
        "HEALTH_INSURANCE",
        "PENSION_NUMBER",
        "CARE_INSURANCE",
        "RESIDENT_CODE",
        "VEHICLE_PLATE",
        "EMPLOYEE_ID",
        "ADDRESSEE_NUMBER",
        "SENSITIVE",
        "CREDENTIAL",
        "IP_ADDRESS",
        "OTHER_ID",
        "EMPLOYMENT_INSURANCE",
        "REGISTERED_DOMICILE",
    ]
)


class Gold(Struct, frozen=True):
    """Hold a labelled item with every place where it stands."""

    type: str
    places: tuple[Span, ...]


class Criterion(Struct, frozen=True):
    """Pair two questions about a place and a finding of the right type: is it found, is the finding right."""

    name: str
    found: Callable[[Span, Judged], bool]
    right: Callable[[Span, Judged], bool]


def gold_items(row: Row) -> tuple[Gold, ...]:
    """Return the labelled items of a row; spans count before entities."""
    if row.spans is not None:
        return tuple(Gold(span.label, (Span(span.start, span.end),)) for span in row.spans)
    return tuple(Gold(item.type, tuple(_places(row.text, item.text))) for item in row.entities or ())


def overlap(place: Span, found: Judged) -> int:
    """Count the characters that a place and a finding share."""
    return max(0, min(place.end, found.end) - max(place.start, found.start))


def covers(place: Span, found: Judged) -> bool:
    """Tell whether a finding covers at least half of a place."""
    return 2 * overlap(place, found) >= place.end - place.start


def equals(place: Span, found: Judged) -> bool:
    """Tell whether a finding is the place itself."""
    return (place.start, place.end) == (found.start, found.end)


def touches(place: Span, found: Judged) -> bool:
    """Tell whether a finding shares a character with a place."""
    return overlap(place, found) > 0


def fits(place: Span, found: Judged) -> bool:
    """Tell whether a finding that covers a place is also right: words by two characters more, numbers exact."""
    if found.entity not in SOFT_EDGED:
        return equals(place, found)
    return covers(place, found) and found.end - found.start <= place.end - place.start + _SLACK


CRITERIA = (
    Criterion("entity", covers, fits),
    Criterion("entity_exact", equals, equals),
    Criterion("entity_overlap", touches, touches),
)


def _places(text: str, part: str) -> Iterator[Span]:
    start = text.find(part)
    while start >= 0:
        yield Span(start, start + len(part))
        start = text.find(part, start + 1)
