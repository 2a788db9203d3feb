"""Turn the options that select files into a selection."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import typer

from aiguard.errors import UsageError
from aiguard.readers.given import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Config
    from aiguard.readers.given import Input, LeftOut
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

    `now` counts for `--since`: by default the moment, in the time zone of this computer.
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


def selects_by_git(selection: Selection) -> bool:
    """Tell whether no path stands for the whole work tree, and not for standard input."""
    return selection.staged or selection.changed is not None


def selected(paths: Sequence[str], selection: Selection, config: Config, name: str | None = None) -> tuple[Input, ...]:
    """Return what a selection takes of paths, beside the exclusions of the configuration, and say what it left out.

    `name` is that of standard input; UsageError.
    """
    from collections import Counter

    from msgspec.structs import replace

    from aiguard.readers.selection import select

    left: LeftOut = Counter()
    whole = replace(selection, exclude=(*selection.exclude, *config.exclude))
    inputs = tuple(select(paths, whole, left, name, config.limits.bytes))
    tell(left)
    if not inputs and selects_by_git(selection):
        typer.echo("aiguard: 変わったファイルはありません", err=True)
    return inputs


def tell(left: LeftOut) -> None:
    """Say on standard error what the selection left out, once its inputs are all taken."""
    if sentence := said(left):
        typer.echo(f"aiguard: {sentence}", err=True)
