"""Turn the bytes of a text file into text, strictly: never with replacement characters.

Order of evidence: byte order mark, signature of a binary format, NUL bytes (UTF-16), UTF-8, escape sequences
(ISO-2022-JP), then a contest of CP932, EUC-JP and UTF-16 without a mark, which the fewest bits of `plausibility` win.

Few bytes are ambiguous, and no rule can be right on all of them. Among generated texts none went wrong in any encoding
from sixteen full-width characters on, none in CP932 from two on. Below that:
- one to four kanji in EUC-JP without any kana may also be half-width kana in CP932 (山田 = ｻｳﾅﾄ), and the other way
  round: the more frequent characters win, so rare kanji and odd kana lose (a name of two to four kanji alone in a
  file is right 19 times in 20 in EUC-JP, always in CP932; a word in half-width kana alone 99 times in 100);
- UTF-16 without a mark, without a line break and of fewer than six characters may be CP932 or ASCII (ここ = `S0S0`);
  bytes that are all ASCII stay ASCII unless they read as six or more characters, a third of them kana; ideographic
  spaces alone read as zeros;
- two half-width kana in CP932 may be one Greek or Cyrillic letter in UTF-8 (ﾐｺ = к).
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.errors import ReadError
from aiguard.readers.signatures import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ISO_2022_START: Final = re.compile(rb"\x1b(?:\$[@AB]|\$\([A-Z]|\(I)")
_CJK: Final = "\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef"
_SURELY_UTF8: Final = re.compile(rf"(?:[{_CJK}][^{_CJK}]*){{3}}")
_HIGH_LINE: Final = re.compile(rb"[\x80-\xff][^\n]*\n?")
_NOT_CP932: Final = re.compile("[\x80-\x9f\uf8f0-\uf8f3]")
# Two hiragana side by side, as CP932 and EUC-JP write them.
_NARROW_KANA: Final = re.compile(rb"(?:\x82[\x9f-\xf1]){2}|(?:\xa4[\xa1-\xf3]){2}")
_NARROW_KANA_LEAST: Final = 4
_HEX: Final = frozenset(b"0123456789ABCDEFabcdef")
# Tab, line breaks, escape (terminal logs), bell and backspace (consoles), and Ctrl-Z (the end of a DOS file) are text.
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\a\b")) + b"\x7f"
_CONTROLS_PER: Final = 50
_CONTROLS_WITHIN: Final = 65_536

ISO_2022: Final = "iso2022"

_SAMPLE: Final = 4096
_HEAD: Final = 256
_KANA_PAGE: Final = b"0"
_BARE_UTF16_LEAST: Final = 6
# Bits by which an encoding is rarer than CP932 among the files of a Japanese office.
_RARITY: Final = {"utf-8": -2.0, "cp932": 0.0, "euc_jp": 4.0, "euc_vendor": 6.0, "euc_jis_2004": 8.0}
_EUC_EXTENSIONS: Final = frozenset({"euc_vendor", "euc_jis_2004"})
_RARITY_UTF16: Final = 10.0
# U+0800 to U+FFFF, said as what it is not: `re` takes four milliseconds to compile the class that names all of them.
_WIDE: Final = re.compile("[^\0-\u07ff\U00010000-\U0010ffff]")
_WIDE_LEAST: Final = 3
_DAMAGED_SAMPLE: Final = 1_000_000
_HALF_KANA: Final = re.compile("[\uff61-\uff9f]")
_HALF_KANA_IN_EUC: Final = 2.0
_BITS_PER_CHARACTER: Final = 14.0
_BITS_PER_FAULT: Final = 20.0  # of a byte that UTF-8 does not allow there

_UNKNOWN: Final = "文字コードを判別できないため読めません。UTF-8のテキスト形式で保存してください"
_BINARY: Final = "文字以外のデータを含むため、テキストとして読めません"
_DAMAGED: Final = "UTF-8の文章ですが、途中で壊れているため読めません。元のソフトで開いて保存し直してください"
_BROKEN: Final = "文字コードの目印（BOM）と中身が合わず、途中で壊れているため読めません"


class Decoded(NamedTuple):
    """Hold a text with what it was read as: a codec of Python or a name of this file, and the bytes of its mark."""

    text: str
    codec: str
    mark: int = 0


def decode(data: bytes) -> str:
    """Return the text that `data` encodes, without its byte order mark and otherwise unchanged.

    Raise `ReadError` with a reason in Japanese when the bytes are no text or no encoding holds them strictly.
    """
    return decode_known(data).text


def decode_known(data: bytes) -> Decoded:
    """Return what `decode` does, with the encoding; ReadError."""
    known = _known(data)
    _refuse_controls(known.text, data if known.codec == "utf-8" else known.text.encode())
    return known


def decode_as(data: bytes, codec: str) -> str | None:
    """Decode bytes without a mark, strictly, with a codec that `decode_known` named; None when it does not hold them."""
    return _attempt(data, codec)


def _known(data: bytes) -> Decoded:
    marked = _by_mark(data)
    if marked is not None:
        return marked
    kind = kind_of(data)
    if kind is not None:
        message = f"{kind}なので読めません。テキスト形式（.txt）で保存してください"
        raise ReadError(message)
    if b"\0" in data:
        return _utf16_with_nul(data)
    text = _attempt(data, "utf-8")
    if text is not None and b"\x1b" in data and _ISO_2022_START.search(data):
        return Decoded(_iso_2022(data), ISO_2022)
    if text is None:
        refuse_damaged_utf8(data)
    if text is None or not _surely_utf8(text, data):
        return _contest(data, text)
    return Decoded(text, "utf-8")


def refuse_damaged_utf8(data: bytes, good_per_bad: float = 3.0) -> None:
    """Raise `ReadError` where bytes are UTF-8 but for a few.

    Letters of three bytes hardly stand in any other encoding: `good_per_bad` of them for each fault, and three, do so.
    """
    sample = data[:_DAMAGED_SAMPLE] if len(data) > _DAMAGED_SAMPLE else data
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if len(_WIDE.findall(text)) - bad >= max(_WIDE_LEAST, good_per_bad * bad):
        raise ReadError(_DAMAGED)


def _by_mark(data: bytes) -> Decoded | None:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            text = _attempt(data[len(mark) :], codec)
            if text is None:
                raise ReadError(_BROKEN)
            return Decoded(text, codec, len(mark))
    return None


def _attempt(data: bytes, codec: str) -> str | None:
    """Decode strictly, or return `None`; the error carries the bytes, so it ends here."""
    try:
        return _CODECS[codec](data) if codec in _CODECS else data.decode(codec)
    except ValueError:
        return None


def _cp932(data: bytes) -> str:
    text = data.decode("cp932")
    if _NOT_CP932.search(text):  # Python maps the bytes 80, A0, FD, FE and FF, which no Japanese text holds
        raise ValueError
    return text


def _vendor_euc(data: bytes) -> str:
    from aiguard.readers.jis import decode_vendor_euc

    return decode_vendor_euc(data)


# What Python's codecs of the same bytes do not refuse, or do refuse.
_CODECS: Final[dict[str, Callable[[bytes], str]]] = {"cp932": _cp932, "euc_vendor": _vendor_euc}


def _refuse_controls(text: str, data: bytes) -> None:
    """Raise when more than one in fifty of the first characters of `text` is a control character.

    `data` holds the same ASCII characters as `text`, in any multi-byte encoding.
    """
    head = data[:_CONTROLS_WITHIN]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * _CONTROLS_PER > min(len(text), _CONTROLS_WITHIN):
        raise ReadError(_BINARY)


def _iso_2022(data: bytes) -> str:
    from aiguard.readers.jis import decode_iso_2022

    text = decode_iso_2022(data) if data.isascii() else None
    if text is None:
        raise ReadError(_UNKNOWN)
    return text


def _surely_utf8(text: str, data: bytes) -> bool:
    """Tell whether valid UTF-8 needs no contest: three CJK characters never arise by chance."""
    if text.isascii():
        return not _may_be_bare_kana(data)
    return _SURELY_UTF8.search(text) is not None


def _may_be_bare_kana(data: bytes) -> bool:
    """Tell whether every other ASCII byte is the page of the kana (30) often enough for UTF-16."""
    if len(data) % 2 or len(data) < 2 * _BARE_UTF16_LEAST:
        return False
    head = data[: 16 * _BARE_UTF16_LEAST]
    halves = (head[::2], head[1::2])
    return any(
        page.count(_KANA_PAGE) * 3 >= len(page) and not _HEX.issuperset(other) for page, other in (halves, halves[::-1])
    )


def _utf16_with_nul(data: bytes) -> Decoded:
    """Decode UTF-16 without a mark that holds ASCII characters, hence NUL bytes."""
    from aiguard.readers.plausibility import bits

    if len(data) % 2 == 0:
        sample = data[:_SAMPLE]
        readings = ((codec, sample.decode(codec, "replace")) for codec in ("utf-16-le", "utf-16-be"))
        costs = sorted((bits(text) / len(text), codec) for codec, text in readings)
        text = _attempt(data, costs[0][1])
        if text is not None and costs[0][0] < _BITS_PER_CHARACTER and "\0" not in text:
            return Decoded(text, costs[0][1])
    raise ReadError(_BINARY)


def _contest(data: bytes, utf8: str | None) -> Decoded:
    """Return the reading of fewest bits; `utf8` is the reading as UTF-8 when there is one."""
    narrow = [codec for codec in _RARITY if codec != "utf-8" or utf8 is not None]
    wide = _bare_utf16(data, narrow)
    if wide is not None:
        return wide
    for codec in _ranked(_high_lines(data), narrow):
        text = _attempt(data, codec)
        if text is not None:
            _refuse_likelier_utf8(data, codec)
            return Decoded(text, codec)
    raise ReadError(_UNKNOWN)


def _refuse_likelier_utf8(data: bytes, codec: str) -> None:
    """Raise `ReadError` where bytes make more sense as UTF-8 with faults than in the encoding that holds them."""
    sample = _high_lines(data)
    damaged = sample.decode("utf-8", "replace")
    bad = damaged.count("\ufffd")
    if not bad or len(_WIDE.findall(damaged)) - bad < _WIDE_LEAST:
        return
    from aiguard.readers.plausibility import bits

    cuts = (_attempt(sample[: len(sample) - cut], codec) for cut in range(4))
    held = next((text for text in cuts if text is not None), "")
    if held and bits(damaged.replace("\ufffd", "")) + _BITS_PER_FAULT * bad < bits(held):
        raise ReadError(_DAMAGED)


def _bare_utf16(data: bytes, narrow: Sequence[str]) -> Decoded | None:
    """Decode as UTF-16 without mark or NUL when that beats every 8-bit reading of the first bytes."""
    if len(data) % 2 or len(_NARROW_KANA.findall(data[:_HEAD])) >= _NARROW_KANA_LEAST:
        return None
    from aiguard.readers.plausibility import bits

    for codec in _ranked(data[:_HEAD], (*narrow, "utf-16-le", "utf-16-be"))[:1]:
        text = _attempt(data, codec) if codec.startswith("utf-16") else None
        if text and bits(text[:_SAMPLE]) < _BITS_PER_CHARACTER * len(text[:_SAMPLE]):
            return Decoded(text, codec)
    return None


def _high_lines(data: bytes) -> bytes:
    """Return the first bytes of interest to an 8-bit contest: lines from their first byte above 7F on."""
    pieces: list[bytes] = []
    size = 0
    for line in _HIGH_LINE.finditer(data):
        pieces.append(line.group()[: _SAMPLE - size])
        size += len(pieces[-1])
        if size >= _SAMPLE:
            break
    return b"".join(pieces)


def _ranked(sample: bytes, candidates: Sequence[str]) -> list[str]:
    """Order the candidates that can read `sample`, but for a last character cut in two, by their bits."""
    readings: dict[str, str] = {}
    cuts = range(4 if len(sample) in (_HEAD, _SAMPLE) else 1)
    for codec in candidates:
        if "euc_jp" in readings and codec in _EUC_EXTENSIONS:
            continue
        texts = (_attempt(sample[: len(sample) - cut], codec) for cut in cuts)
        text = next((text for text in texts if text is not None), None)
        if text is not None:
            readings[codec] = text
    if len(readings) < 2:  # noqa: PLR2004 - nothing to compare
        return list(readings)
    from aiguard.readers.plausibility import bits

    def cost(codec: str) -> float:
        foreign = _HALF_KANA.findall(readings[codec]) if codec.startswith("euc") else ()
        return bits(readings[codec]) + _RARITY.get(codec, _RARITY_UTF16) + _HALF_KANA_IN_EUC * len(foreign)

    return sorted(readings, key=cost)
