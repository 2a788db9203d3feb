"""Tell whether a file that must stay secret lies among what git keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiguard.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS: Final = 20
_MEND: Final = "鍵を作り直し、リポジトリの外に置いて、--key で指定してください（一度登録した鍵は、履歴から読めます）。"


def refuse_tracked(file: Path) -> None:
    """Raise StoreError for a file that git tracks; outside of work trees git is not asked."""
    top = work_tree(file)
    if top is not None and _is_tracked(file):
        raise StoreError(f"鍵のファイルがgitに登録されています: {file}", _MEND)


def work_tree(file: Path) -> Path | None:
    """Return the top of the work tree of git that a file lies in, with links followed."""
    return next((folder for folder in file.resolve().parents if (folder / ".git").exists()), None)


def _is_tracked(file: Path) -> bool:
    """Ask git about the name as given and about what it leads to; without git nothing is known, and nothing refused."""
    import subprocess

    for name in {file.absolute(), file.resolve()}:
        command = ["git", "--literal-pathspecs", "-C", str(name.parent), "ls-files", "--error-unmatch", "--", name.name]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        except (OSError, subprocess.SubprocessError):
            continue
        if done.returncode == 0:
            return True
    return False
