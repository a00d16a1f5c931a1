"""A plain hybrid search over a handful of passages, to have candidates to judge.

Scores are MiniLM cosines and BM25, each stretched to 0..1 for a question, then 0.6 to 0.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from training.mining import bm25_scores, embed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DENSE: Final = 0.6


def hybrid(
    texts: Sequence[str], questions: Sequence[str], depth: int
) -> list[list[tuple[int, float]]]:
    """Number and score of the best `depth` texts for each question, best first."""
    dense = embed(questions) @ embed(texts).T
    lexical = bm25_scores(texts, questions)
    mixed = DENSE * stretch(dense) + (1 - DENSE) * stretch(lexical)
    order = np.argsort(-mixed, axis=1, kind="stable")[:, :depth]
    return [
        [(int(number), float(row[number])) for number in numbers]
        for row, numbers in zip(mixed, order, strict=True)
    ]


def stretch(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row from its least to its greatest as 0 to 1; a row of equal scores becomes zeros."""
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    stretched: NDArray[np.float32] = (scores - low) / np.maximum(high - low, 1e-9)
    return stretched
