"""Read, list and write files of this machine, of a share, or of an object storage (`s3://…`, `gs://…`, `abfs://…`).

What has no scheme is a path. The rest goes through the file systems of pyarrow, and those of fsspec for what it does
not know; who may read what is their matter (environment, roles), never that of an address.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from uuid import uuid4

from aiguard.errors import ReadError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_BUFFER: Final = 1 << 20
_ABSENT: Final = "この場所を読むには、pip install 'aiguard[ray]' が必要です。"


def is_remote(path: str) -> bool:
    """Tell whether a path is the address of a storage."""
    return _SCHEME.match(path) is not None


def opened(path: str) -> BinaryIO:
    """Open a file for reading; OSError, ValueError, UsageError."""
    if not is_remote(path):
        return Path(path).open("rb")
    system, inner = _system(path)
    return cast("BinaryIO", io.BufferedReader(system.open_input_file(inner), _BUFFER))


def size_of(path: str) -> int:
    """Return the size of a file in bytes; OSError, UsageError."""
    if not is_remote(path):
        return Path(path).stat().st_size
    system, inner = _system(path)
    size = system.get_file_info(inner).size
    if size is None:
        raise FileNotFoundError(path)
    return int(size)


def state_of(path: str) -> tuple[int, int]:
    """Return the size of a file in bytes and its time in nanoseconds; OSError, ValueError."""
    if not is_remote(path):
        found = Path(path).stat()
        return found.st_size, found.st_mtime_ns
    system, inner = _system(path)
    info = system.get_file_info(inner)
    return int(info.size or 0), int(info.mtime_ns or 0)


def listed(address: str, unless: str = "") -> tuple[str, ...]:
    """Return the addresses of the files at an address of a storage, sorted, without names that begin as `unless` says.

    Raises `ReadError` where it cannot be listed.
    """
    try:
        return tuple(_listed(address, unless))
    except (OSError, ValueError):
        message = f"開けません: {address}"
        raise ReadError(message, "場所と、読む権限を確かめてください。") from None


def _listed(address: str, unless: str) -> Iterator[str]:
    from pyarrow import fs

    system, inner = _system(address)
    if system.get_file_info(inner).type == fs.FileType.File:
        yield address
        return
    base, left_out = inner.rstrip("/"), tuple(unless)
    for each in sorted(system.get_file_info(fs.FileSelector(base, recursive=True)), key=lambda one: str(one.path)):
        below = each.path.removeprefix(base).lstrip("/")
        if each.type == fs.FileType.File and not any(part.startswith(left_out) for part in below.split("/")):
            yield f"{address.rstrip('/')}/{below}"


class Folder:
    """Write and read the files of a folder, here or on a storage; each is there whole, or not at all."""

    def __init__(self, address: str) -> None:
        """Take a path or an address; the folder is made when it is written to. UsageError for an unknown scheme."""
        self._system, inner = _system(address if is_remote(address) else os.path.abspath(address))  # noqa: PTH100 - as it is
        self._base = inner.rstrip("/")

    def write(self, name: str, fill: Callable[[Any], object]) -> None:
        """Write a file with what `fill` writes into a stream; OSError, ValueError."""
        self._system.create_dir(self._base, recursive=True)
        draft = f"{self._base}/_{uuid4().hex}.tmp"
        try:
            with self._system.open_output_stream(draft) as stream:
                fill(stream)
            self._system.move(draft, f"{self._base}/{name}")
        except BaseException:
            self._drop(draft)
            raise

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file, None where there is none; OSError."""
        file = self.open(name)
        if file is None:
            return None
        with file:
            return bytes(file.read())

    def open(self, name: str) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Open a file for reading at any place, None where there is none; OSError."""
        try:
            return self._system.open_input_file(f"{self._base}/{name}")
        except FileNotFoundError:
            return None

    def names(self) -> set[str]:
        """Return the names of the files."""
        from pyarrow import fs

        found = self._system.get_file_info(fs.FileSelector(self._base, allow_not_found=True))
        return {each.base_name for each in found if each.type == fs.FileType.File}

    def drop(self, name: str) -> None:
        """Delete a file, if it is there."""
        self._drop(f"{self._base}/{name}")

    def _drop(self, path: str) -> None:
        from contextlib import suppress

        with suppress(OSError):
            self._system.delete_file(path)


def _system(address: str) -> tuple[Any, str]:
    try:
        from pyarrow import fs
    except ImportError:
        raise UsageError(f"部品がないため開けません: {address}", _ABSENT) from None
    if not is_remote(address):
        return fs.LocalFileSystem(), address
    try:
        system, inner = fs.FileSystem.from_uri(address)
    except (NotImplementedError, ValueError):
        system, inner = _of_fsspec(address)
    return system, str(inner)


def _of_fsspec(address: str) -> tuple[Any, str]:
    from pyarrow import fs

    try:
        from fsspec.core import url_to_fs

        system, inner = url_to_fs(address)
    except (ImportError, ValueError):
        problem = f"この場所の開き方が分かりません: {address}"
        raise UsageError(problem, "s3:// などの綴りと、その fsspec の部品（s3fs など）を確かめてください。") from None
    return fs.PyFileSystem(fs.FSSpecHandler(system)), inner
