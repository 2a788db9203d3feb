"""Hold what a command line asks of a run, and find the configuration that holds for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from aiguard.attribution import Declared
from aiguard.cli.fix import Fix
from aiguard.errors import UsageError
from aiguard.model import Config, Severity, Use
from aiguard.readers.selection import Selection


class Request(Struct, frozen=True):
    """Hold what the command line asks for."""

    paths: tuple[str, ...]
    use: Use
    files_from: Path | None = None
    stdin_filename: str | None = None
    format: str = "text"
    output: Path | None = None
    by: str = "place"
    config_file: Path | None = None
    pack: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: str | None = None
    fail_on: str | None = None
    exclude: tuple[str, ...] = ()
    today: str | None = None
    declared: Declared | None = None
    explains: bool = False
    declarations: Path | None = None
    prompt: Path | None = None
    against: tuple[Path, ...] = ()
    index: Path | None = None
    jobs: int | None = None
    names: Path | None = None
    records: Path | None = None
    fix: Fix | None = None
    baseline: Path | None = None
    key: Path | None = None
    quiet: bool = False
    meant: tuple[str, ...] = ()
    by_role: bool = False
    selection: Selection | None = None
    state: Path | None = None
    whole: bool = False
    engine: str = "local"
    address: str | None = None
    column: str | None = None
    results: str | None = None
    results_format: str = "jsonl"
    mask_paths: bool | None = None


def configuration(request: Request) -> Config:
    """Return the configuration that holds for a request; ConfigError."""
    from aiguard.config import load, override

    config = load(_start(request), request.config_file)
    config = override(
        config,
        select=request.select,
        ignore=request.ignore,
        min_severity=Severity(request.min_severity) if request.min_severity else None,
        fail_on=Severity(request.fail_on) if request.fail_on else None,
    )
    return replace(config, pack=request.pack) if request.pack else config


def day(text: str | None) -> dt.date | None:
    """Read the date of `--today`; UsageError."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        problem = f"--today の日付が読めません: {text}"
        raise UsageError(problem, "2026-04-01 のように書いてください。") from None


def least_shown(request: Request, config: Config) -> Severity:
    """Return the least severity that a terminal shows."""
    if request.min_severity:
        return Severity(request.min_severity)
    return max(Severity.WARN, config.min_severity, key=lambda severity: severity.rank)


def _start(request: Request) -> Path:
    """Return the folder whose configuration holds: that of the first path if there is one."""
    first = Path(request.paths[0]) if request.paths and request.paths[0] != "-" else Path()
    return first if first.is_dir() else first.parent if first.exists() else Path()
