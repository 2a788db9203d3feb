"""Read what the structure of a tagged PDF says beside the text of its pages: alternative texts, titles, long forms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from aiguard.readers.pdf_marks import wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.readers.budget import Budget

_MOST: Final = 100_000  # elements of a page


def structure_texts(page: object, shown: str, budget: Budget) -> list[str]:
    """List the alternative texts of a page (FPDF_PAGE) once each, without what is shown on it.

    ISO 32000-1, 14.9.3 (Alt), 14.9.4 (ActualText), 14.9.5 (E) and 14.7.2 (T). ReadError once the time is up.
    """
    import pypdfium2.raw as pdfium

    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    reads = (
        pdfium.FPDF_StructElement_GetAltText,
        pdfium.FPDF_StructElement_GetActualText,
        pdfium.FPDF_StructElement_GetExpansion,
        pdfium.FPDF_StructElement_GetTitle,
    )
    try:
        texts = (wide(partial(read, each)) for each in _elements(tree, budget) for read in reads)
        return [text for text in dict.fromkeys(texts) if text.strip() and text not in shown]
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _elements(tree: object, budget: Budget) -> Iterator[object]:
    """Yield the elements of a tree from the top, in their order."""
    import pypdfium2.raw as pdfium

    roots = range(max(0, pdfium.FPDF_StructTree_CountChildren(tree)))
    waiting = [pdfium.FPDF_StructTree_GetChildAtIndex(tree, n) for n in reversed(roots)]
    for _ in range(_MOST):
        if not waiting:
            return
        budget.check_time()
        element = waiting.pop()
        if element:
            yield element
            inner = range(min(_MOST, max(0, pdfium.FPDF_StructElement_CountChildren(element))))
            waiting += (pdfium.FPDF_StructElement_GetChildAtIndex(element, n) for n in reversed(inner))
