"""Hold every value that travels through aiguard: frozen, slotted, tuples only; no I/O, no regular expressions.

The values are `msgspec.Struct`s: a class costs a tenth of a dataclass to make at start-up, rule files are
validated against them, and reports are encoded from them.

Positions: `start` and `end` are half-open, in code points, in the source text of a segment; `line` and `column`
are 1-based, for people. Severities order by `rank`.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from msgspec import Struct

SCHEMA = 1


class Severity(StrEnum):
    """Grade a finding: 参考 < 注意 < 禁止."""

    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """Order the severities: 1, 2, 3."""
        return _SEVERITY_RANKS[self]

    @property
    def label(self) -> str:
        """Name the severity for people."""
        return ("参考", "注意", "禁止")[self.rank - 1]


class Use(StrEnum):
    """Say what is about to happen with a text: entered into an AI, or published."""

    PROMPT = "prompt"
    DOCUMENT = "document"


class Verdict(StrEnum):
    """Judge a document: the worst of block > unchecked > warn > pass."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    WARN = "warn"
    UNCHECKED = "unchecked"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """Order the verdicts from good to bad: 0 to 3."""
        return _VERDICT_RANKS[self]


_SEVERITY_RANKS = {Severity.NOTE: 1, Severity.WARN: 2, Severity.BLOCK: 3}
_VERDICT_RANKS = {Verdict.PASS: 0, Verdict.WARN: 1, Verdict.UNCHECKED: 2, Verdict.BLOCK: 3}


class Kind(StrEnum):
    """Say what a section of the guideline is."""

    PROHIBITION = "prohibition"
    DUTY = "duty"
    INFORMATION = "information"


class Coverage(StrEnum):
    """Say how far a machine checks a section."""

    CHECKED = "checked"
    PARTIAL = "partial"
    HUMAN = "human"


class Span(Struct, frozen=True, order=True):
    """Mark a half-open range of code points."""

    start: int
    end: int


class Part(Struct, frozen=True):
    """Name where a stretch of a segment's text comes from, from `start` to the next part.

    `label` is what a person would look for ("/messages/0/content"), `line` the line in the file of its first
    character; lines inside a decoded value are not lines of the file.
    """

    start: int
    label: str | None = None
    line: int = 1


class Segment(Struct, frozen=True):
    """Carry a stretch of text that is read in one go.

    `source` is the text as decoded. `parts` (ascending) locate stretches of decoded text; without parts, lines and
    columns are counted in `source` itself. `delimiter` says that the source is a table (CSV, TSV) whose cells
    stand between delimiters, with RFC 4180 quoting; its locations are labelled "B3".
    """

    source: str
    label: str | None = None
    parts: tuple[Part, ...] = ()
    delimiter: str | None = None


class Unchecked(Struct, frozen=True):
    """Name something that was not checked, and why."""

    label: str | None
    reason: str


class Facts(Struct, frozen=True):
    """State what was seen of a document beside findings; `notices` name inline directives that do not work."""

    task: str | None = None
    ai_traces: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


class Document(Struct, frozen=True):
    """Hold what a reader made of a path."""

    path: str
    use: Use
    segments: tuple[Segment, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()


class Match(Struct, frozen=True):
    """Say where in a segment's source a rule matched, and on what evidence.

    Evidence is a tuple of names, some with what was seen: "label:マイナンバー", "check", "grouped".
    Needs of a tier are compared with the part before the colon.
    """

    segment: int
    span: Span
    evidence: tuple[str, ...] = ()


class Tier(Struct, frozen=True, forbid_unknown_fields=True):
    """Give a severity to a match that has all of `needs` and none of `unless` among its evidence."""

    severity: Severity
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class SectionsByUse(Struct, frozen=True, forbid_unknown_fields=True):
    """List the sections that a rule cites, by use; an empty list means that the rule does not apply."""

    prompt: tuple[str, ...] = ()
    document: tuple[str, ...] = ()

    def of(self, use: Use) -> tuple[str, ...]:
        """Return the sections cited for `use`."""
        return self.prompt if use is Use.PROMPT else self.document


class Examples(Struct, frozen=True, forbid_unknown_fields=True):
    """Show what a rule finds, with the exact span between «», and what it must not find."""

    match: tuple[str, ...]
    no_match: tuple[str, ...]


class Rule(Struct, frozen=True):
    """Carry one rule of a pack. `spec` is the table of its detector, of the type that `DETECTORS[kind]` names."""

    id: str
    title: str
    kind: str
    spec: Any
    sections: SectionsByUse
    message: str
    why: str
    advice: str
    tiers: tuple[Tier, ...]
    examples: Examples
    file: str
    entity: str | None = None
    category: str | None = None
    view: str = "text"


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a section or item of the guideline: its own title, the rest in our words."""

    id: str
    title: str
    kind: Kind
    coverage: Coverage
    asks: str
    reason: str
    todo: str = ""


class Guideline(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a guideline."""

    id: str
    title: str
    edition: str
    section: tuple[Section, ...]


class Organisation(Struct, frozen=True, forbid_unknown_fields=True):
    """List what belongs to the organisation itself and is public: never a finding on its own."""

    name: str = ""
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    corporate_numbers: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    public_figures: tuple[str, ...] = ()


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """Name an AI, the other ways to write it, and the models that mean it where they stand alone."""

    name: str
    aliases: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Trace(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a trace that an AI leaves in a text.

    `place` is "anywhere", "opening" or "closing"; `{ai}` in a pattern stands for any name of an AI. Each match
    counts `weight`, at most `most` of them. Nothing is sought in a text that holds none of `cues` (lower case; none
    means all texts) or a word of `unless`.
    """

    label: str
    patterns: tuple[str, ...]
    cues: tuple[str, ...] = ()
    place: str = "anywhere"
    weight: int = 6
    most: int = 1
    unless: tuple[str, ...] = ()


class AttributionRule(Struct, frozen=True, forbid_unknown_fields=True):
    """State how a city wants AI-made text to be declared (8.4).

    `required` is "declared", "evident" or "always", `brackets` "required" or "optional". `not_ai` are products
    that staff mistake for an AI, `tools` ordinary ones; `qualifiers` may stand beside a name (versions, makers);
    `organisations` end the names of those who are no AI. Traces that reach `evident` together show an AI's work.
    """

    section: str
    required: str = "evident"
    brackets: str = "required"
    form: str = "【{name}】により作成"
    evident: int = 6
    services: tuple[Service, ...] = ()
    not_ai: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()


class Pack(Struct, frozen=True):
    """Carry a city's guideline with its rules. `root` is the folder it was read from."""

    guideline: Guideline
    rules: tuple[Rule, ...]
    organisation: Organisation
    attribution: AttributionRule
    root: str


class Allow(Struct, frozen=True, forbid_unknown_fields=True):
    """Let findings pass, with a reason: those whose text, rule and path all agree (absent ones agree)."""

    reason: str
    text: str | None = None
    rule: str | None = None
    path: str | None = None
    expires: dt.date | None = None


class Config(Struct, frozen=True):
    """Hold the effective configuration. `sources` lists the files it came from, the winner first.

    `origins` pairs a key ("fail-on", "organisation.phones") with the file its value came from: one pair for a
    single value, one for each item of a list, in the order of the list.
    """

    pack: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: Severity = Severity.NOTE
    fail_on: Severity | None = None
    exclude: tuple[str, ...] = ()
    allow: tuple[Allow, ...] = ()
    organisation: Organisation = Organisation()
    sources: tuple[str, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()

    def origin(self, key: str, item: int = 0) -> str | None:
        """Return the file that set `key`, or that put its `item` there; None for a default."""
        files = [file for name, file in self.origins if name == key]
        return files[item] if item < len(files) else None


class Suppression(Struct, frozen=True):
    """Say why a hit does not count: `by` is "allow", "inline" or "organisation"."""

    by: str
    reason: str


class Hit(Struct, frozen=True):
    """Judge a match: unmasked; lives between the scanner and `finding` only."""

    rule: Rule
    segment: int
    span: Span
    evidence: tuple[str, ...]
    severity: Severity
    sections: tuple[str, ...]
    suppressed: Suppression | None = None


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
    """Report a hit, masked. What a report shows of a text is `excerpt` only; `mark` is the span in it."""

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


class Attribution(Struct, frozen=True):
    """Say whether a draft names the AI that made it (8.4): ok, malformed, missing or not_needed."""

    status: str
    ai_names: tuple[str, ...]
    location: Location | None
    wanted: str
    note: str = ""


class DocumentReport(Struct, frozen=True):
    """Report one document."""

    path: str
    use: Use
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    facts: Facts = Facts()
    attribution: Attribution | None = None


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


class Summary(Struct, frozen=True, rename={"passed": "pass"}):
    """Count documents by verdict, and findings that are not suppressed."""

    documents: int
    block: int
    warn: int
    passed: int
    unchecked: int
    findings: int


class Report(Struct, frozen=True):
    """Report a run."""

    guideline: GuidelineName
    documents: tuple[DocumentReport, ...]
    not_checked: tuple[NotChecked, ...]
    version: str
    schema: int = SCHEMA
