"""The house stands: a room uses only rooms below it, and nothing heavy is carried in at the door."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# From the bottom of the house to the top. A room may use those before it, also in its own row.
ROWS = (
    ("version", "errors", "model"),
    ("folders", "storage"),
    (
        "stored",
        "literals",
        "regexes",
        "encoded",
        "text",
        "morph",
        "lexicon",
        "classifier",
        "crf",
        "tables",
        "structure",
        "location",
        "windows",
        "page",
    ),
    ("readers", "writers", "detectors"),
    ("resources", "pack", "config_values", "config", "config_shown", "incident", "services"),
    (
        "compiling",
        "scanner",
        "policy",
        "finding",
        "attribution",
        "quotation",
        "uses",
        "precept",
        "verify",
        "similarity",
        "mask",
        "evaluate",
    ),
    ("reporters", "store"),
    (
        "explain",
        "approval",
        "checklist",
        "claims",
        "naming",
        "works",
        "workers",
        "rowgroups",
        "checker",
        "paths",
        "batch",
        "report",
        "copies",
        "remembered",
        "checked",
        "task",
        "spread",
        "datasets",
        "parts",
        "results",
        "cluster",
        "distributed",
        "scan",
        "masking",
        "examples",
        "scaffold",
        "differences",
        "terms",
        "describe",
        "api",
        "doctor",
    ),
    ("cli",),
    ("__main__", "aiguard"),
)
ORDER = {room: place for place, room in enumerate(room for row in ROWS for room in row)}

# Rooms that know the values and nothing else, so that they can be read, tested and replaced alone.
NARROW = {"reporters", "policy", "finding", "mask"}
VALUES = {"version", "errors", "model", "location"}

# Libraries that cost start-up time. Whoever opens the door of a room must not pay for them.
HEAVY = set("ahocorasick_rs fugashi marisa_trie platformdirs regex rich rtoml typer unidic_lite".split())
HEAVY |= set("asyncio concurrent cryptography dataclasses logging multiprocessing sqlite3".split())


def _house() -> dict[str, ast.Module]:
    """Parse the package: `aiguard.readers.inputs` -> its tree; an `__init__.py` goes by its folder."""
    root = Path(__file__).parent.parent
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_bytes())
        for path in sorted(root.glob("aiguard/**/*.py"))
    }


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def _imports(nodes: Iterable[ast.AST], known: Iterable[str]) -> Iterator[str]:
    """Yield the modules that statements import; `from aiguard import model` is `aiguard.model` where that is known."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: relative import"
            wholes = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (whole if whole in known else str(node.module) for whole in wholes)


def _inside(house: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Map each module to those of the house that it imports, anywhere in the file."""
    used = {module: set(_imports(ast.walk(tree), house)) for module, tree in house.items()}
    return {module: {name for name in names if name.partition(".")[0] == "aiguard"} for module, names in used.items()}


def _fault(module: str, used: str) -> str | None:
    """Say what is wrong with an import inside the house."""
    room, other = _room(module), _room(used)
    if module.startswith(f"{used}."):
        return "own package"
    if not {room, other} <= {*ORDER}:
        return "no place"
    if ORDER[other] > ORDER[room]:
        return "upward"
    return "not narrow" if room in NARROW and other not in VALUES | {room} else None


def _faults(house: dict[str, ast.Module]) -> list[str]:
    pairs = [(module, used) for module, names in _inside(house).items() for used in sorted(names)]
    return [f"{fault}: {module} -> {used}" for module, used in pairs if (fault := _fault(module, used))]


def _at_the_door(nodes: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported, those in classes and branches too."""
    for node in nodes:
        typing_only = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not typing_only and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            yield from _at_the_door(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))


def _carried_in(house: dict[str, ast.Module], door: str) -> set[str]:
    """Return the heavy libraries that importing a module loads, through whatever it imports at its door."""
    loaded: set[str] = set()
    pending = [door]
    while pending:
        name = pending.pop()
        if name not in loaded:
            loaded.add(name)
            pending += _imports(_at_the_door(house[name].body), house) if name in house else ()
            pending += [name.rpartition(".")[0]] if name.startswith("aiguard.") else []
    return {name.partition(".")[0] for name in loaded} & HEAVY


def test_every_room_has_its_place() -> None:
    assert {_room(module) for module in _house()} <= set(ORDER)


def test_imports_go_downwards() -> None:
    assert _faults(_house()) == []


def test_there_is_no_cycle() -> None:
    TopologicalSorter(_inside(_house())).prepare()


def test_no_room_carries_in_a_heavy_library() -> None:
    house = _house()
    heavy = {module: _carried_in(house, module) for module in house if module.count(".") == 1}
    command_line = {module: heavy.pop(module, set()) for module in ("aiguard.cli", "aiguard.__main__")}
    assert {module: names for module, names in heavy.items() if names} == {}
    assert set().union(*command_line.values()) <= {"typer"}


@pytest.mark.parametrize(
    ("module", "code", "fault"),
    [
        ("aiguard.text", "def f():\n    from aiguard.pack import load", "upward"),
        ("aiguard.text", "from aiguard import structure", "upward"),
        ("aiguard.readers.plain", "from aiguard.readers import READERS", "own package"),
        ("aiguard.pack", "from aiguard import check_text", "own package"),
        ("aiguard.finding", "import aiguard.text", "not narrow"),
        ("aiguard.cli.check", "import aiguard.attic", "no place"),
    ],
)
def test_a_wrong_import_is_seen(module: str, code: str, fault: str) -> None:
    (found,) = _faults({"aiguard.structure": ast.Module([], []), module: ast.parse(code)})
    assert found.startswith(f"{fault}: {module}")


def test_a_heavy_import_at_the_door_is_seen() -> None:
    codes = {
        "aiguard": "",
        "aiguard.scanner": "from aiguard.readers import office\ndef f():\n    import fugashi",
        "aiguard.readers": "if TYPE_CHECKING:\n    import rtoml",
        "aiguard.readers.office": "if True:\n    import regex.regex\nfrom rich import box",
    }
    house = {module: ast.parse(code) for module, code in codes.items()}
    assert [_carried_in(house, module) for module in codes] == [set(), {"regex", "rich"}, set(), {"regex", "rich"}]


def test_importing_aiguard_loads_nothing_heavy() -> None:
    code = "import sys; before = {*sys.modules}; import aiguard; print(*{*sys.modules} - before)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {name.partition(".")[0] for name in loaded} & (HEAVY | {"msgspec"})
