"""Name the grades and kinds that values carry."""

from __future__ import annotations

from enum import StrEnum


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
