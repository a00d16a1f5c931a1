"""Figures that say how good scores are: rankings, abstention, choice of sentences."""

from __future__ import annotations

import math
from statistics import fmean
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.answering.evidence_model import EvidenceInput, PassageEvidence

BLEND: Final = 0.7
"""Share of evidence where it is mixed with the retrieval score: a round figure, not tuned."""


class Scorer(Protocol):
    """What is measured: the product's model, or a network in training."""

    def score(self, question: str, passages: Sequence[EvidenceInput]) -> list[PassageEvidence]:
        """Logits for each passage and its sentences."""
        ...


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half; NaN if one is empty."""
    if not positive or not negative:
        return math.nan
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def reciprocal_rank(relevant: Sequence[bool]) -> float:
    """One over the place (from 1) of the first relevant one; 0 if there is none."""
    return 1 / (list(relevant).index(True) + 1) if any(relevant) else 0.0


def ndcg(gains: Sequence[int], total: int, depth: int = 10) -> float:
    """Normalised DCG for 0/1 gains in ranked order, with `total` relevant documents in all."""
    ideal = sum(1 / math.log2(place + 2) for place in range(min(total, depth)))
    found = sum(gain / math.log2(place + 2) for place, gain in enumerate(gains[:depth]))
    return found / ideal if ideal else 0.0


def mean(values: Sequence[float]) -> float:
    """The mean, or NaN of nothing."""
    return fmean(values) if values else math.nan


def blend(evidence: Sequence[float], retrieval: Sequence[float], share: float) -> list[float]:
    """`share` of evidence and the rest of retrieval, each stretched to 0..1 for the question."""

    def stretched(values: Sequence[float]) -> list[float]:
        low, width = min(values), max(max(values) - min(values), 1e-9)
        return [(value - low) / width for value in values]

    pairs = zip(stretched(evidence), stretched(retrieval), strict=True)
    return [share * first + (1 - share) * second for first, second in pairs]


def ranked(scores: Sequence[float]) -> list[int]:
    """Positions from the highest score to the lowest; the earlier of equals first."""
    return sorted(range(len(scores)), key=lambda i: (-scores[i], i))


def show(name: str, figures: Mapping[str, float]) -> str:
    """One line of figures."""
    return f"{name:12}" + "  ".join(f"{key} {value:.3f}" for key, value in figures.items())
