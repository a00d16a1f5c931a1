"""Repeated documents are found, against a comparison of every pair."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Passage, Span
from assistant.indexing.build import build
from assistant.indexing.duplicates import NEARLY, Duplicate, duplicates
from assistant.indexing.embedders import HashingEmbedder
from tests.making import HARBOUR, cases, document, passages


def _passages(**documents: list[str]) -> list[Passage]:
    """One passage for each text, without any document around it."""
    return [
        Passage(n, doc_id, "", "", (), Span(0, len(words)), words, (Span(0, len(words)),))
        for doc_id, found in documents.items()
        for n, words in enumerate(found)
    ]


TEN = [f"Passage number {n}." for n in range(10)]


def test_the_same_words_under_another_name() -> None:
    found = duplicates(_passages(a=TEN, b=TEN[::-1], c=["Something else."]))
    assert found == (Duplicate("b", "a", 1.0),)
    assert str(found[0]) == "b says the same as a"


def test_nine_passages_of_ten() -> None:
    found = duplicates(_passages(a=TEN, b=[*TEN[:9], "Another end."], c=[*TEN[:8], "x y", "z"]))
    assert found == (Duplicate("b", "a", 0.9),)
    assert str(found[0]) == "b shares 90% of its passages with a"


def test_a_part_of_a_document_is_no_duplicate_of_it() -> None:
    assert duplicates(_passages(a=TEN, b=TEN[:8])) == ()
    assert duplicates(_passages(a=TEN, b=TEN[:9])) == (Duplicate("b", "a", 0.9),)


def test_case_and_spacing_make_no_difference() -> None:
    assert duplicates(_passages(a=["The bus  ran."], b=["the BUS ran"])) == (
        Duplicate("b", "a", 1.0),
    )


def test_words_that_many_documents_end_with_make_none_alike() -> None:
    notices = {f"d{n}": [f"Case {n}.", "All rights reserved.", "Contact us."] for n in range(50)}
    assert duplicates(_passages(**notices)) == ()


def test_a_copy_with_other_front_matter_is_found_by_its_passages() -> None:
    copy = HARBOUR.replace("place: Harbour", "place: Port")
    found = duplicates([*passages(HARBOUR, "a.md"), *passages(copy, "b.md")])
    assert found == (Duplicate("b.md", "a.md", 1.0),)


def test_a_builds_summary_names_them_also_when_nothing_changed(tmp_path: Path) -> None:
    copies = [*cases(), document(HARBOUR, "copy.md")]
    for _ in range(2):
        summary = build(copies, tmp_path, HashingEmbedder())
        assert summary.duplicates == (Duplicate("harbour.md", "copy.md", 1.0),)


few = st.lists(st.integers(0, 25), min_size=1, max_size=24, unique=True)


@given(st.lists(few, max_size=8))
def test_no_pair_is_missed(documents: list[list[int]]) -> None:
    held = {f"d{n}": [f"Number {key}." for key in keys] for n, keys in enumerate(documents)}
    found = {duplicate.doc_id: duplicate for duplicate in duplicates(_passages(**held))}
    for n, name in enumerate(held):
        shares = [
            len(set(held[name]) & set(held[other])) / max(len(held[name]), len(held[other]))
            for other in list(held)[:n]
        ]
        expected = max(shares, default=0.0)
        if expected == 1.0:
            assert found[name].share == 1.0
        elif expected >= NEARLY:
            assert found[name].share == expected
        else:
            assert name not in found
