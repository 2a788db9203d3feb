"""Find names by the company they keep: speakers of minutes and chats, lists, families, and second mentions."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from aiguard.detectors.person import KANJI, Found, Names, katakana

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# A speaker: a short name (and its title) before a colon, or alone on the line behind the time of a message.
_SPEAKER = re.compile(
    rf"^[-・○●>*]? ?(?P<stamp>\[[0-9][^\]\n]{{2,20}}\] ?|[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})? )?"
    rf"(?P<name>(?:{KANJI}|[ぁ-ん]|[ァ-ヶー]){{2,8}})(?:@[^\n:]{{1,12}})?(?P<colon>:(?!//)(?P<said>$|[^\n]*[ぁ-ん]{{2}})?|$)",
    re.MULTILINE,
)
# A message of a chat that is exported with blanks between time, speaker and text.
_MESSAGE = re.compile(
    rf"^(?P<stamp>[0-9]{{1,2}}:[0-9]{{2}})[ \t]{{1,2}}(?P<name>(?:{KANJI}|[ぁ-ん]|[ァ-ヶー]){{2,8}})(?=[ \t][^\n]*[ぁ-ん]{{2}})",
    re.MULTILINE,
)
_MESSAGES = 3
_SPEAKERS = 2
_KANA = re.compile("(?:[ぁ-ん]{2,6}|[ァ-ヶー]{2,8})")
_FOREIGN = re.compile("[ァ-ヶー]{3,10}")
_ITEM = rf"(?:{KANJI}{{3,5}}|{KANJI}{{1,3}}[ぁ-んァ-ヶー]{{1,4}}|[ァ-ヶー]{{2,10}}(?:[ ・][ァ-ヶー]{{2,10}})+|[A-Z][a-z]+(?: [A-Z][a-z]+)+)"
_BETWEEN = re.compile(rf"(?P<mark>[、,/]) ?{_ITEM}(?:(?P=mark) ?{_ITEM}){{0,2}}(?P=mark) ?")
_ITEMS = re.compile(_ITEM)
_ROW = re.compile(
    rf"^ ?\(?(?:[0-9]{{1,3}}|[①-⑳]|No\.? ?[0-9]{{1,3}})[.):、,\t |]{{1,2}}"
    rf"(?P<name>{KANJI}{{1,4}} (?:{KANJI}{{1,3}}|[ぁ-ん]{{2,4}}|[ァ-ヶー]{{2,6}})|[ァ-ヶー]{{2,10}}・[ァ-ヶー]{{2,10}})"
    r"(?=[ \t,|(、:]|$)",
    re.MULTILINE,
)
_ROWS = 2
_LONGEST_GAP = 60
_SAYS = re.compile(rf"({KANJI}{{2,4}}|[ァ-ヶー]{{2,8}}|(?<![ぁ-ん])[ぁ-ん]{{2,5}}?)と(?:申し|もうし)(?:ま|て|た)")
_FAMILY = re.compile(rf"({KANJI}{{2,3}}|[ァ-ヶー]{{3,10}})(?:さん|様)?家(?:\(|の)$")
# A part of a name where it can only be a person: before an honorific or です, or as the speaker of a line.
_SHOWN = r" ?(?:さん(?!ぽ)|ちゃん|くん|君|様|氏)|です|でした|と申し|より$|-san"
_PART_BEFORE = rf"(?<!{KANJI})(?<![ァ-ヶーA-Za-z])"
_OPENS = re.compile(_PART_BEFORE)
_SHOWS = re.compile(rf"{_SHOWN}|:", re.MULTILINE)
_ALONE = re.compile(rf"{KANJI}{{2,4}}|[ァ-ヶー]{{3,10}}")
_GAPS = re.compile("[ ・=　]+")
_TOUCHING = re.compile(rf"{KANJI}|[ァ-ヶー]")
_MAY_FOLLOW = ("様", "氏", "殿", "君", "宅", "家", "邸")
_LONGEST = 8
_SHORTEST = 2


def speakers(known: Names, text: str) -> Iterator[Found]:
    """Yield the speakers of minutes and chats, where at least two are family or given names of the lexicon.

    Fields (対象：, 会場：) look the same once: speakers come back, carry a title, or stand behind a time.
    """
    if "\n" not in text:
        return
    yield from _messages(known, text)
    lines = [(match, *_named(known, match)) for match in _SPEAKER.finditer(text) if _is_line(match)]
    sure = {
        name
        for match, name, titled in lines
        if name and _says(match) and _speaks(known, name, titled=titled, stamped=bool(match["stamp"]))
    }
    signs = [name for match, name, titled in lines if name in sure and (titled or match["stamp"])]
    names = [name for _, name, _ in lines]
    if len(sure) < _SPEAKERS or (not signs and all(names.count(name) < _SPEAKERS for name in sure)):
        return
    for match, name, _ in lines:
        if name in sure or (name and (match["stamp"] or _FOREIGN.fullmatch(name)) and name not in known.not_persons):
            yield Found(match.start("name"), match.start("name") + len(name), ("speaker",))


def _messages(known: Names, text: str) -> Iterator[Found]:
    """Yield the speakers of a chat whose messages stand behind a time and a blank: one of them comes back."""
    lines = list(_MESSAGE.finditer(text))
    names = [match["name"] for match in lines]
    if len(lines) < _MESSAGES or len(set(names)) == len(names):
        return
    for match, name in zip(lines, names, strict=True):
        if _speaks(known, name, titled=False, stamped=True):
            yield Found(*match.span("name"), ("speaker",))


def _is_line(match: re.Match[str]) -> bool:
    """Tell whether a line can be one of a talk: 「10:02 前田」 alone is one of a timetable."""
    return bool(match["colon"]) or (match["stamp"] or "").startswith("[")


def _says(match: re.Match[str]) -> bool:
    """Tell whether a sentence follows, not a value: 「大谷：3件」."""
    return bool(match["stamp"]) or match["said"] is not None


def _named(known: Names, match: re.Match[str]) -> tuple[str, bool]:
    """Return the name of a speaker without the title, and whether there was one."""
    name = match["name"]
    for titles in (known.titles, known.public_titles):
        for at in range(1, len(name)):
            if name[at:] in titles.words:
                return name[:at], True
    if titles_only(known, name):
        return "", False
    return name.removesuffix("さん"), name.endswith("さん")


def titles_only(known: Names, word: str) -> bool:
    """Tell whether a word is a title or a role and no name."""
    return word in known.titles.words or word in known.public_titles.words or word in known.kin


def _speaks(known: Names, name: str, *, titled: bool, stamped: bool) -> bool:
    if _is_name(known, name):
        return True
    return name not in known.not_persons and ((stamped and known.given(name)) or (titled and known.family(name)))


def _is_name(known: Names, name: str) -> bool:
    """Tell whether a word is a family name of the lexicon, or a full name."""
    if len(name) == 1 or name in known.not_persons:
        return False
    if _KANA.fullmatch(name):
        return katakana(name) in known.lexicon("surname-readings")
    return known.family(name) or _parted(known, name) is not None


def _parted(known: Names, name: str) -> str | None:
    """Return the family name that a full name begins with, or None."""
    if " " in name:
        return name.split(" ", maxsplit=1)[0]
    cuts = [cut for cut in (2, 3, 1, 4) if cut < len(name) and known.family(name[:cut]) and known.given(name[cut:])]
    return name[: cuts[0]] if cuts else None


def is_whole(known: Names, name: str) -> bool:
    """Tell whether a name has a family and a given part; two characters without a gap are seldom both."""
    return bool(re.search("[ ・=　]", name)) or (len(name) > _SHORTEST and _parted(known, name) is not None)


def second_mentions(known: Names, text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Yield where the family name of a full name, or a speaker, stands again alone: 「笠井です」.

    So do its given name and the parts of a foreign name, where something shows that a person is meant.
    """
    shown = {(text[one.start : one.end], "speaker" in one.evidence) for one in found if _is_told(one)}
    names = {name for word, speaks in shown if (name := _short(known, word, speaks=speaks))}
    words = {text[one.start : one.end] for one in found if not _is_public(one)}
    parts = {part for word in words for part in _parts_behind(known, word)}
    inside = _places(one for one in found if "full" in one.evidence or "kana" in one.evidence)
    for name in names:
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if at not in inside and _alone(known, text, at, end):
                yield Found(at, end, ("again",))
            at = text.find(name, end)
    if parts - names:
        within = _places(found)
        for start, end in _parts_again(text, sorted(parts - names), within):
            if start not in within and not known.not_after.begin(text, end):
                yield Found(start, end, ("part",))


def _parts_again(text: str, parts: Sequence[str], within: set[int]) -> Iterator[tuple[int, int]]:
    if not any(_is_shown(text, part, within) for part in parts):
        return  # as nearly always: to compile an expression costs more than all else here
    words = "|".join(map(re.escape, parts))
    for match in re.finditer(rf"{_PART_BEFORE}(?:{words})(?={_SHOWN})|^(?:{words})(?=:)", text, re.MULTILINE):
        yield match.span()


def _places(found: Iterable[Found]) -> set[int]:
    """Return every place inside of names."""
    places: set[int] = set()
    for one in found:
        places.update(range(one.start, one.end))
    return places


def _is_shown(text: str, part: str, within: set[int]) -> bool:
    """Tell whether a part stands outside the names before what shows a person."""
    at = text.find(part)
    while at >= 0:
        if at not in within and _OPENS.match(text, at) and _SHOWS.match(text, at + len(part)):
            return True
        at = text.find(part, at + 1)
    return False


def _is_public(one: Found) -> bool:
    return not {"public", "famous"}.isdisjoint(one.evidence)


def _parts_behind(known: Names, name: str) -> Iterator[str]:
    """Yield the given name of a full name, and the parts of a foreign name, long enough to be known again."""
    pieces = _GAPS.split(name)
    if len(pieces) > 1:
        yield from (piece for piece in pieces if len(piece) >= _SHORTEST)
    elif (family := _parted(known, name)) and len(name) - len(family) >= _SHORTEST:
        yield name[len(family) :]


def _is_told(one: Found) -> bool:
    """Tell whether a family name is known that may stand again alone: that of a full name, or a speaker's."""
    return "public" not in one.evidence and ("full" in one.evidence or "speaker" in one.evidence)


def _short(known: Names, word: str, *, speaks: bool) -> str | None:
    name = word if speaks else _parted(known, word)
    return name if name and _ALONE.fullmatch(name) and name not in known.not_persons else None


def _alone(known: Names, text: str, start: int, end: int) -> bool:
    if (start and _TOUCHING.match(text, start - 1)) or known.spoiled(text, start, end):
        return False
    after = _TOUCHING.match(text, end)
    return not after or text.startswith(_MAY_FOLLOW, end) or known.titles.begin(text, end)


def listed_names(known: Names, text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Yield what stands between two full names of one list and looks like a name: 「真壁泰三、金成恩、猪狩千尋」."""
    full = [one for one in found if "full" in one.evidence and "public" not in one.evidence]
    for one, other in pairwise(full):
        if 0 < other.start - one.end < _LONGEST_GAP and _BETWEEN.fullmatch(text, one.end, other.start):
            for item in _ITEMS.finditer(text, one.end, other.start):
                if _could_be(known, item.group()) and not known.spoiled(text, item.start(), item.end()):
                    yield Found(item.start(), item.end(), ("listed",))


def rostered_names(known: Names, text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Yield what has the shape of a name where two numbered lines or more begin with full names: 「3 篠 千鶴」."""
    starts = {one.start for one in found if "full" in one.evidence}
    rows = list(_ROW.finditer(text)) if len(starts) >= _ROWS else []
    if sum(row.start("name") in starts for row in rows) >= _ROWS:
        for row in rows:
            if row["name"] not in known.not_persons and not known.spoiled(text, row.start("name"), row.end("name")):
                yield Found(row.start("name"), row.end("name"), ("listed",))


def _could_be(known: Names, item: str) -> bool:
    if item in known.not_persons or known.titles.end(item, len(item)):
        return False
    return item[0] < "ぁ" or "ァ" <= item[0] <= "ヶ" or any(known.family(item[:cut]) for cut in (1, 2, 3))


def presented(known: Names, text: str) -> Iterator[Found]:
    """Yield the name that somebody says of themselves: 「須賀と申します」."""
    if "と申" not in text and "ともうし" not in text:
        return
    for match in _SAYS.finditer(text):
        name = match[1]
        if _is_name(known, name):
            yield Found(match.start(1), match.end(1), ("presented",))


def family_names(known: Names, text: str, kin: Iterable[int]) -> Iterator[Found]:
    """Yield the name of a family whose members follow: 「笹川家（父…」; `kin` are where words of kin begin."""
    is_one: Callable[[str], bool] = known.lexicon("foreign-names").__contains__
    for at in kin:
        match = _FAMILY.search(text, max(0, at - _LONGEST - 6), at)
        if match and match[1] not in known.not_persons and (known.family(match[1]) or is_one(match[1])):
            yield Found(match.start(1), match.end(1), ("kin",))
