"""Write files whole or not at all.

New content is staged beside its file first: what can fail (the folder, the permissions, the room on the disk) has
failed before anything is replaced.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MEND = "フォルダーがあるか、書き込めるか、空きがあるか、ほかのソフトで開いていないかを確かめてください。"


class Staged(NamedTuple):
    """Hold where new content of a file waits, and whether the file is there already."""

    target: Path
    path: Path
    new: bool


def write_all(files: Sequence[tuple[Path, bytes, bool]], say: Callable[[], None] = lambda: None) -> None:
    """Write (file, content, private) or none of them; private: mode 0600. UsageError names the file that fails.

    A file that was there is replaced only when all are staged, and `say` has written what goes to standard output;
    an OSError of it goes on. When replacing one fails all the same, those that were replaced before stay, and those
    that are new go.
    """
    staged: list[Staged] = []
    done: list[Staged] = []
    try:
        staged += (_stage(target, data, private=private) for target, data, private in files)
        say()
        for one in staged:
            _replace(one)
            done.append(one)
    except (UsageError, OSError):
        for one in staged:
            _remove(one.path)
        for one in done:
            if one.new:
                _remove(one.target)
        raise


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above, that nobody else may look into; UsageError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise _failure(folder) from None


def _stage(target: Path, data: bytes, *, private: bool) -> Staged:
    """Write a file beside the target that nobody else may read; it is on the disk when this returns."""
    path = None
    try:
        target = target.resolve()  # a link stays a link
        new = _is_new(target)
        mode = _mode(target, new=new, private=private)
        descriptor, name = tempfile.mkstemp(prefix=".aiguard-", suffix=".part", dir=target.parent)
        path = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(mode)
    except OSError:
        if path is not None:
            _remove(path)
        raise _failure(target) from None
    return Staged(target, path, new)


def _is_new(target: Path) -> bool:
    """Tell whether there is no such file yet; OSError for a folder or a device, which a file must not replace."""
    if target.exists() and not target.is_file():
        raise OSError
    return not target.exists()


def _mode(target: Path, *, new: bool, private: bool) -> int:
    if private:
        return 0o600
    if not new:
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _replace(one: Staged) -> None:
    try:
        one.path.replace(one.target)
    except OSError:
        raise _failure(one.target) from None


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _failure(target: Path) -> UsageError:
    return UsageError(f"書けません: {target}", _MEND)
