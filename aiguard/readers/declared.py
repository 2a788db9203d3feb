"""Decode what declares its encoding, as pages and mails do: a declaration is a hint, and often a wrong one."""

from __future__ import annotations

from typing import Final

from aiguard.errors import ReadError
from aiguard.readers.decode import decode, refuse_damaged_utf8

# Encodings that bytes of another one hardly ever fit, by the names of WHATWG's Encoding Standard, as Windows widens them.
_STRICT: Final = {
    **dict.fromkeys("shift_jis shift-jis sjis x-sjis ms_kanji windows-31j csshiftjis ms932 cp932".split(), ("cp932",)),
    **dict.fromkeys("euc-jp x-euc-jp cseucpkdfmtjapanese".split(), ("euc_jp",)),
    **dict.fromkeys(
        "iso-2022-jp csiso2022jp iso-2022-jp-ms iso-2022-jp-1 iso-2022-jp-2 cp50220 cp50221".split(),
        ("iso2022_jp", "iso2022_jp_ext"),
    ),
    **dict.fromkeys("utf-8 utf8 unicode-1-1-utf-8".split(), ("utf-8",)),
    **dict.fromkeys("gb2312 gbk gb18030 x-gbk gb_2312-80".split(), ("gb18030",)),
    **dict.fromkeys("big5 big5-hkscs".split(), ("big5hkscs",)),
    **dict.fromkeys("euc-kr ks_c_5601-1987 korean windows-949".split(), ("cp949",)),
}
# They fit any bytes, so that they are asked last.
_LOOSE: Final = frozenset(
    f"us-ascii ascii latin1 macintosh koi8-r koi8-u {' '.join(f'iso-8859-{n} windows-{1249 + n}' for n in range(1, 17))}".split()
)
_GOOD_PER_BAD: Final = 0.5  # letters of three bytes for each fault, which make a page that says UTF-8 a damaged one
_UTF16: Final = {"utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}


def decode_declared(data: bytes, charset: str | None, *, wide: bool = True) -> str:
    """Decode bytes that declare a charset; ReadError where neither it nor any other holds them.

    One of Japan, China, Korea or UTF-8 that holds the bytes wins; one of Europe, which holds anything, does so only
    where no other does. `wide` says that UTF-16 may be meant: what could be read as ASCII to find the declaration
    is none.
    """
    name = (charset or "").strip().lower()
    for codec in (*_STRICT.get(name, ()), *((_UTF16[name],) if wide and name in _UTF16 else ())):
        try:
            return data.decode(codec)
        except ValueError:  # the error carries the bytes, so it ends here
            continue
    if _STRICT.get(name) == ("utf-8",):
        refuse_damaged_utf8(data, _GOOD_PER_BAD)
    try:
        return decode(data)
    except ReadError:
        if name not in _LOOSE:
            raise
    try:
        return data.decode(name)
    except (LookupError, ValueError):
        raise ReadError("文字コードを判別できないため読めません。UTF-8で保存してください") from None
