"""Read text by the suffix of its file: plain, tables, JSON; half a surrogate pair becomes U+FFFD."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from aiguard.model import Unchecked

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiguard.readers.source import Content

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
PARSERS: Final[dict[str, Callable[[str], Content]]] = {
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


def parse_text(text: str, name: str) -> Content:
    """Return the content of the text of a file called `name`."""
    text = _encodable(text)
    parse = PARSERS.get(PurePath(name).suffix.lower(), _plain)
    segments, unchecked = parse(text)
    if _lost_to_shell(text):
        unchecked = (Unchecked(None, _QUESTION_MARKS), *unchecked)
    return segments, unchecked


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
