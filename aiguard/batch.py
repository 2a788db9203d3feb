"""Run many documents through the house: read, scan, judge, mask, report. `check`, `review` and the API run on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard import policy, resources, verify
from aiguard.approval import opened, service_hits
from aiguard.attribution import Declared
from aiguard.checker import Checker, declared_name, place_of
from aiguard.claims import claim_hits, claims_of
from aiguard.errors import ReadError
from aiguard.finding import locate, mask
from aiguard.model import (
    Attribution,
    Document,
    DocumentReport,
    Explanation,
    Facts,
    Hit,
    Limits,
    Rule,
    Span,
    Suppression,
    Unchecked,
    Use,
)
from aiguard.page import page_of
from aiguard.paths import hidden_in, joined
from aiguard.precept import without_precepts
from aiguard.quotation import without_quotations
from aiguard.scanner import scan
from aiguard.uses import use_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiguard.page import Page
    from aiguard.readers.inputs import Input


_UNRECORDED = "チャットの記録がありません（aiguard record add で残せます）。"
_CHANGED = "チャットを記録したあとで、原稿が変わっています。"
_NAMES = "trademark"


def report_inputs(inputs: Iterable[Input], checker: Checker) -> Iterator[DocumentReport]:
    """Yield the reports of inputs, in order."""
    for each in inputs:
        yield from report_input(each, checker)


def report_input(each: Input, checker: Checker) -> tuple[DocumentReport, ...]:
    """Report an input; one that cannot be opened is `unchecked`."""
    from aiguard.readers import named, read, read_held

    if each.problem is not None:
        return (
            report_document(named(Document(each.path, checker.use, (), (Unchecked(None, each.problem),))), checker),
        )
    if each.data is not None:
        return report_by_role(read_held(each.data, each.path, checker.use, checker.config.limits), checker)
    return report_by_role(read(Path(each.path), checker.use, checker.config.limits), checker)


def report_by_role(document: Document, checker: Checker) -> tuple[DocumentReport, ...]:
    """Report a document; of a chat, where the checker tells who speaks, what was entered and the rest apart."""
    if checker.chats is None:
        return (report_document(document, checker),)
    from aiguard.readers.roles import parted

    entered, rest = parted(document)
    of_prompts = replace(checker, compiled=checker.chats, use=Use.PROMPT, chats=None)
    prompt = (report_document(entered, of_prompts),) if entered else ()
    both = (*prompt, report_document(rest, checker)) if rest is not None else prompt
    hidden = joined(span for each in both for span in each.hidden)
    return tuple(replace(each, hidden=hidden) for each in both) if hidden else both


def report_document(document: Document, checker: Checker) -> DocumentReport:
    """Scan, judge and mask one document."""
    hits, late = scan(document, checker.compiled)
    seen = hits
    if any(hit.rule.entity is None for hit in hits):
        hits = without_quotations(document, hits, resources.quotations(*checker.pack.layers))
        hits = without_precepts(document, hits)
    page = page_of(document) if document.use is Use.DOCUMENT else None
    attribution, statements, facts = _attributed(document, page, checker)
    if checker.records is not None and attribution is not None and attribution.status in {"ok", "malformed"}:
        attribution = _with_record(attribution, document.path, checker.records)
    if attribution is None or attribution.status == "not_needed":
        hits = tuple(hit for hit in hits if hit.rule.when is None)
    if document.use is Use.DOCUMENT and any(hit.rule.category == _NAMES for hit in hits):
        from aiguard.naming import with_names

        hits = with_names(document, hits, checker.names)
    verified = _rule_of("verify", checker)
    found = _found_claims(page, verified, attribution, checker)
    outside = [*statements, *_similar(document, page, checker)]
    if page and verified and found:
        outside += claim_hits(document, page, verified, found)
    if checker.services:
        hits = opened(document, hits, checker.services)
        outside += service_hits(document, checker.compiled.rules, checker.services)
    judged = policy.apply(
        document,
        (*hits, *outside),
        config=checker.config,
        organisation=checker.pack.organisation,
        today=checker.today,
    )
    if checker.accepted is not None:
        place = place_of(document.path, checker.accepted.root)
        judged = policy.suppress_accepted(document, judged, checker.accepted, place)
    unchecked = (*document.unchecked, *late)
    if document.use is Use.PROMPT:
        facts = replace(facts, task=use_of(document, checker.pack.uses))
    facts = replace(facts, notices=_notices(document, (*seen, *outside), judged, checker))
    findings = mask(document, judged, also=hits)
    verdict = policy.verdict(findings, unchecked)
    explanation = _explained(document, seen, hits, judged, checker) if checker.explains else None
    claims = claims_of(document, page, verified, found, hits) if page and verified and found else ()
    return DocumentReport(
        document.path, document.use, verdict, findings, unchecked, facts, attribution, explanation, claims,
        hidden=hidden_in(document, (*judged, *hits)),
    )  # fmt: skip


def _notices(document: Document, found: Sequence[Hit], judged: Sequence[Hit], checker: Checker) -> tuple[str, ...]:
    """Name the directives in a text that do not work, and those that come to nothing."""
    problems = policy.inline_problems(document)
    if not any("aiguard" in segment.source for segment in document.segments):
        return problems
    looking = policy.looking(checker.compiled.rules, checker.config, document.use)
    rules = {rule.id: rule.id in looking for rule in checker.pack.rules}
    return (*problems, *policy.inline_idle(document, found, judged, rules))


def _with_record(attribution: Attribution, path: str, store: Path) -> Attribution:
    """Say of a draft that was made with an AI where its chat is not kept, or not that of this version; StoreError."""
    from hashlib import sha256

    from aiguard.readers import load
    from aiguard.store.records import Link, find_document

    try:
        digest = sha256(load(Path(path), Limits().bytes)).hexdigest()
    except ReadError:
        return attribution
    said = {Link.NONE: _UNRECORDED, Link.CHANGED: _CHANGED}.get(find_document(store, digest, path).state)
    return replace(attribution, note=" ".join(filter(None, (attribution.note, said)))) if said else attribution


def _similar(document: Document, page: Page | None, checker: Checker) -> tuple[Hit, ...]:
    """Return what a draft shares with the works it is to be compared with."""
    rule = _rule_of("similarity", checker)
    if checker.works is None or page is None or rule is None:
        return ()
    from aiguard.works import similar_hits

    return similar_hits(document, page, rule, checker.works, checker.config.limits)


def _found_claims(
    page: Page | None, rule: Rule | None, attribution: Attribution | None, checker: Checker
) -> tuple[verify.Claim, ...]:
    """List what a person has to verify, where an AI was used; ordinary drafts would drown in it."""
    if page is None or rule is None or attribution is None or attribution.status == "not_needed":
        return ()
    return verify.find_claims(page.text, rule.spec.kind, checker.prompt)


def _rule_of(kind: str, checker: Checker) -> Rule | None:
    return next((rule for rule in checker.compiled.rules if rule.kind == kind), None)


def _explained(
    document: Document, seen: Sequence[Hit], hits: Sequence[Hit], judged: Sequence[Hit], checker: Checker
) -> Explanation:
    from aiguard.explain import explain

    quoted = (replace(hit, suppressed=Suppression("quoted", "")) for hit in seen if hit not in hits)
    return explain(document, checker.compiled, (*judged, *quoted))


def _attributed(
    document: Document, page: Page | None, checker: Checker
) -> tuple[Attribution | None, tuple[Hit, ...], Facts]:
    """Judge the statement of AI use of a document (8.4): its attribution, the hit it makes, and the traces seen."""
    if page is None:
        return None, (), Facts()
    from aiguard.attribution import judge

    declared = checker.declarations.get(declared_name(document.path), checker.declared) or Declared()
    judged = judge(page.text, declared, checker.pack.attribution)
    attribution = judged.attribution
    if judged.span is not None:
        number, span = page.locate(judged.span)
        attribution = replace(attribution, location=locate(document.segments[number], span))
    facts = Facts(ai_traces=judged.traces)
    rule = next((rule for rule in checker.compiled.rules if rule.id == judged.rule_id), None)
    if rule is None or judged.severity is None:
        return attribution, (), facts
    number, span = page.locate(judged.span or Span(len(page.text), len(page.text)))
    hit = Hit(rule, number, span, judged.traces, judged.severity, rule.sections.of(document.use))
    return attribution, (hit,), facts
