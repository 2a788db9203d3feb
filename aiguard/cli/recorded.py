"""Share what the commands on the records need: where they are, what is said of an entry, what may be printed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from aiguard.store.records import Added

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def records_file(store: Path | None) -> Path:
    """Return the file of the records: the one that was asked for, or that of the user."""
    from aiguard.store.database import default_path

    return store or default_path()


def refuse_store(store: Path, what: str, *paths: Path | None) -> None:
    """Refuse to read as a chat, or to write over, a file of the records."""
    from aiguard.store.database import SIDES
    from aiguard.store.heads import head_path

    own = {path.resolve() for path in (head_path(store), *(Path(f"{store}{side}") for side in SIDES))}
    for path in paths:
        if path is not None and (path.resolve() in own or (path.exists() and store.exists() and path.samefile(store))):
            raise UsageError(f"{what}が、記録のファイルです: {path}", "別のファイルを指定してください。")


def tell_added(added: Added, done: str) -> None:
    """Say on standard output what was recorded: number, time and head; what became of the copy, on the error stream."""
    from aiguard.store.records import Copy

    typer.echo(f"{done}: {added.entry.number}番（{added.entry.time}）")
    typer.echo(f"照合値: {added.head}")
    if added.copy is Copy.FAILED:
        say("照合値の控えを書けませんでした（記録は書けています）。上の照合値を控えてください。")
    if added.copy is Copy.DISPUTED:
        say("控えの照合値と記録が合いません。前の記録が変わっています。「aiguard record verify」で確かめてください。")


def printable(text: str) -> str:
    """Return a text without what would steer a terminal."""
    return _CONTROL.sub("\ufffd", text)


def print_json(value: Any) -> None:  # noqa: ANN401 - what JSON is made of
    """Print a value as JSON, in UTF-8 whatever the console speaks."""
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """Say something on the error stream."""
    typer.echo(f"aiguard: {text}", err=True)
