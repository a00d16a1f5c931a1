"""Fusion by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Hit, Passage, Signals, Span
from assistant.retrieval.embedded import SENTENCE_SHARE, fuse
from assistant.retrieval.fusion import DENSE_WEIGHT, min_max, weighted_sum

PASSAGE = Passage(1, "a.md", "", "", (), Span(0, 1), "x", (Span(0, 1),))


def test_min_max_by_hand() -> None:
    assert min_max({1: 2.0, 2: 4.0, 3: 3.0}) == {1: 0.0, 2: 1.0, 3: 0.5}
    assert min_max({1: 7.0, 2: 7.0}) == {1: 1.0, 2: 1.0}
    assert min_max({}) == {}


def test_weighted_sum_by_hand() -> None:
    """Passage 2 is best by vectors (1.0) and halfway by words (0.5)."""
    rankings = {
        "dense": (0.75, {1: 0.1, 2: 0.9}),
        "lexical": (0.25, {2: 6.0, 3: 10.0, 4: 2.0}),
    }
    assert weighted_sum(rankings) == pytest.approx({1: 0.0, 2: 0.875, 3: 0.25, 4: 0.0})


def test_a_hit_counts_its_label_and_its_best_sentence() -> None:
    hits = {
        1: Hit(PASSAGE, 0.0, Signals(dense=0.2, sentence=0.2, lexical=0.0)),
        2: Hit(PASSAGE, 0.0, Signals(dense=0.6, sentence=0.2, lexical=3.0)),
        3: Hit(PASSAGE, 0.0, Signals(dense=0.6, sentence=1.0, lexical=3.0)),
    }
    middle = (0.4 * (1 - SENTENCE_SHARE)) / (0.4 * (1 - SENTENCE_SHARE) + 0.8 * SENTENCE_SHARE)
    expected = {1: 0.0, 2: DENSE_WEIGHT * middle + 1 - DENSE_WEIGHT, 3: 1.0}
    assert fuse(hits) == pytest.approx(expected)


SCORES = st.dictionaries(
    st.integers(0, 50), st.floats(-1e6, 1e6, allow_nan=False, width=32), max_size=20
)


@given(SCORES, SCORES)
def test_sums_stay_in_0_to_1_and_keep_the_order_of_one_ranking(
    dense: dict[int, float], lexical: dict[int, float]
) -> None:
    found = weighted_sum({"dense": (0.6, dense), "lexical": (0.4, lexical)})
    assert found.keys() == dense.keys() | lexical.keys()
    assert all(0.0 <= score <= 1.0 + 1e-9 and math.isfinite(score) for score in found.values())
    alone = weighted_sum({"dense": (1.0, dense)})
    for one in dense:
        for two in dense:
            assert (alone[one] <= alone[two]) or dense[one] > dense[two]
