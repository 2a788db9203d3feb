"""Keep what was made of the rules beside the bytecode of the package, from which the next run takes it.

It is made of the rules and the libraries alone, never of a text. Where Python may not write bytecode, nothing is kept
and all is made anew. Like bytecode, a file is believed as far as the folder of the package is.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from pathlib import Path

_CHECK = 4


def read(name: str, tag: str) -> dict[str, bytes]:
    """Return the parts kept under a name for a tag; nothing where there are none, or those of another tag."""
    file = _file(name)
    try:
        data = file.read_bytes() if file else b""
    except OSError:
        return {}
    if len(data) <= _CHECK or zlib.crc32(data[_CHECK:]).to_bytes(_CHECK, "little") != data[:_CHECK]:
        return {}
    kept: tuple[str, dict[str, bytes]] = marshal.loads(data[_CHECK:])  # noqa: S302 - trusted as bytecode is
    return kept[1] if kept[0] == tag else {}


def write(name: str, tag: str, parts: dict[str, bytes]) -> None:
    """Keep parts under a name for a tag, in the place of all others of that name; do nothing where that fails."""
    file = _file(name)
    if file is None or sys.dont_write_bytecode:
        return
    data = marshal.dumps((tag, parts))
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True)
        draft.write_bytes(zlib.crc32(data).to_bytes(_CHECK, "little") + data)
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)


def writable() -> bool:
    """Say whether parts can be kept."""
    file = _file("")
    return file is not None and not sys.dont_write_bytecode and os.access(file.parent, os.W_OK)


def _file(name: str) -> Path | None:
    """Return the file of a name in the folder of the bytecode, which each version of Python names its own."""
    spec = __spec__
    return Path(spec.cached).with_name(f"{name}.{sys.implementation.cache_tag}.bin") if spec and spec.cached else None
