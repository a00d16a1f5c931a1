from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.abstention import (
    Point,
    as_used,
    brier,
    calibration_error,
    points_of,
    reliability,
    risk_coverage,
)
from assistant.evaluation.pictures import draw_reliability, draw_risk_coverage
from tests.evaluation.replying import BUS, four, judged, question, reply

POINTS = [
    Point(0.95, True, True, True),
    Point(0.92, True, False, True),
    Point(0.92, False, False, False),
    Point(0.15, False, False, False),
]


def test_bins_by_hand() -> None:
    low, high = reliability(POINTS)
    assert (low.confidence, low.answerable, low.questions) == (0.15, 0.0, 1)
    assert high.confidence == pytest.approx(0.93)
    assert high.answerable == pytest.approx(2 / 3)
    # Wilson's interval of 2 in 3 (Wilson 1927).
    assert [high.low, high.high] == pytest.approx([0.208, 0.939], abs=1e-3)


def test_calibration_error_and_brier_by_hand() -> None:
    assert calibration_error(POINTS) == pytest.approx((1 * 0.15 + 3 * (0.93 - 2 / 3)) / 4)
    squares = 0.05**2 + 0.08**2 + 0.92**2 + 0.15**2
    assert brier(POINTS) == pytest.approx(squares / 4)


def test_equal_confidence_is_answered_together() -> None:
    assert risk_coverage(POINTS) == [(1 / 4, 0.0), (3 / 4, 2 / 3), (1.0, 3 / 4)]


def test_the_share_answered_as_it_is_used() -> None:
    assert as_used(POINTS) == (2 / 4, 1 / 2)
    assert as_used(POINTS[3:]) is None


def test_many_questions_get_narrow_bins() -> None:
    points = [Point(0.05, False, False, False), Point(0.15, False, False, False)] * 100
    bins = reliability(points)
    assert [b.confidence for b in bins] == pytest.approx([0.05, 0.15])
    assert [b.questions for b in bins] == [100, 100]


def test_what_a_refusal_held_back_is_judged() -> None:
    refused = four()[2]
    spoken = judged(question("three", ("valley", BUS)), reply([("valley", BUS)]))
    assert points_of([refused], [spoken]) == [Point(0.3, True, True, False)]
    assert points_of([refused], []) == [Point(0.3, True, False, False)]


def test_pictures_are_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        draw_reliability({"hand-made": POINTS}, tmp_path / name / "reliability.png")
        draw_risk_coverage({"hand-made": POINTS}, tmp_path / name / "risk.png")
    for picture in ("reliability.png", "risk.png"):
        first = (tmp_path / "one" / picture).read_bytes()
        assert first.startswith(b"\x89PNG")
        assert first == (tmp_path / "two" / picture).read_bytes()
