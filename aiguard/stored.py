"""Keep what was made of the rules beside the bytecode of the package, from which the next run takes it.

It is made of the rules and the libraries alone, never of a text. Where Python may not write bytecode, nothing is kept
and all is made anew. Like bytecode, a file is believed as far as the folder of the package is.
"""

from __future__ import annotations

import os
import sys
import zlib
from pathlib import Path

_CHECK = 4


def read(name: str, tag: str) -> bytes:
    """Return what is kept under a name for a tag; nothing where it is kept for another tag."""
    file = _file(name)
    try:
        data = file.read_bytes() if file else b""
    except OSError:
        return b""
    head = f"{tag}\n".encode()
    body = data[len(head) + _CHECK :]
    return body if data.startswith(head) and data[len(head) :].startswith(_check(body)) else b""


def write(name: str, tag: str, body: bytes) -> None:
    """Keep something under a name for a tag (one line), in the place of all else of that name, where that works."""
    file = _file(name)
    if file is None or sys.dont_write_bytecode:
        return
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True)
        draft.write_bytes(f"{tag}\n".encode() + _check(body) + body)
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)


def writable() -> bool:
    """Say whether something can be kept."""
    file = _file("")
    return file is not None and not sys.dont_write_bytecode and os.access(file.parent, os.W_OK)


def _check(body: bytes) -> bytes:
    """Return what shows that a file was cut short (CRC-32, ISO 3309)."""
    return zlib.crc32(body).to_bytes(_CHECK, "little")


def _file(name: str) -> Path | None:
    """Return the file of a name in the folder of the bytecode, which each version of Python names its own."""
    spec = __spec__
    return Path(spec.cached).with_name(f"{name}.{sys.implementation.cache_tag}.bin") if spec and spec.cached else None
