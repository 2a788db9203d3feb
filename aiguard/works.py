"""Compare the pages of a draft with the works in folders, and make hits of what is alike (8.3(1))."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.errors import StoreError
from aiguard.model import Document, Hit, Span, Use
from aiguard.page import page_of
from aiguard.readers import read
from aiguard.readers.inputs import expand
from aiguard.similarity import fingerprints, letters_of, line_of, longest_common, passages
from aiguard.store.works import Changes, default_index, refresh, shared_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Limits, Rule
    from aiguard.page import Page

_MOST = 20  # works that are compared letter by letter


class Works(Struct, frozen=True):
    """Hold the index of the works to compare with, and what came of reading them."""

    index: Path
    changes: Changes


def prepare_works(folders: Sequence[Path], index: Path | None, limits: Limits) -> Works:
    """Index the files of folders; StoreError where the index cannot be kept."""
    paths = [Path(each.path) for each in expand([str(folder) for folder in folders]) if each.problem is None]
    place = index or default_index(folders)
    return Works(place, refresh(place, paths, lambda path: _text(path, limits)))


def similar_hits(document: Document, page: Page, rule: Rule, works: Works, limits: Limits) -> tuple[Hit, ...]:
    """Return a hit for each passage of a draft that stands, exactly or nearly, in one of the works."""
    draft = letters_of(page.text)
    found: list[Hit] = []
    taken: list[Span] = []
    for shared in shared_with(works.index, fingerprints(draft.text), rule.spec.common)[:_MOST]:
        if Path(shared.path).resolve() == Path(document.path).resolve():
            continue
        text = _text(Path(shared.path), limits)
        for passage in passages(draft, letters_of(text), shared.grams, rule.spec.least, rule.spec.alike):
            if any(passage.span.start < one.end and one.start < passage.span.end for one in taken):
                continue
            taken.append(passage.span)
            number, span = page.locate(passage.span)
            run = longest_common(
                page.text[passage.span.start : passage.span.end], text[passage.work.start : passage.work.end]
            )
            evidence = (
                f"work:{shared.path}:{line_of(text, passage.work.start)}",
                f"alike:{passage.alike:.0%}",
                f"run:{run}",
            )
            found.append(Hit(rule, number, span, evidence, rule.tiers[0].severity, rule.sections.of(document.use)))
    return tuple(found)


def _text(path: Path, limits: Limits) -> str:
    document = read(path, Use.DOCUMENT, limits)
    page = page_of(document)
    if page is None:
        raise StoreError(document.unchecked[0].reason if document.unchecked else "文字がありません")
    return page.text
