"""Hold what a group of an RTF file inherits and changes: where its text goes, fonts, hidden text, rows of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.readers.rtf_flow import DELETED, HIDDEN, Flow, Page
from aiguard.readers.rtf_words import CHARSETS, TWO_BYTES, codec_of

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_SKIPPED: Final = 4  # bytes that stand for a character written as a number; more would hide text


class Group(NamedTuple):
    """Hold what holds in a group; `flow` is where its text goes, `role` what it is there for.

    `skipped` is how many bytes follow a character written as a number, for programs that cannot read it; `opened` is
    the flow that the group or one around it began, `outer` flow and role of a text that is written in two ways.
    """

    flow: Flow | None
    codec: str
    role: str = ""
    skipped: int = 1
    hidden: bool = False
    deleted: bool = False
    row: bool = False
    opened: Flow | None = None
    outer: tuple[Flow | None, str] | None = None

    @property
    def kind(self) -> str:
        """Return what its text is, "" being what a reader sees."""
        return DELETED if self.deleted else HIDDEN if self.hidden else ""


class Fonts:
    """Hold the codecs of the fonts by their numbers, and that of the file, as `decoded` takes them."""

    def __init__(self) -> None:
        self.codec = "cp932/cp1252"  # of files that name no code page
        self.codecs: dict[int, str] = {}
        self.defined = self.default = 0

    def of(self, number: int | None) -> str:
        """Return the codec of a font."""
        return self.codecs.get(number or 0, self.codec)


def _page(group: Group, fonts: Fonts, value: int | None) -> Group:
    fonts.codec = codec_of(value or 0) or fonts.codec
    return group._replace(codec=fonts.codec)


def _default(group: Group, fonts: Fonts, value: int | None) -> Group:
    fonts.default = value or 0
    return group


def _font(group: Group, fonts: Fonts, value: int | None) -> Group:
    if group.role == "fonttbl":
        fonts.defined = value or 0
        return group
    return group._replace(codec=fonts.of(value))


def _charset(group: Group, fonts: Fonts, value: int | None) -> Group:
    """Note the code page of a font; the Western one (0) in a file of Japan may mean either, 1 is that of the file."""
    western = f"{fonts.codec}/cp1252" if fonts.codec.startswith(TWO_BYTES) else "cp1252"
    fonts.codecs[fonts.defined] = CHARSETS.get(value or 0, fonts.codec if value else western)
    return group


def _font_page(group: Group, fonts: Fonts, value: int | None) -> Group:
    fonts.codecs[fonts.defined] = codec_of(value or 0) or fonts.of(fonts.defined)
    return group


def _plain(group: Group, fonts: Fonts, _: int | None) -> Group:
    return group._replace(codec=fonts.of(fonts.default), hidden=False, deleted=False)


def _skipped(group: Group, _: Fonts, value: int | None) -> Group:
    return group._replace(skipped=min(max(1 if value is None else value, 0), _MOST_SKIPPED))


def _two_ways(group: Group, _: Fonts, __: int | None) -> Group:
    return group._replace(flow=None, role="dead", outer=(group.flow, group.role))


def _better_way(group: Group, _: Fonts, __: int | None) -> Group:
    if group.outer is None:
        return group
    flow, role = group.outer
    return group._replace(flow=flow, role=role, outer=None)


# Words that change what holds in a group; where they take a number, 0 ends what they begin.
FORMATS: Final[dict[str, Callable[[Group, Fonts, int | None], Group]]] = {
    "ansicpg": _page,
    "deff": _default,
    "f": _font,
    "fcharset": _charset,
    "cpg": _font_page,
    "plain": _plain,
    "uc": _skipped,
    "upr": _two_ways,
    "ud": _better_way,
    "v": lambda group, _, value: group._replace(hidden=value != 0),
    "webhidden": lambda group, _, value: group._replace(hidden=value != 0),
    "deleted": lambda group, _, value: group._replace(deleted=value != 0),
    "mvf": lambda group, _, value: group._replace(deleted=value != 0),
    "intbl": lambda group, _, value: group._replace(row=value != 0),
    "itap": lambda group, _, value: group._replace(row=value != 0),
    "pard": lambda group, _, __: group._replace(row=False),
}
# Words that end a paragraph, a cell or a row.
ENDS: Final[dict[str, Callable[[Page, Flow, Group], None]]] = {
    "par": lambda page, flow, group: page.end_line(flow, in_row=group.row),
    "sect": lambda page, flow, _: page.end_line(flow, in_row=False),
    "cell": lambda page, flow, _: page.end_cell(flow),
    "row": lambda page, flow, _: page.end_row(flow),
    "ftnalt": lambda page, flow, _: page.turn(flow),
}
