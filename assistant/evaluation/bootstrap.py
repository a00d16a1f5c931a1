"""How sure is a figure? Percentile bootstrap over questions (Efron 1979), with a fixed seed.

A figure is computed from how often each question counts: once each for its value, and as often as
it was drawn for each resample. So a figure is one function of an array of counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

RESAMPLES = 2000
SEED = 20_261_122
LOW, HIGH = 2.5, 97.5
"""Percentiles: the middle 95 % of the resamples."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; `questions` counts those it is made of."""

    value: float
    low: float
    high: float
    questions: int


class Figure(Protocol):
    """A figure of n questions."""

    @property
    def questions(self) -> int:
        """How many questions take part."""
        ...

    def of(self, counts: Values) -> Values:
        """(m, n) counts of the questions to (m,) values; NaN where nothing takes part."""
        ...


@dataclass(frozen=True)
class Ratio:
    """The sum of `over` by the sum of `under`; a mean if `under` is 1, or 0 to leave one out."""

    over: Values
    under: Values

    @classmethod
    def mean(cls, values: Sequence[float | None]) -> Ratio:
        """The mean of the values that are not None."""
        return cls(
            np.array([value or 0.0 for value in values], dtype=np.float64),
            np.array([value is not None for value in values], dtype=np.float64),
        )

    @property
    def questions(self) -> int:
        return int(np.count_nonzero(self.under))

    def of(self, counts: Values) -> Values:
        total = counts @ self.under
        return _divided(counts @ self.over, total)


@dataclass(frozen=True)
class Auroc:
    """The chance that a question of `positive` scores higher than another; equal counts half."""

    scores: Values
    positive: npt.NDArray[np.bool_]

    @property
    def questions(self) -> int:
        return len(self.scores) if self.positive.any() and not self.positive.all() else 0

    def of(self, counts: Values) -> Values:
        high, low = self.scores[self.positive], self.scores[~self.positive]
        wins = (high[:, None] > low) + 0.5 * (high[:, None] == low)
        yes, no = counts[:, self.positive], counts[:, ~self.positive]
        pairs = yes.sum(axis=1) * no.sum(axis=1)
        return _divided(((yes @ wins) * no).sum(axis=1), pairs)


@dataclass(frozen=True)
class Median:
    """The median of the values."""

    values: Values

    @property
    def questions(self) -> int:
        return len(self.values)

    def of(self, counts: Values) -> Values:
        return np.array([np.median(np.repeat(self.values, row.astype(int))) for row in counts])


def estimate(figure: Figure, count: int, seed: int = SEED) -> Estimate:
    """The figure of `count` questions with its interval; the same seed gives the same interval."""
    value = float(figure.of(np.ones((1, count)))[0])
    draws = np.random.default_rng(seed).multinomial(
        count, np.full(count, 1 / count), size=RESAMPLES
    )
    values = figure.of(draws.astype(np.float64))
    low, high = np.nanpercentile(values, [LOW, HIGH])
    return Estimate(value, float(low), float(high), figure.questions)


def _divided(over: Values, under: Values) -> Values:
    """`over` by `under`, NaN where `under` is 0."""
    quotient: Values = np.full(len(under), np.nan)
    np.divide(over, under, out=quotient, where=under > 0)
    return quotient
