"""Find matches in a segment: one module a kind of detector.

A detector module has `Spec` (its table in a rule), `classes` (the words it looks for), `gates` (the classes of
which one word must stand in the text for the rule to run), `problem` (what is wrong with a spec), `patterns` (its
regular expressions), and `find`. Some have `shown` too: the evidence that nothing but a word of one class gives, so
that a rule is spared where no tier can have what it needs. `DETECTORS` is the closed set of kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.detectors import (
    address,
    cues,
    meaning,
    names,
    notice,
    pattern,
    service,
    similarity,
    statement,
    terms,
    verify,
)

if TYPE_CHECKING:
    from types import ModuleType

DETECTORS: dict[str, ModuleType] = {
    "pattern": pattern,
    "terms": terms,
    "notice": notice,
    "cues": cues,
    "names": names,
    "address": address,
    "meaning": meaning,
    "attribution": statement,
    "similarity": similarity,
    "verify": verify,
    "service": service,
}
