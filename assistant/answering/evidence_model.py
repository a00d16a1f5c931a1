"""The seam of evidence models: a question and passages in, log-odds out; and which one a folder is.

Casebook ships a joint model of its own (`joint_model`); any sequence-classification cross-encoder
on this machine can take its place (`cross_encoder`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import ModelError


@dataclass(frozen=True)
class EvidenceInput:
    """A passage to judge: `label` is "place. title. heading", `sentences` its text in order."""

    label: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class PassageEvidence:
    """Logits, higher is better: one for the passage and one for each of its sentences, in order.

    They rank; they are not probabilities.
    """

    score: float
    sentences: tuple[float, ...]


class EvidenceModel(Protocol):
    """Says how well passages answer. `fingerprint` changes whenever its scores would."""

    @property
    def fingerprint(self) -> str: ...

    def score(self, question: str, passages: Sequence[EvidenceInput]) -> list[PassageEvidence]:
        """Logits for each passage, in the order given, whatever stands beside it.

        A passage without sentences scores minus infinity; a long one is read in pieces and takes
        the best piece's score.
        """
        ...


def load_model(folder: Path) -> EvidenceModel:
    """The evidence model in `folder`: a joint model or any cross-encoder. Raises ModelError."""
    from assistant.answering.cross_encoder import CrossEncoder
    from assistant.answering.joint_model import JointModel

    config = read_config(folder)
    if "format" in config:
        return JointModel.load(folder)
    return CrossEncoder.load(folder)


def read_config(folder: Path) -> dict[str, Any]:
    """The object in `config.json`. Raises ModelError if there is none."""
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(config, dict):
            raise ValueError("not an object")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path} cannot be read ({error}); expected the settings of an evidence model. "
            "Restore the folder, or correct CASEBOOK_EVIDENCE_MODEL."
        ) from error
    return config
