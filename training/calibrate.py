"""Turn a question's best passage score into a probability that something answers it.

Platt scaling (Platt 1999): a logistic curve through held-out scores, each question once with and
once without its answer among the candidates, so that the two cases weigh the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Calibration:
    """probability = 1 / (1 + exp(-(scale * score + bias)))."""

    scale: float
    bias: float


def platt(answered: Sequence[float], unanswered: Sequence[float]) -> Calibration:
    """The maximum-likelihood curve through best scores of questions with and without an answer."""
    scores = torch.tensor([*answered, *unanswered], dtype=torch.float64)
    targets = torch.tensor([1.0] * len(answered) + [0.0] * len(unanswered), dtype=torch.float64)
    curve = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([curve], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = functional.binary_cross_entropy_with_logits(curve[0] * scores + curve[1], targets)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    scale, bias = curve.tolist()
    return Calibration(round(scale, 6), round(bias, 6))
