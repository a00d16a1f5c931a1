"""The nouns keep their invariants and derive the rest."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from assistant.datatypes import (
    Abstention,
    Answer,
    Citation,
    Document,
    Metadata,
    Passage,
    Span,
    Statement,
    source_url,
)

CITATION = Citation(2, "a b/ü.md", "Title", "Hull", ("Money",), Span(3, 9), "quoted", "00ff-2")
FIRST = Citation(1, "c.md", "Other", "", (), Span(0, 1), "x", "00aa")
ABSTENTION = Abstention("Nothing answers this.")
PASSAGE = Passage(
    7, "a.md", "Hull: one fund.", "Hull", ("Money", "Who pays?"), Span(10, 23), "Aye. We do it.",
    (Span(10, 14), Span(15, 24)),
)  # fmt: skip


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 4)])
def test_span_refuses_what_is_no_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"Span\({start}, {end}\): expected 0 <= start < end"):
        Span(start, end)


def test_span_slices_and_contains() -> None:
    assert Span(1, 3).of("abcd") == "bc"
    assert Span(1, 4).contains(Span(1, 4)) and Span(1, 4).contains(Span(2, 3))
    assert not Span(1, 4).contains(Span(0, 2)) and not Span(1, 4).contains(Span(3, 5))
    assert sorted([Span(2, 3), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(2, 3)]


def test_nouns_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'end'"):
        Span(1, 2).end = 5  # type: ignore[misc]


def test_passage_label_and_sentences() -> None:
    assert PASSAGE.label == "Hull. Hull: one fund. Money. Who pays?"
    assert PASSAGE.indexed_text == "Hull. Hull: one fund. Money. Who pays?.\nAye. We do it."
    assert PASSAGE.sentence_texts == ("Aye.", "We do it.")


def test_passage_without_a_label_is_indexed_by_its_words_alone() -> None:
    bare = Passage(1, "a.md", "", "", (), Span(0, 4), "Aye.", (Span(0, 4),))
    assert bare.indexed_text == "Aye."


def test_attribution() -> None:
    source = Metadata(source_title="One fund", publisher="NHS", kind="summary")
    assert Document("a.md", "T", "x", "", source).attribution == (
        "Casebook's summary of One fund, NHS"
    )
    assert Document("a.md", "T", "x", "", Metadata(kind="summary")).attribution == (
        "Casebook's summary of a published source"
    )
    assert Document("a.md", "T", "x", "", Metadata(publisher="NHS")).attribution == "NHS"
    assert Document("a.md", "T", "x", "").attribution == "T"


def test_citation_url_names_document_and_words_and_is_quoted() -> None:
    assert CITATION.url == "/source/a%20b/%C3%BC.md?p=00ff-2"
    assert source_url("what?#/a.md") == "/source/what%3F%23/a.md"


def test_statement_needs_a_citation() -> None:
    with pytest.raises(ValueError, match="Statement without a citation: expected at least one"):
        Statement("Trust me.", ())


def test_answer_has_statements_or_an_abstention() -> None:
    said = (Statement("B", (CITATION, FIRST)), Statement("A", (FIRST,)))
    answer = Answer("q", "q", said, (), 0.9, None, "000001")
    assert not answer.abstained
    assert answer.citations == (FIRST, CITATION)
    assert Answer("q", "q", (), (), 0.1, ABSTENTION, "000001").abstained
    for statements, abstention in (((), None), (said, ABSTENTION)):
        with pytest.raises(ValueError, match="either statements or an abstention"):
            Answer("q", "q", statements, (), 0.5, abstention, "000001")


@pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
def test_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(ValueError, match=r"confidence .*: expected 0\.\.1"):
        Answer("q", "q", (), (), confidence, ABSTENTION, "000001")
