"""Read which rules the accepted findings of a baseline were found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_MEND = "「aiguard baseline create」が作ったファイルを指定してください。"


def rules_of(file: Path) -> tuple[tuple[str, str], ...]:
    """Return the file and the rule of each entry of a baseline, whatever key its hashes were made with; StoreError."""
    import rtoml

    try:
        entries = rtoml.loads(file.read_text(encoding="utf-8-sig")).get("accepted", [])
    except (OSError, UnicodeDecodeError):
        raise StoreError(f"受け入れの一覧を読めません: {file}", _MEND) from None
    except rtoml.TomlParsingError:
        raise StoreError(f"受け入れの一覧が TOML として読めません: {file}", _MEND) from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise StoreError(f"受け入れの一覧ではありません: {file}", _MEND)
    return tuple((str(file), str(entry.get("rule", ""))) for entry in entries)
