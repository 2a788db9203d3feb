"""Know what a name looks like: the lexicons, and the shapes that need no tokenizer."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aiguard.morph import PERSON_TAGS, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# A kanji, said as what it is not: `re` takes two milliseconds to compile each class that names all of them.
KANJI = r"[^\W0-9A-Za-z_ぁ-ヿ]"
_NO_JAPANESE = rf"(?!{KANJI})(?![ぁ-ん])(?![ァ-ヶー])"
# The kanji that end a given name begun in kana: 「ヨシ子」「みつ江」.
ENDINGS = "子江美代枝恵世乃野衣佐加津奈香夫男雄志太吉彦"
THIRD = "子美紀希奈江代恵枝香里郎乃菜央織衣音"
_SPACED = re.compile(
    rf"(?<!{KANJI})(?<![0-9ァ-ヶー])(?P<family>(?:ヶ|{KANJI}){{1,4}}|(?<![ぁ-ん])(?:[ァ-ヶー]{{2,8}}|[ァ-ヶ]{KANJI})) {{1,3}}"
    rf"(?P<given>(?:[ァ-ヶー]{{1,3}}|[ぁ-ん]{{1,3}})[{ENDINGS}](?=様|殿|氏|(?!{KANJI})|$)|{KANJI}{{1,3}}(?=様|殿|氏|(?!{KANJI})|$)|{KANJI}?[ぁ-ん]{{2,4}}(?=様|殿|氏|さん|{_NO_JAPANESE})"
    rf"|[ァ-ヶー]{{2,6}}(?=様|殿|氏|{_NO_JAPANESE}))"
)
_PARTICLE = re.compile("[ぁ-ん]")
_PAIR = 2
_MAYBE = re.compile(rf"(?:{KANJI}|[ァ-ヶー]){{1,3}} {{1,3}}.+")
_BETWEEN = re.compile(rf"(?:・|、|,|/) ?|(?:、|,) ?{KANJI}{{1,4}}: ?")
_SINGLE = re.compile(r" \S {1,2}\S")  # found at once, and in hardly any text
_SPREAD = re.compile(rf"(?<!{KANJI})(?<!{KANJI} ){KANJI}(?: {{1,2}}{KANJI}){{2,5}}(?!{KANJI})")
_SPREAD_KANA = re.compile(r"(?<![ァ-ヶー])(?<![ァ-ヶー] )[ァ-ヶー](?: {1,2}[ァ-ヶー]){3,11}(?![ァ-ヶー])")
_KANA_GAP = re.compile(" (?<=[ぁ-んァ-ヶー] ) ?[ぁ-んァ-ヶー]")
_KANA = re.compile(
    r"(?<![ァ-ヶー])[ァ-ヶー]{2,6} {1,2}[ァ-ヶー]{2,6}(?![ァ-ヶー])|(?<![ぁ-ん])[ぁ-ん]{2,6} {1,2}[ぁ-ん]{2,5}(?![ぁ-ん])"
)
_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ"))}
# The kana that names were written with until 1946, as the lexicon of readings writes them.
_NEW_KANA = str.maketrans("ヲヱヰヅヂ", "オエイズジ")
_MIXED = re.compile(rf"([ァ-ヶー]{{1,3}}|[ぁ-ん]{{1,3}})[{ENDINGS}]")


_WIDEST_GAP = 12  # blanks between a title and the name of who bears it, in columns
_VERB = re.compile("[いうきけこっぎしせそたてみむめりるれろわん]")  # what goes on in 「桑名 行けます」


class Found(NamedTuple):
    """Hold a candidate: half-open code points in the text view, and its evidence."""

    start: int
    end: int
    evidence: tuple[str, ...]


class Names(NamedTuple):
    """Hold what makes and unmakes a name, and the lexicons by name (loaded when first asked for)."""

    lexicon: Callable[[str], frozenset[str]]
    not_persons: frozenset[str]
    not_after: Affixes
    not_before: tuple[str, ...]
    titles: Affixes
    public_titles: Affixes
    place_titles: Affixes
    kin: frozenset[str]
    roles: tuple[str, ...]
    short: frozenset[str] = frozenset()
    abroad: frozenset[str] = frozenset()
    heads: tuple[str, ...] = ()
    samples: frozenset[str] = frozenset()
    sample_givens: tuple[str, ...] = ()
    figures: frozenset[str] = frozenset()

    @property
    def openings(self) -> frozenset[str]:
        """The first two characters of the family names of the lexicon that end in kanji."""
        return _openings(self.lexicon("surnames"))

    def family(self, word: str) -> bool:
        """Tell whether the word is a family name of the lexicon."""
        return word in self.lexicon("surnames")

    def given(self, word: str) -> bool:
        """Tell whether the word is a given name of the lexicon, in kanji or in kana, or one in kana with an ending: 「ヨシ子」."""
        return (
            word in self.lexicon("given-names")
            or self._read(word)
            or bool((match := _MIXED.fullmatch(word)) and self._read(match[1]))
        )

    def _read(self, word: str) -> bool:
        kana, readings = katakana(word), self.lexicon("given-readings")
        return kana in readings or kana.translate(_NEW_KANA) in readings

    def spoiled(self, text: str, start: int, end: int) -> bool:
        """Tell whether what touches the words makes them a place, a firm or a thing."""
        return (
            text[start:end] in self.not_persons
            or (self.not_after.begin(text, end) and not self.titles.begin(text, end))
            or text[max(0, start - 8) : start].rstrip().endswith(self.not_before)
        )

    def role(self, text: str, start: int, end: int) -> tuple[str, ...]:
        """Return `public` or `title` where a title stands before or behind the name."""
        behind = end + 1 if text.startswith(" ", end) else end
        before = start
        while text[before - 1 : before] == " " and start - before < _WIDEST_GAP:
            before -= 1
        if self.public_titles.begin(text, behind) or self.public_titles.end(text, before):
            return ("public",)
        return ("title",) if self.titles.begin(text, behind) or self.titles.end(text, before) else ()


@lru_cache(maxsize=4)
def _openings(words: frozenset[str]) -> frozenset[str]:
    return frozenset([word[:_PAIR] for word in words if word[-1] > "ヿ" and len(word) >= _PAIR])


class Affixes(NamedTuple):
    """Hold words that may touch a place in a text, with their first and last characters to tell quickly."""

    words: tuple[str, ...]
    firsts: frozenset[str]
    lasts: frozenset[str]

    def begin(self, text: str, at: int) -> bool:
        """Tell whether one of the words begins at a place."""
        return text[at : at + 1] in self.firsts and text.startswith(self.words, at)

    def end(self, text: str, at: int) -> bool:
        """Tell whether one of the words ends at a place."""
        return text[at - 1 : at] in self.lasts and text.endswith(self.words, 0, at)


def affixes(words: tuple[str, ...]) -> Affixes:
    """Prepare words to be looked for at a place."""
    return Affixes(words, frozenset(word[0] for word in words), frozenset(word[-1] for word in words))


def katakana(word: str) -> str:
    """Return hiragana as katakana."""
    return word.translate(_TO_KATAKANA)


def joined(found: Iterable[Found]) -> list[Found]:
    """Make one of candidates that overlap: the longest span, all evidence."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and one.start < kept[-1].end:
            last = kept[-1]
            longest = max(last, one, key=lambda each: each.end - each.start)
            evidence = tuple(dict.fromkeys((*last.evidence, *one.evidence)))
            kept[-1] = Found(longest.start, longest.end, evidence)
        else:
            kept.append(one)
    return kept


def spaced_pairs(known: Names, text: str) -> Iterator[Found]:
    """Yield a family name of the lexicon, a space, and what can be a given name: 「荻野 ヨシ」.

    A pair of unknown words beside a known name of the same list is a name too.
    """
    before: Found | None = None
    doubtful: Found | None = None
    for match in _pairs(known, text):
        start, end = match.start(), match.end("given")
        found = Found(start, end, ("full", *known.role(text, start, end)))
        if _known_pair(known, match):
            yield found
            if doubtful and _listed(text, doubtful, found):
                yield doubtful
            before, doubtful = found, None
        elif _MAYBE.fullmatch(match.group()) and not text[end : end + 1].isdigit():
            doubtful = found
            if (before and _listed(text, before, found)) or _honoured(known, text, match, end):
                yield found
                before = found


def _pairs(known: Names, text: str) -> Iterator[re.Match[str]]:
    """Yield pairs of words; of 「施主 湯原 猛」 the second, as a word that begins no name may stand before one."""
    match = _SPACED.search(text)
    while match:
        likely = _could_be(known, match)
        second = None if likely and known.family(match["family"]) else _SPACED.match(text, match.start("given"))
        if second and known.family(second["family"]) and _could_be(known, second):
            match = second
            likely = True
        if likely and not (_PARTICLE.match(text, match.start() - 1) and not _sure_pair(known, match)):
            yield match
        match = _SPACED.search(text, match.end("given") if likely else match.start("given"))


def _sure_pair(known: Names, match: re.Match[str]) -> bool:
    return known.family(match["family"]) and known.given(match["given"])


def _could_be(known: Names, match: re.Match[str]) -> bool:
    return not (
        _is_role(known, match["given"])
        or _is_role(known, match["family"])
        or match["given"] in known.not_persons
        or (len(match["given"]) == 1 and _VERB.match(match.string, match.end("given")))
        or known.spoiled(match.string, match.start(), match.end("given"))
    )


def _is_role(known: Names, word: str) -> bool:
    """Tell whether a word begins or ends as a title does."""
    return any(titles.begin(word, 0) or titles.end(word, len(word)) for titles in (known.titles, known.public_titles))


def _known_pair(known: Names, match: re.Match[str]) -> bool:
    family, given = match["family"], match["given"]
    if not known.family(family):
        return family in known.lexicon("foreign-names") and known.given(given)
    if known.given(given):
        return True
    if "ァ" <= given[0] <= "ヶ":
        return given in known.lexicon("foreign-names")
    return len(given) <= _PAIR and len(family) > 1 and not known.family(given) and _tagged_as_family(match)


def _tagged_as_family(match: re.Match[str]) -> bool:
    """Tell whether the tokenizer, too, takes the first word for a family name: not 入場 of 「入場 無料」."""
    words = tokens(match.string, match.start(), match.end("given"))
    return any(tag in PERSON_TAGS for _, _, tag in words)


def _listed(text: str, one: Found, other: Found) -> bool:
    """Tell whether two pairs stand side by side in a list."""
    return bool(_BETWEEN.fullmatch(text, one.end, other.start))


def _honoured(known: Names, text: str, match: re.Match[str], end: int) -> bool:
    """Tell whether an honorific follows: a known given name, or any behind a family name of the lexicon: 「李 娜さん」."""
    if not text[end : end + 3].lstrip(" ").startswith(("様", "殿", "さん", "氏")):
        return False
    return known.given(match["given"]) or (known.family(match["family"]) and match["given"][0] > "ヿ")


def spread_names(known: Names, text: str) -> Iterator[Found]:
    """Yield a name whose characters are spread out: 「安 斎 真 由 美」."""
    if not _SINGLE.search(text):
        return
    for match in _SPREAD.finditer(text):
        name = match.group().replace(" ", "").rstrip("様殿氏")
        cuts = range(1, len(name))
        if any(known.family(name[:cut]) and known.given(name[cut:]) for cut in cuts):
            yield Found(match.start(), match.start() + len(match.group().rstrip(" 様殿氏")), ("full",))
    families, givens = known.lexicon("surname-readings"), known.lexicon("given-readings")
    for match in _SPREAD_KANA.finditer(text):
        name = match.group().replace(" ", "").rstrip("様殿氏")
        if any(name[:cut] in families and name[cut:] in givens for cut in range(2, len(name) - 1)):
            yield Found(match.start(), match.end(), ("kana",))


def kana_pairs(known: Names, text: str) -> Iterator[Found]:
    """Yield a name in kana whose readings the lexicon knows: 「タナカ タロウ」「たかなし そら」."""
    for match in _KANA.finditer(text) if _KANA_GAP.search(text) else ():
        family, given = katakana(match.group()).split()
        if family not in known.lexicon("surname-readings") or match.group() in known.not_persons:
            continue
        if given in known.lexicon("given-readings") and not known.spoiled(text, match.start(), match.end()):
            yield Found(match.start(), match.end(), ("kana",))
