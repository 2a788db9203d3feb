"""Turn a path, bytes or text into a `Document`; whatever cannot be read becomes `unchecked`, never an exception."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.model import Document, Limits, Unchecked, Use
from aiguard.readers.formats import TEXT, format_of, read_format
from aiguard.readers.refusals import REFUSALS
from aiguard.readers.source import Content, Source, joined, refused

if TYPE_CHECKING:
    from collections.abc import Callable

_SHELL_LEAST: Final = 10
_FLOOD: Final = 20
_JAPANESE: Final = re.compile("[\u3040-\u30ff]|[\u4e00-\u9fff]|[\uff66-\uff9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_QUESTION_MARKS: Final = (
    "文字の多くが「?」に変わっています（日本語を渡せないコマンドから入力された可能性があります）。"
    "ファイルに保存してから確認してください"
)


def _plain(text: str) -> Content:
    from aiguard.readers.plain import read_plain

    return read_plain(text)


def _markup(text: str) -> Content:
    from aiguard.readers.plain import read_markup

    return read_markup(text)


def _csv(text: str) -> Content:
    from aiguard.readers.table import read_table

    return read_table(text, ",")


def _tsv(text: str) -> Content:
    from aiguard.readers.table import read_table

    return read_table(text, "\t")


def _json(text: str) -> Content:
    from aiguard.readers.jsontext import read_json

    return read_json(text)


def _json_lines(text: str) -> Content:
    from aiguard.readers.jsontext import read_json_lines

    return read_json_lines(text)


# A suffix that is not listed is read as plain text.
READERS: Final[dict[str, Callable[[str], Content]]] = {
    ".txt": _plain,
    ".md": _plain,
    ".log": _plain,
    ".csv": _csv,
    ".tsv": _tsv,
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".xml": _markup,
}


def read(path: Path, use: Use, limits: Limits | None = None) -> Document:
    """Read a file and, where it could tell something, its name."""
    from aiguard.readers.filenames import name_of

    limits = limits or Limits()
    name = str(path)
    try:
        document = read_bytes(load(path, limits.bytes), name, use, limits)
    except ReadError as error:
        document = Document(name, use, *refused(error.message))
    told = name_of(path)
    return document if told is None else Document(name, use, (*document.segments, told), document.unchecked)


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
    return Document(name, use, *_parsed(text, name))


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
        return _parsed(decode(data), name)
    except ReadError as error:
        return refused(error.message)
    except MemoryError as error:
        return refused(_trouble(error))


def _parsed(text: str, name: str) -> Content:
    text = _encodable(text)
    parse = READERS.get(Path(name).suffix.lower(), _plain)
    segments, unchecked = parse(text)
    if _lost_to_shell(text):
        unchecked = (Unchecked(None, _QUESTION_MARKS), *unchecked)
    return segments, unchecked


def _trouble(error: Exception) -> str:
    """Say in Japanese why a file could not be opened, without the system's message."""
    reasons = (
        (FileNotFoundError, "ファイルがありません"),
        (PermissionError, "読む権限がないか、ほかのソフトで使用中です"),
        (IsADirectoryError, "フォルダーなので読めません"),
        (MemoryError, "大きすぎて読めません。分割してください"),
    )
    return next((reason for kind, reason in reasons if isinstance(error, kind)), "ファイルを開けません")


def _encodable(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _lost_to_shell(text: str) -> bool:
    """Tell whether a fifth of the characters are `?`, which is what a shell leaves of text it cannot encode.

    Beside Japanese letters, which a shell lost none of, it takes half of them, and twenty.
    """
    lost = text.count("?") + text.count("\ufffd")
    if not lost:
        return False
    visible = sum(map(len, text.split()))
    if _JAPANESE.search(text):
        return lost >= _FLOOD and lost * 2 >= visible
    return visible >= _SHELL_LEAST and lost * 5 >= visible
