"""Find names of persons in running text, in lists, in tables and behind labels.

Each way to find a name is a function that yields candidates in the text view with their evidence; candidates that
overlap become one. Evidence:

    full        a family name and a given name
    label:WORD  the value of a field for a name
    honorific   さん, 様 ... follows          title     課長, 係長 ... follows
    surname     a family name, or a foreign one, that stands alone
    foreign     a foreign name of several parts
    kin         a given name behind 長女, 妻 ...
    speaker     speaks in minutes or a chat   listed     stands between names in a list
    again       the family name of a full name that the text holds      part   its given name, or one of several parts
    model       the model takes it for a name        famous     ... of somebody in public (seen: it may be one)
    whole       the model's name has a family and a given part
    presented   と申します follows             role       部下の, 隣の ... stands before
    kana        a family and a given name in kana or Latin letters, by their readings
    public      in a public role (市長, 議長), or known from history      creator    a writer or artist of the list
    cited       in a list of publications
    sample      declared as invented (記入例, 架空)      usual     a name that samples use
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.detectors.person import (
    KANJI,
    Found,
    Names,
    affixes,
    joined,
    kana_pairs,
    spaced_pairs,
    spread_names,
)
from aiguard.detectors.person_fields import field_names
from aiguard.detectors.person_grow import grown
from aiguard.detectors.person_households import households, rows_of_families
from aiguard.detectors.person_kana import kana_names
from aiguard.detectors.person_latin import latin_names, romaji_pairs
from aiguard.detectors.person_lists import (
    family_names,
    is_whole,
    listed_names,
    presented,
    rostered_names,
    second_mentions,
    speakers,
    titles_only,
)
from aiguard.detectors.person_model import likely_places, modelled_names
from aiguard.detectors.person_readings import read_names, reading_behind, respected
from aiguard.detectors.person_words import candidates, kin_names, titled_names, word_names
from aiguard.detectors.reading import within
from aiguard.lexicon import COMMON, GIVEN, SURNAME
from aiguard.model import Match, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aiguard.detectors.person_model import Model
    from aiguard.detectors.reading import Reading, Word

_HEADING = 12  # code points of a line that is a heading
_HEAD = 80  # code points at the head of a text, where it is declared as invented
WEAK = frozenset({"surname", "foreign", "title", "public"})  # what leaves a doubt
NEIGHBOURS = frozenset({"kin", "again", "speaker", "listed"})  # what says nothing of the word itself
_KANJI = re.compile(KANJI)
# The year and the pages of an article: 「溶接学会誌，74-8（2005）, 6-9.」「2019;12(3):45-50」「vol. 3, pp. 1-9」.
_PUBLICATION = re.compile(
    r"\((?:19|20)[0-9]{2}\)[,.:] ?(?:pp?\. ?)?[0-9]{1,4}-[0-9]{1,4}(?![0-9-])"
    r"|(?:19|20)[0-9]{2} ?; ?[0-9]{1,4} ?(?:\([0-9]{1,3}\))?: ?[0-9]{1,5}|[Vv]ol\. ?[0-9]{1,4}[^\n]{0,24}pp?\. ?[0-9]+"
)
_LATIN = re.compile("[A-Za-z]{2}")
_JAPANESE = re.compile(r"[^\W0-9A-Za-z_]")


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold the words that make or unmake a name, as data of the pack.

    A word of `samples` speaks for its line and, standing in a heading, for the next; one of `fictions` at the head of a text for all of it. Beside one of the
    `sample_names` a name with one of the `sample_givens` is a sample too.
    """

    labels: tuple[str, ...]
    honorifics: tuple[str, ...]
    titles: tuple[str, ...]
    public_titles: tuple[str, ...]
    kin: tuple[str, ...]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]
    not_persons: tuple[str, ...]
    samples: tuple[str, ...]
    fictions: tuple[str, ...]
    sample_names: tuple[str, ...]
    sample_givens: tuple[str, ...]
    public_names: tuple[str, ...]
    creators: tuple[str, ...] = ()
    place_titles: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    short_families: tuple[str, ...] = ()
    foreign_families: tuple[str, ...] = ()
    row_heads: tuple[str, ...] = ()


def classes(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Return the words to look for, by class."""
    return {
        "label": spec.labels,
        "honorific": spec.honorifics,
        "sample": spec.samples,
        "fiction": spec.fictions,
        "sample_name": spec.sample_names,
        "public": spec.public_names,
        "creator": spec.creators,
        "title": spec.titles,
        "kin": spec.kin,
    }


def gates(_spec: Spec) -> tuple[str, ...]:
    """Return nothing: a name needs no cue."""
    return ()


def problem(spec: Spec) -> tuple[str, str] | None:
    """Return the key and what is wrong with it."""
    return None if spec.honorifics else ("honorifics", "語が一つもありません")


def patterns(_spec: Spec) -> tuple[str, ...]:
    """Return the regular expressions as they will be compiled."""
    return ()


def find(spec: Spec, _view: str, reading: Reading, words: Mapping[str, list[Word]]) -> Iterator[Match]:
    """Yield each name once, with all the evidence for it."""
    text = reading.text.text
    if not _JAPANESE.search(text) and not re.search(r"[A-Z][a-z]", text):
        return
    known = _names(spec, reading.lexicon)
    likely = list(candidates(known, text))
    found = grown(known, text, [*_in_text(known, reading, words, likely), *field_names(known, reading, words)])
    if reading.names:
        found += grown(known, text, _modelled(known, reading.names(), text, found, likely))
    found += [
        *second_mentions(known, text, _not_samples(known, text, found)),
        *listed_names(known, text, joined(found)),
    ]
    found += rostered_names(known, text, found)
    found += rows_of_families(known, text, joined(found))
    figures = [
        (reading.text.from_source(word.start), reading.text.from_source(word.end), name)
        for name in ("public", "creator")
        for word in words.get(name, ())
    ]
    cited = _cited(text) if found else []
    for start, end, evidence in joined(found):
        if reading.names and NEIGHBOURS.issuperset(evidence) and _is_thing(reading.names(), text[start:end]):
            continue
        known_to_all = [*_known_to_all(text, start, end, figures), *("cited" for a, b in cited if a <= start < b)]
        span = reading.text.to_source(start, end)
        behind = reading_behind(known, text, start, end)
        respect = ("honorific",) if behind and respected(text, behind[1]) else ()
        evidence = (*evidence, *respect, *known_to_all, *_sample(known, reading, words, text[start:end], span))  # noqa: PLW2901
        yield Match(0, span, evidence)
        if behind:
            yield Match(0, reading.text.to_source(*behind), evidence)


def _modelled(known: Names, model: Model, text: str, found: list[Found], likely: Sequence[int]) -> Iterator[Found]:
    """Yield what the model adds in the sentences that may hold a name that no rule is sure of."""
    sure = joined(one for one in found if not WEAK.issuperset(one.evidence))
    ends = [one.end for one in sure]
    possible = {*likely, *likely_places(text, model.facts)}
    places = sorted(at for at in possible if not _inside(sure, ends, at))
    for one in modelled_names(model, text, places):
        word = text[one.start : one.end]
        if _no_name(known, model, word) or known.spoiled(text, one.start, one.end):
            continue
        whole = ("whole",) if is_whole(known, word) else ()
        yield Found(one.start, one.end, (*one.evidence, *whole, *known.role(text, one.start, one.end)))


def _known_to_all(text: str, start: int, end: int, figures: list[tuple[int, int, str]]) -> list[str]:
    """Name the lists that hold the whole of a name: 孫子 is none of 安孫子, 原敬 none of 原敬一."""
    return sorted(
        {
            name
            for first, stop, name in figures
            if first <= start < stop and (end <= stop or not _KANJI.match(text, stop)) and not _KANJI.match(text, end)
        }
    )


def _cited(text: str) -> list[tuple[int, int]]:
    """Return the lines that are entries of a list of publications; who wrote them is known from there."""
    spans = []
    for match in _PUBLICATION.finditer(text):
        stop = text.find("\n", match.end())
        spans.append((text.rfind("\n", 0, match.start()) + 1, stop if stop >= 0 else len(text)))
    return spans


def _no_name(known: Names, model: Model, word: str) -> bool:
    """Tell whether a word is known to be none, also written with gaps: 「附　則」."""
    if word in known.not_persons or titles_only(known, word):
        return True
    plain = re.sub(r"\s", "", word)
    return plain != word and bool(model.facts(plain).flags & COMMON)


def _is_thing(model: Model, word: str) -> bool:
    """Tell whether a word is a common noun and no name: 携帯 in 「母 携帯 090…」."""
    flags = model.facts(word).flags
    return bool(flags & COMMON) and not flags & (SURNAME | GIVEN)


def _inside(sure: list[Found], ends: list[int], at: int) -> bool:
    i = bisect_right(ends, at)
    return i < len(sure) and sure[i].start <= at


@lru_cache(maxsize=8)
def _names(spec: Spec, lexicon: Callable[[str], frozenset[str]]) -> Names:
    return Names(
        lexicon=lexicon,
        not_persons=frozenset(spec.not_persons),
        not_after=affixes(spec.not_after),
        not_before=spec.not_before,
        titles=affixes(spec.titles),
        public_titles=affixes(spec.public_titles),
        place_titles=affixes(spec.place_titles),
        kin=frozenset(spec.kin),
        roles=spec.roles,
        short=frozenset(spec.short_families),
        abroad=frozenset(spec.foreign_families),
        heads=spec.row_heads,
        samples=frozenset(spec.sample_names),
        sample_givens=spec.sample_givens,
        figures=frozenset(spec.public_names),
    )


def _in_text(known: Names, reading: Reading, words: Mapping[str, list[Word]], likely: Sequence[int]) -> Iterator[Found]:
    text = reading.text.text
    places = {name: [reading.text.from_source(word.start) for word in found] for name, found in words.items()}
    beside = (*places.get("title", ()), *places.get("kin", ()), *likely)
    yield from word_names(known, text, places.get("honorific", ()), beside)
    yield from titled_names(known, text, [reading.text.from_source(word.end) for word in words.get("title", ())])
    yield from kin_names(known, text, [reading.text.from_source(word.end) for word in words.get("kin", ())])
    yield from spaced_pairs(known, text)
    yield from households(known, text, likely)
    yield from kana_names(known, text, places.get("honorific", ()))
    yield from read_names(known, text)
    yield from spread_names(known, text)
    yield from speakers(known, text)
    yield from presented(known, text)
    yield from family_names(known, text, places.get("kin", ()))
    yield from kana_pairs(known, text)
    if _LATIN.search(text):
        yield from romaji_pairs(known, text)
        yield from latin_names(known, text)


def _not_samples(known: Names, text: str, found: list[Found]) -> list[Found]:
    names = ((one, "".join(text[one.start : one.end].split())) for one in found)
    return [one for one, name in names if name not in known.samples and name not in known.figures]


def _sample(known: Names, reading: Reading, words: Mapping[str, list[Word]], name: str, span: Span) -> Iterator[str]:
    """Yield `sample` for a name that a text declares as invented, `usual` for one that samples use."""
    whole = "".join(name.split())
    samples, fictions = words.get("sample"), words.get("fiction", ())
    line = reading.line(span.start) if samples else span
    declared = any(word.start < min(_HEAD, span.start) for word in fictions)
    if declared or (samples and within(samples, _headed(reading, line), line.end)):
        yield "sample"
    if whole in known.samples or ("sample_name" in words and whole.endswith(known.sample_givens)):
        yield "usual"


def _headed(reading: Reading, line: Span) -> int:
    """Return where the heading over a line starts, or the line itself."""
    above = reading.line(max(0, line.start - 1))
    return above.start if above.end - above.start <= _HEADING else line.start
