"""The evidence model: how text becomes input, what loading refuses, and what scores promise."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from assistant.answering.evidence_model import (
    EvidenceInput,
    NeuralEvidence,
    PairEncoder,
    PassageEvidence,
)
from assistant.errors import ModelError

WEIGHTS = Path(__file__).parents[2] / "assistant" / "answering" / "evidence_weights"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "who", "pays", "town", "council", "does", "."]
QUESTION = "Who pays for the day centre?"
PASSAGES = (
    EvidenceInput(
        "Hull. Day centre. Money",
        ("The centre opened in 2018.", "The council and the hospital share its cost equally."),
    ),
    EvidenceInput("Hull. Day centre. Staff", ("Nurses and doctors work side by side.",)),
    EvidenceInput("", ("Rain fell on most days of the week, and the river rose.",)),
)


def word_encoder(max_tokens: int = 320) -> PairEncoder:
    """A tokenizer of whole words whose ids are their places in WORDS."""
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = Whitespace()
    return PairEncoder(tokenizer, max_tokens)


def test_input_holds_question_label_and_owned_sentences() -> None:
    passage = EvidenceInput("town", ("council pays", "town does"))
    (row,) = word_encoder().encode("who pays", passage)
    assert row.ids == (2, 4, 5, 3, 6, 7, 5, 6, 8, 3)
    assert row.segments == (0, 0, 0, 0, 1, 1, 1, 1, 1, 1)
    assert row.owners == (-1, -2, -2, -1, -1, 0, 0, 1, 1, -1)


def test_long_passage_is_read_in_windows_of_whole_sentences() -> None:
    passage = EvidenceInput("town", ("council pays", "town does", "council does"))
    first, second = word_encoder(max_tokens=10).encode("who pays", passage)
    assert [owner for owner in first.owners if owner >= 0] == [0, 0, 1, 1]
    assert [owner for owner in second.owners if owner >= 0] == [2, 2]
    assert second.ids[:5] == first.ids[:5] == (2, 4, 5, 3, 6)


@given(st.lists(st.integers(min_value=1, max_value=200), min_size=1, max_size=30))
def test_every_sentence_is_in_one_window_and_no_window_is_too_long(lengths: list[int]) -> None:
    rows = word_encoder(max_tokens=120).assemble([4] * 90, [6] * 60, [[7] * n for n in lengths])
    owners = [sorted({owner for owner in row.owners if owner >= 0}) for row in rows]
    assert [owner for window in owners for owner in window] == list(range(len(lengths)))
    assert all(len(row.ids) == len(row.segments) == len(row.owners) <= 120 for row in rows)


def test_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json cannot be read .* Restore the folder"):
        NeuralEvidence.load(tmp_path)


def test_other_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(ModelError, match="has the format 99; expected 1"):
        NeuralEvidence.load(tmp_path)


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    path = tmp_path / "weights" / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"has the SHA-256 .* restore it"):
        NeuralEvidence.load(tmp_path / "weights")


@pytest.fixture(scope="module")
def model() -> NeuralEvidence:
    """The weights that ship."""
    return NeuralEvidence.load(WEIGHTS)


def test_answer_wins_as_passage_and_as_sentence(model: NeuralEvidence) -> None:
    scores = model.score(QUESTION, PASSAGES)
    assert scores[0].score > scores[1].score > scores[2].score
    assert scores[0].sentences[1] > scores[0].sentences[0]
    assert model.probability(scores[0].score) > model.probability(scores[2].score)


def test_scores_do_not_depend_on_the_other_candidates(model: NeuralEvidence) -> None:
    together = model.score(QUESTION, PASSAGES * 3)
    alone = [model.score(QUESTION, [passage])[0] for passage in PASSAGES]
    assert together == alone * 3
    assert model.score(QUESTION, PASSAGES[::-1]) == alone[::-1]


def test_empty_passage_and_no_passages(model: NeuralEvidence) -> None:
    assert model.score(QUESTION, [EvidenceInput("Hull", ())]) == [PassageEvidence(-math.inf, ())]
    assert model.score(QUESTION, []) == []


def test_every_sentence_of_a_long_passage_is_scored(model: NeuralEvidence) -> None:
    sentences = tuple(f"Sentence {i} tells of the council and its budget." for i in range(80))
    (found,) = model.score(QUESTION, [EvidenceInput("Hull", sentences)])
    assert len(found.sentences) == 80
    assert all(math.isfinite(score) for score in found.sentences)


def test_fingerprint_is_of_the_weights(model: NeuralEvidence) -> None:
    config = json.loads((WEIGHTS / "config.json").read_text(encoding="utf-8"))
    assert model.fingerprint == config["sha256"][:16]
