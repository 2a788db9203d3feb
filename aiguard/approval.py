"""Turn what holds for the AI of a prompt into hits, and let pass what may be entered into it (sections 2, 6(1), 9)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard.errors import UsageError
from aiguard.model import Hit, Severity, Span
from aiguard.text import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from aiguard.model import Document, Pack, Rule, ServiceVerdict

_HIGHER = re.compile(r"3|三|III|秘|社外|取扱注意|secret|confidential|restricted", re.IGNORECASE)


def with_services(pack: Pack, own: str | None, names: Sequence[str], today: dt.date) -> tuple[ServiceVerdict, ...]:
    """Judge the AIs that a prompt is meant for; UsageError where the pack has no words for that."""
    from aiguard.services import judge, register

    if not any(rule.kind == "service" for rule in pack.rules):
        problem = "このルールパックには、生成AIの許可についての規則がありません。"
        raise UsageError(problem, "--ai を外すか、rules/services.toml のあるパックを使ってください。")
    known = register(pack, own)
    return tuple(judge(known, name, today) for name in names)


def service_hits(document: Document, rules: Iterable[Rule], judged: Sequence[ServiceVerdict]) -> tuple[Hit, ...]:
    """Return a hit at the start of a document for each AI that is not simply approved.

    A piece of a large file that is not its first says nothing again.
    """
    if not document.segments or document.segments[0].before != (0, 0):
        return ()
    by_status = {rule.spec.status: rule for rule in rules if rule.kind == "service"}
    return tuple(_hit(document, by_status[each.status], each) for each in judged if each.status in by_status)


def opened(document: Document, hits: Iterable[Hit], judged: Sequence[ServiceVerdict]) -> tuple[Hit, ...]:
    """Lower to a note what may be entered into every AI named; the rest stays as it is.

    One rule finds all marks of classification, whose class is that of the lowest: a mark that says 3 or 秘 stays.
    """
    if not judged:
        return tuple(hits)
    classes = set.intersection(*(set(each.classes) for each in judged))
    names = "、".join(each.name for each in judged)
    return tuple(
        _lowered(hit, names) if hit.rule.category in classes and not _is_higher(document, hit) else hit for hit in hits
    )


def _is_higher(document: Document, hit: Hit) -> bool:
    words = fold(document.segments[hit.segment].source[hit.span.start : hit.span.end])
    return bool(_HIGHER.search(words))


def _lowered(hit: Hit, names: str) -> Hit:
    said = f"{names}には、この区分の情報を入力してよいと、組織が決めています。"
    rule = replace(hit.rule, advice=f"{said}それでも必要な部分だけにしてください。")
    return replace(hit, rule=rule, severity=Severity.NOTE, evidence=(*hit.evidence, "opened"))


def _hit(document: Document, rule: Rule, judged: ServiceVerdict) -> Hit:
    when = f"{judged.day}から" if judged.day else ""
    reason = f"（理由: {judged.reason}）" if judged.reason else ""
    fills = {"〈名前〉": judged.name, "〈日〉": when, "〈理由〉": reason}
    cited = replace(rule, message=_filled(rule.message, fills), why=_filled(rule.why, fills))
    return Hit(cited, 0, Span(0, 0), (judged.status,), rule.tiers[0].severity, rule.sections.of(document.use))


def _filled(words: str, fills: dict[str, str]) -> str:
    for mark, said in fills.items():
        words = words.replace(mark, said)
    return words
