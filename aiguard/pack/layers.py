"""Find the folders that a pack is made of: its own, and below it those that it extends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aiguard.errors import PackError, suggest
from aiguard.pack import source
from aiguard.resources import root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = "guideline.toml"
COMMON = "common"
_SIGNS = (HEAD, "topics.toml")  # what shows that a folder is a pack, or what packs build on
_MEND = "extends には、patterns/ のパックの名前か、このフォルダーから見たパスを書いてください。"


class Layer(NamedTuple):
    """Name a folder of a pack; `own` where it is the pack itself, and not what it builds on."""

    folder: Path
    own: bool

    def label(self, name: str) -> str:
        """Return what a file of the layer is called in errors."""
        return name if self.own else f"{self.folder.name}/{name}"

    def tables(self, name: str) -> dict[str, Any]:
        """Return the tables of a file of the layer; none where it has no such file. PackError."""
        return source.optional(self.folder / name, self.label(name))


def layers(folder: Path) -> tuple[Layer, ...]:
    """Return the layers of a pack, the lowest first; PackError for one that is missing or a cycle."""
    chain = [Layer(folder, own=True)]
    while (name := _extends(chain[-1])) is not None:
        base = _find(chain[-1], name)
        if base in [layer.folder.resolve() for layer in chain]:
            names = " → ".join([layer.folder.name for layer in chain] + [base.name])
            raise PackError(f"extends が一巡しています（{names}）", file=chain[-1].label(HEAD), key="extends")
        chain.append(Layer(base, own=False))
    return tuple(reversed(chain))


def _extends(layer: Layer) -> str | None:
    if not (layer.folder / HEAD).is_file():
        return None
    name = layer.tables(HEAD).get("extends")
    if name is not None and (not isinstance(name, str) or not name):
        raise PackError("名前を一つ書いてください", file=layer.label(HEAD), key="extends", hint=_MEND)
    return name


def _find(layer: Layer, name: str) -> Path:
    """Return the folder that a layer extends: beside it, at the path it gives, or one that is shipped."""
    places = (layer.folder.parent / name, layer.folder / name, root() / name)
    found = next((place for place in places if is_layer(place)), None)
    if found is None:
        hint = suggest(name, names(layer.folder.parent)) or _MEND
        raise PackError(f"「{name}」というパックがありません", file=layer.label(HEAD), key="extends", hint=hint)
    return found.resolve()


def is_layer(folder: Path) -> bool:
    """Tell whether a folder is a pack, or what packs build on."""
    return any((folder / sign).is_file() for sign in _SIGNS)


def names(beside: Path | None = None) -> tuple[str, ...]:
    """List the packs that are shipped, what packs build on included, and those in a folder."""
    return tuple(sorted({each.name for place in (root(), beside) if place for each in _folders(place)}))


def _folders(place: Path) -> Iterator[Path]:
    return (each for each in place.iterdir() if is_layer(each)) if place.is_dir() else iter(())
