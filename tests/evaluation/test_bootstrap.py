from __future__ import annotations

import numpy as np
import pytest

from assistant.evaluation.bootstrap import Auroc, Median, Ratio, estimate


def test_a_mean_leaves_out_what_does_not_count() -> None:
    found = estimate(Ratio.mean([1.0, None, 0.0, None, 1.0]), 5)
    assert found.value == pytest.approx(2 / 3)
    assert found.questions == 3


def test_auroc_by_hand_and_pair_by_pair() -> None:
    scores, labels = np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False])
    # Pairs: 0.9 beats both; 0.4 draws with one and beats one: 3.5 of 4.
    assert estimate(Auroc(scores, labels), 4).value == 3.5 / 4
    drawn = np.random.default_rng(1).random(50).round(1)
    truth = np.random.default_rng(2).random(50) < 0.4
    pairs = [(yes > no) + 0.5 * (yes == no) for yes in drawn[truth] for no in drawn[~truth]]
    assert estimate(Auroc(drawn, truth), 50).value == pytest.approx(sum(pairs) / len(pairs))


def test_counts_weigh_like_repeated_questions() -> None:
    scores, labels = np.array([0.9, 0.4, 0.3]), np.array([True, True, False])
    counts = np.array([[2.0, 0.0, 3.0]])
    assert Auroc(scores, labels).of(counts)[0] == 1.0
    assert Median(np.array([1.0, 5.0, 9.0])).of(counts)[0] == 9.0
    assert Ratio.mean([1.0, 0.0, 0.0]).of(counts)[0] == pytest.approx(2 / 5)


def test_nothing_to_count_is_not_a_number() -> None:
    assert np.isnan(Ratio.mean([None, 1.0]).of(np.array([[1.0, 0.0]]))[0])
    assert Auroc(np.array([0.5, 0.6]), np.array([True, True])).questions == 0


def test_the_interval_is_seeded_and_about_as_wide_as_theory_says() -> None:
    figure = Ratio.mean([1.0] * 60 + [0.0] * 40)
    first, again, other = estimate(figure, 100), estimate(figure, 100), estimate(figure, 100, 7)
    assert first == again
    assert (other.low, other.high) != (first.low, first.high)
    # Normal approximation: 0.6 plus or minus 1.96 * sqrt(0.6 * 0.4 / 100) = 0.504 to 0.696.
    assert first.low == pytest.approx(0.504, abs=0.015)
    assert first.high == pytest.approx(0.696, abs=0.015)


def test_all_alike_has_no_width() -> None:
    found = estimate(Ratio.mean([1.0] * 10), 10)
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)
