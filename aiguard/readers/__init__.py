"""Turn a path, bytes or text into a `Document`; whatever cannot be read becomes `unchecked`, never an exception."""

from __future__ import annotations

from pathlib import Path

from aiguard.errors import ReadError
from aiguard.model import Document, Limits, Use, passing
from aiguard.readers.formats import TEXT, format_of, read_format
from aiguard.readers.refusals import REFUSALS
from aiguard.readers.source import Content, Source, joined, refused
from aiguard.readers.texts import parse_text


def read(path: Path, use: Use, limits: Limits | None = None) -> Document:
    """Read a file and, where it could tell something, its name."""
    limits = limits or Limits()
    name = str(path)
    try:
        return read_held(load(path, limits.bytes), name, use, limits)
    except ReadError as error:
        return named(Document(name, use, *refused(error.message)))


def read_held(data: bytes, name: str, use: Use, limits: Limits | None = None) -> Document:
    """Read bytes that are the content of a file, whether it exists or not, and, where it could tell something, its name."""
    return named(read_bytes(data, name, use, limits))


def named(document: Document) -> Document:
    """Return a document with its name to be checked too, where it could tell something."""
    from aiguard.readers.filenames import name_of

    told = name_of(Path(document.path))
    if told is None:
        return document
    return Document(document.path, document.use, (*document.segments, told), document.unchecked)


def load(path: Path, limit: int) -> bytes:
    """Return the bytes of a file, and one more than `limit` at most; ReadError says in Japanese why there are none."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except (OSError, ValueError, MemoryError) as error:
        raise ReadError(_trouble(error)) from None


def read_bytes(data: bytes, name: str, use: Use, limits: Limits | None = None) -> Document:
    """Read the bytes of a file called `name`; what they are decides how, then the suffix."""
    limits = limits or Limits()
    if len(data) > limits.bytes:
        reason = f"大きすぎて読めません（上限{limits.bytes // 1_000_000:,}MB）。分割してください"
        return Document(name, use, *refused(reason))
    form = format_of(data, name)
    if form == TEXT:
        return Document(name, use, *_text_content(data, name))
    from aiguard.readers.budget import Budget

    return Document(name, use, *read_format(Source(data, Path(name).name, Budget(limits, len(data)), _inside), form))


def read_text(text: str, name: str, use: Use) -> Document:
    """Read text that stands for a file called `name`; half a surrogate pair becomes U+FFFD."""
    return Document(name, use, *parse_text(text, name))


def is_text(data: bytes, name: str) -> bool:
    """Tell whether a file is read as text, so that its values can be replaced in place."""
    return format_of(data, name) == TEXT


def _inside(source: Source) -> Content:
    """Read a file that is inside another, and its name."""
    from aiguard.readers.filenames import name_of

    if source.depth > source.budget.limits.depth:
        return refused(
            f"入れ子が深すぎるため読めません（上限{source.budget.limits.depth}段）。取り出して保存してください"
        )
    form = format_of(source.data, source.name)
    content = _text_content(source.data, source.name) if form == TEXT else read_format(source, form)
    told = name_of(Path(source.name))
    return joined((content, ((told,), ()))) if told else content


def _text_content(data: bytes, name: str) -> Content:
    reason = REFUSALS.get(Path(name).suffix.lower())
    if reason is not None:
        return refused(reason)
    from aiguard.readers.decode import decode

    try:
        return parse_text(decode(data), name)
    except ReadError as error:
        return refused(error.message)
    except MemoryError as error:
        return refused(_trouble(error))


def _trouble(error: Exception) -> str:
    """Say in Japanese why a file could not be opened, without the system's message."""
    reasons = (
        (FileNotFoundError, passing.MISSING),
        (PermissionError, passing.FORBIDDEN),
        (IsADirectoryError, "フォルダーなので読めません"),
        (MemoryError, passing.NO_ROOM),
    )
    return next((reason for kind, reason in reasons if isinstance(error, kind)), passing.CLOSED)
