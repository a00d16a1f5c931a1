"""What the network learns from: a question and passages that do or do not answer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NEGATIVES: Final = 5
"""Passages of a group that do not answer."""


@dataclass(frozen=True)
class Candidate:
    """A passage offered for a question.

    `answers`: whether the passage answers. `labels`: for each sentence True, False, or None where
    unknown (a positive passage of which only the whole is known to answer, or, beside one that
    answers, a sentence on which readers would disagree).
    """

    label: str
    sentences: tuple[str, ...]
    answers: bool
    labels: tuple[bool | None, ...]

    @property
    def without_answer(self) -> tuple[Candidate, ...]:
        """A near miss: the passage without the sentences that answer or may, if some are left."""
        pairs = zip(self.sentences, self.labels, strict=True)
        rest = tuple(sentence for sentence, label in pairs if label is False)
        return (Candidate(self.label, rest, False, (False,) * len(rest)),) if rest else ()


@dataclass(frozen=True)
class Group:
    """A question and its candidates; at most the first one answers."""

    source: str
    question: str
    candidates: tuple[Candidate, ...]
