"""Evidence by hand: rarity, coverage and signs weighed without a model."""

from __future__ import annotations

import math

import pytest

from assistant.answering.evidence import WeighedEvidence, Weights, coverage, rarities
from assistant.datatypes import Hit, Signals
from assistant.retrieval.index import MemoryIndex
from tests.making import cases

INDEX = MemoryIndex(cases())


def test_rarity_is_the_inverse_document_frequency_of_bm25() -> None:
    """Five passages: "fund" is in two of them, "bus" in one, "zeppelin" in none."""
    assert rarities("Which funds paid the bus, or a zeppelin?", INDEX) == pytest.approx(
        {
            "fund": math.log(1 + 3.5 / 2.5),
            "paid": math.log(1 + 5.5 / 0.5),
            "bus": math.log(1 + 4.5 / 1.5),
            "zeppelin": math.log(1 + 5.5 / 0.5),
        }
    )
    assert rarities("What is this?", INDEX) == {}


def test_coverage_is_a_share_by_weight() -> None:
    weights = {"fund": 1.0, "bus": 3.0}
    assert coverage(weights, {"fund", "other"}) == 0.25
    assert coverage(weights, {"bus"}) == 0.75
    assert coverage(weights, {"bus", "fund"}) == 1.0
    assert coverage(weights, set()) == coverage({}, {"bus"}) == 0.0


BY_DIGITS = Weights(
    cosine=1, passage_cosine=10, retrieval=100, coverage=1000, passage_coverage=10_000,
    kind=1e5, model_sentence=1e9, model_passage=1e9, bias=-0.5,
)  # fmt: skip


def test_signs_are_weighed_into_log_odds() -> None:
    """The weights are powers of ten, so that each sign has digits of its own in the sum.

    Valley has two sentences: the second has "bus" and "electr", the first only what the label
    has, "bus"; together they cover the question.
    """
    (passage,) = INDEX.passages("sub/valley.md")
    hit = Hit(passage, 0.5, Signals(dense=0.6), sentence_cosines=(0.4, 0.8))
    question = "Which bus had electricity?"
    weight = rarities(question, INDEX)
    only_bus = weight["bus"] / (weight["bus"] + weight["electr"])
    (found,) = WeighedEvidence(BY_DIGITS, BY_DIGITS).score(question, [hit], INDEX)
    assert found.hit == hit
    assert found.sentences == pytest.approx(
        (0.4 + 6 + 50 + 1000 * only_bus + 10_000 - 0.5, 0.8 + 6 + 50 + 11_000 - 0.5)
    )
    assert found.passage == pytest.approx(0.8 + 6 + 50 + 11_000 - 0.5)


def test_no_hits_no_evidence() -> None:
    assert WeighedEvidence(BY_DIGITS, BY_DIGITS).score("Which bus?", [], INDEX) == []
