"""Keep the secret key without which nothing that is kept of a text tells anything: 32 random bytes in a file of 0600.

One key serves the state of scans and the baseline, each under a name of its own (domain separation). Whoever has the
key can try values against what was kept, so that it stays outside the repository.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from aiguard import folders
from aiguard.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_HEAD: Final = "aiguard key 1"
_SPELLING: Final = re.compile(rf"{_HEAD}\r?\n([0-9a-f]{{64}})\s*")
_LONGEST: Final = 1000
_MEND: Final = "aiguardが作った鍵のファイルを --key で指定してください。"


def default_key() -> Path:
    """Return where the key is unless it is said: the user's own folder."""
    return folders.data() / "key.txt"


def read_key(file: Path) -> bytes:
    """Return the 32 bytes of a key; StoreError for a file that is not there, no key, or tracked by git."""
    from aiguard.store.worktree import refuse_tracked

    refuse_tracked(file)
    try:
        with file.open("rb") as opened:
            data = opened.read(_LONGEST)
    except FileNotFoundError:
        raise StoreError(f"鍵のファイルがありません: {file}", _MEND) from None
    except OSError:
        raise StoreError(f"鍵のファイルを開けません: {file}", "読む権限を確かめてください。") from None
    found = _SPELLING.fullmatch(data.decode("latin-1"))
    if found is None:
        raise StoreError(f"aiguardの鍵のファイルではありません: {file}", _MEND)
    return bytes.fromhex(found[1])


def make_key(file: Path) -> bytes:
    """Return the key of a file, which is made where there is none; StoreError, UsageError.

    The name appears with the whole key in it or not at all, and of two processes that make one the first wins.
    """
    from aiguard.store.atomic import make_private_folder
    from aiguard.store.worktree import refuse_tracked

    if not file.exists():
        refuse_tracked(file)
        make_private_folder(file.parent)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            _write(draft, f"{_HEAD}\n{os.urandom(32).hex()}\n".encode())
            _publish(draft, file)
        except OSError:
            raise StoreError(
                f"鍵のファイルを作れません: {file}", "書き込めるフォルダーにあるファイルを --key で指定してください。"
            ) from None
        finally:
            draft.unlink(missing_ok=True)
    return read_key(file)


def _write(draft: Path, data: bytes) -> None:
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _publish(draft: Path, file: Path) -> None:
    """Give a draft its name unless that is taken; where a disk knows no hard links, a rename has to do."""
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    except OSError:
        if not file.exists():
            draft.rename(file)
