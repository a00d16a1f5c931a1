"""The evidence model that ships: what loading refuses, and what its scores are good for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant.answering.evidence_model import load_model
from assistant.answering.joint_model import JointModel
from assistant.answering.reasoning import MODEL
from assistant.errors import ModelError
from tests.answering.day_centre import PASSAGES, QUESTION


def test_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json cannot be read .* Restore the folder"):
        load_model(tmp_path)


def test_other_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(ModelError, match="has the format 99; expected 3"):
        load_model(tmp_path)


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    shutil.copytree(MODEL, tmp_path / "weights")
    path = tmp_path / "weights" / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"has the SHA-256 .* restore it"):
        load_model(tmp_path / "weights")


@pytest.fixture(scope="module")
def model() -> JointModel:
    """The weights that ship."""
    return JointModel.load(MODEL)


def test_answer_wins_as_passage_and_as_sentence(model: JointModel) -> None:
    scores = model.score(QUESTION, PASSAGES)
    assert scores[0].score > max(scores[1].score, scores[2].score)
    assert scores[0].sentences[1] > scores[0].sentences[0]


def test_fingerprint_is_of_the_weights(model: JointModel) -> None:
    config = json.loads((MODEL / "config.json").read_text(encoding="utf-8"))
    assert model.fingerprint == config["sha256"][:16]
