"""A question and a passage become the input of the joint model: word pieces, owned by sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.answering.evidence_model import EvidenceInput

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS: Final = 320
"""Longest input, in tokens; a longer passage is read in several windows of whole sentences."""
MAX_QUESTION_TOKENS: Final = 64
MAX_LABEL_TOKENS: Final = 48
QUESTION: Final = -2
NOTHING: Final = -1


@dataclass(frozen=True)
class Encoded:
    """One model input: token ids, their segment (0 question, 1 passage), and their sentence.

    `owners[i]` is the index, in the passage, of the sentence that token i belongs to, or QUESTION,
    or NOTHING for the label and special tokens. The three tuples have the same length.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    owners: tuple[int, ...]


class PairEncoder:
    """Turns a question and a passage into model inputs, caching nothing."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS) -> None:
        """Use `tokenizer` (truncation and padding off) and windows of `max_tokens` tokens."""
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._cls = int(tokenizer.token_to_id("[CLS]") or 0)
        self._sep = int(tokenizer.token_to_id("[SEP]") or 0)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Word-piece ids of each text, without special tokens."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def encode(self, question: str, passage: EvidenceInput) -> list[Encoded]:
        """Model inputs for one passage: one, or several windows where it is too long for one."""
        first, label, *sentences = self.pieces((question, passage.label, *passage.sentences))
        return self.assemble(first, label, sentences)

    def assemble(
        self, question: Sequence[int], label: Sequence[int], sentences: Sequence[Sequence[int]]
    ) -> list[Encoded]:
        """Join word pieces into windows; a single sentence longer than a window is cut."""
        head = [self._cls, *question[:MAX_QUESTION_TOKENS], self._sep]
        named = list(label[:MAX_LABEL_TOKENS])
        room = self._max_tokens - len(head) - len(named) - 1
        windows: list[list[tuple[int, Sequence[int]]]] = [[]]
        used = 0
        for index, sentence in enumerate(sentences):
            kept = sentence[:room]
            if windows[-1] and used + len(kept) > room:
                windows.append([])
                used = 0
            windows[-1].append((index, kept))
            used += len(kept)
        return [self._window(head, named, window) for window in windows]

    def _window(
        self, head: list[int], label: list[int], window: list[tuple[int, Sequence[int]]]
    ) -> Encoded:
        ids = head + label
        owners = [NOTHING, *([QUESTION] * (len(head) - 2)), *([NOTHING] * (len(label) + 1))]
        for index, sentence in window:
            ids = [*ids, *sentence]
            owners = [*owners, *([index] * len(sentence))]
        segments = [0] * len(head) + [1] * (len(ids) + 1 - len(head))
        return Encoded((*ids, self._sep), tuple(segments), (*owners, NOTHING))
