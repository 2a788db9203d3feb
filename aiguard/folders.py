"""Find the folders of the user's own: settings, records, keys and maps, and what can be made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def settings() -> Path | None:
    """Return the folder of the user's settings; None where the system knows no home for the user, as for services."""
    from platformdirs import user_config_path

    try:
        return user_config_path("aiguard")
    except RuntimeError:  # what pathlib raises
        return None


def data() -> Path:
    """Return the folder of records, keys and maps; UsageError where the system knows no home for the user."""
    from platformdirs import user_data_path

    try:
        return user_data_path("aiguard", appauthor=False)
    except RuntimeError:
        raise _homeless() from None


def cache() -> Path:
    """Return the folder of what can be made anew; UsageError where the system knows no home for the user."""
    from platformdirs import user_cache_path

    try:
        return user_cache_path("aiguard", appauthor=False)
    except RuntimeError:
        raise _homeless() from None


def _homeless() -> UsageError:
    problem = "利用者のフォルダー（ホーム）が分からないため、保存する場所を決められません。"
    return UsageError(problem, "環境変数 HOME を設定するか、ファイルの場所をオプションで指定してください。")
