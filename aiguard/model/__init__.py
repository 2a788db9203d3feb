"""Hold every value that travels through aiguard: frozen, slotted, tuples only; no I/O, no regular expressions.

The values are `msgspec.Struct`s: a class costs a tenth of a dataclass to make at start-up, rule files are
validated against them, and reports are encoded from them.

Positions: `start` and `end` are half-open, in code points, in the source text of a segment; `line` and `column`
are 1-based, for people. Severities order by `rank`.
"""

from aiguard.model.accepted import Acceptance, Accepted
from aiguard.model.documents import Document, Facts, Part, Segment, Span, Unchecked
from aiguard.model.limits import Limits
from aiguard.model.packs import (
    Allow,
    AttributionRule,
    ClaimKind,
    Classification,
    Config,
    Examples,
    Guideline,
    Label,
    Organisation,
    Pack,
    Rule,
    Section,
    SectionsByUse,
    Service,
    Tier,
    Topic,
    Trace,
    UseKind,
    When,
    Wording,
)
from aiguard.model.passing import may_pass
from aiguard.model.reports import (
    SCHEMA,
    Attribution,
    Claim,
    DocumentReport,
    Dropped,
    Explanation,
    Finding,
    GuidelineName,
    Hit,
    Location,
    Match,
    NotChecked,
    ReadPart,
    Report,
    Summary,
    Suppression,
)
from aiguard.model.services import Decision, Register, RegisteredService, ServiceVerdict, Standing
from aiguard.model.standins import Found, StandIn, StandIns, Style
from aiguard.model.words import Coverage, Kind, Severity, Use, Verdict

__all__ = [
    "SCHEMA",
    "Acceptance",
    "Accepted",
    "Allow",
    "Attribution",
    "AttributionRule",
    "Claim",
    "ClaimKind",
    "Classification",
    "Config",
    "Coverage",
    "Decision",
    "Document",
    "DocumentReport",
    "Dropped",
    "Examples",
    "Explanation",
    "Facts",
    "Finding",
    "Found",
    "Guideline",
    "GuidelineName",
    "Hit",
    "Kind",
    "Label",
    "Limits",
    "Location",
    "Match",
    "NotChecked",
    "Organisation",
    "Pack",
    "Part",
    "ReadPart",
    "Register",
    "RegisteredService",
    "Report",
    "Rule",
    "Section",
    "SectionsByUse",
    "Segment",
    "Service",
    "ServiceVerdict",
    "Severity",
    "Span",
    "StandIn",
    "StandIns",
    "Standing",
    "Style",
    "Summary",
    "Suppression",
    "Tier",
    "Topic",
    "Trace",
    "Unchecked",
    "Use",
    "UseKind",
    "Verdict",
    "When",
    "Wording",
    "may_pass",
]
