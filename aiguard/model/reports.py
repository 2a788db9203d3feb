"""Hold what becomes of a match: hit, finding, report."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from aiguard.model.documents import Facts, Span, Unchecked
from aiguard.model.packs import Rule
from aiguard.model.words import Coverage, Severity, Use, Verdict

SCHEMA = 1


class Match(Struct, frozen=True):
    """Say where in a segment's source a rule matched, and on what evidence.

    Evidence is a tuple of names, some with what was seen: "label:マイナンバー", "check", "grouped".
    Needs of a tier are compared with the part before the colon.
    """

    segment: int
    span: Span
    evidence: tuple[str, ...] = ()


class Suppression(Struct, frozen=True):
    """Say why a hit does not count: `by` is "allow", "inline", "organisation" or "baseline"."""

    by: str
    reason: str


class Hit(Struct, frozen=True):
    """Judge a match: unmasked; lives between the scanner and `finding` only.

    `company`: others may count it as near. `key` is the keyed hash of what it holds, where a baseline is to be made or has it.
    """

    rule: Rule
    segment: int
    span: Span
    evidence: tuple[str, ...]
    severity: Severity
    sections: tuple[str, ...]
    suppressed: Suppression | None = None
    company: bool = False
    key: str = ""


# The label of what the name of a file and of its folders say: it stands on no line of the file.
FILE_NAME: Final = "ファイル名"


class Location(Struct, frozen=True):
    """Say where a finding stands: 1-based line and column, 0-based start and end in code points.

    With a label ("B3", "/0/name") the column, start and end count inside the labelled part; the line is the line
    of the file. Without, all count in the whole text.
    """

    label: str | None
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int


class Finding(Struct, frozen=True):
    """Report a hit, masked. What a report shows of a text is `excerpt` only; `mark` is the span in it.

    `key` is the keyed hash of the value where a baseline is to be made, or has it; no report shows it.
    """

    rule: str
    title: str
    sections: tuple[str, ...]
    severity: Severity
    entity: str | None
    location: Location
    evidence: tuple[str, ...]
    message: str
    why: str
    advice: str
    excerpt: str
    mark: Span
    fingerprint: str
    suppressed: Suppression | None = None
    key: str = ""


class Attribution(Struct, frozen=True):
    """Say whether a draft names the AI that made it (8.4): ok, malformed, missing or not_needed."""

    status: str
    ai_names: tuple[str, ...]
    location: Location | None
    wanted: str
    note: str = ""


class ReadPart(Struct, frozen=True):
    """Say what a stretch of a prompt was taken for: "task" or "material"."""

    kind: str
    location: Location


class Dropped(Struct, frozen=True):
    """Say what a rule saw and let pass: `reason` is topic, negation, sample, public, quoted or allow."""

    rule: str
    title: str
    reason: str
    location: Location


class Explanation(Struct, frozen=True):
    """Say how a document was read."""

    parts: tuple[ReadPart, ...]
    dropped: tuple[Dropped, ...]


class Claim(Struct, frozen=True):
    """Show a claim that a person has to verify: its kind, where it stands, its words (masked), what to do.

    `new` says that the prompt did not hold it, `odd` what is wrong with it by its form alone.
    """

    kind: str
    title: str
    section: str
    todo: str
    location: Location
    excerpt: str
    new: bool = False
    odd: str = ""


class DocumentReport(Struct, frozen=True):
    """Report one document; `claims` are what a person has to verify in what an AI made.

    `continues`: it goes on with the report before it of the same path and use, since one would have been too long.
    `hidden`: the spans of the path that are personal, for reports that are kept or handed on.
    """

    path: str
    use: Use
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    facts: Facts = Facts()
    attribution: Attribution | None = None
    explanation: Explanation | None = None
    claims: tuple[Claim, ...] = ()
    continues: bool = False
    hidden: tuple[Span, ...] = ()


class GuidelineName(Struct, frozen=True):
    """Identify a guideline in a report."""

    id: str
    title: str
    edition: str


class NotChecked(Struct, frozen=True):
    """Name a section that a machine does not check, or not wholly, and what a person must do."""

    section: str
    title: str
    coverage: Coverage
    reason: str
    todo: str = ""


class Summary(Struct, frozen=True, rename={"passed": "pass"}, omit_defaults=True):
    """Count documents by verdict, and findings that are not suppressed.

    `interrupted`: the run was stopped by its user, and `left` documents were not checked.
    """

    documents: int
    block: int
    warn: int
    passed: int
    unchecked: int
    findings: int
    interrupted: bool = False
    left: int = 0


class Report(Struct, frozen=True):
    """Report a run; `left` documents were not checked where its user stopped it, None where it came to its end.

    `notices` name what lets findings pass and is over, or has nothing left to do.
    """

    guideline: GuidelineName
    documents: tuple[DocumentReport, ...]
    not_checked: tuple[NotChecked, ...]
    version: str
    schema: int = SCHEMA
    left: int | None = None
    notices: tuple[str, ...] = ()
