"""Make the lexicons of names under `patterns/common/lexicons/` from UniDic's own entries.

UniDic 2.1.2 (The UniDic Consortium) is used under its BSD licence. The compiled dictionary holds, behind a header of
72 bytes, a double array, the tokens (16 bytes each) and the features (UTF-8, NUL-terminated); the layout is MeCab's.

Usage: python benchmarks/lexicons.py
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

import unidic_lite

FOLDER = Path(__file__).parent.parent / "patterns" / "common" / "lexicons"
LICENCE = (
    "# From UniDic 2.1.2, (c) The UniDic Consortium, used under the BSD licence. Made by benchmarks/lexicons.py.\n"
)
HEADER, TOKEN, LEMMA_READING, SURFACE = 72, 16, 6, 8
# Entries that name a person only beside an honorific, and a common word everywhere else.
COMMON = frozenset(
    "大家 小中 東中 西中 南北 不動 市 町 村 上 下 中 前 後 左右 一 二 三 係 課 部 長 正 文 南 北 東 西 本 用 先".split()
)


def features(dictionary: bytes) -> Iterator[list[str]]:
    """Yield the features of every entry that is a person's name."""
    double_array, tokens, length = struct.unpack_from("<3I", dictionary, 24)
    start = HEADER + double_array + tokens
    for feature in dictionary[start : start + length].split(b"\0"):
        if feature.startswith("名詞,固有名詞,人名,".encode()):
            yield feature.decode().split(",")


def main() -> None:
    """Write one word a line, sorted, kanji and readings apart."""
    lists: dict[str, set[str]] = {"surnames": set(), "given-names": set(), "foreign-names": set()}
    readings: dict[str, set[str]] = {"surname-readings": set(), "given-readings": set()}
    for fields in features((Path(unidic_lite.DICDIR) / "sys.dic").read_bytes()):
        if fields[3] == "一般" and re.fullmatch("[ァ-ヶー]{2,}", fields[SURFACE]):
            lists["foreign-names"].add(fields[SURFACE])
        name, reading = {"姓": ("surnames", "surname-readings"), "名": ("given-names", "given-readings")}.get(
            fields[3], ("", "")
        )
        if name and fields[SURFACE] not in COMMON:
            lists[name].add(fields[SURFACE])
            readings[reading].add(fields[LEMMA_READING])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, words in (lists | readings).items():
        kept = sorted(word for word in words if not word.isascii() and len(word) > ("readings" in name))
        (FOLDER / f"{name}.txt").write_text(LICENCE + "\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
