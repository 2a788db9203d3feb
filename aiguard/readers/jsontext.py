r"""Read JSON and JSON Lines: decode the strings and render one line of text for each of them.

`{"name": "\u5c71\u7530"}` becomes `name: 山田`, so that the rules see what the receiver will see. Each rendered line
is a `Part` with the pointer (RFC 6901) and the line in the file. There is no recursion, no tree: nesting of any depth
costs a list entry, and a file of any size is read in one pass.
"""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.model import Part, Segment, Unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE: Final = r"[ \t\r\n]*+"
_STRING: Final = r'"((?:[^"\\]++|\\.)*+)"'
_NUMBER: Final = r"(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)"
_WORD: Final = r"(true|false|null|NaN|-?Infinity)"
_VALUE: Final = rf"(?P<value>{_STRING}|{_NUMBER}|{_WORD}|([{{\[])){_SPACE}"
_NO_KEY: Final = r"(?P<key>((?!)))?"
_MEMBER: Final = re.compile(rf"{_SPACE}(?P<key>{_STRING}){_SPACE}:{_SPACE}{_VALUE}", re.DOTALL)
_ITEM: Final = re.compile(rf"{_SPACE}{_NO_KEY}{_VALUE}", re.DOTALL)
_BLANK: Final = re.compile(_SPACE)
_LINE: Final = re.compile(r"[^\n]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_DECODER: Final = JSONDecoder(strict=False)

_LABEL_LENGTH: Final = 200
_BROKEN_LINES: Final = 20
_DAMAGED: Final = "JSONとして壊れているため、文字の並びとしてだけ確認しました"


class Leaf(NamedTuple):
    """Hold one line to be: where it begins in the file, its pointer, its key in an object, its value if it has one.

    `raw_key` and `raw_value` are where the two stand in the file, half-open, without quotation marks; `quoted` tells
    a string from a number.
    """

    position: int
    pointer: str
    key: str | None
    value: str | None
    raw_key: tuple[int, int] = (0, 0)
    raw_value: tuple[int, int] = (0, 0)
    quoted: bool = False


class _DamagedError(Exception):
    """Stop the walk: the text is not JSON."""


def read_json(text: str) -> tuple[tuple[Segment, ...], tuple[Unchecked, ...]]:
    """Return the rendered text of one JSON value, or of JSON Lines under the wrong suffix; damaged: the raw text."""
    if not text.strip():
        return (Segment(text),), ()
    segment = _whole(text) or _lines(text, 0)[0]
    if segment is None:
        return (Segment(text),), (Unchecked(None, _DAMAGED),)
    return (segment,), ()


def read_json_lines(text: str, first: int = 1) -> tuple[tuple[Segment, ...], tuple[Unchecked, ...]]:
    """Return the rendered text of JSON Lines; a damaged line stays raw and is reported as unchecked.

    `first` is the number of the first line, where the text is a piece of a file.
    """
    segment, broken = _lines(text, len(text), first)
    if broken and first == 1:
        whole = _whole(text)
        if whole is not None:
            return (whole,), ()
    named = tuple(Unchecked(f"{line}行目", _DAMAGED) for line in broken[:_BROKEN_LINES])
    more = len(broken) - len(named)
    rest = (Unchecked(None, f"ほか{more}行も{_DAMAGED}"),) if more else ()
    return (segment or Segment(text),), named + rest


def _whole(text: str) -> Segment | None:
    lines: list[str] = []
    parts: list[Part] = []
    line, counted, offset = 1, 0, 0
    try:
        for leaf in _walk(text, 0, len(text)):
            line += text.count("\n", counted, leaf.position)
            counted = leaf.position
            parts.append(Part(offset, leaf.pointer or None, line))
            lines.append(rendered(leaf))
            offset += len(lines[-1])
    except _DamagedError:
        return None
    return Segment("".join(lines), parts=tuple(parts))


def _lines(text: str, tolerated: int, first: int = 1) -> tuple[Segment | None, tuple[int, ...]]:
    """Render each line; give up (`None`) when more than `tolerated` are damaged, whose numbers are returned."""
    rendered: list[str] = []
    parts: list[Part] = []
    broken: list[int] = []
    number, counted, offset = first, 0, 0
    for found in _LINE.finditer(text):
        number += found.start() - counted  # what stands between two lines is line breaks only
        counted = found.end()
        for label, line in _line(text, found.start(), found.end(), number):
            if label is None:
                broken.append(number)
                if len(broken) > tolerated:
                    return None, tuple(broken)
            parts.append(Part(offset, label or f"{number}行目", number))
            rendered.append(line)
            offset += len(line)
    return Segment("".join(rendered), parts=tuple(parts)), tuple(broken)


def _line(text: str, start: int, end: int, number: int) -> list[tuple[str | None, str]]:
    """Return (label, rendered text) of each leaf of a line; a damaged line is its raw text without a label."""
    if not text[start:end].strip():
        return []
    try:
        return [(f"{number}行目 {leaf.pointer}".rstrip(), rendered(leaf)) for leaf in _walk(text, start, end)]
    except _DamagedError:
        return [(None, text[start:end] + "\n")]


def leaves(text: str, *, lines: bool) -> list[Leaf] | None:
    """Return the leaves of one JSON value, or of JSON Lines; None when the text is not that."""
    spans = [found.span() for found in _LINE.finditer(text)] if lines else [(0, len(text))]
    try:
        return [leaf for start, end in spans if text[start:end].strip() for leaf in _walk(text, start, end)]
    except _DamagedError:
        return None


def rendered(leaf: Leaf) -> str:
    """Return the line of text that stands for a leaf."""
    if leaf.key is None:
        return f"{leaf.value}\n"
    return f"{leaf.key}:\n" if leaf.value is None else f"{leaf.key}: {leaf.value}\n"


def _walk(text: str, start: int, end: int) -> Iterator[Leaf]:
    """Yield each string, number and key of the JSON value in `text[start:end]`; raise `_DamagedError` when it is none.

    `true`, `false`, `null` and containers yield their key only, and nothing when they have none.
    """
    outer: list[tuple[bool, str, int]] = []
    in_object, prefix, index, position = False, "", 0, start
    while True:
        match = (_MEMBER if in_object else _ITEM).match(text, position, end)
        if match is None:
            raise _DamagedError
        _, raw_key, _, string, number, _, opening = match.groups()
        key = None if raw_key is None else _decoded(raw_key, text, match.start(2))
        pointer = f"{prefix}/{index if key is None else escaped(key)}" if outer else ""
        value = number if string is None else _decoded(string, text, match.start(4))
        if key is not None or value is not None:
            begin = match.start("key" if key is not None else "value")
            raw_value = match.span(5 if string is None else 4)
            yield Leaf(begin, pointer, key, value, match.span(2), raw_value, string is not None)
        position = match.end()
        if opening:
            outer.append((in_object, prefix, index))
            in_object, prefix, index = opening == "{", _shortened(pointer), 0
            if not text.startswith("}" if in_object else "]", position, end):
                continue
        while outer and text.startswith("}" if in_object else "]", position, end):
            in_object, prefix, index = outer.pop()
            position = _after_blank(text, position + 1, end)
        if not outer:
            break
        if not text.startswith(",", position, end):
            raise _DamagedError
        position, index = position + 1, index + 1
    if position != end:
        raise _DamagedError


def _after_blank(text: str, position: int, end: int) -> int:
    match = _BLANK.match(text, position, end)
    return match.end() if match else position


def _decoded(raw: str, text: str, start: int) -> str:
    """Decode the escapes of a string that begins at `start`; half a surrogate pair becomes U+FFFD."""
    if "\\" not in raw:
        return raw
    try:
        value: str = _DECODER.raw_decode(text, start - 1)[0]
    except ValueError:  # its message holds the text
        raise _DamagedError from None
    return _SURROGATE.sub("\ufffd", value)


def escaped(key: str) -> str:
    """Write a key as a step of a pointer; a very long one is cut."""
    if "~" in key or "/" in key:
        key = key.replace("~", "~0").replace("/", "~1")
    return key if len(key) <= _LABEL_LENGTH else key[:_LABEL_LENGTH] + "…"


def _shortened(pointer: str) -> str:
    """Cut a pointer that would make the labels of a deep nesting grow with the square of its depth."""
    return pointer if len(pointer) <= _LABEL_LENGTH or pointer.endswith("…") else pointer[:_LABEL_LENGTH] + "…"
