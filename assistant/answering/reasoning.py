"""Scorer, answerer and calibration that belong together, chosen by the settings."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.confidence import Calibration
from assistant.answering.evidence import EvidenceScorer, SimilarityEvidence
from assistant.answering.extractive import Answerer, Extractive
from assistant.settings import Settings


@dataclass(frozen=True)
class Reasoning:
    """How hits become an answer. Margins and thresholds only mean something on their own scale."""

    scorer: EvidenceScorer
    answerer: Answerer
    calibration: Calibration
    candidates: int
    """How many passages are scored; the others keep their places behind them."""


def similarity() -> Reasoning:
    """Reasoning that needs no weights besides the embedder's."""
    return Reasoning(
        SimilarityEvidence(),
        Extractive(margin=0.12),
        Calibration(4.0, 4.0, 2.0, 1.5, -6.0, threshold=0.5),
        candidates=20,
    )


def choose(settings: Settings) -> Reasoning:
    """The reasoning that `settings` ask for."""
    del settings
    return similarity()
