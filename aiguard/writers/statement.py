"""Put the statement of AI use (8.4) into a draft, and keep everything else byte for byte."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath
from typing import Final, NamedTuple

from aiguard.errors import UsageError
from aiguard.model import Limits
from aiguard.readers.budget import Budget
from aiguard.readers.formats import TEXT, format_of
from aiguard.readers.package import Package
from aiguard.writers import package_statement as packages
from aiguard.writers import text_statement as texts
from aiguard.writers.xml_part import NoPlace

_NOTES: Final = frozenset({".md", ".markdown"})
_TEXTS: Final = frozenset({".txt", ".text", "", *_NOTES})
_PAGES: Final = frozenset({".html", ".htm", ".xhtml"})
_NO_FORM: Final = "この形式には書き込めないため、別のファイルにしました"
_BAD: Final = "明示の文に、書き込めない文字があります。"
_NAME: Final = "--ai の名前を確かめてください。"
_SIDECAR: Final = "{name} の生成AI利用の明示\n{statement}\n"


class At(StrEnum):
    """List the places of a statement."""

    END = "end"
    START = "start"
    FOOTER = "footer"


class Stated(NamedTuple):
    """Hold a draft with its statement; where it cannot hold one, `beside` is the text of a file beside it, and why."""

    data: bytes = b""
    beside: str = ""
    reason: str = ""


def insert(data: bytes, name: str, statement: str, at: At = At.END) -> bytes:
    """Return the bytes of a file called `name` with a statement put into it.

    A text or a page has it as its last (or first) paragraph, "footer" being the end of a text. A workbook has it below
    the cells of its first sheet; at the start, where it would move cells, it is printed as a header. NoPlace where the
    format or the file has no room for it, ReadError where the file is damaged or takes a password, UsageError where
    its encoding cannot hold the statement.
    """
    if not statement.isprintable():
        raise UsageError(_BAD, _NAME)
    form, suffix = format_of(data, name), PurePath(name).suffix.lower()
    if form == TEXT and suffix in _TEXTS:
        return texts.insert_text(data, statement, at, note=suffix in _NOTES)
    if form == "html" and suffix in _PAGES:
        return texts.insert_page(data, statement, at)
    if not packages.holds(form):
        raise NoPlace(_NO_FORM)
    return packages.insert(data, Package(data, Budget(Limits(), len(data))), form, statement, at)


def replace(data: bytes, name: str, statement: str, old: str, span: tuple[int, int] | None) -> bytes | None:
    """Return a text or a page in which a statement stands for `old`; None where that cannot be told apart.

    `span` is where `old` stands in a text (code points). UsageError as for `insert`.
    """
    form, suffix = format_of(data, name), PurePath(name).suffix.lower()
    if form == "html" and suffix in _PAGES:
        return texts.replace_page(data, old, statement)
    if form == TEXT and suffix in _TEXTS and span is not None:
        return texts.replace_text(data, span, old, statement)
    return None


def shown(data: bytes, name: str) -> str | None:
    """Return the text of a text or a page as its file holds it; None for other formats."""
    form, suffix = format_of(data, name), PurePath(name).suffix.lower()
    known = suffix in _TEXTS if form == TEXT else form == "html" and suffix in _PAGES
    return texts.text_of(data, page=form == "html") if known else None


def state(data: bytes, path: PurePath, statement: str, at: str, old: tuple[int, int] | None = None) -> Stated:
    """Return a draft with a statement, or what goes beside it; errors as for `insert`, but for NoPlace.

    `old` is where in the text of a text file a statement in another form stands (code points): it is replaced.
    """
    if old is not None and format_of(data, path.name) == TEXT and path.suffix.lower() in _TEXTS:
        done = texts.replace_text(data, old, None, statement)
        if done is not None:
            return Stated(done)
    try:
        return Stated(insert(data, path.name, statement, At(at)))
    except NoPlace as error:
        return Stated(beside=_SIDECAR.format(name=path.name, statement=statement), reason=error.message)
