"""Tell in a chat what was entered from what the AI said: exports as JSON, JSON Lines and CSV, and texts with headings.

Who speaks is said by a role beside the words (`role`, `author.role`: OpenAI's messages and exports, and whatever
follows them), by a column, or by a heading on a line of its own. Instructions to the system count as entered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from aiguard.model import Document, Part, Segment, Use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_ENTERED: Final = frozenset("user human system developer you あなた 利用者 職員 ユーザー 質問者 システム".split())
_SAID: Final = frozenset("assistant model ai bot gpt chatgpt tool 生成ai アシスタント 回答者".split())
# Said of staff and visitors in any register: who speaks only beside a word of the kind above or below.
_UNSURE: Final = frozenset("職員 利用者 質問者".split())
_ROLES: Final = frozenset("role 役割 発言者 話者 送信者 speaker".split())
# 質問 and 回答 are the headings of an FAQ, a document to be published: a question is no prompt.
_PROMPTS: Final = frozenset("prompt user_prompt user_message プロンプト 入力文 指示".split())
_ANSWERS: Final = frozenset("response completion answer assistant assistant_message 回答 応答 出力 出力文".split())
_CELL: Final = re.compile(r'("(?:[^"]|"")*+"?|[^"\r\n{0}][^\r\n{0}]*+|)({0}|\r?\n|\Z)'.replace("{0}", ","))
_HEADING: Final = re.compile(
    r"^[#*\s]{0,6}(?:(?P<entered>user|you|あなた|利用者|ユーザー|質問者|職員)|(?P<said>assistant|chatgpt|ai|生成ai|アシスタント|"
    r"LoGoAIアシスタント|QommonsAI))(?: said|の(?:発言|質問|回答))?[*\s]{0,4}[:：]?[*\s]{0,4}$",
    re.IGNORECASE | re.MULTILINE,
)


class _Cell(NamedTuple):
    """Hold a cell of a table as it is written, and what ends it."""

    text: str
    end: str

    @property
    def name(self) -> str:
        return self.text.strip('" \ufeff').lower()


def parted(document: Document) -> tuple[Document | None, Document | None]:
    """Return what was entered in a chat, and the rest, as a prompt and a document; no prompt where it is no chat.

    Both keep the places of the whole. The rest holds what could not be read, and the name of the file.
    """
    pairs = [(segment, _parted(segment)) for segment in document.segments]
    if not any(found for _, found in pairs):
        return None, document
    entered = tuple(found[0] for _, found in pairs if found and found[0].source.strip())
    rest = tuple(found[1] if found else segment for segment, found in pairs)
    prompt = replace(document, use=Use.PROMPT, segments=entered, unchecked=()) if entered else None
    return prompt, replace(document, segments=tuple(each for each in rest if each.source.strip()))


def _parted(segment: Segment) -> tuple[Segment, Segment] | None:
    if segment.aside:
        return None
    if segment.parts:
        return _by_pointer(segment)
    return _by_column(segment) if segment.delimiter == "," else _by_heading(segment)


def _by_pointer(segment: Segment) -> tuple[Segment, Segment] | None:
    """Part rendered JSON by the role that stands nearest above each value, or by what the value is called."""
    ends = (*(part.start for part in segment.parts[1:]), len(segment.source))
    texts = [segment.source[part.start : end] for part, end in zip(segment.parts, ends, strict=True)]
    words = dict(filter(None, map(_role, segment.parts, texts)))
    roles = {above: word in _ENTERED for above, word in words.items()} if set(words.values()) - _UNSURE else {}
    named = [_of(part.label or "", roles) for part in segment.parts]
    if True not in named:
        return None
    kept = [(part, text, entered is True) for part, text, entered in zip(segment.parts, texts, named, strict=True)]
    return _rendered(segment, kept, entered=True), _rendered(segment, kept, entered=False)


def _role(part: Part, text: str) -> tuple[str, str] | None:
    """Return the pointer to a message and the word for who speaks, from the part that says so."""
    above, _, key = (part.label or "").rpartition("/")
    value = text.partition(": ")[2].strip().lower()
    if key.lower() not in _ROLES or value not in _ENTERED | _SAID:
        return None
    return above.removesuffix("/author"), value


def _of(pointer: str, roles: dict[str, bool]) -> bool | None:
    """Tell whether a value was entered; None where nothing says who spoke."""
    above, _, key = pointer.rpartition("/")
    while above:
        if above in roles:
            return roles[above]
        if key.lower() in _PROMPTS:
            return True
        above, _, key = above.rpartition("/")
    return roles.get("", True if key.lower() in _PROMPTS else None)


def _rendered(segment: Segment, kept: Sequence[tuple[Part, str, bool]], *, entered: bool) -> Segment:
    parts: list[Part] = []
    texts: list[str] = []
    offset = 0
    for part, text, is_entered in kept:
        if is_entered is entered:
            parts.append(replace(part, start=offset))
            texts.append(text)
            offset += len(text)
    return replace(segment, source="".join(texts), parts=tuple(parts))


def _by_column(segment: Segment) -> tuple[Segment, Segment] | None:
    """Part a table by the column that says who spoke, or by columns for both."""
    rows = list(_rows(segment.source))
    heading = [cell.name for cell in rows[0]] if rows else []
    role = next((at for at, name in enumerate(heading) if name in _ROLES), None)
    prompts = {at for at, name in enumerate(heading) if name in _PROMPTS}
    spoken = {row[role].name for row in rows[1:] if len(row) > role} if role is not None else set()
    if role is not None and spoken & _ENTERED and spoken & (_ENTERED | _SAID) - _UNSURE:
        return _blanked(segment, rows, lambda row, _: _is_entered(row, role))
    if prompts and any(name in _ANSWERS for name in heading):
        return _blanked(segment, rows, lambda _, at: at in prompts)
    return None


def _is_entered(row: Sequence[_Cell], role: int) -> bool:
    return len(row) > role and row[role].name in _ENTERED


def _rows(source: str) -> Iterator[list[_Cell]]:
    row: list[_Cell] = []
    for found in _CELL.finditer(source):
        row.append(_Cell(found[1], found[2]))
        if found[2] != ",":
            yield row
            row = []


def _blanked(
    segment: Segment, rows: Sequence[Sequence[_Cell]], is_entered: Callable[[Sequence[_Cell], int], bool]
) -> tuple[Segment, Segment]:
    """Empty in each of two copies the cells of the other, so that all keep their places; both have the heading."""

    def copy(*, entered: bool) -> Segment:
        texts = [
            cell.text + cell.end if not number or is_entered(row, at) is entered else _blank(cell)
            for number, row in enumerate(rows)
            for at, cell in enumerate(row)
        ]
        return replace(segment, source="".join(texts))

    return copy(entered=True), copy(entered=False)


def _blank(cell: _Cell) -> str:
    breaks = "\n" * cell.text.count("\n")
    return (f'"{breaks}"' if breaks else "") + cell.end


def _by_heading(segment: Segment) -> tuple[Segment, Segment] | None:
    """Part a text whose speakers both stand in headings; what precedes the first belongs to neither, so to the rest."""
    found = list(_HEADING.finditer(segment.source))
    if not (any(each["entered"] for each in found) and any(each["said"] for each in found)):
        return None
    starts = [(0, False), *((each.start(), bool(each["entered"])) for each in found)]
    ends = (*(start for start, _ in starts[1:]), len(segment.source))
    pieces = [(segment.source[start:end], entered) for (start, entered), end in zip(starts, ends, strict=True)]

    def copy(*, entered: bool) -> Segment:
        return replace(
            segment, source="".join(text if is_ is entered else re.sub(r"[^\n]", "", text) for text, is_ in pieces)
        )

    return copy(entered=True), copy(entered=False)
