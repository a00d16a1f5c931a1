"""Merge rankings: a weighted sum of normalised scores."""

from __future__ import annotations

from collections.abc import Mapping

DENSE_WEIGHT = 0.7
"""Share of the vectors in the sum, the rest is BM25's. docs/architecture.md compares it with
reciprocal ranks and the constant 60 (Cormack, Clarke and Büttcher, SIGIR 2009)."""


def min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores moved to 0..1, the best 1 and the worst 0; all equal gives 1 for each."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def weighted_sum(rankings: Mapping[str, tuple[float, Mapping[int, float]]]) -> dict[int, float]:
    """For each key the sum of weight x normalised score; a ranking without it adds 0."""
    total: dict[int, float] = {}
    for weight, scores in rankings.values():
        for key, score in min_max(scores).items():
            total[key] = total.get(key, 0.0) + weight * score
    return total
