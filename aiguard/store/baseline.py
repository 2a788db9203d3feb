"""Keep which findings are accepted, and why, in a file for people: TOML without a value, a line or a column.

Findings of one rule in one file that were accepted together stand together: how many places they are (at the time),
the worst severity that is accepted, the reason, and a keyed hash for each different value.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from aiguard import policy
from aiguard.errors import StoreError
from aiguard.model import Acceptance, Accepted, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DEFAULT: Final = "aiguard-baseline.toml"
HIDDEN: Final = "●●●●"
_SCHEMA: Final = 1
_LONGEST: Final = 400_000_000
_HEAD: Final = """\
# aiguard が受け入れた指摘の一覧です。値は入っていません（keys は、鍵がなければ計算できない照合用のハッシュです）。
# 直すときは aiguard baseline update を使ってください。受け入れをやめるには、その [[accepted]] を消します。
"""
_MEND: Final = "「aiguard baseline create」が作ったファイルを指定してください。"

_Key = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{40}$")]


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold findings of one rule in one file that were accepted for one reason on one day, by one person."""

    path: str
    rule: str
    severity: Severity
    places: Annotated[int, msgspec.Meta(ge=1)]
    reason: Annotated[str, msgspec.Meta(min_length=1)]
    date: dt.date
    keys: Annotated[tuple[_Key, ...], msgspec.Meta(min_length=1)]
    by: str = ""


class Baseline(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold what is accepted under a guideline, and by which key its hashes are made."""

    schema: int
    guideline: str
    key_check: str
    accepted: tuple[Entry, ...] = ()


def empty(guideline: str, key: bytes) -> Baseline:
    """Return a baseline that accepts nothing."""
    return Baseline(_SCHEMA, guideline, policy.key_check(key))


def load(file: Path, key: bytes, guideline: str) -> Baseline:
    """Read a baseline; StoreError for what is none, or was made with another key or for another guideline."""
    baseline = read(file)
    if baseline.key_check != policy.key_check(key):
        raise StoreError(
            f"鍵が違うため、この受け入れの一覧は使えません: {file}",
            "一覧を作ったときの鍵のファイルを --key で指定してください。",
        )
    if baseline.guideline != guideline:
        raise StoreError(
            f"別のガイドライン（{baseline.guideline}）の受け入れの一覧です: {file}",
            "--pack と一覧の組を確かめてください。",
        )
    return baseline


def read(file: Path) -> Baseline:
    """Read a baseline whatever its key; StoreError."""
    import rtoml

    try:
        with file.open("rb") as opened:
            text = opened.read(_LONGEST).decode("utf-8-sig")
    except FileNotFoundError:
        raise StoreError(f"受け入れの一覧がありません: {file}", "「aiguard baseline create」で作れます。") from None
    except (OSError, UnicodeDecodeError):
        raise StoreError(f"受け入れの一覧を読めません: {file}", _MEND) from None
    try:
        table = rtoml.loads(text)
        schema = table.get("schema")
        if isinstance(schema, int) and schema > _SCHEMA:
            raise StoreError(f"この版のaiguardでは読めない受け入れの一覧です: {file}", "aiguardを新しくしてください。")
        return msgspec.convert({name.replace("-", "_"): value for name, value in table.items()}, Baseline)
    except rtoml.TomlParsingError:
        raise StoreError(f"受け入れの一覧が TOML として読めません: {file}", _MEND) from None
    except msgspec.ValidationError as error:
        place = re.search(r"`\$\.?(.*?)`$", str(error))
        raise StoreError(f"受け入れの一覧が正しくありません: {file}: {place[1] if place else ''}", _MEND) from None


def to_bytes(baseline: Baseline) -> bytes:
    """Return what the file of a baseline holds: the same for the same content, so that its differences are readable."""
    lines = [_HEAD, f"schema = {baseline.schema}", f"guideline = {_toml(baseline.guideline)}"]
    lines += [f"key-check = {_toml(baseline.key_check)}"]
    for entry in sorted(baseline.accepted, key=lambda entry: (entry.path, entry.rule, entry.date, entry.keys)):
        fields = asdict(entry)
        keys = fields.pop("keys")
        lines += ["", "[[accepted]]", *(f"{name} = {_toml(value)}" for name, value in fields.items() if value != "")]
        lines += ["keys = [", *(f"  {_toml(key)}," for key in keys), "]"]
    return ("\n".join(lines) + "\n").encode()


def accepted_of(baseline: Baseline, file: Path, key: bytes, *, keeps: bool = False) -> Accepted:
    """Return what a run needs of a baseline; paths count from the folder of its file."""
    ranked = sorted(baseline.accepted, key=lambda one: one.severity.rank)  # where several accept it, the worst counts
    entries = {name: Acceptance(one.severity, one.reason) for one in ranked for name in one.keys}
    return Accepted(key, os.path.realpath(file.parent), entries, keeps)


def accepted_for(file: Path, key_file: Path | None, guideline: str) -> Accepted:
    """Return what a run accepts by a baseline and the key of its user; StoreError."""
    from aiguard.store.keys import default_key, read_key

    key = read_key(key_file or default_key())
    return accepted_of(load(file, key, guideline), file, key)


class Seen(Struct, frozen=True):
    """Say what a run found of one value by one rule in one file."""

    path: str
    rule: str
    severity: Severity
    places: int = 1


def entries_of(seen: Mapping[str, Seen], reason: str, by: str, today: dt.date) -> tuple[Entry, ...]:
    """Return the entries that accept what was seen, those of one rule in one file together."""
    together: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for name, one in seen.items():
        together[one.path, one.rule, one.severity].append(name)
    return tuple(
        Entry(path, rule, Severity(severity), sum(seen[name].places for name in names), reason, today,
              tuple(sorted(names)), by)
        for (path, rule, severity), names in together.items()
    )  # fmt: skip


def narrowed(entry: Entry, seen: Mapping[str, Seen]) -> Entry | None:
    """Return an entry without what is not seen any more, its places counted anew; None where nothing is left."""
    left = tuple(name for name in entry.keys if name in seen)
    return replace(entry, keys=left, places=sum(seen[name].places for name in left)) if left else None


def _toml(value: Any) -> str:  # noqa: ANN401 - a text, a number or a date
    """Write a value; what JSON escapes, TOML reads in the same way."""
    return value.isoformat() if isinstance(value, dt.date) else msgspec.json.encode(value).decode()


def paths_of(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the files that entries are of."""
    return frozenset(entry.path for entry in entries)
