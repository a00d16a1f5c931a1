"""Quotations: admitted only word for word."""

from __future__ import annotations

import pytest

from assistant.answering.citations import admit, cite
from assistant.datatypes import Draft, Span
from assistant.errors import QuoteError
from assistant.indexing.passages import split
from assistant.text import fingerprint
from tests.making import HARBOUR, document

CASE = document(HARBOUR, "sub/harbour.md")
PASSAGE = split(CASE)[0]
POUND = "Every pound was published each month."


def _draft(quote: str) -> Draft:
    return Draft(quote, PASSAGE.passage_id, quote)


def test_a_quote_becomes_a_citation() -> None:
    citation = cite(_draft(POUND), PASSAGE, CASE, 3)
    start = HARBOUR.index(POUND)
    assert citation.span == Span(start, start + len(POUND))
    assert HARBOUR[citation.span.start : citation.span.end] == citation.quote == POUND
    assert (citation.number, citation.doc_id) == (3, "sub/harbour.md")
    assert (citation.title, citation.place) == ("Harbour: one fund", "Harbour")
    assert citation.heading == ("What happened",)
    assert citation.source_url == "https://example.org/harbour"
    assert citation.url == f"/source/sub/harbour.md?p={fingerprint(POUND)}"


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("Every pound was published each week.", id="a word changed"),
        pytest.param("every pound was published each month.", id="a letter's case"),
        pytest.param("Every pound was  published each month.", id="a space more"),
        pytest.param("Admissions fell by 12 per cent in two years.", id="of another passage"),
        pytest.param("", id="empty"),
        pytest.param(" ", id="white space only"),
    ],
)
def test_a_quote_that_is_not_there_is_withheld(quote: str) -> None:
    with pytest.raises(QuoteError, match=r"is not in the passage it names .* is withheld"):
        cite(_draft(quote), PASSAGE, CASE, 1)


def test_a_passage_that_disagrees_with_its_document_is_withheld() -> None:
    other = document(HARBOUR.replace("one fund.", "one purse."), "sub/harbour.md")
    with pytest.raises(QuoteError, match=r"disagrees with the text of sub/harbour\.md"):
        cite(_draft(POUND), PASSAGE, other, 1)


def test_only_what_is_verified_is_numbered() -> None:
    drafts = [_draft("Made up."), _draft(POUND), _draft(""), _draft(PASSAGE.sentence(3))]
    statements, withheld = admit([(draft, PASSAGE, CASE) for draft in drafts])
    assert withheld == 2
    assert [s.text for s in statements] == [POUND, "A joint committee met on Tuesdays."]
    assert [s.citations[0].number for s in statements] == [1, 2]
    assert admit([]) == ((), 0)
