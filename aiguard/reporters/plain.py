"""Prepare what a report says for formats that other programs read: one line, no control characters, no markup."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from aiguard.model import FILE_NAME
from aiguard.reporters import words
from aiguard.reporters.printable import escaped, one_for_one

if TYPE_CHECKING:
    from aiguard.model import Finding, Location

# What is no character of XML 1.0 (2.2) beside the controls: surrogates and the two noncharacters of the first plane.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Files whose places are labelled (B3, /0/name) and whose lines a person can look up all the same.
_LINED = (".csv", ".tsv", ".json", ".jsonl")


def line(text: str) -> str:
    """Return a text on one line, at the same length, with "?" for what has power over a reader of the report."""
    if text.isascii() and text.isprintable():
        return text
    return _NO_XML.sub("?", one_for_one(re.sub(r"[\t\r\n]", " ", text), "utf-8"))


def name(path: str) -> str:
    """Return a path or a label that can be found again, with what cannot be printed written as an escape."""
    return _NO_XML.sub("?", escaped(words.named(path), "utf-8"))


def markup(text: str) -> str:
    """Return a text for the inside of an element or of a quoted attribute, of XML as of HTML."""
    return html.escape(line(text), quote=True)


def parts(finding: Finding) -> tuple[str, str, str]:
    """Part an excerpt into what stands before the found words, these, and what follows; the mark may be anything."""
    shown = line(finding.excerpt)
    start = min(max(finding.mark.start, 0), len(shown))
    end = min(max(finding.mark.end, start), len(shown))
    return shown[:start], shown[start:end], shown[end:]


def excerpt(finding: Finding) -> str:
    """Return an excerpt with the found words between 《 and 》."""
    before, found, after = parts(finding)
    return f"{before}《{found}》{after}"


def line_of(path: str, location: Location) -> int | None:
    """Return the line to open a file at; None for its name and for a text inside an office document."""
    if location.label == FILE_NAME:
        return None
    return location.line if location.label is None or path.lower().endswith(_LINED) else None
