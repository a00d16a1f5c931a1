"""Score evidence: how well a passage, and each of its sentences, answers the question.

Several plain signals are weighed into one log-odds for each sentence: likeness in meaning, shared
telling words, the rank of the passage, and, where there is one, what the evidence model says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.answering.asked import asked_for, fits
from assistant.answering.evidence_model import EvidenceInput, EvidenceModel
from assistant.answering.terms import Array, Terms
from assistant.datatypes import Hit
from assistant.retrieval.index import Index


@dataclass(frozen=True)
class Evidence:
    """A hit with what the scorer makes of it.

    `sentences` holds for each sentence of the passage the log-odds that it answers, `passage` the
    same for the whole: higher is better, comparable between the hits of one question. `opinion` is
    what the evidence model alone makes of the passage, in log-odds; 0 without one.
    """

    hit: Hit
    passage: float
    sentences: tuple[float, ...]
    opinion: float = 0.0


class EvidenceScorer(Protocol):
    """Question and passages to evidence. `fingerprint` names the scorer and its weights."""

    @property
    def fingerprint(self) -> str: ...

    def score(self, question: str, hits: Sequence[Hit], index: Index) -> list[Evidence]:
        """Evidence for each of `hits`, in their order."""
        ...


@dataclass(frozen=True)
class Signs:
    """What is known of one sentence of a hit, or (with its best sentence's values) of the hit."""

    cosine: float
    """Of the question and the sentence alone."""
    passage_cosine: float
    retrieval: float
    """The hit's fused score, 0..1."""
    coverage: float
    """Share of the question's words, by rarity, in the sentence or the passage's label."""
    passage_coverage: float
    likeness: float = 0.0
    """Like `coverage`, but each word counts as far as the likest word there is like it."""
    subject: float = 0.0
    """The same of the words that name a subject, without those of asking ("how did ... help")."""
    kind: float = 0.0
    """1 if the sentence has the number or date asked for, -1 if not, 0 if none is asked for."""
    model_sentence: float = 0.0
    """The evidence model's log-odds; 0 without one, like the next."""
    model_passage: float = 0.0


@dataclass(frozen=True)
class Weights:
    """Of each sign, and the bias, in a logistic regression; fitted by `training/combine.py`."""

    cosine: float
    passage_cosine: float
    retrieval: float
    coverage: float
    passage_coverage: float
    likeness: float
    subject: float
    kind: float
    model_sentence: float
    model_passage: float
    bias: float

    def log_odds(self, signs: Signs) -> float:
        """That what `signs` describe answers the question."""
        weights: dict[str, float] = vars(self)
        own: dict[str, float] = vars(signs)
        return self.bias + sum(weights[name] * value for name, value in own.items())


class WeighedEvidence:
    """The scorer: signs, weighed. With `model` the evidence model's opinion is one of them."""

    def __init__(
        self, sentence: Weights, passage: Weights, model: EvidenceModel | None = None
    ) -> None:
        self._sentence, self._passage, self._model = sentence, passage, model
        self.fingerprint = f"weighed-{model.fingerprint if model else 'similarity'}"

    def score(self, question: str, hits: Sequence[Hit], index: Index) -> list[Evidence]:
        return self.weigh(hits, read_signs(question, hits, index, self._model))

    def weigh(self, hits: Sequence[Hit], signs: Sequence[Sequence[Signs]]) -> list[Evidence]:
        """Evidence for each of `hits` from the signs of its sentences."""
        return [
            Evidence(
                hit,
                self._passage.log_odds(strongest(own)),
                tuple(self._sentence.log_odds(sign) for sign in own),
                own[0].model_passage,
            )
            for hit, own in zip(hits, signs, strict=True)
        ]


def read_signs(
    question: str, hits: Sequence[Hit], index: Index, model: EvidenceModel | None
) -> list[tuple[Signs, ...]]:
    """For each hit the signs of each of its sentences."""
    terms, kind = Terms.of(question, index), asked_for(question)
    subject, held = terms.subject, _degrees(terms, hits, index)
    opinions = (
        model.score(
            question, [EvidenceInput(h.passage.label, h.passage.sentence_texts) for h in hits]
        )
        if model
        else None
    )
    found = []
    for number, hit in enumerate(hits):
        whole = terms.share(held[number].max(axis=0) == 1)
        found.append(
            tuple(
                Signs(
                    cosine,
                    hit.signals.dense,
                    hit.score,
                    terms.share(held[number][position] == 1),
                    whole,
                    terms.share(held[number][position]),
                    terms.share(held[number][position], subject),
                    fits(kind, words),
                    opinions[number].sentences[position] if opinions else 0.0,
                    opinions[number].score if opinions else 0.0,
                )
                for position, (cosine, words) in enumerate(
                    zip(hit.sentence_cosines, hit.passage.sentence_texts, strict=True)
                )
            )
        )
    return found


def _degrees(terms: Terms, hits: Sequence[Hit], index: Index) -> list[Array]:
    """For each hit how far each sentence, with the passage's label, has each term."""
    passages = [hit.passage for hit in hits]
    found = terms.degrees([text for p in passages for text in (p.label, *p.sentence_texts)], index)
    degrees, start = [], 0
    for passage in passages:
        end = start + 1 + len(passage.sentences)
        degrees.append(np.maximum(found[start + 1 : end], found[start]))
        start = end
    return degrees


def strongest(signs: Sequence[Signs]) -> Signs:
    """The signs of a passage: for what differs between its sentences, the best of them."""
    first = signs[0]
    return Signs(
        max(sign.cosine for sign in signs),
        first.passage_cosine,
        first.retrieval,
        max(sign.coverage for sign in signs),
        first.passage_coverage,
        max(sign.likeness for sign in signs),
        max(sign.subject for sign in signs),
        max(sign.kind for sign in signs),
        max(sign.model_sentence for sign in signs),
        first.model_passage,
    )
