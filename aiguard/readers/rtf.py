"""Read Rich Text Format (.rtf): Microsoft's specification 1.9.1, as Word, WordPad and LibreOffice write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aiguard.model import Unchecked
from aiguard.readers.rtf_flow import BODY, INFO, OTHER, Flow, Page
from aiguard.readers.rtf_groups import ENDS, FORMATS, Fonts, Group
from aiguard.readers.rtf_objects import read_object
from aiguard.readers.rtf_words import (
    CHARACTERS,
    DEAD,
    NOTED,
    PLACES,
    PROPERTIES,
    SHAPES,
    SIGNS,
    THROUGH,
    TWO_BYTES,
    VALUES,
    decoded,
)
from aiguard.readers.source import joined

if TYPE_CHECKING:
    from aiguard.readers.source import Content, Source

_REST: Final = rb"|\\(?:'([0-9A-Fa-f]{2})|([A-Za-z]{1,40})(-?[0-9]{1,20})? ?|([\s\S]?))|([{}])"
_NARROW: Final = re.compile(rb"([^\\{}]++)" + _REST)
# The second byte of a letter may be a backslash or a brace, where a program writes the bytes as they are.
_WIDE: Final = re.compile(rb"((?:[^\\{}\x80-\xff]++|[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]|[\x80-\xff])++)" + _REST)
_BREAKS: Final = b"\r\n\0"
_PICTURES: Final = "画像{}点は確認していません。目で見て確かめてください"
_LOST: Final = "文字コードが分からず読めない文字があります。Wordで開き、.docx形式で保存してください"
_BINARY: Final = "埋め込まれたデータは確認していません。Wordで開いて確かめてください"
_CUT: Final = "途中で切れているため、読めたところまでを確認しました。元のソフトで開いて保存し直してください"


def read_rtf(source: Source) -> Content:
    """Read a document: its body, then the other places, what is not on the page, and the files inside it."""
    reader = _Reader(source)
    reader.read()
    count = reader.pictures or reader.older
    faults = {_PICTURES.format(count): count, _LOST: reader.lost, _BINARY: reader.binary, _CUT: reader.cut}
    return joined(
        (
            (reader.page.segments(), ()),
            *(read_object(each, number, source) for number, each in enumerate(reader.objects, 1)),
            ((), tuple(Unchecked(None, reason) for reason, true in faults.items() if true)),
        )
    )


class _Reader:
    """Go through the tokens of a file once; groups are kept on a stack, and bytes in a buffer until they end."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.page = Page()
        self.fonts = Fonts()
        self.body = Flow(BODY, BODY)
        self.group = Group(self.body, self.fonts.codec)
        self.stack: list[Group] = []
        self.buffer: list[bytes] = []
        self.written: tuple[Flow, str, str] | None = None
        self.utf8 = self.star = self.lost = self.binary = self.cut = False
        self.skip = self.pictures = self.older = 0
        self.object: list[bytes] = []
        self.objects: list[bytes] = []

    def read(self) -> None:
        """Read the file to its end, or what is left of it."""
        data, at, count = self.source.data, 0, 0
        self.utf8 = not data.isascii() and _is_utf8(data)
        while at < len(data):
            wide = not self.utf8 and self.group.codec.startswith(TWO_BYTES)
            found = (_WIDE if wide else _NARROW).match(data, at)
            if found is None:
                break
            at = self.token(found)
            count += 1
            if not count & 0xFFF:
                self.source.budget.check_time()
        self.cut = bool(self.stack) or at > len(data)
        while self.stack:
            self.close()
        self.flush()
        self.page.finish(self.body, None, "")

    def token(self, found: re.Match[bytes]) -> int:
        """Follow a token; return where the next begins."""
        text, code, word, number, sign, brace = found.groups()
        if word is not None:
            return self.word(word.decode("ascii"), int(number) if number else None, found.end())
        if text is not None:
            self.take(text.translate(None, _BREAKS), written=True)
        elif code is not None:
            self.take(bytes.fromhex(code.decode("ascii")))
        elif brace == b"{":
            self.skip = 0
            self.stack.append(self.group)
        elif brace:
            self.close()
        else:
            self.sign(sign)
        self.star = sign == b"*"
        return found.end()

    def take(self, data: bytes, *, written: bool = False) -> None:
        """Take text as bytes, less those that only stand for a character already read; `written` without numbers."""
        if self.group.role == "objdata":
            self.object.append(data)
        if self.group.flow is None:
            return
        if self.skip:
            self.skip, data = max(0, self.skip - len(data)), data[self.skip :]
        if data:
            codec = "utf-8" if written and self.utf8 and not data.isascii() else self.group.codec
            target = (self.group.flow, self.group.kind, codec)
            if target != self.written:
                self.flush()
                self.written = target
            self.buffer.append(data)

    def put(self, text: str) -> None:
        """Take text that is known."""
        self.flush()
        if self.group.flow is not None:
            self.group.flow.put(text, self.group.kind)

    def flush(self) -> None:
        """Decode the bytes in the buffer, all at once: a letter of two bytes may be written as two tokens."""
        if self.written and self.buffer:
            flow, kind, codec = self.written
            text, whole = decoded(b"".join(self.buffer), codec)
            self.lost = self.lost or not whole
            flow.put(text, kind)
        self.buffer, self.written = [], None

    def sign(self, sign: bytes) -> None:
        """Follow a control symbol."""
        if sign and sign in b"\r\n":
            self.word("par", None, 0)
        elif sign in SIGNS:
            said = SIGNS[sign]
            if said is None:
                self.take(sign)
            elif self.skip:
                self.skip -= 1
            else:
                self.put(said)

    def word(self, word: str, value: int | None, end: int) -> int:
        """Follow a control word; return where the next token begins."""
        star, self.star, self.skip = self.star, False, 0
        if word == "bin":
            return self.bin(max(0, value or 0), end)
        if self.group.role == "dead" and not (word == "ud" and self.group.outer):
            return end
        if word == "u":
            self.put(chr((value or 0) & 0xFFFF))
            self.skip = self.group.skipped
        elif word in CHARACTERS:
            self.put(CHARACTERS[word])
        elif word in FORMATS:
            self.group = FORMATS[word](self.group, self.fonts, value)
        elif word in ENDS:
            self.flush()
            if self.group.flow is not None:
                ENDS[word](self.page, self.group.flow, self.group)
        else:
            self.destination(word, star=star)
        return end

    def bin(self, size: int, end: int) -> int:
        """Pass over bytes that are no text."""
        if self.group.role == "objdata":
            self.object.append(self.source.data[end : end + size].hex().encode())
        elif self.group.flow is not None:
            self.binary = self.binary or size > 0
        return end + size

    def destination(self, word: str, *, star: bool) -> None:
        """Turn the text of a group to where a word says; one that is not known is read unless a star precedes it."""
        if word in PLACES:
            self.open(self.page.open(word, PLACES[word]))
        elif self.group.role == INFO and word in PROPERTIES:
            self.open(Flow(f"{INFO}{PROPERTIES[word]}"))
        elif word in VALUES:
            self.open(Flow(word))
        elif word in NOTED:
            self.open(Flow(NOTED[word]))
        elif word in DEAD:
            self.older += word == "nonshppict"
            self.shut("dead")
        elif word in SHAPES:
            self.pictures += word == "pict"
            self.shut(SHAPES[word])
        elif star and word not in THROUGH:
            self.open(Flow(OTHER))

    def shut(self, role: str) -> None:
        """Leave out what a group says itself; the outermost one is the document, whatever it calls itself."""
        if len(self.stack) > 1:
            self.flush()
            self.group = self.group._replace(flow=None, role=role)

    def open(self, flow: Flow) -> None:
        """Begin a flow that ends with the group."""
        self.flush()
        self.settle()
        self.group = self.group._replace(flow=flow, opened=flow, hidden=False, row=False)

    def close(self) -> None:
        """End a group."""
        self.skip = 0
        if not self.stack:
            return
        if self.group.opened is not self.stack[-1].opened:
            self.flush()
            self.settle()
        ended, self.group = self.group, self.stack.pop()
        if ended.role == "objdata" != self.group.role:
            self.objects.append(b"".join(self.object))
            self.object = []

    def settle(self) -> None:
        """End the flow that the group began."""
        around = self.stack[-1] if self.stack else None
        if around and self.group.opened is not None and self.group.opened is not around.opened:
            self.page.finish(self.group.opened, around.flow, around.kind)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
