"""Match paths against exclusion patterns in the manner of .gitignore (gitignore(5))."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Exclusion(NamedTuple):
    """Hold one pattern: what it matches, whether it takes back an earlier one, whether it is for folders only."""

    pattern: re.Pattern[str]
    taken_back: bool
    folders_only: bool


def compile_exclusions(patterns: Sequence[str]) -> tuple[Exclusion, ...]:
    """Translate patterns; blank ones and `#` comments are dropped."""
    return tuple(_exclusion(pattern) for pattern in patterns if pattern.strip() and not pattern.startswith("#"))


def is_excluded(spellings: Sequence[str], exclusions: Sequence[Exclusion], *, folder: bool) -> bool:
    """Tell whether a path is excluded itself; the last pattern that matches one of its spellings decides.

    Spellings are parts joined by `/`. That a folder above is excluded is for the caller to know.
    """
    for exclusion in reversed(exclusions):
        applies = folder or not exclusion.folders_only
        if applies and any(map(exclusion.pattern.fullmatch, spellings)):
            return not exclusion.taken_back
    return False


def translate_name(glob: str) -> str:
    """Turn a glob for one part of a path (`*`, `?`, `[a-z]`, `[!a-z]`) into a regular expression.

    What is no valid glob (`[z-a]`) stands for itself.
    """
    parts = re.split(r"(\*+|\?|\[[!^]?\]?[^\]]*\])", glob)
    parts[::2] = map(re.escape, parts[::2])
    expression = "".join(_wildcard(part) if index % 2 else part for index, part in enumerate(parts))
    try:
        re.compile(expression)
    except re.error:
        return re.escape(glob)
    return expression


def _wildcard(token: str) -> str:
    if token[0] != "[":
        return "[^/]*" if token[0] == "*" else "[^/]"
    body = token[1:-1]
    inverted = body[:1] in {"!", "^"}
    members = "".join(c if c == "-" else re.escape(c) for c in body[inverted:])
    return f"(?!/)[{'^' if inverted else ''}{members.replace('--', '-' + chr(92) + '-')}]"


def _exclusion(pattern: str) -> Exclusion:
    taken_back = pattern.startswith("!")
    body = pattern.rstrip().removeprefix("!").replace("\\", "/").removeprefix("./")
    folders_only = body.endswith("/")
    anchored = "/" in body.rstrip("/")
    parts = body.strip("/").split("/")
    expression = ("" if anchored else "(?:.*/)?") + _translated(parts)
    return Exclusion(re.compile(expression, re.DOTALL), taken_back, folders_only)


def _translated(parts: Sequence[str]) -> str:
    last = len(parts) - 1
    pieces = []
    for index, part in enumerate(parts):
        if part == "**":
            pieces.append(".*" if index == last else "(?:.*/)?")
        else:
            pieces.append(translate_name(part) + ("" if index == last else "/"))
    return "".join(pieces)
