"""The extractive answerer: few, different, grouped, and always the corpus's own words."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import text as texts
from assistant.answering.evidence import Evidence
from assistant.answering.extractive import Answerer, Extractive
from assistant.datatypes import Draft, Hit, Passage
from tests.making import passages, reasoning

ANSWERER: Answerer = reasoning().answerer
QUESTION = "Which places shared their money?"


def _evidence(passage: Passage, *scores: float) -> Evidence:
    return Evidence(Hit(passage, 0.5), max(scores), scores)


def _case(doc_id: str, *sentences: str) -> Passage:
    (found,) = passages(" ".join(sentences), doc_id=doc_id)
    assert found.sentence_texts == sentences
    return found


HULL = _case(
    "hull.md", "The council shared its money with nurses.", "Rain fell upon the long pier."
)
YORK = _case("york.md", "Hospitals pooled all budgets in one purse.", "Staff liked the new rooms.")
COPY = _case("copy.md", "The council shared its money with nurses.", "Trains came late in May.")


def _quotes(drafts: list[Draft]) -> list[str]:
    return [draft.quote for draft in drafts]


def test_the_best_sentences_come_first_and_weak_ones_not_at_all() -> None:
    drafts = ANSWERER.draft(QUESTION, [_evidence(YORK, 0.88, 0.1), _evidence(HULL, 0.9, 0.1)])
    assert _quotes(drafts) == [HULL.sentence(0), YORK.sentence(0)]
    assert [draft.passage_id for draft in drafts] == [HULL.passage_id, YORK.passage_id]


def test_of_places_that_are_compared_each_is_quoted() -> None:
    hull, york = replace(HULL, place="Hull"), replace(YORK, place="York")
    evidence = [_evidence(hull, 0.9, 0.1), _evidence(york, -2.5, -2.8)]
    both = ANSWERER.draft("How do Hull and York compare?", evidence)
    assert _quotes(both) == [HULL.sentence(0), YORK.sentence(0)]
    assert _quotes(ANSWERER.draft("What did Hull and York do?", evidence)) == [HULL.sentence(0)]


def test_what_has_been_said_is_not_said_again() -> None:
    drafts = ANSWERER.draft(QUESTION, [_evidence(HULL, 0.9, 0.1), _evidence(COPY, 0.9, 0.1)])
    assert _quotes(drafts) == [HULL.sentence(0)]


def test_statements_of_one_document_stand_together() -> None:
    far = _case("hull.md", "Later the pier paid for new school buses.")
    drafts = ANSWERER.draft(
        QUESTION, [_evidence(HULL, 0.9, 0.1), _evidence(YORK, 0.89, 0.1), _evidence(far, 0.88)]
    )
    assert _quotes(drafts) == [HULL.sentence(0), far.sentence(0), YORK.sentence(0)]


@pytest.mark.parametrize(
    "sentence", ["This built trust quickly.", "A written agreement was made to stop that."]
)
def test_a_sentence_that_leans_on_the_one_before_brings_it_along(sentence: str) -> None:
    both = _case("a.md", "The board met each week in the town hall.", sentence)
    (draft,) = ANSWERER.draft(QUESTION, [_evidence(both, 0.1, 0.9)])
    assert draft.quote == both.text


def test_text_is_the_quote_on_one_line() -> None:
    (found,) = passages("The council\nshared its   money freely.")
    (draft,) = ANSWERER.draft(QUESTION, [_evidence(found, 0.9)])
    assert draft.quote == "The council\nshared its   money freely."
    assert draft.text == "The council shared its money freely."


def test_no_evidence_no_drafts() -> None:
    assert ANSWERER.draft(QUESTION, []) == []


SUBJECTS = ("Nurses", "Councils", "Carers", "Teachers")
ACTS = (
    "visited homes nightly",
    "shared money openly",
    "moved beds upstairs",
    "wrote plans together",
)


def _many() -> list[Passage]:
    return [
        _case(f"{i}.md", *(f"{subject} {act} in case {i}." for subject in SUBJECTS))
        for i, act in enumerate(ACTS * 3)
    ]


MANY = _many()


@settings(max_examples=50)
@given(
    st.lists(st.tuples(*[st.floats(0, 1)] * 4), min_size=12, max_size=12),
    st.sampled_from([QUESTION, "Who shared money?"]),
)
def test_whatever_the_scores_an_answer_keeps_its_form(
    scores: list[tuple[float, ...]], question: str
) -> None:
    evidence = [_evidence(passage, *row) for passage, row in zip(MANY, scores, strict=True)]
    drafts = ANSWERER.draft(question, evidence)
    assert 1 <= len(drafts) <= 12
    owners = {passage.passage_id: passage for passage in MANY}
    assert all(draft.quote in owners[draft.passage_id].text for draft in drafts)
    assert all(draft.text == texts.collapse(draft.quote) for draft in drafts)
    order = [owners[draft.passage_id].doc_id for draft in drafts]
    assert order == [doc for doc in dict.fromkeys(order) for _ in range(order.count(doc))]
    assert len(set(_quotes(drafts))) == len(drafts)
    assert drafts == ANSWERER.draft(question, evidence)


def test_no_sentence_is_said_twice_however_statements_grow() -> None:
    told = _case(
        "a.md",
        "Money was short in every winter.",
        "The board met each week in the town hall.",
        "This led to a shared purse for nurses.",
        "Trains came late all through May.",
    )
    for scores in ((0.90, 0.89, 0.88, 0.1), (0.90, 0.85, 0.89, 0.1), (0.85, 0.9, 0.89, 0.1)):
        quotes = _quotes(ANSWERER.draft(QUESTION, [_evidence(told, *scores)]))
        said = [s for s in told.sentence_texts for quote in quotes if s in quote]
        assert sorted(said) == sorted(set(said))
        assert set(said) == set(told.sentence_texts[:3])


@pytest.mark.parametrize(
    ("level", "count"),
    [
        pytest.param(0.0, 12, id="strong: from every place, up to twelve"),
        pytest.param(Extractive.least - 0.5, Extractive.few, id="weak: kept short"),
    ],
)
def test_a_weak_answer_is_kept_short(level: float, count: int) -> None:
    rows = [
        _case(f"{n}.md", f"{subject} {act} in case {n}.")
        for n, (subject, act) in enumerate(product(SUBJECTS, ACTS))
    ]
    drafts = ANSWERER.draft(QUESTION, [_evidence(row, level) for row in rows])
    assert len(drafts) == count


@pytest.mark.parametrize(
    ("question", "places"),
    [
        pytest.param("What did Hull or York share?", 1, id="named: only what is nearly as good"),
        pytest.param("Which money did Hull or York share?", 1, id="named, whatever it asks"),
        pytest.param("Where else was Hull or York copied?", 2, id="named, and others wanted"),
        pytest.param("What was shared with staff?", 2, id="nothing named: any place may answer"),
    ],
)
def test_how_far_below_the_best_another_place_may_be(question: str, places: int) -> None:
    hull, york = replace(HULL, place="Hull"), replace(YORK, place="York")
    evidence = [_evidence(hull, 0.9, 0.1), _evidence(york, 0.75, 0.1)]
    assert len(ANSWERER.draft(question, evidence)) == places
