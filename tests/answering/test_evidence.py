"""Evidence by hand: signs weighed without a model."""

from __future__ import annotations

import pytest

from assistant.answering.evidence import WeighedEvidence, Weights
from assistant.answering.terms import Terms
from assistant.datatypes import Hit, Signals
from assistant.retrieval.index import MemoryIndex
from tests.making import cases

INDEX = MemoryIndex(cases())


BY_DIGITS = Weights(
    cosine=1, passage_cosine=10, retrieval=100, coverage=1000, passage_coverage=10_000,
    likeness=0, subject=0, kind=1e5, model_sentence=1e9, model_passage=1e9, bias=-0.5,
)  # fmt: skip


def test_signs_are_weighed_into_log_odds() -> None:
    """The weights are powers of ten, so that each sign has digits of its own in the sum.

    Valley has two sentences: the second has "bus" and "electr", the first only what the label
    has, "bus"; together they cover the question.
    """
    (passage,) = INDEX.passages("sub/valley.md")
    hit = Hit(passage, 0.5, Signals(dense=0.6), sentence_cosines=(0.4, 0.8))
    question = "Which bus had electricity?"
    bus, electricity = Terms.of(question, INDEX).rarity
    only_bus = bus / (bus + electricity)
    (found,) = WeighedEvidence(BY_DIGITS, BY_DIGITS).score(question, [hit], INDEX)
    assert found.hit == hit
    assert found.sentences == pytest.approx(
        (0.4 + 6 + 50 + 1000 * only_bus + 10_000 - 0.5, 0.8 + 6 + 50 + 11_000 - 0.5)
    )
    assert found.passage == pytest.approx(0.8 + 6 + 50 + 11_000 - 0.5)


def test_no_hits_no_evidence() -> None:
    assert WeighedEvidence(BY_DIGITS, BY_DIGITS).score("Which bus?", [], INDEX) == []
