"""Keep the map of a masked text: what stands for which value, never the text itself."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from aiguard import folders
from aiguard.errors import StoreError, UsageError
from aiguard.model import StandIns
from aiguard.store.sealed import KIND, Sealed, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
_KIND = "aiguard stand-ins"
_LIMIT = 400_000_000
_MEND = "「aiguard mask」が作った対応表を指定してください。"


class _Head(msgspec.Struct, frozen=True):
    kind: str
    schema: int


def default_path(name: str, standins: StandIns) -> Path:
    """Return where the map of a text goes unless it is said: the user's own folder, not beside a file to be shared.

    The name tells the file and the masked text apart from others, and nothing of the values.
    """
    stem = Path(name).stem if name != "-" else "stdin"
    return folders.data() / "maps" / f"{stem}-{standins.masked[:12]}.json"


def to_bytes(standins: StandIns, passphrase: str | None) -> bytes:
    """Return what the file of a map holds."""
    data = msgspec.json.encode(standins)
    if passphrase is None:
        return msgspec.json.format(data, indent=1) + b"\n"
    return msgspec.json.encode(seal(data, passphrase)) + b"\n"


def load(path: Path, passphrase: Callable[[], str]) -> StandIns:
    """Read a map; `passphrase` is asked only where it is sealed. StoreError for what is no map, or was tampered with."""
    data = _read(path)
    head = _decoded(data, _Head, path)
    if head.kind == KIND:
        data = unseal(_decoded(data, Sealed, path), passphrase())
        head = _decoded(data, _Head, path)
    if head.kind != _KIND:
        raise _no_map(path)
    if head.schema != 1:
        raise StoreError(f"この版のaiguardでは読めない対応表です: {path}", "aiguardを新しくしてください。")
    standins = _decoded(data, StandIns, path)
    if not _sound(standins):
        raise _no_map(path)
    return standins


def refuse_overwriting(path: Path, standins: StandIns) -> None:
    """Refuse to replace a file that is no open map of the same masked text; UsageError."""
    if not path.exists() and not path.is_symlink():
        return
    try:
        same = _decoded(_read(path), StandIns, path).masked == standins.masked
    except StoreError:
        same = False
    if not same:
        problem = f"別の文章の対応表か、ほかのファイルがすでにあります: {path}"
        raise UsageError(problem, "--map で別の名前にするか、消してよければ --force を付けてください。")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
    except (OSError, ValueError):
        raise StoreError(f"対応表を開けません: {path}", "ファイルの場所と、読む権限を確かめてください。") from None
    if len(data) > _LIMIT:
        raise _no_map(path)
    return data


def _decoded(data: bytes, kind: type[_T], path: Path) -> _T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, ValueError):  # the message may hold a value
        raise _no_map(path) from None


def _sound(standins: StandIns) -> bool:
    """Tell whether a map holds together: names once, places ascending, and an item for each."""
    names = {item.name for item in standins.items}
    places = standins.places
    ascending = all(one[1] <= other[0] for one, other in pairwise(places))
    inside = all(0 <= start <= end and 0 <= item < len(standins.items) for start, end, item in places)
    return len(names) == len(standins.items) and ascending and inside


def _no_map(path: Path) -> StoreError:
    return StoreError(f"aiguardの対応表ではないか、壊れています: {path}", _MEND)
