"""Find names in the places that hold names: behind the label of a field, and under the heading of a column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiguard.detectors.person import ENDINGS, KANJI, Found, Names, katakana
from aiguard.detectors.person_parts import JOINTED, parted
from aiguard.morph import PERSON_TAGS, tokens
from aiguard.tables import cells, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiguard.detectors.reading import Reading, Word
    from aiguard.model import Span
    from aiguard.tables import Table

_SEPARATOR = re.compile(
    r"[ \t]*(?:[((][^()\n]{1,8}[))][ \t]*)?(?:(?::|=|は|\||,|、|/|・|>)|\"\s*:\s*\"|[ \t])(?: |\t|\"|「|『|\|)*|\n[ \t]*"
)
_FAMILY = "姓"
_HALVES = frozenset(("姓", "名", "苗字", "名字", "セイ", "メイ"))
_PARTED = re.compile(
    rf"(?m)(?:^|(?<=[ \t,、|]))(姓|名|苗字|名字|セイ|メイ)(?: ?: ?| {{1,4}})"
    rf"({KANJI}{{1,4}}|[ァ-ヶー]{{2,8}}|[ぁ-ん]{{2,6}})(?=[ \t,、|:。(]|$)"
)
_HALF = re.compile(rf"{KANJI}{{1,4}}|[ァ-ヶー]{{2,8}}|[ぁ-ん]{{2,6}}")
_GIVEN_HALVES = frozenset(("名", "メイ"))
_VALUE = re.compile(
    rf"(?:{JOINTED}|{KANJI}{{1,4}})(?:[ァ-ヶー]{{2,4}}|[ぁ-ん]{{2,3}})[{ENDINGS}]?(?![ぁ-んァ-ヶー])(?!{KANJI})|(?:{JOINTED}){KANJI}{{1,3}}(?!{KANJI})"
    rf"|{KANJI}{{1,5}} {{0,3}}(?:{KANJI}|[ぁ-ん]|[ァ-ヶー]){{1,6}}(?!{KANJI})(?![ァ-ヶー])"
    rf"|{KANJI}{{1,5}}(?!{KANJI})(?![ァ-ヶー])"
    rf"|[ァ-ヶー]{{2,12}} {KANJI}{{1,4}}(?!{KANJI})"
    r"|[ァ-ヶー]{2,12}(?:[ ・]{1,2}[ァ-ヶー]{2,12}){0,3}(?![ァ-ヶー])|[ぁ-ん]{2,6} [ぁ-ん]{2,6}(?![ぁ-ん])"
    r"|[A-Z][A-Za-z'.-]+(?: [A-Za-z'.-]+){1,4}"
)
_SHORTEST = 2
_ERAS = frozenset(("明治", "大正", "昭和", "平成", "令和"))
_YEAR = re.compile("[0-9元]")
_OFFICE = ("者", "員", "人", "主")  # 耕作者, 世帯主: what somebody is
# What stands behind these can only be a name: two parts suffice, known or not.
_OF_NAMES = ("氏名", "名前", "フリガナ", "ふりがな", "名義", "名義人")
_LATIN = re.compile(r"[A-Z][A-Za-z'-]+\.?(?: (?:[A-Z][A-Za-z'-]+|[A-Z]\.|d[aei]|van|von|al|bin|de)\.?){1,4}")
_PREFIX = re.compile(rf"({KANJI}{{1,8}}) {{1,2}}(?=(?:{KANJI}|[ァ-ヶ]){{1,5}} )")


def field_names(known: Names, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Found]:
    """Yield the values of fields and of columns that a label names."""
    own = words.get("label", [])
    parted = any(half in reading.text.text for half in (_FAMILY, "セイ", "字"))
    if parted:
        yield from _parted(known, reading)
    if not own and not parted:
        return
    longest = {(word.start, word.end) for word in reading.labels}
    for word in own:
        if (word.start, word.end) in longest and reading.heading(word.start) is None:
            yield from _behind(known, reading, word)
    for table in reading.tables:
        yield from _column_names(known, reading, table, own)


def _parted(known: Names, reading: Reading) -> Iterator[Found]:
    """Yield the halves of a name that have a field each: 「姓：樋口」「名：大輔」; one without the other is none."""
    halves = [match for match in _PARTED.finditer(reading.text.text) if match[2] not in known.not_persons]
    if len({match[1] in _GIVEN_HALVES for match in halves}) > 1:
        yield from (Found(*match.span(2), (f"label:{match[1]}",)) for match in halves)


def _behind(known: Names, reading: Reading, word: Word) -> Iterator[Found]:
    text = reading.text.text
    at = reading.text.from_source(word.end)
    separator = _SEPARATOR.match(text, at)
    code = word.word.isascii() and reading.source[word.start - 1 : word.start] == "."
    if not separator or code:
        return
    match = _VALUE.match(text, _skip(known, text, separator.end()))
    if match and (end := _name_end(known, text, match.start(), _before_field(text, *match.span()))):
        yield Found(match.start(), end, (f"label:{word.word}", *known.role(text, match.start(), end)))


def _before_field(text: str, start: int, end: int) -> int:
    """Return where a value ends that runs into the next field: 「氏名：中野 翔 電話：」「妻 詩織 昭和57年」."""
    last = text.rfind(" ", start, end)
    dated = text[last + 1 : end] in _ERAS and _YEAR.match(text, end)
    runs_on = dated or text[end : end + 2].lstrip(" ").startswith(":")
    return len(text[:last].rstrip()) if last > start and runs_on else end


def _skip(known: Names, text: str, at: int) -> int:
    """Step over what stands before the name in its field: a section of the office, a word of kin."""
    match = _PREFIX.match(text, at)
    if match and (match[1] in known.kin or match[1][-1] in "課係室部所局班"):
        return match.end()
    return at


def _column_names(known: Names, reading: Reading, table: Table, labels: list[Word]) -> Iterator[Found]:
    columns = {
        i: word.word
        for i, cell in enumerate(table.heading)
        for word in labels
        if cell.start <= word.start and word.end <= cell.end
    }
    heads = ((i, reading.source[cell.start : cell.end].strip(' "\u3000')) for i, cell in enumerate(table.heading))
    halves = {i: head for i, head in heads if head in _HALVES}
    columns |= halves if len(halves) > 1 else {}
    if not columns:
        return
    for line in _body(reading.source, table):
        row = cells(reading.source, line, table.separator)
        for i, word in columns.items():
            if i < len(row):
                yield from _cell(known, reading, row[i], word)


def _body(source: str, table: Table) -> Iterator[Span]:
    for line in lines(source[: table.span.end]):
        if line.start > table.heading[0].start:
            yield line


def _cell(known: Names, reading: Reading, cell: Span, word: str) -> Iterator[Found]:
    text = reading.text.text
    start, end = reading.text.from_source(cell.start), reading.text.from_source(cell.end)
    while start < end and text[start] in ' "　':
        start += 1
    if word in _HALVES and (half := _HALF.fullmatch(text[start:end].rstrip(' "'))):
        if half.group() not in known.not_persons:
            yield Found(start, start + len(half.group()), (f"label:{word}",))
        return
    match = _VALUE.match(text, start, end)
    if not match:
        return
    if stop := _name_end(known, text, match.start(), match.end(), sure=word.endswith(_OF_NAMES)):
        yield Found(match.start(), stop, (f"label:{word}",))


def _name_end(known: Names, text: str, start: int, end: int, *, sure: bool = False) -> int | None:
    """Return where the name ends if the value is one: known words, or two parts of which one is known."""
    value = text[start:end]
    if value in known.not_persons or known.spoiled(text, start, end) or known.not_after.end(value, len(value)):
        return None
    if value.isascii():
        return end if _LATIN.fullmatch(value) or (value.islower() and len(min(value.split(), key=len)) > 1) else None
    if len(value) > _SHORTEST and parted(known, value):
        return end
    parts = re.split("[ ・]+", value)
    if len(parts) > 1 and _plausible(known, parts, sure=sure):
        return end
    return _known_end(known, text, start, end)


def _known_end(known: Names, text: str, start: int, end: int) -> int | None:
    """Return where the words of a value end that can be a name, if the first is known to be one."""
    words = tokens(text, start, end)
    named = [word for word in words if word[2] in PERSON_TAGS or _in_lexicon(known, text[word[0] : word[1]])]
    bad = next((word for word in words if word[2] in {"助詞", "助動詞", "動詞", "接尾", "記号"}), None)
    if not named or named[0][0] != start or (bad and bad[2] == "接尾" and text.startswith(_OFFICE, bad[0])):
        return None
    stop = min(end, bad[0]) if bad else end
    return stop if stop > start and not known.not_after.end(text, stop) else None


def _plausible(known: Names, parts: list[str], *, sure: bool = False) -> bool:
    if any(part in known.not_persons or known.titles.begin(part, 0) for part in parts):
        return False
    return (
        sure
        or any(_in_lexicon(known, part) for part in parts)
        or all(re.fullmatch("[ァ-ヶー]+", part) for part in parts)
    )


def _in_lexicon(known: Names, word: str) -> bool:
    return len(word) > 1 and (
        known.family(word) or known.given(word) or katakana(word) in known.lexicon("surname-readings")
    )
