"""Hide what is personal in the names of files and folders, where a report is kept or handed on.

The reader checks a name like any text (`readers.filenames`); what was found there is a span of the path, and travels
with the report, so that a saved result can be masked later. A masked step of a path bears a mark, 〔1f2e3d4c〕: a keyed
hash of the path down to that step. Whoever has the key and the share finds the file; who has neither cannot try names
against it, and the same name in another folder has another mark.
"""

from __future__ import annotations

import hmac
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from aiguard.finding import MASK, private_spans
from aiguard.model import Span
from aiguard.readers.filenames import PLACE, in_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiguard.model import Document, DocumentReport, Hit

_MARK: Final = 8  # hexadecimal digits: among 10,000 masked names one pair in 90 runs shares a mark
_FINGERPRINT: Final = 32
_TELLING: Final = 3  # characters of a value of the content that give it away in a name: 「中村」 stands in 中村小学校
_TELLING_DIGITS: Final = 5
_STEP: Final = re.compile(r"[^/\\]+")


def hidden_in(document: Document, hits: Iterable[Hit]) -> tuple[Span, ...]:
    """Return the spans of the path that are personal, ascending, joined: what was found there, and values of the content."""
    private = private_spans(hits)
    if not private:
        return ()
    spans: list[Span] = []
    values: set[str] = set()
    for number, found in private.items():
        segment = document.segments[number]
        if segment.label == PLACE:
            spans += (part for span in found for part in in_path(document.path, span))
        values.update(segment.source[span.start : span.end].strip() for span in found)
    spans += _standing(document.path, values)
    return joined(spans)


def masked(report: DocumentReport, key: bytes) -> DocumentReport:
    """Return a report with the personal parts of its path hidden; its fingerprints, made of the path, are keyed then."""
    if not report.hidden:
        return report
    findings = tuple(replace(each, fingerprint=_keyed(key, each.fingerprint)) for each in report.findings)
    return replace(report, path=masked_path(report.path, report.hidden, key), hidden=(), findings=findings)


def masked_path(path: str, hidden: Sequence[Span], key: bytes) -> str:
    """Return a path with spans of it masked, each step that holds any with its mark."""
    pieces, at = [], 0
    for step in _STEP.finditer(path):
        inside = [span for span in hidden if span.start < step.end() and span.end > step.start()]
        for number, span in enumerate(inside):
            pieces += [path[at : max(at, span.start)], MASK]
            pieces += [f"〔{mark_of(path[: step.end()], key)}〕"] if number == 0 else []
            at = min(span.end, step.end())
    return "".join((*pieces, path[at:]))


def mark_of(path: str, key: bytes) -> str:
    """Return the mark of a file or folder, however its path is written: HMAC-SHA-256 (RFC 2104), cut to 32 bits."""
    steps = [step for step in _STEP.findall(path) if step != "."]
    return _hashed(key, "/".join(steps))[:_MARK]


def marks_of(path: str, key: bytes) -> Iterator[str]:
    """Yield the marks that any step of a path may have, wherever the scan of it began."""
    steps = [step for step in _STEP.findall(path) if step != "."]
    for first in range(len(steps)):
        for last in range(first, len(steps)):
            yield mark_of("/".join(steps[first : last + 1]), key)


def _standing(path: str, values: Iterable[str]) -> Iterator[Span]:
    """Yield where values of the content stand in the name of the file, or of its folders."""
    first = len(Path(path).anchor)
    for value in values:
        if len(value) < (_TELLING_DIGITS if value.isdigit() else _TELLING):
            continue
        at = path.find(value, first)
        while at >= 0:
            yield Span(at, at + len(value))
            at = path.find(value, at + len(value))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in ascending order, those that touch put together."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return tuple(whole)


def _keyed(key: bytes, fingerprint: str) -> str:
    return _hashed(key, f"fingerprint\0{fingerprint}")[:_FINGERPRINT]


def _hashed(key: bytes, text: str) -> str:
    data = b"aiguard path\0" + text.encode("utf-8", "surrogatepass")
    return hmac.digest(key, data, "sha256").hex()
