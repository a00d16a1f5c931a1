"""The extractive answerer: few, different, grouped, and always the corpus's own words."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import text as texts
from assistant.answering.evidence import Evidence
from assistant.answering.extractive import (
    Answerer,
    Extractive,
    about_named_places,
    asks_for_several,
)
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


def test_what_has_been_said_is_not_said_again() -> None:
    drafts = ANSWERER.draft(QUESTION, [_evidence(HULL, 0.9, 0.1), _evidence(COPY, 0.9, 0.1)])
    assert _quotes(drafts) == [HULL.sentence(0)]


def test_statements_of_one_document_stand_together() -> None:
    far = _case("hull.md", "Later the pier paid for new school buses.")
    drafts = ANSWERER.draft(
        QUESTION, [_evidence(HULL, 0.9, 0.1), _evidence(YORK, 0.89, 0.1), _evidence(far, 0.88)]
    )
    assert _quotes(drafts) == [HULL.sentence(0), far.sentence(0), YORK.sentence(0)]


def test_a_sentence_that_leans_on_the_one_before_brings_it_along() -> None:
    both = _case("a.md", "The board met each week in the town hall.", "This built trust quickly.")
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


IN_HULL = replace(
    _case("a.md", "York copied it."), place="Hull and East Riding", title="Pier Fund: a purse"
)
IN_YORK = replace(_case("b.md", "Trains came late in May."), place="York", title="York: trains")
IN_LEEDS = replace(_case("c.md", "Rooms were built."), place="Leeds", title="A Pier rebuilt")


@pytest.mark.parametrize(
    ("question", "about"),
    [
        pytest.param("What did York do?", [IN_YORK], id="its place, not who mentions it"),
        pytest.param("Where else was York copied?", [IN_YORK, IN_HULL], id="several: both"),
        pytest.param("Did Hull or Leeds do it?", [IN_HULL, IN_LEEDS], id="two places"),
        pytest.param("Who paid for the Pier Fund?", [IN_HULL], id="a title's whole name"),
        pytest.param("Who runs York City Council?", [IN_YORK], id="a longer name of the place"),
        pytest.param("What did Dover do?", [IN_HULL, IN_YORK, IN_LEEDS], id="no such place"),
        pytest.param("What was done?", [IN_HULL, IN_YORK, IN_LEEDS], id="no name"),
    ],
)
def test_a_question_that_names_a_place_is_answered_from_there(
    question: str, about: list[Passage]
) -> None:
    evidence = [_evidence(passage, 0.5) for passage in (IN_HULL, IN_YORK, IN_LEEDS)]
    found = about_named_places(question, evidence)
    assert [item.hit.passage for item in found] == about


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Who brought in an outside chair?", True),
        ("Which services run at night?", True),
        ("Did any employer pay?", True),
        ("Has anyone tried weekend opening?", True),
        ("Which evaluations had a comparison group?", True),
        ("Who chaired the board in Leeds?", False),
        ("How were doubters won over?", False),
        ("What did Plymouth do with any surplus?", False),
    ],
)
def test_a_question_that_names_nothing_may_ask_of_every_place(question: str, several: bool) -> None:
    assert asks_for_several(question) == several
