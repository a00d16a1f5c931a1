"""A question and a passage become input whose every token knows its sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from assistant.answering.evidence_model import EvidenceInput
from assistant.answering.pair_encoding import PairEncoder

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "who", "pays", "town", "council", "does", "."]


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
