"""Hand a file, or a file inside a file, to the reader of its format."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec.structs import replace

from aiguard.errors import ReadError
from aiguard.model import Part, Segment, Unchecked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiguard.readers.budget import Budget

Content: TypeAlias = tuple[tuple[Segment, ...], tuple[Unchecked, ...]]


class Source(NamedTuple):
    """Hold the bytes to read and what reading them may cost.

    `name` is the file's own name, whose suffix may decide; `inside` reads what is in a container: it never raises,
    what cannot be read comes back as unchecked.
    """

    data: bytes
    name: str
    budget: Budget
    inside: Callable[[Source], Content]
    depth: int = 0

    def __repr__(self) -> str:
        """Keep the content out of messages."""
        return f"Source({len(self.data)} bytes)"

    def read_member(self, data: bytes, name: str, label: str) -> Content:
        """Read a file inside this one: its name, and its content with `label` (and `!`) before every label.

        A name that could tell something is a segment of its own.
        """
        return labelled(self.inside(self._replace(data=data, name=name, depth=self.depth + 1)), label)


def labelled(content: Content, label: str) -> Content:
    """Put the label of a container's member before every label of its content: `b.docx!ヘッダー`."""
    segments, unchecked = content
    return (
        tuple(_segment(each, label) for each in segments),
        tuple(Unchecked(_joined(label, each.label), each.reason) for each in unchecked),
    )


def joined(contents: Iterable[Content]) -> Content:
    """Put contents one after the other."""
    segments: list[Segment] = []
    unchecked: list[Unchecked] = []
    for some, others in contents:
        segments += some
        unchecked += others
    return tuple(segments), tuple(unchecked)


def refused(reason: str, label: str | None = None) -> Content:
    """Return the content of what cannot be read: nothing, and why."""
    return (), (Unchecked(label, reason),)


def guarded(label: str | None, read: Callable[[], Content]) -> Content:
    """Read a part of a file, so that one that cannot be read leaves the others: it is unchecked, under its label."""
    try:
        return read()
    except ReadError as error:
        return refused(error.message, label)
    except RecursionError:
        return refused("入れ子が深すぎるため読めません", label)


def only(segment: Segment | None) -> Content:
    """Return the content of a segment, or of nothing."""
    return ((segment,) if segment else ()), ()


def paragraphs(lines: Iterable[tuple[str, str]], *, label: str | None = None, aside: bool = False) -> Segment | None:
    """Return a segment of (label, text) pairs, a line each, located by their labels; None where nothing is said.

    Line breaks inside a text stay; a text that is blank is left out.
    """
    parts: list[Part] = []
    texts: list[str] = []
    offset, line = 0, 1
    for name, text in lines:
        if not text.strip():
            continue
        parts.append(Part(offset, name, line))
        texts.append(f"{text}\n")
        offset += len(text) + 1
        line += text.count("\n") + 1
    return Segment("".join(texts), label=label, parts=tuple(parts), aside=aside) if texts else None


def _segment(segment: Segment, label: str) -> Segment:
    parts = tuple(replace(part, label=_joined(label, part.label)) if part.label else part for part in segment.parts)
    return replace(segment, label=_joined(label, segment.label), parts=parts)


def _joined(container: str, label: str | None) -> str:
    return f"{container}!{label}" if label else container


def damaged(kind: str) -> ReadError:
    """Return the error that says that a file of a kind ("Word文書") is damaged."""
    return ReadError(f"{kind}として壊れているため読めません。元のソフトで開いて保存し直してください")
