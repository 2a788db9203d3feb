"""Do the task of a child: read an input, or a piece of one, and report it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, msgpack
from msgspec.structs import replace

from aiguard import policy
from aiguard.batch import report_by_role, report_input
from aiguard.errors import ReadError
from aiguard.finding import numbered
from aiguard.model import DocumentReport
from aiguard.readers import is_text, named, read_bytes
from aiguard.readers.formats import is_parquet
from aiguard.readers.given import from_wire, to_wire
from aiguard.readers.inputs import Input
from aiguard.readers.longlines import Inside, belongs
from aiguard.readers.pieces import LARGE, PACKED, Piece, can_be_cut, cut, read_piece
from aiguard.rowgroups import cut_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiguard.checker import Checker
    from aiguard.workers import Work

_HEAD: Final = 1040
_CARRIED: Final = ("explains", "declarations", "prompt", "works", "names", "records", "accepted")


class Item(Struct, frozen=True):
    """Hold what is to be checked: a path, a piece of it, or with `data` the bytes of what goes by that name.

    `last`: what comes next belongs to another input.
    """

    input: Input
    data: bytes | None = None
    piece: Piece | None = None
    last: bool = True


class Sized(Struct, frozen=True):
    """Hold an item, its size in bytes, whether this process may read it, and whether it is to be cut.

    `name` is what its reports are remembered under, `known` says that they are.
    """

    item: Item
    size: int
    text: bool
    cut: bool = False
    name: bytes | None = None
    known: bool = False


class Reply(Struct, frozen=True):
    """Hold what came of an item: a report for each use that its text is for."""

    reports: tuple[DocumentReport, ...]


def sized(each: Input) -> Sized:
    """Look at an input: how large it is, and what is to be done with it."""
    if each.problem is not None:
        return Sized(Item(each), 0, text=True)
    if each.data is not None:
        return Sized(Item(each), len(each.data), is_text(each.data[:_HEAD], each.path))
    try:
        with Path(each.path).open("rb") as file:
            size, head = os.fstat(file.fileno()).st_size, file.read(_HEAD)
        text = is_text(head, each.path)
        large = size > LARGE and can_be_cut(each.path, head) if text else size > PACKED and _has_rows(each.path, head)
        return Sized(Item(each), size, text, large)
    except (OSError, ValueError):
        return Sized(Item(each), 0, text=True)


def portions(each: Sized) -> Iterator[Sized]:
    """Yield the pieces of a file that is to be cut, any other file whole.

    Where cutting fails in the middle, the rest comes as one item that says so.
    """
    if not each.cut:
        yield each
        return
    piece = None
    pieces = cut(each.item.input.path) if each.text else cut_rows(each.item.input.path)
    try:
        for following in pieces:
            if piece is not None:
                yield _portion(each, piece, last=False)
            piece = following
    except (ReadError, OSError) as error:
        if piece is not None:
            yield _portion(each, piece, last=False)
        yield _broken(each, error, piece)
        return
    if piece is not None:
        yield _portion(each, piece, last=True)


def _has_rows(path: str, head: bytes) -> bool:
    return is_parquet(head, Path(path).suffix.lower())


def _portion(each: Sized, piece: Piece, *, last: bool) -> Sized:
    return Sized(replace(each.item, piece=piece, last=last), piece.end - piece.start, text=True)


def _broken(each: Sized, error: ReadError | OSError, before: Piece | None) -> Sized:
    reason = error.message if isinstance(error, ReadError) else "ファイルを開けません"
    following = replace(before, number=before.number + 1) if before else None
    return Sized(Item(Input(each.item.input.path, reason), piece=following), 0, text=True)


def reply_to(item: Item, checker: Checker) -> Reply:
    """Check an item: once, or where chats are told apart by who speaks, for each use that it has."""
    if item.piece is not None and item.input.problem is None:
        document = read_piece(item.piece, checker.use)
        reports = report_by_role(document if item.piece.number else named(document), checker)
        return Reply(tuple(_of_piece(each, item.piece) for each in reports))
    if item.data is None:
        return Reply(report_input(item.input, checker))
    document = read_bytes(item.data, item.input.path, checker.use, checker.config.limits)
    return Reply(report_by_role(document, checker))


def _of_piece(report: DocumentReport, piece: Piece) -> DocumentReport:
    """Return the report of a piece without what its repeated heading, or what was read around it, holds."""
    inside = piece.inside or Inside(0, None)
    here = tuple(finding for finding in report.findings if belongs(finding.location, piece.lines, inside))
    claims = tuple(claim for claim in report.claims if belongs(claim.location, piece.lines, inside))
    verdict = policy.verdict(here, report.unchecked)
    findings = tuple(numbered(finding, piece.number) for finding in here)
    return replace(report, findings=findings, claims=claims, verdict=verdict)


def work_of(checker: Checker) -> Callable[[], Work]:
    """Return what makes the work of a child: a fork has the checker already, one that starts afresh makes it again."""
    from aiguard.workers import FORKS

    return partial(worker, checker) if FORKS else partial(fresh_worker, recipe(checker))


def worker(checker: Checker) -> Work:
    """Return what turns items into replies, both encoded."""
    decoder, encoder = msgpack.Decoder(tuple[Item, ...]), msgpack.Encoder()

    def work(data: bytes) -> bytes:
        items = (moved(item, from_wire) for item in decoder.decode(data))
        return encoder.encode(tuple(answered(reply_to(item, checker), to_wire) for item in items))

    return work


def moved(item: Item, rewrite: Callable[[str], str]) -> Item:
    """Rewrite the paths of an item: a name that is no text cannot be encoded as it is."""
    piece = item.piece and replace(item.piece, path=rewrite(item.piece.path))
    return replace(item, input=replace(item.input, path=rewrite(item.input.path)), piece=piece)


def answered(reply: Reply, rewrite: Callable[[str], str]) -> Reply:
    """Rewrite the paths of a reply."""
    return replace(reply, reports=tuple(replace(report, path=rewrite(report.path)) for report in reply.reports))


def recipe(checker: Checker) -> bytes:
    """Return what a child that starts afresh needs to make the checker again."""
    import pickle

    bare = (checker.config, checker.use, checker.today, checker.declared)
    rest = {name: getattr(checker, name) for name in _CARRIED}
    return pickle.dumps((bare, rest, checker.chats is not None))


def fresh_worker(recipe_: bytes) -> Work:
    """Return the work of a child that starts afresh."""
    return worker(fresh_checker(recipe_))


def fresh_checker(recipe_: bytes) -> Checker:
    """Make the checker of a recipe."""
    import pickle

    from aiguard.checker import prepare, with_chats

    bare, rest, by_role = pickle.loads(recipe_)  # noqa: S301 - from the parent
    checker = replace(prepare(*bare), **rest)
    return with_chats(checker) if by_role else checker
