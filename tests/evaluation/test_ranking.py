from __future__ import annotations

from math import log2

import pytest

from assistant.datatypes import Span
from assistant.evaluation.beir import best_passages
from assistant.evaluation.collection_scores import overlap_of_places
from assistant.evaluation.ranking import measure


def test_measures_by_hand() -> None:
    found = measure(
        {"q": ["a", "b", "c"], "nothing": []},
        {"q": {"b": 1, "z": 1}, "nothing": {"x": 1}},
        ["nDCG@10", "R@10", "RR@10", "Success@1", "Success@5"],
    )
    ideal = 1 / log2(2) + 1 / log2(3)
    assert found["nDCG@10"] == pytest.approx({"q": (1 / log2(3)) / ideal, "nothing": 0.0})
    assert found["R@10"] == {"q": 0.5, "nothing": 0.0}
    assert found["RR@10"] == {"q": 0.5, "nothing": 0.0}
    assert found["Success@1"] == {"q": 0.0, "nothing": 0.0}
    assert found["Success@5"] == {"q": 1.0, "nothing": 0.0}


def test_order_counts_and_not_the_names() -> None:
    # trec_eval sorts equal scores by name, from the end of the alphabet: none may be equal.
    assert measure({"q": ["a", "z"]}, {"q": {"a": 1}}, ["RR@10"]) == {"RR@10": {"q": 1.0}}


def test_a_question_without_a_ranking_has_found_nothing() -> None:
    assert measure({}, {"q": {"a": 1}}, ["R@10"]) == {"R@10": {"q": 0.0}}


def test_a_document_ranks_as_its_best_passage() -> None:
    assert best_passages([("a", 0.9), ("b", 0.8), ("a", 0.7), ("c", 0.1)]) == ["a", "b", "c"]


def test_spans_are_compared_in_characters() -> None:
    found = [("a", Span(0, 10)), ("b", Span(0, 10))]
    wanted = [("a", Span(5, 15))]
    assert overlap_of_places(found, wanted) == (5 / 10, 5 / 20, 5 / 25)
    assert overlap_of_places([], wanted) == (0.0, 0.0, 0.0)
