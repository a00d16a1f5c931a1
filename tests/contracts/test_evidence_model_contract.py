"""What every evidence model promises: the one that ships, and cross-encoders from a folder."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from assistant.answering.evidence_model import (
    EvidenceInput,
    EvidenceModel,
    PassageEvidence,
    load_model,
)
from assistant.answering.reasoning import MODEL
from tests.answering.cross_encoders import write_cross_encoder
from tests.answering.day_centre import PASSAGES, QUESTION


@pytest.fixture(scope="module", params=["joint", "one output", "two outputs"])
def model(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> EvidenceModel:
    """Each kind of folder that can be named as the evidence model."""
    if request.param == "joint":
        return load_model(MODEL)
    outputs = 1 if request.param == "one output" else 2
    return load_model(write_cross_encoder(tmp_path_factory.mktemp("cross"), outputs))


def test_a_logit_for_each_passage_and_each_sentence(model: EvidenceModel) -> None:
    found = model.score(QUESTION, PASSAGES)
    assert [len(item.sentences) for item in found] == [2, 1, 1]
    assert all(math.isfinite(s) for item in found for s in (item.score, *item.sentences))
    assert len({item.score for item in found}) == 3


def test_scores_do_not_depend_on_the_other_candidates(model: EvidenceModel) -> None:
    together = model.score(QUESTION, PASSAGES)
    for passage, expected in zip(PASSAGES, together, strict=True):
        (alone,) = model.score(QUESTION, [passage])
        assert alone.score == pytest.approx(expected.score, abs=0.05)
        assert alone.sentences == pytest.approx(expected.sentences, abs=0.05)


def test_the_same_question_gives_the_same_scores(model: EvidenceModel) -> None:
    assert model.score(QUESTION, PASSAGES) == model.score(QUESTION, PASSAGES)


def test_empty_passage_and_no_passages(model: EvidenceModel) -> None:
    assert model.score(QUESTION, [EvidenceInput("Hull", ())]) == [PassageEvidence(-math.inf, ())]
    assert model.score(QUESTION, []) == []


def test_every_sentence_of_a_long_passage_is_scored(model: EvidenceModel) -> None:
    sentences = tuple(f"Sentence {i} tells of the council and its budget." for i in range(80))
    (found,) = model.score(QUESTION, [EvidenceInput("Hull", sentences)])
    assert len(found.sentences) == 80
    assert all(math.isfinite(score) for score in found.sentences)


def test_fingerprints_name_the_weights(tmp_path: Path, model: EvidenceModel) -> None:
    other = load_model(write_cross_encoder(tmp_path / "other", 1, seed=9))
    assert other.fingerprint not in ("", model.fingerprint)
