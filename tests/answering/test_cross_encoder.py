"""A cross-encoder from a folder: used end to end, and refused by name where it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answering.evidence_model import load_model
from assistant.answering.reasoning import choose
from assistant.errors import ModelError
from assistant.settings import Settings
from tests.answering.cross_encoders import write_cross_encoder


def test_a_setting_names_the_folder(tmp_path: Path) -> None:
    folder = write_cross_encoder(tmp_path / "judge", 1)
    found = choose(Settings(evidence_model=str(folder)))
    assert found.scorer.fingerprint.startswith("weighed-judge@")


def test_weights_fitted_to_the_model_lie_in_its_folder(tmp_path: Path) -> None:
    folder = write_cross_encoder(tmp_path / "judge", 1)
    (folder / "weights.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"judge.weights\.json cannot be used .* called 'model'"):
        choose(Settings(evidence_model=str(folder)))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"architectures": ["BertModel"]}, "is BertModel: expected a cross-encoder"),
        ({}, "is of no known kind: expected a cross-encoder"),
        (
            {"architectures": ["XForSequenceClassification"], "auto_map": {"a": "b.py"}},
            "without code of its own",
        ),
        ({"architectures": ["BertForSequenceClassification"]}, "cannot be loaded"),
    ],
)
def test_other_folders_are_refused(tmp_path: Path, config: object, message: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        load_model(tmp_path)


def test_more_than_two_outputs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has 3 outputs: expected one .* or two"):
        load_model(write_cross_encoder(tmp_path, 3))
