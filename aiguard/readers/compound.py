"""Open OLE compound files ([MS-CFB]) that a stranger wrote."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from aiguard.readers.source import damaged

if TYPE_CHECKING:
    from olefile import OleFileIO


def open_ole(data: bytes) -> OleFileIO[str]:
    """Open a compound file; ReadError where it is damaged."""
    from olefile import OleFileIO

    try:
        return OleFileIO(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - olefile raises whatever a damaged file leads it to
        raise damaged("Office文書（古い形式）") from None


def stream(file: OleFileIO[str], name: str | list[str]) -> bytes:
    """Return the bytes of a stream, nothing where there is none or it is damaged."""
    try:
        return file.openstream(name).read() if file.exists(name) else b""
    except Exception:  # noqa: BLE001 - see `open_ole`
        return b""
