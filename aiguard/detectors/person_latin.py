"""Find names in Latin letters: Japanese ones by their readings, others by a list of names and by what stands around."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aiguard.detectors.person import Found, Names

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROMAJI = re.compile(
    r"(?<![A-Za-z.@_])(?:[A-Z][a-z]{1,12},? [A-Z][a-z]{1,12}|[A-Z]{2,12},? [A-Z][a-z]{1,12}|[A-Z]{3,12},? [A-Z]{3,12}|[A-Z][a-z]{1,12} [A-Z]{2,12})(?![A-Za-z@])"
)
# What makes a firm of two words in Latin letters: 「ISHIHARA SANGYO KAISHA」「Sumitomo Mitsui Construction」.
_FIRM_BEHIND = re.compile(
    r"[ ,.\"]{1,3}(?:&|(?:(?:co|ltd|limited|inc|corp|company|kaisha|mfg|works|bank|foods|trading)(?![a-z])"
    r"|(?:industr|chemi|holding|constru|engineer|flour|steel|electric|pharma|corporat)[a-z]*))",
    re.IGNORECASE,
)
_FIRM_WORDS = frozenset(
    "sangyo kogyo seiki kasei kosan tohka kensetsu denki kagaku seisakusho seiyaku unyu tetsudo ginko".split()
)
# A name in Latin letters before an honorific: 「Nguyen Thi Lanさん」「NGUYEN THI LAN 様」「kimura daisuke さん」.
_WORD = r"[A-Za-zÀ-ɏḀ-ỿ](?:[A-Za-zÀ-ɏḀ-ỿ]|['’-](?=[A-Za-z])){1,14}"
_WORDS = rf"(?<![\w.@'’-]){_WORD}(?:(?:,? |・){_WORD}){{0,4}}"
_HONOURED = re.compile(rf"({_WORDS}) ?(?:さん(?!ぽ)|様|さま|氏|くん|ちゃん|殿)")
_SUFFIXED = re.compile(rf"({_WORDS})-(?:san|sama|kun|chan|sensei)(?![a-z])", re.IGNORECASE)
_ADDRESSED = re.compile(
    rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof|MR|MRS|MS)(?:\. ?| )((?=[A-ZÀ-Ý]){_WORD}(?: (?=[A-ZÀ-Ý]){_WORD}){{0,3}})"
)
_TITLE_WORDS = frozenset(
    "mr mrs ms miss dr prof dear and or the from to for of in at by with cc hi hello sir madam".split()
)
_ORGANISATIONS = frozenset(
    (
        "japan nippon tokyo co inc ltd corp group tech systems system trading service services foods bank university school"
        " hotel cafe shop store club team center centre support project office studio works labs lab solutions network"
        " company international holdings partners consulting design planning house home city hall station line"
        " google amazon apple microsoft zoom windows excel word teams slack adobe oracle cisco intel dell fujitsu hitachi"
        " nec ntt kddi softbank rakuten yahoo docomo facebook twitter instagram tiktok youtube chatgpt openai gpt claude"
        " gemini copilot logo ai it pc api web app admin user guest staff customer"
    ).split()
)


def latin_names(known: Names, text: str) -> Iterator[Found]:
    """Yield names in Latin letters that words of respect show: 「Maria Santosさん」「Mr. Kimura」「Kimura-san」.

    One word before さん must be a name of a list or a reading (Google さん is none); of several, the words of a firm
    are none, and a lower-case one must be known.
    """
    for match in _HONOURED.finditer(text):
        start = match.start(1) + _lead(match[1])
        words = re.split(r",? |・", text[start : match.end(1)])
        sure = [_names_someone(known, word) for word in words]
        if _is_firm(words) or not (any(sure) if all(word[0].isupper() for word in words) else all(sure)):
            if any(sure[-1:]) and words[-1][0].isupper():
                yield Found(match.end(1) - len(words[-1]), match.end(1), ("honorific",))
            continue
        yield Found(start, match.end(1), ("foreign", "honorific") if len(words) > 1 else ("honorific",))
    for pattern in (_SUFFIXED, _ADDRESSED):
        for match in pattern.finditer(text):
            start = match.start(1) + _lead(match[1])
            if not _is_firm(words := re.split(r",? |・", text[start : match.end(1)])):
                yield Found(start, match.end(1), ("foreign", "honorific") if len(words) > 1 else ("honorific",))


def _lead(run: str) -> int:
    """Return the length of the words that only lead to a name: 「Dear Mr Kimura」."""
    first = 0
    for match in re.finditer(r"([^ ・,]+)(?:,? |・)", run):
        if match[1].lower() not in _TITLE_WORDS:
            break
        first = match.end()
    return first


def _is_firm(words: list[str]) -> bool:
    lowered = [word.lower() for word in words]
    return not (_FIRM_WORDS | _ORGANISATIONS).isdisjoint(lowered) or not words[0]


def _names_someone(known: Names, word: str) -> bool:
    """Tell whether a word is a name of the list, or the reading of a Japanese one."""
    lowered = word.lower()
    if lowered in known.lexicon("latin-names"):
        return True
    kana = kana_of(lowered) if word.isascii() else ()
    return _known(kana, known.lexicon("surname-readings")) or _known(kana, known.lexicon("given-readings"))


def romaji_pairs(known: Names, text: str) -> Iterator[Found]:
    """Yield a name in Latin letters with a Japanese reading: 「TANAKA Taro」「Hayato Kamiizumi」."""
    for match in _ROMAJI.finditer(text):
        if _FIRM_BEHIND.match(text, match.end()) or not _FIRM_WORDS.isdisjoint(match.group().lower().split()):
            continue
        first, second = (kana_of(part) for part in re.split(r",? ", match.group().lower()))
        families, givens = known.lexicon("surname-readings"), known.lexicon("given-readings")
        if (_known(first, families) and _known(second, givens)) or (_known(second, families) and _known(first, givens)):
            yield Found(match.start(), match.end(), ("kana",))


def _known(readings: tuple[str, ...], lexicon: frozenset[str]) -> bool:
    return any(reading in lexicon for reading in readings)


_SYLLABLES = {
    "kya": "キャ", "kyu": "キュ", "kyo": "キョ", "sha": "シャ", "shu": "シュ", "sho": "ショ", "shi": "シ", "cha": "チャ",
    "chu": "チュ", "cho": "チョ", "chi": "チ", "tsu": "ツ", "nya": "ニャ", "nyu": "ニュ", "nyo": "ニョ", "hya": "ヒャ",
    "hyu": "ヒュ", "hyo": "ヒョ", "mya": "ミャ", "myu": "ミュ", "myo": "ミョ", "rya": "リャ", "ryu": "リュ", "ryo": "リョ",
    "gya": "ギャ", "gyu": "ギュ", "gyo": "ギョ", "bya": "ビャ", "byu": "ビュ", "byo": "ビョ", "pya": "ピャ", "pyo": "ピョ",
    "ka": "カ", "ki": "キ", "ku": "ク", "ke": "ケ", "ko": "コ", "sa": "サ", "su": "ス", "se": "セ", "so": "ソ", "ta": "タ",
    "te": "テ", "to": "ト", "na": "ナ", "ni": "ニ", "nu": "ヌ", "ne": "ネ", "no": "ノ", "ha": "ハ", "hi": "ヒ", "fu": "フ",
    "he": "ヘ", "ho": "ホ", "ma": "マ", "mi": "ミ", "mu": "ム", "me": "メ", "mo": "モ", "ya": "ヤ", "yu": "ユ", "yo": "ヨ",
    "ra": "ラ", "ri": "リ", "ru": "ル", "re": "レ", "ro": "ロ", "wa": "ワ", "ga": "ガ", "gi": "ギ", "gu": "グ", "ge": "ゲ",
    "go": "ゴ", "za": "ザ", "ji": "ジ", "zu": "ズ", "ze": "ゼ", "zo": "ゾ", "ja": "ジャ", "ju": "ジュ", "jo": "ジョ", "da": "ダ",
    "de": "デ", "do": "ド", "ba": "バ", "bi": "ビ", "bu": "ブ", "be": "ベ", "bo": "ボ", "pa": "パ", "pi": "ピ", "pu": "プ",
    "pe": "ペ", "po": "ポ", "a": "ア", "i": "イ", "u": "ウ", "e": "エ", "o": "オ", "n": "ン", "si": "シ", "ti": "チ", "tu": "ツ",
    "hu": "フ",
}  # fmt: skip


@lru_cache(maxsize=1)
def _syllable() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_SYLLABLES, key=len, reverse=True)))


def kana_of(word: str) -> tuple[str, ...]:
    """Return the katakana that a word in Hepburn letters may stand for, with long vowels or without; () if none."""
    doubled = re.sub(
        r"([kstpgzdbcj])(?=\1)|t(?=ch)", "ッ", word.replace("mb", "nb").replace("mp", "np").replace("oh", "ou")
    )
    if not re.fullmatch(f"(?:{_syllable().pattern}|ッ)+", doubled):
        return ()
    kana = _syllable().sub(lambda match: _SYLLABLES[match.group()], doubled)
    longer = re.sub("([コソトノホモヨロゴゾドボポョ])(?=[^ウオ]|$)", r"\1ウ", kana)
    last = re.sub("([コソトノホモヨロゴゾドボポョ])$", r"\1ウ", kana)
    first = re.sub("^([コソトノホモヨロゴゾドボポ]|.ョ)(?=[^ウオ])", r"\1ウ", kana)
    big = re.sub("^オ(?=[^ウオ])", "オオ", kana)
    return tuple(dict.fromkeys((kana, last, first, longer, big)))
