"""Judge hits: what the user chose, which claims stand, what does not count and why, and what that makes of a run.

Pure functions in a fixed order, on unmasked hits, before the one place that masks. Each step keeps what it does not
judge, so that the worst severity over a character falls only where a step says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.policy.accepted import BY, FILE, file_key, key_check, suppress_accepted
from aiguard.policy.allow import allows_alike, expired, suppress_allowed, unused
from aiguard.policy.authors import soften_authors
from aiguard.policy.choice import check_names, chooses, chosen, looking, only_with_service, section_key, switched_off
from aiguard.policy.inline import inline_idle, inline_problems, suppress_inline
from aiguard.policy.outcome import exit_code, fails, shown, verdict
from aiguard.policy.overlaps import join_repeats, settle
from aiguard.policy.own import suppress_own

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from aiguard.model import Config, Document, Hit, Organisation

__all__ = [
    "BY",
    "FILE",
    "allows_alike",
    "apply",
    "check_names",
    "chooses",
    "exit_code",
    "expired",
    "fails",
    "file_key",
    "inline_idle",
    "inline_problems",
    "key_check",
    "looking",
    "only_with_service",
    "section_key",
    "shown",
    "suppress_accepted",
    "switched_off",
    "unused",
    "verdict",
]


def apply(
    document: Document, hits: Sequence[Hit], *, config: Config, organisation: Organisation, today: dt.date
) -> tuple[Hit, ...]:
    """Judge the hits of a document; `organisation` is that of the pack, to which the configuration adds.

    Where two claims are equally strong, the rule that comes first in `hits` wins. Returns hits in the order of the
    text; those that do not count are among them, with `suppressed` set.
    """
    if not hits:
        return ()
    judged = settle(document, chosen(soften_authors(document, hits), config))
    judged = suppress_own(document, judged, (organisation, config.organisation))
    judged = suppress_allowed(document, judged, config, today)
    judged = suppress_inline(document, judged, hits)
    return join_repeats(judged)
