"""Whatever stands in the files of a pack, it loads or its mistake is told: no value of a wrong kind gets through."""

from __future__ import annotations

import copy
import json
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from made_packs import make, rule, write

from aiguard.errors import PackError
from aiguard.pack.building import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "topics.toml": '[secrets]\ntitle = "題"\nabout = "文"\n',
    "rules/own.toml": rule("kept", "語") + rule("two", "言葉"),
    "classification.toml": 'phrase = "甲"\n[[label]]\nseverity = "block"\nwords = ["甲"]\npattern = "甲"\n',
    "organisation.toml": 'name = "市"\nphones = ["1"]\n',
    "words.toml": 'a = ["x"]\nb = ["@a", "y"]\n',
    "document.toml": '[personal]\nwhy = "理由"\nadvice = "修正"\n',
    "attribution.toml": 'section = "C"\nform = "{name}で作成"\nalso = ["{name}使用"]\n[[services]]\nname = "n"\naliases = ["a"]\n',
}
CHANGES = 'remove = ["two"]\n[rule.kept]\nseverity = { warn = "block" }\n[rule.kept.terms]\nwords = ["z"]\n'
ODD: tuple[Any, ...] = (3, "x", [3], {"x": 1}, [{}], "{name}{", ["@q"], ["{@q}"])


def _places(table: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - TOML
    if place:
        yield place
    items = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    for key, value in items:
        yield from _places(value, (*place, key))


def _put(table: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    changed: Any = copy.deepcopy(table)
    held = changed
    for key in place[:-1]:
        held = held[key]
    held[place[-1]] = value
    return changed  # type: ignore[no-any-return]


def _toml(value: Any) -> str:  # noqa: ANN401 - TOML
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(key)} = {_toml(each)}' for key, each in value.items())}}}"
    return json.dumps(value)


@pytest.mark.parametrize("name", ["guideline.toml", "changes.toml", *FILES])
def test_a_value_of_a_wrong_kind_is_told_as_a_mistake(tmp_path: Path, name: str) -> None:
    base = make(tmp_path, "base", None, {"secrets": ["B"]})
    for each, text in FILES.items():
        write(base, each, text)
    city = make(tmp_path, "city", "base", {})
    write(city, "changes.toml", CHANGES)
    file = (city if name == "changes.toml" else base) / name
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    for place in _places(table):
        for value in ODD:
            lines = (f"{json.dumps(key)} = {_toml(each)}" for key, each in _put(table, place, value).items())
            file.write_text("\n".join(lines), encoding="utf-8")
            with suppress(PackError):
                build(city)
