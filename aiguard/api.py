"""Offer the checks to Python callers; `aiguard` imports these lazily."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from aiguard.attribution import Declared
from aiguard.batch import report_document
from aiguard.checker import Checker, prepare
from aiguard.config import load
from aiguard.model import Config, Use
from aiguard.readers import read, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import DocumentReport


def check_text(text: str, use: str = "prompt", *, config: Config | None = None) -> DocumentReport:
    """Check a text before it is entered into an AI (`use="prompt"`) or published (`use="document"`).

    The pack is loaded on the first call and kept for the process. Without `config` the defaults hold; no
    configuration file is looked for. PackError, ConfigError.
    """
    return report_document(read_text(text, "-", Use(use)), _checker(config or Config(), Use(use)))


def check_path(path: str | Path, use: str = "prompt", *, config: Config | None = None) -> DocumentReport:
    """Check a file, under the configuration that is nearest to it unless `config` is given.

    What cannot be read is `unchecked` in the report, never an exception. PackError, ConfigError.
    """
    effective = config or load(Path(path).parent)
    return report_document(read(Path(path), Use(use), effective.limits), _checker(effective, Use(use)))


def review_text(
    text: str, *, ai_names: Sequence[str] = (), ai_used: bool | None = None, config: Config | None = None
) -> DocumentReport:
    """Review a draft before publication: its statement of AI use, and what section 8 lets a machine see.

    `ai_names` declares the AIs used, `ai_used` that one was used (True) or none (False).
    """
    checker = _checker(config or Config(), Use.DOCUMENT, Declared(tuple(ai_names), ai_used))
    return report_document(read_text(text, "-", Use.DOCUMENT), checker)


@lru_cache(maxsize=16)
def _checker(config: Config, use: Use, declared: Declared | None = None) -> Checker:
    return prepare(config, use, declared=declared)
