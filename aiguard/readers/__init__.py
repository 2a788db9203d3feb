"""Turn a path, bytes or text into a `Document`; whatever cannot be read becomes `unchecked`, never an exception."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from aiguard import ready as re
from aiguard.errors import ReadError
from aiguard.model import Document, Segment, Unchecked, Use

if TYPE_CHECKING:
    from collections.abc import Callable

Content: TypeAlias = tuple[tuple[Segment, ...], tuple[Unchecked, ...]]

LIMIT: Final = 200_000_000

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


def _mail(text: str) -> Content:
    from aiguard.readers.plain import read_mail

    return read_mail(text)


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
    ".html": _markup,
    ".htm": _markup,
    ".xml": _markup,
    ".eml": _mail,
}

UNREADABLE: Final = frozenset(
    (
        ".docx .docm .dotx .xlsx .xlsm .xltx .xlsb .pptx .pptm .ppsx .doc .xls .ppt "
        ".rtf .odt .ods .odp .pdf .msg .pst .one "
        ".jtd .jtdc .jttc .jtt .jhd .xdw .xbd .xct .mdb .accdb .pub .vsd .vsdx .epub "
        ".zip .lzh .7z .rar .gz .bz2 .xz .tar .tgz .cab "
        ".png .jpg .jpeg .gif .bmp .tif .tiff .webp .heic .mp3 .wav .m4a .mp4 .mov .avi .exe .dll"
    ).split()
)


def read(path: Path, use: Use, limit: int = LIMIT) -> Document:
    """Read a file of at most `limit` bytes."""
    name = str(path)
    reason = _refusal(path.suffix)
    try:
        if reason is None or not path.is_file():
            with path.open("rb") as file:
                data = file.read(limit + 1)
            return read_bytes(data, name, use, limit)
    except (OSError, ValueError, MemoryError) as error:
        reason = _trouble(error)
    return _unchecked(name, use, reason)


def read_bytes(data: bytes, name: str, use: Use, limit: int = LIMIT) -> Document:
    """Read the bytes of a file called `name`, whose suffix decides how."""
    if len(data) > limit:
        return _unchecked(name, use, f"大きすぎて読めません（上限{limit // 1_000_000:,}MB）。分割してください")
    reason = _refusal(Path(name).suffix)
    if reason is not None:
        return _unchecked(name, use, reason)
    from aiguard.readers.decode import decode

    try:
        return read_text(decode(data), name, use)
    except ReadError as error:
        return _unchecked(name, use, error.message)
    except MemoryError as error:
        return _unchecked(name, use, _trouble(error))


def read_text(text: str, name: str, use: Use) -> Document:
    """Read text that stands for a file called `name`; half a surrogate pair becomes U+FFFD."""
    text = _encodable(text)
    parse = READERS.get(Path(name).suffix.lower(), _plain)
    segments, unchecked = parse(text)
    if _lost_to_shell(text):
        unchecked = (Unchecked(None, _QUESTION_MARKS), *unchecked)
    return Document(name, use, segments, unchecked)


def _refusal(suffix: str) -> str | None:
    if suffix.lower() not in UNREADABLE:
        return None
    return f"この形式（{suffix.lower()}）はまだ読めません。テキスト形式（.txt）で保存してください"


def _trouble(error: Exception) -> str:
    """Say in Japanese why a file could not be opened, without the system's message."""
    reasons = (
        (FileNotFoundError, "ファイルがありません"),
        (PermissionError, "読む権限がないか、ほかのソフトで使用中です"),
        (IsADirectoryError, "フォルダーなので読めません"),
        (MemoryError, "大きすぎて読めません。分割してください"),
    )
    return next((reason for kind, reason in reasons if isinstance(error, kind)), "ファイルを開けません")


def _unchecked(name: str, use: Use, reason: str) -> Document:
    return Document(name, use, unchecked=(Unchecked(None, reason),))


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
