"""Put together what belongs together: findings of a rule, and what concerns a section of the guideline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from aiguard.model import Coverage, DocumentReport, Finding, NotChecked, Report, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiguard.reporters.options import Options


class Placed(Struct, frozen=True):
    """Hold a finding with the path of its document."""

    path: str
    finding: Finding


class Group(Struct, frozen=True):
    """Hold findings that share all but their places: never empty."""

    places: tuple[Placed, ...]

    @property
    def like(self) -> Finding:
        """Return the first finding, for what all share."""
        return self.places[0].finding


class SectionGroup(Struct, frozen=True):
    """Hold what concerns a section: what was found, and what is left to a person."""

    section: str
    title: str
    groups: tuple[Group, ...]
    gap: NotChecked | None


class Shares(NamedTuple):
    """Part the sections that a machine does not check: wholly a person's, partly a machine's, nothing to check."""

    whole: tuple[NotChecked, ...]
    partly: tuple[NotChecked, ...]
    nothing: tuple[NotChecked, ...]


def shares(gaps: Sequence[NotChecked]) -> Shares:
    """Part the sections by who does what: a section that asks nothing of a person has nothing to check."""
    human = tuple(gap for gap in gaps if gap.coverage is Coverage.HUMAN)
    return Shares(
        tuple(gap for gap in human if gap.todo),
        tuple(gap for gap in gaps if gap.coverage is not Coverage.HUMAN),
        tuple(gap for gap in human if not gap.todo),
    )


def listed(report: Report, options: Options) -> tuple[DocumentReport, ...]:
    """Return the documents that are shown: of several, those without anything to look at are only counted."""
    every = len(report.documents) == 1 or options.show_all
    return tuple(document for document in report.documents if every or has_something(document))


def has_something(document: DocumentReport) -> bool:
    """Tell whether there is anything to look at in a document."""
    declared = document.attribution is None or document.attribution.status in {"ok", "not_needed"}
    suppressed = any(finding.suppressed for finding in document.findings)
    return document.verdict is not Verdict.PASS or suppressed or not declared


def counted(document: DocumentReport, minimum: Severity = Severity.NOTE) -> tuple[Finding, ...]:
    """Return the findings that count, at or above `minimum`."""
    return tuple(
        finding for finding in document.findings if finding.suppressed is None and finding.severity.rank >= minimum.rank
    )


def hidden(documents: Iterable[DocumentReport], minimum: Severity) -> int:
    """Count the findings that are below `minimum` and not suppressed."""
    return sum(len(counted(document)) - len(counted(document, minimum)) for document in documents)


def placed(document: DocumentReport, minimum: Severity) -> tuple[Placed, ...]:
    """Return the findings of a document that are shown."""
    return tuple(Placed(document.path, finding) for finding in counted(document, minimum))


def grouped(found: Iterable[Placed]) -> tuple[Group, ...]:
    """Group findings that share everything but their places, the worst first, then in the order they came."""
    groups: dict[tuple[object, ...], list[Placed]] = {}
    for item in found:
        one = item.finding
        groups.setdefault((one.rule, one.severity, one.sections, one.title, one.why, one.advice), []).append(item)
    ordered = sorted(groups.values(), key=lambda group: -group[0].finding.severity.rank)
    return tuple(Group(tuple(group)) for group in ordered)


def titles(report: Report, options: Options) -> Mapping[str, str]:
    """Return the titles of sections, in the order of the guideline, as far as they are known."""
    return {
        **options.titles,
        **{gap.section: gap.title for gap in report.not_checked if gap.section not in options.titles},
    }


def by_section(report: Report, options: Options) -> tuple[SectionGroup, ...]:
    """Return what concerns each section, in the order of the guideline; findings that cite none come last."""
    groups = grouped(item for document in report.documents for item in placed(document, options.minimum))
    gaps = {gap.section: gap for gap in report.not_checked}
    known = titles(report, options)
    cited = {section: known.get(section, "") for group in groups for section in group.like.sections or ("",)}
    return tuple(
        SectionGroup(
            section,
            title,
            tuple(group for group in groups if section in (group.like.sections or ("",))),
            gaps.get(section),
        )
        for section, title in {**known, **dict(sorted(cited.items(), key=lambda item: not item[0]))}.items()
    )
