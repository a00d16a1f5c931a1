"""A difficulty is followed by what the same case study did about it."""

from __future__ import annotations

import pytest

from assistant.answering.pairing import asks_for_both, pair, role_of
from assistant.datatypes import Draft, Passage, Role
from assistant.retrieval.index import MemoryIndex
from tests.making import document, reasoning

CASE = """\
---
place: Pier
---

# Pier: a fund

## Challenges experienced

- Mistrust over funding between the council and the hospital was hard to overcome.

## What made the difference

- Funding was shown openly by the council and the hospital, so all could see it.
- Volunteers painted the benches green.

## Results

- Admissions fell.
"""
INDEX = MemoryIndex([document(CASE, "pier.md")])
HARD, DONE, _ = INDEX.passages("pier.md")
QUESTION = "How did places deal with mistrust over funding?"


def _draft(passage: Passage, position: int = 0) -> tuple[Draft, Passage]:
    words = passage.sentence(position)
    return Draft(words, passage.passage_id, words), passage


@pytest.mark.parametrize(
    ("question", "both"),
    [
        (QUESTION, True),
        ("How did Leeds overcome resistance?", True),
        ("What was tried to win over GPs?", True),
        ("Which places pooled budgets?", False),
        ("What did it cost?", False),
    ],
)
def test_questions_that_ask_for_both(question: str, both: bool) -> None:
    assert asks_for_both(question) is both


def test_a_role_is_told_where_heading_and_words_agree() -> None:
    assert role_of(HARD, HARD.sentence(0)) is Role.DIFFICULTY
    assert role_of(HARD, "Joint meetings were held.") is Role.ACCOUNT
    assert role_of(DONE, DONE.sentence(0)) is Role.RESPONSE
    assert role_of(DONE, "Money stayed a problem.") is Role.ACCOUNT


def test_a_lone_difficulty_gets_the_response_of_its_case_study() -> None:
    found = pair(QUESTION, [_draft(HARD)], INDEX, reasoning().scorer)
    assert [(draft.quote, draft.role) for draft, _ in found] == [
        (HARD.sentence(0), Role.DIFFICULTY),
        (DONE.sentence(0), Role.RESPONSE),
    ]


def test_a_response_that_was_chosen_is_not_found_again() -> None:
    found = pair(QUESTION, [_draft(HARD), _draft(DONE, 1)], INDEX, reasoning().scorer)
    assert [draft.quote for draft, _ in found] == [HARD.sentence(0), DONE.sentence(1)]


def test_a_difficulty_nothing_answers_stays_alone() -> None:
    alone = MemoryIndex([document("# A\n\n## Challenges\n\n- Trust was lacking.\n", "a.md")])
    (passage,) = alone.passages("a.md")
    found = pair(QUESTION, [_draft(passage)], alone, reasoning().scorer)
    assert [draft.role for draft, _ in found] == [Role.DIFFICULTY]
