"""Do the task of a child: read an input, or a piece of one, and report it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, msgpack
from msgspec.structs import replace

from aiguard.batch import Checker, report_document, report_inputs
from aiguard.errors import ReadError
from aiguard.finding import numbered
from aiguard.model import DocumentReport
from aiguard.readers import is_text, read_bytes
from aiguard.readers.inputs import Input
from aiguard.readers.pieces import SIZE, Piece, can_be_cut, cut, read_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiguard.workers import Work

_HEAD: Final = 1040


class Item(Struct, frozen=True):
    """Hold what is to be checked: a path, a piece of it, or with `data` the bytes of what goes by that name.

    `last`: what comes next belongs to another input.
    """

    input: Input
    data: bytes | None = None
    piece: Piece | None = None
    last: bool = True


class Sized(Struct, frozen=True):
    """Hold an item, its size in bytes, whether this process may read it, and whether it is to be cut."""

    item: Item
    size: int
    text: bool
    cut: bool = False


class Reply(Struct, frozen=True):
    """Hold what came of an item: a report for each use that its text is for."""

    reports: tuple[DocumentReport, ...]


def sized(each: Input) -> Sized:
    """Look at an input: how large it is, and what is to be done with it."""
    if each.problem is not None:
        return Sized(Item(each), 0, text=True)
    try:
        with Path(each.path).open("rb") as file:
            size, head = os.fstat(file.fileno()).st_size, file.read(_HEAD)
        text = is_text(head, each.path)
        return Sized(Item(each), size, text, text and size > 2 * SIZE and can_be_cut(each.path, head))
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
    try:
        for following in cut(each.item.input.path):
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


def _portion(each: Sized, piece: Piece, *, last: bool) -> Sized:
    return Sized(replace(each.item, piece=piece, last=last), piece.end - piece.start, text=True)


def _broken(each: Sized, error: ReadError | OSError, before: Piece | None) -> Sized:
    reason = error.message if isinstance(error, ReadError) else "ファイルを開けません"
    following = replace(before, number=before.number + 1) if before else None
    return Sized(Item(Input(each.item.input.path, reason), piece=following), 0, text=True)


def reply_to(item: Item, checker: Checker) -> Reply:
    """Check an item."""
    if item.piece is not None and item.input.problem is None:
        return Reply((_of_piece(item.piece, checker),))
    if item.data is None:
        return Reply(tuple(report_inputs((item.input,), checker)))
    document = read_bytes(item.data, item.input.path, checker.use, checker.config.limits)
    return Reply((report_document(document, checker),))


def _of_piece(piece: Piece, checker: Checker) -> DocumentReport:
    """Report a piece, without what its repeated heading holds."""
    report = report_document(read_piece(piece, checker.use), checker)
    here = tuple(finding for finding in report.findings if finding.location.line > piece.lines)
    return replace(report, findings=tuple(numbered(finding, piece.number) for finding in here))


def work_of(checker: Checker) -> Callable[[], Work]:
    """Return what makes the work of a child: a fork has the checker already, one that starts afresh makes it again."""
    from aiguard.workers import FORKS

    return partial(worker, checker) if FORKS else partial(fresh_worker, recipe(checker))


def worker(checker: Checker) -> Work:
    """Return what turns items into replies, both encoded."""
    decoder, encoder = msgpack.Decoder(tuple[Item, ...]), msgpack.Encoder()

    def work(data: bytes) -> bytes:
        return encoder.encode(tuple(reply_to(item, checker) for item in decoder.decode(data)))

    return work


def recipe(checker: Checker) -> bytes:
    """Return what a child that starts afresh needs to make the checker again."""
    import pickle

    bare = (checker.config, checker.use, checker.today, checker.declared)
    rest = (checker.explains, checker.declarations, checker.prompt, checker.works, checker.names, checker.records)
    return pickle.dumps((bare, rest))


def fresh_worker(recipe_: bytes) -> Work:
    """Return the work of a child that starts afresh."""
    import pickle

    from aiguard.batch import prepare

    bare, (explains, declarations, prompt, works, names, records) = pickle.loads(recipe_)  # noqa: S301 - from the parent
    checker = prepare(*bare)
    return worker(
        replace(
            checker,
            explains=explains,
            declarations=declarations,
            prompt=prompt,
            works=works,
            names=names,
            records=records,
        )
    )
