"""Run the rules over a document: words first, then only the rules whose words stand there, then tiers.

One Aho-Corasick automaton over the whole text finds every word of the pack; it decides which rules run.
"""

from __future__ import annotations

import re
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aiguard.detectors import DETECTORS
from aiguard.detectors.reading import Literals, Reading, Word
from aiguard.model import Document, Hit, Match, Rule, Severity, Span, Unchecked, Use
from aiguard.model.passing import UNFINISHED
from aiguard.windows import has_long_line, windows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aiguard.compiling import Compiled
    from aiguard.model import Segment

NEAR = 100
BESIDE = 10
_WEIGHED = "meaning"
_CHUNK = 500_000
_LONGEST = 64
# What waits for a value: a word in brackets that nobody writes around a value of his own (in those of ASCII, which a
# password may hold, a Japanese one), and nothing but marks.
_BLANK = re.compile(
    r"\s*(?:〔\w{1,24}〕|(?=.[^\W!-~])[\[［【（(][^\W!-~]{1,16}[0-9０-９]{0,4}[^\W!-~]{0,8}[\]］】）)]|[○◯●×＊*＿_…]{2,})\s*"
)
# An address whose place is not named, as in forms and samples: 「流山市〇〇1-1」, not 「一〇〇番地」, nor one whose
# building is not named.
_UNNAMED = re.compile("(?:(?!丁目|番)[^0-9０-９])*?(?<![一二三四五六七八九十百千〇○◯0-9０-９])[〇○◯△□●×]{2,}")
SAMPLES = frozenset(
    {"sample", "fiction", "context:sample", "context:example"}
)  # classes of words that declare what stands by them as invented
# Who goes by a sample, or sends one, declares nothing: 「記入例を参考に」「サンプルは別紙」.
_SPOKEN_OF = re.compile(
    "(?:の(?:紙|用紙|様式|ファイル))?(?:を|は|も|が|や|から|より|どおり|通り|参照|別紙|に(?:沿|なら|従|基づ|合わせ)|と(?!し))"
)
_NUMBER = re.compile(r"\d|[〇零一二三四五六七八九壱弐参]|ゼロ")


def scan(document: Document, compiled: Compiled) -> tuple[tuple[Hit, ...], tuple[Unchecked, ...]]:
    """Return the hits of a document, unmasked, and the rules that could not be finished in time."""
    hits: list[Hit] = []
    unchecked: list[Unchecked] = []
    for i, segment in enumerate(document.segments):
        found, late = scan_segment(segment, i, document.use, compiled)
        hits += found
        unchecked += late
    return without_echoes(hits), tuple(unchecked)


def without_echoes(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Drop what the classifier of meaning says of a section that a rule speaks of: the rule knows why, and how sure.

    Beside what a rule forbids, what the classifier only takes for likely would not change what is to be done.
    """
    rules = [hit for hit in hits if hit.rule.kind != _WEIGHED and hit.severity is not Severity.NOTE]
    told = {section for hit in rules for section in hit.sections}
    least = Severity.BLOCK if any(hit.severity is Severity.BLOCK for hit in rules) else Severity.NOTE
    return tuple(
        hit
        for hit in hits
        if hit.rule.kind != _WEIGHED or (told.isdisjoint(hit.sections) and hit.severity.rank >= least.rank)
    )


def scan_segment(segment: Segment, index: int, use: Use, compiled: Compiled) -> tuple[list[Hit], list[Unchecked]]:
    """Return the hits of one segment, and what could not be finished; one with a very long line is read in windows."""
    if not has_long_line(segment.source):
        return _scan_whole(segment, index, use, compiled)
    hits: list[Hit] = []
    unchecked: dict[Unchecked, None] = {}
    for window in windows_of(segment):
        found, late = _scan_whole(window.segment, index, use, compiled)
        moved = (replace(hit, span=_moved(hit.span, window.offset)) for hit in found)
        hits += (hit for hit in moved if window.start <= hit.span.start < window.end)
        unchecked |= dict.fromkeys(late)
    return hits, list(unchecked)


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _scan_whole(segment: Segment, index: int, use: Use, compiled: Compiled) -> tuple[list[Hit], list[Unchecked]]:
    reading, found = read_words(segment, compiled)
    matches, unchecked = _matches(reading, found, compiled)
    return [hit for hit in _judged(matches, index, use, compiled.company) if hit], unchecked


def dropped(segment: Segment, index: int, use: Use, compiled: Compiled) -> tuple[tuple[Rule, Match], ...]:
    """Return the matches of one segment that came to nothing, and those that a veto silenced ("veto:CLASS")."""
    reading, found = read_words(segment, compiled)
    reading.explain = True
    matches, _ = _matches(reading, found, compiled)
    judged = _judged(matches, index, use, compiled.company)
    return tuple(pair for pair, hit in zip(matches, judged, strict=True) if hit is None)


def _matches(
    reading: Reading, found: Mapping[int, list[Word]], compiled: Compiled
) -> tuple[list[tuple[Rule, Match]], list[Unchecked]]:
    """Run the rules whose words stand in the segment."""
    matches: list[tuple[Rule, Match]] = []
    unchecked: list[Unchecked] = []
    numbers = _NUMBER.search(reading.text.text) is not None
    for i in sorted({*compiled.always, *(compiled.gates[slot] for slot in found if slot in compiled.gates)}):
        rule = compiled.rules[i]
        if (rule.view == "digits" and not numbers) or not (reading.explain or _can_hold(compiled.needs[i], found)):
            continue
        words = {name: found[slot] for name, slot in compiled.slots[i].items() if slot in found}
        for name in SAMPLES & words.keys():
            words[name] = [word for word in words[name] if not _SPOKEN_OF.match(reading.source, word.end)]
        try:
            found_here = _find(rule, reading, words)
            matches += ((rule, match) for match in found_here if not _is_blank(rule, reading.source, match.span))
        except TimeoutError:
            reason = f"規則「{rule.title}」{UNFINISHED}"
            unchecked.append(Unchecked(reading.segment.label, reason))
    return matches, unchecked


def _can_hold(needs: Sequence[Sequence[int]], found: Mapping[int, list[Word]]) -> bool:
    """Tell whether the words that stand in a text are those that a tier of a rule needs."""
    return not needs or any(all(slot in found for slot in tier) for tier in needs)


def _is_blank(rule: Rule, source: str, span: Span) -> bool:
    """Tell whether a value waits for one: a bracket with a word in it, 「[パスワード]」, an address without its place."""
    if rule.entity == "ADDRESS" and _UNNAMED.match(source, span.start, span.end):
        return True
    return rule.entity is not None and _BLANK.fullmatch(source, span.start, span.end) is not None


def _find(rule: Rule, reading: Reading, words: Mapping[str, list[Word]]) -> list[Match]:
    """Run a rule; a rule that exceeds its time gets one more try."""
    find = DETECTORS[rule.kind].find
    try:
        return list(find(rule.spec, rule.view, reading, words))
    except TimeoutError:
        return list(find(rule.spec, rule.view, reading, words))


def read_words(segment: Segment, compiled: Compiled) -> tuple[Reading, dict[int, list[Word]]]:
    """Find every word of the pack in a segment; return its reading, and the words by slot, ascending."""
    reading = Reading(segment, lexicon=compiled.lexicon, names=compiled.names, classifier=compiled.classifier)
    found: dict[int, list[Word]] = defaultdict(list)
    labels: list[Word] = []
    plain, to_source = reading.text.below is None, reading.text.to_source
    named = _words(reading.text.text, compiled.automaton)
    reading.known = Literals(compiled.literals, {number for number, _, _ in named})
    spaced = list(_spaced(reading.text.text, compiled.automaton))
    for number, start, end in sorted((*named, *spaced), key=itemgetter(2)) if spaced else named:
        if not (owners := compiled.owners[number]):
            continue  # a literal of a pattern
        span = None if plain else to_source(start, end)
        word = Word(span.start, span.end, compiled.words[number]) if span else Word(start, end, compiled.words[number])
        for slot in owners:
            found[slot].append(word)
        if number in compiled.labels:
            labels.append(word)
    reading.labels = _longest(labels)
    return reading, found


def _words(text: str, automaton: Any) -> list[tuple[int, int, int]]:  # noqa: ANN401 - no public type
    """Return (word, start, end), ascending by end, found in pieces that bound the memory taken."""
    lowered = text.replace("\u0130", "i").lower()  # the one character whose lower case is longer
    found: list[tuple[int, int, int]] = []
    for first in range(0, max(1, len(text)), _CHUNK):
        piece = lowered[first : first + _CHUNK + _LONGEST] if len(text) > _CHUNK else lowered
        here = automaton.find_matches_as_indexes(piece, overlapping=True)
        if len(text) <= _CHUNK:
            return here  # type: ignore[no-any-return]
        found += [(number, first + start, first + end) for number, start, end in here if start < _CHUNK]
    return found


# How labels of numbers end; names and what people write with gaps for looks are left to their own rules.
_FIELDS = ("番号", "コード", "月日", "免許証", "本籍", "本籍地", "カード")
_GAPS = re.compile(r" \S {1,4}\S")
_LETTERED = re.compile(r"(?:[^\W0-9A-Za-z_] {1,4}){2,40}[^\W0-9A-Za-z_]")


def _spaced(text: str, automaton: Any) -> Iterator[tuple[int, int, int]]:  # noqa: ANN401 - no public type
    """Yield the words that are written with a gap after every character, as the fields of a form are."""
    for run in _LETTERED.finditer(text) if _GAPS.search(text) else ():
        places = [run.start() + at for at, character in enumerate(run.group()) if character != " "]
        letters = "".join(text[at] for at in places).lower()
        if not any(field in letters for field in _FIELDS):
            continue
        for number, start, end in automaton.find_matches_as_indexes(letters, overlapping=True):
            if end - start > 1:
                yield number, places[start], places[end - 1] + 1


def _longest(words: list[Word]) -> tuple[Word, ...]:
    """Drop the words that lie inside a longer one: 番号 in 個人番号."""
    kept: list[Word] = []
    for word in sorted(words, key=lambda word: (word.start, -word.end)):
        if not kept or word.end > kept[-1].end:
            kept.append(word)
    return tuple(kept)


def _judged(matches: Sequence[tuple[Rule, Match]], index: int, use: Use, company: frozenset[str]) -> list[Hit | None]:
    """Give each match the severity of the first tier whose evidence is all there; None where none is."""
    hits = [_hit(rule, match, index, use, match.evidence) for rule, match in matches]
    if not any(rule.id in company for rule, _ in matches):
        return hits
    hits = _judged_near(matches, hits, index, use, company)
    if any(hit and hit.company and hit.severity is Severity.NOTE for hit in hits):
        hits = _judged_near(matches, hits, index, use, company)  # what they made of others tells about them
    return hits


def _judged_near(
    matches: Sequence[tuple[Rule, Match]], hits: Sequence[Hit | None], index: int, use: Use, company: frozenset[str]
) -> list[Hit | None]:
    """Judge again the matches whose rules ask for company, now that it is known who stands near."""
    people = sorted((hit.span.start, hit.span.end, hit.rule.entity) for hit in hits if hit and hit.company)
    judged = []
    for (rule, match), hit in zip(matches, hits, strict=True):
        near = _company(people, match.span, rule.entity) if rule.id in company else ()
        judged.append(_hit(rule, match, index, use, match.evidence + near) if near else hit)
    return judged


def _company(people: list[tuple[int, int, str | None]], span: Span, own: str | None) -> tuple[str, ...]:
    """Return what of others stands within `NEAR` code points (near:PERSON), and right before (beside:PERSON)."""
    from bisect import bisect_left

    first = bisect_left(people, (span.start - 2 * NEAR,))
    last = bisect_left(people, (span.end + NEAR,))
    near = [(end, e) for _, end, e in people[first:last] if e and e != own and end >= span.start - NEAR]
    names = {f"near:{e}" for _, e in near}
    names |= {f"beside:{e}" for end, e in near if 0 <= span.start - end <= BESIDE}
    return tuple(sorted(names))


def _hit(rule: Rule, match: Match, index: int, use: Use, evidence: tuple[str, ...]) -> Hit | None:
    names = {*evidence, *[each.partition(":")[0] for each in evidence if ":" in each]}
    tier = next((tier for tier in rule.tiers if names.issuperset(tier.needs) and names.isdisjoint(tier.unless)), None)
    if tier is None or "veto" in names:
        return None
    company = rule.entity is not None and (tier.company or tier.severity is not Severity.NOTE)
    return Hit(rule, index, match.span, evidence, tier.severity, rule.sections.of(use), company=company)
