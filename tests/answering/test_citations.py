"""Quotations: admitted only word for word, and found again by their fingerprints."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.citations import admit, cite, locate, quote_fingerprint
from assistant.datatypes import Document, Draft, Passage, Span
from assistant.documents import read_corpus
from assistant.errors import QuoteError
from assistant.indexing.passages import split
from assistant.settings import PROJECT
from assistant.text import fingerprint
from tests.making import HARBOUR, document, passages

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


# --- Links --------------------------------------------------------------------------------------


def _spans(found: tuple[Passage, ...]) -> list[Span]:
    """All that a link may mean: passages, sentences and neighbours."""
    spans = [passage.span for passage in found]
    for passage in found:
        spans += passage.sentences
        spans += [Span(one.start, two.end) for one, two in pairwise(passage.sentences)]
    return spans


def _check_round_trip(case: Document) -> None:
    found = split(case)
    names: dict[str, Span] = {}
    for span in set(_spans(found)):
        name = quote_fingerprint(case, span)
        assert locate(case, found, name) == span
        assert names.setdefault(name, span) == span, "one name for two places"


def test_every_link_of_the_shipped_corpus_leads_back_to_its_words() -> None:
    for case in read_corpus(PROJECT / "corpus").documents:
        _check_round_trip(case)


WORDS = st.lists(
    st.sampled_from(["Aye.", "Aye", "No aye.", "Trust.", "# Aye", "-  Aye.", "\n", "\n\n"])
)


@given(WORDS, st.sampled_from(["\n", "\n\n", " "]), st.sampled_from(["a.md", "a.txt"]))
def test_every_link_of_a_document_that_repeats_itself_leads_back(
    words: list[str], gap: str, doc_id: str
) -> None:
    """Sentences here stand inside longer ones, in headings, and over line ends."""
    _check_round_trip(document(gap.join(words), doc_id))


def test_repeated_sentences_are_told_apart() -> None:
    text = "# T\n\n## A\n\nIt worked. Costs fell.\n\n## B\n\nIt worked. Staff stayed.\n"
    case = document(text)
    first, second = split(case)
    names = [quote_fingerprint(case, passage.sentences[0]) for passage in (first, second)]
    assert names == [fingerprint("It worked."), f"{fingerprint('It worked.')}-2"]
    assert locate(case, [first, second], names[1]) == second.sentences[0]


def test_words_that_front_matter_or_a_heading_says_first_are_no_obstacle() -> None:
    text = "---\nperiod: It worked.\n---\n\n# It worked.\n\nOh, It worked.\n\n- It worked.\n"
    case = document(text)
    found = split(case)
    span = found[-1].sentences[-1]
    assert span.start == text.rindex("It worked.")
    assert locate(case, found, quote_fingerprint(case, span)) == span


def test_a_link_survives_edits_of_other_paragraphs_and_new_line_breaks() -> None:
    span = PASSAGE.sentences[1]
    link = quote_fingerprint(CASE, span)
    edited = (
        HARBOUR.replace("Every pound", "All money")
        .replace("## What", "A new first paragraph.\n\n## What")
        .replace("Mistrust over funding faded", "Mistrust\nover funding   faded")
    )
    case = document(edited, "sub/harbour.md")
    found = locate(case, split(case), link)
    assert found is not None
    assert found.of(edited) == "Mistrust\nover funding   faded slowly."


def test_a_link_to_words_that_are_gone_is_none() -> None:
    link = quote_fingerprint(CASE, PASSAGE.sentences[1])
    case = document(HARBOUR.replace("faded slowly", "went away"), "sub/harbour.md")
    assert locate(case, split(case), link) is None


@pytest.mark.parametrize(
    "suffix",
    ["-0", "-2", "-1e9", "--1", "-01", "-99999", "-999999999999", "-²", "-٣", "-", " ", "\0"],
)
def test_an_ordinal_that_is_none_leads_nowhere(suffix: str) -> None:
    link = quote_fingerprint(CASE, PASSAGE.sentences[1])
    assert locate(CASE, [PASSAGE], link + suffix) is None


@given(st.text())
def test_any_other_text_leads_nowhere(link: str) -> None:
    assert locate(CASE, [PASSAGE], link) is None


def test_no_passages_no_words() -> None:
    assert locate(CASE, passages("x"), fingerprint(POUND)) is None
