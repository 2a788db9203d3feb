"""Hold the form of a report of trouble (guideline, section 9): a template of the pack, and what a clerk fills in."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import TYPE_CHECKING, Final

import msgspec

from aiguard.errors import PackError, UsageError
from aiguard.model.incidents import Template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAMES: Final = ("when", "who", "ai", "entered", "spread", "measures")
FILE: Final = "incident.toml"


def load_template(root: Path) -> Template:
    """Read the form of a pack; PackError that names the file and the key."""
    try:
        raw = tomllib.loads((root / FILE).read_text(encoding="utf-8"))
    except OSError:
        raise PackError("ありません。", file=FILE, hint="パックに報告の様式を置いてください。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"TOMLとして読めません（{error}）。", file=FILE) from None
    try:
        template = msgspec.convert(raw, Template)
    except msgspec.ValidationError as error:
        key = re.search(r"`\$\.?([^`]*)`$", str(error))
        problem = "項目が足りないか、余分か、値の形が違います。"
        raise PackError(f"{problem}（{error}）", file=FILE, key=key[1] if key else None) from None
    names = [field.name for field in template.fields]
    if sorted(names) != sorted(NAMES):
        raise PackError(f"name は {'、'.join(NAMES)} を1つずつ書いてください。", file=FILE, key="fields")
    if not template.recipients:
        raise PackError("報告先がありません。", file=FILE, key="recipients")
    return template


def template_of(folder: Path) -> Template:
    """Return the form of a pack: its own, or that of the nearest pack that it extends; PackError."""
    from aiguard.pack.layers import layers

    own = [layer.folder for layer in layers(folder) if (layer.folder / FILE).is_file()]
    return load_template(own[-1] if own else folder)


def empty_form(template: Template) -> str:
    """Return the form that a clerk fills in, as TOML with comments."""
    parts = [
        f"# {template.title}",
        "# 値は、それぞれ ''' と ''' の間に書いてください。個人情報は書かないでください。",
        "",
    ]
    for field in template.fields:
        parts += [f"# {field.label}{'（必須）' if field.required else ''}: {field.ask}", f"{field.name} = ''''''", ""]
    return "\n".join(parts)


def read_form(path: Path) -> dict[str, str]:
    """Read a filled form; UsageError that names the file and the key, and never holds what was written."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise UsageError(f"{path}: 開けません。", "ファイルの場所と、読む権限を確かめてください。") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{line[1]}行目あたりが" if line else ""
        raise UsageError(f"{path}: {where}様式として読めません。", "値は ''' と ''' の間に書いてください。") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: UTF-8ではありません。", "UTF-8で保存してください。") from None
    for name, value in raw.items():
        if name not in NAMES:
            raise UsageError(f"{path}: 様式にない項目があります。", f"項目は {'、'.join(NAMES)} です。")
        if not isinstance(value, (str, dt.datetime, dt.date)):
            raise UsageError(f"{path}:{name}: 文章ではありません。", "''' と ''' の間に書いてください。")
    return {name: str(value).strip() for name, value in raw.items()}


def completed(template: Template, values: Mapping[str, str], now: dt.datetime) -> dict[str, str]:
    """Return the values with the time in the clerk's own zone; UsageError that names all fields that are missing."""
    missing = [each for each in template.fields if each.required and not values.get(each.name, "").strip()]
    if missing:
        told = "、".join(f"{each.label}（--{each.name}）" for each in missing)
        raise UsageError(f"書かれていない項目があります: {told}", "値を書いて、もう一度実行してください。")
    return {**values, "when": _time(values["when"], now)} if values.get("when") else dict(values)


def _time(text: str, now: dt.datetime) -> str:
    try:
        when = dt.datetime.fromisoformat(text.strip())
        local = when.astimezone()
    except (ValueError, OverflowError, OSError):
        raise UsageError("日時が読めません（--when）。", "2025-04-01 10:30 のように書いてください。") from None
    if local > now:
        raise UsageError("日時が今より後です（--when）。", "問題が起きた日時を書いてください。")
    return local.isoformat(" ", "minutes")
