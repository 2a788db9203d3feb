"""Make `patterns/common/lexicons/words.marisa`: what is known of half a million words.

Names, places and common nouns are UniDic's (our lexicons) and SudachiDict's (Apache-2.0); the clusters group words
that occur in like places by their vectors in chiVe (Apache-2.0), as ja_ginza (MIT) ships them.

Usage, in an environment of its own (the dictionaries are large):
    pip install marisa-trie msgpack numpy scikit-learn fugashi unidic-lite msgspec sudachidict-core
    pip download --no-deps ja-ginza && unzip -q ja_ginza-*.whl -d ginza
    PYTHONPATH=. python benchmarks/words.py ginza/ja_ginza/ja_ginza-*/vocab
"""

from __future__ import annotations

import json
import re
import struct
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import marisa_trie
import msgpack
import numpy as np
from sklearn.cluster import KMeans

from aiguard.lexicon import COMMON, FOREIGN, GIVEN, GIVEN_READING, PLACE, RECORD, SURNAME, SURNAME_READING
from aiguard.morph import tokens
from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FOLDER = Path(__file__).parent.parent / "patterns" / "common" / "lexicons"
FINE, COARSE = 400, 64
LONGEST = 12
NAMES = SURNAME | GIVEN | FOREIGN | SURNAME_READING | GIVEN_READING
OWN = {
    "surnames": SURNAME,
    "given-names": GIVEN,
    "foreign-names": FOREIGN,
    "surname-readings": SURNAME_READING,
    "given-readings": GIVEN_READING,
}


def main(vocabulary: Path) -> None:
    """Write the trie."""
    flags = _flags()
    clusters = _clusters(vocabulary)
    single = _single([word for word in clusters if 0 < len(word) <= LONGEST and not re.search(r"\s", word)])
    known = {word for word, bits in flags.items() if bits & NAMES} | single
    rows = ((word, (flags.get(word, 0), *(clusters[word] if word in single else (0, 0)))) for word in sorted(known))
    marisa_trie.RecordTrie(RECORD, rows).save(str(FOLDER / "words.marisa"))


def _flags() -> Mapping[str, int]:
    flags: dict[str, int] = defaultdict(int)
    for name, bit in OWN.items():
        for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                flags[line] |= bit
    for pos, surface, reading in sudachi():
        for word, bit in _bits(pos, surface, reading):
            if word and not word.isascii() and (len(word) > 1 or not bit & (SURNAME_READING | GIVEN_READING | PLACE)):
                flags[word] |= bit
    return flags


def _bits(pos: Sequence[str], surface: str, reading: str) -> Iterator[tuple[str, int]]:
    kind = pos[1:4]
    if kind == ("固有名詞", "人名", "姓"):
        yield from ((fold(surface), SURNAME), (reading, SURNAME_READING))
    elif kind == ("固有名詞", "人名", "名"):
        yield from ((fold(surface), GIVEN), (reading, GIVEN_READING))
    elif kind == ("固有名詞", "人名", "一般"):
        yield fold(surface), FOREIGN
    elif kind[:2] == ("固有名詞", "地名"):
        yield fold(surface), PLACE
    elif kind[0] == "普通名詞":
        yield fold(surface), COMMON


def sudachi() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield (part of speech, surface, reading) of SudachiDict's entries.

    The file's table of contents names its blocks; an entry is eight bytes of ids and cost, the places of surface and
    reading among the strings (length in the upper 5 bits), and the length of the surface in UTF-8 at byte 24.
    """
    import sudachidict_core

    data = (Path(sudachidict_core.__file__).parent / "resources" / "system.dic").read_bytes()
    blocks = {name: _block(data, name) for name in (b"POS", b"Strings", b"Entries")}
    tags = _tags(data, blocks[b"POS"][0])
    strings = blocks[b"Strings"][0]

    def string(place: int) -> str | None:
        length, at = place >> 27, strings + 2 * (place & 0x7FFFFFF)
        return data[at : at + 2 * length].decode("utf-16-le", "replace") if 0 < length < 20 else None  # noqa: PLR2004 - longer ones are stored otherwise

    at, size = blocks[b"Entries"]
    end = at + size - 32
    while at < end:
        tag, surface, reading, length = struct.unpack_from("<6xhII8xH", data, at)
        word = string(surface) if 0 <= tag < len(tags) else None
        if word and len(word.encode("utf-8", "replace")) == length:
            yield tags[tag], word, string(reading) or ""
        at += 8


def _block(data: bytes, name: bytes) -> tuple[int, int]:
    at = data.index(bytes([len(name)]) + name, 0, 512) + 1 + len(name)
    place, at = _varint(data, at)
    return place, _varint(data, at)[0]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:  # noqa: PLR2004 - the last byte of a number
            return value, at


def _tags(data: bytes, at: int) -> list[tuple[str, ...]]:
    count = struct.unpack_from("<H", data, at)[0]
    at += 2
    tags = []
    for _ in range(count):
        parts = []
        for _ in range(6):
            length = struct.unpack_from("<H", data, at)[0]
            parts.append(data[at + 2 : at + 2 + 2 * length].decode("utf-16-le"))
            at += 2 + 2 * length
        tags.append(tuple(parts))
    return tags


def _clusters(vocabulary: Path) -> dict[str, tuple[int, int]]:
    """Return the fine and the coarse cluster of each word that has a vector."""
    words = json.loads((vocabulary / "strings.json").read_text(encoding="utf-8"))
    rows = msgpack.unpackb((vocabulary / "key2row").read_bytes(), strict_map_key=False)
    vectors = np.load(vocabulary / "vectors")
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-6)
    fine, coarse = (KMeans(k, n_init=1, random_state=0, max_iter=30).fit(vectors).labels_ for k in (FINE, COARSE))
    placed = ((word, rows.get(murmur(word.encode()))) for word in words)
    return {fold(word): (int(fine[row]) + 1, int(coarse[row]) + 1) for word, row in placed if row is not None}


def murmur(key: bytes) -> int:
    """Hash a key as spaCy does: MurmurHash64A (Austin Appleby, public domain) with seed 1."""
    factor, whole = 0xC6A4A7935BD1E995, (1 << 64) - 1
    value = (1 ^ (len(key) * factor)) & whole
    full = len(key) // 8 * 8
    for at in range(0, full, 8):
        part = int.from_bytes(key[at : at + 8], "little") * factor & whole
        value = (value ^ ((part ^ part >> 47) * factor & whole)) * factor & whole
    if len(key) > full:
        value = (value ^ int.from_bytes(key[full:], "little")) * factor & whole
    value = (value ^ value >> 47) * factor & whole
    return value ^ value >> 47


def _single(words: Sequence[str]) -> set[str]:
    """Return the words that the tokenizer leaves whole: it will never ask for the others."""
    single = set()
    for first in range(0, len(words), 200):
        batch = words[first : first + 200]
        starts, at = {}, 0
        for word in batch:
            starts[at] = word
            at += len(word) + 1
        single |= {
            starts[start] for start, end, _ in tokens("\n".join(batch)) if len(starts.get(start, "")) == end - start
        }
    return single


if __name__ == "__main__":
    main(Path(sys.argv[1]))
