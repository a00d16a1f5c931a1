"""Score evidence: how well a passage, and each of its sentences, answers the question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.datatypes import Hit
from assistant.indexing.lexical import stems
from assistant.retrieval.index import Index


@dataclass(frozen=True)
class Evidence:
    """A hit with what the scorer makes of it.

    `passage` and `sentences` (one for each sentence of the passage) are on one scale of the
    scorer's own: higher is better, comparable between the hits of one question.
    """

    hit: Hit
    passage: float
    sentences: tuple[float, ...]


class EvidenceScorer(Protocol):
    """Question and passages to evidence. `fingerprint` names the scorer and its weights."""

    @property
    def fingerprint(self) -> str: ...

    def score(self, question: str, hits: Sequence[Hit], index: Index) -> list[Evidence]:
        """Evidence for each of `hits`, in their order."""
        ...


class SimilarityEvidence:
    """The scorer that needs no model of its own: likeness in meaning and shared telling words.

    A sentence's score is 0.5 cosine + 0.3 share of the question's words it has itself or in its
    label (weighted by rarity) + 0.2 the passage's fused retrieval score.
    """

    fingerprint = "similarity-1"

    def score(self, question: str, hits: Sequence[Hit], index: Index) -> list[Evidence]:
        rarity = rarities(question, index)
        return [self._one(hit, rarity) for hit in hits]

    @staticmethod
    def _one(hit: Hit, rarity: Mapping[str, float]) -> Evidence:
        label = set(stems(hit.passage.label))
        sentences = tuple(
            0.5 * cosine + 0.3 * coverage(rarity, label | set(stems(words))) + 0.2 * hit.score
            for cosine, words in zip(hit.sentence_cosines, hit.passage.sentence_texts, strict=True)
        )
        return Evidence(hit, max(sentences), sentences)


def rarities(question: str, index: Index) -> dict[str, float]:
    """The weight of each stem of the question: its inverse document frequency.

    log(1 + (N - n + 0.5) / (n + 0.5)) as in BM25 (Robertson and Zaragoza 2009), N passages, n of
    them with the stem.
    """
    total = len(index)
    counts = index.frequencies(stems(question))
    return {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in counts.items()}


def coverage(rarity: Mapping[str, float], held: set[str]) -> float:
    """The share, by weight, of the question's stems that are in `held`; 0 if there are none."""
    total = sum(rarity.values())
    return sum(weight for term, weight in rarity.items() if term in held) / total if total else 0.0
