"""Keep a pack for the next run, under the hash of all files it was made of and of the code that made it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from aiguard.detectors import DETECTORS
from aiguard.model import Pack
from aiguard.resources import root
from aiguard.version import __version__

_CODE = ("pack", "detectors", "model")
_TABLES = ("*.toml", "rules/*.toml", "words/*.toml")


def name_of(folder: Path) -> str:
    """Return the name that a pack is kept under: its own where it is shipped, else that of all others."""
    return f"pack-{folder.name}" if folder.is_relative_to(root()) else "pack-other"


def digest(folder: Path) -> str:
    """Hash the files of a pack and of what it extends, and the code that makes values and tables of them.

    A pack that is shipped extends others that are: all of them are hashed, so that none need be parsed, and its name
    tells it from those.
    """
    code = Path(__file__).parent.parent
    place = folder.name if folder.is_relative_to(root()) else f"{folder.resolve()}\n{root()}"
    hashed = hashlib.sha256(f"{__version__} {msgspec.__version__}\n{place}\n".encode())
    files = [*code.glob("*.py"), *(file for name in _CODE for file in (code / name).glob("*.py"))]
    for each in _folders(folder):
        files += [file for glob in _TABLES for file in each.glob(glob)]
    for file in sorted(set(files)):
        hashed.update(f"\0{'/'.join(file.parts[-3:])}\0".encode() + file.read_bytes())
    return hashed.hexdigest()


def _folders(folder: Path) -> list[Path]:
    shipped = [each for each in root().iterdir() if each.is_dir()]
    if folder.is_relative_to(root()):
        return shipped
    from aiguard.pack.layers import layers

    return [*shipped, *(layer.folder.resolve() for layer in layers(folder)), folder.resolve().parent / "common"]


def encoded(pack: Pack) -> bytes:
    """Return a pack as it is kept: the tables of its detectors apart, each of a type of its own."""
    bare = replace(pack, rules=tuple(replace(rule, spec=None) for rule in pack.rules))
    return msgspec.msgpack.encode((bare, [msgspec.msgpack.encode(rule.spec) for rule in pack.rules]))


def decoded(known: bytes, folder: Path) -> Pack:
    """Return the pack in a folder that was kept; what is shipped may have been moved since."""
    pack, specs = msgspec.msgpack.decode(known, type=tuple[Pack, tuple[bytes, ...]])
    decoders = {kind: msgspec.msgpack.Decoder(DETECTORS[kind].Spec) for kind in {rule.kind for rule in pack.rules}}
    pairs = zip(pack.rules, specs, strict=True)
    rules = tuple(replace(rule, spec=decoders[rule.kind].decode(spec)) for rule, spec in pairs)
    moved = (str(root() / Path(layer).name) for layer in pack.layers)
    layers = tuple(moved) if folder.is_relative_to(root()) else pack.layers
    return replace(pack, rules=rules, root=str(folder), layers=layers)
