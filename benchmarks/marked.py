"""Read texts whose names are marked, and write them anew with other names, so that a model learns the context.

`benchmarks/names/README.md` describes the marks. Spans are (start, end, label) in code points of the text without
marks; labels are P (a person), Q (a person in public: history, arts, offices), and L, G, C, D, E (place, group,
facility, product, event).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARK = re.compile(r"\[\[(?P<name>[^\[\]]+)\]\]|\{\{[A-Z_]+:|\}\}")
TYPED = re.compile(r"([PLGCDE]):(.*)", re.DOTALL)
BREAK = "\n=====\n"


class Marked(NamedTuple):
    """Hold a text in pieces: plain text, and the parts of names as (label, parts)."""

    pieces: tuple[str | tuple[str, tuple[str, ...]], ...]


class Sample(NamedTuple):
    """Hold a text with the spans of its names."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def texts(content: str) -> Iterator[Marked]:
    """Yield the texts of a file of marked texts, parted by lines of equals signs."""
    for text in f"\n{content}\n".split(BREAK):
        if text.strip():
            yield marked(text.strip("\n"))


def marked(text: str, *, public: bool = False) -> Marked:
    """Part a text at its marks; in `public` texts (an encyclopaedia's) all persons are public."""
    pieces: list[str | tuple[str, tuple[str, ...]]] = []
    done = 0
    for match in MARK.finditer(text):
        pieces.append(text[done : match.start()])
        done = match.end()
        if match["name"] is not None:
            pieces.append(_name(match["name"], public=public))
    return Marked((*pieces, text[done:]))


def _name(mark: str, *, public: bool) -> tuple[str, tuple[str, ...]]:
    if typed := TYPED.fullmatch(mark):
        return ("Q" if public and typed[1] == "P" else typed[1], (typed[2],))
    if mark[0] in "!?~":
        return ("Q" if mark[0] == "!" else "P", (mark[1:],))
    return "P", tuple(mark.replace("^", "").split("|"))


def sample(text: Marked, rename: Callable[[tuple[str, ...]], tuple[str, ...]] = lambda parts: parts) -> Sample:
    """Put a text together, each name of a person as `rename` gives it."""
    out: list[str] = []
    spans = []
    at = 0
    for piece in text.pieces:
        if isinstance(piece, str):
            word = piece
        else:
            label, parts = piece
            word = "".join(rename(parts) if label in "PQ" else parts)
            spans.append((at, at + len(word), label))
        out.append(word)
        at += len(word)
    return Sample("".join(out), tuple(spans))
