"""What a reader sees of a document is one text, and every place in it leads back to its segment."""

from __future__ import annotations

from aiguard.model import Document, Segment, Span, Use
from aiguard.page import page_of

DOCUMENT = Document(
    "a.docx",
    Use.DOCUMENT,
    (Segment("本文です"), Segment("コメント", label="コメント1", aside=True), Segment("下端", label="フッター")),
)


def test_what_is_aside_is_not_on_the_page() -> None:
    page = page_of(DOCUMENT)
    assert page is not None
    assert page.text == "本文です\n\n下端"
    assert page_of(Document("a", Use.DOCUMENT, (Segment("x", aside=True),))) is None


def test_places_lead_back_to_their_segments() -> None:
    page = page_of(DOCUMENT)
    assert page is not None
    assert page.locate(Span(2, 4)) == (0, Span(2, 4))
    assert page.locate(Span(6, 8)) == (2, Span(0, 2))
    assert page.locate(Span(8, 8)) == (2, Span(2, 2))


def test_a_span_over_two_segments_is_cut_at_the_end_of_its_first() -> None:
    page = page_of(DOCUMENT)
    assert page is not None
    assert page.locate(Span(2, 7)) == (0, Span(2, 4))
