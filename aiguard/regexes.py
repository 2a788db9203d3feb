"""Compile the regular expressions of rules, on first need and where possible from what an earlier run kept.

`regex` takes a millisecond for a pattern of a rule, and some twenty microseconds to take up its own code again, which
it gives away for pickling. The code belongs to one release of `regex`.
"""

from __future__ import annotations

import marshal
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aiguard import literals, stored

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = "patterns"


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:  # noqa: ANN401 - `regex` has no public pattern type
    """Compile a pattern of a rule on first need."""
    import regex

    if kept := _kept().get(pattern):
        make = _reduced(regex.compile(""))[0]
        return make(*marshal.loads(kept)[0])  # noqa: S302 - trusted as bytecode is
    return regex.compile(pattern, regex.VERSION1)


@lru_cache(maxsize=1024)
def needed(pattern: str) -> tuple[str, ...]:
    """Return words of which at least one stands in every match of a pattern; none where nothing can be said."""
    if kept := _kept().get(pattern):
        words: tuple[str, ...] = marshal.loads(kept)[1]  # noqa: S302 - trusted as bytecode is
        return words
    return literals.needed(pattern)


def may_match(pattern: str, text: str, start: int = 0, end: int = sys.maxsize) -> bool:
    """Tell whether a pattern may match between two positions of a text; False is certain."""
    words = needed(pattern)
    return not words or any(text.find(word, start, end) >= 0 for word in words)


def keep(patterns: Iterable[str]) -> None:
    """Compile all patterns of a pack and keep them for later runs, unless they are kept or cannot be.

    All at once, whatever a text needs: which patterns are kept must not tell what stood in it. Those of another pack
    stay, unless they grow to more than this one has.
    """
    wanted, known = dict.fromkeys(patterns), _kept()
    if wanted.keys() <= known.keys() or not stored.writable():
        return
    parts = dict(known) if len(known) <= 2 * len(wanted) else {}
    missing = (each for each in wanted if each not in parts)
    parts |= {each: marshal.dumps((_reduced(compiled(each))[1], literals.needed(each))) for each in missing}
    stored.write(_NAME, _tag(), marshal.dumps(parts))


def are_kept(patterns: Iterable[str]) -> bool:
    """Tell whether an earlier run compiled all of these patterns."""
    return dict.fromkeys(patterns).keys() <= _kept().keys()


def _reduced(pattern: Any) -> tuple[Any, ...]:  # noqa: ANN401 - `regex` has no public pattern type
    """Return the function and the arguments that make a compiled pattern again, as `pickle` asks for them."""
    import copyreg

    reduced: tuple[Any, ...] = copyreg.dispatch_table[type(pattern)](pattern)  # type: ignore[assignment]
    return reduced


@lru_cache(maxsize=1)
def _kept() -> dict[str, bytes]:
    kept = stored.read(_NAME, _tag())
    return marshal.loads(kept) if kept else {}  # noqa: S302 - trusted as bytecode is


def _tag() -> str:
    import regex

    return f"{regex.__version__} {sys.byteorder} {sys.maxsize}"
