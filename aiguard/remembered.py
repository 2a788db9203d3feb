"""Remember reports from one run to the next, by all that they hang on: the file, the rules, the options, the code.

A report is kept under a keyed hash over the path as given, the bytes of the file (or of a piece of a large one), the
files of the pack, of aiguard and of its libraries, and whatever of the options changes a report. What differs in any
of them has another name, so that nothing has to be invalidated. Reports that another run could better (time,
memory, permission) are not kept, nor those of a file that changed while it was read.
"""

from __future__ import annotations

import os
import stat
import sys
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import DecodeError, Struct, msgpack
from msgspec.structs import replace

from aiguard import policy, resources
from aiguard.checker import Checker, declared_name, place_of
from aiguard.model import Acceptance, DocumentReport, Pack, may_pass
from aiguard.readers.longlines import REACH
from aiguard.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

    from aiguard.readers.pieces import Piece
    from aiguard.store.state import State

Reports: TypeAlias = tuple[DocumentReport, ...]

_CHUNK: Final = 1 << 20
_INSTALLED: Final = (".dist-info", ".egg-info")
# Fields of a configuration that no report of a document hangs on, and of a checker what is looked at apart.
_SHOWN: Final = frozenset("pack min_severity fail_on exclude allow sources origins".split())
_APART: Final = frozenset("pack compiled config today declarations works records accepted chats".split())
_PLACES: Final = frozenset("rules root layers digest".split())  # of a pack: where it lies, and what is hashed apart
_PLAIN: Final = "."
_PERSON: Final = b"aiguard scan"


class Memory:
    """Remember the reports of one checker in a file of state; `found` and `kept` count what came from it and went."""

    def __init__(self, state: State, checker: Checker, key: bytes) -> None:
        self._state, self._checker, self._key = state, checker, key
        self._context = context(checker, key)
        self._accepted = _by_file(checker)
        self.found = self.kept = 0

    def name(self, path: str, piece: Piece | None = None) -> bytes | None:
        """Return what the report of a file, or of a piece of it, is kept under; None where it cannot be read.

        None also where findings carry hashes of their values for a baseline: these are kept nowhere else.
        """
        if self._checker.accepted is not None and self._checker.accepted.keeps:
            return None
        hashed = blake2b(self._context, digest_size=32, key=self._key, person=_PERSON)
        hashed.update(msgpack.encode((os.fsencode(path), self._about(path))))
        start, limit = 0, self._checker.config.limits.bytes + 1
        if piece is not None:
            rows = piece.batch and (
                piece.batch.group,
                piece.batch.first,
                piece.batch.count,
            )  # `heading` is of the whole
            hashed.update(msgpack.encode((piece.number, piece.lines, piece.rows, piece.heading, *(rows or ()))))
            reach = REACH if piece.inside else 0
            hashed.update(msgpack.encode((piece.inside, reach)) if piece.inside else b"")
            start = max(0, piece.start - reach)
            limit = piece.end + reach - start
        try:
            with Path(path).open("rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return None
                file.seek(start)
                for chunk in _chunks(file, limit):
                    hashed.update(chunk)
        except (OSError, ValueError):
            return None
        return hashed.digest()

    def has(self, name: bytes) -> bool:
        """Tell whether something is kept under a name; StoreError."""
        return self._state.has(name)

    def find(self, name: bytes, path: str) -> Reports:
        """Return the reports (one for each use) that are kept under a name, none where there is nothing; StoreError."""
        body = self._state.get(name)
        try:
            reports = msgpack.decode(body, type=tuple[DocumentReport, ...]) if body is not None else ()
        except DecodeError:
            return ()
        self.found += bool(reports)
        return tuple(replace(report, path=_spellings(path)[report.path == _PLAIN]) for report in reports)

    def keep(self, items: Iterable[tuple[bytes, str, Piece | None, Reports]]) -> None:
        """Keep what came of paths or pieces under their names, all at once, but what may not be kept; StoreError."""
        rows = {
            name: msgpack.encode(tuple(_unnamed(report, path) for report in reports))
            for name, path, piece, reports in items
            if not any(may_pass(report.unchecked) for report in reports) and self.name(path, piece) == name
        }
        if rows:
            self._state.put(rows)
            self.kept += len(rows)

    def _about(self, path: str) -> bytes:
        """Return what the options say of this one document."""
        checker = self._checker
        declared = checker.declarations.get(declared_name(path)) if checker.declarations else None
        recorded = os.path.realpath(path) if checker.records else None
        accepted: tuple[object, ...] = ()
        if checker.accepted is not None:
            name = policy.file_key(checker.accepted.key, place_of(path, checker.accepted.root))
            accepted = tuple(self._accepted.get(name, ()))
        return msgpack.encode((declared, recorded, accepted))


def context(checker: Checker, key: bytes) -> bytes:
    """Return a keyed hash over what every report of a checker hangs on."""
    config = checker.config
    allowed = [entry for entry in config.allow if entry.expires is None or entry.expires >= checker.today]
    options = (_without(config, _SHOWN), allowed)
    asked = (_without(checker, _APART), checker.chats is not None)
    beside = (_state_of(checker.records), _state_of(checker.works.index if checker.works else None))
    hashed = blake2b(msgpack.encode((options, asked, beside)), digest_size=64, key=key, person=_PERSON)
    hashed.update(msgpack.encode((__version__, sys.version, sys.platform, sorted(_libraries(sys.path)))))
    rules = [(replace(rule, spec=None), msgpack.encode(rule.spec)) for rule in checker.pack.rules]
    hashed.update(msgpack.encode((_without(checker.pack, _PLACES), rules)))
    for name, file in _files(checker.pack):
        data = file.read_bytes()
        hashed.update(msgpack.encode((name, len(data))))
        hashed.update(data)
    return hashed.digest()


def _spellings(path: str) -> tuple[str, str]:
    """Return the two ways in which reports name a path: as given, and as `pathlib` writes it."""
    return path, str(Path(path))


def _unnamed(report: DocumentReport, path: str) -> DocumentReport:
    """Return a report without its path, but how that is spelt."""
    return replace(report, path="" if report.path == path else _PLAIN)


def _without(value: Struct, fields: frozenset[str]) -> dict[str, object]:
    """Return the fields of a value but some; what is not known here counts."""
    return {name: getattr(value, name) for name in value.__struct_fields__ if name not in fields}


def _by_file(checker: Checker) -> dict[str, list[tuple[str, Acceptance]]]:
    """Sort what is accepted by file, so that a change of the baseline touches only the files that it is about."""
    files: dict[str, list[tuple[str, Acceptance]]] = {}
    for name, one in sorted(checker.accepted.entries.items()) if checker.accepted else ():
        files.setdefault(name[: policy.FILE], []).append((name, one))
    return files


def _files(pack: Pack) -> Iterator[tuple[str, Path]]:
    """Yield the files of the pack and what it builds on, of what packs share, and of the code, with their names."""
    folders = [Path(folder) for folder in pack.layers or (pack.root,)]
    shared = [*(folder.parent / "common" for folder in folders), resources.root() / "common"]
    wholes = ((folder, "*") for folder in (*folders, *shared))
    for folder, wanted in dict.fromkeys((*wholes, (Path(__file__).parent, "*.py"))):
        for file in sorted(folder.rglob(wanted)):
            if file.is_file():
                yield file.relative_to(folder).as_posix(), file


def _libraries(path: Sequence[str]) -> Iterator[str]:
    """Yield the names and versions of all that is installed, by the folders that say so."""
    for folder in path:
        try:
            yield from (each.name for each in Path(folder or ".").iterdir() if each.suffix in _INSTALLED)
        except OSError:
            continue


def _state_of(file: Path | None) -> tuple[tuple[int, int] | None, ...]:
    """Return size and time of a file of SQLite and of its log, which change with what is in it."""
    if file is None:
        return ()
    states: list[tuple[int, int] | None] = []
    for side in ("", "-wal"):
        try:
            status = os.stat(f"{file}{side}")  # noqa: PTH116 - a name with something added
            states.append((status.st_size, status.st_mtime_ns))
        except OSError:
            states.append(None)
    return tuple(states)


def _chunks(file: BinaryIO, limit: int) -> Iterator[bytes]:
    while limit > 0 and (chunk := file.read(min(_CHUNK, limit))):
        limit -= len(chunk)
        yield chunk
