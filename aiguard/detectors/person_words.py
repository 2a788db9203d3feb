"""Find names by the words around them: family and given name, honorifics, titles, kin."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from operator import add
from typing import TYPE_CHECKING

from aiguard.detectors.person import KANJI, Found, Names
from aiguard.detectors.person_honoured import honoured, swallowed
from aiguard.morph import PERSON_TAGS, PLACE_TAGS, Token, tokens_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CLAUSE_ENDS = "\n。、「」,\t|"
_CLAUSE_END = re.compile(f"[{_CLAUSE_ENDS}]")
_KATAKANA = re.compile("[ァ-ヶー]{2,}")
_FOREIGN = re.compile(r"[ァ-ヶー]+(?:[・=][ァ-ヶー]+)+")
_KATAKANA_BEFORE = re.compile("[ァ-ヶー・]")
_KANJI_BEFORE = re.compile(KANJI)
_NAMED = frozenset((*PERSON_TAGS, *PLACE_TAGS))
# What may follow a family name that stands alone: a particle or a mark.
_EDGE = re.compile(r"(?:は|が|を|に|と|の|も|、|,|。|\)|」|』|:|か|ら|\(|>)|$")
_ENDS_ROLE = re.compile(r"(?:は|が|を|に|と|の|も|、|\.|,|。|\)|」|』|:|から|です|でした|でござ|まで|\(|\n|/| )|$")
_IS_ME = re.compile(r"です(?:。|\n|$|が、)|でございます|と申します")
_SECTION = re.compile("[課係室班] {1,2}$")
_BEHIND_TITLE = re.compile(
    rf" {{1,4}}({KANJI}{{1,4}}|[ァ-ヶ]{KANJI}{{1,2}})(?= {{0,4}}[0-9(]|\n|$|、|,|・|/|。|(?P<gap> {{1,4}}{KANJI}))"
)
_BEHIND_KIN = re.compile(
    rf"(?:の|・|:| {{1,4}})?(?:({KANJI}{{2,3}}|[ぁ-ん]{{2,4}}|[ァ-ヶー]{{2,5}})(?= ?\((?:[0-9]|小|中|高|年)|さん|ちゃん|くん|君)"
    rf"|(?<= )({KANJI}{{1,3}}|[ぁ-ん]{{2,5}}|[ァ-ヶー]{{2,5}}子?)(?=[ \t]{{1,4}}(?:[MTSHR大昭平令明][^ \n]{{0,2}}[0-9元]|(?:19|20)[0-9]{{2}}[年/.-])))"
)
_KIN_NAME = re.compile(rf"({KANJI}{{1,3}}(?!{KANJI})|[ぁ-ん]{{2,4}}(?![ぁ-ん])|[ァ-ヶー]{{2,6}}(?![ァ-ヶー]))")
_NEXT_KIN = re.compile(r"[・、,/ ] {0,3}(?:[父母妻夫子兄弟姉妹孫]|長[男女]|[次二三][男女]|[祖義継養][父母])")
_DATED = re.compile(r"\)| ?(?:[SHR]|昭和|平成|令和|昭|平|令)[0-9]")
_MAX_GAP = 3
_LONGEST_GIVEN = 4


def word_names(known: Names, text: str, honorifics: Sequence[int], others: Iterable[int]) -> Iterator[Found]:
    """Yield the names that words show.

    `honorifics` are where honorifics begin, ascending; `others` where words stand that a name may stand beside, and
    what may be a name by itself (`candidates`). Only clauses that hold one of these are cut into words: a quarter of
    a text full of names.
    """
    words = tokens_in(text, _clauses(text, sorted({*honorifics, *others})))
    yield from _tagged(known, text, words)
    starts = [word[0] for word in words] if honorifics else []
    for at in honorifics:
        i = bisect_left(starts, at)
        if 0 < i < len(starts) and starts[i] == at:
            yield from honoured(known, text, words, i)
        else:
            yield from swallowed(known, text, at)


def candidates(known: Names, text: str) -> Iterator[int]:
    """Yield where a family name of the lexicon may begin, and where words of katakana that name foreigners do."""
    openings, families = known.openings, known.lexicon("surnames")
    for at in [at for at, pair in enumerate(map(add, text, text[1:])) if pair in openings]:
        short = text[at : at + 2] in families and text[at + 1] > "ヿ"
        if short or text[at : at + 3] in families or text[at : at + 4] in families:
            yield at
    foreign = known.lexicon("foreign-names")
    yield from (match.start() for match in _KATAKANA.finditer(text) if match.group() in foreign)


def _clauses(text: str, places: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the clauses that hold one of the places, ascending."""
    done = 0
    for at in places:
        if at >= done:
            start = max(text.rfind(mark, done, at) for mark in _CLAUSE_ENDS) + 1
            match = _CLAUSE_END.search(text, at)
            done_before, done = done, match.start() if match else len(text)
            yield max(start, done_before), done


def titled_names(known: Names, text: str, titles: Sequence[int]) -> Iterator[Found]:
    """Yield the family names that stand behind a title and a gap: 「土木部長　長谷　090-…」; `titles` are title ends.

    Several of the lexicon in one line are a list of persons: 「課長 森田、主査 三好」.
    """
    matches = [match for at in titles if (match := _BEHIND_TITLE.match(text, at))]
    matches = [match for match in matches if not match["gap"] or known.family(match[1])]
    names = [match.span(1) for match in matches if match[1] not in known.not_persons]
    names = [(start, end) for start, end in names if not known.spoiled(text, start, end)]
    breaks = [match.start() for match in re.finditer("\n", text)] if names else []
    lines = Counter(bisect_left(breaks, start) for start, end in names if known.family(text[start:end]))
    for start, end in names:
        listed = known.family(text[start:end]) and lines[bisect_left(breaks, start)] > 1
        yield Found(start, end, ("title", "listed") if listed else ("title",))


def kin_names(known: Names, text: str, kin: Sequence[int]) -> Iterator[Found]:
    """Yield the given name that stands behind a word of kin and before an age or an honorific: 「長男の颯真（3歳）」."""
    for at in kin:
        match = _BEHIND_KIN.match(text, at)
        group = (match and match.lastindex) or 0
        if match and match[group] not in known.not_persons and match[group] not in known.kin:
            yield Found(*match.span(group), ("kin",))
        else:
            yield from _kin_list(known, text, at)


def _kin_list(known: Names, text: str, at: int) -> Iterator[Found]:
    """Yield the given names of kin that are listed one by one: 「父慎也・母奈々・子ひより」."""
    match = _KIN_NAME.match(text, at)
    sure = match is not None and _is_given(known, match[1])
    while match and sure and match[1] not in known.not_persons:
        following = _NEXT_KIN.match(text, match.end())
        if not following and not _DATED.match(text, match.end()):
            return
        yield Found(match.start(1), match.end(1), ("kin",))
        match = _KIN_NAME.match(text, following.end()) if following else None


def _is_given(known: Names, word: str) -> bool:
    return word not in known.not_persons and (known.given(word) or word in known.lexicon("foreign-names"))


def _tagged(known: Names, text: str, words: list[Token]) -> Iterator[Found]:
    """Yield names that the tokenizer's tags show."""
    for i in [i for i, word in enumerate(words) if word[2] in _NAMED]:
        start, end, tag = words[i]
        if tag == "姓":
            yield from _from_family(known, text, words, i)
        elif tag == "名":
            yield from _from_given(known, text, words, i)
        elif tag == "人名":
            yield from _from_foreign(known, text, start, end)
        elif known.titles.begin(text, end) and _is_titled(known, text, start, end):
            yield Found(start, end, ("title",))


def _is_titled(known: Names, text: str, start: int, end: int) -> bool:
    """Tell whether a place that is a family name too stands before the title of a person: 小松主任, not 千葉支店長."""
    if end - start == 1 or not known.family(text[start:end]) or known.spoiled(text, start, end):
        return False
    return not _KANJI_BEFORE.match(text[start - 1 : start]) and not known.place_titles.begin(text, end)


def _from_foreign(known: Names, text: str, start: int, end: int) -> Iterator[Found]:
    """Yield a foreign name: parts joined by ・ of which the last is a name too, or one part that stands alone."""
    if _KATAKANA_BEFORE.match(text[start - 1 : start]):
        return
    match = _FOREIGN.match(text, start)
    stop = match.end() if match else end
    if (not match and not (_EDGE.match(text, stop) and stop - start > 1)) or known.spoiled(text, start, stop):
        return
    named = match and re.split("[・=]", match.group())[-1] in known.lexicon("foreign-names")
    yield Found(start, stop, ("foreign" if named else "surname", *known.role(text, start, stop)))


def _from_family(known: Names, text: str, words: list[Token], i: int) -> Iterator[Found]:
    start, end, _ = words[i]
    stop = _given_end(known, text, words, i)
    if stop and not known.spoiled(text, start, stop):
        yield Found(start, stop, ("full", *known.role(text, start, stop)))
    elif not stop and not known.spoiled(text, start, end):
        role = _title_behind(known, text, end) or _role_before(known, text, start, end) or _presented(text, start, end)
        if role or (end - start > 1 and _EDGE.match(text, end)):
            yield Found(start, end, role or ("surname",))


def _role_before(known: Names, text: str, start: int, end: int) -> tuple[str, ...]:
    """Return `role` for 「部下の葛西が」「道路課の向山です」 and `title` for 「道路課 成沢(」."""
    if end - start == 1 or not _ENDS_ROLE.match(text, end):
        return ()
    if text.endswith(known.roles, max(0, start - _LONGEST_GIVEN), start):
        return ("role",)
    return ("title",) if _SECTION.search(text, max(0, start - _MAX_GAP), start) else ()


def _presented(text: str, start: int, end: int) -> tuple[str, ...]:
    """Return `presented` for who says their name: 「江戸川台の大久保です。」."""
    return ("presented",) if text[start - 1 : start] == "の" and _IS_ME.match(text, end) else ()


def _title_behind(known: Names, text: str, end: int) -> tuple[str, ...]:
    if known.public_titles.begin(text, end):
        return ("public",)
    return ("title",) if known.titles.begin(text, end) else ()


def _given_end(known: Names, text: str, words: list[Token], i: int) -> int | None:
    """Return where the given name behind the family name `words[i]` ends."""
    if i + 1 >= len(words):
        return None
    end = words[i][1]
    start, stop, tag = words[i + 1]
    gap = text[end:start]
    if len(gap) > _MAX_GAP or "\n" in gap:
        return None
    if tag == "名" or (tag == "姓" and gap == "" and known.given(text[start:stop])):
        return _extended(known, text, words, i + 1)
    if gap == "":
        return _given_run(known, text, words, i + 1)
    return None


def _extended(known: Names, text: str, words: list[Token], i: int) -> int:
    """Take in a second half of a given name that the tokenizer cut off: 沙 + 織."""
    start, stop, _ = words[i]
    if i + 1 < len(words) and words[i + 1][0] == stop and words[i + 1][1] - stop == 1:
        longer = words[i + 1][1]
        if words[i + 1][2] in {"名", "名詞", "姓"} and known.given(text[start:longer]):
            return longer
    return stop


def _given_run(known: Names, text: str, words: list[Token], i: int) -> int | None:
    """Return the end of one or two words that make a given name of the lexicon, where a name can end."""
    start = words[i][0]
    for j in (i + 1, i):
        if (
            j >= len(words)
            or words[j][1] - start > _LONGEST_GIVEN
            or words[j][0] != (start if j == i else words[j - 1][1])
        ):
            continue
        stop = words[j][1]
        if stop - start > 1 and re.match(f"{KANJI}", text[start]) and text[start:stop] in known.lexicon("given-names"):
            return stop
    return None


def _from_given(known: Names, text: str, words: list[Token], i: int) -> Iterator[Found]:
    """Yield a name whose family part carries another tag (a place, a noun), or a given name behind a word of kin."""
    start, end, _ = words[i]
    if i == 0:
        return
    first, last, tag = words[i - 1]
    gap = text[last:start]
    if tag not in {"姓", "名"} and gap.strip(" ") == "" and len(gap) <= _MAX_GAP and known.family(text[first:last]):
        if not known.spoiled(text, first, end) and last - first > (0 if gap else 1):
            yield Found(first, end, ("full", *known.role(text, first, end)))
    elif end - start > 1 and _behind_kin(text, words, i, known.kin) and not known.spoiled(text, start, end):
        yield Found(start, end, ("kin",))


def _behind_kin(text: str, words: list[Token], i: int, kin: frozenset[str]) -> bool:
    for first, last, tag in reversed(words[max(0, i - 3) : i]):
        if text[first:last] in kin:
            return True
        if tag not in {"助詞", "記号", "接尾"}:
            return False
    return False
