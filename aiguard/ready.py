"""Stand in for `re` in the modules of the package: what they compile when they are imported was compiled before.

Half of the start of the command line would go into some hundred patterns of the code itself. Their code, made by
`re`, is kept from an earlier run; it belongs to one build of Python. Where Python offers no such code, or other code
than expected, `re` compiles as ever.
"""

from __future__ import annotations

import marshal
import re
import sys
from functools import lru_cache
from re import (
    DOTALL,
    IGNORECASE,
    MULTILINE,
    Match,
    Pattern,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)

from aiguard import stored

__all__ = [
    "DOTALL",
    "IGNORECASE",
    "MULTILINE",
    "Match",
    "Pattern",
    "compile",
    "escape",
    "findall",
    "finditer",
    "fullmatch",
    "keep",
    "match",
    "search",
    "split",
    "sub",
]

_NAME = "code"
_MOST = 500


def compile(pattern: str, flags: int = 0) -> Pattern[str]:  # noqa: A001 - the name that it has in `re`
    """Compile a pattern, or take up its code where an earlier run kept it."""
    code = _kept().get((pattern, int(flags)))
    if code is None:
        return re.compile(pattern, flags)
    import _sre  # type: ignore[import-not-found]

    try:
        made: Pattern[str] = _sre.compile(pattern, *code)  # it checks the code
    except (RuntimeError, TypeError):
        return re.compile(pattern, flags)
    return made


def keep() -> None:
    """Keep the code of the patterns that the modules imported so far hold, for later runs."""
    kept = _kept()
    modules = [module for name, module in sys.modules.items() if name.startswith("aiguard.")]
    values = [value for module in modules for value in vars(module).values() if isinstance(value, Pattern)]
    held = {_key(value) for value in values if isinstance(value.pattern, str)}
    if held <= kept.keys() or not stored.writable():
        return
    try:
        fresh = {key: _code(*key) for key in held}
    except (AttributeError, ImportError, TypeError, ValueError):  # what is private may change
        return
    stored.write(_NAME, _tag(), marshal.dumps((kept if len(kept) < _MOST else {}) | fresh))


def _key(pattern: Pattern[str]) -> tuple[str, int]:
    return pattern.pattern, int(pattern.flags) & ~int(re.UNICODE)


def _code(pattern: str, flags: int) -> tuple[object, ...]:
    """Return what `re` makes of a pattern: flags, code, and how its groups are numbered and named."""
    from re import _compiler, _parser  # type: ignore[attr-defined]

    parsed = _parser.parse(pattern, flags)
    state = parsed.state
    names: list[str | None] = [None] * state.groups
    for name, number in state.groupdict.items():
        names[number] = name
    code = [int(each) for each in _compiler._code(parsed, flags)]  # noqa: SLF001 - nothing public gives it
    return flags | int(state.flags), code, state.groups - 1, dict(state.groupdict), tuple(names)


@lru_cache(maxsize=1)
def _kept() -> dict[tuple[str, int], tuple[object, ...]]:
    kept = stored.read(_NAME, _tag())
    return marshal.loads(kept) if kept else {}  # noqa: S302 - trusted as bytecode is


def _tag() -> str:
    return f"{' '.join(sys.version.split())} {sys.byteorder} {sys.maxsize}"
