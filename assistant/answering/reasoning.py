"""Scorer, answerer and calibration that belong together, chosen by the settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.confidence import Calibration
from assistant.answering.evidence import EvidenceScorer, WeighedEvidence, Weights
from assistant.answering.evidence_model import EvidenceModel, load_model
from assistant.answering.extractive import Answerer, Extractive, Margins
from assistant.answering.scope import asks_for_several, compares
from assistant.errors import ModelError
from assistant.settings import Settings

WEIGHTS = Path(__file__).with_name("weights.json")
"""Fitted by `training/combine.py`: one entry with the evidence model, one without."""
MODEL = Path(__file__).with_name("evidence_weights")
"""The evidence model that comes with Casebook."""
NO_MODEL = "none"
CANDIDATES = 12
"""Passages that are scored: more of them cost time and help little (docs/quality.md)."""
WIDER = 3
"""How many times as many are scored where many places answer."""


@dataclass(frozen=True)
class Reasoning:
    """How hits become an answer. Margins and thresholds only mean something on their own scale."""

    scorer: EvidenceScorer
    answerer: Answerer
    calibration: Calibration
    candidates: int = CANDIDATES

    def depth(self, question: str) -> int:
        """How many passages are scored for `question`; the others keep their places behind them.

        A question about several places reads on: twelve passages come from about six of them.
        """
        several = asks_for_several(question) or compares(question)
        return self.candidates * (WIDER if several else 1)


def choose(settings: Settings) -> Reasoning:
    """The reasoning that `settings` ask for. Raises ModelError."""
    if settings.evidence_model == NO_MODEL:
        return reasoning("similarity", None)
    folder = Path(settings.evidence_model) if settings.evidence_model else MODEL
    own = folder / WEIGHTS.name
    return reasoning("model", load_model(folder), own if own.is_file() else WEIGHTS)


def reasoning(name: str, model: EvidenceModel | None, weights: Path = WEIGHTS) -> Reasoning:
    """The reasoning called `name` in `weights`. Raises ModelError.

    A model of somebody's own may bring weights fitted to it (`training/combine.py`) in its folder;
    without them it is weighed like the one that ships.
    """
    try:
        fitted = json.loads(weights.read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{weights} cannot be used ({type(error).__name__}: {error}): expected fitted weights "
            f"called {name!r}. Restore the file that came with Casebook or with the model."
        ) from error
    return Reasoning(
        WeighedEvidence(Weights(**fitted["sentence"]), Weights(**fitted["passage"]), model),
        Extractive(one=Margins(1.3, 1.3), several=Margins(2.5, 1.2)),
        Calibration(**fitted["calibration"]),
    )
