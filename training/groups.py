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
    unknown (a positive passage of which only the whole is known to answer).
    """

    label: str
    sentences: tuple[str, ...]
    answers: bool
    labels: tuple[bool | None, ...]


@dataclass(frozen=True)
class Group:
    """A question and its candidates; at most the first one answers."""

    source: str
    question: str
    candidates: tuple[Candidate, ...]
