"""Check texts against a Japanese city's guideline for generative AI, offline.

>>> import aiguard
>>> report = aiguard.check_text("個人番号は1234 5678 9018です")
>>> report.verdict.value, [finding.rule for finding in report.findings]
('block', ['my-number'])
>>> report.findings[0].excerpt
'個人番号は●●●●です'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiguard.version import __version__

if TYPE_CHECKING:
    from aiguard.api import check_path, check_text, review_text

__all__ = ["__version__", "check_path", "check_text", "review_text"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import the API when it is first used, so that the command line starts fast."""
    if name not in __all__:
        raise AttributeError(name)
    from aiguard import api

    return getattr(api, name)
