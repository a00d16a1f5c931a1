"""The signs that confidence is made of, on three small case studies."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering import confidence
from assistant.answering.confidence import Features
from assistant.answering.follow_ups import Names
from assistant.pipeline import Casebook
from tests.making import reasoning


def read(book: Casebook, question: str) -> Features:
    """The features of `question`."""
    index = book.index()
    evidence = reasoning().scorer.score(question, index.search(question, 5), index)
    names = Names.of(index.documents())
    return confidence.features(question, evidence, index, names)


def test_a_question_on_one_place_is_not_supported_by_another(book: Casebook) -> None:
    assert read(book, "What did nurses do in Moorland?").names == 1.0
    assert read(book, "What did the nurses of Zanzibar do?").names == 0.0


def test_the_models_opinion_is_of_the_place_that_is_named(book: Casebook) -> None:
    """What the model makes of another place does not support an answer about this one."""
    index = book.index()
    question = "What did nurses do in Moorland?"
    scored = reasoning().scorer.score(question, index.search(question, 5), index)
    evidence = [
        replace(e, opinion=-2.0 if e.hit.passage.place == "Moorland" else 3.0) for e in scored
    ]
    assert {e.opinion for e in evidence} == {-2.0, 3.0}
    names = Names.of(index.documents())
    assert confidence.features(question, evidence, index, names).model == -2.0
    assert confidence.features("What did nurses do?", evidence, index, names).model == 3.0


def test_each_of_the_places_that_are_compared_has_its_own_case_study(book: Casebook) -> None:
    assert read(book, "How do results in Moorland and Harbour differ?").names == 1.0
    assert read(book, "How do results in Moorland and Zanzibar differ?").names == 0.5
    assert read(book, "Did Moorland copy Harbour?").names == 0.5, "not compared"


def test_without_evidence_there_is_nothing_to_go_by(book: Casebook) -> None:
    index = book.index()
    empty = confidence.features("What did nurses do?", [], index, Names.of(index.documents()))
    assert set(vars(empty).values()) == {0.0}
