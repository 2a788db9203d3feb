"""Examine the installation: versions, dictionary, pack, and a check with the network taken away."""

from __future__ import annotations

import platform
import socket
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from aiguard import pack as packs
from aiguard.errors import AiguardError
from aiguard.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARIES = ("typer", "rich", "fugashi", "unidic-lite", "regex", "msgspec", "rtoml", "ahocorasick-rs")
_WITHOUT = "入っていません（Parquetを読むときだけ要ります。pip install 'aiguard[parquet]'）"
_SAMPLE = "申請者は佐藤花子さん、電話は090-0000-0000です。"


class Examination(Struct, frozen=True):
    """Hold what was found, in lines for people."""

    lines: tuple[str, ...]
    healthy: bool


def examine(pack: str | None = None) -> Examination:
    """Examine everything a check needs."""
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("aiguard", lambda: __version__),
        ("Python", lambda: f"{platform.python_version()}（{sys.platform}）"),
        *((name, lambda name=name: version(name)) for name in LIBRARIES),
        ("pyarrow", _parquet),
        ("辞書", _dictionary),
        ("ルールパック", lambda: _pack(pack)),
        ("通信なしの点検", lambda: _check_offline(pack)),
    )
    outcomes = tuple(_try(name, step) for name, step in steps)
    return Examination(tuple(line for line, _ in outcomes), all(good for _, good in outcomes))


def _try(name: str, step: Callable[[], str]) -> tuple[str, bool]:
    try:
        return f"○ {name}: {step()}", True
    except PackageNotFoundError:
        return f"× {name}: 入っていません。pip install aiguard で入れ直してください。", False
    except AiguardError as error:
        return f"× {name}: {error.message}", False
    except Exception as error:  # noqa: BLE001 - whatever is broken, say it and go on
        return f"× {name}: 動きません（{type(error).__name__}）", False


def _parquet() -> str:
    try:
        return version("pyarrow")
    except PackageNotFoundError:
        return _WITHOUT


def _dictionary() -> str:
    from aiguard.morph import tokens

    tags = [tag for _, _, tag in tokens("佐藤花子")]
    return "人名を読めます" if tags == ["姓", "名"] else _fail()


def _pack(name: str | None) -> str:
    loaded = packs.load(packs.find(name))
    return f"{loaded.guideline.title}、規則{len(loaded.rules)}件"


def _check_offline(name: str | None) -> str:
    """Check a text while every way to open a socket raises."""
    from aiguard.api import check_text
    from aiguard.model import Config, Verdict

    opened = socket.socket
    socket.socket = _Forbidden  # type: ignore[misc, assignment]
    try:
        report = check_text(_SAMPLE, config=Config(pack=name))
    finally:
        socket.socket = opened  # type: ignore[misc]
    return "見つけるべきものを見つけました" if report.verdict is Verdict.BLOCK else _fail()


class _Forbidden:
    """Stand in for a socket, and refuse."""

    def __init__(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - as a socket takes them
        raise ConnectionRefusedError


def _fail() -> str:
    raise RuntimeError
