"""Hold what is declared about a draft, and what is judged of it."""

from __future__ import annotations

from msgspec import Struct

from aiguard.model import Attribution, Severity, Span


class Declared(Struct, frozen=True):
    """Say what was declared about the use of an AI; `used` is None where nothing was. Names declare use.

    `internal` says that a draft will not be published, `minor` that nothing of the AI's stands in it as it came.
    """

    ai_names: tuple[str, ...] = ()
    used: bool | None = None
    internal: bool = False
    minor: bool = False


class Judged(Struct, frozen=True):
    """Hold the judgement. `attribution.location` is left to the caller, who knows the segment of `span`.

    `span` is the statement, or where one is missing the weightiest trace, in code points of the text judged;
    `traces` are the pack's words for the traces, where these are evidence.
    """

    attribution: Attribution
    span: Span | None = None
    severity: Severity | None = None
    rule_id: str | None = None
    traces: tuple[str, ...] = ()
