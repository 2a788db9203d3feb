"""Turn the options that select files into a selection."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.readers.given import LeftOut
    from aiguard.readers.selection import Selection


def selection_of(  # noqa: PLR0913 - one parameter an option
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    since: str | None = None,
    changed: bool = False,
    changed_from: str | None = None,
    staged: bool = False,
    hidden: bool = False,
    no_gitignore: bool = False,
    force_exclude: bool = False,
    now: dt.datetime | None = None,
) -> Selection:
    """Build a selection from options as `options.py` declares them; UsageError.

    `exclude` is to hold the patterns of the option and those of the configuration. `now` counts for `--since`: by
    default the moment, in the time zone of this computer.
    """
    from aiguard.readers import selection

    if staged and (changed or changed_from is not None):
        raise UsageError("--staged と --changed は、いっしょに使えません。", "どちらか1つにしてください。")
    if staged and since is not None:
        raise UsageError(
            "--staged と --since は、いっしょに使えません。", "コミットする内容には、変わった時刻がありません。"
        )
    return selection.Selection(
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        since=None if since is None else selection.since(since, now or dt.datetime.now().astimezone()),
        changed=changed_from or ("HEAD" if changed else None),
        staged=staged,
        hidden=hidden,
        gitignore=not no_gitignore,
        strict=force_exclude,
    )


def tell(left: LeftOut) -> None:
    """Say on standard error what the selection left out, once its inputs are all taken."""
    import typer

    from aiguard.readers.given import said

    if sentence := said(left):
        typer.echo(f"aiguard: {sentence}", err=True)
