"""Is the confidence honest? Reliability, and what refusing more or less would cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.judging import Judged

BINS, FEW_BINS = 10, 5
MANY = 200
"""Questions from which on the bins are the narrow ones."""
NORMAL_95 = 1.96


@dataclass(frozen=True)
class Point:
    """A question: how sure the answer was, whether there is one, and whether it was right.

    `right` is that of the sentences found, whether they were shown (`answered`) or held back.
    """

    confidence: float
    answerable: bool
    right: bool
    answered: bool


@dataclass(frozen=True)
class Bin:
    """Questions of like confidence; `low` and `high` bound the share by Wilson's 95 % interval."""

    confidence: float
    answerable: float
    low: float
    high: float
    questions: int


def points_of(judged: Sequence[Judged], unreserved: Sequence[Judged]) -> list[Point]:
    """The points of `judged`; `unreserved` judges the refused ones again without a refusal."""
    spoken = {j.question.id: j for j in unreserved}
    return [
        Point(
            j.reply.confidence,
            j.question.answerable,
            j.question.answerable and any(spoken.get(j.question.id, j).citations),
            not j.reply.abstained,
        )
        for j in judged
    ]


def reliability(points: Sequence[Point]) -> list[Bin]:
    """Bins of equal width with a question in them: mean confidence and share answerable."""
    count = BINS if len(points) >= MANY else FEW_BINS
    groups: dict[int, list[Point]] = {}
    for point in points:
        groups.setdefault(min(count - 1, int(point.confidence * count)), []).append(point)
    return [_bin(groups[number]) for number in sorted(groups)]


def calibration_error(points: Sequence[Point]) -> float:
    """The mean distance of confidence and share in the bins, weighted by their questions (ECE)."""
    return sum(b.questions * abs(b.confidence - b.answerable) for b in reliability(points)) / len(
        points
    )


def brier(points: Sequence[Point]) -> float:
    """The mean squared distance of confidence and truth (Brier 1950)."""
    return sum((p.confidence - p.answerable) ** 2 for p in points) / len(points)


def risk_coverage(points: Sequence[Point]) -> list[tuple[float, float]]:
    """(share of questions answered, share of those answered wrongly), surest questions first.

    Questions of equal confidence are answered together, since no threshold tells them apart.
    """
    curve = []
    ordered = sorted(points, key=lambda p: -p.confidence)
    wrong = 0
    for number, point in enumerate(ordered, 1):
        wrong += not point.right
        if number == len(ordered) or ordered[number].confidence < point.confidence:
            curve.append((number / len(ordered), wrong / number))
    return curve


def as_used(points: Sequence[Point]) -> tuple[float, float] | None:
    """(share answered, share of those answered wrongly) with the refusals that were made."""
    answered = [point for point in points if point.answered]
    if not answered:
        return None
    return len(answered) / len(points), sum(not p.right for p in answered) / len(answered)


def _bin(points: Sequence[Point]) -> Bin:
    n = len(points)
    share = sum(p.answerable for p in points) / n
    square = NORMAL_95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = NORMAL_95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return Bin(
        sum(p.confidence for p in points) / n, share, middle - half, min(1.0, middle + half), n
    )
