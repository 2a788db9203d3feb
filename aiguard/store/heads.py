"""Keep a copy of the head of the chain beside the records, which tells when the last entries were taken away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Struct

from aiguard.errors import UsageError
from aiguard.store.chain import Head

if TYPE_CHECKING:
    from pathlib import Path

_KIND: Final = "aiguard records head"
_SPELLING: Final = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


class _Kept(Struct, frozen=True):
    kind: str
    count: Annotated[int, msgspec.Meta(ge=0, le=10**15)]
    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    schema: int = 1


def head_path(store: Path) -> Path:
    """Return where the copy is: `records.head.json` for `records.sqlite3`."""
    return store.with_name(f"{store.name.removesuffix('.sqlite3')}.head.json")


def read_head(store: Path) -> Head | None:
    """Return the copy; None where there is none that can be read."""
    try:
        kept = msgspec.json.decode(head_path(store).read_bytes(), type=_Kept)
    except (OSError, ValueError, msgspec.DecodeError):
        return None
    return Head(kept.count, kept.hash) if kept.kind == _KIND else None


def write_head(store: Path, head: Head) -> None:
    """Replace the copy, whole or not at all; UsageError."""
    from aiguard.store.atomic import write_all

    data = msgspec.json.format(msgspec.json.encode(_Kept(_KIND, head.count, head.hash)), indent=1)
    write_all([(head_path(store), data + b"\n", True)])


def parse_head(text: str) -> Head:
    """Read COUNT:HASH as it was printed; UsageError."""
    found = _SPELLING.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(
            "照合値が読めません。", "「12:」のあとに64文字が続く、記録したときの表示のとおりに書いてください。"
        )
    return Head(int(found[1]), found[2])
