"""Match paths against patterns in the manner of .gitignore (gitignore(5)); pathspec knows how git reads a pattern.

pathspec judges whole trees, where a pattern reaches what lies below a folder too. A walk that does not enter an
excluded folder asks otherwise: does a pattern name this very path? So each pattern is asked alone, the last first.
"""

from __future__ import annotations

import os
import re
import unicodedata
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FLAGS: Final = re.DOTALL | (re.IGNORECASE if os.name == "nt" else 0)  # as git does where names come in any case
_ANY_FOLDER: Final = re.compile("(?P<folder>.*/)", re.DOTALL)
_FOLDERS_BELOW: Final = re.compile(r"/\*\*/(?=\s*$)")
_LONGEST: Final = 1_000_000
_PARTS: Final = re.compile(r"\\.|\[\^?\]?[^\]]*\]|.", re.DOTALL)
# Sets by name, which pathspec takes letter by letter (git, wildmatch.c: those of the C locale).
_CLASS: Final = re.compile(r"(?<=[\[\]!^\w-])\[:([a-z]*):\]")
_CLASSES: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \t",
    "digit": "0-9",
    "lower": "a-z",
    "space": " \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class Exclusion(NamedTuple):
    """Hold one pattern and whether it takes back an earlier one. A `whole` one names a path, others all below one."""

    pattern: re.Pattern[str]
    taken_back: bool
    whole: bool


def compile_exclusions(patterns: Iterable[str]) -> tuple[Exclusion, ...]:
    """Translate the patterns of an option or a setting, where a backslash may stand for `/`, and `./` come first."""
    return compile_lines(pattern.replace("\\", "/").removeprefix("./") for pattern in patterns)


def compile_lines(lines: Iterable[str]) -> tuple[Exclusion, ...]:
    """Translate lines of an ignore file; blank ones, `#` comments and what git cannot read are dropped, as git does."""
    return tuple(made for line in lines if line.strip() and (made := _exclusion(line)))


def read_ignore_file(path: str) -> tuple[Exclusion, ...]:
    """Return the patterns of an ignore file in any encoding that `decode` knows; none where it cannot be read."""
    from aiguard.readers.decode import decode

    if not Path(path).is_file():  # a pipe of that name would be waited for
        return ()
    try:
        with Path(path).open("rb") as file:
            return compile_lines(decode(file.read(_LONGEST)).splitlines())
    except (OSError, ValueError, ReadError):
        return ()


def is_excluded(spellings: Sequence[str], exclusions: Sequence[Exclusion], *, folder: bool) -> bool:
    """Tell whether a path is excluded itself; the last pattern that matches one of its spellings decides.

    Spellings are parts joined by `/`. That a folder above is excluded is for the caller to know.
    """
    return decided(spellings, exclusions, folder=folder) is True


def decided(spellings: Sequence[str], exclusions: Sequence[Exclusion], *, folder: bool) -> bool | None:
    """Return whether a path is excluded, or None when no pattern speaks of it."""
    if not exclusions:
        return None
    texts = [unicodedata.normalize("NFC", spelling).removeprefix("/") for spelling in spellings]
    for exclusion in reversed(exclusions):
        if any(_matches(exclusion, text, folder=folder) for text in texts):
            return not exclusion.taken_back
    return None


def _matches(exclusion: Exclusion, text: str, *, folder: bool) -> bool:
    if not exclusion.whole:
        return exclusion.pattern.search(text) is not None
    return bool(exclusion.pattern.fullmatch(text) or (folder and exclusion.pattern.fullmatch(f"{text}/")))


def _exclusion(line: str) -> Exclusion | None:
    """Translate a pattern; None for one that says nothing.

    pathspec marks the `/` after a folder with a group: such a pattern names a path, and one without it (`a/**`) what
    is below. `*/` it abbreviates to any `/`, and takes `a/**/` for `a/`.
    """
    from pathspec.patterns.gitignore.base import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    text = _CLASS.sub(lambda found: _CLASSES.get(found[1], found[0]), unicodedata.normalize("NFC", line))
    text = _FOLDERS_BELOW.sub("/**/*/", text)
    try:
        expression, include = GitIgnoreSpecPattern.pattern_to_regex(text)
        if expression is None or include is None or _CLASS.search(text):
            return None
        pattern = _compiled(expression)
        if pattern.groupindex and not expression.startswith("^"):
            pattern = _ANY_FOLDER
    except (GitIgnorePatternError, re.error):
        return None
    return Exclusion(pattern, not include, whole=bool(pattern.groupindex))


def _compiled(expression: str) -> re.Pattern[str]:
    """Compile what pathspec made of a pattern: names may hold line ends, and no set of characters holds a `/`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of sets that look like what `re` may do one day: [[a], [a--b]
        parts = (
            f"(?!/){found[0]}" if found[0][0] == "[" and found[0] != "[^/]" else found[0]
            for found in _PARTS.finditer(expression)
        )
        return re.compile("".join(parts), _FLAGS)
