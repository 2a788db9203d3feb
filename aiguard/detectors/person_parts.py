"""Know the two parts of a name by their shapes too, as no lexicon holds them all: 三ツ橋, 須々木, ヨシ子, 勘兵衛, 颯斗."""

from __future__ import annotations

import re

from aiguard.detectors.person import ENDINGS, KANJI, Names

# A family name with a kana or 々 between its kanji.
JOINTED = rf"{KANJI}{{1,2}}[ケヶヵノツ]{KANJI}{{1,2}}|{KANJI}々{KANJI}{{1,2}}"
_JOINTED = re.compile(JOINTED)
# What men were called before 1900, and some are.
_OLD = re.compile(rf"{KANJI}{{1,3}}(?:衛門|兵衛|之助|之丞|之進|之介|太夫|太郎|次郎|三郎|四郎|五郎|一郎)")
# The kanji of given names of today that the lexicon lacks, by their place.
FIRST = "颯湊陽蒼莉咲心結優悠翔蓮凛愛琉瑛航律碧暖芽彩柚葵紗琴詩杏桜夢虹煌璃悟樹朔柊椋奏望琥澪玲珠綾絢茉萌"
SECOND = "助夫美雄男治彦介江太枝恵也朗久造樹紀奈哉吾乃斗翔希菜香音里莉葉羽愛結衣那沙紗佳咲央葵颯湊陽蓮翼真馬茉依桜歩春花月心生大聖仁琉"
THIRD = "子美紀希奈江代恵枝香里郎乃菜央織衣音"
# Before the ending 代 stands much else that is written in katakana: ガス代, バス代.
_UNMISTAKABLE = ENDINGS.replace("代", "").replace("世", "")
_MIXED = re.compile(rf"[ァ-ヶー]{{2,3}}[{_UNMISTAKABLE}]")
_MODERN = re.compile(rf"[{FIRST}][{SECOND}]")
_SINGLE = frozenset("凪蓮葵凛紬湊律暖碧樹翼颯陽杏澪奏旭楓柊朔凌")


def is_family(known: Names, word: str) -> bool:
    """Tell whether a word is a family name of the lexicon, or has the shape of one."""
    return known.family(word) or bool(_JOINTED.fullmatch(word))


def is_jointed(word: str) -> bool:
    """Tell whether a word has the shape of a family name with a kana between: 四ツ谷."""
    return bool(_JOINTED.fullmatch(word))


def is_modern(word: str) -> bool:
    """Tell whether a word has the shape of a given name of today: 「莉央」「蒼真」."""
    return bool(_MODERN.fullmatch(word))


def is_given(known: Names, word: str) -> bool:
    """Tell whether a word behind a family name is a given name of the lexicon, or has the shape of one."""
    if word in known.not_persons:
        return False
    return known.given(word) or word in _SINGLE or any(shape.fullmatch(word) for shape in (_MIXED, _MODERN, _OLD))


def parted(known: Names, word: str) -> int | None:
    """Return how long the family name is of a word that is a whole name, or None."""
    cuts = (cut for cut in (2, 3, 1, 4, 5) if cut < len(word))
    return next((cut for cut in cuts if is_family(known, word[:cut]) and is_given(known, word[cut:])), None)
