"""Recognise files that are not text by their first bytes."""

from __future__ import annotations

import re

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a", "画像"),
    (rb"II\*\0|MM\0\*|RIFF....WEBP|\0\0\0.ftyp(?:heic|heix|mif1|avif)", "画像"),
    (rb"BM....\0\0\0\0", "画像"),
    (rb"\0\0\0.ftyp|RIFF....AVI |\x1aE\xdf\xa3", "動画"),
    (rb"ID3[\x02-\x04]\0|RIFF....WAVE|OggS\0|fLaC\0", "音声"),
    (rb"%PDF-\d", "PDF"),
    (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)", "ZIP形式（Word・Excelなどの新しい形式を含む）"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word・Excelなどの古い形式"),
    (rb"\{\\rtf", "リッチテキスト（RTF）"),
    (
        rb"\x1f\x8b\x08|BZh[1-9]1AY&SY|\xfd7zXZ\0|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|MSCF\0\0\0\0|\x28\xb5\x2f\xfd",
        "圧縮ファイル",
    ),
    (rb"MZ[^\0]{0,62}\0|\x7fELF|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe", "プログラム"),
    (rb"PAR[1E][\0-\x08\x0e-\x1f]", "Parquet"),
    (rb"SQLite format 3\0", "データベース"),
)


def kind_of(data: bytes) -> str | None:
    """Name the kind of a file that is no text, from its first 128 bytes; `None` when nothing is recognised."""
    head = data[:128]
    for pattern, kind in _SIGNATURES:
        if re.match(pattern, head, re.DOTALL):
            return kind
    return None
