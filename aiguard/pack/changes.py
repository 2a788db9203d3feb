"""Let a pack change the rules of those it builds on (changes.toml): leave some out, change keys of others.

remove = ["catch-copy"]

[rule.email]                        any keys of the rule, which stand for those it has
severity = { block = "warn" }       its severities, one for another; or one for all: severity = "warn"
why = "…"
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from aiguard.errors import PackError, suggest
from aiguard.model import Severity
from aiguard.pack import source

if TYPE_CHECKING:
    from aiguard.pack.layers import Layer

FILE = "changes.toml"
_FIXED = ("id", "replaces")


class Raw(NamedTuple):
    """Hold a rule as a file has it: where it stands, at which place, and which file changed it."""

    table: dict[str, Any]
    file: str
    order: tuple[str, int, int]
    changed: str = ""
    before: dict[str, Any] = {}  # noqa: RUF012 - a value that nobody changes


class _Changes(Struct, frozen=True, forbid_unknown_fields=True):
    remove: tuple[str, ...] = ()
    rule: dict[str, dict[str, Any]] = {}


def apply(below: dict[str, Raw], layer: Layer) -> dict[str, Raw]:
    """Return the rules of the layers below as `layer` wants them; PackError for a rule that is not there."""
    file = layer.label(FILE)
    changes: _Changes = source.convert(layer.tables(FILE), _Changes, file)
    for name in changes.remove:
        _known(name, below, file, None, "remove")
    left = {name: raw for name, raw in below.items() if name not in changes.remove}
    for name, table in changes.rule.items():
        _known(name, left, file, name, None)
        left[name] = _changed(left[name], table, file, name)
    return left


def _known(name: str, rules: dict[str, Raw], file: str, rule: str | None, key: str | None) -> None:
    if name not in rules:
        problem = f"規則「{name}」は、基のパックにありません"
        hint = suggest(name, rules) or "aiguard rule で、規則の名前の一覧を見られます。"
        raise PackError(problem, file=file, rule=rule, key=key, hint=hint)


def _changed(raw: Raw, table: dict[str, Any], file: str, name: str) -> Raw:
    for key in _FIXED:
        if key in table:
            raise PackError("このキーは変えられません", file=file, rule=name, key=key)
    given = {key: value for key, value in table.items() if key != "severity"}
    other = {"sections": "topics", "topics": "sections"}
    new = _merged({key: value for key, value in raw.table.items() if other.get(key) not in given}, given)
    if "severity" in table:
        new["tier"] = _judged(new.get("tier"), table["severity"], file, name)
    return raw._replace(table=new, changed=file, before=raw.before or raw.table)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return a table with the keys of another in it; tables within it likewise, lists whole."""
    both = {key: _merged(old[key], value) for key, value in new.items() if _are_tables(old.get(key), value)}
    return old | new | both


def _are_tables(*values: Any) -> bool:  # noqa: ANN401 - TOML
    return all(isinstance(value, dict) for value in values)


def _judged(tiers: Any, wanted: Any, file: str, rule: str) -> Any:  # noqa: ANN401 - TOML
    known = [severity.value for severity in Severity]
    pairs = wanted if isinstance(wanted, dict) else dict.fromkeys(known, wanted)
    if not all(each in known for pair in pairs.items() for each in pair):
        raise PackError(f"使えるもの: {'、'.join(known)}", file=file, rule=rule, key="severity")
    return [_graded(tier, pairs) for tier in tiers] if isinstance(tiers, list) else tiers


def _graded(tier: Any, pairs: dict[str, str]) -> Any:  # noqa: ANN401 - TOML
    if not isinstance(tier, dict) or not isinstance(tier.get("severity"), str):
        return tier
    return tier | {"severity": pairs.get(tier["severity"], tier["severity"])}
