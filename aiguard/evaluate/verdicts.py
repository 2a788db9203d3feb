"""Score what is said of a whole row: verdict, sections, attribution, use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.evaluate.entities import ALL, alarm
from aiguard.evaluate.figures import Figure, Miss, Part, confusion, f1, rate, share
from aiguard.evaluate.rows import STATUSES, VERDICTS
from aiguard.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aiguard.evaluate.judge import Judged, Judgement
    from aiguard.evaluate.options import Options, Pair
    from aiguard.evaluate.rows import Row

_SAID = (*VERDICTS, Verdict.UNCHECKED.value)
NO_STATUS = "none"


def verdict_part(pairs: Sequence[Pair], options: Options) -> Part:
    """Score the rows with a verdict: confusion, blocks, and alarms on rows where there is nothing to report."""
    judged = [(row, judgement) for row, judgement in pairs if row.verdict is not None]
    if not judged:
        return Part()
    answers = [(str(row.verdict), Verdict(judgement.verdict).value) for row, judgement in judged]
    clean = [pair for pair in judged if pair[0].verdict == Verdict.PASS]
    hard = [pair for pair in clean if pair[0].hard]
    quiet = alarm_part("pass", clean, options)
    return Part(
        confusions=(confusion("verdict", answers, gold=VERDICTS, said=_SAID),),
        figures=(
            _accuracy("verdict", answers, key="verdict_accuracy"),
            *(figure for word in VERDICTS for figure in _answer_figures("verdict", word, answers, key=f"{word}_")),
            *quiet.figures,
            *alarm_part("pass_hard", hard, options).figures,
        ),
        misses=(*_wrong("verdict", [row for row, _ in judged], answers, options), *quiet.misses),
    )


def alarm_part(
    item: str,
    pairs: Sequence[Pair],
    options: Options,
    alarms: Callable[[Judgement], tuple[Judged, ...]] = lambda judgement: judgement.alarms(),
) -> Part:
    """Score rows where an alarm is false: quiet rows, rows with alarms per 1,000, alarms per 10,000 characters."""
    if not pairs:
        return Part()
    raised = [(row, alarms(judgement)) for row, judgement in pairs]
    loud, characters = sum(bool(found) for _, found in raised), sum(len(row.text) for row, _ in raised)
    count = sum(len(found) for _, found in raised)
    return Part(
        figures=(
            share("alarm", item, "quiet", (len(raised) - loud, len(raised))),
            rate("alarm", item, "rows_per_1000", (loud, len(raised)), per=1_000),
            rate("alarm", item, "alarms_per_10000_characters", (count, characters), per=10_000),
        ),
        misses=tuple(
            alarm(row, found, found.entity or item, show_text=options.show_text)
            for row, wrong in raised
            for found in wrong
            if options.show
        ),
    )


def section_part(pairs: Sequence[Pair], options: Options) -> Part:
    """Score the sections cited at `warn` and up; sections that no row of the set uses are not scored."""
    judged = [(row, judgement) for row, judgement in pairs if row.sections is not None]
    used = sorted({section for row, _ in judged for section in row.sections or ()}, key=_numbers)
    answers = {
        section: [(row.id, section in (row.sections or ()), judgement.cites(section)) for row, judgement in judged]
        for section in used
    }
    if not used:
        return Part()
    every = [answer for section in used for answer in answers[section]]
    return Part(
        figures=tuple(
            figure for section, said in ((ALL, every), *answers.items()) for figure in _section_figures(section, said)
        ),
        misses=tuple(
            Miss(row_id, "miss" if gold else "alarm", section)
            for section in used
            for row_id, gold, said in answers[section]
            if gold != said and options.show
        ),
    )


def attribution_part(pairs: Sequence[Pair], options: Options) -> Part:
    """Score whether drafts name the AI that made them (8.4)."""
    judged = [(row, judgement) for row, judgement in pairs if row.attribution is not None]
    if not judged:
        return Part()
    answers = [(str(row.attribution), judgement.attribution or NO_STATUS) for row, judgement in judged]
    return Part(
        confusions=(confusion("attribution", answers, gold=STATUSES, said=(*STATUSES, NO_STATUS)),),
        figures=(
            _accuracy("attribution", answers, key="attribution.accuracy"),
            *(figure for word in STATUSES for figure in _answer_figures("attribution", word, answers)),
        ),
        misses=tuple(_wrong("attribution", [row for row, _ in judged], answers, options)),
    )


def use_part(pairs: Sequence[Pair], options: Options) -> Part:
    """Score what prompts are said to ask an AI to do (4): all, and each use that a row of the set has."""
    judged = [(row, judgement) for row, judgement in pairs if row.use is not None]
    if not judged:
        return Part()
    answers = [(str(row.use), judgement.use or NO_STATUS) for row, judgement in judged]
    used = sorted({gold for gold, _ in answers})
    return Part(
        figures=(
            _accuracy("use", answers, key="use.accuracy"),
            *(_answer_figures("use", word, answers)[0] for word in used),
        ),
        misses=tuple(_wrong("use", [row for row, _ in judged], answers, options)),
    )


def _accuracy(group: str, answers: Sequence[tuple[str, str]], *, key: str) -> Figure:
    return share(group, ALL, "accuracy", (sum(gold == said for gold, said in answers), len(answers)), key=key)


def _answer_figures(group: str, word: str, answers: Sequence[tuple[str, str]], *, key: str = "") -> tuple[Figure, ...]:
    """Return recall and precision of an answer.

    The precision of a warning falls when a breach that was missed before is at least warned of: it has no floor.
    """
    gold = [said for truth, said in answers if truth == word]
    said = [truth for truth, said in answers if said == word]
    return (
        share(group, word, "recall", (gold.count(word), len(gold)), key=key and f"{key}recall"),
        replace(
            share(group, word, "precision", (said.count(word), len(said)), key=key and f"{key}precision"),
            rising=word != Verdict.WARN,
        ),
    )


def _section_figures(section: str, answers: Sequence[tuple[str, bool, bool]]) -> tuple[Figure, ...]:
    both = sum(gold and said for _, gold, said in answers)
    recall = share("section", section, "recall", (both, sum(gold for _, gold, _ in answers)))
    precision = share("section", section, "precision", (both, sum(said for _, _, said in answers)))
    return recall, precision, f1(precision, recall)


def _wrong(what: str, rows: Sequence[Row], answers: Sequence[tuple[str, str]], options: Options) -> Iterator[Miss]:
    for row, (gold, said) in zip(rows, answers, strict=True):
        if gold != said and options.show:
            yield Miss(row.id, "wrong", what, hint=f"{gold} -> {said}")


def _numbers(section: str) -> tuple[tuple[int, ...], str]:
    """Order sections as the guideline does: 5(2) before 5(10)."""
    return tuple(int(number) for number in re.findall(r"\d+", section)), section
