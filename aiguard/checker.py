"""Hold what every document of a run is checked with: the pack, compiled, the configuration, what was declared."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from aiguard import pack as packs
from aiguard import policy, regexes, resources
from aiguard.attribution import Declared
from aiguard.compiling import Compiled, compile_pack
from aiguard.model import (
    Accepted,
    Config,
    Pack,
    ServiceVerdict,
    Use,
)

if TYPE_CHECKING:
    from aiguard.works import Works  # noqa: TC004 - named only: a checker is never read from anywhere


class Checker(Struct, frozen=True):
    """Hold what every document of a run is checked with.

    `declarations` say of single documents, by the name of `declared_name`, what `declared` says of the rest; `prompt`
    is what the AI was asked for a draft, as far as it is known. `chats` are the rules of prompts for what was entered in
    chats, where these are told apart by who speaks.
    """

    pack: Pack
    compiled: Compiled
    config: Config
    use: Use
    today: dt.date
    declared: Declared | None = None
    explains: bool = False
    declarations: dict[str, Declared] = {}
    prompt: str | None = None
    works: Works | None = None
    names: tuple[str, ...] = ()
    records: Path | None = None
    accepted: Accepted | None = None
    chats: Compiled | None = None
    services: tuple[ServiceVerdict, ...] = ()


def prepare(config: Config, use: Use, today: dt.date | None = None, declared: Declared | None = None) -> Checker:
    """Load and compile the pack that the configuration names; PackError, ConfigError."""
    folder = packs.find(config.pack)
    pack = packs.load(folder)
    patterns = packs.patterns(pack)
    if not folder.is_relative_to(resources.root()) and not regexes.are_kept(patterns):
        packs.check_patterns(pack)
    regexes.keep(patterns)
    policy.check_names(config, pack)
    compiled = compile_pack(pack, use, resources.lexicon, resources.name_model, resources.classifier)
    return Checker(pack, compiled, config, use, today or dt.date.today(), declared)  # noqa: DTZ011 - the clerk's own day


def declared_name(path: str) -> str:
    """Return what a path is called in declarations, however it is written."""
    import os

    return os.path.normcase(os.path.realpath(path))


def place_of(path: str, root: str) -> str:
    """Return what a path is called in a baseline: from its folder, with slashes, whoever calls it from where."""
    import os
    import unicodedata

    real = os.path.realpath(path)
    with suppress(ValueError):  # another drive of Windows
        real = os.path.relpath(real, root)
    return unicodedata.normalize("NFC", real.replace(os.sep, "/"))


def with_chats(checker: Checker) -> Checker:
    """Return a checker of documents that checks what was entered in a chat as a prompt."""
    compiled = compile_pack(checker.pack, Use.PROMPT, resources.lexicon, resources.name_model, resources.classifier)
    return replace(checker, chats=compiled)
