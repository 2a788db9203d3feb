"""Run the examples that every rule carries: `match` must be found at the exact span, `no_match` must not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard import resources
from aiguard.compiling import Compiled, compile_pack
from aiguard.model import Document, Segment, Severity, Span, Use
from aiguard.scanner import scan
from aiguard.verify import find_claims, worth_a_finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.model import Pack, Rule

_MARKED = re.compile("«([^»]*)»")


class Outcomes(Struct, frozen=True):
    """Count the examples run, and say what failed."""

    total: int
    failures: tuple[str, ...]


def run_examples(pack: Pack) -> Outcomes:
    """Run the examples of all rules of a pack, each against its own rule in the company of the others."""
    compiled = {
        use: compile_pack(pack, use, resources.lexicon, resources.name_model, resources.classifier) for use in Use
    }
    total = sum(len(rule.examples.match) + len(rule.examples.no_match) for rule in pack.rules)
    return Outcomes(total, tuple(failure for rule in pack.rules for failure in _failures(rule, pack, compiled)))


def _failures(rule: Rule, pack: Pack, compiled: dict[Use, Compiled]) -> Iterator[str]:
    place = f"{rule.file}:{rule.id}"
    for example in rule.examples.match:
        wanted = spans(example)
        found = _found(rule, plain(example), pack, compiled)
        missed = not set(wanted) <= found if wanted else not found
        if missed and not _is_spoken_for(rule, plain(example), compiled):
            yield f"{place}: 見つかりません: {example}"
    for example in rule.examples.no_match:
        if _found(rule, example, pack, compiled, Severity.WARN):
            yield f"{place}: 見つけてはいけません: {example}"


def _is_spoken_for(rule: Rule, text: str, compiled: dict[Use, Compiled]) -> bool:
    """Tell whether another rule speaks of the section of a rule of meaning, which then is silent; packs join sections."""
    if rule.kind != "meaning":
        return False
    hits, _ = scan(Document("-", Use.PROMPT, (Segment(text),)), compiled[Use.PROMPT])
    return any(set(hit.sections) & set(rule.sections.prompt) for hit in hits if hit.severity is not Severity.NOTE)


def plain(example: str) -> str:
    """Return an example without its marks."""
    return _MARKED.sub(r"\1", example)


def spans(example: str) -> list[Span]:
    """Return the marked spans, as places in the plain example."""
    found = []
    for taken, match in enumerate(_MARKED.finditer(example)):
        start = match.start() - 2 * taken
        found.append(Span(start, start + len(match.group(1))))
    return found


def _found(
    rule: Rule, text: str, pack: Pack, compiled: dict[Use, Compiled], least: Severity = Severity.NOTE
) -> set[Span]:
    use = Use.PROMPT if rule.sections.prompt else Use.DOCUMENT
    if rule.kind == "attribution":
        return _attributed(rule, text, pack)
    if rule.kind == "verify":
        claims = find_claims(text, rule.spec.kind)
        return {claims[0].span} if worth_a_finding(claims, rule.spec.least) else set()
    if rule.kind == "service":  # an example is a status that the register holds
        return {Span(0, len(text))} if text == rule.spec.status else set()
    if rule.kind == "similarity":
        return _similar(rule, text)
    hits, _ = scan(Document("-", use, (Segment(text),)), compiled[use])
    return {hit.span for hit in hits if hit.rule.id == rule.id and hit.severity.rank >= least.rank}


def _similar(rule: Rule, text: str) -> set[Span]:
    """Compare the two halves of an example, a work and a draft, which a line of --- parts."""
    from aiguard.similarity import fingerprints, letters_of, passages, shared_grams

    work, draft = (letters_of(half) for half in text.split("\n---\n"))
    shared = shared_grams(fingerprints(draft.text), fingerprints(work.text))
    return {passage.span for passage in passages(draft, work, shared, rule.spec.least, rule.spec.alike)}


def _attributed(rule: Rule, text: str, pack: Pack) -> set[Span]:
    """Judge a draft of which nothing was declared; a statement that is missing stands at its end, or at a trace."""
    from aiguard.attribution import Declared, judge

    judged = judge(text, Declared(), pack.attribution)
    return {judged.span or Span(len(text), len(text))} if judged.rule_id == rule.id else set()
