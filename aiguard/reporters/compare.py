"""Compare two results by the fingerprints of their findings: what is new, what is gone, what cannot be told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.reporters import grouping
from aiguard.reporters.grouping import Placed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.model import Report, Severity


class Comparison(Struct, frozen=True):
    """Hold the findings of two results.

    `new` stand in the later result only, `same` in both (as the later has them), `gone` in the earlier only. What
    stood in a document that the later result does not hold, or has not read whole, is not gone but `unknown`.
    """

    new: tuple[Placed, ...]
    gone: tuple[Placed, ...]
    same: tuple[Placed, ...]
    unknown: tuple[Placed, ...]


def compare(old: Report, new: Report, minimum: Severity) -> Comparison:
    """Compare what counts in two results, at or above `minimum`.

    A fingerprint is made of the rule, the path, the place and the number among findings alike, not of the value: of
    several alike in a place, how many are gone is known, and the last of them are taken for those.
    """
    before = _by_fingerprint(old, minimum)
    added: list[Placed] = []
    same: list[Placed] = []
    for item in _placed(new, minimum):
        known = before.get((item.path, item.finding.fingerprint))
        if known:
            known.pop(0)
        (added if known is None else same).append(item)
        if not known:
            before.pop((item.path, item.finding.fingerprint), None)
    left = [item for items in before.values() for item in items]
    whole = {document.path for document in new.documents if not document.unchecked}
    gone = tuple(item for item in left if item.path in whole)
    return Comparison(tuple(added), gone, tuple(same), tuple(item for item in left if item.path not in whole))


def _by_fingerprint(report: Report, minimum: Severity) -> dict[tuple[str, str], list[Placed]]:
    found: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for item in _placed(report, minimum):
        found[item.path, item.finding.fingerprint].append(item)
    return dict(found)


def _placed(report: Report, minimum: Severity) -> Iterable[Placed]:
    for document in report.documents:
        yield from grouping.placed(document, minimum)
